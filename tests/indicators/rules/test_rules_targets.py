"""Versions of targets and what was expected by a year."""

from decimal import Decimal

from indicators.rules.targets import TargetPoint, current, expected_by, first

ORIGINAL = TargetPoint(2019, Decimal(120))
REVISED = TargetPoint(2019, Decimal(110), version=2, reason="Revision of 2017")
FOR_2017 = TargetPoint(2017, Decimal(87))


def expect(year: int, *points: TargetPoint) -> Decimal | None:
    return expected_by(year, 2013, Decimal(42), points)


class TestVersions:
    def test_takes_the_latest_version_for_each_year(self) -> None:
        assert current([REVISED, ORIGINAL, FOR_2017]) == (FOR_2017, REVISED)

    def test_keeps_the_original_version_in_sight(self) -> None:
        assert first([REVISED, ORIGINAL, FOR_2017]) == (FOR_2017, ORIGINAL)


class TestExpectedBy:
    def test_takes_the_target_stated_for_the_year(self) -> None:
        assert expect(2017, FOR_2017, ORIGINAL, REVISED) == Decimal(87)

    def test_draws_a_straight_line_from_the_baseline(self) -> None:
        # 42 in 2013, 120 in 2019: 13 more each year.
        assert expect(2015, ORIGINAL) == Decimal(68)

    def test_draws_a_straight_line_between_two_targets(self) -> None:
        # 87 in 2017, 110 in 2019.
        assert expect(2018, FOR_2017, REVISED) == Decimal("98.5")

    def test_keeps_the_last_target_after_its_year(self) -> None:
        assert expect(2019, FOR_2017) == Decimal(87)

    def test_is_the_baseline_in_its_own_year(self) -> None:
        assert expect(2013, ORIGINAL) == Decimal(42)

    def test_has_nothing_to_go_by_without_target_or_before_the_baseline(self) -> None:
        assert expect(2017) is None
        assert expect(2012, ORIGINAL) is None
        assert expected_by(2016, None, None, [FOR_2017]) is None

    def test_goes_by_two_targets_where_there_is_no_baseline(self) -> None:
        assert expected_by(2018, None, None, [FOR_2017, REVISED]) == Decimal("98.5")
