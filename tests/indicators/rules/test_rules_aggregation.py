"""From the figures of offices to one figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.aggregation import (
    Coverage,
    Entry,
    LeftOut,
    Total,
    across_offices,
    across_periods,
    breakdown,
)
from indicators.rules.exact import total_of
from indicators.rules.kinds import EntryMeaning, Nothing, PeriodRule, PlaceRule

figures = st.decimals(0, 10**12, places=3, allow_nan=False, allow_infinity=False)
offices = st.sampled_from(["ROAF", "ROAS", "ROAP", "ROLAC", "UEB"])


def number(office: str, value: object, year: int = 2017) -> Entry:
    return Entry(office, year, number=Decimal(str(value)))


def ratio(office: str, numerator: object, denominator: object, year: int = 2017) -> Entry:
    return Entry(
        office,
        year,
        numerator=Decimal(str(numerator)),
        denominator=Decimal(str(denominator)),
    )


number_entries = st.lists(st.builds(number, offices, figures), max_size=8)


@st.composite
def ratio_entries(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for _ in range(draw(st.integers(1, 6))):
        whole = draw(st.integers(1, 10**6))
        entries.append(ratio(draw(offices), draw(st.integers(0, whole)), whole))
    return entries


class TestSumAcrossOffices:
    def test_adds_three_offices(self) -> None:
        entries = [number("ROAF", "180.5"), number("ROAS", 20), number("ROAP", 0)]
        total = across_offices(entries, PlaceRule.SUM, expected=["ROAF", "ROAS", "ROAP"])
        assert total.number == Decimal("200.5")
        assert [(line.key, line.number) for line in total.lines] == [
            ("ROAF", Decimal("180.5")),
            ("ROAP", Decimal(0)),
            ("ROAS", Decimal(20)),
        ]
        assert total.coverage == Coverage(reporting=3, expected=3)

    def test_names_the_office_that_sent_nothing(self) -> None:
        total = across_offices([number("ROAF", 5)], PlaceRule.SUM, expected=["ROAF", "ROAS"])
        assert total.left_out == (LeftOut("ROAS", Nothing.NOT_REPORTED),)
        assert total.coverage.share == Decimal("0.5")
        assert total.coverage.is_thin

    def test_takes_a_blank_entry_for_nothing_and_a_zero_for_data(self) -> None:
        blank = across_offices([Entry("ROAF", 2017)], PlaceRule.SUM, expected=["ROAF"])
        zero = across_offices([number("ROAF", 0)], PlaceRule.SUM, expected=["ROAF"])
        assert (blank.number, blank.nothing) == (None, Nothing.NOT_REPORTED)
        assert (zero.number, zero.nothing) == (Decimal(0), None)

    def test_does_not_expect_an_office_for_which_it_is_not_applicable(self) -> None:
        excused = Entry("ROAS", 2017, not_applicable=True, reason="No programme")
        total = across_offices(
            [number("ROAF", 5), excused], PlaceRule.SUM, expected=["ROAF", "ROAS"]
        )
        assert total.left_out == (LeftOut("ROAS", Nothing.NOT_APPLICABLE, "No programme"),)
        assert total.coverage == Coverage(reporting=1, expected=1)

    def test_is_not_applicable_if_it_is_so_for_every_office(self) -> None:
        excused = Entry("ROAS", 2017, not_applicable=True, reason="No programme")
        total = across_offices([excused], PlaceRule.SUM, expected=["ROAS"])
        assert (total.nothing, total.reason) == (Nothing.NOT_APPLICABLE, "all_not_applicable")
        assert total.coverage.share is None

    def test_is_not_due_if_nobody_is_asked(self) -> None:
        assert across_offices([], PlaceRule.SUM, expected=[]).nothing is Nothing.NOT_DUE

    def test_counts_what_nobody_asked_for_in_the_total_but_not_in_the_coverage(self) -> None:
        total = across_offices([number("UEB", 7)], PlaceRule.SUM, expected=["ROAF"])
        assert total.number == Decimal(7)
        assert total.coverage == Coverage(reporting=0, expected=1)

    def test_counts_the_offices_that_say_yes(self) -> None:
        entries = [
            Entry("ROAF", 2017, choice="yes"),
            Entry("ROAS", 2017, choice="no"),
            Entry("ROAP", 2017, choice="yes"),
        ]
        total = across_offices(entries, PlaceRule.SUM, expected=["ROAF", "ROAS", "ROAP"])
        assert total.number == Decimal(2)

    def test_is_illustrative_as_soon_as_one_figure_is(self) -> None:
        sample = Entry("ROAS", 2017, number=Decimal(1), illustrative=True)
        total = across_offices([number("ROAF", 5), sample], PlaceRule.SUM, expected=[])
        assert total.illustrative

    def test_loses_no_digit_of_fifteen_digit_figures(self) -> None:
        entries = [number("ROAF", "999999999999.999"), number("ROAS", "0.001")]
        total = across_offices(entries, PlaceRule.SUM, expected=[])
        assert total.number == Decimal("1000000000000.000")

    @pytest.mark.parametrize("rule", [PlaceRule.WEIGHTED_MEAN, PlaceRule.DISTINCT_COUNT])
    def test_refuses_rules_that_need_weights_or_a_register(self, rule: PlaceRule) -> None:
        with pytest.raises(ValueError, match="cannot be computed"):
            across_offices([], rule, expected=[])

    @given(number_entries, st.randoms())
    def test_does_not_depend_on_the_order(self, entries: list[Entry], chance: object) -> None:
        mixed = list(entries)
        chance.shuffle(mixed)  # type: ignore[attr-defined]
        first = across_offices(entries, PlaceRule.SUM, expected=["ROAF", "ROAS"])
        assert across_offices(mixed, PlaceRule.SUM, expected=["ROAS", "ROAF"]) == first

    @given(number_entries, figures, figures)
    def test_stays_the_same_if_an_office_is_split(
        self, entries: list[Entry], one: Decimal, other: Decimal
    ) -> None:
        whole = [*entries, number("X", one + other)]
        split = [*entries, number("X.1", one), number("X.2", other)]
        assert (
            across_offices(whole, PlaceRule.SUM, expected=[]).number
            == across_offices(split, PlaceRule.SUM, expected=[]).number
        )

    @given(number_entries.filter(bool))
    def test_stays_the_same_if_a_zero_is_added(self, entries: list[Entry]) -> None:
        before = across_offices(entries, PlaceRule.SUM, expected=[])
        after = across_offices([*entries, number("X", 0)], PlaceRule.SUM, expected=[])
        assert after.number == before.number
        assert len(after.lines) == len(before.lines) + 1

    @given(number_entries, st.sets(offices))
    def test_keeps_coverage_between_none_and_all(
        self, entries: list[Entry], asked: set[str]
    ) -> None:
        share = across_offices(entries, PlaceRule.SUM, expected=asked).coverage.share
        assert (share is None) == (not asked)
        assert share is None or 0 <= share <= 1


class TestRatioAcrossOffices:
    def test_divides_the_sums_and_does_not_average_the_ratios(self) -> None:
        # 8 of 10 and 30 of 90: 38 of 100, where the mean of 80 % and 33 % would be 57 %.
        total = across_offices(
            [ratio("ROAF", 8, 10), ratio("ROAS", 30, 90)], PlaceRule.RATIO_OF_SUMS, expected=[]
        )
        assert total.number == Decimal(38)
        assert (total.numerator, total.denominator) == (Decimal(38), Decimal(100))

    def test_gives_the_plain_quotient_if_asked(self) -> None:
        total = across_offices(
            [ratio("ROAF", 1, 4)], PlaceRule.RATIO_OF_SUMS, expected=[], per=Decimal(1)
        )
        assert total.number == Decimal("0.25")

    def test_keeps_the_quotient_unrounded(self) -> None:
        total = across_offices([ratio("ROAF", 2, 3)], PlaceRule.RATIO_OF_SUMS, expected=[])
        assert str(total.number).startswith("66.666666666666666666666666666666")

    def test_is_not_applicable_for_a_denominator_of_zero(self) -> None:
        total = across_offices([ratio("ROAF", 0, 0)], PlaceRule.RATIO_OF_SUMS, expected=["ROAF"])
        assert (total.number, total.nothing) == (None, Nothing.NOT_APPLICABLE)
        assert total.reason == "denominator_zero"
        assert total.coverage.reporting == 1

    def test_leaves_out_an_office_with_only_one_part(self) -> None:
        half = Entry("ROAS", 2017, numerator=Decimal(3))
        total = across_offices(
            [ratio("ROAF", 1, 2), half], PlaceRule.RATIO_OF_SUMS, expected=["ROAF", "ROAS"]
        )
        assert total.number == Decimal(50)
        assert total.left_out == (LeftOut("ROAS", Nothing.NOT_REPORTED),)

    @given(ratio_entries())
    def test_lies_between_the_least_and_the_greatest_ratio(self, entries: list[Entry]) -> None:
        total = across_offices(entries, PlaceRule.RATIO_OF_SUMS, expected=[])
        single = [across_offices([e], PlaceRule.RATIO_OF_SUMS, expected=[]).number for e in entries]
        least, greatest = min(filter(is_number, single)), max(filter(is_number, single))
        assert least <= Decimal(str(total.number)) <= greatest


def is_number(value: Decimal | None) -> bool:
    return value is not None


class TestNoRuleAcrossOffices:
    def test_passes_on_the_figure_of_a_single_office(self) -> None:
        total = across_offices([number("ROAF", 4)], PlaceRule.NONE, expected=["ROAF"])
        assert total.number == Decimal(4)

    def test_passes_on_the_choice_of_a_single_office(self) -> None:
        entry = Entry("ROAF", 2017, choice="adopted")
        total = across_offices([entry], PlaceRule.NONE, expected=["ROAF"])
        assert (total.choice, total.number, total.reason) == ("adopted", None, "no_number")

    def test_makes_no_figure_of_two_offices(self) -> None:
        total = across_offices(
            [number("ROAF", 4), number("ROAS", 5)], PlaceRule.NONE, expected=["ROAF", "ROAS"]
        )
        assert (total.nothing, total.reason) == (Nothing.NOT_APPLICABLE, "no_rule")
        assert len(total.lines) == 2


class TestTotal:
    def test_refuses_a_number_that_says_it_is_none(self) -> None:
        with pytest.raises(ValueError, match="not both"):
            Total(Decimal(1), Nothing.NOT_DUE, "sum", Coverage(0, 0))

    def test_refuses_a_missing_number_without_a_reason(self) -> None:
        with pytest.raises(ValueError, match="not both"):
            Total(None, None, "sum", Coverage(0, 0))


class TestCoverage:
    def test_is_not_thin_at_exactly_two_thirds(self) -> None:
        assert not Coverage(reporting=8, expected=12).is_thin
        assert Coverage(reporting=7, expected=12).is_thin

    def test_goes_by_weight_where_weights_are_known(self) -> None:
        coverage = Coverage(1, 100, weight=Decimal(90), expected_weight=Decimal(100))
        assert coverage.share == Decimal("0.9")
        assert not coverage.is_thin


class TestAcrossPeriods:
    YEARS = (2016, 2017)

    def test_adds_the_years_of_a_biennium(self) -> None:
        entries = [number("ROAF", 3, 2016), number("ROAF", 4, 2017), number("ROAF", 9, 2015)]
        joined = across_periods(entries, PeriodRule.SUM, years=self.YEARS)
        assert joined == Entry("ROAF", 2017, number=Decimal(7), years=(2016, 2017))

    def test_says_that_only_one_year_of_the_biennium_is_there(self) -> None:
        joined = across_periods([number("ROAF", 3, 2016)], PeriodRule.SUM, years=self.YEARS)
        assert joined == Entry("ROAF", 2016, number=Decimal(3), years=(2016,))

    def test_refuses_to_add_figures_to_date(self) -> None:
        with pytest.raises(ValueError, match="to date"):
            across_periods([], PeriodRule.SUM, years=self.YEARS, meaning=EntryMeaning.TO_DATE)

    def test_takes_the_latest_value_whatever_the_order(self) -> None:
        entries = [number("ROAF", 4, 2017), number("ROAF", 9, 2016)]
        joined = across_periods(entries, PeriodRule.LATEST, years=self.YEARS)
        assert joined is not None
        assert (joined.number, joined.year) == (Decimal(4), 2017)

    def test_lets_an_earlier_value_stand_where_the_later_year_is_blank(self) -> None:
        entries = [number("ROAF", 9, 2016), Entry("ROAF", 2017)]
        joined = across_periods(entries, PeriodRule.LATEST, years=self.YEARS)
        assert joined is not None
        assert (joined.number, joined.years) == (Decimal(9), (2016,))

    def test_takes_the_greatest_value(self) -> None:
        entries = [number("ROAF", 9, 2016), number("ROAF", 4, 2017)]
        joined = across_periods(entries, PeriodRule.MAXIMUM, years=self.YEARS)
        assert joined is not None
        assert (joined.number, joined.year) == (Decimal(9), 2016)

    def test_adds_the_parts_of_a_ratio(self) -> None:
        entries = [ratio("ROAF", 1, 2, 2016), ratio("ROAF", 2, 8, 2017)]
        joined = across_periods(entries, PeriodRule.RATIO_OF_SUMS, years=self.YEARS)
        assert joined is not None
        assert (joined.numerator, joined.denominator) == (Decimal(3), Decimal(10))

    def test_has_no_figure_for_two_years_without_a_rule(self) -> None:
        entries = [number("ROAF", 9, 2016), number("ROAF", 4, 2017)]
        assert across_periods(entries, PeriodRule.NONE, years=self.YEARS) is None
        one = across_periods(entries, PeriodRule.NONE, years=(2017,))
        assert one is not None
        assert one.number == Decimal(4)

    def test_keeps_the_reason_why_it_is_not_applicable(self) -> None:
        excused = Entry("ROAF", 2017, not_applicable=True, reason="No programme")
        joined = across_periods([excused], PeriodRule.SUM, years=self.YEARS)
        assert joined == excused

    def test_is_none_if_nothing_was_entered(self) -> None:
        assert across_periods([], PeriodRule.SUM, years=self.YEARS) is None
        assert across_periods([Entry("ROAF", 2017)], PeriodRule.SUM, years=self.YEARS) is None

    def test_refuses_two_offices_or_two_entries_for_a_year(self) -> None:
        with pytest.raises(ValueError, match="one office"):
            across_periods(
                [number("ROAF", 1, 2016), number("ROAS", 1, 2017)],
                PeriodRule.SUM,
                years=self.YEARS,
            )
        with pytest.raises(ValueError, match="one entry"):
            across_periods([number("ROAF", 1), number("ROAF", 2)], PeriodRule.SUM, years=self.YEARS)

    @given(st.lists(figures, min_size=2, max_size=2), st.lists(figures, min_size=2, max_size=2))
    def test_gives_the_same_total_years_first_or_offices_first(
        self, one: list[Decimal], other: list[Decimal]
    ) -> None:
        joined = [
            across_periods(
                [number(o, v, y) for v, y in zip(values, self.YEARS, strict=True)],
                PeriodRule.SUM,
                years=self.YEARS,
            )
            for o, values in (("ROAF", one), ("ROAS", other))
        ]
        total = across_offices([e for e in joined if e], PlaceRule.SUM, expected=[])
        assert total.number == total_of([*one, *other])


class TestBreakdown:
    def test_shows_the_rest_and_does_not_spread_it(self) -> None:
        parts = {"large": Decimal(19), "other": Decimal(8)}
        divided = breakdown(Decimal(30), parts, axis="city_size")
        assert divided.parts == parts
        assert divided.not_disaggregated == Decimal(3)
        assert not divided.exceeds

    def test_says_so_if_the_parts_are_more_than_the_total(self) -> None:
        divided = breakdown(Decimal(5), {"women": Decimal(3), "men": Decimal(3)}, axis="sex")
        assert divided.exceeds
        assert divided.not_disaggregated == Decimal(0)

    def test_takes_parts_that_name_the_axis(self) -> None:
        divided = breakdown(Decimal(5), {"sex:women": Decimal(3)}, axis="sex")
        assert divided.parts == {"women": Decimal(3)}

    @pytest.mark.parametrize("key", ["age:15-24", "sex:women/age:15-24", "sex:age:15"])
    def test_refuses_a_part_of_another_axis(self, key: str) -> None:
        with pytest.raises(ValueError, match="never added across"):
            breakdown(Decimal(5), {"women": Decimal(1), key: Decimal(1)}, axis="sex")

    def test_refuses_a_category_given_twice(self) -> None:
        with pytest.raises(ValueError, match="twice"):
            breakdown(Decimal(5), {"women": Decimal(1), "sex:women": Decimal(1)}, axis="sex")
