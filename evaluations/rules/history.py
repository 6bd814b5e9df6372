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


@dataclass(frozen=True)
class Life:
    """What is known of an evaluation's way. `state` is that of now, `steps` as they were recorded.

    `made_on` is the day on which it was entered, `in_plan_from` the first day of the biennium in
    whose plan it stands.
    """

    state: EvaluationState
    made_on: date
    steps: Sequence[Taken] = ()
    starts_on: date | None = None
    in_plan_from: date | None = None
    completed_on: date | None = None
    published_on: date | None = None
    report_year: int | None = None

    @property
    def public_on(self) -> date | None:
        """The day on which its report was there for all; of a year alone, the last of that year."""
        return self.published_on or (date(self.report_year, 12, 31) if self.report_year else None)


def state_on(day: date, life: Life) -> EvaluationState | None:
    """The state at the end of a day; None if the evaluation was not there yet.

    The days on which a report was completed and published count before the steps: an evaluation
    of which only the report is known was entered long after it was made.
    """
    is_made = life.state in COMPLETED
    if is_made and _is_by(life.public_on, day) and life.state == EvaluationState.PUBLISHED:
        return EvaluationState.PUBLISHED
    if is_made and _is_by(life.completed_on, day):
        return EvaluationState.REPORTED
    taken = [step for step in life.steps if step.on <= day]
    if taken:
        return EvaluationState(taken[-1].after)
    return _before_the_first_step(day, life, is_made=is_made)


def _before_the_first_step(day: date, life: Life, *, is_made: bool) -> EvaluationState | None:
    if is_made and _is_by(life.starts_on, day):
        return EvaluationState.UNDER_WAY
    if is_made and _is_by(life.in_plan_from, day):
        return EvaluationState.PLANNED
    if life.made_on > day:
        return None
    if life.steps:
        return EvaluationState(life.steps[0].before) if life.steps[0].before else None
    is_made_later = is_made and (life.completed_on or life.public_on) is not None
    return EvaluationState.UNDER_WAY if is_made_later else life.state


def _is_by(known: date | None, day: date) -> bool:
    return known is not None and known <= day
