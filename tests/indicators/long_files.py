"""A file of six thousand rows, and what it is about: 20 offices, 50 indicators, six years."""

from datetime import UTC, date, datetime

import factories

from indicators.models import Assignment, PeriodWindow
from organization.models import User

OFFICES, INDICATORS, YEARS = 20, 50, range(2014, 2020)
ROWS = OFFICES * INDICATORS * len(YEARS)
HEADINGS = "code,office,period,value"


def world() -> User:
    """The contributor of all twenty offices; all years stand open."""
    offices = [factories.office(f"LO{number}") for number in range(OFFICES)]
    measures = [factories.indicator(f"MK.{number}") for number in range(INDICATORS)]
    Assignment.objects.bulk_create(
        Assignment(indicator=measure, office=where) for where in offices for measure in measures
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


def long_file(value: int, *, last: str = "") -> bytes:
    """Six thousand rows with this value; the last one may be another."""
    rows = [
        f"MK.{measure},LO{where},{year},{value}"
        for where in range(OFFICES)
        for year in YEARS
        for measure in range(INDICATORS)
    ]
    if last:
        rows[-1] = rows[-1].rpartition(",")[0] + f",{last}"
    return "\n".join([HEADINGS, *rows]).encode()
