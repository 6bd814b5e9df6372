"""When an office is reminded of its figures, and the key under which each matter is told once.

Whoever looks late finds the reminder that was reached last: a server that stood still for a week
tells of the matter once when it is back, and never of each day it missed.
"""

from dataclasses import dataclass
from datetime import date

from indicators.rules.workflow import State, is_editable

BEFORE_DUE = (14, 7, 1)
"""Days before the due date on which an office that has not submitted is reminded."""
FIRST_DAY_LATE = 1
EACH_WEEK_LATE = 7
LONG_WAIT = 5
"""After more than so many days an approver is reminded of a submission that waits."""


@dataclass(frozen=True)
class Duty:
    """An office's figures of a year: due when, where they stand, and the last day for entering.

    `last_day` is None while the year is open; it is the last day of an exception after the close.
    """

    office: str
    year: str
    due_on: date
    state: State
    last_day: date | None = None


@dataclass(frozen=True)
class Reminder:
    """That a matter is to be told: under which key, and how many days are left (late: below 0)."""

    key: str
    days_left: int


def reached(due_on: date, today: date) -> int | None:
    """The reminder reached last, in days after the due date (before it: negative).

    None before the first, then -14, -7, -1, on the first day late 1, and 7, 14, 21 and so on.
    """
    late = (today - due_on).days
    if late < FIRST_DAY_LATE:
        return max((-days for days in BEFORE_DUE if -days <= late), default=None)
    return late - late % EACH_WEEK_LATE or FIRST_DAY_LATE


def owed(duty: Duty, *, today: date) -> Reminder | None:
    """The reminder of figures that are not submitted; None if none is due or none would help."""
    step = reached(duty.due_on, today)
    is_over = duty.last_day is not None and duty.last_day < today
    if step is None or is_over or not is_editable(duty.state):
        return None
    key = f"due/{duty.year}/{duty.office}/{duty.due_on.isoformat()}/{step:+d}"
    return Reminder(key, (duty.due_on - today).days)


def waiting(
    *, office: str, year: str, submitted_on: date, state: State, today: date
) -> Reminder | None:
    """The reminder to approvers of a submission that waits too long; None if it does not."""
    waited = (today - submitted_on).days
    if state is not State.SUBMITTED or waited <= LONG_WAIT:
        return None
    return Reminder(f"waiting/{year}/{office}/{submitted_on.isoformat()}", -waited)


def prompt_key(*, matter: str, office: str, today: date) -> str:
    """The key of a reminder that somebody sends by hand; see `prompted_today`."""
    return f"prompt/{matter}{prompted_today(office=office, today=today)}"


def prompted_today(*, office: str, today: date) -> str:
    """How the keys of all reminders by hand to an office on a day end: one a day is enough."""
    return f"/{office}/{today.isoformat()}"
