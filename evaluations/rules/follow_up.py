"""What happens to an action, and what follows for its recommendation (p.99; domain 8).

The states that people see are data; each belongs to one of five phases, and the rules are about
phases. An owner proposes that an action is closed; the Evaluation Unit verifies that or returns it.
Whoever owns an action never verifies it. A recommendation has no state of its own: it follows from
management's response and from its actions, on any day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """Where an action is."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    PROPOSED = "proposed"
    """Its owner says that it is done; nobody has verified that."""
    IMPLEMENTED = "implemented"
    OVERTAKEN = "overtaken"
    """Closed without being carried out, since events made it pointless; with a reason."""


P = Phase
OPEN = frozenset({P.NOT_STARTED, P.IN_PROGRESS, P.PROPOSED})
CLOSED = frozenset({P.IMPLEMENTED, P.OVERTAKEN})


class Actor(StrEnum):
    """Who takes a step."""

    OWNER = "owner"
    UNIT = "unit"
    """An evaluation officer who does not own the action."""


@dataclass(frozen=True)
class Step:
    """A step between phases: who takes it, and whether it needs a reason."""

    before: Phase
    after: Phase
    actor: Actor
    needs_reason: bool = False


STEPS: tuple[Step, ...] = (
    Step(P.NOT_STARTED, P.NOT_STARTED, Actor.OWNER),
    Step(P.NOT_STARTED, P.IN_PROGRESS, Actor.OWNER),
    Step(P.IN_PROGRESS, P.IN_PROGRESS, Actor.OWNER),
    Step(P.IN_PROGRESS, P.NOT_STARTED, Actor.OWNER, needs_reason=True),
    Step(P.IN_PROGRESS, P.PROPOSED, Actor.OWNER),
    Step(P.PROPOSED, P.IN_PROGRESS, Actor.OWNER, needs_reason=True),
    Step(P.PROPOSED, P.IMPLEMENTED, Actor.UNIT),
    Step(P.PROPOSED, P.IN_PROGRESS, Actor.UNIT, needs_reason=True),
    Step(P.NOT_STARTED, P.OVERTAKEN, Actor.UNIT, needs_reason=True),
    Step(P.IN_PROGRESS, P.OVERTAKEN, Actor.UNIT, needs_reason=True),
    Step(P.PROPOSED, P.OVERTAKEN, Actor.UNIT, needs_reason=True),
    Step(P.IMPLEMENTED, P.IN_PROGRESS, Actor.UNIT, needs_reason=True),
    Step(P.OVERTAKEN, P.IN_PROGRESS, Actor.UNIT, needs_reason=True),
)


def step(before: str, after: str, actor: Actor) -> Step | None:
    """The step between two phases that this actor may take, or None."""
    wanted = (before, after, actor)
    return next((one for one in STEPS if (one.before, one.after, one.actor) == wanted), None)


class Decision(StrEnum):
    """Management's answer to a recommendation."""

    ACCEPTED = "accepted"
    PARTLY = "partly"
    REJECTED = "rejected"


class Standing(StrEnum):
    """Where a recommendation is."""

    AWAITING = "awaiting"
    """Management has not answered."""
    REJECTED = "rejected"
    UNPLANNED = "unplanned"
    """Accepted, and no action is planned yet."""
    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    TO_VERIFY = "to_verify"
    """All that is open is done, as its owners say."""
    IMPLEMENTED = "implemented"
    OVERTAKEN = "overtaken"


ENDED = frozenset({Standing.REJECTED, Standing.IMPLEMENTED, Standing.OVERTAKEN})
"""Standings in which nothing is left to do."""


@dataclass(frozen=True)
class ActionState:
    """An action on one day: its phase, and the day by which it is due (None: none named)."""

    phase: Phase
    due_on: date | None = None


@dataclass(frozen=True)
class Happened:
    """What one follow-up changed, on the day on which it happened: a phase, a due day, or both.

    `due_before` and `due_after` are the same where the day was not moved.
    """

    on: date
    after: Phase
    due_before: date | None
    due_after: date | None


def action_on(
    day: date, *, planned_on: date, due_on: date | None, follow_ups: Sequence[Happened]
) -> ActionState | None:
    """An action as it stood at the end of a day; None before it was planned.

    `due_on` is the day first agreed; `follow_ups` are in the order in which they were recorded.
    Whatever was recorded later about a later day changes nothing of that.
    """
    if planned_on > day:
        return None
    phase, due = Phase.NOT_STARTED, due_on
    for one in follow_ups:
        if one.on <= day:
            phase = one.after
            if one.due_after != one.due_before:
                due = one.due_after
    return ActionState(phase, due)


def standing_of(decision: str | None, actions: Iterable[ActionState]) -> Standing:
    """Where a recommendation is, from management's answer and its actions."""
    if not decision:
        return Standing.AWAITING
    if decision == Decision.REJECTED:
        return Standing.REJECTED
    return _standing_of_phases({one.phase for one in actions})


def _standing_of_phases(phases: set[Phase]) -> Standing:
    if not phases:
        return Standing.UNPLANNED
    if not phases & OPEN:
        return Standing.IMPLEMENTED if P.IMPLEMENTED in phases else Standing.OVERTAKEN
    if phases & OPEN == {P.PROPOSED}:
        return Standing.TO_VERIFY
    return Standing.NOT_STARTED if phases == {P.NOT_STARTED} else Standing.IN_PROGRESS


def due_of(actions: Iterable[ActionState]) -> date | None:
    """The day by which a recommendation is due next: the first of its open actions."""
    days = [one.due_on for one in actions if one.phase in OPEN and one.due_on is not None]
    return min(days, default=None)
