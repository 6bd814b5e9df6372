"""Correcting a figure after approval, and the list of what was corrected, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.corrections import AddToCountForm, CorrectionForm, TakeFromCountForm
from indicators.models import Correction, Figure, Indicator, Submission
from indicators.pages.change_words import Names, Told, part_names, told, value_words
from indicators.pages.entry_form import choices, field_names, stored_texts
from indicators.queries.history import (
    all_corrections,
    corrections_of,
    is_illustrative,
    published_corrections,
)
from indicators.queries.register import Match, matching_authorities
from indicators.queries.remarks import threads_on
from indicators.rules import workflow
from indicators.services import corrections
from indicators.services.authorities import NewAchievement
from organization.models import Office, User

COUNTED = ("authority", "name", "achieved_on", "evidence", "link")


@dataclass(frozen=True)
class Corrected:
    """One correction: what it was about, the fields that changed."""

    correction: Correction
    changes: tuple[Told, ...]

    @property
    def figure(self) -> Figure:
        """The figure that was corrected."""
        return self.correction.figure


def corrected(correction: Correction, indicator: Indicator) -> Corrected:
    """A correction in words: only the fields that differ."""
    before, after = correction.before, correction.after
    names = Names(part_names(indicator))
    if "count" in before:
        return Corrected(correction, _counted(indicator, before, after, names))
    differing = [name for name in after if before.get(name) != after.get(name)]
    return Corrected(
        correction,
        tuple(told(indicator, name, before.get(name), after[name], names) for name in differing),
    )


def _counted(
    indicator: Indicator, before: Mapping[str, Any], after: Mapping[str, Any], names: Names
) -> tuple[Told, ...]:
    """A correction of a count: the number, and which authority came or went."""
    number = told(indicator, "count", before["count"], after["count"], names)
    return number, Told(_("Authority"), _details(indicator, before), _details(indicator, after))


def _details(indicator: Indicator, kept: Mapping[str, Any]) -> str:
    if "name" not in kept:
        return ""
    day = value_words(indicator, "achieved_on", kept["achieved_on"], Names())
    return "; ".join(word for word in (kept["name"], day, kept["evidence"], kept["link"]) if word)


@dataclass(frozen=True)
class CorrectionForms:
    """The forms of the page: of a figure, or the two of a count; those not shown are None."""

    figure: CorrectionForm | None = None
    add: AddToCountForm | None = None
    take: TakeFromCountForm | None = None


def _figure_of(office: Office, period: Period, indicator: Indicator) -> Figure | None:
    return Figure.objects.filter(office=office, period=period, indicator=indicator).first()


def _figure_form(
    indicator: Indicator, figure: Figure | None, form: QueryDict | None = None
) -> CorrectionForm:
    labels = {
        "value": _("Figure"),
        "choice": _("Answer"),
        "numerator": str(indicator.numerator_label) or _("Part"),
        "denominator": str(indicator.denominator_label) or _("Whole"),
    }
    texts = stored_texts(indicator, figure)
    return CorrectionForm(
        form,
        inputs={name: (labels[name], texts[name]) for name in field_names(indicator)},
        options=choices(indicator) if "choice" in texts else (),
        initial={
            "not_applicable": bool(figure and figure.not_applicable),
            "excuse": figure.reason if figure else "",
            "version": str(figure.version) if figure else "",
        },
    )


def _forms(
    office: Office, period: Period, indicator: Indicator, refused: CorrectionForms | None
) -> CorrectionForms:
    given = refused or CorrectionForms()
    if indicator.kind != Indicator.Kind.COUNT:
        figure = _figure_of(office, period, indicator)
        return CorrectionForms(figure=given.figure or _figure_form(indicator, figure))
    return CorrectionForms(
        add=given.add or AddToCountForm(auto_id="add_%s"),
        take=given.take
        or TakeFromCountForm(auto_id="take_%s", office=office, period=period, indicator=indicator),
    )


def correct_context(
    office: Office,
    period: Period,
    indicator: Indicator,
    *,
    asked: str,
    forms: CorrectionForms | None = None,
    refused: str = "",
) -> dict[str, Any]:
    """Everything the page of a correction shows."""
    submission = Submission.objects.filter(office=office, period=period).first()
    counts = submission is not None and workflow.counts(workflow.State(submission.state))
    matches: list[Match] = []
    more = False
    if indicator.kind == Indicator.Kind.COUNT:
        matches, more = matching_authorities(asked=asked, office=office, indicator=indicator)
    return {
        "office": office,
        "period": period,
        "indicator": indicator,
        "submission": submission,
        "counts": counts,
        "forms": _forms(office, period, indicator, forms),
        "asked": asked,
        "matches": matches,
        "more": more,
        "earlier": [
            corrected(one, indicator)
            for one in corrections_of(office=office, indicator=indicator, period=period)
        ],
        "threads": [
            thread
            for thread in threads_on(office=office, period=period, indicator=indicator)
            if thread.is_open and thread.is_query
        ],
        "refused": refused,
        "illustrative": is_illustrative(office=office, period=period, indicator=indicator),
    }


Done = tuple[str, dict[str, Any]]


def make_correction(
    form: QueryDict,
    office: Office,
    period: Period,
    indicator: Indicator,
    *,
    language: str,
    by: User,
    at: datetime,
) -> Done:
    """Corrects as the form says; the sentence that confirms it, or the forms with what is wrong."""
    asked = form.get("do")
    if asked == "take":
        return _take(form, office, period, indicator, by=by, at=at)
    if asked == "add":
        return _add(form, office, period, indicator, by=by, at=at)
    figure = _figure_of(office, period, indicator)
    typed = _figure_form(indicator, figure, form)
    if not typed.is_valid():
        return "", {"forms": CorrectionForms(figure=typed)}
    given = {
        "typed": typed.typed(),
        "language": language,
        "reason": typed.cleaned_data["reason"],
        "by": by,
        "at": at,
    }
    try:
        if figure is None:
            corrections.correct_missing(indicator=indicator, office=office, period=period, **given)
        else:
            corrections.correct_figure(figure=figure, **given)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", {"forms": CorrectionForms(figure=typed), "refused": str(broken.message)}
    return _("Corrected. The earlier value stays in the history."), {}


def _take(
    form: QueryDict, office: Office, period: Period, indicator: Indicator, *, by: User, at: datetime
) -> Done:
    typed = TakeFromCountForm(
        form, auto_id="take_%s", office=office, period=period, indicator=indicator
    )
    if not typed.is_valid():
        return "", {"forms": CorrectionForms(take=typed)}
    try:
        corrections.take_from_count(by=by, at=at, **typed.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", {"forms": CorrectionForms(take=typed), "refused": str(broken.message)}
    return _("Corrected. The earlier value stays in the history."), {}


def _add(
    form: QueryDict, office: Office, period: Period, indicator: Indicator, *, by: User, at: datetime
) -> Done:
    typed = AddToCountForm(form, auto_id="add_%s")
    if not typed.is_valid():
        return "", {"forms": CorrectionForms(add=typed)}
    values = dict(typed.cleaned_data)
    reason = values.pop("reason")
    try:
        corrections.add_to_count(
            indicator=indicator,
            office=office,
            period=period,
            new=NewAchievement(**values),
            reason=reason,
            by=by,
            at=at,
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", {"forms": CorrectionForms(add=typed), "refused": str(broken.message)}
    return _("Corrected. The earlier value stays in the history."), {}


def corrections_context(user: User, *, page: int) -> dict[str, Any]:
    """Everything the list of corrections shows."""
    found, shown, pages = all_corrections(user, page=page)
    return {
        "rows": [corrected(one, one.figure.indicator) for one in found],
        "earlier": shown + 1 if shown < pages else None,
        "later": shown - 1 if shown > 1 else None,
        "illustrative": any(
            one.figure.illustrative or one.figure.indicator.illustrative for one in found
        ),
    }


def published_context(indicator: Indicator, until: date | None) -> list[Corrected]:
    """What the public page of an indicator says was corrected; without the names of people."""
    if until is None:
        return []
    return [corrected(one, indicator) for one in published_corrections(indicator, until=until)]
