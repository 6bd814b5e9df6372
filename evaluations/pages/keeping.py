"""The page on which the Evaluation Unit keeps an evaluation: what is missing, and every form."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import Http404
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations.forms.evaluations import NewForm
from evaluations.models import Evaluation
from evaluations.pages.keep_parts import (
    ONLY_SEVERAL,
    PARTS,
    SEVERAL,
    Part,
    Place,
    Sent,
    may_be_published,
)
from evaluations.permissions import is_of_secretariat
from evaluations.queries.choices import Choices
from evaluations.queries.evaluations import EvaluationPage, called_now, evaluation_page
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.services import evaluations as services
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm
from indicators.pages.number_words import begin, in_words
from organization.models import Role, User
from organization.permissions import require

CONFLICTS = frozenset({"changed_elsewhere", "published", "cancelled", "gone", "no_such_step"})
"""Codes of refusals that come from what somebody else did meanwhile."""


@dataclass(frozen=True)
class Tab:
    """A language in which the texts are written; `word` says whether there are any."""

    code: str
    name: str
    word: str
    current: bool


@dataclass(frozen=True)
class Line:
    """One of several: a rating, a finding or a file, with its form."""

    row: Any
    form: PlainForm
    which: str


@dataclass(frozen=True)
class Refused:
    """A form that could not be kept, where it belongs, and why; `status` is that of the answer."""

    part: str
    which: str
    form: PlainForm
    broken: RuleBroken | None
    status: int


@dataclass(frozen=True)
class KeepPage:
    """The whole page. `missing` are the anchors and names of the parts that are empty."""

    page: EvaluationPage
    heading: str
    language: str
    tabs: tuple[Tab, ...]
    missing: tuple[tuple[str, str], ...]
    forms: Mapping[str, PlainForm]
    ratings: tuple[Line, ...]
    findings: tuple[Line, ...]
    files: tuple[Line, ...]
    refused: Refused | None

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation."""
        return self.page.evaluation

    @property
    def is_open(self) -> bool:
        """True while it can be changed."""
        return self.evaluation.state not in {EvaluationState.PUBLISHED, EvaluationState.CANCELLED}

    @property
    def is_illustrative(self) -> bool:
        """True if something on the page is made up."""
        return self.evaluation.illustrative or any(one.illustrative for one in self.page.findings)


def language_of(asked: str | None) -> str:
    """The language in which texts are written: as asked, else that of the page."""
    return asked if asked in LANGUAGES else (get_language() or "en")


def place_of(code: str, user: User, *, on: date, language: str | None, which: str = "") -> Place:
    """The evaluation for whoever keeps it, also by the code that it had before its number.

    Who sends the form of publication twice uses that one. Raises Http404, and NotAllowed for other
    readers.
    """
    page = evaluation_page(code, user, on) or evaluation_page(called_now(code), user, on)
    if page is None:
        raise Http404
    require(user, Role.EVALUATION_OFFICER)
    return Place(page, language_of(language), which=which)


def part_of(name: str, which: str) -> Part:
    """The part that an address names; 404 if there is none."""
    known = PARTS.get(name)
    if known is None or (name not in SEVERAL if which else name in ONLY_SEVERAL):
        raise Http404
    return known


