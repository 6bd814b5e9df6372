"""The way of an evaluation: planned, prepared, under way, reported, published (p.96-101).

Each step is one row of a table. Going back, or giving up, needs a reason; no state is skipped; a
published evaluation goes nowhere: all reports are published (p.101) and stay as they were.
"""

from dataclasses import dataclass
from enum import StrEnum


class EvaluationState(StrEnum):
    """Where an evaluation is."""

    PLANNED = "planned"
    PREPARED = "prepared"
    """Terms of reference and team are agreed."""
    UNDER_WAY = "under_way"
    REPORTED = "reported"
    """The report is there and is not published yet."""
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Step:
    """A step that is allowed, and whether it needs a reason."""

    before: EvaluationState
    after: EvaluationState
    needs_reason: bool = False


S = EvaluationState
STEPS: tuple[Step, ...] = (
    Step(S.PLANNED, S.PREPARED),
    Step(S.PREPARED, S.UNDER_WAY),
    Step(S.UNDER_WAY, S.REPORTED),
    Step(S.REPORTED, S.PUBLISHED),
    Step(S.PREPARED, S.PLANNED, needs_reason=True),
    Step(S.UNDER_WAY, S.PREPARED, needs_reason=True),
    Step(S.REPORTED, S.UNDER_WAY, needs_reason=True),
    Step(S.PLANNED, S.CANCELLED, needs_reason=True),
    Step(S.PREPARED, S.CANCELLED, needs_reason=True),
    Step(S.UNDER_WAY, S.CANCELLED, needs_reason=True),
    Step(S.CANCELLED, S.PLANNED, needs_reason=True),
)
COMPLETED = frozenset({S.REPORTED, S.PUBLISHED})
"""States in which there is a report: the evaluation was made."""


def step(before: str, after: str) -> Step | None:
    """The step between two states, or None if there is none."""
    return next((one for one in STEPS if (one.before, one.after) == (before, after)), None)


def steps_from(state: str) -> tuple[Step, ...]:
    """The steps that lead out of a state."""
    return tuple(one for one in STEPS if one.before == state)
