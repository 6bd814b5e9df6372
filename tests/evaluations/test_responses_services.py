"""Recommending, answering and planning: who may, what is asked for, and what stays of it."""

from datetime import date, timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from factories import NOW, TODAY

from evaluations.models import (
    Action,
    Amendment,
    Answer,
    Evaluation,
    ManagementResponse,
    Recommendation,
    Stand,
)
from evaluations.services import recommendations, responses, stands
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def approver(office: Office) -> User:
    return factories.person("Ada", approver=office)


@pytest.fixture
def manager() -> User:
    return factories.person("Maria", manager=factories.office("OED"))


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVU"))


@pytest.fixture
def evaluation() -> Evaluation:
    return rows.evaluation("2-2016", state="published", starts_on=date(2016, 2, 1))


@pytest.fixture
def one(evaluation: Evaluation, office: Office) -> Recommendation:
    return rows.recommendation(evaluation, office=office)


def _recommend(evaluation: Evaluation, office: Office, by: User, **given: Any) -> Recommendation:
    common = {"number": None, "text": "Hold one register.", "language": "en", "at": NOW}
    return recommendations.recommend(
        evaluation=evaluation, office=office, by=by, **(common | given)
    )


def _answer(to: Recommendation, by: User, decision: str = "accepted", **given: Any) -> Answer:
    common = {
        "text": "We agree.",
        "reason": "" if decision == "accepted" else "It costs too much.",
        "language": "en",
        "on": TODAY,
        "changed_why": "",
        "seen_version": to.answers.count(),
        "at": NOW,
    }
    return responses.answer(recommendation=to, decision=decision, by=by, **(common | given))


def _plan(to: Recommendation, by: User, **given: Any) -> Action:
    common = {
        "text": "Set the register up.",
        "language": "en",
        "office": to.office,
        "owner": None,
        "due_on": date(2017, 6, 30),
        "on": TODAY,
        "at": NOW,
    }
    return responses.plan_action(recommendation=to, by=by, **(common | given))


def _respond(to: Evaluation, by: User, **given: Any) -> ManagementResponse:
    common = {
        "text": "Management welcomes it.",
        "differences": "",
        "language": "en",
        "on": TODAY,
        "reason": "",
        "seen_version": to.responses.count(),
        "at": NOW,
    }
    return responses.respond_as_a_whole(evaluation=to, by=by, **(common | given))


def _code(call: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        call(*args, **given)
    return refused.value.code


class TestRecommend:
    def test_into_a_draft(self, office: Office, officer: User) -> None:
        draft = rows.evaluation("draft", state="under_way")
        rows.states()
        found = _recommend(draft, office, officer, priority="high")
        assert (found.number, found.state, found.code) == (1, "draft", "draft-1")
        assert Stand.objects.get().standing == "awaiting"
        assert Amendment.objects.count() == 0

    def test_into_a_published_one_with_a_note_in_six_languages(
        self, one: Recommendation, office: Office, officer: User
    ) -> None:
        found = _recommend(one.evaluation, office, officer)
        note = Amendment.objects.get()
        assert (found.number, found.state) == (2, "published")
        assert (note.number, note.on, note.by) == (1, TODAY, officer)
        assert str(note.text.local("en")) == "Recommendation 2 was added."
        assert set(note.text.texts) == {"ar", "zh", "en", "fr", "ru", "es"}
        assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
            "add recommendation",
            "amend evaluation",
        ]

    def test_the_same_form_twice_adds_one(
        self, evaluation: Evaluation, office: Office, officer: User
    ) -> None:
        first = _recommend(evaluation, office, officer)
        assert _recommend(evaluation, office, officer) == first
        assert _recommend(evaluation, office, officer, number=1) == first
        assert Recommendation.objects.count() == Amendment.objects.count() == 1

    @pytest.mark.parametrize("state", ["planned", "prepared", "cancelled"])
    def test_not_before_the_evaluation_is_under_way(
        self, office: Office, officer: User, state: str
    ) -> None:
        found = rows.evaluation("early", state=state)
        assert _code(_recommend, found, office, officer) == "no_findings_yet"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"text": " "}, "text_needed"),
            ({"text": "x" * 10_001}, "text_too_long"),
            ({"text": "a\x00"}, "text_damaged"),
            ({"language": "de"}, "language_unknown"),
            ({"priority": "urgent"}, "priority_unknown"),
            ({"number": 0}, "number_out_of_range"),
            ({"number": 10_000}, "number_out_of_range"),
            ({"number": 1}, "number_taken"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, one: Recommendation, officer: User, given: dict[str, Any], code: str
    ) -> None:
        assert _code(_recommend, one.evaluation, one.office, officer, **given) == code
        assert Recommendation.objects.count() == 1

    @pytest.mark.parametrize("role", ["manager", "approver", "quality_assurance"])
    def test_only_the_evaluation_officer(self, one: Recommendation, role: str) -> None:
        other = factories.person("Other", **{role: one.office})
        with pytest.raises(NotAllowed):
            _recommend(one.evaluation, one.office, other, text="")


