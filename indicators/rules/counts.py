"""Counts of authorities: computed from a register of achievements, never typed.

Most indicators of the plan count "partner local, other subnational and national authorities that
have ...". Each achievement names the authority. The figure is the number of distinct authorities to
date, so an authority that two offices worked with counts once for the agency and once for each.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.rules.kinds import Nothing, PlaceRule
from indicators.rules.totals import Coverage, LeftOut, Line, Total


@dataclass(frozen=True)
class Counted:
    """An approved achievement: this office saw this authority achieve it in this year.

    `authority` is the register entry that remains after merges.
    """

    authority: str
    office: str
    year: int
    authority_type: str = ""
    region: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class DistinctTotal:
    """A count of distinct authorities with everything that makes it up.

    `by_office` counts each office's own distinct authorities; `shared` how many of these another
    office counts too; `overlaps` names each authority that several offices count, and them.
    `by_type` and `by_region` divide the distinct authorities; the key "" is "not disaggregated".
    """

    total: Total
    by_office: Mapping[str, int]
    shared: Mapping[str, int]
    overlaps: tuple[tuple[str, tuple[str, ...]], ...]
    by_type: Mapping[str, int]
    by_region: Mapping[str, int]

    @property
    def sum_of_offices(self) -> int:
        """What adding the offices' counts would give: too much by what they share."""
        return sum(self.by_office.values())


def distinct_count(
    achievements: Iterable[Counted],
    *,
    until: int,
    offices: Iterable[str] | None = None,
    approved: Iterable[str] | None = None,
) -> DistinctTotal:
    """Count the distinct authorities with an achievement in or before the year `until`.

    `offices` are the offices asked; achievements of others do not count (None: all that occur).
    `approved` are the offices whose submission for the year is approved, even if they have no
    achievement; what the others achieved before still stands, but they are left out of the coverage
    as "not reported" (None: the offices that have an achievement). The total is zero if an approved
    office has none to show, and "not reported" if there is neither achievement nor approval.
    """
    wanted = None if offices is None else frozenset(offices)
    counted = sorted(
        (a for a in achievements if a.year <= until and (wanted is None or a.office in wanted)),
        key=lambda a: (a.authority, a.year, a.office, a.authority_type, a.region),
    )
    holders: dict[str, set[str]] = defaultdict(set)
    for achievement in counted:
        holders[achievement.authority].add(achievement.office)
    seen = {a.office for a in counted}
    asked = seen if wanted is None else wanted
    ready = seen if approved is None else frozenset(approved)
    by_office = {o: sum(o in held for held in holders.values()) for o in sorted(asked | seen)}
    return DistinctTotal(
        total=_total(counted, until=until, by_office=by_office, asked=asked, ready=ready),
        by_office=by_office,
        shared={o: sum(o in h and len(h) > 1 for h in holders.values()) for o in by_office},
        overlaps=tuple((a, tuple(sorted(h))) for a, h in holders.items() if len(h) > 1),
        by_type=_divided((a.authority, a.authority_type) for a in counted),
        by_region=_divided((a.authority, a.region) for a in counted),
    )


def _total(
    counted: Sequence[Counted],
    *,
    until: int,
    by_office: Mapping[str, int],
    asked: set[str] | frozenset[str],
    ready: set[str] | frozenset[str],
) -> Total:
    known = bool(counted) or bool(asked & ready)
    nothing = Nothing.NOT_REPORTED if asked else Nothing.NOT_DUE
    reason = "none_reported" if asked else "nobody_expected"
    samples = {a.office for a in counted if a.illustrative}
    return Total(
        number=Decimal(len({a.authority for a in counted})) if known else None,
        nothing=None if known else nothing,
        reason="" if known else reason,
        rule=PlaceRule.DISTINCT_COUNT,
        coverage=Coverage(reporting=len(asked & ready), expected=len(asked)),
        lines=tuple(
            Line(office, until, number=Decimal(count), illustrative=office in samples)
            for office, count in by_office.items()
            if count or office in ready
        ),
        left_out=tuple(LeftOut(o, Nothing.NOT_REPORTED) for o in sorted(asked - ready)),
        illustrative=bool(samples),
    )


def _divided(pairs: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Count authorities by category; an authority has the first category that was given for it."""
    category: dict[str, str] = {}
    for authority, given in pairs:
        category[authority] = category.get(authority) or given
    counts: dict[str, int] = defaultdict(int)
    for name in sorted(category.values()):
        counts[name] += 1
    return dict(counts)
