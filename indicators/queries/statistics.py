"""Statistics of countries: weighted means by group of countries, with their coverage."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from indicators.models import Indicator, Observation, PublishedAggregate, Series
from indicators.rules.periods import FIRST_YEAR
from indicators.rules.statistics import LikeWithLike, same_countries, weighted_mean
from indicators.rules.statistics import Observation as CountryValue
from indicators.rules.totals import Total
from organization.models import Country, Region
from organization.queries import region_members

Values = dict[int, list[CountryValue]]
Weights = dict[int, dict[str, Decimal]]


@dataclass(frozen=True)
class RegionalSeries:
    """One series over a group of countries: year → weighted mean; the custodian's own beside it."""

    region: Region | None
    totals: Mapping[int, Total]
    published: Mapping[int, Decimal]


@dataclass(frozen=True)
class SeriesPage:
    """A series with its weights, for the world and for each region of UN-Habitat."""

    series: Series
    world: RegionalSeries
    regions: tuple[RegionalSeries, ...]
    like_with_like: LikeWithLike | None
    names: Mapping[str, Country]


def _values(series: Sequence[Series]) -> tuple[dict[int, Values], dict[int, Weights]]:
    """Observations and weights of some series, by series and year. One query."""
    own = [one.pk for one in series]
    weigh = [one.weight_id for one in series if one.weight_id]
    years = Observation.objects.filter(series__in=own).values("year").distinct()
    values: dict[int, Values] = defaultdict(lambda: defaultdict(list))
    weights: dict[int, Weights] = defaultdict(lambda: defaultdict(dict))
    rows = Observation.objects.filter(
        Q(series__in=own) | Q(series__in=weigh, year__in=years)
    ).values_list("series_id", "country__iso3", "year", "value", "qualifier")
    for identity, country, year, value, qualifier in rows.iterator(chunk_size=5000):
        values[identity][year].append(CountryValue(country, year, value, qualifier))
        weights[identity][year][country] = value
    return values, weights


def _means(
    values: Values, weights: Weights, countries: frozenset[str] | None = None, until: int = 9999
) -> dict[int, Total]:
    """Year → weighted mean; for a group of countries, over those of them that have a weight."""
    means = {}
    for year in sorted(year for year in values if year <= until):
        of_year = weights.get(year, {})
        expected = [code for code in of_year if countries is None or code in countries]
        used = [value for value in values[year] if countries is None or value.country in countries]
        means[year] = weighted_mean(used, of_year, expected=expected)
    return means


def world_totals(indicators: Sequence[Indicator], *, until: int) -> dict[int, dict[int, Total]]:
    """Indicator id → year → mean over all reporting countries. Two queries."""
    series = list(Series.objects.filter(indicator__in=[i.pk for i in indicators]))
    values, weights = _values(series)
    return {
        one.indicator_id: _means(values[one.pk], weights[one.weight_id or 0], until=until)
        for one in series
        if one.indicator_id
    }


def regional_series(indicator: Indicator) -> SeriesPage | None:
    """The series behind an indicator, by region; None if there is none. Seven queries."""
    series = Series.objects.filter(indicator=indicator).select_related("weight").first()
    if series is None:
        return None
    by_series, by_weight = _values([series])
    values, weights = by_series[series.pk], by_weight[series.weight_id or 0]
    published: dict[str, dict[int, Decimal]] = defaultdict(dict)
    for row in PublishedAggregate.objects.filter(series=series).select_related("region"):
        published[row.region.code][row.year] = row.value
    countries = {country.pk: country for country in Country.objects.all()}
    regions = []
    for region, members in region_members(Region.Scheme.UN_HABITAT).items():
        codes = frozenset(countries[member].iso3 for member in members)
        # Of the four regions only Latin America and the Caribbean equals an M49 group.
        own = published["419"] if region.code == "latin_america_caribbean" else {}
        regions.append(RegionalSeries(region, _means(values, weights, codes), own))
    return SeriesPage(
        series=series,
        world=RegionalSeries(None, _means(values, weights), published["001"]),
        regions=tuple(regions),
        like_with_like=_like_with_like(values, weights),
        names={country.iso3: country for country in countries.values()},
    )


def _like_with_like(values: Values, weights: Weights) -> LikeWithLike | None:
    """The first plan year with data against the latest, over the countries that have both."""
    years = sorted(year for year in values if year >= FIRST_YEAR)
    if not years or years[0] == years[-1]:
        return None
    start, end = years[0], years[-1]
    return same_countries(values[start], values[end], weights[start], weights[end])
