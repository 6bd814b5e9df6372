"""The page of coverage: what it says first, each gap with rule, paragraph and office, who sees it.

The page asks of today, when the life of the plan is over.
"""

from datetime import date
from decimal import Decimal
from typing import Any

import factories
import pytest
from django.http import HttpResponse
from django.test import Client
from evaluation_rows import biennium, evaluation, mandate, project, scope, threshold
from factories import person, say

from evaluations.queries.coverage import coverage, world
from evaluations.rules.coverage import Rule
from organization.models import Office

pytestmark = pytest.mark.django_db
COVERAGE = "/en/evaluation-plan/coverage/"


@pytest.fixture
def unit() -> Office:
    """The Evaluation Unit."""
    return factories.office("EVU", kind="unit")


@pytest.fixture
def desk(unit: Office, client: Client) -> Client:
    """A browser in which the evaluation officer is signed in."""
    client.force_login(person("Eva Officer", evaluation_officer=unit))
    return client


def words(page: HttpResponse) -> str:
    """The page as text."""
    assert page.status_code == 200
    return page.content.decode()


def areas() -> list[Any]:
    """Three focus areas with their branches: one evaluated, two not."""
    found = [factories.focus_area(number) for number in (1, 2, 3)]
    made = evaluation("land", state="published", title=say("Land"), completed_on=date(2016, 5, 1))
    scope(made, focus_area=found[0])
    return found


def test_the_heading_is_the_answer(desk: Client) -> None:
    areas()
    text = words(desk.get(COVERAGE))
    assert "<h1>Two focus areas have no evaluation planned</h1>" in text
    assert text.count("None planned") == 2
    assert "Each focus area is evaluated at least once in the life of the plan" in text
    assert "p.100" in text


def test_where_nothing_is_missing_it_says_so(desk: Client) -> None:
    made = evaluation("land", state="published", completed_on=date(2016, 5, 1))
    scope(made, focus_area=factories.focus_area(1))
    text = words(desk.get(COVERAGE))
    assert "<h1>Every focus area is evaluated</h1>" in text
    assert "Nothing is missing." in text


def test_each_gap_names_rule_paragraph_and_office(desk: Client, unit: Office) -> None:
    regional = factories.office("ROAF", kind="regional")
    threshold()
    project("p-1", office=regional, budget="3000000.01", title=say("Housing"))
    project("p-2", office=regional, budget="3000000", title=say("Not above"))
    mandate("m-1", due_on=date(2016, 12, 31), paragraph="p.61 a")
    text = words(desk.get(COVERAGE))
    for told in (
        "Mandate m-1",
        "p.61 a",
        "Each project above the threshold has an external evaluation at its end.",
        "No money is set aside for its evaluation.",
        "Threshold: 3,000,000 United States dollars.",
        "Office ROAF",
        "Office EVU",
    ):
        assert told in text
    assert "Not above" not in text
    assert 'href="/en/evaluation-plan/projects/p-1/"' in text


def test_an_office_asks_what_it_should_do(desk: Client) -> None:
    areas()
    regional = factories.office("ROAF", kind="regional")
    threshold()
    project("p-1", office=regional, budget="4000000", title=say("Housing"))
    text = words(desk.get(f"{COVERAGE}?office=ROAF"))
    assert "<h1>Two things wait for Office ROAF</h1>" in text
    branch = Office.objects.get(focus_areas__number=2)
    text = words(desk.get(f"{COVERAGE}?office={branch.code}"))
    assert f"<h1>One thing waits for Office {branch.code}</h1>" in text
    idle = factories.office("ROLAC", kind="regional")
    text = words(desk.get(f"{COVERAGE}?office={idle.code}"))
    assert "<h1>Office ROLAC has nothing to put right</h1>" in text


