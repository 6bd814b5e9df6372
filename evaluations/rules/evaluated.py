"""One evaluation, as far as coverage and plans ask: how far it is, and whether it is in time."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evaluations.rules.evaluation_states import COMPLETED, EvaluationState


class Found(StrEnum):
    """How far the evaluation is that a rule asks for."""

    DONE = "done"
    DONE_LATE = "done_late"
    """It is made, but was not by the day it was asked for. Nobody can act on that any more."""
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    LATE = "late"
    """There is one, but it will not be made, or was not, by the day it is asked for."""
    NONE = "none"


BEST_FIRST = tuple(Found)
MISSING = frozenset({Found.LATE, Found.NONE})
"""What makes a gap."""


@dataclass(frozen=True)
class Evaluated:
    """An evaluation, as far as coverage asks: `starts_on` to `ends_on` as planned.

    `report_year` stands for the day on which it was made where only the year is known.
    """

    code: str
    kind: str
    state: EvaluationState
    conducted_by: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    completed_on: date | None = None
    published_on: date | None = None
    report_year: int | None = None
    plan: str = ""
    mandate: str = ""
    focus_areas: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()

    @property
    def is_external(self) -> bool:
        """True if external evaluators make it, alone or with the Unit."""
        return self.conducted_by in {"external", "mixed"}

    @property
    def is_made(self) -> bool:
        """True if there is a report."""
        return self.state in COMPLETED

    @property
    def goes_on(self) -> bool:
        """True unless it was cancelled."""
        return self.state != EvaluationState.CANCELLED

    @property
    def year(self) -> int | None:
        """The year in which it was made, or is to end; None if neither is known."""
        known = (self.completed_on or self.published_on) if self.is_made else self.ends_on
        if known is not None:
            return known.year
        return self.report_year if self.is_made else None

    def was_made_by(self, last: date) -> bool:
        """True if it was made on that day or before; of a year alone, in that year or before."""
        made_on = self.completed_on or self.published_on
        if made_on is not None:
            return self.is_made and made_on <= last
        return self.is_made and (self.report_year is None or self.report_year <= last.year)

    def found(self, until: date | None = None, day: date = date.min) -> Found:
        """How far it is on a day; `until` is the last day on which what is asked is in time.

        One that is only planned and names no day is not known to be in time.
        """
        if not self.goes_on:
            return Found.NONE
        if self.is_made:
            in_time = until is None or self.was_made_by(until)
            return Found.DONE if in_time else Found.DONE_LATE
        if until is not None and (until < day or (self.ends_on or date.max) > until):
            return Found.LATE
        started = {EvaluationState.PREPARED, EvaluationState.UNDER_WAY}
        return Found.UNDER_WAY if self.state in started else Found.PLANNED
