"""The page of a statistic in words: regions, reports, like with like, one region's arithmetic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.charts import Point
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator
from indicators.queries.statistics import RegionalSeries, SeriesPage
from indicators.rules.aggregation import LikeWithLike, Total
from indicators.rules.exact import difference
from indicators.rules.kinds import Nothing
from indicators.rules.periods import FIRST_YEAR, MID_TERM_YEAR

TEN_POINTS = Decimal("0.1")
FULL, LOWER = Decimal(100), Decimal(80)  # round tops of the axis that all regions share


def _language() -> str:
    return get_language() or "en"


@dataclass(frozen=True)
class CountryLine:
    """One country in a weighted mean: its share, its weight, and how many people that is."""

    name: Wording | str
    bound: str
    share: Decimal | None
    weight: Decimal | None
    product: Decimal


def _country_lines(series: SeriesPage, total: Total | None) -> list[CountryLine]:
    """Countries by the number of people concerned, the most first."""
    if total is None:
        return []
    lines = [
        CountryLine(
            series.names[line.key].name if line.key in series.names else line.key,
            line.choice,
            line.number,
            line.weight,
            (line.product or Decimal(0)) / 100,
        )
        for line in total.lines
    ]
    return sorted(lines, key=lambda line: -line.product)


@dataclass(frozen=True)
class RegionView:
    """A group of countries: its points, its latest well-known year, its change since 2014."""

    code: str
    name: Wording | str
    points: tuple[Point, ...]
    published: tuple[Point, ...]
    published_label: str
    latest: Total | None
    latest_year: int
    first: Total | None
    sentence: str
    by_year: dict[int, Total] = field(default_factory=dict)


def _published_label(published: Mapping[int, Decimal]) -> str:
    """The custodian's own latest figure, marked as published."""
    if not published:
        return ""
    value = formats.figure(published[max(published)], 1, _language())
    return _("%(value)s publ.") % {"value": value}


def _region(series: RegionalSeries, title: str) -> RegionView:
    known = {year: total for year, total in series.totals.items() if total.number is not None}
    latest = max(known, default=0)
    points = tuple(
        Point(str(year), total.number, total.coverage.is_thin) for year, total in known.items()
    )
    sentence = "; ".join(
        f"{year}: {formats.per_cent(total.number or 0, 1, _language())}"
        for year, total in known.items()
    )
    name = series.region.name if series.region else title
    return RegionView(
        code=series.region.code if series.region else "world",
        name=name,
        points=points,
        published=tuple(Point(point.x, series.published.get(int(point.x))) for point in points),
        published_label=_published_label(series.published),
        latest=known.get(latest),
        latest_year=latest,
        first=known.get(2014),
        sentence=f"{name}: {sentence}",
        by_year=known,
    )


@dataclass(frozen=True)
class RegionRow:
    """A region in the table of change since the plan began; points are unrounded."""

    name: Wording | str
    first: Decimal | None
    last: Decimal | None
    points: Decimal | None
    coverage: Total


def _region_rows(views: Sequence[RegionView], first: int, last: int) -> list[RegionRow]:
    rows = []
    for view in views:
        before, after = view.by_year.get(first), view.by_year.get(last)
        if after is None or after.number is None:
            continue
        start = before.number if before else None
        change = None if start is None else difference(after.number, start)
        rows.append(RegionRow(view.name, start, after.number, change, after))
    return rows


def message(title: str, world: RegionView) -> str:
    """The latest figure as the heading of the page; the title alone where there is none."""
    if world.latest is None or world.latest.number is None:
        return title
    count = world.latest.coverage.reporting
    return ngettext(
        "%(title)s: %(value)s per cent in %(year)s, in the %(count)s country that reports",
        "%(title)s: %(value)s per cent in %(year)s, in the %(count)s countries that report",
        count,
    ) % {
        "title": title,
        "value": formats.figure(world.latest.number, 1, _language()),
        "year": world.latest_year,
        "count": count,
    }