def test_the_published_share_stands_beside_its_target_and_what_the_register_counts(
    desk: Client, unit: Office
) -> None:
    period = biennium()
    measure = factories.indicator(
        "EV.1", offices=[unit], frequency="biennial", period_rule="latest", unit=say("per cent")
    )
    factories.target(measure, 2017, "60")
    factories.submission(unit, "2017")
    factories.figure(measure, unit, "2017", "63", source="Annual progress report 2017")
    for number in range(3):
        closed = project(f"p-{number}", office=unit, closed_on=date(2017, 1, 1))
        if number < 2:
            made = evaluation(f"e-{number}", state="published", plan=period)
            scope(made, project=closed)
    text = words(desk.get(COVERAGE))
    assert "More projects were evaluated than planned" in text
    assert "105\u00a0%" in text
    assert "Reached<" in text
    assert "Annual progress report 2017" in text
    assert "67\u00a0%" in text
    assert "2 of 3" in text


@pytest.mark.parametrize("role", ["contributor", "approver", "manager", "quality_assurance"])
def test_the_secretariat_reads_it(client: Client, role: str) -> None:
    factories.focus_area(1)
    client.force_login(person("Reader", **{role: factories.office()}))
    assert client.get(COVERAGE).status_code == 200


def test_nobody_else_learns_what_is_not_published(client: Client) -> None:
    factories.focus_area(1)
    assert client.get(COVERAGE).url.startswith("/en/sign-in/")
    mission = factories.office("XAA", kind="mission")
    for user in (person("Del Egate", committee=mission), person("No Role")):
        client.force_login(user)
        assert client.get(COVERAGE).status_code == 404


@pytest.mark.parametrize("office", ["NONE", "x" * 500])
def test_an_office_that_there_is_not_is_not_found(desk: Client, office: str) -> None:
    assert desk.get(f"{COVERAGE}?office={office}").status_code == 404


def test_what_is_made_up_is_marked(desk: Client) -> None:
    threshold()
    project("p-1", office=factories.office(), budget="4000000", illustrative=True)
    text = words(desk.get(COVERAGE))
    assert 'class="demo"' in text
    assert text.count('class="illus"') >= 2


def test_a_day_in_the_past_is_told_as_it_was() -> None:
    area = factories.focus_area(1)
    biennium()
    made = evaluation(
        "land", state="published", completed_on=date(2016, 8, 1), starts_on=date(2016, 3, 1)
    )
    scope(made, focus_area=area)
    office: Any = factories.office()
    project("p-1", office=office, closed_on=date(2016, 6, 30))
    states = [one.state for day in (29, 30) for one in world(date(2016, 6, day)).evaluations]
    assert states == ["under_way", "under_way"]
    assert world(date(2016, 2, 1)).evaluations == []
    closed = [world(date(2016, 6, day)).projects[0].closed_on for day in (29, 30)]
    assert closed == [None, date(2016, 6, 30)]
    gaps = {
        day: [gap.rule for gap in coverage(day).gaps]
        for day in (date(2016, 2, 1), date(2016, 4, 1))
    }
    assert Rule.FOCUS_AREA in gaps[date(2016, 2, 1)]
    assert Rule.FOCUS_AREA not in gaps[date(2016, 4, 1)]


def test_ten_of_everything_cost_the_queries_of_one(
    desk: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    biennium()
    threshold()

    def grow(number: int) -> None:
        office = factories.office()
        area = factories.focus_area(number)
        one = evaluation(f"e-{number}", mandate=mandate(f"m-{number}"), conducted_by="external")
        scope(one, focus_area=area)
        scope(one, project=project(f"p-{number}", office=office, budget="4000000"))
        project(f"q-{number}", office=office, budget="5000000", evaluation_budget=Decimal(1))

    def counted() -> int:
        with django_assert_num_queries(10):
            world(date(2017, 1, 16))
        with django_assert_num_queries(12):
            coverage(date(2017, 1, 16))
        with django_assert_max_num_queries(60) as found:
            desk.get(COVERAGE)
        return len(found)

    grow(1)
    desk.get(COVERAGE)
    before = counted()
    for number in range(2, 11):
        grow(number)
    assert counted() == before
