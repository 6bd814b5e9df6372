"""Everything a report is composed from, read at one moment in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from focus_areas.models import Period, PlanRevision, Result, StrategicPlan
from focus_areas.queries import PlanElement, elements, plan, revisions
from habitat_plan.kit.wording import Wording
from indicators.models import RatingGrade, Submission
from indicators.queries import Standing, standings
from indicators.queries.gaps import Gap, unapproved
from indicators.queries.standing import APPROVED
from indicators.rules.periods import years_of
from organization.models import Office
from reporting.kinds import ReportKind


@dataclass(frozen=True)
class Snapshot:
    """The plan's words, the standings of the indicators printed, and what is missing.

    `as_of` is the moment of the last approval that went in, not of the reading: the same data
    make the same document on any day.
    """

    kind: ReportKind
    plan: StrategicPlan
    revision: PlanRevision
    period: Period
    focus_areas: tuple[PlanElement, ...]
    functions: tuple[PlanElement, ...]
    standings: tuple[Standing, ...]
    gaps: tuple[Gap, ...]
    offices: Mapping[str, Office]
    grades: Mapping[str, Wording]
    as_of: datetime | None

    def of_result(self, code: str) -> list[Standing]:
        """The standings of one result's indicators."""
        return [one for one in self.standings if one.indicator.result.code == code]


def take(*, kind: ReportKind, period: Period, at: datetime) -> Snapshot:
    """Reads everything a report of this kind prints for the period."""
    years = years_of(period.code)
    last = Submission.objects.filter(
        state__in=APPROVED, period__end__year__lte=years[-1]
    ).aggregate(last=Max("approved_at"))["last"]
    return Snapshot(
        kind=kind,
        plan=plan(),
        revision=revisions()[-1],
        period=period,
        focus_areas=tuple(elements(Result.Level.FOCUS_AREA)),
        functions=tuple(elements(Result.Level.SUPPORT)),
        standings=tuple(standings(levels=kind.levels, period=period, today=at.date())),
        gaps=tuple(unapproved(levels=kind.levels, period=period)),
        offices={office.code: office for office in Office.objects.all()},
        grades={grade.code: grade.word for grade in RatingGrade.objects.all()},
        as_of=last,
    )
