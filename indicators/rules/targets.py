"""Targets: versioned, so that original, revised and current stay visible side by side."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from indicators.rules.exact import EXACT, difference, product, quotient


@dataclass(frozen=True)
class TargetPoint:
    """What is to be reached by the end of a year.

    Version 1 is the original; a revision adds a row with a higher version and its reason.
    """

    year: int
    value: Decimal
    version: int = 1
    reason: str = ""


def current(points: Iterable[TargetPoint]) -> tuple[TargetPoint, ...]:
    """The latest version for each year, in order of years."""
    latest = {point.year: point for point in sorted(points, key=attrgetter("version"))}
    return tuple(latest[year] for year in sorted(latest))


def first(points: Iterable[TargetPoint]) -> tuple[TargetPoint, ...]:
    """The original version for each year, in order of years."""
    by_age = sorted(points, key=attrgetter("version"), reverse=True)
    original = {point.year: point for point in by_age}
    return tuple(original[year] for year in sorted(original))


def expected_by(
    year: int,
    baseline_year: int | None,
    baseline: Decimal | None,
    points: Iterable[TargetPoint],
) -> Decimal | None:
    """What was to be reached by the end of a year.

    The current target stated for that year; else the straight line between the nearest known points
    before and after it (baseline or current target); after the last target, that target. None if
    there is nothing to go by: before the baseline, or no target, or no earlier point.
    """
    targets = {point.year: point.value for point in current(points)}
    if year in targets:
        return targets[year]
    if not targets:
        return None
    known = dict(targets)
    if baseline is not None and baseline_year is not None:
        known.setdefault(baseline_year, baseline)
    earlier = [y for y in known if y <= year]
    later = [y for y in known if y > year]
    if not earlier:
        return None
    start = max(earlier)
    if not later:
        return known[start]
    end = min(later)
    rise = product(difference(known[end], known[start]), Decimal(year - start))
    return EXACT.add(known[start], quotient(rise, Decimal(end - start)))
