"""The country data in fixtures/ are what was published, and roll up to the known answers.

The roll-up is written out here in plain decimals and uses no code of the application, so that
the application can be held against it.
"""

import csv
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
LANGUAGES = ("en", "fr", "es", "ar", "ru", "zh")
REGION_CODES = {
    "Africa": "africa",
    "Arab States": "arab_states",
    "Asia and the Pacific": "asia_pacific",
    "Latin America and the Caribbean": "latin_america_caribbean",
    "": "",
}
SLUMS = "timeseries/sdg_11_1_1_slum_share.csv"
WATER_AND_SANITATION = "timeseries/sdg_6_safely_managed_water_sanitation.csv"
BASIC_SERVICES = "timeseries/sdg_1_4_1_basic_water_sanitation.csv"
ENERGY = "timeseries/sdg_7_1_energy_access.csv"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def fixture_rows(name: str) -> list[dict[str, str]]:
    return rows(FIXTURES / name)


def names(row: dict[str, str]) -> list[str]:
    return [row[f"name_{language}"] for language in LANGUAGES]


def published_text(row: dict[str, str]) -> str:
    """The value as the database prints it: qualifier and number together, such as `>95`."""
    return row.get("qualifier", "") + row["value"]


def urban_population(year: int) -> dict[str, Decimal]:
    return {
        row["iso3"]: Decimal(row["value"])
        for row in fixture_rows("statistics/urban_population.csv")
        if row["year"] == str(year)
    }


def members(area: str) -> set[str]:
    """Countries of an M49 code (001 is the world) or of a UN-Habitat region."""
    columns = ("unhabitat_region", "m49_region", "m49_subregion", "m49_intermediate")
    return {
        row["iso3"]
        for row in fixture_rows("reference/countries.csv")
        if area == "001" or area in (row[column] for column in columns)
    }


class RollUp(NamedTuple):
    """A mean weighted by urban population, per cent, with the persons that stand behind it."""

    countries: int
    mean: Decimal
    covered: int
    all_urban: int

    @property
    def coverage(self) -> Decimal:
        """Urban population of the reporting countries, per cent of the region's, four decimals."""
        return round(100 * Decimal(self.covered) / self.all_urban, 4)


def expect(countries: int, mean: str, covered: int, all_urban: int) -> RollUp:
    """An expected answer, written as literals."""
    return RollUp(countries, Decimal(mean), covered, all_urban)


def roll_up(values: dict[str, Decimal], area: str, year: int) -> RollUp:
    region = members(area)
    weights = {iso3: w for iso3, w in urban_population(year).items() if iso3 in region}
    reporting = sorted(values.keys() & weights.keys())
    covered = sum(weights[iso3] for iso3 in reporting)
    weighted = sum(values[iso3] * weights[iso3] for iso3 in reporting)
    mean = round(Decimal(weighted) / Decimal(covered), 2)
    return RollUp(len(reporting), mean, int(covered), int(sum(weights.values())))


def fixture_roll_up(series: str, area: str, year: int) -> RollUp:
    values = {
        row["iso3"]: Decimal(row["value"])
        for row in fixture_rows(f"statistics/{series}.csv")
        if row["year"] == str(year)
    }
    return roll_up(values, area, year)


