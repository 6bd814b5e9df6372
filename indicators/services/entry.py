"""Entering figures: every door (page, spreadsheet, API) calls `enter_figure`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators import messages
from indicators.models import (
    Category,
    CheckAnswer,
    Figure,
    FigurePart,
    Indicator,
)
from indicators.models.definitions import PLACES
from indicators.rules import numbers
from indicators.services.submissions import require_assigned, require_open
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit

FIELDS = ("value", "numerator", "denominator", "choice", "not_applicable", "reason", "explanation")
WHOLE_DIGITS = 11


@dataclass(frozen=True)
class Typed:
    """What a person typed for one indicator, as text in their language. Empty means blank.

    `version` is that of the figure the person saw (0 if there was none); None asks for no check.
    """

    value: str = ""
    numerator: str = ""
    denominator: str = ""
    choice: str = ""
    not_applicable: bool = False
    reason: str = ""
    explanation: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


def read_number(text: str, language: str, name: str) -> Decimal | None:
    """A typed number; None if blank. Raises RuleBroken naming the field."""
    if not text.strip():
        return None
    try:
        number = numbers.parse(text, language)
    except numbers.NotANumber as error:
        raise RuleBroken(error.code, messages.number(error), name) from error
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES:
        raise RuleBroken("too_fine", messages.NUMBERS["too_fine"], name)
    if abs(number) >= Decimal(10) ** WHOLE_DIGITS:
        raise RuleBroken("too_long", messages.NUMBERS["too_long"], name)
    return number


def read_values(indicator: Indicator, typed: Typed, language: str) -> dict[str, Any]:
    """The typed texts as values of a figure."""
    values: dict[str, Any] = dict.fromkeys(("value", "numerator", "denominator"))
    values |= {
        "choice": "",
        "not_applicable": typed.not_applicable,
        "reason": typed.reason.strip(),
        "explanation": typed.explanation.strip(),
    }
    if typed.not_applicable:
        if not values["reason"]:
            raise RuleBroken("reason_needed", messages.CHECKS["no_reason"], "reason")
        return values
    if indicator.kind == Indicator.Kind.RATIO:
        for name in ("numerator", "denominator"):
            values[name] = read_number(getattr(typed, name), language, name)
        if (values["numerator"] is None) != (values["denominator"] is None):
            empty = "numerator" if values["numerator"] is None else "denominator"
            raise RuleBroken(
                "both_parts_needed", _("Enter both numbers, so that the share is known."), empty
            )
        for name in ("numerator", "denominator"):
            _refuse_negative(values[name], name)
    elif indicator.kind in {Indicator.Kind.YES_NO, Indicator.Kind.SCALE, Indicator.Kind.MILESTONE}:
        values["choice"] = _choice(indicator, typed.choice)
    else:
        values["value"] = read_number(typed.value, language, "value")
    return values


def _refuse_negative(number: Decimal | None, name: str) -> None:
    if number is not None and number < 0:
        sentence = str(messages.CHECKS["negative"]) % messages.shown({"number": number})
        raise RuleBroken("negative", sentence, name)


def _choice(indicator: Indicator, choice: str) -> str:
    if not choice:
        return ""
    known = (
        {"yes", "no"}
        if indicator.kind == Indicator.Kind.YES_NO
        else {option.code for option in indicator.options.all()}
    )
    if choice not in known:
        raise RuleBroken("unknown_choice", _("Choose one of the answers in the list."), "choice")
    return choice


def _require_enterable(indicator: Indicator, office: Office) -> None:
    if indicator.kind == Indicator.Kind.COUNT:
        raise RuleBroken(
            "counted",
            _("%(code)s is counted from the register and never typed. Add the authority instead.")
            % {"code": indicator.code},
        )
    if indicator.kind == Indicator.Kind.STATISTIC:
        raise RuleBroken(
            "from_custodian",
            _("%(code)s comes from the custodian's series. There is nothing to enter.")
            % {"code": indicator.code},
        )
    require_assigned(indicator, office)


@transaction.atomic
def enter_figure(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    typed: Typed,
    language: str,
    by: User,
    at: datetime,
) -> Figure | None:
    """Saves what a person typed for one indicator; None if it was blank and still is.

    Raises RuleBroken `locked`, `counted`, `from_custodian`, `not_assigned`, `changed_elsewhere`,
    `reason_needed`, `both_parts_needed`, `negative`, `unknown_choice`, `unknown_part`, and the
    codes of `rules.numbers`. Nothing is saved then.
    """
    require(by, Role.CONTRIBUTOR, office=office)
    _require_enterable(indicator, office)
    require_open(office=office, period=period, at=at)
    values = read_values(indicator, typed, language)
    figure = (
        Figure.objects.select_for_update(of=("self",))
        .filter(indicator=indicator, office=office, period=period)
        .select_related("changed_by")
        .first()
    )
    refuse_clash(figure, typed, values, language)
    if figure is None and _is_blank(values, typed.parts):
        return None
    figure, changes = write_values(figure, indicator, office, period, values, by, at)
    parts = _write_parts(figure, typed.parts, language)
    if parts and not changes:
        figure.version += 1
        figure.save(update_fields=["version"])
    changes |= parts
    changes |= _write_answers(figure, typed.answers, by, at)
    if changes:
        audit.record(
            action="enter figure", subject=figure, by=by, at=at, changes=changes, office=office
        )
    return figure


def _is_given(value: Any) -> bool:
    """True for anything but nothing. Zero is a value, though Python holds it equal to False."""
    return value is not None and value is not False and value != ""


def _is_blank(values: Mapping[str, Any], parts: Mapping[str, str]) -> bool:
    typed = any(_is_given(values[name]) for name in (*FIELDS[:5], "explanation"))
    return not typed and not any(text.strip() for text in parts.values())


def refuse_clash(
    figure: Figure | None, typed: Typed, values: Mapping[str, Any], language: str
) -> None:
    """Sending again what is stored already is no clash: somebody only tried twice."""
    if typed.version is None or figure is None or figure.version == typed.version:
        return
    stored = {key: part.value for key, part in _parts_of(figure).items()}
    same_parts = all(
        stored.get(key) == read_number(text, language, f"part:{key}")
        for key, text in typed.parts.items()
    )
    if same_parts and all(getattr(figure, name) == values[name] for name in FIELDS):
        return
    raise RuleBroken(
        "changed_elsewhere",
        _("%(who)s changed this after you opened the page. Compare, then save again.")
        % {"who": figure.changed_by or _("A colleague")},
        "value",
    )


def write_values(
    figure: Figure | None,
    indicator: Indicator,
    office: Office,
    period: Period,
    values: Mapping[str, Any],
    by: User,
    at: datetime,
) -> tuple[Figure, dict[str, tuple[Any, Any]]]:
    if figure is None:
        figure = Figure.objects.create(
            indicator=indicator,
            office=office,
            period=period,
            changed_at=at,
            changed_by=by,
            illustrative=indicator.illustrative,
            **values,
        )
        return figure, {name: (None, value) for name, value in values.items() if _is_given(value)}
    changes = {
        name: (getattr(figure, name), value)
        for name, value in values.items()
        if getattr(figure, name) != value
    }
    if changes:
        for name, value in values.items():
            setattr(figure, name, value)
        figure.version += 1
        figure.changed_at, figure.changed_by = at, by
        figure.save()
    return figure, changes


def _write_parts(
    figure: Figure, typed: Mapping[str, str], language: str
) -> dict[str, tuple[Any, Any]]:
    """Saves disaggregated parts, keyed `axis:category`; a blank part is taken out."""
    changes: dict[str, tuple[Any, Any]] = {}
    stored = _parts_of(figure)
    if figure.not_applicable:
        typed = dict.fromkeys(stored, "")
    known = _categories(figure.indicator) if any(map(str.strip, typed.values())) else {}
    for key, text in typed.items():
        number = read_number(text, language, f"part:{key}")
        _refuse_negative(number, f"part:{key}")
        before = stored.get(key)
        if number is None and before is not None:
            changes[key] = (before.value, None)
            before.delete()
        elif number is not None and (before is None or before.value != number):
            if key not in known:
                raise RuleBroken(
                    "unknown_part",
                    _("%(code)s is not divided in this way. Load the page again.")
                    % {"code": figure.indicator.code},
                    f"part:{key}",
                )
            changes[key] = (before.value if before else None, number)
            FigurePart.objects.update_or_create(
                figure=figure, category=known[key], defaults={"value": number}
            )
    return changes


def _parts_of(figure: Figure) -> dict[str, FigurePart]:
    """The stored parts of a figure, keyed `axis:category`."""
    return {
        f"{part.category.axis.code}:{part.category.code}": part
        for part in figure.parts.select_related("category__axis")
    }


def _categories(indicator: Indicator) -> dict[str, Category]:
    """The categories that this indicator is divided into, keyed `axis:category`."""
    rows = Category.objects.filter(axis__indicators=indicator).select_related("axis")
    return {f"{row.axis.code}:{row.code}": row for row in rows}


def _write_answers(
    figure: Figure, answers: Mapping[str, str], by: User, at: datetime
) -> dict[str, tuple[Any, Any]]:
    """Saves the sentences that answer open checks; an empty sentence takes the answer back."""
    changes: dict[str, tuple[Any, Any]] = {}
    stored = {answer.check_code: answer for answer in figure.answers.all()}
    for code, text in answers.items():
        sentence, before = text.strip(), stored.get(code)
        if before is not None and not sentence:
            changes[f"answer to {code}"] = (before.sentence, None)
            before.delete()
        elif sentence and (before is None or before.sentence != sentence):
            changes[f"answer to {code}"] = (before.sentence if before else None, sentence)
            CheckAnswer.objects.update_or_create(
                figure=figure,
                check_code=code,
                defaults={"sentence": sentence, "answered_at": at, "answered_by": by},
            )
    return changes
