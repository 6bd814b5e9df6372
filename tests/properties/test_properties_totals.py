"""A second author for totals: plain fractions, written without looking at the rules, must agree."""

import os
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.aggregation import (
    Counted,
    Entry,
    Observation,
    across_offices,
    across_periods,
    breakdown,
    distinct_count,
    weighted_mean,
)
from indicators.rules.kinds import EntryMeaning, PeriodRule, PlaceRule

pytestmark = pytest.mark.drill
LONG = os.environ.get("DRILLS") == "long"
MANY = settings(max_examples=1000 if LONG else 100, deadline=None)
YEARS = (2014, 2015, 2016, 2017)
OFFICES = ("A", "B", "C", "D", "E")
# Fifteen digits, four of them after the point: what a figure may hold.
figures = st.decimals(
    min_value=0, max_value=Decimal("99999999999.9999"), places=4, allow_nan=False
)
TOLERANCE = Fraction(1, 10**30)


def exactly(number: Decimal | None) -> Fraction | None:
    return None if number is None else Fraction(number)


def near(number: Decimal | None, expected: Fraction | None) -> bool:
    """Equal, but for the fifty digits that a quotient keeps."""
    if number is None or expected is None:
        return number is None and expected is None
    return abs(Fraction(number) - expected) <= TOLERANCE * max(1, abs(expected))


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """At most one entry an office and year: a number with the parts of a ratio, blank, or excused."""
    keys = draw(st.sets(st.tuples(st.sampled_from(OFFICES), st.sampled_from(YEARS))))
    found = []
    for office, year in draw(st.permutations(sorted(keys))):
        kind = draw(st.sampled_from(["number", "ratio", "blank", "excused"]))
        if kind == "number":
            found.append(Entry(office, year, number=draw(figures)))
        elif kind == "ratio":
            parts = {"numerator": draw(figures), "denominator": draw(figures)}
            found.append(Entry(office, year, **parts))
        elif kind == "blank":
            found.append(Entry(office, year))
        else:
            found.append(Entry(office, year, not_applicable=True, reason="No coast."))
    return found


def plain_period(rows: Sequence[Entry], rule: str, years: Sequence[int]):
    """(number, numerator, denominator) of one office over some years, as fractions."""
    numbers = {row.year: Fraction(row.number) for row in rows
               if row.year in years and row.number is not None}
    ratios = {row.year: (Fraction(row.numerator), Fraction(row.denominator)) for row in rows
              if row.year in years and row.numerator is not None}
    if rule == "sum":
        return (sum(numbers.values()) if numbers else None, None, None)
    if rule == "maximum":
        return (max(numbers.values()) if numbers else None, None, None)
    if rule == "ratio_of_sums":
        if not ratios:
            return (None, None, None)
        return (None, sum(n for n, _d in ratios.values()), sum(d for _n, d in ratios.values()))
    known = sorted([*numbers, *ratios])
    if not known or (rule == "none" and len(years) != 1):
        return (None, None, None)
    last = known[-1]
    return (numbers.get(last), *ratios.get(last, (None, None)))


def of_office(rows: Sequence[Entry], office: str) -> list[Entry]:
    return [row for row in rows if row.office == office]


def computed(rows: Sequence[Entry], rule: PeriodRule, years: Sequence[int]):
    found = across_periods(rows, rule, years=years)
    if found is None:
        return (None, None, None)
    return tuple(exactly(part) for part in (found.number, found.numerator, found.denominator))


class TestAcrossPeriods:
    @MANY
    @given(entries(), st.sampled_from(list(PeriodRule)), st.sampled_from([YEARS[:1], YEARS[:2], YEARS]))
    def test_agrees_with_plain_fractions(self, rows, rule, years):
        for office in OFFICES:
            mine = of_office(rows, office)
            assert computed(mine, rule, years) == plain_period(mine, rule.value, years)

    @MANY
    @given(entries(), st.sampled_from([PeriodRule.LATEST, PeriodRule.MAXIMUM]))
    def test_gives_a_running_total_that_was_entered_and_no_other(self, rows, rule):
        for office in OFFICES:
            mine = of_office(rows, office)
            found = across_periods(mine, rule, years=YEARS, meaning=EntryMeaning.TO_DATE)
            if found is not None and found.number is not None:
                assert found.number in [row.number for row in mine]


def plain_offices(rows: Sequence[Entry], rule: str) -> Fraction | None:
    if rule == "sum":
        numbers = [Fraction(row.number) for row in rows if row.number is not None]
        return sum(numbers) if numbers else None
    ratios = [(Fraction(r.numerator), Fraction(r.denominator)) for r in rows
              if r.numerator is not None]
    below = sum(denominator for _n, denominator in ratios)
    if not below:
        return None
    return sum(numerator for numerator, _d in ratios) * 100 / below


def one_year(rows: Sequence[Entry]) -> list[Entry]:
    return [row for row in rows if row.year == YEARS[0]]


RULES = st.sampled_from([PlaceRule.SUM, PlaceRule.RATIO_OF_SUMS])


