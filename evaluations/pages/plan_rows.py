"""One evaluation of a plan in words: what is asked of it, where it is, and what changed."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, Mandate, Scope
from evaluations.queries.plans import PlanPage
from evaluations.rules.evaluation_states import COMPLETED, EvaluationState
from evaluations.rules.plans import Named, Outcome, Planned, Progress, Texts
from habitat_plan.kit import formats
from habitat_plan.kit.wording import Wording
from indicators.pages.number_words import begin

Words = str | Promise
CHANGED: Mapping[str, Words] = {
    "title": gettext_lazy("Its title changed since the approval."),
    "kind": gettext_lazy("Its kind changed since the approval."),
    "conducted_by": gettext_lazy("Who makes it changed since the approval."),
    "budget": gettext_lazy("Its budget changed since the approval."),
    "mandate": gettext_lazy("Its mandate changed since the approval."),
    "criteria": gettext_lazy("Its criteria changed since the approval."),
    "scope": gettext_lazy("What it looks at changed since the approval."),
}
OUTCOMES: Mapping[Outcome, Words] = {
    Outcome.DONE: gettext_lazy("Report made"),
    Outcome.LATE: gettext_lazy("Late"),
    Outcome.UNDER_WAY: gettext_lazy("Under way"),
    Outcome.WAITING: gettext_lazy("Not begun, not late"),
    Outcome.ADDED: gettext_lazy("Added to the plan"),
    Outcome.CANCELLED: gettext_lazy("Cancelled"),
    Outcome.DROPPED: gettext_lazy("Taken out of the plan"),
}
# The look of a state: a key of the tags of work.
TAGS: Mapping[str, str] = {
    "planned": "planned",
    "prepared": "running",
    "under_way": "running",
    "reported": "done",
    "published": "done",
    "cancelled": "cancelled",
}
LEFT = frozenset({Outcome.CANCELLED, Outcome.DROPPED})


@dataclass(frozen=True)
class NamedWords:
    """Something named, in words; `kind` says what it is."""

    kind: str
    name: Wording
    reference: str = ""
    paragraph: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class PlanRow:
    """An evaluation of a plan as tables show it.

    `tag` and `state` are empty where nothing may be told of its state. `notes` say what changed
    since the approval, each in a sentence. `code` leads to its page where the person may see it.
    """

    planned: Planned
    title: Wording
    kind: str
    conducted: str
    mandate: NamedWords | None
    scope: Sequence[NamedWords]
    criteria: Sequence[Wording]
    tag: str = ""
    state: str = ""
    code: str = ""
    notes: Sequence[str] = ()
    is_left: bool = False
    is_added: bool = False
    is_published: bool = False


def worded(texts: Texts) -> Wording:
    """A text as it was frozen."""
    return Wording.parse(texts)


def _named(one: Named, kinds: Mapping[str, Words]) -> NamedWords:
    kind = begin(str(kinds.get(one.kind, "")))
    return NamedWords(kind, worded(one.name), one.reference, one.paragraph, one.illustrative)


def frozen_row(planned: Planned) -> PlanRow:
    """An evaluation as it was approved, without its state."""
    bodies: Mapping[str, Words] = dict(Mandate.Body.choices)
    scopes: Mapping[str, Words] = dict(Scope.Kind.choices)
    kinds: Mapping[str, Words] = dict(Evaluation.Kind.choices)
    conducts: Mapping[str, Words] = dict(Evaluation.Conduct.choices)
    return PlanRow(
        planned=planned,
        title=worded(planned.title),
        kind=begin(str(kinds.get(planned.kind, planned.kind))),
        conducted=begin(str(conducts.get(planned.conducted_by, ""))),
        mandate=_named(planned.mandate, bodies) if planned.mandate else None,
        scope=[_named(one, scopes) for one in planned.scope],
        criteria=[worded(one.name) for one in planned.criteria],
    )


def row_of(one: Progress, page: PlanPage) -> PlanRow:
    """A row of the plan as the person sees it."""
    planned = one.planned if page.is_whole else (one.approved or one.planned)
    frozen = vars(frozen_row(planned))
    known = page.published.get(planned.key)
    if not page.is_whole:
        published = {"tag": "done", "state": _("Published")} if known else {}
        return PlanRow(
            **frozen
            | published
            | {"code": known.code if known else "", "is_published": known is not None}
            | {"is_added": one.outcome == Outcome.ADDED}
        )
    told = {
        "tag": _tag(one),
        "state": _state(one),
        "code": one.now.planned.code if one.now else "",
        "notes": tuple(_notes(one)) if page.version else (),
        "is_left": one.outcome in LEFT,
        "is_added": one.outcome == Outcome.ADDED and page.version is not None,
        "is_published": known is not None,
    }
    return PlanRow(**frozen | told)


def is_made(one: Progress) -> bool:
    """True if there is a report, whether the evaluation was approved or added."""
    return one.now is not None and one.now.state in COMPLETED


def _tag(one: Progress) -> str:
    if one.outcome == Outcome.LATE:
        return "late"
    if one.outcome == Outcome.DROPPED or one.now is None:
        return "cancelled"
    return TAGS[one.now.state]


def _state(one: Progress) -> str:
    if one.outcome == Outcome.DROPPED or one.now is None:
        return _("No longer in this plan")
    labels: Mapping[str, Words] = dict(Evaluation.State.choices)
    state = begin(str(labels[one.now.state]))
    if one.outcome != Outcome.LATE:
        return state
    if one.now.state == EvaluationState.PLANNED:
        return _("Late, not begun")
    return _("Late, under way")


def _notes(one: Progress) -> Iterable[str]:
    approved, now = one.approved, one.now
    if approved is None:
        yield _("Added since the approval.")
        return
    if one.is_moved:
        yield _moved(approved)
    if one.is_done_late and now is not None and approved.ends_on is not None:
        yield _("Made on %(day)s; approved for %(approved)s.") % {
            "day": _day(now.completed_on),
            "approved": _day(approved.ends_on),
        }
    if one.outcome == Outcome.DROPPED and now is not None and now.biennium:
        yield _("It stands in the plan for %(period)s now.") % {"period": now.biennium}
    if one.outcome not in LEFT:
        yield from (str(CHANGED[name]) for name in one.changed)


def _moved(approved: Planned) -> str:
    if approved.starts_on and approved.ends_on:
        return _("Moved; approved from %(start)s to %(end)s.") % {
            "start": _day(approved.starts_on),
            "end": _day(approved.ends_on),
        }
    if approved.ends_on:
        return _("Moved; approved until %(end)s.") % {"end": _day(approved.ends_on)}
    return _("Its days were set or changed since the approval.")


def _day(value: date | None) -> str:
    return formats.day(value, get_language() or "en") if value else ""


@dataclass(frozen=True)
class Tally:
    """How many evaluations have one outcome."""

    words: str
    number: int
    is_late: bool = False


def tallied(rows: Iterable[Progress]) -> list[Tally]:
    """The progress in numbers: each outcome there is, and how many were moved."""
    known = list(rows)
    numbers = Counter(one.outcome for one in known)
    told = [
        Tally(str(words), numbers[outcome], outcome == Outcome.LATE)
        for outcome, words in OUTCOMES.items()
        if numbers[outcome]
    ]
    moved = sum(one.is_moved for one in known)
    return [*told, Tally(_("Of these moved to other days"), moved)] if moved else told
