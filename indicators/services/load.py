"""Loads indicators, axes, the rating scale and country series from `fixtures/`."""

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from focus_areas.models import Result, StrategicPlan
from habitat_plan.kit.wording import Wording
from indicators.models import (
    Assignment,
    Axis,
    Category,
    Indicator,
    IndicatorOption,
    Observation,
    PublishedAggregate,
    RatingGrade,
    RatingScale,
    Series,
)
from organization.models import Country, Office, Region
from organization.services import audit
from organization.services.upsert import Loaded, upsert

REFERENCE_SHEET = ("definition", "method", "source", "verification", "limits")


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def definitions(folder: Path) -> list[dict[str, Any]]:
    """All indicators as the files describe them: of the plan, then of accomplishments."""
    found: list[dict[str, Any]] = [
        *_read(folder, "indicators")["indicators"],
        *_read(folder, "accomplishments")["indicators"],
    ]
    return found


def load_axes(*, folder: Path) -> Loaded:
    """The axes of disaggregation (p.46) and their categories."""
    axes = _read(folder, "axes")
    loaded = upsert(
        Axis,
        ("code",),
        [
            {"code": axis["code"], "label": Wording.parse(axis["label"]), "ordinal": n}
            for n, axis in enumerate(axes)
        ],
    )
    ids = dict(Axis.objects.values_list("code", "id"))
    return loaded + upsert(
        Category,
        ("axis_id", "code"),
        [
            {
                "axis_id": ids[axis["code"]],
                "code": category["code"],
                "label": Wording.parse(category["label"]),
                "ordinal": n,
            }
            for axis in axes
            for n, category in enumerate(axis["categories"])
        ],
    )


def load_scale(*, folder: Path) -> Loaded:
    """The rating scale with its grades."""
    scale = _read(folder, "rating_scale")
    loaded = upsert(
        RatingScale,
        ("code",),
        [
            {
                "code": scale["code"],
                "on_track_from": Decimal(scale["on_track_from"]),
                "no_progress_below": Decimal(scale["no_progress_below"]),
                "offices_needed": Decimal(scale["offices_needed"]),
                "note": Wording.parse(scale["note"]),
            }
        ],
    )
    identity = RatingScale.objects.get(code=scale["code"]).pk
    return loaded + upsert(
        RatingGrade,
        ("scale_id", "code"),
        [
            {
                "scale_id": identity,
                "code": grade["code"],
                "word": Wording.parse(grade["word"]),
                "ordinal": grade["ordinal"],
            }
            for grade in scale["grades"]
        ],
    )


def _indicator(raw: Mapping[str, Any], ordinal: int, ids: Mapping[str, Mapping[str, int]]) -> Any:
    return {
        "code": raw["code"],
        "result_id": ids["results"][raw["result"]],
        "ordinal": ordinal,
        "title": Wording.parse(raw["title"]),
        "kind": raw["kind"],
        "entry_meaning": raw["entry_meaning"],
        "period_rule": raw["period_rule"],
        "place_rule": raw["place_rule"],
        "direction": raw["direction"],
        "frequency": raw["frequency"],
        "unit": Wording.parse(raw["unit"]),
        "decimals": raw["decimals"],
        "is_per_cent": raw["is_per_cent"],
        "numerator_label": Wording.parse(raw.get("numerator_label") or {}),
        "denominator_label": Wording.parse(raw.get("denominator_label") or {}),
        "responsible_office_id": ids["offices"][raw["responsible_office"]],
        "sdg_links": ", ".join(raw.get("sdg") or []),
        "new_urban_agenda": raw.get("nua") or "",
        "no_baseline_reason": raw.get("no_baseline_reason") or "",
        "illustrative": raw.get("illustrative", False),
        **{
            name: Wording.parse(raw.get("reference", {}).get(name) or {})
            for name in REFERENCE_SHEET
        },
    }


