"""The pages of the register of projects: looked up, shown, entered, changed; who may."""

from datetime import date
from typing import Any

import factories
import pytest
from django.http import HttpResponse
from django.test import Client
from evaluation_rows import evaluation, project, scope, threshold
from factories import person, say

from evaluations.models import Project
from habitat_plan.kit.wording import Wording
from organization.models import Office

pytestmark = pytest.mark.django_db
PROJECTS = "/en/evaluation-plan/projects/"


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


def typed(office: Office, /, **other: str) -> dict[str, Any]:
    """What is typed into the form."""
    return {
        "code": "housing-1",
        "language": "en",
        "title": "Housing",
        "office": str(office.pk),
        "budget": "3500000",
        "starts_on": "2015-01-01",
        "ends_on": "2017-12-31",
    } | other


def test_the_list_says_which_are_above_the_threshold_and_whence_it_comes(
    desk: Client, unit: Office
) -> None:
    threshold()
    project("big-1", office=unit, budget="3000000.01", title=say("Big project"))
    project("exact-1", office=unit, budget="3000000", title=say("Exactly so"), illustrative=True)
    text = words(desk.get(PROJECTS))
    assert "<h1>Two projects in the register</h1>" in text
    assert 'class="illus"' in text
    assert "1 January 2014" in text
    assert "p.100" in text
    above = words(desk.get(f"{PROJECTS}?show=above"))
    assert "<h1>One project is above the threshold</h1>" in above
    assert "Big project" in above
    assert "Exactly so" not in above


@pytest.mark.parametrize("asked", ["logement", "LOGEMENT villes", "housing", "rev-7", "EVU"])
def test_a_project_is_found_by_code_office_and_title_in_any_language(
    desk: Client, unit: Office, asked: str
) -> None:
    project("rev-7", office=unit, title=Wording.of(en="Housing", fr="Logement dans les villes"))
    project("other", office=factories.office("ROAF", kind="regional"), title=say("Water"))
    text = words(desk.get(PROJECTS, {"q": asked}))
    assert "Housing" in text
    assert "Water" not in text


@pytest.mark.parametrize("asked", ["nothing like it", "x" * 5000, "'; --"])
def test_a_search_that_finds_nothing_says_so(desk: Client, unit: Office, asked: str) -> None:
    project("other", office=unit)
    page = desk.get(PROJECTS, {"q": asked, "office": "none", "page": "nine"})
    assert "Nothing fits." in words(page)


def test_a_sign_that_no_database_holds_is_a_bad_request(desk: Client, unit: Office) -> None:
    assert desk.get(PROJECTS, {"q": "\x00"}).status_code == 400
    assert desk.post(f"{PROJECTS}new/", typed(unit, title="a\x00")).status_code == 400
    assert not Project.objects.exists()


def test_one_project_shows_what_is_missing_and_what_looks_at_it(desk: Client, unit: Office) -> None:
    threshold()
    one = project("big-1", office=unit, budget="4000000", title=say("Big project"))
    text = words(desk.get(f"{PROJECTS}big-1/"))
    assert "Above the threshold, and 2 things are missing." in text
    made = evaluation("end", title=say("End evaluation"), conducted_by="external")
    scope(made, project=one)
    text = words(desk.get(f"{PROJECTS}big-1/"))
    assert "Above the threshold, and one thing is missing." in text
    assert "End evaluation" in text


