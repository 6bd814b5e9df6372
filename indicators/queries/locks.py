"""Why an office's figures of a year cannot be written now."""

from datetime import date

from django.utils.timezone import localdate

from indicators.models import PeriodException, PeriodWindow, Submission
from indicators.rules import locks
from indicators.rules.workflow import State


def window_of(window: PeriodWindow | None) -> locks.Window | None:
    """A stored window in the form that the rules read."""
    if window is None:
        return None
    return locks.Window(
        opened_on=localdate(window.opened_at),
        due_on=window.due_on,
        closed_on=localdate(window.closed_at) if window.closed_at else None,
        opened_by=str(window.opened_by),
        closed_by=str(window.closed_by or ""),
    )


def _state_since(submission: Submission) -> tuple[str, date | None]:
    by, at = {
        "submitted": (submission.submitted_by, submission.submitted_at),
        "approved": (submission.approved_by, submission.approved_at),
        "verified": (submission.verified_by, submission.verified_at),
    }.get(submission.state, (None, None))
    return str(by or ""), localdate(at) if at else None


def lock_of(
    submission: Submission,
    window: PeriodWindow | None,
    exemption: locks.Exemption | None,
    *,
    today: date,
) -> locks.Lock | None:
    """What stops this office from entering, from rows that were read already. No query."""
    who, since = _state_since(submission)
    state = State(submission.state)
    return locks.lock(window_of(window), exemption, state, who, since, today=today)


def lock_on(submission: Submission, *, today: date) -> locks.Lock | None:
    """Why this office's figures of the year cannot be written; None if they can. Two queries."""
    window = (
        PeriodWindow.objects.filter(period=submission.period_id)
        .select_related("opened_by", "closed_by")
        .first()
    )
    exception = (
        PeriodException.objects.filter(period=submission.period_id, office=submission.office_id)
        .select_related("granted_by")
        .order_by("-until")
        .first()
    )
    exemption = None
    if exception is not None:
        exemption = locks.Exemption(
            exception.until, exception.reason, str(exception.granted_by)
        )
    return lock_of(submission, window, exemption, today=today)
