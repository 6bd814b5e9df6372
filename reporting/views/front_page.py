"""What the home page shows: the promise, the seven focus areas, slums, reports, one way of working.

Headings state what the approved figures say. Before there are any, they say what will stand here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from focus_areas.models import Period, PlanText, Result
from focus_areas.queries import PlanElement, elements, wordings_of
from habitat_plan.kit import formats
from habitat_plan.kit.charts import Mark, Point
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator, Series
from indicators.pages.statistic import like_sentence
from indicators.queries.latest import latest_year
from indicators.queries.standing import Standing, standings
from indicators.queries.statistics import RegionalSeries, regional_series
from indicators.rules.periods import FIRST_YEAR
from indicators.rules.ratings import Status
from indicators.rules.statistics import LikeWithLike

PROMISE, SLUMS, MARKERS = "SR.result", "SR.a", "MK.1"
AREAS = 7
# Whole sentences, since number and verb agree differently in each language.
HEADINGS: Sequence[str | Promise] = (
    gettext_lazy("Seven focus areas: none is where it should be"),
    gettext_lazy("Seven focus areas: one is where it should be"),
    gettext_lazy("Seven focus areas: two are where they should be"),
    gettext_lazy("Seven focus areas: three are where they should be"),
    gettext_lazy("Seven focus areas: four are where they should be"),
    gettext_lazy("Seven focus areas: five are where they should be"),
    gettext_lazy("Seven focus areas: six are where they should be"),
    gettext_lazy("Seven focus areas: all are where they should be"),
)
WELL = (Status.ACHIEVED, Status.ON_TRACK)
HARDLY = Decimal(1)
"""A change of less than one percentage point is called no change."""


@dataclass(frozen=True)
class AreaRow:
    """A focus area with the standing of its indicator; None before the first figures."""

    element: PlanElement
    standing: Standing | None


@dataclass(frozen=True)
class RegionChart:
    """The slum share of one region by year; a point is weak where coverage is thin."""

    name: Wording
    points: tuple[Point, ...]
    year: int
    countries: int
    coverage: Decimal | None
    sentence: str


@dataclass(frozen=True)
class Slums:
    """The slum share in the four regions, on one scale, with its source."""

    heading: str
    same_countries: str
    regions: tuple[RegionChart, ...]
    years: tuple[int, ...]
    series: Series

    @property
    def rows(self) -> list[tuple[int, list[Point | None]]]:
        """Year → the point of each region, for the table that says the same."""
        found = [{point.x: point for point in region.points} for region in self.regions]
        return [(year, [points.get(str(year)) for points in found]) for year in self.years]


@dataclass(frozen=True)
class Markers:
    """Projects that met every marker requirement at first attempt, by year, with the aim."""

    heading: str
    sentence: str
    points: tuple[Point, ...]
    marks: tuple[Mark, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class FrontPage:
    """The home page. `period` is None before the first figure is approved."""

    first_wording: PlanText | None
    last_wording: PlanText | None
    period: Period | None
    heading: str
    areas: tuple[AreaRow, ...]
    target_year: int | None
    slums: Slums | None
    markers: Markers | None
    illustrative: bool


def front_page(*, today: date) -> FrontPage:
    """Everything but the reports, in a fixed number of queries."""
    period = latest_year(today)
    found = {standing.indicator.code: standing for standing in _standings(period, today)}
    by_result = {standing.indicator.result_id: standing for standing in found.values()}
    areas = tuple(
        AreaRow(element, by_result.get(element.result.pk))
        for element in elements(Result.Level.FOCUS_AREA)
    )
    wordings = wordings_of(PROMISE)
    targets = [row.standing.final_target for row in areas if row.standing]
    return FrontPage(
        first_wording=wordings[0] if wordings else None,
        last_wording=wordings[-1] if len(wordings) > 1 else None,
        period=period,
        heading=heading([row.standing.rating.status for row in areas if row.standing], period),
        areas=areas,
        target_year=max((target.year for target in targets if target), default=None),
        slums=_slums(),
        markers=_markers(found.get(MARKERS)),
        illustrative=any(standing.illustrative for standing in found.values()),
    )


def _standings(period: Period | None, today: date) -> list[Standing]:
    if period is None:
        return []
    return standings(
        levels=[Result.Level.FOCUS_AREA], codes=[MARKERS], period=period, today=today
    )


def heading(statuses: Sequence[Status], period: Period | None) -> str:
    """How many focus areas are where they should be; without a rating, what stands here."""
    if period is None:
        return _("Seven focus areas and what each of them is to achieve")
    if all(status is Status.NOT_RATED for status in statuses):
        return _("Standing of the focus areas at the end of %(year)s") % {"year": period.year}
    well = sum(status in WELL for status in statuses)
    if len(statuses) == AREAS:
        return str(HEADINGS[well])
    return ngettext(
        "%(well)s of %(all)s focus areas is where it should be",
        "%(well)s of %(all)s focus areas are where they should be",
        well,
    ) % {"well": well, "all": len(statuses)}


def _slums() -> Slums | None:
    indicator = Indicator.objects.filter(code=SLUMS).first()
    found = regional_series(indicator) if indicator else None
    if found is None or not found.world.totals:
        return None
    return Slums(
        heading=_slum_heading(found.world, found.like_with_like),
        same_countries=like_sentence(found.like_with_like) if found.like_with_like else "",
        regions=tuple(_region(region) for region in found.regions if region.totals),
        years=tuple(found.world.totals),
        series=found.series,
    )


def _region(series: RegionalSeries) -> RegionChart:
    points = _points(series)
    first, last = points[0], points[-1]
    year = int(last.x)
    name = series.region.name if series.region else Wording({})
    sentence = _("%(region)s: %(first)s in %(from)s, %(last)s in %(to)s") % {
        "region": name, "first": _per_cent(first.y), "from": first.x,
        "last": _per_cent(last.y), "to": last.x,
    }  # fmt: skip
    coverage = series.totals[year].coverage
    return RegionChart(name, points, year, coverage.reporting, coverage.share, sentence)


def _points(series: RegionalSeries) -> tuple[Point, ...]:
    """The years with a value; some data of the custodian have years without any."""
    return tuple(
        Point(str(year), total.number, total.coverage.is_thin)
        for year, total in series.totals.items()
        if total.number is not None
    )


def _slum_heading(world: RegionalSeries, like: LikeWithLike | None) -> str:
    """What the countries that reported in both years say: other comparisons mix the countries.

    If they are too few, nothing is said.
    """
    if like is None or like.change is None:
        return _("The share of urban residents living in slums")
    if like.first.coverage.is_thin or like.second.coverage.is_thin:
        return _("The share of urban residents living in slums")
    years = [year for year in world.totals if year >= FIRST_YEAR]
    words = {
        "first": _per_cent(like.first.number),
        "from": years[0],
        "last": _per_cent(like.second.number),
        "to": years[-1],
    }
    change = like.change
    if abs(change) < HARDLY:
        told = _("Slums have hardly shrunk: %(first)s of urban residents lived there in %(from)s, "
                 "%(last)s in %(to)s")  # fmt: skip
    elif change < 0:
        told = _("The share of urban residents living in slums fell from %(first)s in %(from)s to "
                 "%(last)s in %(to)s")  # fmt: skip
    else:
        told = _("The share of urban residents living in slums rose from %(first)s in %(from)s to "
                 "%(last)s in %(to)s")  # fmt: skip
    return told % words


def _markers(standing: Standing | None) -> Markers | None:
    if standing is None:
        return None
    totals = standing.by_year.items()
    values = {year: total.number for year, total in totals if total.number is not None}
    if not values:
        return None
    last, target = max(values), standing.final_target
    words = {"value": _per_cent(values[last], 0), "year": last}
    marks: tuple[Mark, ...] = ()
    shown = [f"{year}: {_per_cent(value, 0)}" for year, value in values.items()]
    if target:
        shown.append(_("aim for %(year)s: %(value)s")
                     % {"year": target.year, "value": _per_cent(target.value, 0)})
        label = _("%(value)s aim") % {"value": formats.figure(target.value, 0, _language())}
        marks = (Mark(str(target.year), target.value, "target", label),)
    return Markers(
        heading=_("%(value)s of projects met every cross-cutting requirement at first attempt "
                  "in %(year)s") % words,
        sentence="; ".join(shown),
        points=tuple(Point(str(year), value) for year, value in values.items()),
        marks=marks,
        sources=standing.sources,
    )  # fmt: skip


def _per_cent(value: Decimal | None, decimals: int = 1) -> str:
    return "" if value is None else formats.per_cent(value, decimals, _language())


def _language() -> str:
    return get_language() or "en"
