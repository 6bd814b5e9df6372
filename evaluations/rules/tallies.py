"""Counts of recommendations, from how many are alike in all that counts.

`rules.ageing` says what is counted. Rows are tallied first, or a database adds them up, so that
thousands of recommendations cost no more than their few kinds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from evaluations.rules.ageing import (
    ACCEPTED,
    BANDS,
    NO_DATE,
    SETTLED,
    Line,
    Rate,
    band_of,
)
from evaluations.rules.follow_up import ENDED, Decision, Standing


class Alike(NamedTuple):
    """What recommendations have in common that are counted as one number.

    `decision` is empty until management answers; `band` is one of `ageing.BANDS`, or `no_date`.
    """

    decision: str
    standing: str
    band: str


Tally = Mapping[Alike, int]
NOT_DUE = BANDS[0].code
OLDEST = BANDS[-1].code
LATE = frozenset(band.code for band in BANDS[1:])
"""Bands of what is late."""


def alike(standing: Standing, decision: str, due_on: date | None, day: date) -> Alike:
    """What counts of one recommendation on a day; `decision` is empty until there is one."""
    return Alike(decision, standing, band_of(due_on, day))


def tally(rows: Iterable[Alike]) -> Tally:
    """How many recommendations there are of each kind."""
    return Counter(rows)


def number(found: Tally, standings: Iterable[str], bands: Iterable[str] | None = None) -> int:
    """How many have one of these standings, and are in one of these bands if any are named."""
    wanted, within = frozenset(standings), None if bands is None else frozenset(bands)
    return sum(
        count
        for alike, count in found.items()
        if alike.standing in wanted and (within is None or alike.band in within)
    )


OPEN = frozenset(Standing) - ENDED
"""Standings in which something is left to do."""


def open_by_band(found: Tally) -> dict[str, int]:
    """Open ones by band, all bands named, those without a date last."""
    return {code: number(found, OPEN, {code}) for code in (*(b.code for b in BANDS), NO_DATE)}


def rate(found: Tally) -> Rate:
    """The implementation rate."""
    accepted = {alike: count for alike, count in found.items() if alike.decision in ACCEPTED}
    return Rate(
        implemented=number(accepted, {Standing.IMPLEMENTED}),
        accepted=sum(accepted.values()),
        overtaken=number(accepted, {Standing.OVERTAKEN}),
    )


def responses(found: Tally) -> dict[str, Line]:
    """A line for each decision, for those that wait for one (`awaiting`), and for `all`."""
    lines = {}
    for decision in (*Decision, Standing.AWAITING):
        lines[str(decision)] = _line(
            {a: n for a, n in found.items() if (a.decision or Standing.AWAITING) == decision}
        )
    lines["all"] = _line(found)
    return lines


def _line(found: Tally) -> Line:
    to_verify = number(found, {Standing.TO_VERIFY})
    still = number(found, OPEN)
    return Line(sum(found.values()), number(found, SETTLED), still - to_verify, to_verify)