def like_sentence(like: LikeWithLike | None) -> str:
    """The change over the same countries; empty where no country has both years."""
    if like is None or like.first.number is None or like.second.number is None:
        return ""
    count = like.first.coverage.reporting
    return ngettext(
        "In the %(count)s country that reported in both years the figure went from %(before)s "
        "per cent in %(first)s to %(after)s per cent in %(second)s.",
        "In the %(count)s countries that reported in both years the figure went from %(before)s "
        "per cent in %(first)s to %(after)s per cent in %(second)s.",
        count,
    ) % {
        "count": count,
        "before": formats.figure(like.first.number, 1, _language()),
        "first": like.first.lines[0].year,
        "after": formats.figure(like.second.number, 1, _language()),
        "second": like.second.lines[0].year,
    }


@dataclass(frozen=True)
class Incomparable:
    """Years that should not be compared with the others, and why."""

    heading: str
    text: str


def standing_apart(shares: Mapping[int, Decimal]) -> list[int]:
    """The years whose coverage lies more than ten points from that of every other year."""
    return [
        year
        for year, share in shares.items()
        if len(shares) > 1
        and all(
            abs(difference(share, other)) > TEN_POINTS
            for another, other in shares.items()
            if another != year
        )
    ]


def warning(world: RegionView, years: Sequence[int]) -> Incomparable | None:
    """Which of some years covers too much more or less than the others to be compared."""
    shares = {year: world.by_year[year].coverage.share or Decimal(0) for year in years}
    apart = standing_apart(shares)
    if not apart:
        return None
    shown = {year: formats.share(share, 0, _language()) for year, share in shares.items()}
    others = [year for year in years if year not in apart]
    if not others:
        text = ", ".join(f"{year}: {shown[year]}" for year in apart)
        return Incomparable(
            _("Do not compare these years with each other."),
            _("The countries that reported hold of the urban population: %(years)s.")
            % {"years": text},
        )
    named = {
        "years": ", ".join(str(year) for year in apart),
        "share": ", ".join(shown[year] for year in apart),
        "others": ", ".join(f"{year}: {shown[year]}" for year in others),
    }
    return Incomparable(
        _("Do not compare %(years)s with the other years.") % named,
        _(
            "The countries that reported in %(years)s hold %(share)s of the urban population; in "
            "the other years: %(others)s."
        )
        % named,
    )


def _chosen(asked: QueryDict, views: Sequence[RegionView], world: RegionView) -> dict[str, Any]:
    """The region and year whose arithmetic is asked for; what is not known gives the usual ones."""
    chosen = {view.code: view for view in views}.get(asked.get("region", ""), world)
    year = {str(one): one for one in chosen.by_year}.get(asked.get("year", ""), chosen.latest_year)
    total = chosen.by_year.get(year)
    return {
        "chosen": chosen,
        "chosen_year": year,
        "total": total,
        "asked_region": "region" in asked,
    }


def statistic_context(series: SeriesPage, indicator: Indicator, asked: QueryDict) -> dict[str, Any]:
    """Everything the page of a statistic shows beside what every indicator has."""
    regions = [_region(region, "") for region in series.regions]
    world = _region(series.world, _("All countries that report"))
    views = [*regions, world]
    highest = max((p.y or Decimal(0) for view in views for p in view.points), default=Decimal(1))
    reports = [
        (label, year, world.by_year[year], series.world.published.get(year))
        for year, label in {
            FIRST_YEAR: _("Baseline year used here"),
            world.latest_year: _("Latest year held"),
            MID_TERM_YEAR: _("First report, mid-term evaluation"),
        }.items()
        if year in world.by_year
    ]
    reports.sort(key=lambda report: report[1])
    context = _chosen(asked, views, world)
    total = context["total"]
    return context | {
        "series": series,
        "regions": views,
        "world": world,
        "message": message(str(indicator.title), world),
        "like_sentence": like_sentence(series.like_with_like),
        "warning": warning(world, [report[1] for report in reports]),
        "published": series.world.published.get(world.latest_year),
        "maximum": FULL if highest > LOWER else LOWER,
        "periods_reported": reports,
        "like": series.like_with_like,
        "region_rows": _region_rows(regions, FIRST_YEAR, world.latest_year),
        "first_year": FIRST_YEAR,
        "highest": highest,
        "lines": _country_lines(series, total),
        "residents": (total.numerator or Decimal(0)) / 100 if total else None,
        "all_years": sorted({year for view in views for year in view.by_year}),
        "no_figure": Nothing.NOT_REPORTED.value,
    }
