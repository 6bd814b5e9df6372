"""Distinct authorities, counted once for the agency and once for each office."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.aggregation import Counted, Coverage, LeftOut, distinct_count
from indicators.rules.kinds import Nothing

BRANCH, REGION = "UPDB", "ROAF"
ACHIEVEMENTS = (
    Counted("xaa-arden", BRANCH, 2014, "local", "africa"),
    Counted("xaa-arden", REGION, 2016, "local", "africa"),
    Counted("xaa-borrow", REGION, 2015, "local", "africa"),
    Counted("xab-state", BRANCH, 2017, "", "arab_states"),
    Counted("xac-later", BRANCH, 2018, "national", "asia_pacific"),
)

achievements = st.lists(
    st.builds(
        Counted,
        st.sampled_from("abcdefg"),
        st.sampled_from(["UPDB", "ROAF", "ROAS"]),
        st.integers(2014, 2019),
    ),
    max_size=20,
)


class TestDistinctCount:
    def test_counts_a_city_of_branch_and_region_once_for_the_agency_and_once_for_each(
        self,
    ) -> None:
        count = distinct_count(ACHIEVEMENTS, until=2017)
        assert count.total.number == Decimal(3)
        assert count.by_office == {"ROAF": 2, "UPDB": 2}
        assert count.shared == {"ROAF": 1, "UPDB": 1}
        assert count.overlaps == (("xaa-arden", ("ROAF", "UPDB")),)
        assert count.sum_of_offices == 4

    def test_counts_to_date(self) -> None:
        numbers = [distinct_count(ACHIEVEMENTS, until=y).total.number for y in range(2014, 2019)]
        assert numbers == [Decimal(n) for n in (1, 2, 2, 3, 4)]

    def test_counts_an_authority_once_though_it_achieved_twice(self) -> None:
        again = [Counted("a", BRANCH, 2014), Counted("a", BRANCH, 2016)]
        count = distinct_count(again, until=2017)
        assert count.total.number == Decimal(1)
        assert count.by_office == {"UPDB": 1}
        assert count.overlaps == ()

    def test_divides_by_type_and_region_and_leaves_the_rest_undivided(self) -> None:
        count = distinct_count(ACHIEVEMENTS, until=2017)
        assert count.by_type == {"": 1, "local": 2}
        assert count.by_region == {"africa": 2, "arab_states": 1}

    def test_counts_only_the_offices_asked(self) -> None:
        count = distinct_count(ACHIEVEMENTS, until=2017, offices=[REGION])
        assert count.total.number == Decimal(2)
        assert count.by_office == {"ROAF": 2}
        assert count.shared == {"ROAF": 0}

    def test_lets_earlier_achievements_stand_but_names_the_office_without_approval(self) -> None:
        count = distinct_count(
            ACHIEVEMENTS, until=2017, offices=[BRANCH, REGION, "ROAS"], approved=[BRANCH, "ROAS"]
        )
        assert count.total.number == Decimal(3)
        assert count.total.coverage == Coverage(reporting=2, expected=3)
        assert count.total.left_out == (LeftOut("ROAF", Nothing.NOT_REPORTED),)
        assert count.by_office == {"ROAF": 2, "ROAS": 0, "UPDB": 2}

    def test_is_zero_if_an_approved_office_has_none(self) -> None:
        count = distinct_count([], until=2017, offices=[REGION], approved=[REGION])
        assert (count.total.number, count.total.nothing) == (Decimal(0), None)

    def test_is_not_reported_if_nobody_is_approved(self) -> None:
        count = distinct_count([], until=2017, offices=[REGION])
        assert (count.total.number, count.total.nothing) == (None, Nothing.NOT_REPORTED)

    def test_carries_the_mark_of_demonstration_data(self) -> None:
        sample = Counted("a", BRANCH, 2014, illustrative=True)
        assert distinct_count([*ACHIEVEMENTS, sample], until=2017).total.illustrative
        assert not distinct_count(ACHIEVEMENTS, until=2017).total.illustrative

    @given(achievements, st.randoms())
    def test_does_not_depend_on_the_order(self, given_: list[Counted], chance: object) -> None:
        mixed = list(given_)
        chance.shuffle(mixed)  # type: ignore[attr-defined]
        assert distinct_count(mixed, until=2019) == distinct_count(given_, until=2019)

    @given(achievements)
    def test_is_at_most_the_sum_of_the_offices_and_at_least_the_greatest(
        self, given_: list[Counted]
    ) -> None:
        count = distinct_count(given_, until=2019)
        number = count.total.number or 0
        assert number <= count.sum_of_offices
        assert number >= max(count.by_office.values(), default=0)
        assert sum(count.by_type.values()) == number
        assert count.sum_of_offices - number == sum(len(held) - 1 for _, held in count.overlaps)

    @given(achievements)
    def test_falls_by_at_most_one_when_two_authorities_are_merged(
        self, given_: list[Counted]
    ) -> None:
        merged = [replace(a, authority="a") if a.authority == "b" else a for a in given_]
        before = distinct_count(given_, until=2019).total.number or 0
        after = distinct_count(merged, until=2019).total.number or 0
        both = {"a", "b"} <= {a.authority for a in given_}
        assert before - after == int(both)
