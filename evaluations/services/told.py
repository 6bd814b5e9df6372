"""What is told of recommendations elsewhere: the words, days and steps, and what must hold of them.

`services.recorded` writes it.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from evaluations import permissions
from evaluations.models import Evaluation, FollowUp, FollowUpState, Recommendation
from evaluations.rules.follow_up import Actor, Phase, step
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Office, User

ACTORS = {
    FollowUp.Kind.PROGRESS: Actor.OWNER,
    FollowUp.Kind.PROPOSED: Actor.OWNER,
    FollowUp.Kind.VERIFIED: Actor.UNIT,
    FollowUp.Kind.RETURNED: Actor.UNIT,
    FollowUp.Kind.OVERTAKEN: Actor.UNIT,
    FollowUp.Kind.REOPENED: Actor.UNIT,
}


@dataclass(frozen=True)
class ToldStep:
    """One entry about an action. `by` is who is known to have taken it; None: nobody is named."""

    kind: FollowUp.Kind
    state: FollowUpState
    on: date
    text: str = ""
    reason: str = ""
    by: User | None = None


@dataclass(frozen=True)
class ToldAction:
    """An action, when it was planned, by when it is due, and what was done about it in order."""

    text: Wording
    office: Office
    planned_on: date
    due_on: date | None = None
    owner: User | None = None
    steps: tuple[ToldStep, ...] = ()


@dataclass(frozen=True)
class ToldAnswer:
    """Management's answer to a recommendation."""

    decision: str
    on: date
    text: Wording = field(default_factory=lambda: Wording({}))
    reason: Wording = field(default_factory=lambda: Wording({}))


@dataclass(frozen=True)
class Told:
    """A recommendation and what became of it. `known` is the row to which the rest is added."""

    evaluation: Evaluation
    number: int
    text: Wording
    office: Office
    priority: str = ""
    illustrative: bool = False
    answer: ToldAnswer | None = None
    actions: tuple[ToldAction, ...] = ()
    known: Recommendation | None = None


def steps_to(
    state: FollowUpState,
    *,
    main: dict[str, FollowUpState],
    on: date,
    text: str,
    reason: str,
    by: User,
) -> tuple[ToldStep, ...]:
    """The shortest way from a planned action to a state, all on one day.

    Nothing is skipped: what is implemented was under way, proposed and verified. `by` records the
    steps of the Evaluation Unit; `main` holds the main state of each phase.
    """
    kind = FollowUp.Kind
    if state.phase == Phase.NOT_STARTED:
        same = state.pk == main[Phase.NOT_STARTED].pk
        return () if same else (ToldStep(kind.PROGRESS, state, on, text),)
    if state.phase == Phase.OVERTAKEN:
        return (ToldStep(kind.OVERTAKEN, state, on, text, reason, by),)
    if state.phase == Phase.IN_PROGRESS:
        return (ToldStep(kind.PROGRESS, state, on, text),)
    begun = ToldStep(kind.PROGRESS, main[Phase.IN_PROGRESS], on, text)
    if state.phase == Phase.PROPOSED:
        return (begun, ToldStep(kind.PROPOSED, state, on, text))
    proposed = ToldStep(kind.PROPOSED, main[Phase.PROPOSED], on, text)
    return (begun, proposed, ToldStep(kind.VERIFIED, state, on, text, by=by))


def require_order(one: Told, *, by: User, today: date) -> None:
    """Days run forward and end today; no step is skipped; nobody records that their own is closed.

    Raises RuleBroken `own_action`, `step_not_allowed`, `day_in_future`, `day_too_early`.
    """
    earliest = one.answer.on if one.answer else date.min
    if one.answer:
        _check_day(one.answer.on, date.min, today)
    for act in one.actions:
        _check_day(act.planned_on, earliest, today)
        phase, day = str(Phase.NOT_STARTED), act.planned_on
        for entry in act.steps:
            _check_day(entry.on, day, today)
            _check_step(entry, phase)
            phase, day = entry.state.phase, entry.on
        if any(ACTORS[entry.kind] == Actor.UNIT and entry.by == by for entry in act.steps):
            _check_owner(act, by)


def _check_day(day: date, earliest: date, today: date) -> None:
    if day > today:
        raise RuleBroken("day_in_future", _("This day lies in the future."), "on")
    if day < earliest:
        raise RuleBroken("day_too_early", _("This day lies before what it follows."), "on")


def _check_step(entry: ToldStep, phase: str) -> None:
    allowed = step(phase, entry.state.phase, ACTORS[entry.kind])
    if allowed is None or (allowed.needs_reason and not entry.reason.strip()):
        raise RuleBroken("step_not_allowed", _("No state is skipped, and none undone without why."))


def _check_owner(act: ToldAction, by: User) -> None:
    if act.owner == by or act.office.pk in permissions.offices_of(by):
        raise RuleBroken(
            "own_action",
            _("You own this action, so another evaluation officer records that it is closed."),
        )