def load_indicators(*, folder: Path) -> Loaded:
    """Indicators with their options, axes and the offices that report on them."""
    raw_indicators = definitions(folder)
    ids = {
        "results": dict(Result.objects.values_list("code", "id")),
        "offices": dict(Office.objects.values_list("code", "id")),
    }
    rows = [_indicator(raw, n, ids) for n, raw in enumerate(raw_indicators)]
    for row in rows:
        Indicator(**row).clean()
    loaded = upsert(Indicator, ("code",), rows)
    indicators = dict(Indicator.objects.values_list("code", "id"))
    loaded += upsert(
        IndicatorOption,
        ("indicator_id", "code"),
        [
            {
                "indicator_id": indicators[raw["code"]],
                "code": option["code"],
                "rank": option["rank"],
                "label": Wording.parse(option["label"]),
            }
            for raw in raw_indicators
            for option in raw.get("options") or []
        ],
    )
    axes = dict(Axis.objects.values_list("code", "id"))
    through = Indicator.axes.through
    present = set(through.objects.values_list("indicator_id", "axis_id"))
    wanted = {
        (indicators[raw["code"]], axes[axis]) for raw in raw_indicators for axis in raw["axes"]
    }
    through.objects.bulk_create(
        [through(indicator_id=one, axis_id=axis) for one, axis in sorted(wanted - present)]
    )
    regional = list(Office.objects.filter(kind=Office.Kind.REGIONAL).values_list("code", flat=True))
    return loaded + upsert(
        Assignment,
        ("indicator_id", "office_id"),
        [
            {"indicator_id": indicators[raw["code"]], "office_id": ids["offices"][office]}
            for raw in raw_indicators
            for office in _reporting(raw, regional)
        ],
    )


def _reporting(raw: Mapping[str, Any], regional: list[str]) -> Iterator[str]:
    """Who reports: the responsible office, and the regional offices where places are combined."""
    # Plan-level indicators are gathered by the evaluators, not entered by offices (p.93).
    if raw["level"] == Result.Level.PLAN:
        return
    yield raw["responsible_office"]
    if raw["level"] != Result.Level.SUPPORT and raw["place_rule"] != Indicator.PlaceRule.NONE:
        yield from regional


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def load_series(*, folder: Path) -> Loaded:
    """Country series with source and licence, their observations and published aggregates."""
    described = _rows(folder / "series.csv")
    # Weights first: the others point at them.
    described.sort(key=lambda row: bool(row["weight_series"]))
    indicators = dict(Indicator.objects.values_list("code", "id"))
    loaded = Loaded()
    for row in described:
        known = dict(Series.objects.values_list("code", "id"))
        loaded += upsert(
            Series,
            ("code",),
            [
                {
                    "code": row["code"],
                    "indicator_id": indicators.get(row["indicator"]),
                    "weight_id": known.get(row["weight_series"]),
                    "title": Wording.of(en=row["title_en"]),
                    "unit": row["unit"],
                    "custodian": row["custodian"],
                    "release": row["release"],
                    "licence": row["licence"],
                    "source": row["source"],
                    "note": Wording.of(en=row["note_en"]),
                }
            ],
        )
    ids = dict(Series.objects.values_list("code", "id"))
    return loaded + _load_observations(folder, ids) + _load_published(folder, ids)


def _load_observations(folder: Path, ids: Mapping[str, int]) -> Loaded:
    countries = dict(Country.objects.values_list("iso3", "id"))
    return upsert(
        Observation,
        ("series_id", "country_id", "year"),
        [
            {
                "series_id": identity,
                "country_id": countries[row["iso3"]],
                "year": int(row["year"]),
                "value": Decimal(row["value"]),
                "qualifier": row.get("qualifier") or "",
                "nature": row.get("nature") or "",
            }
            for code, identity in ids.items()
            for row in _rows(folder / f"{code}.csv")
        ],
    )


def _load_published(folder: Path, ids: Mapping[str, int]) -> Loaded:
    regions = dict(Region.objects.filter(scheme=Region.Scheme.M49).values_list("code", "id"))
    return upsert(
        PublishedAggregate,
        ("series_id", "region_id", "year"),
        [
            {
                "series_id": ids[row["series"]],
                "region_id": regions[row["m49"]],
                "year": int(row["year"]),
                "value": Decimal(row["value"]),
            }
            for row in _rows(folder / "published_aggregates.csv")
            if row["m49"] in regions
        ],
    )


@transaction.atomic
def load_measurement(*, fixtures: Path, at: datetime) -> Loaded:
    """Everything of this app that comes with the plan; loading again changes only what differs."""
    folder = fixtures / "plan"
    loaded = load_axes(folder=folder) + load_scale(folder=folder)
    loaded += load_indicators(folder=folder) + load_series(folder=fixtures / "statistics")
    if loaded != Loaded():
        audit.record(
            action="load indicators",
            subject=StrategicPlan.objects.get(),
            by=None,
            at=at,
            changes={"rows made": (0, loaded.made), "rows changed": (0, loaded.changed)},
        )
    return loaded
