"""Weighted means of country series, with coverage and known answers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.aggregation import LeftOut, Observation, same_countries, weighted_mean
from indicators.rules.kinds import Nothing
from indicators.rules.numbers import shown

SLUMS_LATIN_AMERICA_2018 = """
ARG 14.7 40978889; BLZ 5 164124; BOL 48.5 7988348; BRA 16.3 178163387; CHL 8.8 16618838
COL 27.8 37886343; CRI 3.9 3795429; CUB 6.6 8646636; DOM 14.8 7952726; ECU 20.1 10748602
GRD 6 41732; GTM 31 9070721; GUY 31.1 209120; HND 38.6 5457313; HTI 65.9 5631902
JAM 57.1 1587642; LCA 11.2 40583; MEX 16 97201282; NIC 42.2 3735623; PAN 22.1 2738698
PER 33.1 26374675; PRY 17.1 4108697; SLV 22.4 4463192; SUR 5.9 396094; TTO 5.4 733033
VEN 44.1 26548419
"""
"""Share of urban population in slums (per cent) and urban population: UNSD 11.1.1, World Bank."""

OTHERS = {"URY": 3234796, "BHS": 321888, "BRB": 166378, "CYM": 65941, "ABW": 68108}


def observed(country: str, value: object, year: int = 2018, qualifier: str = "") -> Observation:
    return Observation(country, year, Decimal(str(value)), qualifier)


def weights(**values: int) -> dict[str, Decimal]:
    return {country: Decimal(weight) for country, weight in values.items()}


shares = st.dictionaries(
    st.sampled_from("ABCDEFGH"), st.decimals(0, 100, places=1), min_size=1, max_size=8
)
populations = st.dictionaries(
    st.sampled_from("ABCDEFGH"), st.integers(1, 10**9).map(Decimal), min_size=1, max_size=8
)


class TestWeightedMean:
    def test_gives_the_known_answer_for_latin_america_in_2018(self) -> None:
        rows = [row.split() for row in SLUMS_LATIN_AMERICA_2018.replace("\n", ";").split(";")]
        rows = [row for row in rows if row]
        persons = {country: Decimal(p) for country, _, p in rows}
        mean = weighted_mean(
            [observed(country, value) for country, value, _ in rows],
            persons | weights(**OTHERS),
        )
        assert mean.number is not None
        assert shown(mean.number, 2) == Decimal("20.86")
        assert mean.denominator == Decimal(501_282_048)
        assert (mean.coverage.reporting, mean.coverage.expected) == (26, 31)
        assert mean.coverage.share is not None
        assert shown(mean.coverage.share * 100, 1) == Decimal("99.2")
        assert {gap.key for gap in mean.left_out} == set(OTHERS)

    def test_weighs_a_large_country_more(self) -> None:
        mean = weighted_mean([observed("A", 10), observed("B", 40)], weights(A=2, B=1))
        assert mean.number == Decimal(20)
        assert mean.numerator == Decimal(60)
        assert [line.product for line in mean.lines] == [Decimal(20), Decimal(40)]

    def test_leaves_out_a_country_without_value_and_one_without_weight(self) -> None:
        mean = weighted_mean([observed("A", 10), observed("C", 90)], weights(A=3, B=1))
        assert mean.number == Decimal(10)
        assert mean.left_out == (LeftOut("B", Nothing.NOT_REPORTED), LeftOut("C", "no_weight"))
        assert mean.coverage.share == Decimal("0.75")

    def test_stays_within_the_region_asked(self) -> None:
        mean = weighted_mean(
            [observed("A", 10), observed("Z", 90)], weights(A=1, B=1, Z=9), expected=["A", "B"]
        )
        assert mean.number == Decimal(10)
        assert mean.coverage.share == Decimal("0.5")
        assert mean.left_out == (LeftOut("B", Nothing.NOT_REPORTED),)

    def test_uses_a_censored_value_at_its_bound_and_says_so(self) -> None:
        mean = weighted_mean(
            [observed("A", 95, qualifier=">"), observed("B", 85)], weights(A=1, B=1)
        )
        assert mean.number == Decimal(90)
        assert mean.censored == 1

    def test_is_not_reported_if_no_country_has_both(self) -> None:
        mean = weighted_mean([observed("A", 10)], weights(B=1))
        assert (mean.number, mean.nothing) == (None, Nothing.NOT_REPORTED)

    def test_is_not_applicable_if_the_weights_are_zero(self) -> None:
        mean = weighted_mean([observed("A", 10)], weights(A=0))
        assert (mean.nothing, mean.reason) == (Nothing.NOT_APPLICABLE, "weight_zero")

    def test_refuses_two_values_of_one_country_and_a_negative_weight(self) -> None:
        with pytest.raises(ValueError, match="two observations"):
            weighted_mean([observed("A", 1), observed("A", 2)], weights(A=1))
        with pytest.raises(ValueError, match="not negative"):
            weighted_mean([], weights(A=-1))

    @given(shares, populations)
    def test_lies_between_least_and_greatest_and_coverage_between_none_and_all(
        self, values: dict[str, Decimal], persons: dict[str, Decimal]
    ) -> None:
        mean = weighted_mean([observed(c, v) for c, v in values.items()], persons)
        both = [v for c, v in values.items() if c in persons]
        assert (mean.number is None) == (not both)
        if mean.number is not None:
            assert min(both) <= mean.number <= max(both)
        assert mean.coverage.share is not None
        assert 0 <= mean.coverage.share <= 1


class TestSameCountries:
    def test_compares_only_the_countries_with_both_years(self) -> None:
        pair = same_countries(
            [observed("A", 30, 2014), observed("B", 50, 2014)],
            [observed("A", 33, 2018), observed("C", 10, 2018)],
            weights(A=6, B=4),
            weights(A=8, C=8),
        )
        assert (pair.first.number, pair.second.number) == (Decimal(30), Decimal(33))
        assert pair.change == Decimal(3)
        assert pair.first.coverage.share == Decimal("0.6")
        assert pair.second.coverage.share == Decimal("0.5")

    def test_has_no_change_without_a_common_country(self) -> None:
        pair = same_countries([observed("A", 1, 2014)], [], weights(A=1), weights(A=1))
        assert pair.change is None
