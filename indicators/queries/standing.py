"""Where indicators stand at the end of a period: totals and ratings from approved figures.

A fixed number of queries for any number of indicators, offices and figures.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Assignment,
    Baseline,
    Figure,
    Indicator,
    RatingScale,
    Submission,
    Target,
)
from indicators.queries.statistics import world_totals
from indicators.rules import ratings
from indicators.rules.aggregation import (
    Counted,
    DistinctTotal,
    Entry,
    Total,
    across_offices,
    across_periods,
    distinct_count,
)
from indicators.rules.kinds import Direction, EntryMeaning, Kind, Nothing, PeriodRule, PlaceRule
from indicators.rules.periods import BASELINE_YEAR, Frequency, due, years_of
from indicators.rules.targets import TargetPoint, current, first
from indicators.rules.totals import Coverage
from organization.models import Region

Row = TypeVar("Row")

APPROVED = (Submission.State.APPROVED, Submission.State.VERIFIED)
REPORTED = (
    Q(value__isnull=False) | Q(numerator__isnull=False) | ~Q(choice="") | Q(not_applicable=True)
)
"""Figures that report something; others only explain why the office is behind."""


@dataclass(frozen=True)
class Standing:
    """One indicator at the end of a period, with everything needed to show and to prove it.

    `by_year` holds the total at the end of each year from the baseline year on; `actual` that of
    the period; `counted` the distinct count behind a count of authorities (None otherwise).
    """

    indicator: Indicator
    period: Period
    baseline: Baseline | None
    targets: tuple[TargetPoint, ...]
    first_targets: tuple[TargetPoint, ...]
    by_year: Mapping[int, Total]
    actual: Total
    rating: ratings.Rating
    counted: DistinctTotal | None = None
    figures: Sequence[Figure] = field(default=())
    sources: tuple[str, ...] = ()

    @property
    def final_target(self) -> TargetPoint | None:
        """The current target of the latest year."""
        return self.targets[-1] if self.targets else None

    @property
    def illustrative(self) -> bool:
        """True if anything shown here is demonstration and not official."""
        return (
            self.indicator.illustrative
            or self.actual.illustrative
            or any(total.illustrative for total in self.by_year.values())
            or bool(self.baseline and self.baseline.illustrative)
        )

    @property
    def is_due(self) -> bool:
        """True if the indicator is reported for this period."""
        frequency = Frequency(self.indicator.frequency)
        return any(due(frequency, year) for year in years_of(self.period.code))


@dataclass(frozen=True)
class _Gathered:
    """Approved rows of the indicators asked for, by indicator id."""

    offices: Mapping[int, tuple[Assignment, ...]]
    approved: Mapping[int, frozenset[str]]
    figures: Mapping[int, tuple[Figure, ...]]
    achievements: Mapping[int, tuple[Counted, ...]]
    targets: Mapping[int, tuple[Target, ...]]
    statistics: Mapping[int, Mapping[int, Total]]
    scale: ratings.Scale
    counted: dict[tuple[int, int], DistinctTotal] = field(default_factory=dict)


def rating_scale() -> ratings.Scale:
    """The thresholds of the default scale. One query."""
    stored = RatingScale.objects.filter(code="default").first()
    if stored is None:
        return ratings.Scale()
    return ratings.Scale(
        on_track_from=stored.on_track_from,
        no_progress_below=stored.no_progress_below,
        offices_needed=stored.offices_needed,
    )


def _grouped(rows: Iterable[Row], key: str) -> dict[int, tuple[Row, ...]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return {identity: tuple(members) for identity, members in found.items()}


def _achievements(ids: Sequence[int], until: int) -> dict[int, tuple[Counted, ...]]:
    """Approved achievements to date, under the register entry that remains after merges."""
    rows = (
        Achievement.objects.filter(
            indicator__in=ids,
            period__end__year__lte=until,
            office__submissions__period=F("period"),
            office__submissions__state__in=APPROVED,
        )
        .annotate(
            root=Coalesce("authority__merged_into_id", "authority_id"),
            root_type=Coalesce("authority__merged_into__type", "authority__type"),
            region=Subquery(
                Region.objects.filter(
                    scheme=Region.Scheme.UN_HABITAT, countries=OuterRef("authority__country")
                ).values("code")[:1]
            ),
        )
        .values_list(
            "indicator_id",
            "root",
            "office__code",
            "period__end__year",
            "root_type",
            "region",
            "illustrative",
        )
    )
    found: dict[int, list[Counted]] = defaultdict(list)
    for indicator, root, office, year, root_type, region, illustrative in rows:
        found[indicator].append(
            Counted(str(root), office, year, root_type, region or "", illustrative)
        )
    return {indicator: tuple(counted) for indicator, counted in found.items()}


def _figures(ids: Sequence[int], until: int) -> dict[int, tuple[Figure, ...]]:
    rows = Figure.objects.filter(
        REPORTED,
        indicator__in=ids,
        period__end__year__lte=until,
        office__submissions__period=F("period"),
        office__submissions__state__in=APPROVED,
    ).select_related("office", "period")
    return _grouped(rows.order_by("office__ordinal", "period__end"), "indicator_id")


def _approved_offices(until: int) -> dict[int, frozenset[str]]:
    """Codes of the offices whose submission is approved, by year."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Submission.objects.filter(state__in=APPROVED, period__end__year__lte=until)
    for year, office in rows.values_list("period__end__year", "office__code"):
        found[year].add(office)
    return {year: frozenset(offices) for year, offices in found.items()}


