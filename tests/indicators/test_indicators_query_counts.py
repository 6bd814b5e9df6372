"""The number of queries does not grow with the number of rows."""

from typing import Any

import factories
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import queries
from indicators.models import CheckAnswer, FigurePart, Indicator
from organization.models import User

SIZES = (5, 50)


def queries_of(read: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)


def fill(house: factories.House, first: int, last: int) -> None:
    """Indicators of all kinds with figures in two years, parts, answers, evidence, achievements."""
    axis = factories.axis(f"axis{first}", "one", "two")
    for number in range(first, last):
        kind = ("number", "ratio", "count", "scale")[number % 4]
        measure = factories.indicator(
            f"QC{number}", kind=kind, offices=[house.branch], result=house.branch.results.first()
        )
        factories.target(measure, 2016, "20", office=house.branch)
        factories.target(measure, 2016, "40")
        factories.baseline(measure, "1")
        measure.axes.add(axis)
        if kind == "count":
            for year in ("2015", "2016"):
                factories.achievement(measure, factories.authority(), house.branch, year)
            continue
        given: dict[str, Any] = {
            "number": {"value": "7"},
            "ratio": {"numerator": "1", "denominator": "2"},
            "scale": {"choice": "drafted"},
        }[kind]
        for year in ("2015", "2016"):
            figure = factories.figure(measure, house.branch, year, **given)
            FigurePart.objects.create(figure=figure, category=axis.categories.all()[0], value=1)
            CheckAnswer.objects.create(
                figure=figure,
                check_code="no_evidence",
                sentence="It is in print.",
                answered_at=factories.NOW,
                answered_by=house.contributor,
            )
        factories.evidence(measure, house.branch)


@pytest.fixture
def measured(house):
    """How many queries a read takes with few rows, and with ten times as many."""

    def measure(read: Any) -> tuple[int, int]:
        factories.result(office=house.branch, area=factories.focus_area(branch=house.branch))
        for year in ("2015", "2016"):
            factories.submission(house.branch, year, state="approved")
        found, start = [], 0
        for size in SIZES:
            fill(house, start, size)
            start = size
            found.append(queries_of(read))
        assert Indicator.objects.count() == SIZES[-1]
        return found[0], found[1]

    return measure


def test_standings_take_the_same_queries(house, measured):
    few, many = measured(
        lambda: [
            (one.actual.number, one.rating.status, one.illustrative, one.is_due)
            for one in queries.standings(
                levels=["focus_area"], period=house.year, today=factories.TODAY
            )
        ]
    )
    assert few == many <= 9


def test_an_entry_page_takes_the_same_queries(house, measured):
    def read():
        page = queries.entry_page(
            office=house.branch, period=house.year, today=factories.TODAY
        )
        return [
            (row.nothing, row.is_open, [str(a.authority) for a in row.achievements])
            for row in page.rows
        ]

    few, many = measured(read)
    assert few == many <= 7


def test_progress_takes_the_same_queries(house, measured):
    few, many = measured(
        lambda: queries.submission_progress(
            period=house.year,
            today=factories.TODAY,
            user=User.objects.get(pk=house.officer.pk),
        )
    )
    assert few == many <= 7


def test_the_queue_takes_the_same_queries_for_one_office_and_for_ten(house):
    def wait(count: int) -> int:
        for _number in range(count):
            office = factories.office()
            factories.grant(house.approver, "approver", office)
            factories.submission(office, state="submitted")
        person = User.objects.get(pk=house.approver.pk)
        return queries_of(lambda: queries.approval_queue(person, today=factories.TODAY))

    assert wait(1) == wait(9) <= 3
