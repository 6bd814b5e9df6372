"""What was said about figures: notes on return, queries, and the answers to both.

Only those who may read an office's unpublished figures read them: never the public, never the
Committee.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from focus_areas.models import Period
from indicators.models import Indicator, Remark
from indicators.permissions import readable_offices
from organization.models import Office, User


@dataclass(frozen=True)
class Thread:
    """A query or a note on return with its answers, oldest first."""

    remark: Remark
    answers: tuple[Remark, ...]

    @property
    def is_open(self) -> bool:
        """True until somebody settles it."""
        return self.remark.settled_at is None

    @property
    def is_query(self) -> bool:
        """True for a query, false for a note with which a submission was returned."""
        return self.remark.kind == Remark.Kind.QUERY


def _threads(remarks: QuerySet[Remark]) -> list[Thread]:
    found = (
        remarks.exclude(kind=Remark.Kind.ANSWER)
        .select_related("made_by", "settled_by")
        .prefetch_related("answers__made_by")
    )
    return [Thread(remark, tuple(remark.answers.all())) for remark in found]


def threads_on(*, office: Office, period: Period, indicator: Indicator) -> list[Thread]:
    """Everything said about one figure, oldest first. Three queries."""
    return _threads(Remark.objects.filter(office=office, period=period, indicator=indicator))


def threads_of(*, office: Office, period: Period) -> dict[int, list[Thread]]:
    """Everything said about an office's figures of a year, by indicator id. Three queries."""
    found: dict[int, list[Thread]] = {}
    for thread in _threads(Remark.objects.filter(office=office, period=period)):
        found.setdefault(thread.remark.indicator_id, []).append(thread)
    return found


def open_return_notes(*, office: Office, period: Period) -> list[Remark]:
    """The notes with which single figures were returned and that nobody settled. Two queries."""
    return list(
        Remark.objects.filter(
            office=office, period=period, kind=Remark.Kind.RETURN, settled_at__isnull=True
        )
        .select_related("indicator", "office")
        .prefetch_related("answers")
    )


def has_open_query(*, office: Office, period: Period) -> bool:
    """True if a query on a figure of this office and year is not settled. One query."""
    return Remark.objects.filter(
        office=office, period=period, kind=Remark.Kind.QUERY, settled_at__isnull=True
    ).exists()


def queries_for(user: User, *, settled: bool = False) -> list[Thread]:
    """The open (or the settled) queries on figures that the person may read, oldest first.

    Three queries.
    """
    readable = readable_offices(user)
    whose = Q() if readable is None else Q(office__in=readable)
    return _threads(
        Remark.objects.filter(
            whose, kind=Remark.Kind.QUERY, settled_at__isnull=not settled
        ).select_related("indicator", "office", "period")
    )


def open_remarks(*, offices: Collection[int]) -> list[Remark]:
    """What nobody has settled about these offices' figures, oldest first. One query."""
    return list(
        Remark.objects.filter(office__in=offices, settled_at__isnull=True)
        .exclude(kind=Remark.Kind.ANSWER)
        .select_related("indicator", "office", "period")
        .only("kind", "text", "made_at", "indicator__code", "office", "period")
    )
