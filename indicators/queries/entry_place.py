"""Where somebody enters figures: office, year and indicator by their codes, and the person's roles.

All that a door asks before it does anything, in one query.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from focus_areas.models import Period
from habitat_plan.kit.json_rows import JSONRows
from indicators.models import Assignment, Indicator
from indicators.permissions import may_read_office
from organization.models import Office, User
from organization.permissions import held_by, remember

YEAR = tuple(field.attname for field in Period._meta.concrete_fields)


@dataclass(frozen=True)
class EntryPlace:
    """An office and a year; the indicator if one was named."""

    office: Office
    period: Period
    indicator: Indicator | None = None


def office_place(user: User, *, office: str, period: str) -> EntryPlace | None:
    """The office and year; None if either is not there or the person may not read the office."""
    found = Office.objects.filter(code=office).annotate(**_beside(user, period)).first()
    return _place(user, found, found) if found else None


def indicator_place(user: User, *, office: str, period: str, indicator: str) -> EntryPlace | None:
    """The same with an indicator that the office reports on, in any year."""
    found = (
        Assignment.objects.filter(office__code=office, indicator__code=indicator)
        .select_related("office", "indicator")
        .annotate(**_beside(user, period))
        .first()
    )
    return _place(user, found, found.office, found.indicator) if found else None


def _beside(user: User, period: str) -> Mapping[str, JSONRows]:
    """The year, and the roles of the person who asks, to be read with another row."""
    years = Period.objects.filter(code=period)
    return {
        "years": JSONRows(years, *YEAR),
        "held": JSONRows(held_by(user), "role", "office_id"),
    }


def _place(
    user: User, row: Any, office: Office, indicator: Indicator | None = None
) -> EntryPlace | None:
    if user.is_active:
        remember(user, row.held or ())
    if not row.years or not may_read_office(user, office):
        return None
    year = dict(zip(YEAR, row.years[0], strict=True))
    dates = {name: date.fromisoformat(year[name]) for name in ("start", "end")}
    period = Period.from_db(office._state.db, list(YEAR), [*(year | dates).values()])
    return EntryPlace(office, period, indicator) if period.is_year else None
