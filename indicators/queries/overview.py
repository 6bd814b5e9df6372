"""Everything the overview shows, read in a number of queries that does not grow with figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from focus_areas.models import Period, Result
from focus_areas.queries import texts
from habitat_plan.kit.wording import Wording
from indicators.models import Assignment, PeriodWindow
from indicators.queries.calendar import Steps, completeness
from indicators.queries.standing import Standing, standings
from organization.models import User

LEVELS = (Result.Level.FOCUS_AREA, Result.Level.ACCOMPLISHMENT, Result.Level.SUPPORT)
HOW_WE_WORK = ("MK.1", "EV.1")


@dataclass(frozen=True)
class Overview:
    """Standings of one level, how the agency works, and who has reported the year."""

    period: Period
    year: Period
    level: str
    standings: Sequence[Standing]
    titles: Mapping[str, Wording]
    how_we_work: Sequence[Standing]
    offices: Sequence[Steps]


def periods_to_choose() -> tuple[list[Period], Period | None]:
    """The periods that have ended or were opened, and the latest year that was. Two queries."""
    opened = list(
        PeriodWindow.objects.filter(period__kind=Period.Kind.YEAR).values_list(
            "period__end", flat=True
        )
    )
    periods = [
        period
        for period in Period.objects.exclude(kind=Period.Kind.BASELINE)
        if opened and period.end <= max(opened)
    ]
    years = [period for period in periods if period.kind == Period.Kind.YEAR]
    return periods, years[-1] if years else None


def overview(
    *, period: Period, year: Period, level: str, office: str, today: date, user: User
) -> Overview:
    """The standings of a level at the end of a period; `office` narrows to what it reports on."""
    found = standings(levels=[level], codes=HOW_WE_WORK, period=period, today=today)
    shown = [standing for standing in found if standing.indicator.result.level == level]
    if office:
        own = set(
            Assignment.objects.filter(office__code=office).values_list("indicator_id", flat=True)
        )
        shown = [standing for standing in shown if standing.indicator.pk in own]
    codes = [f"{one.indicator.result.code}.title" for one in shown]
    titled = texts(codes=codes) if level == Result.Level.FOCUS_AREA else {}
    return Overview(
        period=period,
        year=year,
        level=level,
        standings=shown,
        titles={code: text.wording for code, text in titled.items()},
        how_we_work=[one for one in found if one.indicator.code in HOW_WE_WORK],
        offices=completeness(period=year, today=today, user=user),
    )
