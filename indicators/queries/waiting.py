"""What waits for a person: open years of their offices, what quality assurance still has to do."""

from dataclasses import dataclass
from datetime import date

from focus_areas.models import Period
from indicators.models import PeriodException, PeriodWindow, Submission
from indicators.permissions import readable_offices
from indicators.queries.progress import (
    OfficeProgress,
    Waiting,
    submission_progress,
    waiting_of,
    with_steps,
)
from organization.models import Role, User
from organization.permissions import holdings, holds


@dataclass(frozen=True)
class OpenYear:
    """One office and a year that it can enter, with how far it is and until when there is time."""

    period: Period
    progress: OfficeProgress
    due_on: date
    by_exception: bool = False


def open_windows() -> list[PeriodWindow]:
    """The years that are open for entry, latest first. One query."""
    return list(
        PeriodWindow.objects.filter(closed_at__isnull=True)
        .select_related("period")
        .order_by("-period__end")
    )


def open_years(user: User, *, today: date) -> list[OpenYear]:
    """What the person's offices can enter now. Two queries and five for each open year."""
    mine = holdings(user).offices_as(Role.CONTRIBUTOR)
    if not mine:
        return []
    found = [
        OpenYear(window.period, progress, window.due_on)
        for window in open_windows()
        for progress in submission_progress(period=window.period, today=today, user=user)
        if progress.office.pk in mine
    ]
    known = {(year.period.pk, year.progress.office.pk) for year in found}
    for exception in PeriodException.objects.filter(
        office__in=mine, until__gte=today
    ).select_related("period"):
        for progress in submission_progress(period=exception.period, today=today, user=user):
            key = (exception.period_id, progress.office.pk)
            if progress.office.pk == exception.office_id and key not in known:
                known.add(key)
                found.append(OpenYear(exception.period, progress, exception.until, True))
    return found


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


@dataclass(frozen=True)
class LateOffice:
    """An office that has not submitted a year although it was due."""

    period: Period
    progress: OfficeProgress


def late_offices(user: User, *, today: date) -> list[LateOffice]:
    """Offices behind time in the open years that the person may read, longest first."""
    found = [
        LateOffice(window.period, progress)
        for window in open_windows()
        if window.due_on < today
        for progress in submission_progress(period=window.period, today=today, user=user)
        if progress.days_late
    ]
    return sorted(found, key=lambda late: -late.progress.days_late)


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
