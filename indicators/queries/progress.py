"""How far the offices are with a year, and which submissions wait for a decision."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils.timezone import localdate

from focus_areas.models import Period
from indicators.models import Assignment, Figure, PeriodWindow, Submission
from indicators.permissions import readable_offices
from indicators.rules.kinds import Kind
from indicators.rules.periods import BASELINE_YEAR, Frequency, due
from organization.models import Office, Role, User
from organization.permissions import holdings


@dataclass(frozen=True)
class Waiting:
    """A submission that waits for a decision, with its age in days and what is flagged."""

    submission: Submission
    days: int
    figures: int
    answered: int
    own: bool


def approval_queue(user: User | AnonymousUser, *, today: date) -> list[Waiting]:
    """Submissions that this person's offices decide on, oldest first. Three queries."""
    if not isinstance(user, User):
        return []
    rows = list(
        Submission.objects.filter(
            state=Submission.State.SUBMITTED,
            office__in=holdings(user).offices_as(Role.APPROVER),
        )
        .select_related("office", "period", "submitted_by")
        .order_by("submitted_at")
    )
    figures = Figure.objects.filter(
        office__in=[row.office_id for row in rows], period__in=[row.period_id for row in rows]
    )
    counts = {
        (office, period): (total, answered)
        for office, period, total, answered in figures.values_list("office", "period").annotate(
            total=Count("pk", distinct=True), answered=Count("answers")
        )
    }
    return [
        Waiting(
            submission=row,
            days=(today - localdate(row.submitted_at)).days if row.submitted_at else 0,
            figures=counts.get((row.office_id, row.period_id), (0, 0))[0],
            answered=counts.get((row.office_id, row.period_id), (0, 0))[1],
            own=row.submitted_by_id == user.pk,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class OfficeProgress:
    """How far one office is with a year: figures entered of those due, and the submission."""

    office: Office
    submission: Submission | None
    entered: int
    due: int
    days_late: int

    @property
    def state(self) -> str:
        """The state of the submission; `draft` if there is none yet."""
        return self.submission.state if self.submission else Submission.State.DRAFT


def submission_progress(
    *, period: Period, today: date, user: User | AnonymousUser
) -> list[OfficeProgress]:
    """All offices that report, with completeness; only those the person may read. Six queries."""
    readable = readable_offices(user)
    year = period.year
    due_by_office: dict[int, set[int]] = defaultdict(set)
    # Only what is counted: whole indicators carry a reference sheet in six languages each.
    assigned = (
        Assignment.objects.filter(since_year__lte=max(year, BASELINE_YEAR + 1))
        .filter(Q(until_year__isnull=True) | Q(until_year__gte=year))
        .values_list("office_id", "indicator_id", "indicator__kind", "indicator__frequency")
    )
    reporting = set()
    for identity, indicator, kind, frequency in assigned:
        if readable is not None and identity not in readable:
            continue
        reporting.add(identity)
        if kind not in {Kind.COUNT, Kind.STATISTIC} and due(Frequency(frequency), year):
            due_by_office[identity].add(indicator)
    offices = Office.objects.in_bulk(reporting)
    figures = Figure.objects.filter(period=period).exclude(
        value__isnull=True, numerator__isnull=True, choice="", not_applicable=False
    )
    entered = Counter(
        identity
        for identity, indicator in figures.values_list("office_id", "indicator_id")
        if indicator in due_by_office[identity]
    )
    submissions = {row.office_id: row for row in Submission.objects.filter(period=period)}
    window = PeriodWindow.objects.filter(period=period).first()
    late = max(0, (today - window.due_on).days) if window else 0
    finished = {Submission.State.SUBMITTED, Submission.State.APPROVED, Submission.State.VERIFIED}
    return [
        OfficeProgress(
            office=office,
            submission=submissions.get(identity),
            entered=entered[identity],
            due=len(due_by_office[identity]),
            days_late=0
            if identity in submissions and submissions[identity].state in finished
            else late,
        )
        for identity, office in sorted(offices.items(), key=lambda pair: pair[1].ordinal)
    ]
