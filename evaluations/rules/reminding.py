"""When people are reminded of actions and answers, and the key under which each is told once.

Whoever looks late finds the reminder that was reached last: a server that stood still for a month
tells of a matter once when it is back.
"""

from datetime import date

BEFORE_DUE = 14
"""Days before it is due on which an owner, or management, is reminded."""
DAYS_LATE = (1, 30, 90)
"""Days after it was due on which they are reminded again."""


def reached(due_on: date, today: date) -> int | None:
    """The reminder reached last, in days after the due day (before it: negative).

    None before the first, then -14, and 1, 30 and 90 once so many days have passed.
    """
    late = (today - due_on).days
    return max((days for days in (-BEFORE_DUE, *DAYS_LATE) if days <= late), default=None)


def action_key(*, action: int, due_on: date, step: int) -> str:
    """Of an action that is due or late. A day that is moved begins anew."""
    return f"evaluations/action/{action}/{due_on.isoformat()}/{step:+d}"


def answer_key(*, evaluation: str, office: str, due_on: date, step: int) -> str:
    """Of recommendations to an office that wait for management's answer."""
    return f"evaluations/answer/{evaluation}/{office}/{due_on.isoformat()}/{step:+d}"


def response_key(*, evaluation: str, due_on: date, step: int) -> str:
    """Of an evaluation that waits for management's overall response."""
    return f"evaluations/response/{evaluation}/{due_on.isoformat()}/{step:+d}"


def proposal_key(*, follow_up: int) -> str:
    """Of a closure that is proposed and waits for verification."""
    return f"evaluations/proposed/{follow_up}"


def return_key(*, follow_up: int) -> str:
    """Of an action that the Evaluation Unit returned, or opened again."""
    return f"evaluations/returned/{follow_up}"
