"""What waits for a person: submissions to verify, and one submission they may read."""

from datetime import date

from indicators.models import Submission
from indicators.permissions import readable_offices
from indicators.queries.progress import (
    Waiting,
    waiting_of,
    with_steps,
)
from organization.models import Role, User
from organization.permissions import holds


def verification_queue(user: User, *, today: date) -> list[Waiting]:
    """Approved submissions that quality assurance has not verified, oldest first. Three queries."""
    if not holds(user, Role.QUALITY_ASSURANCE):
        return []
    rows = Submission.objects.filter(state=Submission.State.APPROVED).order_by(
        "approved_at", "office__ordinal", "-period__end"
    )
    return waiting_of(
        with_steps(rows),
        since="approved_at",
        own=("submitted_by_id", "approved_by_id"),
        user=user,
        today=today,
    )


def readable_submission(user: User, number: int) -> Submission | None:
    """A submission the person may read; None if there is none or they may not."""
    found = (
        Submission.objects.filter(pk=number)
        .select_related(
            "office", "period", "submitted_by", "returned_by", "approved_by", "verified_by"
        )
        .first()
    )
    readable = readable_offices(user)
    if found is None or (readable is not None and found.office_id not in readable):
        return None
    return found
