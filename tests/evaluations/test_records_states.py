"""The way of an evaluation: no state is skipped, nothing leads away from publication."""

from datetime import date
from typing import Any

import factories
import pytest
from django.db import DatabaseError, connection, transaction
from evaluation_rows import criterion, evaluation, grade, recommendation, scope
from factories import NOW, TODAY, person, say
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.models import (
    CriterionRating,
    Evaluation,
    EvaluationFile,
    EvaluationStep,
    Finding,
    TeamMember,
)
from evaluations.rules.evaluation_states import STEPS
from evaluations.services import evaluations as services
from habitat_plan.kit.errors import RuleBroken
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db
STATES = ("planned", "prepared", "under_way", "reported", "published", "cancelled")
FREE = {
    ("planned", "prepared"),
    ("prepared", "under_way"),
    ("under_way", "reported"),
}
WITH_REASON = {
    ("prepared", "planned"),
    ("under_way", "prepared"),
    ("reported", "under_way"),
    ("planned", "cancelled"),
    ("prepared", "cancelled"),
    ("under_way", "cancelled"),
    ("cancelled", "planned"),
}
BY_NUMBER = {("reported", "published")}
PAIRS = [(before, after) for before in STATES for after in STATES]


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


def moved(officer: User, one: Evaluation, to: str, **other: Any) -> Evaluation:
    """The evaluation after one step, today and for a reason."""
    given: dict[str, Any] = {"reason": "It was too soon.", "on": TODAY, "seen_revision": 0} | other
    return services.move(evaluation=one, to=to, by=officer, at=NOW, **given)


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_only_the_steps_of_the_table_are_taken(officer: User, before: str, after: str) -> None:
    one = evaluation("e-1", state=before)
    if (before, after) in FREE | WITH_REASON:
        assert moved(officer, one, after).state == after
        step = EvaluationStep.objects.get()
        assert (step.from_state, step.to_state, step.by, step.on) == (before, after, officer, TODAY)
        entry = AuditEntry.objects.get(action="move evaluation")
        assert entry.changes["state"] == [before, after]
        assert entry.reason == "It was too soon."
        return
    with pytest.raises(RuleBroken) as broken:
        moved(officer, one, after)
    expected = "publish_by_number" if (before, after) in BY_NUMBER else "no_such_step"
    assert broken.value.code == ("published" if before == "published" else expected)
    one.refresh_from_db()
    assert one.state == before
    assert not EvaluationStep.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("before", "after"), sorted(WITH_REASON))
def test_a_step_back_and_giving_up_need_a_reason(officer: User, before: str, after: str) -> None:
    one = evaluation("e-1", state=before)
    with pytest.raises(RuleBroken) as broken:
        moved(officer, one, after, reason="  ")
    assert (broken.value.code, broken.value.field) == ("reason_needed", "reason")


@pytest.mark.parametrize(("before", "after"), sorted(FREE))
def test_a_step_on_needs_no_reason(officer: User, before: str, after: str) -> None:
    assert moved(officer, evaluation("e-1", state=before), after, reason="").state == after


def test_the_day_of_the_report_is_that_of_its_step_until_a_step_back(officer: User) -> None:
    one = evaluation("e-1", state="under_way")
    there = moved(officer, one, "reported", reason="", on=date(2016, 12, 1))
    assert there.completed_on == date(2016, 12, 1)
    back = moved(officer, one, "under_way", seen_revision=1)
    assert back.completed_on is None


def test_a_step_sent_twice_is_one_step(officer: User) -> None:
    one = evaluation("e-1")
    for _ in range(2):
        moved(officer, one, "prepared")
    assert EvaluationStep.objects.count() == 1


def test_a_step_from_an_older_state_of_the_form_is_refused(officer: User) -> None:
    one = evaluation("e-1")
    moved(officer, one, "prepared")
    with pytest.raises(RuleBroken) as broken:
        moved(officer, one, "under_way", seen_revision=0)
    assert broken.value.code == "changed_elsewhere"


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"on": date(2017, 1, 17)}, "day_in_future", "on"),
        ({"on": date(2017, 1, 15)}, "day_too_early", "on"),
        ({"reason": "a\x00b"}, "text_damaged", "reason"),
        ({"reason": "x" * 10_001}, "text_too_long", "reason"),
    ],
)
def test_a_step_that_cannot_be_recorded_is_refused_at_its_field(
    officer: User, given: dict[str, Any], code: str, field: str
) -> None:
    one = evaluation("e-1")
    moved(officer, one, "prepared")
    with pytest.raises(RuleBroken) as broken:
        moved(officer, one, "under_way", **({"seen_revision": 1} | given))
    assert (broken.value.code, broken.value.field) == (code, field)


