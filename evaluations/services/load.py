"""Loads `fixtures/evaluations`: criteria, scales, states, mandates, thresholds, reports."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from evaluations.models import (
    Criterion,
    CriterionGrade,
    Evaluation,
    FollowUpState,
    Mandate,
    Scope,
    Standing,
    Threshold,
)
from evaluations.services.evaluations import words_searched
from focus_areas.models import Period, StrategicPlan
from habitat_plan.kit.wording import Wording
from organization.models import Office
from organization.services import audit
from organization.services.upsert import Loaded, upsert

WORDINGS = frozenset({"name", "question", "meaning", "title"})
DAYS = frozenset({"due_on", "since", "completed_on", "published_on"})


def _typed(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A row of a file with its texts, days and amounts as the tables hold them."""
    found = dict(raw)
    for name, value in raw.items():
        if name in WORDINGS:
            found[name] = Wording.parse(value)
        elif name in DAYS:
            found[name] = date.fromisoformat(value)
        elif name == "amount":
            found[name] = Decimal(value)
    return found


def load_published(raw: Sequence[Mapping[str, Any]], *, at: datetime) -> Loaded:
    """Makes the published evaluations that are missing, with what is known of each.

    One that is there stays as it is, since what is published is never changed; so does one that
    somebody entered under another code with the same number. Days that no source names stay empty.
    """
    codes = set(Evaluation.objects.values_list("code", flat=True))
    numbers = set(
        Evaluation.objects.exclude(report_number=None).values_list("report_year", "report_number")
    )
    missing = [
        one
        for one in raw
        if one["code"] not in codes and (one["report_year"], one["report_number"]) not in numbers
    ]
    if not missing:
        return Loaded()
    periods = dict(Period.objects.values_list("code", "pk"))
    mandates = dict(Mandate.objects.values_list("code", "pk"))
    rows = Evaluation.objects.bulk_create(
        _published(one, periods=periods, mandates=mandates, at=at) for one in missing
    )
    return Loaded(made=len(rows) + _parts(missing, rows))


def _published(
    raw: Mapping[str, Any],
    *,
    periods: Mapping[str, int],
    mandates: Mapping[str, int],
    at: datetime,
) -> Evaluation:
    known = _typed(raw)
    for name in ("scopes", "criteria"):
        known.pop(name, None)
    plan, mandate = known.pop("plan", None), known.pop("mandate", None)
    one = Evaluation(
        **known,
        plan_id=periods[plan] if plan else None,
        mandate_id=mandates[mandate] if mandate else None,
        state=Evaluation.State.PUBLISHED,
        published_at=at,
        made_at=at,
    )
    one.searched = words_searched(one)
    return one


def _parts(raw: Sequence[Mapping[str, Any]], rows: Sequence[Evaluation]) -> int:
    """What each looks at and by which criteria it judges; how many rows."""
    offices = dict(Office.objects.values_list("code", "pk"))
    criteria = dict(Criterion.objects.values_list("code", "pk"))
    scopes = [
        Scope(
            evaluation=row,
            kind=scope["kind"],
            office_id=offices[scope["code"]] if scope["kind"] == Scope.Kind.OFFICE else None,
            state=Standing.PUBLISHED,
        )
        for one, row in zip(raw, rows, strict=True)
        for scope in one.get("scopes", ())
    ]
    chosen = [
        Evaluation.criteria.through(evaluation_id=row.pk, criterion_id=criteria[code])
        for one, row in zip(raw, rows, strict=True)
        for code in one.get("criteria", ())
    ]
    Scope.objects.bulk_create(scopes)
    Evaluation.criteria.through.objects.bulk_create(chosen)
    return len(scopes) + len(chosen)


@transaction.atomic
def load_evaluations(*, fixtures: Path, at: datetime) -> Loaded:
    """Everything that evaluations begin with, once plan and offices are loaded.

    Loading again writes only what the files changed.
    """

    def rows(name: str) -> list[dict[str, Any]]:
        text = (fixtures / "evaluations" / f"{name}.json").read_text(encoding="utf-8")
        found: list[dict[str, Any]] = json.loads(text)
        return found

    loaded = Loaded()
    for model, key, name in (
        (Criterion, "code", "criteria"),
        (CriterionGrade, "code", "grades"),
        (FollowUpState, "code", "states"),
        (Mandate, "code", "mandates"),
        (Threshold, "since", "thresholds"),
    ):
        loaded += upsert(model, (key,), [_typed(one) for one in rows(name)])
    loaded += load_published(rows("evaluations"), at=at)
    if loaded != Loaded():
        audit.record(
            action="load evaluations",
            subject=StrategicPlan.objects.get(),
            by=None,
            at=at,
            changes={"rows made": (0, loaded.made), "rows changed": (0, loaded.changed)},
        )
    return loaded