class TestAcrossOffices:
    @MANY
    @given(entries(), RULES)
    def test_agrees_with_plain_fractions(self, rows, rule):
        mine = one_year(rows)
        total = across_offices(mine, rule, expected=OFFICES)
        assert near(total.number, plain_offices(mine, rule.value))
        if rule is PlaceRule.SUM:
            assert exactly(total.number) == plain_offices(mine, "sum")

    @MANY
    @given(entries(), RULES, st.randoms(use_true_random=False))
    def test_does_not_depend_on_the_order(self, rows, rule, chance):
        mine = one_year(rows)
        mixed = mine[:]
        chance.shuffle(mixed)
        assert across_offices(mixed, rule, expected=OFFICES) == across_offices(
            mine, rule, expected=OFFICES
        )

    @MANY
    @given(entries(), RULES)
    def test_is_not_changed_by_an_office_that_adds_zero(self, rows, rule):
        mine = one_year(rows)
        before = across_offices(mine, rule, expected=OFFICES)
        zero = Entry("Z", YEARS[0], number=Decimal(0), numerator=Decimal(0), denominator=Decimal(0))
        after = across_offices([*mine, zero], rule, expected=OFFICES)
        assert after.number == before.number or (before.number is None and after.number == 0)

    @MANY
    @given(entries(), RULES, st.data())
    def test_is_not_changed_by_splitting_an_office(self, rows, rule, data):
        mine = [row for row in one_year(rows) if row.has_value]
        if not mine:
            return
        whole = mine[0]
        share = data.draw(st.integers(0, 4))

        def cut(number: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
            if number is None:
                return None, None
            part = (number * share / 4).quantize(Decimal("0.0001"))
            return part, number - part

        halves = zip(cut(whole.number), cut(whole.numerator), cut(whole.denominator), strict=True)
        split = [
            Entry(f"{whole.office}{half}", whole.year, number=n, numerator=a, denominator=b)
            for half, (n, a, b) in enumerate(halves)
        ]
        before = across_offices(mine, rule, expected=OFFICES)
        after = across_offices([*mine[1:], *split], rule, expected=OFFICES)
        assert after.number == before.number


achievements = st.lists(
    st.builds(
        Counted,
        authority=st.sampled_from("klmnopq"),
        office=st.sampled_from(OFFICES),
        year=st.sampled_from(YEARS),
    ),
    max_size=30,
)


class TestDistinctCount:
    @MANY
    @given(achievements, st.sampled_from(YEARS), st.sets(st.sampled_from(OFFICES)))
    def test_agrees_with_sets(self, rows, until, offices):
        holders: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row.year <= until and row.office in offices:
                holders[row.authority].add(row.office)
        found = distinct_count(rows, until=until, offices=offices, approved=offices)
        assert found.total.number == (len(holders) if offices else None)
        for office in offices:
            assert found.by_office[office] == sum(office in held for held in holders.values())
        assert dict(found.overlaps) == {
            who: tuple(sorted(held)) for who, held in holders.items() if len(held) > 1
        }

    @MANY
    @given(achievements)
    def test_never_falls_over_the_years_nor_exceeds_the_sum_of_offices(self, rows):
        found = [
            distinct_count(rows, until=year, offices=OFFICES, approved=OFFICES) for year in YEARS
        ]
        numbers = [one.total.number for one in found]
        assert numbers == sorted(numbers)
        assert all(one.total.number <= one.sum_of_offices for one in found)

    @MANY
    @given(achievements)
    def test_falls_by_one_at_most_when_two_authorities_are_merged(self, rows):
        merged = [
            Counted("k" if row.authority == "l" else row.authority, row.office, row.year)
            for row in rows
        ]
        given_names = {row.authority for row in rows}
        before = distinct_count(rows, until=YEARS[-1], offices=OFFICES, approved=OFFICES)
        after = distinct_count(merged, until=YEARS[-1], offices=OFFICES, approved=OFFICES)
        assert before.total.number - after.total.number == ({"k", "l"} <= given_names)


observed = st.dictionaries(st.sampled_from("stuvwxyz"), figures, max_size=8)


class TestWeightedMean:
    @MANY
    @given(observed, observed)
    def test_agrees_with_plain_fractions(self, values, weights):
        found = weighted_mean([Observation(c, 2016, v) for c, v in values.items()], weights)
        common = values.keys() & weights.keys()
        below = sum(Fraction(weights[c]) for c in common)
        above = sum(Fraction(weights[c]) * Fraction(values[c]) for c in common)
        assert near(found.number, above / below if below else None)
        assert (found.coverage.reporting, found.coverage.expected) == (
            len(common),
            len(values.keys() | weights.keys()),
        )

    @MANY
    @given(observed, observed, st.integers(2, 9))
    def test_is_not_changed_by_scaling_all_weights(self, values, weights, factor):
        rows = [Observation(c, 2016, v) for c, v in values.items()]
        before = weighted_mean(rows, weights).number
        scaled = {c: w * factor for c, w in weights.items()}
        assert near(weighted_mean(rows, scaled).number, exactly(before))


class TestBreakdown:
    @MANY
    @given(figures, st.dictionaries(st.sampled_from(["women", "men", "other"]), figures))
    def test_spreads_nothing(self, total, parts):
        found = breakdown(total, {f"sex:{name}": part for name, part in parts.items()}, axis="sex")
        given_parts = sum(map(Fraction, parts.values()), Fraction(0))
        assert found.parts == parts
        assert Fraction(found.not_disaggregated) == max(Fraction(total) - given_parts, 0)
        assert found.exceeds == (given_parts > Fraction(total))
