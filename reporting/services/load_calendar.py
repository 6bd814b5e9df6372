"""Loads the calendar of reports from `fixtures/plan/calendar.json`: sessions, lead times, slots."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from focus_areas.models import Period, StrategicPlan
from habitat_plan.kit.wording import Wording
from organization.services import audit
from organization.services.upsert import Loaded, upsert
from reporting.models import LeadTime, Session, Slot

# What a file says anew about a session that is there. Its days stand as an officer left them.
NAMES = ("code", "body", "name", "place", "organ")


def _session(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": raw["code"],
        "body": raw["body"],
        "name": Wording.parse(raw["name"]),
        "place": Wording.parse(raw["place"]),
        "organ": Wording.parse(raw.get("organ", {})),
        "starts_on": date.fromisoformat(raw["starts_on"]),
        "ends_on": date.fromisoformat(raw["ends_on"]),
        "is_assumed": raw["is_assumed"],
        "source": raw["source"],
    }


def load_sessions(raw: Sequence[Mapping[str, Any]]) -> Loaded:
    """Makes sessions that are missing; of the others renews the names alone."""
    known = set(Session.objects.values_list("code", flat=True))
    rows = [_session(one) for one in raw]
    return upsert(
        Session,
        ("code",),
        [{name: row[name] for name in NAMES} if row["code"] in known else row for row in rows],
    )


def load_slots(raw: Sequence[Mapping[str, Any]]) -> Loaded:
    """Makes slots that are missing; one that is there stays where an officer moved it."""
    sessions = dict(Session.objects.values_list("code", "pk"))
    periods = dict(Period.objects.values_list("code", "pk"))
    known = set(Slot.objects.values_list("kind", "period_id"))
    rows = [
        {
            "kind": one["kind"],
            "period_id": periods[one["period"]],
            "session_id": sessions[one["session"]],
        }
        for one in raw
    ]
    missing = [row for row in rows if (row["kind"], row["period_id"]) not in known]
    return upsert(Slot, ("kind", "period_id"), missing)


@transaction.atomic
def load_calendar(*, fixtures: Path, at: datetime) -> Loaded:
    """The whole calendar, once the plan is loaded; loading again undoes nothing that was moved."""
    raw = json.loads((fixtures / "plan" / "calendar.json").read_text(encoding="utf-8"))
    loaded = load_sessions(raw["sessions"]) + load_slots(raw["slots"])
    loaded += upsert(LeadTime, ("body", "step"), raw["lead_times"])
    if loaded != Loaded():
        audit.record(
            action="load calendar",
            subject=StrategicPlan.objects.get(),
            by=None,
            at=at,
            changes={"rows made": (0, loaded.made), "rows changed": (0, loaded.changed)},
        )
    return loaded
