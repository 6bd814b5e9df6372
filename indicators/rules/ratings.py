"""Is a result where it should be? A status, the two ratios behind it, the reason, the arithmetic.

Achievement = (actual − baseline) ÷ (final target − baseline). It is compared with what was expected
by now, and only for periods that have ended. The official grades could not be found, so the
thresholds are data (`Scale`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from indicators.rules.exact import EXACT, difference, product, quotient
from indicators.rules.kinds import Direction
from indicators.rules.periods import FINAL_YEAR
from indicators.rules.targets import TargetPoint, current, expected_by
from indicators.rules.totals import Total

Param = Decimal | int | str
Params = Mapping[str, Param]

FOUR_DECIMALS = Decimal("0.0001")


class Status(StrEnum):
    """The grades of the default scale."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    NO_PROGRESS = "no_progress"
    NOT_RATED = "not_rated"


@dataclass(frozen=True)
class Scale:
    """Thresholds of the grades, each a share (0.9 is 90 per cent).

    On track from `on_track_from` of the expected change; no progress below `no_progress_below` of
    it. Not rated unless `offices_needed` of the offices asked are approved, compared to four
    decimals (two thirds is 0.6667; for a statistic it is the share of the weight). `tolerance` is
    how far, as a share of the level, a level to maintain may be missed.
    """

    on_track_from: Decimal = Decimal("0.9")
    no_progress_below: Decimal = Decimal("0.1")
    offices_needed: Decimal = Decimal("0.6667")
    tolerance: Decimal = Decimal("0.05")


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: a code that the page words, and the numbers that stand in it.

    Codes, in order of appearance: `actual` (rule, reporting, expected, result), `change_so_far`
    (actual, baseline, result), `change_to_target` (target, baseline, year, result), `achievement`
    (change, whole, result), `expected_now` (year, result), `expected_change` (expected, baseline,
    result), `expected_share` (change, whole, result), `ratio` (change, expected_change, result),
    `level_to_maintain` (result), `limit` (level, tolerance, result).
    """

    code: str
    params: Params


@dataclass(frozen=True)
class Rating:
    """The grade of a result at the end of a period.

    `achievement` is the share of the way from baseline to final target, `expected_share` the share
    that was expected by now, `expected` the value expected by now, `ratio` the change so far ÷ the
    change expected by now. Each is None where it is undefined.

    `reason` is a code. Rated: `target_reached`, `as_expected`, `behind_expected`, `hardly_moved`,
    `no_change_expected` (nothing was to change by now, and it is no worse), `fell_back` (nothing
    was to change by now, and it is worse), `held`, `not_held`. Not rated: `period_not_ended`,
    `no_baseline`, `no_target`, `target_is_baseline`, `target_against_direction`, `no_figure` (param
    `nothing`), `too_few_offices` (`reporting`, `expected`, `needed`), `nothing_expected` (`year`
    lies before the baseline and the first target).
    """

    status: Status
    reason: str
    params: Params = field(default_factory=dict)
    achievement: Decimal | None = None
    expected: Decimal | None = None
    expected_share: Decimal | None = None
    ratio: Decimal | None = None
    arithmetic: tuple[Step, ...] = ()


@dataclass(frozen=True)
class _Way:
    """A result with everything needed to rate it: where from, where now, where to, what by now."""

    baseline: Decimal
    actual: Decimal
    target: TargetPoint
    expected: Decimal
    year: int
    direction: Direction

    @property
    def sign(self) -> int:
        return 1 if self.direction is Direction.UP else -1

    @property
    def so_far(self) -> Decimal:
        return difference(self.actual, self.baseline)

    @property
    def whole(self) -> Decimal:
        return difference(self.target.value, self.baseline)

    @property
    def by_now(self) -> Decimal:
        return difference(self.expected, self.baseline)


def rate(
    *,
    baseline: Decimal | None,
    baseline_year: int | None,
    points: Iterable[TargetPoint],
    actual: Total,
    year: int,
    direction: Direction,
    period_ended: bool,
    scale: Scale | None = None,
    better: Direction = Direction.UP,
) -> Rating:
    """Rate a result at the end of `year` against the current targets.

    Achieved: achievement is 1 or more against the target of the latest year. On track, off track,
    no progress: by the ratio of the change so far to the change expected by now. A level to
    maintain is the current target of the latest year, or the baseline; it is held if the actual is
    at or better than it within the tolerance, where `better` says which side is better. Not rated,
    with a reason, where plan or figures do not allow a grade.
    """
    scale = scale or Scale()
    targets = current(points)
    if not period_ended:
        return _not_rated("period_not_ended")
    if baseline is None:
        return _not_rated("no_baseline")
    refusal = _unfit(targets, baseline, direction) or _too_few(actual, scale)
    if refusal or actual.number is None:
        return refusal or _not_rated("no_figure", nothing=str(actual.nothing))
    first = _actual_step(actual.number, actual)
    if direction is Direction.MAINTAIN:
        level = targets[-1] if targets else TargetPoint(FINAL_YEAR, baseline)
        return _rate_level(level, first, actual.number, year=year, scale=scale, better=better)
    expected = expected_by(year, baseline_year, baseline, targets)
    if expected is None:
        return _not_rated("nothing_expected", year=year)
    way = _Way(baseline, actual.number, targets[-1], expected, year, direction)
    return _rate_way(way, first, scale)


def _not_rated(reason: str, **params: Param) -> Rating:
    return Rating(Status.NOT_RATED, reason, params)


def _unfit(
    targets: tuple[TargetPoint, ...], baseline: Decimal, direction: Direction
) -> Rating | None:
    """Why nothing can be measured against these targets, if so; a level to maintain needs none."""
    if direction is Direction.MAINTAIN:
        return None
    if not targets:
        return _not_rated("no_target")
    target = targets[-1].value
    if target == baseline:
        return _not_rated("target_is_baseline", target=target)
    if (target > baseline) != (direction is Direction.UP):
        return _not_rated("target_against_direction", target=target, baseline=baseline)
    return None


def _too_few(actual: Total, scale: Scale) -> Rating | None:
    share = actual.coverage.share
    if share is None or actual.number is None:
        return None
    rounded = share.quantize(FOUR_DECIMALS, ROUND_HALF_UP, EXACT)
    if rounded >= scale.offices_needed.quantize(FOUR_DECIMALS, ROUND_HALF_UP, EXACT):
        return None
    return _not_rated(
        "too_few_offices",
        reporting=actual.coverage.reporting,
        expected=actual.coverage.expected,
        needed=scale.offices_needed,
    )


def _rate_way(way: _Way, first: Step, scale: Scale) -> Rating:
    achievement = quotient(way.so_far, way.whole)
    ratio = quotient(way.so_far, way.by_now) if way.by_now * way.sign > 0 else None
    status, reason = _grade(way, achievement, ratio, scale)
    expected_share = quotient(way.by_now, way.whole)
    return Rating(
        status=status,
        reason=reason,
        params={"on_track_from": scale.on_track_from, "no_progress_below": scale.no_progress_below},
        achievement=achievement,
        expected=way.expected,
        expected_share=expected_share,
        ratio=ratio,
        arithmetic=(first, *_steps(way, achievement, expected_share, ratio)),
    )


def _grade(
    way: _Way, achievement: Decimal, ratio: Decimal | None, scale: Scale
) -> tuple[Status, str]:
    if achievement >= 1:
        return Status.ACHIEVED, "target_reached"
    if ratio is None:
        no_worse = difference(way.actual, way.expected) * way.sign >= 0
        return (
            (Status.ON_TRACK, "no_change_expected")
            if no_worse
            else (Status.NO_PROGRESS, "fell_back")
        )
    if ratio >= scale.on_track_from:
        return Status.ON_TRACK, "as_expected"
    if ratio < scale.no_progress_below:
        return Status.NO_PROGRESS, "hardly_moved"
    return Status.OFF_TRACK, "behind_expected"


def _actual_step(number: Decimal, actual: Total) -> Step:
    return Step(
        "actual",
        {
            "rule": actual.rule,
            "reporting": actual.coverage.reporting,
            "expected": actual.coverage.expected,
            "result": number,
        },
    )


def _steps(
    way: _Way,
    achievement: Decimal,
    expected_share: Decimal,
    ratio: Decimal | None,
) -> tuple[Step, ...]:
    from_baseline: Params = {"baseline": way.baseline}
    steps = (
        Step("change_so_far", {"actual": way.actual, **from_baseline, "result": way.so_far}),
        Step(
            "change_to_target",
            {
                "target": way.target.value,
                **from_baseline,
                "year": way.target.year,
                "result": way.whole,
            },
        ),
        Step("achievement", {"change": way.so_far, "whole": way.whole, "result": achievement}),
        Step("expected_now", {"year": way.year, "result": way.expected}),
        Step("expected_change", {"expected": way.expected, **from_baseline, "result": way.by_now}),
        Step(
            "expected_share", {"change": way.by_now, "whole": way.whole, "result": expected_share}
        ),
    )
    if ratio is None:
        return steps
    last = {"change": way.so_far, "expected_change": way.by_now, "result": ratio}
    return (*steps, Step("ratio", last))


def _rate_level(
    target: TargetPoint,
    first: Step,
    number: Decimal,
    *,
    year: int,
    scale: Scale,
    better: Direction,
) -> Rating:
    level = target.value
    room = product(level.copy_abs(), scale.tolerance)
    upward = better is not Direction.DOWN
    limit = difference(level, room) if upward else EXACT.add(level, room)
    held = number >= limit if upward else number <= limit
    status = Status.OFF_TRACK
    if held:
        status = Status.ACHIEVED if year >= target.year else Status.ON_TRACK
    return Rating(
        status=status,
        reason="held" if held else "not_held",
        params={"level": level, "tolerance": scale.tolerance, "limit": limit},
        expected=level,
        arithmetic=(
            first,
            Step("level_to_maintain", {"result": level}),
            Step("limit", {"level": level, "tolerance": scale.tolerance, "result": limit}),
        ),
    )
