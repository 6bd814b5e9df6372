"""What is counted of recommendations: how late they are, and what the rate is of (p.99).

`rules.tallies` counts it.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from evaluations.rules.follow_up import Decision, Standing


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


def days_late(due_on: date | None, day: date) -> int | None:
    """Days since it was due; 0 or less while it is not late; None if no day was named."""
    return None if due_on is None else (day - due_on).days


def band_of(due_on: date | None, day: date) -> str:
    """The code of the band in which something open lies."""
    late = days_late(due_on, day)
    if late is None:
        return NO_DATE
    return next(band.code for band in BANDS if band.holds(late))


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


@dataclass(frozen=True)
class Line:
    """What was said and what was done: one line of the table of responses.

    `open` leaves out those that wait for verification. A rejected recommendation was given, and
    is neither closed nor open: there is nothing to close. All others add up to what was given.
    """

    given: int = 0
    closed: int = 0
    open: int = 0
    to_verify: int = 0
