"""The calendar of a report: steps counted back from the first day of the session it goes to.

Each step must be over a number of days before that day. A due date that falls on a Saturday or
Sunday is moved to the Friday before, never to the Monday after: documents are late on Monday.
Holidays are not known here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

# A step is `due` in the last two weeks before its date.
NEAR = timedelta(days=14)
FRIDAY = 4


class Step(StrEnum):
    """The steps of a report's work, in order; codes as in `reporting.models.LeadTime.Step`."""

    DATA = "data"
    DRAFT = "draft"
    CLEARANCE = "clearance"
    SUBMISSION = "submission"
    TRANSLATION = "translation"
    ISSUE = "issue"


# Which earlier steps nobody asks about once a step is over. The others stand on their own: a text
# can be written while figures still wait for approval.
SETTLES: Mapping[Step, tuple[Step, ...]] = {
    Step.CLEARANCE: (Step.DATA, Step.DRAFT),
    Step.TRANSLATION: (Step.DATA, Step.DRAFT, Step.CLEARANCE, Step.SUBMISSION),
    Step.ISSUE: tuple(Step)[:-1],
}


class State(StrEnum):
    """Where a step stands: over; to be over within two weeks; past its date; later."""

    DONE = "done"
    DUE = "due"
    LATE = "late"
    COMING = "coming"


class Standing(StrEnum):
    """Where a report as a whole stands."""

    PLANNED = "planned"
    DUE = "due"
    LATE = "late"
    ISSUED = "issued"


@dataclass(frozen=True)
class DatedStep:
    """A step with its date. `days_left` is below zero past the date, and counts to it if done."""

    step: Step
    due_on: date
    state: State
    days_left: int


class HasState(Protocol):
    """A step whose state is known, in whatever dress."""

    @property
    def state(self) -> State:
        """Where it stands."""
        ...


Judged = TypeVar("Judged", bound=HasState)


def due_day(first_day: date, days: int) -> date:
    """The day `days` before the first day of a session, over a weekend the Friday before it."""
    day = first_day - timedelta(days=days)
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def settled(done: Collection[Step]) -> frozenset[Step]:
    """What is over, with the earlier steps that a later one settles."""
    return frozenset(done).union(*(SETTLES.get(step, ()) for step in done))


def state_of(due_on: date, *, is_done: bool, today: date) -> State:
    """The state of one step. On its due date it is due, the day after it is late."""
    if is_done:
        return State.DONE
    if due_on < today:
        return State.LATE
    return State.DUE if due_on - today <= NEAR else State.COMING


def dated_steps(
    first_day: date, leads: Mapping[Step, int], done: Collection[Step], today: date
) -> tuple[DatedStep, ...]:
    """The steps that have a lead time (in days), in order, each with its date and state."""
    over = settled(done)
    found = []
    for step in Step:
        if step in leads:
            due_on = due_day(first_day, leads[step])
            state = state_of(due_on, is_done=step in over, today=today)
            found.append(DatedStep(step, due_on, state, (due_on - today).days))
    return tuple(found)


def next_step(steps: Sequence[Judged]) -> Judged | None:
    """The first step that is not over; None when all are."""
    return next((step for step in steps if step.state is not State.DONE), None)


def standing(states: Collection[State]) -> Standing:
    """Where a report stands: as badly as the worst of its steps. Without steps it is planned."""
    if set(states) == {State.DONE}:
        return Standing.ISSUED
    if State.LATE in states:
        return Standing.LATE
    return Standing.DUE if State.DUE in states else Standing.PLANNED


def too_early(first_day: date, period_ends: Iterable[date]) -> bool:
    """True if a session begins before the end of a period it is to hear about."""
    return any(first_day <= end for end in period_ends)


def may_go_to(own_body: str, session_body: str) -> bool:
    """True if a report to `own_body` may go to a session of `session_body`.

    What goes to Member States through the Committee may go to the Governing Council as well: the
    annual report for 2014 did (HSP/GC/25/5/Add.2).
    """
    return session_body == own_body or (own_body, session_body) == (
        "committee",
        "governing_council",
    )
