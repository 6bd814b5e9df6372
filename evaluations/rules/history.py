"""In which state an evaluation was on a day, so that a report of a past year can be made again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.rules.evaluation_states import COMPLETED, EvaluationState


@dataclass(frozen=True)
class Taken:
    """A step that an evaluation took. `before` is empty for its first."""

    on: date
    before: str
    after: str


def state_on(
    day: date,
    *,
    state: str,
    steps: Sequence[Taken] = (),
    completed_on: date | None = None,
    published_on: date | None = None,
    report_year: int | None = None,
) -> EvaluationState | None:
    """The state at the end of a day; None if the evaluation was not there yet.

    `state` is that of now, `steps` its steps in the order in which they were recorded. The days on
    which a report was completed and published count before the steps: an evaluation of which only
    the report is known was entered long after it was made. A report of which only the year is
    known counts from the last day of that year.
    """
    now = EvaluationState(state)
    year_ends = date(report_year, 12, 31) if report_year else None
    known_on = published_on or year_ends
    if now in COMPLETED:
        if now == EvaluationState.PUBLISHED and known_on is not None and known_on <= day:
            return EvaluationState.PUBLISHED
        if completed_on is not None and completed_on <= day:
            return EvaluationState.REPORTED
    taken = [step for step in steps if step.on <= day]
    if taken:
        return EvaluationState(taken[-1].after)
    if steps:
        return EvaluationState(steps[0].before) if steps[0].before else None
    if now in COMPLETED and (completed_on or known_on) is not None:
        return EvaluationState.UNDER_WAY
    return now