class TestReword:
    def _reword(self, row: Recommendation, by: User, **given: Any) -> Recommendation:
        common = {
            "text": "Hold two registers.",
            "language": "en",
            "office": row.office,
            "priority": "",
            "seen": "Do thing 1",
            "at": NOW,
        }
        return recommendations.reword(recommendation=row, by=by, **(common | given))

    def test_a_draft_and_in_another_language(self, office: Office, officer: User) -> None:
        row = rows.recommendation(rows.evaluation("d", state="under_way"), office=office)
        self._reword(row, officer)
        found = self._reword(row, officer, text="Tenir deux registres.", language="fr", seen="")
        assert {local.language: local.text for local in found.text} == {
            "en": "Hold two registers.",
            "fr": "Tenir deux registres.",
        }
        assert found.searched == "hold two registers. tenir deux registres."

    def test_a_stale_form_is_refused_and_the_same_words_are_not(
        self, office: Office, officer: User
    ) -> None:
        row = rows.recommendation(rows.evaluation("d", state="under_way"), office=office)
        self._reword(row, officer)
        assert self._reword(row, officer).pk == row.pk
        assert _code(self._reword, row, officer, text="Three.") == "changed_elsewhere"
        assert AuditEntry.objects.count() == 1

    def test_a_published_one_stays_as_it_is(self, one: Recommendation, officer: User) -> None:
        assert _code(self._reword, one, officer) == "published"