def test_a_project_is_entered(desk: Client, unit: Office) -> None:
    assert "Add a project to the register" in words(desk.get(f"{PROJECTS}new/"))
    answer = desk.post(f"{PROJECTS}new/", typed(unit, closed_on="2017-06-30", source="List 1"))
    assert (answer.status_code, answer.url) == (302, f"{PROJECTS}housing-1/")
    row = Project.objects.get()
    assert (row.closed_on, row.source, row.evaluation_budget) == (date(2017, 6, 30), "List 1", None)
    desk.post(f"{PROJECTS}new/", typed(unit, closed_on="2017-06-30", source="List 1"))
    assert Project.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("code", "two words", "Write a short word"),
        ("title", "", "Write the title of the project."),
        ("office", "999999", "Choose the office"),
        ("office", "x", "Choose the office"),
        ("budget", "much", "Write a number"),
        ("budget", "-5", "Give dollars and cents"),
        ("budget", "1.234", "at most two digits after the point"),
        ("evaluation_budget", "9000000", "more than the whole budget"),
        ("ends_on", "2014-01-01", "ends before it begins"),
        ("focus_areas", "999999", "is not one of the available choices"),
        ("language", "de", "is not one of the available choices"),
    ],
)
def test_what_is_refused_is_told_and_what_was_typed_stays(
    desk: Client, unit: Office, field: str, value: str, told: str
) -> None:
    answer = desk.post(f"{PROJECTS}new/", typed(unit, **{field: value}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert told in text
    assert 'value="2015-01-01"' in text
    assert not Project.objects.exists()


def test_a_change_needs_a_reason_and_a_fresh_form(desk: Client, unit: Office) -> None:
    row = project("housing-1", office=unit, budget="3500000", title=say("Housing"))
    change = f"{PROJECTS}housing-1/change/"
    assert 'value="Housing"' in words(desk.get(change))
    given = typed(unit, seen_revision="0", title="Housing in towns")
    assert desk.post(change, given).status_code == 422
    assert desk.post(change, given | {"reason": "A correction."}).url == f"{PROJECTS}housing-1/"
    stale = desk.post(change, given | {"reason": "Again.", "title": "Houses"})
    assert stale.status_code == 409
    text = stale.content.decode()
    assert "Somebody else changed this meanwhile" in text
    assert "Housing in towns" in text
    assert 'name="seen_revision" value="1"' in text
    row.refresh_from_db()
    assert (row.title.local("en").text, row.revision) == ("Housing in towns", 1)


def test_the_form_offers_the_title_in_the_language_it_is_in(desk: Client, unit: Office) -> None:
    project("housing-1", office=unit, title=say("Housing"))
    page = desk.get("/fr/evaluation-plan/projects/housing-1/change/").content.decode()
    assert 'value="Housing"' in page
    assert '<option value="en" selected>' in page


def test_who_may_read_and_who_may_change(client: Client, unit: Office) -> None:
    project("housing-1", office=unit)
    change, new = f"{PROJECTS}housing-1/change/", f"{PROJECTS}new/"
    pages = (PROJECTS, f"{PROJECTS}housing-1/")
    assert {client.get(page).status_code for page in (*pages, change, new)} == {302}
    client.force_login(person("Del Egate", committee=factories.office("XAA", kind="mission")))
    assert {client.get(page).status_code for page in (*pages, change, new)} == {404}
    client.force_login(person("Max Manager", manager=unit))
    assert {client.get(page).status_code for page in pages} == {200}
    for page in (change, new):
        assert client.get(page).status_code == 403
        assert client.post(page, typed(unit)).status_code == 403
    client.force_login(person("Ed Officer", quality_assurance=unit))
    assert {client.get(page).status_code for page in (*pages, change, new)} == {200}
    assert Project.objects.count() == 1


@pytest.mark.parametrize("code", ["none", "new-one", "x" * 300])
def test_a_project_that_there_is_not_is_not_found(desk: Client, code: str) -> None:
    assert desk.get(f"{PROJECTS}{code}/").status_code == 404
    assert desk.get(f"{PROJECTS}{code}/change/").status_code == 404


def test_twenty_projects_cost_the_queries_of_one(
    desk: Client, unit: Office, django_assert_max_num_queries: Any
) -> None:
    threshold()

    def counted() -> int:
        with django_assert_max_num_queries(40) as found:
            desk.get(PROJECTS)
        return len(found)

    def grow(number: int) -> None:
        one = project(f"p-{number}", office=factories.office(), budget="4000000")
        scope(evaluation(conducted_by="external"), project=one)

    grow(0)
    desk.get(PROJECTS)
    before = counted()
    for number in range(1, 20):
        grow(number)
    assert counted() == before
