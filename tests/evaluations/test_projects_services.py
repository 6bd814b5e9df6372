"""The register of projects: entered, changed with a reason, and what is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factories
import pytest
from factories import NOW, TODAY, country, person

from evaluations.models import Project
from evaluations.services import projects as services
from evaluations.services.projects import ProjectFacts
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def facts() -> ProjectFacts:
    """A project of a regional office that runs from 2015 to 2017."""
    office: Office = factories.office("ROAF", kind="regional")
    return ProjectFacts(
        title="Housing",
        office=office,
        budget=Decimal("3500000.50"),
        starts_on=date(2015, 1, 1),
        ends_on=date(2017, 12, 31),
    )


def added(facts: ProjectFacts, by: User, code: str = "housing-1", language: str = "en") -> Project:
    """The project entered in the register."""
    return services.add_project(code=code, language=language, given=facts, by=by, at=NOW)


def kept(project: Project, facts: ProjectFacts, by: User, **other: Any) -> Project:
    """The project changed from its first revision."""
    given = {"seen_revision": 0, "language": "en", "reason": "A correction."} | other
    return services.keep_project(project=project, given=facts, by=by, at=NOW, **given)


def test_a_project_is_entered_with_its_facts_and_stands_in_the_trail(
    facts: ProjectFacts, officer: User
) -> None:
    area, land = factories.focus_area(5), country("XAB")
    project = added(replace(facts, focus_areas=[area], countries=[land]), officer, " Housing-1 ")
    project.refresh_from_db()
    assert (project.code, project.title.local("en").text) == ("housing-1", "Housing")
    assert (project.budget, project.evaluation_budget) == (Decimal("3500000.50"), None)
    assert list(project.focus_areas.all()) == [area]
    entry = AuditEntry.objects.get(action="add project")
    assert (entry.by, entry.office) == (officer, facts.office)
    assert entry.changes["budget"] == [None, "3500000.5"]
    assert entry.changes["focus_areas"] == [[], ["FA5"]]
    assert entry.changes["countries"] == [[], ["XAB"]]


def test_the_same_form_sent_twice_is_one_project(facts: ProjectFacts, officer: User) -> None:
    assert added(facts, officer).pk == added(facts, officer).pk
    assert AuditEntry.objects.filter(action="add project").count() == 1


def test_two_projects_do_not_share_a_code(facts: ProjectFacts, officer: User) -> None:
    added(facts, officer)
    with pytest.raises(RuleBroken) as broken:
        added(replace(facts, budget=Decimal(1)), officer)
    assert (broken.value.code, broken.value.field) == ("code_taken", "code")


def test_a_change_keeps_what_it_was_and_why(facts: ProjectFacts, officer: User) -> None:
    project = added(facts, officer)
    changed = kept(project, replace(facts, evaluation_budget=Decimal("70000")), officer)
    assert (changed.revision, changed.evaluation_budget) == (1, Decimal("70000"))
    entry = AuditEntry.objects.get(action="change project")
    assert entry.changes == {"evaluation_budget": [None, "70000"]}
    assert entry.reason == "A correction."


def test_no_line_and_a_line_of_nothing_are_two_things(facts: ProjectFacts, officer: User) -> None:
    project = kept(added(facts, officer), replace(facts, evaluation_budget=Decimal(0)), officer)
    project.refresh_from_db()
    assert project.evaluation_budget == Decimal(0)


def test_nothing_changed_is_nothing_done(facts: ProjectFacts, officer: User) -> None:
    project = kept(added(facts, officer), facts, officer, reason="", seen_revision=9)
    assert project.revision == 0
    assert not AuditEntry.objects.filter(action="change project").exists()


def test_a_form_made_from_an_older_state_is_refused(facts: ProjectFacts, officer: User) -> None:
    project = added(facts, officer)
    kept(project, replace(facts, budget=Decimal("4000000")), officer)
    with pytest.raises(RuleBroken) as broken:
        kept(project, replace(facts, budget=Decimal("5000000")), officer)
    assert broken.value.code == "changed_elsewhere"
    project.refresh_from_db()
    assert project.budget == Decimal("4000000")


def test_a_second_language_is_added_and_the_first_stays(facts: ProjectFacts, officer: User) -> None:
    project = kept(added(facts, officer), replace(facts, title="Logement"), officer, language="fr")
    assert [project.title.local(code).text for code in ("en", "fr")] == ["Housing", "Logement"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("title", " ", "title_needed"),
        ("title", "x" * 301, "text_too_long"),
        ("title", "a\x00b", "text_damaged"),
        ("source", "x" * 301, "text_too_long"),
        ("budget", Decimal("-0.01"), "not_a_sum"),
        ("budget", Decimal(10) ** 12, "not_a_sum"),
        ("budget", Decimal("0.001"), "not_a_sum"),
        ("budget", Decimal("NaN"), "not_a_sum"),
        ("evaluation_budget", Decimal("-1"), "not_a_sum"),
        ("evaluation_budget", Decimal("3500000.51"), "line_too_high"),
        ("ends_on", date(2014, 12, 31), "ends_before_start"),
        ("closed_on", date(2014, 12, 31), "closed_before_start"),
        ("closed_on", TODAY + timedelta(1), "closed_in_future"),
    ],
)
def test_what_cannot_be_is_refused(
    facts: ProjectFacts, officer: User, field: str, value: Any, code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        added(replace(facts, **{field: value}), officer)
    assert (broken.value.code, broken.value.field) == (code, field)
    assert not Project.objects.exists()


@pytest.mark.parametrize("code", ["", "new", "two words", "é", "a" * 41, "a\x00", "-a"])
def test_a_code_that_is_no_address_is_refused(
    facts: ProjectFacts, officer: User, code: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        added(facts, officer, code)
    assert broken.value.code == "code_needed"


def test_a_language_that_is_not_one_of_six_is_refused(facts: ProjectFacts, officer: User) -> None:
    with pytest.raises(RuleBroken) as broken:
        added(facts, officer, language="de")
    assert broken.value.code == "language_unknown"


def test_a_change_says_why(facts: ProjectFacts, officer: User) -> None:
    project = added(facts, officer)
    with pytest.raises(RuleBroken) as broken:
        kept(project, replace(facts, budget=Decimal(1)), officer, reason="  ")
    assert (broken.value.code, broken.value.field) == ("reason_needed", "reason")


def test_quality_assurance_keeps_the_register_too_and_others_do_not(
    facts: ProjectFacts, officer: User
) -> None:
    unit = factories.office("QAU", kind="unit")
    project = added(facts, person("Ed Officer", quality_assurance=unit))
    for role in ("manager", "approver", "contributor", "administrator", "committee"):
        other = person(f"Other {role}", **{role: facts.office})
        with pytest.raises(NotAllowed):
            added(replace(facts, title=""), other, "other")
        with pytest.raises(NotAllowed):
            kept(project, replace(facts, title=""), other)