class TestAnswer:
    @pytest.mark.parametrize(
        ("decision", "standing"),
        [("accepted", "unplanned"), ("partly", "unplanned"), ("rejected", "rejected")],
    )
    def test_says_where_it_stands(
        self, one: Recommendation, approver: User, decision: str, standing: str
    ) -> None:
        found = _answer(one, approver, decision)
        assert (found.version, found.decision) == (1, decision)
        assert Stand.objects.get().standing == standing
        assert stands.differing() == []

    def test_a_manager_answers_for_every_office(self, one: Recommendation, manager: User) -> None:
        assert _answer(one, manager).by == manager

    @pytest.mark.parametrize("decision", ["rejected", "partly"])
    @pytest.mark.parametrize("reason", ["", " \n"])
    def test_no_without_a_reason(
        self, one: Recommendation, approver: User, decision: str, reason: str
    ) -> None:
        assert _code(_answer, one, approver, decision, reason=reason) == "reason_needed"

    @pytest.mark.parametrize("decision", ["", "yes", "awaiting", "REJECTED"])
    def test_nothing_but_the_three_decisions(
        self, one: Recommendation, approver: User, decision: str
    ) -> None:
        assert _code(_answer, one, approver, decision) == "decision_needed"

    def test_a_change_is_a_new_version_with_its_reason(
        self, one: Recommendation, approver: User
    ) -> None:
        _answer(one, approver, on=date(2017, 1, 2))
        assert _code(_answer, one, approver, "partly") == "reason_needed"
        found = _answer(one, approver, "partly", changed_why="The budget was cut.")
        assert (found.version, found.changed_why) == (2, "The budget was cut.")
        assert list(one.answers.values_list("decision", flat=True)) == ["accepted", "partly"]
        entry = AuditEntry.objects.order_by("number").last()
        assert entry is not None
        assert entry.changes["decision"] == ["accepted", "partly"]
        assert entry.reason == "The budget was cut."

    def test_another_language_is_added_and_another_decision_leaves_it(
        self, one: Recommendation, approver: User
    ) -> None:
        _answer(one, approver)
        second = _answer(
            one, approver, text="D’accord.", language="fr", changed_why="French was missing."
        )
        assert set(second.text.texts) == {"en", "fr"}
        third = _answer(one, approver, "rejected", changed_why="Circumstances.")
        assert set(third.text.texts) == set(third.reason.texts) == {"en"}

    def test_the_same_answer_twice_is_one(self, one: Recommendation, approver: User) -> None:
        first = _answer(one, approver, seen_version=0)
        assert _answer(one, approver, seen_version=0) == first
        assert Answer.objects.count() == 1

    def test_a_stale_form_is_refused(self, one: Recommendation, approver: User) -> None:
        _answer(one, approver)
        code = _code(_answer, one, approver, "rejected", seen_version=0, changed_why="So.")
        assert code == "changed_elsewhere"

    def test_rejecting_waits_until_no_action_is_open(
        self, one: Recommendation, approver: User
    ) -> None:
        _answer(one, approver)
        action = _plan(one, approver)
        assert _code(_answer, one, approver, "rejected", changed_why="So.") == "actions_open"
        rows.follow_ups(action, ["overtaken"])
        _answer(one, approver, "rejected", changed_why="So.")
        assert Stand.objects.get().standing == "rejected"

    def test_rejecting_is_not_dated_before_the_actions_ended(
        self, one: Recommendation, approver: User
    ) -> None:
        rows.answer(one, on=date(2016, 12, 1))
        rows.follow_ups(rows.action(one, planned_on=date(2016, 12, 1)), ["overtaken"], day=TODAY)
        early = TODAY - timedelta(days=1)
        code = _code(_answer, one, approver, "rejected", changed_why="So.", on=early)
        assert code == "day_too_early"

    @pytest.mark.parametrize(
        ("on", "code"),
        [
            (TODAY + timedelta(days=1), "day_in_future"),
            (date(2016, 1, 31), "day_too_early"),
        ],
    )
    def test_its_day_lies_between_the_evaluation_and_today(
        self, one: Recommendation, approver: User, on: date, code: str
    ) -> None:
        assert _code(_answer, one, approver, on=on) == code

    def test_a_change_is_not_dated_before_what_it_changes(
        self, one: Recommendation, approver: User
    ) -> None:
        _answer(one, approver)
        early = TODAY - timedelta(days=1)
        assert _code(_answer, one, approver, "partly", changed_why="So.", on=early) == (
            "day_too_early"
        )

    @pytest.mark.parametrize("role", ["contributor", "quality_assurance", "committee"])
    def test_other_roles_do_not_answer(self, one: Recommendation, role: str) -> None:
        other = factories.person("Other", **{role: one.office})
        with pytest.raises(NotAllowed):
            _answer(one, other, "nonsense")

    def test_nor_the_approver_of_another_office(self, one: Recommendation) -> None:
        with pytest.raises(NotAllowed):
            _answer(one, factories.person("Other", approver=factories.office("ROAF")))

    @pytest.mark.parametrize("role", ["manager", "approver"])
    def test_evaluators_never_answer_whatever_else_they_are(
        self, one: Recommendation, officer: User, role: str
    ) -> None:
        factories.grant(officer, role, one.office)
        with pytest.raises(NotAllowed):
            _answer(one, officer)

    def test_what_was_answered_elsewhere_is_recorded_as_that(
        self, one: Recommendation, officer: User, approver: User
    ) -> None:
        _answer(one, officer, as_recorded=True)
        entry = AuditEntry.objects.get()
        assert entry.action == "answer recommendation (as recorded)"
        with pytest.raises(NotAllowed):
            _answer(one, approver, "partly", as_recorded=True, changed_why="So.")


