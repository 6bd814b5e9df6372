"""How far the offices are with a year, and which submissions wait for a decision."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from focus_areas.models import Period
from indicators.models import (
    Assignment,
    Figure,
    PeriodWindow,
    Remark,
    Submission,
    SubmissionStep,
)
from indicators.permissions import readable_offices
from indicators.queries.standing import REPORTED
from indicators.rules.kinds import Kind
from indicators.rules.periods import BASELINE_YEAR, Frequency, due
from organization.models import Office, Role, User
from organization.permissions import holdings

HANDED_IN = frozenset(
    {Submission.State.SUBMITTED, Submission.State.APPROVED, Submission.State.VERIFIED}
)


@dataclass(frozen=True)
class Waiting:
    """A submission that waits for a decision, with its age in days and what is to be read in it.

    `answered` checks, `explained` results behind target, `remarks` that nobody settled; `returns`
    if it was returned before; `last` is the number of its last step, `own` if the person took part.
    """

    submission: Submission
    days: int
    figures: int
    answered: int
    own: bool
    explained: int = 0
    remarks: int = 0
    returned: bool = False
    last: int = 0

    @property
    def to_read(self) -> tuple[int, int, int]:
        """What an approver reads before deciding: answers, explanations, open remarks."""
        return self.answered, self.explained, self.remarks

    @property
    def flags(self) -> int:
        """How many things there are to read; none makes it clean."""
        return sum(self.to_read)


def with_steps(submissions: QuerySet[Submission]) -> QuerySet[Any]:
    """Submissions with office, period and submitter, and what their steps and remarks say."""
    steps = SubmissionStep.objects.filter(submission=OuterRef("pk"))
    remarks = Remark.objects.filter(
        office=OuterRef("office"), period=OuterRef("period"), settled_at__isnull=True
    ).exclude(kind=Remark.Kind.ANSWER)
    return submissions.select_related("office", "period", "submitted_by").annotate(
        last=Coalesce(Subquery(steps.order_by("-number").values("number")[:1]), 0),
        was_returned=Exists(steps.filter(action="return")),
        remarks=Coalesce(
            Subquery(
                remarks.order_by().values("office").annotate(n=Count("pk")).values("n"),
                output_field=IntegerField(),
            ),
            0,
        ),
    )


def waiting_of(
    rows: Iterable[Any], *, since: str, own: Collection[str], user: User, today: date
) -> list[Waiting]:
    """Submissions read by `with_steps`, as they wait since a stamp of theirs. One query.

    `own` names the stamps that make a submission the person's own.
    """
    found = list(rows)
    figures = Figure.objects.filter(
        office__in={row.office_id for row in found}, period__in={row.period_id for row in found}
    )
    counts = {
        (office, period): numbers
        for office, period, *numbers in figures.values_list("office", "period").annotate(
            total=Count("pk", filter=REPORTED, distinct=True),
            answered=Count("answers"),
            explained=Count("pk", filter=~Q(explanation=""), distinct=True),
        )
    }
    waiting = []
    for row in found:
        total, answered, explained = counts.get((row.office_id, row.period_id), (0, 0, 0))
        at = getattr(row, since)
        waiting.append(
            Waiting(
                submission=row,
                days=(today - localdate(at)).days if at else 0,
                figures=total,
                answered=answered,
                own=user.pk in {getattr(row, name) for name in own},
                explained=explained,
                remarks=row.remarks,
                returned=row.was_returned,
                last=row.last,
            )
        )
    return waiting


def approval_queue(user: User | AnonymousUser, *, today: date) -> list[Waiting]:
    """Submissions that this person's offices decide on, oldest first. Three queries."""
    if not isinstance(user, User):
        return []
    rows = Submission.objects.filter(
        state=Submission.State.SUBMITTED, office__in=holdings(user).offices_as(Role.APPROVER)
    ).order_by("submitted_at")
    return waiting_of(
        with_steps(rows), since="submitted_at", own=("submitted_by_id",), user=user, today=today
    )


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
    return progress_by_year(periods=[period], today=today, readable=readable)[period.pk]


def progress_by_year(
    *, periods: Sequence[Period], today: date, readable: frozenset[int] | None
) -> dict[int, list[OfficeProgress]]:
    """The same for several years, by id of the year. Five queries for any number of years."""
    due_in = _due(periods, readable)
    offices = Office.objects.in_bulk({office for year in due_in.values() for office in year})
    entered = _entered(periods, due_in)
    submissions = {
        (row.period_id, row.office_id): row for row in Submission.objects.filter(period__in=periods)
    }
    due_on = dict(
        PeriodWindow.objects.filter(period__in=periods).values_list("period_id", "due_on")
    )
    return {
        period.pk: [
            OfficeProgress(
                office=offices[office],
                submission=(row := submissions.get((period.pk, office))),
                entered=entered[period.pk, office],
                due=len(due_in[period.pk][office]),
                days_late=0
                if period.pk not in due_on or (row is not None and row.state in HANDED_IN)
                else max(0, (today - due_on[period.pk]).days),
            )
            for office in sorted(due_in[period.pk], key=lambda office: offices[office].ordinal)
        ]
        for period in periods
    }


def _due(
    periods: Sequence[Period], readable: frozenset[int] | None
) -> dict[int, dict[int, set[int]]]:
    """Year → office that reports → the indicators that it types for that year. One query."""
    # Only what is counted: whole indicators carry a reference sheet in six languages each.
    asked = ("office_id", "indicator_id", "since_year", "until_year")
    of_indicator = ("indicator__kind", "indicator__frequency")
    rows = list(Assignment.objects.values_list(*asked, *of_indicator))
    found: dict[int, dict[int, set[int]]] = {period.pk: {} for period in periods}
    for period in periods:
        for office, indicator, since, until, kind, frequency in rows:
            in_force = since <= max(period.year, BASELINE_YEAR + 1) and (
                until is None or until >= period.year
            )
            if not in_force or (readable is not None and office not in readable):
                continue
            typed = found[period.pk].setdefault(office, set())
            if kind not in {Kind.COUNT, Kind.STATISTIC} and due(Frequency(frequency), period.year):
                typed.add(indicator)
    return found


def _entered(
    periods: Sequence[Period], due_in: dict[int, dict[int, set[int]]]
) -> Counter[tuple[int, int]]:
    """(year, office) → figures entered of those that are due. One query."""
    figures = Figure.objects.filter(REPORTED, period__in=periods)
    return Counter(
        (period, office)
        for period, office, indicator in figures.values_list(
            "period_id", "office_id", "indicator_id"
        )
        if indicator in due_in[period].get(office, ())
    )
