"""Saving a cell takes few queries, and a grid no more than its kinds of rows ask for."""

import factories
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Figure
from indicators.services import entry
from indicators.services.entry import EntryLine, Typed
from organization.models import User

BOOKKEEPING = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def asked(house, measures, **typed) -> int:
    """Queries of one save by a person whose roles were not read yet, but for savepoints."""
    lines = [EntryLine(one, house.branch, house.year, Typed(**typed)) for one in measures]
    person = User.objects.get(pk=house.contributor.pk)
    with CaptureQueriesContext(connection) as captured:
        entry.enter_figures(lines=lines, language="en", by=person, at=factories.NOW)
    return sum(not one["sql"].startswith(BOOKKEEPING) for one in captured.captured_queries)


@pytest.fixture
def number(house):
    return factories.indicator("QE1", offices=[house.branch])


def test_a_cell_takes_six_queries(house, number):
    asked(house, [number], value="1")
    # Roles, submission with window, assignment with figure, the figure, the trail's end, its entry.
    assert asked(house, [number], value="2", version=1) == 6
    other = factories.indicator("QE2", offices=[house.branch])
    assert asked(house, [other], value="3", version=0) == 6
    assert sorted(Figure.objects.values_list("value", flat=True)) == [2, 3]


def test_a_cell_that_did_not_change_takes_three_queries(house, number):
    asked(house, [number], value="1")
    assert asked(house, [number], value="1.0", version=1) == 3


def test_the_first_cell_of_a_year_takes_ten_queries(house, number):
    # The draft is made, and everything read again under its lock.
    assert asked(house, [number], value="1", version=0) == 10


def test_a_grid_takes_as_many_queries_for_fifty_rows_as_for_five(house):
    axis = factories.axis("sex", "women")
    measures = [factories.indicator(f"QG{n}", offices=[house.branch]) for n in range(55)]
    for one in measures:
        one.axes.add(axis)
    typed = {"parts": {"sex:women": "1"}, "answers": {"no_evidence": "It is in print."}}
    asked(house, measures[:1], value="1", **typed)
    few = asked(house, measures[:5], value="2", **typed)
    many = asked(house, measures, value="3", **typed)
    assert few == many <= 12


def test_a_blank_cell_leaves_no_draft_behind(house, number):
    with CaptureQueriesContext(connection) as captured:
        outcomes = entry.enter_figures(
            lines=[EntryLine(number, house.branch, house.year, Typed(value=" "))],
            language="en",
            by=house.contributor,
            at=factories.NOW,
        )
    assert [outcome.state for outcome in outcomes] == ["blank"]
    assert not [q["sql"] for q in captured.captured_queries if q["sql"].startswith("INSERT")]
    assert not house.branch.submissions.exists()