class TestPlanAction:
    def test_has_owner_office_and_day(
        self, one: Recommendation, approver: User, office: Office
    ) -> None:
        rows.answer(one)
        owner = factories.person("Omar", contributor=office)
        found = _plan(one, approver, owner=owner)
        assert (found.number, found.office, found.owner) == (1, office, owner)
        assert (found.agreed_due_on, found.due_on) == (date(2017, 6, 30), date(2017, 6, 30))
        stand = Stand.objects.get()
        assert (stand.standing, stand.due_on) == ("not_started", date(2017, 6, 30))

    def test_the_same_form_twice_is_one_action(self, one: Recommendation, approver: User) -> None:
        rows.answer(one)
        assert _plan(one, approver) == _plan(one, approver)
        assert _plan(one, approver, text="Another thing.").number == 2

    @pytest.mark.parametrize("decision", ["", "rejected"])
    def test_only_for_what_is_accepted(
        self, one: Recommendation, approver: User, decision: str
    ) -> None:
        if decision:
            rows.answer(one, decision)
        assert _code(_plan, one, approver) == "not_accepted"

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"text": ""}, "text_needed"),
            ({"due_on": None}, "due_needed"),
            ({"due_on": TODAY - timedelta(days=1)}, "due_too_early"),
            ({"on": TODAY + timedelta(days=1)}, "day_in_future"),
            ({"on": TODAY - timedelta(days=1)}, "day_too_early"),
            ({"language": "xx"}, "language_unknown"),
        ],
    )
    def test_what_is_wrong_is_named(
        self, one: Recommendation, approver: User, given: dict[str, Any], code: str
    ) -> None:
        rows.answer(one)
        assert _code(_plan, one, approver, **given) == code
        assert Action.objects.count() == 0

    def test_an_owner_is_of_the_secretariat(self, one: Recommendation, approver: User) -> None:
        rows.answer(one)
        mission = factories.office("XX", kind="mission")
        delegate = factories.person("Delegate", committee=mission)
        for somebody in (delegate, factories.person("Nobody")):
            assert _code(_plan, one, approver, owner=somebody) == "owner_elsewhere"

    def test_evaluators_do_not_plan_for_management(
        self, one: Recommendation, officer: User
    ) -> None:
        rows.answer(one)
        with pytest.raises(NotAllowed):
            _plan(one, officer)
        found = _plan(one, officer, as_recorded=True, due_on=None)
        assert found.due_on is None


class TestOverallResponse:
    def test_versions_are_kept(self, evaluation: Evaluation, manager: User) -> None:
        _respond(evaluation, manager, differences="We see the costs otherwise.")
        assert _code(_respond, evaluation, manager, text="Otherwise.") == "reason_needed"
        found = _respond(evaluation, manager, text="Otherwise.", reason="New management.")
        assert (found.version, str(found.text)) == (2, "Otherwise.")
        assert ManagementResponse.objects.count() == 2

    def test_the_same_form_twice_is_one(self, evaluation: Evaluation, manager: User) -> None:
        first = _respond(evaluation, manager, seen_version=0)
        assert _respond(evaluation, manager, seen_version=0) == first

    def test_a_stale_form_is_refused(self, evaluation: Evaluation, manager: User) -> None:
        _respond(evaluation, manager)
        code = _code(_respond, evaluation, manager, text="Other.", reason="So.", seen_version=0)
        assert code == "changed_elsewhere"

    def test_only_managers_who_do_not_evaluate(
        self, evaluation: Evaluation, approver: User, officer: User, manager: User
    ) -> None:
        factories.grant(manager, "evaluation_officer", factories.office("EVU2"))
        for person in (approver, officer, manager):
            with pytest.raises(NotAllowed):
                _respond(evaluation, person, text="")

    def test_as_recorded_by_the_evaluation_officer(
        self, evaluation: Evaluation, officer: User
    ) -> None:
        _respond(evaluation, officer, as_recorded=True)
        assert AuditEntry.objects.get().action == "respond to evaluation (as recorded)"

    def test_not_to_an_evaluation_that_found_nothing_yet(self, manager: User) -> None:
        assert _code(_respond, rows.evaluation("p"), manager) == "no_findings_yet"
