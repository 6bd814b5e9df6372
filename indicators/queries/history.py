"""What one office reported on one indicator, year by year."""

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.models import Achievement, Figure, Indicator, Submission
from organization.models import Office


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
