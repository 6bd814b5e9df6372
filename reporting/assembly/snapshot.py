"""Everything a report is composed from, read at one moment in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from focus_areas.models import Period, PlanRevision, Result, StrategicPlan
from focus_areas.queries import PlanElement, elements, plan, revisions
from habitat_plan.kit.wording import Wording
from indicators.models import RatingGrade, Submission, Target
from indicators.queries import Standing, standings
from indicators.queries.gaps import Gap, unapproved
from indicators.queries.standing import APPROVED
from indicators.rules.periods import years_of
from organization.models import Office
from reporting.kinds import ReportKind


@dataclass(frozen=True)
class Snapshot:
    """The plan's words, the standings of the indicators printed, and what is missing.

    `as_of` is the moment of the last approval or correction that went in, not of the reading: the
    same data make the same document on any day. `approvals`: office and year → when approved.
    `invented_targets`: indicator and year of targets that are demonstration.
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
    approvals: Mapping[tuple[str, int], datetime]
    invented_targets: frozenset[tuple[str, int]]

    @property
    def as_of(self) -> datetime | None:
        """The moment of the last change of a figure printed here."""
        entered = [figure.changed_at for one in self.standings for figure in one.figures]
        moments = [*self.approvals.values(), *entered]
        return max(moments).astimezone(UTC) if moments else None

    def of_result(self, code: str) -> list[Standing]:
        """The standings of one result's indicators."""
        return [one for one in self.standings if one.indicator.result.code == code]


def take(*, kind: ReportKind, period: Period, at: datetime) -> Snapshot:
    """Reads everything a report of this kind prints for the period."""
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
        approvals=_approvals(kind, years_of(period.code)[-1]),
        invented_targets=frozenset(
            Target.objects.filter(
                illustrative=True, office__isnull=True, indicator__result__level__in=kind.levels
            ).values_list("indicator__code", "year")
        ),
    )


def _approvals(kind: ReportKind, until: int) -> dict[tuple[str, int], datetime]:
    """When the figures of the offices that report on these levels were approved. One query."""
    rows = Submission.objects.filter(
        state__in=APPROVED,
        period__end__year__lte=until,
        office__indicators__indicator__result__level__in=kind.levels,
    ).distinct()
    return {
        (office, year): approved
        for office, year, approved in rows.values_list(
            "office__code", "period__end__year", "approved_at"
        )
        if approved is not None
    }
