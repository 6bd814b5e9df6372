"""A file of six thousand rows, and what it is about: 20 offices, 50 indicators, six years."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import factories

from habitat_plan.kit.tables.limits import LIMITS
from indicators.models import Assignment, PeriodWindow
from indicators.pages import downloads
from indicators.pages import uploads as pages
from indicators.services import entry, upload_findings, uploads
from indicators.services.entry import core
from indicators.spreadsheets import reading
from organization.models import User

OFFICES, INDICATORS, YEARS = 20, 50, range(2014, 2020)
ROWS = OFFICES * INDICATORS * len(YEARS)
HEADINGS = "code,office,period,value"


def rows_of(measures: int) -> int:
    """Rows of a file about so many indicators."""
    return OFFICES * measures * len(YEARS)


def limits_for(measures: int) -> list[tuple[Any, str, Any]]:
    """What has to be lower for a file about fewer indicators to be as long as one of all fifty:
    module, name and value."""
    rows = rows_of(measures)
    page, chunk, kept = rows * 5_000 // ROWS, rows * 1_000 // ROWS, rows * 500 // ROWS
    room = {
        state: kept if most == upload_findings.KEPT else most
        for state, most in upload_findings.ROOM.items()
    }
    limits = replace(LIMITS, rows=page)
    return [
        *((module, "PAGE_ROWS", page) for module in (uploads, downloads)),
        *((module, "PAGE_LIMITS", limits) for module in (uploads, downloads)),
        *((module, "CHUNK", chunk) for module in (entry, core)),
        *((module, "KEPT", kept) for module in (upload_findings, pages)),
        (upload_findings, "ROOM", room),
        (reading, "HELD", page),
    ]


def world(measures: int = INDICATORS) -> User:
    """The contributor of all twenty offices; all years stand open."""
    offices = [factories.office(f"LO{number}") for number in range(OFFICES)]
    result = factories.result()
    counted = [factories.indicator(f"MK.{n}", result=result) for n in range(measures)]
    Assignment.objects.bulk_create(
        Assignment(indicator=measure, office=where) for where in offices for measure in counted
    )
    person = factories.person("Ola Contributor")
    for where in offices:
        factories.grant(person, "contributor", where)
    PeriodWindow.objects.bulk_create(
        PeriodWindow(
            period=factories.period(str(year)),
            opened_at=datetime(2014, 1, 1, tzinfo=UTC),
            opened_by=person,
            due_on=date(2020, 1, 31),
        )
        for year in YEARS
    )
    return person


def long_file(value: int, *, last: str = "", measures: int = INDICATORS) -> bytes:
    """Six thousand rows with this value, or fewer; the last one may be another."""
    rows = [
        f"MK.{measure},LO{where},{year},{value}"
        for where in range(OFFICES)
        for year in YEARS
        for measure in range(measures)
    ]
    if last:
        rows[-1] = rows[-1].rpartition(",")[0] + f",{last}"
    return "\n".join([HEADINGS, *rows]).encode()
