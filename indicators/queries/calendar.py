"""The calendar of years: which are open, due, closed; exceptions; how far the offices are."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from focus_areas.models import Period
from indicators.models import PeriodException, PeriodWindow, Submission
from indicators.queries.progress import OfficeProgress, progress_by_year, submission_progress
from indicators.rules.workflow import State, is_editable
from organization.models import Notice, User
from organization.queries import notices_about, notices_counted

FINISHED = (
    Submission.State.SUBMITTED,
    Submission.State.APPROVED,
    Submission.State.VERIFIED,
)


@dataclass(frozen=True)
class Duty:
    """One office's figures of a year that it can enter now: how far they are, and due when.

    An exception lets the office in until its last day, which is then the due date.
    """

    period: Period
    progress: OfficeProgress
    due_on: date
    by_exception: bool = False

    @property
    def is_owed(self) -> bool:
        """True until it is handed in, and again when it was returned."""
        return is_editable(State(self.progress.state))

    def days_late(self, today: date) -> int:
        """Days since the due date of what is still owed; 0 if it is in time."""
        return max(0, (today - self.due_on).days) if self.is_owed else 0


def duties(*, today: date, readable: frozenset[int] | None) -> list[Duty]:
    """What the offices can enter now, latest year first; `readable` as in permissions.

    Seven queries for any number of years and offices.
    """
    windows = {
        window.period: window
        for window in PeriodWindow.objects.select_related("period").order_by("-period__end")
    }
    let_in: dict[tuple[int, int], date] = {}
    for exception in PeriodException.objects.filter(until__gte=today).order_by("until"):
        let_in[exception.period_id, exception.office_id] = exception.until
    excepted = {period for period, _office in let_in}
    years = [
        period
        for period, window in windows.items()
        if window.closed_at is None or period.pk in excepted
    ]
    progress = progress_by_year(periods=years, today=today, readable=readable)
    found = []
    for period in years:
        is_open = windows[period].closed_at is None
        for office in progress[period.pk]:
            until = let_in.get((period.pk, office.office.pk))
            if is_open:
                found.append(Duty(period, office, windows[period].due_on))
            elif until is not None:
                found.append(Duty(period, office, until, by_exception=True))
    return found


@dataclass(frozen=True)
class CalendarYear:
    """One year with its window, how many submissions stand in which state, and who is late.

    `exceptions` are those in force; `told` how many messages went to people about the year.
    """

    period: Period
    window: PeriodWindow | None
    approved: int
    submitted: int
    late: tuple[Duty, ...] = ()
    exceptions: int = 0
    told: int = 0

    @property
    def state(self) -> str:
        """`planned` before it is opened, then `open`, then `closed`."""
        if self.window is None:
            return "planned"
        return "closed" if self.window.closed_at else "open"

    def days_left(self, today: date) -> int | None:
        """Days until the due date of an open year, below zero past it; None if it is not open."""
        if self.window is None or self.window.closed_at:
            return None
        return (self.window.due_on - today).days


@dataclass(frozen=True)
class Steps:
    """One office's way through a year: for each step `done`, `half`, `back` or `none`."""

    progress: OfficeProgress
    entered: str
    submitted: str
    approved: str
    verified: str

    @property
    def all(self) -> tuple[str, str, str, str]:
        """The four steps in order."""
        return self.entered, self.submitted, self.approved, self.verified


def notice_keys(period: Period) -> tuple[str, ...]:
    """How the keys of all notices about a year begin."""
    kinds = ("due", "waiting", "returned", "asked", "prompt")
    return tuple(f"{kind}/{period.code}/" for kind in kinds)


def calendar(*, today: date) -> list[CalendarYear]:
    """The years for which figures are entered, with their windows. Twelve queries."""
    periods = list(Period.objects.filter(kind__in=[Period.Kind.BASELINE, Period.Kind.YEAR]))
    windows = {window.period_id: window for window in PeriodWindow.objects.all()}
    states: Counter[tuple[int, str]] = Counter()
    counted = Submission.objects.values_list("period_id", "state").annotate(Count("pk"))
    for period, state, number in counted.order_by():
        states[period, state] = number
    late: dict[int, list[Duty]] = defaultdict(list)
    for duty in duties(today=today, readable=None):
        if duty.days_late(today):
            late[duty.period.pk].append(duty)
    exceptions = Counter(
        PeriodException.objects.filter(until__gte=today).values_list("period_id", flat=True)
    )
    told = notices_counted({period.code: notice_keys(period) for period in periods})
    return [
        CalendarYear(
            period=period,
            window=windows.get(period.pk),
            approved=states[period.pk, Submission.State.APPROVED]
            + states[period.pk, Submission.State.VERIFIED],
            submitted=states[period.pk, Submission.State.SUBMITTED],
            late=tuple(late[period.pk]),
            exceptions=exceptions[period.pk],
            told=told[period.code],
        )
        for period in periods
    ]


def told_about(period: Period) -> list[Notice]:
    """The messages about a year, newest first. One query."""
    return notices_about(notice_keys(period))


def window_of(period: Period) -> PeriodWindow | None:
    """The window of a year with who opened and closed it. One query."""
    return (
        PeriodWindow.objects.filter(period=period).select_related("opened_by", "closed_by").first()
    )


def exceptions_of(period: Period) -> list[PeriodException]:
    """The exceptions of a year, newest first. One query."""
    return list(
        PeriodException.objects.filter(period=period).select_related("office", "granted_by")
    )


def _steps(progress: OfficeProgress) -> Steps:
    state = progress.state
    submitted = "done" if state in FINISHED else "back" if state == "returned" else "none"
    is_approved = state in {Submission.State.APPROVED, Submission.State.VERIFIED}
    approved = "done" if is_approved else "half" if state == "submitted" else "none"
    is_in = progress.entered >= progress.due or state in FINISHED
    return Steps(
        progress=progress,
        entered="done" if is_in else "half" if progress.entered else "none",
        submitted=submitted,
        approved=approved,
        verified="done" if state == "verified" else "half" if is_approved else "none",
    )


def completeness(*, period: Period, today: date, user: User | AnonymousUser) -> list[Steps]:
    """Offices against steps, in the order of offices. Five queries."""
    return [_steps(one) for one in submission_progress(period=period, today=today, user=user)]
