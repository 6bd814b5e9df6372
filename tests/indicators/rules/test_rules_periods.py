"""The calendar of the plan."""

import pytest

from indicators.rules.periods import (
    Frequency,
    biennium_of,
    covering,
    due,
    next_due,
    years_of,
)


class TestDue:
    @pytest.mark.parametrize(
        ("frequency", "years"),
        [
            (Frequency.ANNUAL, [2014, 2015, 2016, 2017, 2018, 2019]),
            (Frequency.BIENNIAL, [2015, 2017, 2019]),
            (Frequency.TWICE, [2016, 2019]),
        ],
    )
    def test_falls_in_these_years_only(self, frequency: Frequency, years: list[int]) -> None:
        assert [year for year in range(2012, 2022) if due(frequency, year)] == years

    def test_says_when_it_is_due_next(self) -> None:
        assert next_due(Frequency.BIENNIAL, 2015) == 2017
        assert next_due(Frequency.BIENNIAL, 2016) == 2017
        assert next_due(Frequency.TWICE, 2013) == 2016
        assert next_due(Frequency.ANNUAL, 2019) is None


class TestYearsOf:
    @pytest.mark.parametrize(
        ("code", "years"),
        [
            ("2013", (2013,)),
            ("2017", (2017,)),
            ("2014-2015", (2014, 2015)),
            ("2016-2017", (2016, 2017)),
            ("2018-2019", (2018, 2019)),
            ("mid-term", (2016,)),
            ("final", (2019,)),
        ],
    )
    def test_reads_each_period_of_the_plan(self, code: str, years: tuple[int, ...]) -> None:
        assert years_of(code) == years

    @pytest.mark.parametrize("code", ["2012", "2020", "2015-2016", "", "2017 ", "٢٠١٧"])
    def test_refuses_a_period_the_plan_does_not_have(self, code: str) -> None:
        with pytest.raises(ValueError, match="no period"):
            years_of(code)


class TestBienniumOf:
    def test_finds_the_biennium_of_both_its_years(self) -> None:
        assert biennium_of(2016) == biennium_of(2017) == "2016-2017"

    @pytest.mark.parametrize("year", [2013, 2020])
    def test_refuses_a_year_outside_the_plan(self, year: int) -> None:
        with pytest.raises(ValueError, match="no biennium"):
            biennium_of(year)


class TestCovering:
    @pytest.mark.parametrize(
        ("frequency", "year", "period"),
        [
            ("annual", 2016, "2016"),
            ("biennial", 2016, "2016-2017"),
            ("biennial", 2017, "2016-2017"),
            ("twice", 2016, "mid-term"),
            ("twice", 2017, None),
            ("twice", 2019, "final"),
            ("annual", 2013, None),
            ("biennial", 2020, None),
        ],
    )
    def test_is_the_period_of_the_report_read_from_a_year(
        self, frequency: str, year: int, period: str | None
    ) -> None:
        assert covering(Frequency(frequency), year) == period
