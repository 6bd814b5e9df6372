"""What one office reported on one indicator year by year, and everything recorded of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Authority,
    Correction,
    Evidence,
    Figure,
    Indicator,
    Remark,
    Submission,
)
from indicators.permissions import readable_offices
from organization.models import AuditEntry, Office, User


@dataclass(frozen=True)
class YearOfOffice:
    """One year of an office: its figure or its count to date, and the state of its submission."""

    year: int
    figure: Figure | None
    count: int | None
    state: str


def office_history(*, office: Office, indicator: Indicator, until: int) -> list[YearOfOffice]:
    """The years with a figure or achievement up to a year, oldest first. Two or three queries."""
    states = dict(
        Submission.objects.filter(office=office).values_list("period__end__year", "state")
    )
    if indicator.kind == Indicator.Kind.COUNT:
        return _counts(office, indicator, until, states)
    figures = Figure.objects.filter(
        office=office, indicator=indicator, period__end__year__lte=until
    ).select_related("period", "office", "changed_by")
    return [
        YearOfOffice(f.period.year, f, None, states.get(f.period.year, Submission.State.DRAFT))
        for f in figures.order_by("period__end")
    ]


def _counts(
    office: Office, indicator: Indicator, until: int, states: dict[int, str]
) -> list[YearOfOffice]:
    seen: set[int] = set()
    by_year: dict[int, int] = {}
    rows = Achievement.objects.filter(
        office=office, indicator=indicator, period__end__year__lte=until
    ).order_by("period__end")
    for year, merged, own in rows.values_list(
        "period__end__year", "authority__merged_into_id", "authority_id"
    ):
        seen.add(merged or own)
        by_year[year] = len(seen)
    return [
        YearOfOffice(year, None, count, states.get(year, Submission.State.DRAFT))
        for year, count in by_year.items()
    ]


def achievements_to_date(
    *, office: Office, indicator: Indicator, until: int
) -> Sequence[Achievement]:
    """What this office counts for an indicator up to a year, newest first. One query."""
    return list(
        Achievement.objects.filter(office=office, indicator=indicator, period__end__year__lte=until)
        .select_related("authority__country", "authority__merged_into", "period")
        .order_by("-achieved_on", "-pk")
    )


AT_ONCE = 40
"""So many entries of a history are shown on one page."""


@dataclass(frozen=True)
class Trail:
    """One page of everything recorded of a figure, newest first, and the number of pages."""

    entries: tuple[AuditEntry, ...]
    page: int
    pages: int


def figure_trail(*, office: Office, period: Period, indicator: Indicator, page: int) -> Trail:
    """What happened to one figure: entered, imported, corrected, asked about, handed in, decided.

    To the figure belong its parts and answers, its evidence and remarks, the steps of its
    submission, and for a count the achievements of the office, with merges of their authorities.
    An import is kept once for each office and year, by indicator code. Three queries.
    """
    found = AuditEntry.objects.filter(_about(office, period, indicator))
    pages = max(1, -(-found.count() // AT_ONCE))
    shown = min(max(page, 1), pages)
    start = (shown - 1) * AT_ONCE
    entries = found.order_by("-number").select_related("by")[start : start + AT_ONCE]
    return Trail(tuple(entries), shown, pages)


def _keys(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The ids of rows as the audit trail keeps them."""
    keys: QuerySet[Any] = rows.order_by().annotate(key=Cast("pk", CharField())).values("key")
    return keys


def _about(office: Office, period: Period, indicator: Indicator) -> Q:
    cell = {"office": office, "period": period, "indicator": indicator}
    of_submission = Q(
        subject_type="indicators.submission",
        subject_id__in=_keys(Submission.objects.filter(office=office, period=period)),
    )
    about = (
        Q(
            subject_type="indicators.figure",
            subject_id__in=_keys(Figure.objects.filter(**cell)),
        )
        | of_submission & (Q(changes__has_key="state") | Q(changes__has_key=indicator.code))
        | Q(
            subject_type="indicators.evidence",
            subject_id__in=_keys(Evidence.objects.filter(**cell)),
        )
        | Q(
            subject_type="indicators.remark",
            subject_id__in=_keys(Remark.objects.filter(**cell)),
        )
    )
    if indicator.kind == Indicator.Kind.COUNT:
        # By label, since what was removed is no row any more.
        about |= Q(
            subject_type="indicators.achievement",
            office=office,
            subject_label__startswith=f"{indicator.code}: ",
        )
        about |= Q(subject_type="indicators.upload", office=office, changes__has_key=indicator.code)
        counted = Authority.objects.filter(
            achievements__office=office, achievements__indicator=indicator
        )
        about |= Q(
            subject_type="indicators.authority",
            subject_id__in=_keys(counted),
            changes__has_key="merged into",
        )
    return about


def is_illustrative(*, office: Office, period: Period, indicator: Indicator) -> bool:
    """True if what the office reports here is invented for demonstration. Two queries at most."""
    if indicator.illustrative:
        return True
    cell = {"office": office, "indicator": indicator, "illustrative": True}
    return (
        Figure.objects.filter(period=period, **cell).exists()
        or Achievement.objects.filter(period__end__lte=period.end, **cell).exists()
    )


def corrections_of(*, office: Office, indicator: Indicator, period: Period) -> list[Correction]:
    """The corrections of one figure, newest first. One query."""
    return list(
        Correction.objects.filter(
            figure__office=office, figure__indicator=indicator, figure__period=period
        )
        .select_related("corrected_by")
        .order_by("-corrected_at", "-pk")
    )


def published_corrections(indicator: Indicator, *, until: date) -> list[Correction]:
    """What was corrected of an indicator's approved figures up to a day, newest first. One query.

    A figure is corrected only once its submission is approved, so nothing unapproved is in it.
    """
    return list(
        Correction.objects.filter(figure__indicator=indicator, figure__period__end__lte=until)
        .select_related("figure__office", "figure__period")
        .order_by("-corrected_at", "-pk")
    )


def all_corrections(user: User, *, page: int) -> tuple[list[Correction], int, int]:
    """Corrections in the offices that the person may read, newest first; page and pages.

    Three queries.
    """
    readable = readable_offices(user)
    found = Correction.objects.all()
    if readable is not None:
        found = found.filter(figure__office__in=readable)
    pages = max(1, -(-found.count() // AT_ONCE))
    shown = min(max(page, 1), pages)
    start = (shown - 1) * AT_ONCE
    rows = (
        found.select_related(
            "corrected_by", "figure__indicator", "figure__office", "figure__period"
        )
        .prefetch_related("figure__indicator__axes__categories", "figure__indicator__options")
        .order_by("-corrected_at", "-pk")
    )
    return list(rows[start : start + AT_ONCE]), shown, pages