class TestFixturesEqualThePublishedData:
    @pytest.mark.parametrize(
        ("series", "origin", "location", "count"),
        [
            ("EN_LND_SLUM", SLUMS, "", 619),
            ("SH_H2O_SAFE", WATER_AND_SANITATION, "URBAN", 983),
            ("SH_SAN_SAFE", WATER_AND_SANITATION, "URBAN", 1337),
            ("EG_EGY_CLEAN", ENERGY, "", 3610),
        ],
    )
    def test_holds_every_country_value_of_the_series_as_printed(
        self, shared_data: Path, series: str, origin: str, location: str, count: int
    ) -> None:
        published = [
            (row["iso3"], row["year"], row["value"], row["nature"])
            for row in rows(shared_data / origin)
            if row["series"] == series
            and row["location"] == location
            and row["area_type"] == "country"
        ]
        ours = [
            (row["iso3"], row["year"], published_text(row), row["nature"])
            for row in fixture_rows(f"statistics/{series}.csv")
        ]
        assert len(ours) == count
        assert sorted(ours) == sorted(published)

    def test_holds_the_urban_population_of_every_m49_country_from_1990_to_2019(
        self, shared_data: Path
    ) -> None:
        published = [
            (row["iso3"], row["year"], row["urban_population"])
            for row in rows(shared_data / "timeseries/urban_population.csv")
            if row["m49"] and "1990" <= row["year"] <= "2019"
        ]
        ours = [
            (row["iso3"], row["year"], row["value"])
            for row in fixture_rows("statistics/urban_population.csv")
        ]
        assert len(ours) == 6330
        assert sorted(ours) == sorted(published)

    def test_holds_every_slum_share_that_the_custodian_published_for_a_group(
        self, shared_data: Path
    ) -> None:
        published = [
            (row["series"], row["m49"], row["year"], row["value"])
            for row in rows(shared_data / SLUMS)
            if row["area_type"] == "group"
        ]
        ours = [
            (row["series"], row["m49"], row["year"], row["value"])
            for row in fixture_rows("statistics/published_aggregates.csv")
        ]
        assert len(ours) == 36
        assert sorted(ours) == sorted(published)

    def test_holds_every_country_with_six_names_and_its_regions(self, shared_data: Path) -> None:
        expected = [
            {
                "m49": row["m49"],
                "iso2": row["iso2"],
                "iso3": row["iso3"],
                **{f"name_{language}": row[f"name_{language}"] for language in LANGUAGES},
                "unhabitat_region": REGION_CODES[row["unhabitat_region"]],
                "region_basis": row["unhabitat_region_basis"],
                "m49_region": row["region_m49"],
                "m49_subregion": row["subregion_m49"],
                "m49_intermediate": row["intermediate_m49"],
            }
            for row in rows(shared_data / "countries/m49_countries.csv")
        ]
        assert len(expected) == 249
        assert fixture_rows("reference/countries.csv") == expected

    def test_holds_every_m49_region_with_six_names(self, shared_data: Path) -> None:
        expected = [
            (row["m49"], row["level"], row["parent_m49"], *names(row))
            for row in rows(shared_data / "countries/m49_regions.csv")
        ]
        ours = [
            (row["code"], row["level"], row["parent"], *names(row))
            for row in fixture_rows("reference/regions.csv")
            if row["source"] == "M49"
        ]
        assert len(ours) == 30
        assert ours == expected

    def test_basic_water_services_would_cover_more_and_say_less(self, shared_data: Path) -> None:
        """Why SR.c1 takes safely managed water all the same stands in the note of the series."""
        values = {
            row["iso3"]: Decimal(row["value"])
            for row in rows(shared_data / BASIC_SERVICES)
            if (row["series"], row["location"], row["area_type"], row["year"])
            == ("SP_ACS_BSRVH2O", "URBAN", "country", "2017")
        }
        basic = roll_up(values, "001", 2017)
        assert basic == (173, Decimal("96.30"), 3944836139, 4189178806)
        assert basic.coverage == Decimal("94.1673")


class TestReferenceData:
    @pytest.mark.parametrize(
        ("region", "count"),
        [
            ("africa", 54),
            ("arab_states", 18),
            ("asia_pacific", 62),
            ("latin_america_caribbean", 52),
            ("", 63),
        ],
    )
    def test_counts_the_countries_of_each_un_habitat_region(self, region: str, count: int) -> None:
        countries = fixture_rows("reference/countries.csv")
        assert sum(row["unhabitat_region"] == region for row in countries) == count

    def test_latin_america_and_the_caribbean_is_the_same_in_m49_and_in_un_habitat(
        self,
    ) -> None:
        assert members("419") == members("latin_america_caribbean")

    def test_every_region_that_a_country_or_an_aggregate_names_has_a_row(self) -> None:
        regions = {row["code"] for row in fixture_rows("reference/regions.csv")}
        countries = fixture_rows("reference/countries.csv")
        countries += fixture_rows("reference/invented_countries.csv")
        columns = ("unhabitat_region", "m49_region", "m49_subregion", "m49_intermediate")
        named = {row[column] for row in countries for column in columns} - {""}
        named |= {row["m49"] for row in fixture_rows("statistics/published_aggregates.csv")}
        assert named - regions == set()

    @pytest.mark.parametrize("name", ["countries", "invented_countries", "regions"])
    def test_every_row_has_a_name_in_each_language(self, name: str) -> None:
        for row in fixture_rows(f"reference/{name}.csv"):
            assert all(name.strip() for name in names(row)), row

    def test_invented_countries_share_no_code_with_a_real_one(self) -> None:
        real = fixture_rows("reference/countries.csv")
        invented = fixture_rows("reference/invented_countries.csv")
        assert [row["iso3"] for row in invented] == ["XAA", "XAB", "XAC", "XAD"]
        assert {row["iso3"] for row in real}.isdisjoint(row["iso3"] for row in invented)
        assert {row["iso2"] for row in real}.isdisjoint(row["iso2"] for row in invented)
        assert all(row["m49"] == "" and "(invented)" in row["name_en"] for row in invented)

    def test_every_series_has_its_file_and_its_file_names_only_listed_countries(
        self,
    ) -> None:
        listed = {row["iso3"] for row in fixture_rows("reference/countries.csv")}
        series = {row["code"]: row["indicator"] for row in fixture_rows("statistics/series.csv")}
        assert series == {
            "EN_LND_SLUM": "SR.a",
            "SH_H2O_SAFE": "SR.c1",
            "SH_SAN_SAFE": "SR.c2",
            "EG_EGY_CLEAN": "SR.c4",
            "urban_population": "",
        }
        for code in series:
            assert {row["iso3"] for row in fixture_rows(f"statistics/{code}.csv")} <= listed

    def test_censored_energy_values_are_held_as_their_bound_and_a_qualifier(self) -> None:
        values = [published_text(row) for row in fixture_rows("statistics/EG_EGY_CLEAN.csv")]
        assert values.count(">95") == 1362
        assert values.count("<5") == 557
        assert sum(value[0] in "<>" for value in values) == 1919


