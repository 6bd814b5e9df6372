"""Keeping evaluations: planned, changed, led on, published for good, amended."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factories
import pytest
from evaluation_rows import biennium, evaluation, mandate
from factories import NOW, TODAY, person

from evaluations.models import Amendment, Evaluation, EvaluationStep
from evaluations.services import evaluations as services
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db
FOUND = date(2016, 12, 1)


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


def planned(officer: User, **other: Any) -> Evaluation:
    """An evaluation taken into the plan by its officer."""
    given: dict[str, Any] = {
        "code": "land-2016",
        "title": "Land and governance",
        "language": "en",
        "kind": "subprogramme",
        "plan": None,
        "mandate": None,
        "conducted_by": "external",
        "budget": Decimal("80000"),
        "starts_on": date(2016, 2, 1),
        "ends_on": date(2016, 11, 30),
        "purpose": "To learn.",
    } | other
    return services.plan_evaluation(**given, by=officer, at=NOW)


def code_of(broken: pytest.ExceptionInfo[RuleBroken]) -> str:
    """The code by which a rule was refused."""
    return broken.value.code


def test_an_evaluation_is_planned_with_its_facts_and_stands_in_the_trail(officer: User) -> None:
    two_years, asked = biennium(), mandate("m-9")
    made = planned(officer, plan=two_years, mandate=asked)
    made.refresh_from_db()
    assert (made.code, made.state, made.revision) == ("land-2016", "planned", 0)
    assert (made.title.local("en").text, made.purpose.local("en").text) == (
        "Land and governance",
        "To learn.",
    )
    assert (made.plan, made.mandate, made.budget) == (two_years, asked, Decimal("80000"))
    assert made.searched == "land and governance to learn. land-2016"
    entry = AuditEntry.objects.get(action="plan evaluation")
    assert entry.by == officer
    assert entry.changes["title"] == [None, {"en": "Land and governance"}]
    assert entry.changes["budget"] == [None, "80000"]


def test_the_same_form_sent_twice_is_one_evaluation(officer: User) -> None:
    assert planned(officer).pk == planned(officer).pk
    assert Evaluation.objects.count() == 1
    assert AuditEntry.objects.filter(action="plan evaluation").count() == 1


def test_another_evaluation_of_the_same_code_is_refused(officer: User) -> None:
    planned(officer)
    with pytest.raises(RuleBroken) as broken:
        planned(officer, title="Something else")
    assert code_of(broken) == "code_taken"
    assert broken.value.field == "code"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"code": ""}, "code_needed", "code"),
        ({"code": "Land and"}, "code_needed", "code"),
        ({"code": "new"}, "code_needed", "code"),
        ({"code": "a" * 41}, "code_needed", "code"),
        ({"code": "a\x00b"}, "code_needed", "code"),
        ({"title": "  "}, "title_needed", "title"),
        ({"title": "x" * 301}, "text_too_long", "title"),
        ({"title": "a\x00b"}, "text_damaged", "title"),
        ({"purpose": "a\x00b"}, "text_damaged", "purpose"),
        ({"purpose": "x" * 5001}, "text_too_long", "purpose"),
        ({"language": "de"}, "language_unknown", "language"),
        ({"kind": "other"}, "kind_unknown", "kind"),
        ({"conducted_by": "nobody"}, "conduct_unknown", "conducted_by"),
        ({"budget": Decimal("-1")}, "not_a_sum", "budget"),
        ({"budget": Decimal("1.005")}, "not_a_sum", "budget"),
        ({"budget": Decimal("NaN")}, "not_a_sum", "budget"),
        ({"budget": Decimal("10000000000")}, "not_a_sum", "budget"),
        ({"ends_on": date(2016, 1, 31)}, "ends_before_start", "ends_on"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(
    officer: User, given: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(RuleBroken) as broken:
        planned(officer, **given)
    assert (code_of(broken), broken.value.field) == (code, field)
    assert not Evaluation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_evaluations_are_planned_for_two_years_only(officer: User) -> None:
    with pytest.raises(RuleBroken) as broken:
        planned(officer, plan=factories.period("2016"))
    assert code_of(broken) == "not_a_biennium"


ROLES = ("contributor", "approver", "quality_assurance", "report_editor", "committee", "manager")


@pytest.mark.parametrize("role", ROLES)
def test_only_the_evaluation_officer_keeps_evaluations(role: str) -> None:
    other = person("Other", **{role: factories.office()})
    one, done = evaluation("e-1"), evaluation("2-2016", state="published")
    common: dict[str, Any] = {"by": other, "at": NOW}
    # What was typed is nonsense: the right is asked for first.
    with pytest.raises(NotAllowed):
        planned(other, title="", kind="nonsense")
    with pytest.raises(NotAllowed):
        services.change_evaluation(
            evaluation=one, seen_revision=7, language="xx", title="", **common
        )
    with pytest.raises(NotAllowed):
        services.move(evaluation=one, to="x", reason="", on=TODAY, seen_revision=7, **common)
    with pytest.raises(NotAllowed):
        services.publish(
            evaluation=one,
            report_number=-1,
            report_year=1,
            on=TODAY,
            embargo_until=None,
            seen_revision=9,
            **common,
        )
    with pytest.raises(NotAllowed):
        services.amend(evaluation=done, text="", language="xx", on=TODAY, **common)
    assert not AuditEntry.objects.exists()


def test_a_change_says_from_what_to_what_and_counts_the_revision(officer: User) -> None:
    made = planned(officer)
    changed = services.change_evaluation(
        evaluation=made,
        seen_revision=0,
        language="fr",
        title="Le foncier",
        symbol="HS/1/16E",
        by=officer,
        at=NOW,
    )
    assert changed.revision == 1
    assert {text.language: text.text for text in changed.title} == {
        "en": "Land and governance",
        "fr": "Le foncier",
    }
    entry = AuditEntry.objects.get(action="change evaluation")
    assert entry.changes == {
        "title": [
            {"en": "Land and governance"},
            {"en": "Land and governance", "fr": "Le foncier"},
        ],
        "symbol": ["", "HS/1/16E"],
    }
    assert "foncier" in changed.searched


def test_a_form_made_from_an_older_state_is_refused(officer: User) -> None:
    made = planned(officer)
    services.change_evaluation(
        evaluation=made, seen_revision=0, language="en", title="First", by=officer, at=NOW
    )
    with pytest.raises(RuleBroken) as broken:
        services.change_evaluation(
            evaluation=made, seen_revision=0, language="en", title="Second", by=officer, at=NOW
        )
    assert code_of(broken) == "changed_elsewhere"
    made.refresh_from_db()
    assert str(made.title) == "First"


def test_the_same_change_sent_twice_is_one_change(officer: User) -> None:
    made = planned(officer)
    for _ in range(2):
        services.change_evaluation(
            evaluation=made, seen_revision=0, language="en", title="First", by=officer, at=NOW
        )
    made.refresh_from_db()
    assert made.revision == 1
    assert AuditEntry.objects.filter(action="change evaluation").count() == 1


def test_an_official_text_that_is_sent_back_unchanged_stays_official(officer: User) -> None:
    made = planned(officer)
    official = {"en": {"text": "Mid-term evaluation", "status": "official", "source": "E4"}}
    Evaluation.objects.filter(pk=made.pk).update(title=official)
    services.change_evaluation(
        evaluation=made,
        seen_revision=0,
        language="en",
        title="Mid-term evaluation",
        symbol="HS/1",
        by=officer,
        at=NOW,
    )
    made.refresh_from_db()
    assert made.title.to_json() == official


def test_a_title_cannot_be_taken_away_but_one_language_of_it_can(officer: User) -> None:
    made = planned(officer)
    change: dict[str, Any] = {"evaluation": made, "by": officer, "at": NOW}
    services.change_evaluation(**change, seen_revision=0, language="fr", title="Le foncier")
    services.change_evaluation(**change, seen_revision=1, language="en", title="")
    with pytest.raises(RuleBroken) as broken:
        services.change_evaluation(**change, seen_revision=2, language="fr", title=" ")
    assert code_of(broken) == "title_needed"
    made.refresh_from_db()
    assert made.title.to_json() == {"fr": {"text": "Le foncier", "status": "working"}}


def test_a_link_that_runs_a_program_is_refused(officer: User) -> None:
    made = planned(officer)
    with pytest.raises(RuleBroken) as broken:
        services.change_evaluation(
            evaluation=made,
            seen_revision=0,
            language="en",
            link="javascript:alert(1)",
            by=officer,
            at=NOW,
        )
    assert (code_of(broken), broken.value.field) == ("not_an_address", "link")


def test_a_fact_that_there_is_none_of_is_a_mistake_of_the_program(officer: User) -> None:
    made = planned(officer)
    with pytest.raises(TypeError, match="state"):
        services.change_evaluation(
            evaluation=made, seen_revision=0, language="en", state="published", by=officer, at=NOW
        )


def reported(officer: User, **other: Any) -> Evaluation:
    """An evaluation whose report is there, and where it can be read."""
    made = planned(officer, **other)
    services.change_evaluation(
        evaluation=made,
        seen_revision=0,
        language="en",
        link="https://unhabitat.org/land",
        source="unhabitat.org/evaluation",
        by=officer,
        at=NOW,
    )
    for revision, to in enumerate(("prepared", "under_way", "reported"), start=1):
        made = services.move(
            evaluation=made,
            to=to,
            reason="",
            on=FOUND,
            seen_revision=revision,
            by=officer,
            at=NOW,
        )
    return made


def published(officer: User, one: Evaluation, **other: Any) -> Evaluation:
    """The evaluation, published as Evaluation Report 4/2016."""
    given: dict[str, Any] = {
        "report_number": 4,
        "report_year": 2016,
        "on": date(2016, 12, 20),
        "embargo_until": None,
        "seen_revision": one.revision,
    } | other
    return services.publish(evaluation=one, **given, by=officer, at=NOW)


def test_a_published_report_has_its_number_address_and_a_day_for_the_response(
    officer: User,
) -> None:
    done = published(officer, reported(officer))
    done.refresh_from_db()
    assert (done.code, done.number, done.state) == ("4-2016", "4/2016", "published")
    assert (done.completed_on, done.published_on, done.published_at) == (
        FOUND,
        date(2016, 12, 20),
        NOW,
    )
    # 60 days after 20 December: 11 in December, 31 in January, 18 in February.
    assert done.response_due_on == date(2017, 2, 18)
    assert "4/2016" in done.searched
    assert list(done.steps.values_list("from_state", "to_state")) == [
        ("planned", "prepared"),
        ("prepared", "under_way"),
        ("under_way", "reported"),
        ("reported", "published"),
    ]
    entry = AuditEntry.objects.get(action="publish evaluation")
    assert entry.changes["state"] == ["reported", "published"]
    assert entry.changes["code"] == ["land-2016", "4-2016"]


def test_a_day_that_was_agreed_for_the_response_stays(officer: User) -> None:
    one = reported(officer)
    one = services.change_evaluation(
        evaluation=one,
        seen_revision=one.revision,
        language="en",
        response_due_on=date(2017, 5, 1),
        by=officer,
        at=NOW,
    )
    assert published(officer, one).response_due_on == date(2017, 5, 1)


def test_publishing_sent_twice_publishes_once(officer: User) -> None:
    one = reported(officer)
    published(officer, one)
    assert published(officer, one).number == "4/2016"
    assert EvaluationStep.objects.filter(to_state="published").count() == 1
    assert AuditEntry.objects.filter(action="publish evaluation").count() == 1


def test_publishing_once_more_with_another_number_is_refused(officer: User) -> None:
    one = reported(officer)
    published(officer, one)
    with pytest.raises(RuleBroken) as broken:
        published(officer, one, report_number=5)
    assert code_of(broken) == "published"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"report_number": 0}, "number_unknown", "report_number"),
        ({"report_number": 1000}, "number_unknown", "report_number"),
        ({"report_year": 1977}, "year_unknown", "report_year"),
        ({"report_year": 2017}, "year_unknown", "report_year"),
        ({"on": TODAY + timedelta(days=1)}, "day_in_future", "on"),
        ({"on": FOUND - timedelta(days=1)}, "day_too_early", "on"),
        ({"embargo_until": date(2016, 12, 19)}, "embargo_too_early", "embargo_until"),
        ({"seen_revision": 0}, "changed_elsewhere", None),
    ],
)
def test_what_cannot_be_published_is_refused_at_its_field(
    officer: User, given: dict[str, Any], code: str, field: str | None
) -> None:
    one = reported(officer)
    with pytest.raises(RuleBroken) as broken:
        published(officer, one, **given)
    assert (code_of(broken), broken.value.field) == (code, field)
    one.refresh_from_db()
    assert one.state == "reported"


def test_a_number_is_given_once_in_a_year(officer: User) -> None:
    evaluation("other", state="published", report_number=4)
    one = reported(officer)
    with pytest.raises(RuleBroken) as broken:
        published(officer, one)
    assert code_of(broken) == "number_taken"
    assert published(officer, one, report_number=5).number == "5/2016"


def test_an_address_that_another_evaluation_has_is_not_taken_from_it(officer: User) -> None:
    evaluation("4-2016")
    with pytest.raises(RuleBroken) as broken:
        published(officer, reported(officer))
    assert code_of(broken) == "number_taken"


def test_a_report_that_nobody_can_read_is_not_published(officer: User) -> None:
    one = reported(officer)
    one = services.change_evaluation(
        evaluation=one,
        seen_revision=one.revision,
        language="en",
        link="",
        by=officer,
        at=NOW,
    )
    with pytest.raises(RuleBroken) as broken:
        published(officer, one)
    assert code_of(broken) == "report_needed"


def test_a_report_without_a_number_keeps_its_word_and_needs_a_source(officer: User) -> None:
    done = published(officer, reported(officer), report_number=None)
    assert (done.code, done.number, done.report_year) == ("land-2016", "", 2016)


def test_an_amendment_is_numbered_and_stands_once(officer: User) -> None:
    done = published(officer, reported(officer))
    amend: dict[str, Any] = {"evaluation": done, "language": "en", "by": officer, "at": NOW}
    first = services.amend(**amend, text="Page 3: read 12 instead of 21.", on=TODAY)
    again = services.amend(**amend, text="Page 3: read 12 instead of 21.", on=TODAY)
    second = services.amend(**amend, text="Page 9: the table is of 2015.", on=TODAY)
    assert (first.number, again.number, second.number) == (1, 1, 2)
    assert Amendment.objects.count() == 2
    assert AuditEntry.objects.filter(action="amend evaluation").count() == 2


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"text": " "}, "text_needed", "text"),
        ({"text": "a\x00b"}, "text_damaged", "text"),
        ({"text": "x" * 10_001}, "text_too_long", "text"),
        ({"on": date(2017, 1, 17)}, "day_in_future", "on"),
        ({"on": date(2016, 12, 19)}, "day_too_early", "on"),
        ({"language": "xx"}, "language_unknown", "language"),
    ],
)
def test_an_amendment_that_cannot_be_kept_is_refused_at_its_field(
    officer: User, given: dict[str, Any], code: str, field: str
) -> None:
    done = published(officer, reported(officer))
    typed = {"text": "Read 12.", "language": "en", "on": TODAY} | given
    with pytest.raises(RuleBroken) as broken:
        services.amend(evaluation=done, **typed, by=officer, at=NOW)
    assert (code_of(broken), broken.value.field) == (code, field)
    assert not Amendment.objects.exists()


def test_what_is_not_published_is_changed_and_not_amended(officer: User) -> None:
    with pytest.raises(RuleBroken) as broken:
        services.amend(
            evaluation=reported(officer), text="No.", language="en", on=TODAY, by=officer, at=NOW
        )
    assert code_of(broken) == "not_published"
