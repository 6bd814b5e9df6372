"""Loads the plan from `fixtures/plan`: revisions, texts, results, periods, phases, obligations."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from focus_areas.models import (
    FocusArea,
    FundedPosts,
    Milestone,
    Period,
    Phase,
    PlanRevision,
    PlanText,
    ReportingObligation,
    Result,
    StrategicPlan,
)
from habitat_plan.kit.wording import Wording
from organization.models import Office
from organization.services import audit
from organization.services.upsert import Loaded, upsert

PLAN = {"code": "2014-2019", "start_year": 2014, "end_year": 2019, "baseline_year": 2013}
TEXT_FILES = (
    "frame",
    "focus_areas",
    "support_functions",
    "indicators",
    "accomplishments",
    "details",
    "phases",
    "obligations",
    "analysis",
)


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _texts(folder: Path) -> Iterator[dict[str, Any]]:
    for name in TEXT_FILES:
        yield from _read(folder, name).get("texts", [])


def load_revisions(*, plan: StrategicPlan, folder: Path) -> Loaded:
    """The plan approved in 2013 and its draft revision of 2017."""
    return upsert(
        PlanRevision,
        ("code",),
        [
            {
                "plan_id": plan.pk,
                "code": revision["code"],
                "symbol": revision["symbol"],
                "dated": date.fromisoformat(revision["date"]),
                "title": Wording.parse(revision["title"]),
                "decision": revision["decision"],
                "status": revision["status"],
                "note": Wording.parse(revision["note"]),
            }
            for revision in _read(folder, "frame")["revisions"]
        ],
    )


def load_texts(*, folder: Path) -> Loaded:
    """Every text of the plan with revision, paragraph and status."""
    revisions = dict(PlanRevision.objects.values_list("code", "id"))
    return upsert(
        PlanText,
        ("revision_id", "code"),
        [
            {
                "revision_id": revisions[text["revision"]],
                "code": text["code"],
                "kind": text["kind"],
                "parent": text["parent"] or "",
                "ordinal": text["ordinal"],
                "paragraph": text["paragraph"],
                "source": text["source"],
                "illustrative": text["illustrative"],
                "wording": Wording.parse(text["wording"]),
            }
            for text in _texts(folder)
        ],
    )


def load_calendar(*, plan: StrategicPlan, folder: Path) -> Loaded:
    """Periods, phases, milestones and reporting obligations."""
    phases = _read(folder, "phases")
    loaded = upsert(
        Period,
        ("code",),
        [
            {
                "plan_id": plan.pk,
                "code": period["code"],
                "kind": period["kind"],
                "start": date.fromisoformat(period["start"]),
                "end": date.fromisoformat(period["end"]),
                "ordinal": period["ordinal"],
            }
            for period in _read(folder, "periods")
        ],
    ) + upsert(Phase, ("code",), [{"plan_id": plan.pk, **phase} for phase in phases["phases"]])
    phase_ids = dict(Phase.objects.values_list("code", "id"))
    return (
        loaded
        + upsert(
            Milestone,
            ("code",),
            [
                {
                    "code": milestone["code"],
                    "phase_id": phase_ids[milestone["phase"]],
                    "paragraph": milestone["paragraph"],
                    "ordinal": milestone["ordinal"],
                }
                for milestone in phases["milestones"]
            ],
        )
        + upsert(
            ReportingObligation,
            ("code",),
            [
                {"plan_id": plan.pk, **obligation}
                for obligation in _read(folder, "obligations")["obligations"]
            ],
        )
    )


def load_results(*, plan: StrategicPlan, folder: Path) -> Loaded:
    """Focus areas and the results chain: one strategic result, seven, four, and accomplishments."""
    offices = dict(Office.objects.values_list("code", "id"))
    areas = _read(folder, "focus_areas")["focus_areas"]
    loaded = upsert(
        FocusArea,
        ("code",),
        [
            {
                "plan_id": plan.pk,
                "number": area["number"],
                "code": area["code"],
                "branch_id": offices[area["branch"]],
                "priority": area["priority"],
                "paragraphs": area["paragraphs"],
            }
            for area in areas
        ],
    )
    area_ids = dict(FocusArea.objects.values_list("code", "id"))
    periods = dict(Period.objects.values_list("code", "id"))
    rows: list[dict[str, Any]] = [{"code": "SR", "level": Result.Level.PLAN}]
    rows += [
        {
            "code": area["code"],
            "level": Result.Level.FOCUS_AREA,
            "focus_area_id": area_ids[area["code"]],
            "office_id": offices[area["branch"]],
        }
        for area in areas
    ]
    rows += [
        {
            "code": accomplishment["code"],
            "level": Result.Level.ACCOMPLISHMENT,
            "focus_area_id": area_ids[accomplishment["focus_area"]],
            "biennium_id": periods[accomplishment["period"]],
            "illustrative": True,
        }
        for accomplishment in _read(folder, "accomplishments")["results"]
    ]
    rows += [
        {
            "code": function["code"],
            "level": Result.Level.SUPPORT,
            "office_id": offices[function["office"]],
        }
        for function in _read(folder, "support_functions")["functions"]
    ]
    return loaded + upsert(
        Result,
        ("code",),
        [{"plan_id": plan.pk, "ordinal": n, **row} for n, row in enumerate(rows)],
    )


def load_posts(*, folder: Path) -> Loaded:
    """Posts by fund (annex III)."""
    offices = _read(folder, "offices")
    revision = PlanRevision.objects.get(code="2017")
    return upsert(
        FundedPosts,
        ("revision_id", "fund"),
        [
            {
                "revision_id": revision.pk,
                "fund": row["fund"],
                "name": Wording.parse(row["name"]),
                "posts": row["posts"],
                "paragraph": offices["paragraph"],
            }
            for row in offices["posts"]
        ],
    )


@transaction.atomic
def load_plan(*, fixtures: Path, at: datetime) -> Loaded:
    """The whole plan; loading again changes only what the files changed."""
    folder = fixtures / "plan"
    loaded = upsert(StrategicPlan, ("code",), [PLAN])
    plan = StrategicPlan.objects.get(code=PLAN["code"])
    loaded += load_revisions(plan=plan, folder=folder) + load_texts(folder=folder)
    loaded += load_calendar(plan=plan, folder=folder)
    loaded += load_results(plan=plan, folder=folder) + load_posts(folder=folder)
    if loaded != Loaded():
        audit.record(
            action="load plan",
            subject=plan,
            by=None,
            at=at,
            changes={"rows made": (0, loaded.made), "rows changed": (0, loaded.changed)},
        )
    return loaded