class TestSlumShareRollsUpToTheKnownAnswers:
    @pytest.mark.parametrize(
        ("area", "year", "expected", "coverage"),
        [
            ("001", 2014, expect(94, "29.86", 2692102118, 3941350872), "68.3040"),
            ("001", 2016, expect(118, "31.10", 2339755904, 4109777415), "56.9315"),
            ("001", 2018, expect(123, "29.45", 3337482415, 4268381380), "78.1908"),
            ("202", 2018, expect(43, "52.58", 439953449, 443504721), "99.1993"),
            ("419", 2014, expect(25, "21.22", 468953824, 481680243), "97.3579"),
            ("419", 2016, expect(24, "20.50", 485862145, 493878595), "98.3768"),
            ("419", 2018, expect(26, "20.86", 501282048, 505406380), "99.1840"),
            ("africa", 2018, expect(43, "52.58", 439953449, 443504721), "99.1993"),
            ("arab_states", 2018, expect(11, "29.59", 188502803, 245026741), "76.9315"),
            ("asia_pacific", 2018, expect(21, "30.39", 1875805367, 2135595779), "87.8352"),
            ("latin_america_caribbean", 2018, expect(26, "20.86", 501282048, 505406380), "99.1840"),
        ],
    )
    def test_mean_and_coverage(self, area: str, year: int, expected: RollUp, coverage: str) -> None:
        answer = fixture_roll_up("EN_LND_SLUM", area, year)
        assert answer == expected
        assert answer.coverage == Decimal(coverage)

    def test_residents_of_slums_behind_the_share_of_latin_america_and_the_caribbean(self) -> None:
        region = members("419")
        shares = {
            row["iso3"]: Decimal(row["value"])
            for row in fixture_rows("statistics/EN_LND_SLUM.csv")
            if row["year"] == "2018" and row["iso3"] in region
        }
        weights = urban_population(2018)
        residents = sum(share * weights[i] / 100 for i, share in shares.items() if i in weights)
        assert round(residents) == 104543672

    def test_leaves_out_two_areas_that_report_but_have_no_urban_population(self) -> None:
        weights = urban_population(2018)
        reporting = {
            row["iso3"]
            for row in fixture_rows("statistics/EN_LND_SLUM.csv")
            if row["year"] == "2018"
        }
        assert len(reporting) == 125
        assert reporting - weights.keys() == {"GLP", "GUF"}

    @pytest.mark.parametrize(
        ("area", "year", "published"),
        [
            ("001", 2018, "24"),
            ("202", 2018, "56.2"),
            ("419", 2014, "21"),
            ("419", 2016, "20.8"),
            ("419", 2018, "20.9"),
        ],
    )
    def test_the_custodian_published_another_figure(
        self, area: str, year: int, published: str
    ) -> None:
        """So a roll-up of ours must never carry the custodian's name."""
        found = [
            row["value"]
            for row in fixture_rows("statistics/published_aggregates.csv")
            if (row["series"], row["m49"], row["year"]) == ("EN_LND_SLUM", area, str(year))
        ]
        assert found == [published]
        assert fixture_roll_up("EN_LND_SLUM", area, year).mean != Decimal(published)


class TestUrbanServicesRollUp:
    @pytest.mark.parametrize(
        ("series", "area", "expected", "coverage"),
        [
            ("SH_H2O_SAFE", "001", expect(55, "80.73", 2082391374, 4189178806), "49.7088"),
            ("SH_H2O_SAFE", "arab_states", expect(2, "75.04", 49214796, 240855683), "20.4333"),
            ("SH_SAN_SAFE", "001", expect(75, "72.80", 2452317649, 4189178806), "58.5393"),
            ("SH_SAN_SAFE", "africa", expect(8, "27.99", 158106559, 426857602), "37.0396"),
            ("EG_EGY_CLEAN", "001", expect(188, "69.23", 4151241847, 4189178806), "99.0944"),
        ],
    )
    def test_mean_and_coverage_in_2017(
        self, series: str, area: str, expected: RollUp, coverage: str
    ) -> None:
        answer = fixture_roll_up(series, area, 2017)
        assert answer == expected
        assert answer.coverage == Decimal(coverage)