def _targets(ids: Sequence[int], decided_by: date | None) -> QuerySet[Target]:
    """The agency's targets, all of them or those decided by a day."""
    found = Target.objects.filter(indicator__in=ids, office__isnull=True)
    return found if decided_by is None else found.filter(decided_on__lte=decided_by)


def _gather(
    indicators: Sequence[Indicator], until: int, decided_by: date | None = None
) -> _Gathered:
    ids = [indicator.pk for indicator in indicators]
    statistics = [i for i in indicators if i.kind == Indicator.Kind.STATISTIC]
    return _Gathered(
        offices=_grouped(
            Assignment.objects.filter(indicator__in=ids)
            .select_related("office")
            .only("indicator_id", "since_year", "until_year", "office__code"),
            "indicator_id",
        ),
        approved=_approved_offices(until),
        figures=_figures(ids, until),
        achievements=_achievements(ids, until),
        targets=_grouped(_targets(ids, decided_by), "indicator_id"),
        statistics=world_totals(statistics, until=until) if statistics else {},
        scale=rating_scale(),
    )


def entry_of(figure: Figure) -> Entry:
    """A stored figure in the form that the rules read."""
    return Entry(
        office=figure.office.code,
        year=figure.period.year,
        number=figure.value,
        numerator=figure.numerator,
        denominator=figure.denominator,
        choice=figure.choice,
        not_applicable=figure.not_applicable,
        reason=figure.reason,
        illustrative=figure.illustrative,
    )


def _offices_in(assignments: Sequence[Assignment], year: int) -> list[str]:
    return [
        assignment.office.code
        for assignment in assignments
        if assignment.since_year <= max(year, BASELINE_YEAR + 1)
        and (assignment.until_year is None or year <= assignment.until_year)
    ]


def _count(indicator: Indicator, rows: _Gathered, year: int) -> DistinctTotal:
    """The distinct count at the end of a year, computed once for all that ask for it."""
    key = (indicator.pk, year)
    if key not in rows.counted:
        rows.counted[key] = _counted(indicator, rows, year)
    return rows.counted[key]


def _counted(indicator: Indicator, rows: _Gathered, year: int) -> DistinctTotal:
    offices = _offices_in(rows.offices.get(indicator.pk, ()), year)
    return distinct_count(
        rows.achievements.get(indicator.pk, ()),
        until=year,
        offices=offices,
        approved=rows.approved.get(year, frozenset()),
    )


def _number(indicator: Indicator, rows: _Gathered, years: Sequence[int]) -> Total:
    """The total of entered figures over some years: across years first, then across offices."""
    by_office: dict[str, list[Entry]] = defaultdict(list)
    for figure in rows.figures.get(indicator.pk, ()):
        by_office[figure.office.code].append(entry_of(figure))
    entries = [
        across_periods(
            entries,
            PeriodRule(indicator.period_rule),
            years=years,
            meaning=EntryMeaning(indicator.entry_meaning),
        )
        for entries in by_office.values()
    ]
    return across_offices(
        [entry for entry in entries if entry is not None],
        PlaceRule(indicator.place_rule),
        expected=_offices_in(rows.offices.get(indicator.pk, ()), years[-1]),
    )