def test_a_cancelled_evaluation_is_not_changed(officer: User) -> None:
    one = evaluation("e-1", state="cancelled")
    with pytest.raises(RuleBroken) as broken:
        services.change_evaluation(
            evaluation=one, seen_revision=0, language="en", title="Other", by=officer, at=NOW
        )
    assert broken.value.code == "cancelled"


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(asked=st.lists(st.tuples(st.sampled_from(STATES), st.booleans()), max_size=14))
def test_no_sequence_of_steps_skips_a_state_or_leaves_publication(
    officer: User, asked: list[tuple[str, bool]]
) -> None:
    """Whatever is asked, what happened is a path through the table, and it ends with publication."""
    with transaction.atomic():
        one = evaluation(link="https://unhabitat.org/one", source="unhabitat.org")
        for to, with_reason in asked:
            one.refresh_from_db()
            reason = "Because." if with_reason else ""
            seen: dict[str, Any] = {"seen_revision": one.revision, "by": officer, "at": NOW}
            try:
                if to == "published":
                    services.publish(
                        evaluation=one,
                        report_number=None,
                        report_year=2016,
                        on=TODAY,
                        embargo_until=None,
                        **seen,
                    )
                else:
                    services.move(evaluation=one, to=to, reason=reason, on=TODAY, **seen)
            except RuleBroken:
                continue
        one.refresh_from_db()
        steps = list(one.steps.all())
        table = {(step.before.value, step.after.value): step.needs_reason for step in STEPS}
        state = "planned"
        for step in steps:
            assert step.from_state == state
            assert (step.from_state, step.to_state) in table
            assert step.reason or not table[step.from_state, step.to_state]
            assert state != "published"
            state = step.to_state
        assert one.state == state
        assert one.revision == len(steps)
        transaction.set_rollback(True)


def whole(officer: User) -> Evaluation:
    """An evaluation with one of every part, published by the service."""
    one = evaluation(
        "whole", state="reported", link="https://unhabitat.org/one", source="unhabitat.org"
    )
    scope(one, office=factories.office("ROX", kind="regional"))
    TeamMember.objects.create(evaluation=one, name="Ana", capacity="leader")
    CriterionRating.objects.create(
        evaluation=one, criterion=criterion(), grade=grade("good", 1), reason=say("It is.")
    )
    Finding.objects.create(evaluation=one, number=1, text=say("Found."))
    EvaluationFile.objects.create(
        evaluation=one,
        kind="report",
        language="en",
        name="report.pdf",
        media_type="application/pdf",
        size=10,
        sha256="0" * 64,
        added_at=NOW,
        added_by=officer,
    )
    recommendation(one, office=factories.office())
    return services.publish(
        evaluation=one,
        report_number=9,
        report_year=2016,
        on=TODAY,
        embargo_until=None,
        seen_revision=0,
        by=officer,
        at=NOW,
    )


FORGED = {
    "evaluations_evaluation": "published_on = '2020-01-01'",
    "evaluations_scope": "words = 'Forged'",
    "evaluations_teammember": "name = 'Forged'",
    "evaluations_criterionrating": "grade_id = grade_id + 1",
    "evaluations_finding": "number = 7",
    "evaluations_evaluationfile": "name = 'forged.pdf'",
    "evaluations_recommendation": "number = 7",
}


@pytest.mark.parametrize("table", sorted(FORGED))
def test_the_database_refuses_to_change_or_remove_what_is_published(
    officer: User, table: str
) -> None:
    whole(officer)
    attempts = (
        f"UPDATE {table} SET {FORGED[table]}",
        f"UPDATE {table} SET state = 'draft'",
        f"DELETE FROM {table}",
    )
    for sql in attempts:
        with (
            pytest.raises(DatabaseError, match="cannot be changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


def test_publication_fixes_every_part(officer: User) -> None:
    done = whole(officer)
    for part in services.PARTS:
        assert [row.state for row in getattr(done, part).all()] == ["published"], part
    assert (done.code, done.revision) == ("9-2016", 1)
