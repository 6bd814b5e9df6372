"""How late open recommendations are, and how many of those accepted were implemented (p.99)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evaluations.rules.follow_up import ENDED, Decision, Standing


@dataclass(frozen=True)
class Band:
    """A stretch of lateness in days, both ends in it; `last` None has no end."""

    code: str
    first: int
    last: int | None

    def holds(self, days: int) -> bool:
        """True if so many days late lie in it."""
        return self.first <= days and (self.last is None or days <= self.last)


NO_DATE = "no_date"
BANDS: tuple[Band, ...] = (
    Band("not_due", -1_000_000, 0),
    Band("to_90", 1, 90),
    Band("to_180", 91, 180),
    Band("to_365", 181, 365),
    Band("over_365", 366, None),
)


@dataclass(frozen=True)
class Counted:
    """What a count needs of one recommendation on one day. `group` is whatever is counted by."""

    standing: Standing
    decision: str | None
    due_on: date | None
    group: str = ""


def days_late(due_on: date | None, day: date) -> int | None:
    """Days since it was due; 0 or less while it is not late; None if no day was named."""
    return None if due_on is None else (day - due_on).days


def band_of(due_on: date | None, day: date) -> str:
    """The code of the band in which something open lies."""
    late = days_late(due_on, day)
    if late is None:
        return NO_DATE
    return next(band.code for band in BANDS if band.holds(late))


def ageing(rows: Iterable[Counted], day: date) -> dict[str, int]:
    """Open recommendations by band, all bands named, those without a date last."""
    found = {band.code: 0 for band in BANDS} | {NO_DATE: 0}
    for row in rows:
        if row.standing not in ENDED:
            found[band_of(row.due_on, day)] += 1
    return found


@dataclass(frozen=True)
class Rate:
    """Implemented out of those accepted, wholly or partly.

    Those that events overtook are in neither number; they are named beside the rate.
    """

    implemented: int = 0
    accepted: int = 0
    overtaken: int = 0

    @property
    def counted(self) -> int:
        """What the rate is of."""
        return self.accepted - self.overtaken

    @property
    def share(self) -> Fraction | None:
        """Between 0 and 1; None where nothing was accepted (or all of it was overtaken)."""
        return Fraction(self.implemented, self.counted) if self.counted else None


SETTLED = frozenset({Standing.IMPLEMENTED, Standing.OVERTAKEN})
"""Standings in which what was accepted needs nothing more."""
ACCEPTED = frozenset({Decision.ACCEPTED, Decision.PARTLY})


def rate(rows: Iterable[Counted]) -> Rate:
    """The implementation rate of some recommendations."""
    accepted = [row for row in rows if row.decision in ACCEPTED]
    return Rate(
        implemented=sum(row.standing == Standing.IMPLEMENTED for row in accepted),
        accepted=len(accepted),
        overtaken=sum(row.standing == Standing.OVERTAKEN for row in accepted),
    )


def rates(rows: Sequence[Counted]) -> dict[str, Rate]:
    """The rate of each group, in the order in which groups first appear."""
    groups: dict[str, list[Counted]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    return {group: rate(found) for group, found in groups.items()}


@dataclass(frozen=True)
class Line:
    """What was said and what was done: one line of the table of responses."""

    given: int = 0
    closed: int = 0
    open: int = 0
    to_verify: int = 0


def responses(rows: Sequence[Counted]) -> dict[str, Line]:
    """One line for each decision, for those that wait for one (`awaiting`), and for `all`.

    `open` leaves out those that wait for verification. A rejected recommendation was given, and
    is neither closed nor open: there is nothing to close. All others add up to what was given.
    """
    found = {}
    for decision in (*Decision, Standing.AWAITING):
        chosen = [row for row in rows if (row.decision or Standing.AWAITING) == decision]
        found[str(decision)] = _line(chosen)
    found["all"] = _line(rows)
    return found


def _line(rows: Sequence[Counted]) -> Line:
    closed = sum(row.standing in SETTLED for row in rows)
    to_verify = sum(row.standing == Standing.TO_VERIFY for row in rows)
    still = sum(row.standing not in ENDED for row in rows)
    return Line(len(rows), closed, still - to_verify, to_verify)