def keep_part(place: Place, name: str, sent: Sent, *, by: User, at: datetime) -> Refused | None:
    """Keeps what a form sent; None if it was kept. Raises Http404, NotAllowed."""
    part = part_of(name, place.which)
    form = part.form(place, sent)
    if form is None:
        raise Http404
    if not form.is_valid():
        return Refused(name, place.which, form, None, 422)
    try:
        part.keep(place, form, by, at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        status = 409 if broken.code in CONFLICTS else 422
        return Refused(name, place.which, form, broken, status)
    return None


def keep_page(place: Place, refused: Refused | None = None) -> KeepPage:
    """The page with its forms; the refused one as it was typed, made from what is there now."""
    shown = replace(place, which="")
    forms = {
        name: form
        for name, part in PARTS.items()
        if name not in ONLY_SEVERAL and (form := part.form(shown, Sent())) is not None
    }
    if refused is not None:
        _see_again(refused.form, place.evaluation)
        if not refused.which:
            forms[refused.part] = refused.form
    page = place.page
    missing = _missing(page)
    return KeepPage(
        page=page,
        heading=_heading(page.evaluation, missing),
        language=place.language,
        tabs=tuple(_tab(code, place) for code in LANGUAGES),
        missing=missing,
        forms=forms,
        ratings=_lines(place, refused, "rating", {r.criterion.code: r for r in page.ratings}),
        findings=_lines(place, refused, "finding", {str(f.pk): f for f in page.findings}),
        files=_lines(place, refused, "file", {str(f.pk): f for f in page.files}),
        refused=refused,
    )


def _see_again(form: PlainForm, evaluation: Evaluation) -> None:
    """Who sends a refused form once more has read what is there now."""
    if "seen_revision" in form.fields and form.data:
        sent: Any = form.data
        again = sent.copy()
        again["seen_revision"] = str(evaluation.revision)
        form.data = again


def _lines(
    place: Place, refused: Refused | None, name: str, rows: Mapping[str, object]
) -> tuple[Line, ...]:
    found = []
    for which, row in rows.items():
        form = PARTS[name].form(replace(place, which=which), Sent())
        if refused is not None and (refused.part, refused.which) == (name, which):
            form = refused.form
        if form is not None:
            found.append(Line(row, form, which))
    return tuple(found)


def _tab(code: str, place: Place) -> Tab:
    one = place.evaluation
    written = sum(
        code in wording.texts for wording in (one.title, one.purpose, one.terms, one.summary)
    )
    words = ngettext("%(number)s text", "%(number)s texts", written) % {"number": in_words(written)}
    return Tab(
        code, NATIVE_NAMES[code], words if written else _("no text yet"), code == place.language
    )


def _missing(page: EvaluationPage) -> tuple[tuple[str, str], ...]:
    """The parts that are empty: where each stands on the page, and its name."""
    one = page.evaluation
    parts = (
        ("facts", _("terms of reference"), bool(one.terms) or _has(page, "terms")),
        ("scope", _("scope"), bool(page.scopes)),
        ("team", _("team"), bool(page.team)),
        ("criteria", _("criteria"), bool(page.ratings)),
        ("criteria", _("ratings"), bool(page.ratings) and all(r.rating for r in page.ratings)),
        ("findings", _("findings"), bool(page.findings)),
        ("files", _("report"), bool(one.link) or _has(page, "report")),
    )
    return tuple((anchor, name) for anchor, name, is_there in parts if not is_there)


def _has(page: EvaluationPage, kind: str) -> bool:
    return any(one.kind == kind for one in page.files)


def _heading(one: Evaluation, missing: tuple[tuple[str, str], ...]) -> str:
    """What stands between the evaluation and its publication."""
    if one.state == EvaluationState.PUBLISHED:
        if one.number:
            words = _("Evaluation Report %(number)s is published and stays as it is")
            return words % {"number": one.number}
        return _("This evaluation is published and stays as it is")
    if one.state == EvaluationState.CANCELLED:
        return _("This evaluation is cancelled")
    if not missing:
        if may_be_published(one):
            return _("Every part is there, and the report can be published")
        return _("Every part is there")
    count = len(missing)
    words = ngettext(
        "one part of this evaluation is still empty",
        "%(number)s parts of this evaluation are still empty",
        count,
    )
    return begin(words % {"number": in_words(count)})


def context_of(place: Place, refused: Refused | None = None) -> dict[str, Any]:
    """What the template of the page shows."""
    page = keep_page(place, refused)
    return {
        "page": page,
        "evaluation": page.evaluation,
        "step_rows": [(Evaluation.State(one.to_state).label, one) for one in page.page.steps],
        "may_be_published": may_be_published(page.evaluation),
        "illustrative": page.is_illustrative,
    }


def new_form(data: Any = None) -> NewForm:
    """The form in which an evaluation is planned, in the language of the page."""
    return NewForm(data, initial={"language": language_of(None)}, choices=Choices())


def plan(form: NewForm, *, by: User, at: datetime) -> Evaluation | None:
    """Takes the evaluation into the plan; None if the form says why not. Raises NotAllowed."""
    if not form.is_valid():
        return None
    try:
        return services.plan_evaluation(by=by, at=at, **form.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        form.refuse(broken)
        return None


def require_may_plan(user: User) -> None:
    """Raises Http404 for whom there is no such page, and NotAllowed for other readers."""
    if not is_of_secretariat(user):
        raise Http404
    require(user, Role.EVALUATION_OFFICER)
