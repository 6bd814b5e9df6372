"""What the public results pages read: all levels, one result, one indicator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from focus_areas.models import Period, PlanText, Result
from focus_areas.queries import ElementPage, element_page, is_code, texts, wordings_of
from habitat_plan.kit.wording import Wording
from indicators.models import (
    Achievement,
    Authority,
    Indicator,
    Submission,
    Target,
)
from indicators.queries.latest import latest_year
from indicators.queries.places import region_names
from indicators.queries.standing import APPROVED, Standing, standings
from indicators.queries.statistics import SeriesPage, regional_series
from indicators.rules.periods import years_of
from organization.models import Office

LEVELS = (
    Result.Level.PLAN,
    Result.Level.FOCUS_AREA,
    Result.Level.SUPPORT,
    Result.Level.ACCOMPLISHMENT,
)


@dataclass(frozen=True)
class ResultsList:
    """All indicators of some levels at the end of a period, with the titles of their results."""

    period: Period | None
    periods: tuple[Period, ...]
    standings: tuple[Standing, ...]
    titles: Mapping[str, Wording]


@dataclass(frozen=True)
class ResultPage:
    """A focus area or support function: its texts, its indicators, its accomplishments."""

    page: ElementPage
    period: Period | None
    standings: tuple[Standing, ...]
    accomplishments: tuple[Standing, ...]
    statements: Mapping[str, PlanText]


@dataclass(frozen=True)
class IndicatorPage:
    """One indicator with everything published about it."""

    standing: Standing
    periods: tuple[Period, ...]
    wordings: tuple[PlanText, ...]
    result_title: Wording | None
    series: SeriesPage | None
    offices: Mapping[str, Office]
    regions: Mapping[str, Wording]
    approvals: Mapping[str, Submission]
    authorities: tuple[Authority, ...]
    target_versions: tuple[Target, ...]


def published_periods(today: date) -> tuple[tuple[Period, ...], Period | None]:
    """The periods that have ended and hold approved figures, and the latest year. Three queries."""
    latest = latest_year(today)
    if latest is None:
        return (), None
    periods = Period.objects.exclude(kind=Period.Kind.BASELINE).filter(end__lte=latest.end)
    return tuple(periods), latest


def chosen(code: str, periods: Sequence[Period], latest: Period | None) -> Period | None:
    """The period asked for, or the latest year if there is none of that name."""
    return next((period for period in periods if period.code == code), latest)


def results_list(*, period: str, level: str, today: date) -> ResultsList:
    """Indicators of one level, or of all. A fixed number of queries."""
    periods, latest = published_periods(today)
    at = chosen(period, periods, latest)
    if at is None:
        return ResultsList(None, periods, (), {})
    levels = [level] if level in LEVELS else list(LEVELS)
    found = tuple(standings(levels=levels, period=at, today=today))
    titled = texts(codes=[f"{one.indicator.result.code}.title" for one in found])
    return ResultsList(at, periods, found, {code: text.wording for code, text in titled.items()})


def result_page(code: str, *, today: date) -> ResultPage | None:
    """A result by its code; None if there is none. A fixed number of queries."""
    page = element_page(code)
    if page is None:
        return None
    _periods, latest = published_periods(today)
    area = page.element.result.focus_area_id
    own: list[str] = []
    below: list[str] = []
    for indicator, result, focus_area in Indicator.objects.values_list(
        "code", "result__code", "result__focus_area_id"
    ):
        if result == code:
            own.append(indicator)
        elif area and focus_area == area:
            below.append(indicator)
    found = standings(codes=[*own, *below], period=latest, today=today) if latest else []
    return ResultPage(
        page=page,
        period=latest,
        standings=tuple(one for one in found if one.indicator.code in own),
        accomplishments=tuple(one for one in found if one.indicator.code in below),
        statements=texts(codes=[one.indicator.result.code for one in found]),
    )


def _authorities(standing: Standing) -> tuple[Authority, ...]:
    """The distinct authorities behind a count, by name: approved achievements only."""
    if standing.counted is None:
        return ()
    until = years_of(standing.period.code)[-1]
    rows = Achievement.objects.filter(
        indicator=standing.indicator,
        period__end__year__lte=until,
        office__submissions__period_id=F("period_id"),
        office__submissions__state__in=APPROVED,
    ).select_related("authority__country", "authority__merged_into__country")
    found = {}
    for row in rows:
        root = row.authority.merged_into or row.authority
        found[root.pk] = root
    return tuple(sorted(found.values(), key=lambda authority: authority.name))


def indicator_page(code: str, *, period: str, today: date) -> IndicatorPage | None:
    """An indicator by its code; None if there is none. A fixed number of queries."""
    if not is_code(code):
        return None
    periods, latest = published_periods(today)
    at = chosen(period, periods, latest) or Period.objects.filter(kind=Period.Kind.YEAR).first()
    found = standings(codes=[code], period=at, today=today) if at else []
    if not found or at is None:
        return None
    standing = found[0]
    title = texts(codes=[f"{standing.indicator.result.code}.title"])
    approved = Submission.objects.filter(
        period__end__year=years_of(at.code)[-1], state__in=APPROVED
    ).select_related("office", "approved_by")
    return IndicatorPage(
        standing=standing,
        periods=periods,
        wordings=tuple(wordings_of(code)),
        result_title=next((text.wording for text in title.values()), None),
        series=regional_series(standing.indicator)
        if standing.indicator.kind == Indicator.Kind.STATISTIC
        else None,
        offices={office.code: office for office in Office.objects.all()},
        regions=region_names(),
        approvals={row.office.code: row for row in approved},
        authorities=_authorities(standing),
        target_versions=tuple(
            Target.objects.filter(indicator=standing.indicator, office__isnull=True)
        ),
    )