def _nothing(rule: str, nothing: Nothing) -> Total:
    return Total(number=None, nothing=nothing, rule=rule, coverage=Coverage(0, 0))


def _total(indicator: Indicator, rows: _Gathered, years: Sequence[int]) -> Total:
    if indicator.kind == Kind.STATISTIC:
        known = rows.statistics.get(indicator.pk, {})
        return known.get(years[-1], _nothing(indicator.place_rule, Nothing.NOT_REPORTED))
    if indicator.kind == Kind.COUNT:
        return _count(indicator, rows, years[-1]).total
    return _number(indicator, rows, years)


def _withheld(total: Total, indicator: Indicator, scale: ratings.Scale) -> Total:
    """A total over too few offices is not printed; its lines stay for the arithmetic."""
    share = total.coverage.share
    enough = share is None or share >= scale.offices_needed - ratings.FOUR_DECIMALS
    if total.number is None or enough or indicator.kind == Kind.STATISTIC:
        return total
    return replace(total, number=None, nothing=Nothing.NOT_REPORTED, reason="too_few_offices")


def _not_due(total: Total, indicator: Indicator, years: Sequence[int]) -> Total:
    """Tells "not due" from "not reported" by the indicator's frequency."""
    if total.nothing not in {Nothing.NOT_DUE, Nothing.NOT_REPORTED}:
        return total
    is_due = any(due(Frequency(indicator.frequency), year) for year in years)
    return replace(total, nothing=Nothing.NOT_REPORTED if is_due else Nothing.NOT_DUE)


def _shown(indicator: Indicator, rows: _Gathered, years: Sequence[int]) -> Total:
    total = _withheld(_total(indicator, rows, years), indicator, rows.scale)
    return _not_due(total, indicator, years)


def _standing(indicator: Indicator, rows: _Gathered, period: Period, *, today: date) -> Standing:
    years = years_of(period.code)
    figures = tuple(
        figure for figure in rows.figures.get(indicator.pk, ()) if figure.period.year <= years[-1]
    )
    baseline: Baseline | None = getattr(indicator, "baseline", None)
    points = [
        TargetPoint(target.year, target.value, target.version, target.reason)
        for target in rows.targets.get(indicator.pk, ())
    ]
    actual = _total(indicator, rows, years)
    return Standing(
        indicator=indicator,
        period=period,
        baseline=baseline,
        targets=current(points),
        first_targets=first(points),
        by_year={
            year: _shown(indicator, rows, (year,)) for year in range(BASELINE_YEAR, years[-1] + 1)
        },
        actual=_shown(indicator, rows, years),
        rating=ratings.rate(
            baseline=baseline.value if baseline else None,
            baseline_year=baseline.year if baseline else None,
            points=points,
            actual=actual,
            year=years[-1],
            direction=Direction(indicator.direction),
            period_ended=period.end < today,
            scale=rows.scale,
        ),
        counted=_count(indicator, rows, years[-1]) if indicator.kind == Kind.COUNT else None,
        figures=figures,
        sources=tuple(dict.fromkeys(figure.source for figure in figures if figure.source)),
    )


def standings(
    *, levels: Iterable[str] = (), codes: Iterable[str] = (), period: Period, today: date
) -> list[Standing]:
    """The standing of all indicators on some levels, or with some codes, in the plan's order."""
    return standings_in(levels=levels, codes=codes, periods=(period,), today=today)[period.code]


def standings_in(
    *,
    levels: Iterable[str] = (),
    codes: Iterable[str] = (),
    periods: Sequence[Period],
    today: date,
    decided_by: date | None = None,
) -> dict[str, list[Standing]]:
    """Period code → standings, as many queries for several periods as for one.

    With `decided_by`, targets are those decided on that day or before, as a report of then has it.
    """
    wanted = Q(result__level__in=list(levels)) | Q(code__in=list(codes))
    indicators = list(
        Indicator.objects.filter(wanted, retired_on__isnull=True)
        .select_related(
            "baseline", "result__focus_area", "result__biennium", "responsible_office"
        )
        .prefetch_related("options")
        .order_by("result__ordinal", "ordinal", "code")
    )
    until = max(years_of(period.code)[-1] for period in periods)
    rows = _gather(indicators, until, decided_by)
    return {
        period.code: [_standing(one, rows, period, today=today) for one in indicators]
        for period in periods
    }
