"""Loads offices, countries and regions from the files in `fixtures/`."""

import csv
import json
from datetime import datetime
from pathlib import Path

from django.db import transaction

from habitat_plan.kit.wording import LANGUAGES, OFFICIAL, WORKING, Wording
from organization.models import Country, Office, Region
from organization.services import audit
from organization.services.upsert import Loaded, upsert

UN_HABITAT_REGIONS = ("africa", "arab_states", "asia_pacific", "latin_america_caribbean")


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _names(row: dict[str, str], status: str) -> Wording:
    return Wording.parse(
        {
            language: {"text": row[f"name_{language}"], "status": status}
            for language in LANGUAGES
            if row.get(f"name_{language}")
        }
    )


def load_regions(*, folder: Path) -> Loaded:
    """The groups of M49 and the four regions of UN-Habitat."""
    rows = _rows(folder / "regions.csv")
    return upsert(
        Region,
        ("code",),
        [
            {
                "code": row["code"],
                "scheme": "un_habitat" if row["level"] == "unhabitat_region" else "m49",
                "name": _names(row, row["status"]),
                "ordinal": ordinal,
            }
            for ordinal, row in enumerate(rows)
        ],
    )


def load_countries(*, folder: Path) -> Loaded:
    """The countries and areas of M49, the invented ones, and the groups they belong to."""
    rows = _rows(folder / "countries.csv")
    invented = _rows(folder / "invented_countries.csv")
    loaded = upsert(
        Country,
        ("iso3",),
        [
            {
                "iso3": row["iso3"],
                "m49": row["m49"],
                "name": _names(row, WORKING if row in invented else OFFICIAL),
                "illustrative": row in invented,
            }
            for row in [*rows, *invented]
        ],
    )
    regions = dict(Region.objects.values_list("code", "id"))
    countries = dict(Country.objects.values_list("iso3", "id"))
    wanted = {
        (countries[row["iso3"]], regions[code])
        for row in [*rows, *invented]
        for code in _groups(row, regions)
    }
    link = Country.regions.through
    present = set(link.objects.values_list("country_id", "region_id"))
    link.objects.bulk_create(
        [link(country_id=country, region_id=region) for country, region in wanted - present],
        batch_size=500,
    )
    return loaded


def _groups(row: dict[str, str], known: dict[str, int]) -> list[str]:
    """Codes of the groups a country belongs to; every M49 country belongs to the world (001)."""
    groups = [
        row["unhabitat_region"],
        row["m49_region"],
        row["m49_subregion"],
        row["m49_intermediate"],
        "001" if row["m49"] else "",
    ]
    return [code for code in groups if code in known]


def load_offices(*, folder: Path) -> Loaded:
    """The tree of offices; a parent stands before its children in the file."""
    loaded = Loaded()
    offices = json.loads((folder / "offices.json").read_text(encoding="utf-8"))["offices"]
    regions = dict(Region.objects.values_list("code", "id"))
    region_of_name = {
        str(region.name.local("en")): region.pk
        for region in Region.objects.filter(scheme=Region.Scheme.UN_HABITAT)
    }
    for ordinal, office in enumerate(offices):
        ids = dict(Office.objects.values_list("code", "id"))
        region = office.get("region") or ""
        loaded += upsert(
            Office,
            ("code",),
            [
                {
                    "code": office["code"],
                    "parent_id": ids[office["parent"]] if office["parent"] else None,
                    "kind": office["kind"],
                    "name": Wording.parse(office["name"]),
                    "region_id": regions.get(region) or region_of_name.get(region),
                    "ordinal": ordinal,
                }
            ],
        )
    return loaded


@transaction.atomic
def load_organization(*, fixtures: Path, at: datetime) -> Loaded:
    """Regions, countries and offices; writes one audit entry if anything changed."""
    loaded = (
        load_regions(folder=fixtures / "reference")
        + load_countries(folder=fixtures / "reference")
        + load_offices(folder=fixtures / "plan")
    )
    if loaded != Loaded():
        audit.record(
            action="load organization",
            subject=Office.objects.get(parent__isnull=True, kind=Office.Kind.EXECUTIVE),
            by=None,
            at=at,
            changes={"rows made": (0, loaded.made), "rows changed": (0, loaded.changed)},
        )
    return loaded
