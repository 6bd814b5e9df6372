"""How a rating is made, with the examples of the overview page."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.kinds import Direction, Nothing
from indicators.rules.numbers import shown
from indicators.rules.ratings import Rating, Scale, Status, rate
from indicators.rules.targets import TargetPoint
from indicators.rules.totals import Coverage, Total

ORDER = [Status.NO_PROGRESS, Status.OFF_TRACK, Status.ON_TRACK, Status.ACHIEVED]


def total(number: object, reporting: int = 9, expected: int = 11) -> Total:
    return Total(Decimal(str(number)), None, "distinct_count", Coverage(reporting, expected))


def points(by_2017: object | None, by_2019: object) -> list[TargetPoint]:
    final = TargetPoint(2019, Decimal(str(by_2019)))
    return [final] if by_2017 is None else [TargetPoint(2017, Decimal(str(by_2017))), final]


def rated(
    baseline: object,
    actual: object,
    expected: object | None,
    target: object,
    direction: Direction = Direction.UP,
) -> Rating:
    return rate(
        baseline=Decimal(str(baseline)),
        baseline_year=2013,
        points=points(expected, target),
        actual=total(actual),
        year=2017,
        direction=direction,
        period_ended=True,
    )


def refused(**changes: object) -> Rating:
    arguments: dict[str, object] = {
        "baseline": Decimal(30),
        "baseline_year": 2013,
        "points": points(62, 80),
        "actual": total(64),
        "year": 2017,
        "direction": Direction.UP,
        "period_ended": True,
    }
    return rate(**(arguments | changes))  # type: ignore[arg-type]


class TestGrades:
    @pytest.mark.parametrize(
        ("code", "baseline", "actual", "expected", "target", "per_cent", "status"),
        [
            ("FA1.1", 30, 64, 62, 80, 68, Status.ON_TRACK),
            ("FA2.1", 42, 86, 87, 110, 65, Status.ON_TRACK),
            ("FA3.1", 18, 33, 46, 60, 36, Status.OFF_TRACK),
            ("FA4.1", 25, 76, 58, 75, 102, Status.ACHIEVED),
            ("FA5.1", 20, 45, 44, 56, 69, Status.ON_TRACK),
            ("FA6.1", 12, 13, 36, 48, 3, Status.NO_PROGRESS),
        ],
    )
    def test_rates_the_focus_areas_of_2017(
        self,
        code: str,
        baseline: int,
        actual: int,
        expected: int,
        target: int,
        per_cent: int,
        status: Status,
    ) -> None:
        rating = rated(baseline, actual, expected, target)
        assert rating.achievement is not None
        assert (code, shown(rating.achievement * 100, 0)) == (code, Decimal(per_cent))
        assert rating.status is status

    def test_goes_by_the_line_where_no_target_is_stated_for_the_year(self) -> None:
        # 10 in 2013, 70 in 2019: 50 expected in 2017. Actual 46: 36 of 40 is exactly 0.9.
        rating = rated(10, 46, None, 70)
        assert rating.expected == Decimal(50)
        assert rating.ratio == Decimal("0.9")
        assert rating.status is Status.ON_TRACK

    def test_is_off_track_just_below_and_without_progress_below_a_tenth(self) -> None:
        assert rated(10, "45.9", None, 70).status is Status.OFF_TRACK
        assert rated(10, 14, None, 70).status is Status.OFF_TRACK
        assert rated(10, "13.9", None, 70).status is Status.NO_PROGRESS

    def test_goes_down_where_down_is_better(self) -> None:
        # From 40 to 20; 30 expected in 2017.
        assert rated(40, 30, 30, 20, Direction.DOWN).status is Status.ON_TRACK
        assert rated(40, 20, 30, 20, Direction.DOWN).status is Status.ACHIEVED
        assert rated(40, 41, 30, 20, Direction.DOWN).status is Status.NO_PROGRESS

    def test_is_on_track_where_no_change_was_expected_yet(self) -> None:
        rating = rated(10, 10, 10, 70)
        assert (rating.status, rating.reason) == (Status.ON_TRACK, "no_change_expected")
        assert rating.ratio is None
        assert rated(10, 9, 10, 70).reason == "fell_back"

    def test_takes_the_current_target_and_not_the_original(self) -> None:
        versions = [
            TargetPoint(2019, Decimal(120), version=1),
            TargetPoint(2019, Decimal(86), version=2, reason="Revision of 2017"),
        ]
        rating = refused(baseline=Decimal(42), points=versions, actual=total(86))
        assert rating.status is Status.ACHIEVED

    def test_takes_thresholds_from_the_scale(self) -> None:
        strict = Scale(on_track_from=Decimal("1.1"))
        assert refused(scale=strict).status is Status.OFF_TRACK

    @given(st.integers(-200, 400), st.integers(-200, 400), st.integers(-50, 150))
    def test_never_falls_when_the_actual_rises(self, one: int, other: int, by_now: int) -> None:
        low, high = sorted((one, other))
        worse, better = rated(0, low, by_now, 100), rated(0, high, by_now, 100)
        assert ORDER.index(worse.status) <= ORDER.index(better.status)

    @given(st.integers(-200, 400), st.integers(1, 150))
    def test_is_the_same_for_the_mirror_image_downwards(self, actual: int, by_now: int) -> None:
        upward = rated(0, actual, by_now, 100)
        downward = rated(0, -actual, -by_now, -100, Direction.DOWN)
        assert (upward.status, upward.achievement) == (downward.status, downward.achievement)


class TestMaintain:
    def level(self, actual: object, year: int = 2017, **changes: object) -> Rating:
        given_ = {"points": [], "baseline": Decimal(100), "direction": Direction.MAINTAIN}
        return refused(**(given_ | {"actual": total(actual), "year": year} | changes))

    def test_holds_at_the_baseline_within_the_tolerance(self) -> None:
        assert (self.level(95).status, self.level(95).reason) == (Status.ON_TRACK, "held")
        assert self.level("94.9").status is Status.OFF_TRACK
        assert self.level(300).status is Status.ON_TRACK

    def test_is_achieved_if_held_in_the_final_year(self) -> None:
        assert self.level(100, year=2019).status is Status.ACHIEVED

    def test_holds_from_above_where_down_is_better(self) -> None:
        assert self.level(105, better=Direction.DOWN).status is Status.ON_TRACK
        assert self.level(106, better=Direction.DOWN).status is Status.OFF_TRACK

    def test_has_no_achievement_since_target_and_baseline_are_the_same(self) -> None:
        assert self.level(100).achievement is None


class TestNotRated:
    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"period_ended": False}, "period_not_ended"),
            ({"baseline": None}, "no_baseline"),
            ({"points": []}, "no_target"),
            ({"points": points(None, 30)}, "target_is_baseline"),
            ({"direction": Direction.DOWN}, "target_against_direction"),
            ({"actual": total(58, 7, 12)}, "too_few_offices"),
            ({"year": 2012}, "nothing_expected"),
        ],
    )
    def test_says_why(self, changes: dict[str, object], reason: str) -> None:
        rating = refused(**changes)
        assert (rating.status, rating.reason) == (Status.NOT_RATED, reason)
        assert rating.achievement is None

    def test_says_which_nothing_it_found(self) -> None:
        nothing = Total(None, Nothing.NOT_REPORTED, "sum", Coverage(9, 11))
        rating = refused(actual=nothing)
        assert (rating.reason, rating.params) == ("no_figure", {"nothing": "not_reported"})

    def test_says_how_many_offices_are_approved(self) -> None:
        params = refused(actual=total(58, 7, 12)).params
        assert (params["reporting"], params["expected"]) == (7, 12)

    def test_rates_at_exactly_two_thirds_of_the_offices(self) -> None:
        assert refused(actual=total(64, 8, 12)).status is Status.ON_TRACK
        precise = Scale(offices_needed=Decimal(2) / Decimal(3))
        assert refused(actual=total(64, 8, 12), scale=precise).status is Status.ON_TRACK


class TestArithmetic:
    def test_can_be_printed_line_by_line(self) -> None:
        rating = refused(baseline=Decimal(42), points=points(87, 110), actual=total(86))
        steps = {step.code: step.params for step in rating.arithmetic}
        assert list(steps) == [
            "actual",
            "change_so_far",
            "change_to_target",
            "achievement",
            "expected_now",
            "expected_change",
            "expected_share",
            "ratio",
        ]
        assert steps["change_so_far"]["result"] == Decimal(44)
        assert steps["change_to_target"]["result"] == Decimal(68)
        assert steps["expected_change"]["result"] == Decimal(45)
        assert shown(Decimal(steps["achievement"]["result"]) * 100, 1) == Decimal("64.7")
        assert shown(Decimal(steps["expected_share"]["result"]) * 100, 1) == Decimal("66.2")
        assert shown(Decimal(steps["ratio"]["result"]), 2) == Decimal("0.98")

    def test_says_the_same_as_the_rating(self) -> None:
        rating = refused()
        steps = {step.code: step.params["result"] for step in rating.arithmetic}
        assert steps["achievement"] == rating.achievement
        assert steps["expected_now"] == rating.expected
        assert steps["expected_share"] == rating.expected_share
        assert steps["ratio"] == rating.ratio
