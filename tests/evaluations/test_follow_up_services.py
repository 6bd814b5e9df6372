"""Following an action up: who takes which step, with which reason, on which day, and only once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from factories import NOW, TODAY

from evaluations.models import Action, FollowUp, FollowUpState, Stand
from evaluations.services import follow_ups, stands
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Notice, Office, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def unit() -> Office:
    return factories.office("EVU", kind="unit")


@pytest.fixture
def owner(office: Office) -> User:
    return factories.person("Omar", contributor=office)


@pytest.fixture
def officer(unit: Office) -> User:
    return factories.person("Eva", evaluation_officer=unit)


@pytest.fixture
def action(office: Office) -> Action:
    evaluation = rows.evaluation("2-2016", state="published", report_number=2, report_year=2016)
    one = rows.recommendation(evaluation, office=office)
    rows.answer(one, on=date(2016, 12, 1))
    return rows.action(one, planned_on=date(2016, 12, 10))


def _step(name: str, action: Action, by: User, **given: Any) -> FollowUp:
    """One step, with what every form sends unless something else is given."""
    said: dict[str, Any] = {
        "report": {"text": "Begun.", "reason": ""},
        "propose": {"text": "Done."},
        "verify": {"text": "Seen."},
        "send_back": {"reason": "The register is missing."},
        "overtake": {"reason": "The office was closed."},
        "reopen": {"reason": "It was undone."},
        "move_due": {"reason": "Two posts are vacant.", "due_on": date(2017, 9, 30)},
    }[name]
    if name == "report":
        said["state"] = rows.states()["in_progress"]
    action.refresh_from_db()
    common = {"on": TODAY, "seen_revision": action.revision, "by": by, "at": NOW}
    service: Callable[..., FollowUp] = getattr(follow_ups, name)
    return service(action=action, **(common | said | given))


def _refused(name: str, action: Action, by: User, **given: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        _step(name, action, by, **given)
    return refused.value.code


class TestTheWay:
    def test_from_the_plan_to_the_verified_closure(
        self, action: Action, owner: User, officer: User
    ) -> None:
        _step("report", action, owner, on=date(2016, 12, 20))
        _step("propose", action, owner, on=date(2017, 1, 9))
        _step("verify", action, officer)
        action.refresh_from_db()
        assert (action.state.phase, action.revision) == ("implemented", 3)
        stand = Stand.objects.get()
        assert (stand.standing, stand.due_on, stand.closed_on) == ("implemented", None, TODAY)
        steps = action.follow_ups.values_list("number", "kind", "before__phase", "after__phase")
        assert list(steps) == [
            (1, "progress", "not_started", "in_progress"),
            (2, "proposed", "in_progress", "proposed"),
            (3, "verified", "proposed", "implemented"),
        ]
        assert stands.differing() == []

    def test_each_step_is_in_the_trail_with_reason_and_change(
        self, action: Action, owner: User, officer: User
    ) -> None:
        _step("report", action, owner)
        _step("propose", action, owner)
        _step("send_back", action, officer)
        entries = AuditEntry.objects.filter(action__startswith="follow up").order_by("number")
        assert [one.action for one in entries] == [
            "follow up: progress",
            "follow up: proposed",
            "follow up: returned",
        ]
        assert entries[2].changes["state"] == ["proposed", "in-progress"]
        assert entries[2].reason == "The register is missing."
        assert [one.by_name for one in entries] == ["Omar", "Omar", "Eva"]

    def test_a_state_of_the_installation_is_reported(self, action: Action, owner: User) -> None:
        agreed = factories.saved(
            FollowUpState(
                code="agreed", phase="in_progress", name=factories.say("Definition agreed")
            )
        )
        assert _step("report", action, owner, state=agreed).after == agreed

    def test_an_owner_takes_a_proposal_back_with_a_reason(
        self, action: Action, owner: User
    ) -> None:
        rows.follow_ups(action, ["in_progress", "proposed"])
        assert _refused("report", action, owner) == "reason_needed"
        _step("report", action, owner, reason="One part is missing.")
        action.refresh_from_db()
        assert action.state.phase == "in_progress"

    def test_a_due_day_is_moved_and_the_agreed_one_stays(
        self, action: Action, office: Office
    ) -> None:
        approver = factories.person("Ada", approver=office)
        found = _step("move_due", action, approver)
        action.refresh_from_db()
        assert (found.due_before, found.due_after) == (date(2017, 6, 30), date(2017, 9, 30))
        assert (action.agreed_due_on, action.due_on) == (date(2017, 6, 30), date(2017, 9, 30))
        assert Stand.objects.get().due_on == date(2017, 9, 30)


class TestNothingIsSkipped:
    @pytest.mark.parametrize(
        ("phases", "name"),
        [
            ([], "propose"),
            (["in_progress", "proposed"], "propose"),
            (["in_progress", "proposed", "implemented"], "propose"),
            (["in_progress", "proposed", "implemented"], "report"),
            (["overtaken"], "report"),
        ],
    )
    def test_an_owner_takes_only_the_next_step(
        self, action: Action, owner: User, phases: list[str], name: str
    ) -> None:
        rows.follow_ups(action, phases)
        given = {"reason": "So."} if name == "report" else {}
        assert _refused(name, action, owner, **given) == "step_not_allowed"

    @pytest.mark.parametrize(
        ("phases", "name"),
        [
            ([], "verify"),
            (["in_progress"], "verify"),
            (["in_progress", "proposed", "implemented"], "verify"),
            ([], "send_back"),
            (["in_progress"], "send_back"),
            (["in_progress", "proposed", "implemented"], "send_back"),
            (["in_progress", "proposed"], "reopen"),
            (["in_progress"], "reopen"),
            (["overtaken"], "overtake"),
            (["in_progress", "proposed", "implemented"], "overtake"),
        ],
    )
    def test_nor_does_the_unit_take_another(
        self, action: Action, officer: User, phases: list[str], name: str
    ) -> None:
        rows.follow_ups(action, phases)
        assert _refused(name, action, officer) == "step_not_allowed"

    @pytest.mark.parametrize("phase", ["proposed", "implemented", "overtaken"])
    def test_a_report_never_closes(self, action: Action, owner: User, phase: str) -> None:
        rows.follow_ups(action, ["in_progress"])
        code = _refused("report", action, owner, state=rows.states()[phase], reason="So.")
        assert code == "step_not_allowed"

    @pytest.mark.parametrize("name", ["send_back", "overtake", "reopen"])
    @pytest.mark.parametrize("reason", ["", "  \n "])
    def test_going_back_or_ending_early_needs_a_reason(
        self, action: Action, officer: User, name: str, reason: str
    ) -> None:
        ways = {"send_back": ["in_progress", "proposed"], "overtake": [], "reopen": ["overtaken"]}
        rows.follow_ups(action, ways[name])
        assert _refused(name, action, officer, reason=reason) == "reason_needed"

    def test_a_closed_action_keeps_its_due_day(self, action: Action, office: Office) -> None:
        rows.follow_ups(action, ["overtaken"])
        approver = factories.person("Ada", approver=office)
        assert _refused("move_due", action, approver) == "action_closed"

    def test_what_management_rejected_is_not_opened_again(
        self, action: Action, officer: User
    ) -> None:
        rows.follow_ups(action, ["overtaken"])
        rows.answer(action.recommendation, "rejected", changed_why="Circumstances.")
        assert _refused("reopen", action, officer) == "recommendation_rejected"


class TestAnOwnerNeverVerifies:
    """Every way in which somebody can be an owner, and every way of closing."""

    @pytest.mark.parametrize("name", ["verify", "send_back", "overtake", "reopen"])
    @pytest.mark.parametrize("role", ["contributor", "approver"])
    def test_not_who_works_in_the_office_and_is_evaluation_officer(
        self, action: Action, office: Office, officer: User, name: str, role: str
    ) -> None:
        factories.grant(officer, role, office)
        ways = {"reopen": ["overtaken"]}
        rows.follow_ups(action, ways.get(name, ["in_progress", "proposed"]))
        with pytest.raises(NotAllowed) as refused:
            _step(name, action, officer)
        assert refused.value.code == "own_action"

    @pytest.mark.parametrize("name", ["verify", "send_back", "overtake"])
    def test_not_the_officer_who_is_named_as_owner(
        self, action: Action, officer: User, name: str
    ) -> None:
        Action.objects.update(owner=officer)
        rows.follow_ups(action, ["in_progress", "proposed"])
        with pytest.raises(NotAllowed):
            _step(name, action, officer)

    @pytest.mark.parametrize("name", ["verify", "send_back", "overtake"])
    def test_not_who_proposed_it_and_became_evaluation_officer(
        self, action: Action, owner: User, unit: Office, name: str
    ) -> None:
        _step("report", action, owner)
        _step("propose", action, owner)
        owner.assignments.update(until=TODAY)
        factories.grant(owner, "evaluation_officer", unit)
        changed = User.objects.get(pk=owner.pk)
        with pytest.raises(NotAllowed):
            _step(name, action, changed)

    @pytest.mark.parametrize(
        "role", ["contributor", "approver", "manager", "quality_assurance", "administrator"]
    )
    def test_not_another_role(self, action: Action, role: str) -> None:
        rows.follow_ups(action, ["in_progress", "proposed"])
        other = factories.person("Other", **{role: factories.office("ROAF")})
        with pytest.raises(NotAllowed):
            _step("verify", action, other)
        action.refresh_from_db()
        assert action.state.phase == "proposed"

    def test_not_a_retired_account(self, action: Action, officer: User) -> None:
        rows.follow_ups(action, ["in_progress", "proposed"])
        User.objects.filter(pk=officer.pk).update(is_active=False)
        with pytest.raises(NotAllowed):
            _step("verify", action, User.objects.get(pk=officer.pk))

    def test_another_officer_does(self, action: Action, officer: User, unit: Office) -> None:
        Action.objects.update(owner=officer)
        rows.follow_ups(action, ["in_progress", "proposed"], by=officer)
        second = factories.person("Ezra", evaluation_officer=unit)
        assert _step("verify", action, second).kind == "verified"


class TestWhoReports:
    @pytest.mark.parametrize("name", ["report", "propose"])
    def test_the_person_named_and_those_of_the_office(self, action: Action, name: str) -> None:
        named = factories.person("Named", contributor=factories.office("ROAF"))
        Action.objects.update(owner=named)
        approver = factories.person("Ada", approver=action.office)
        for person in (named, approver):
            rows.follow_ups(action, ["in_progress"])
            _step(name, action, person)

    @pytest.mark.parametrize("name", ["report", "propose"])
    def test_nobody_else(self, action: Action, officer: User, name: str) -> None:
        rows.follow_ups(action, ["in_progress"])
        elsewhere = factories.person("Else", contributor=factories.office("ROAF"))
        for person in (officer, elsewhere):
            with pytest.raises(NotAllowed):
                _step(name, action, person)

    def test_the_right_is_asked_before_what_was_typed(self, action: Action) -> None:
        nobody = factories.person("Nobody")
        with pytest.raises(NotAllowed):
            _step("report", action, nobody, text="", seen_revision=9, on=date(2030, 1, 1))

    def test_owners_do_not_move_the_due_day(self, action: Action, owner: User) -> None:
        with pytest.raises(NotAllowed):
            _step("move_due", action, owner)

    def test_a_manager_does(self, action: Action) -> None:
        manager = factories.person("Maria", manager=factories.office("OED"))
        assert _step("move_due", action, manager).kind == "moved"


class TestFormsSentTwiceAndLate:
    def test_the_same_form_twice_is_one_entry(self, action: Action, owner: User) -> None:
        first = _step("report", action, owner, seen_revision=0)
        assert _step("report", action, owner, seen_revision=0) == first
        assert action.follow_ups.count() == 1

    def test_so_is_a_proposal_and_mail_goes_once(
        self, action: Action, owner: User, officer: User
    ) -> None:
        rows.follow_ups(action, ["in_progress"])
        for _time in range(2):
            _step("propose", action, owner, seen_revision=0)
        assert Notice.objects.count() == 1

    def test_so_is_a_day_that_is_moved(self, action: Action, office: Office) -> None:
        approver = factories.person("Ada", approver=office)
        for _time in range(2):
            _step("move_due", action, approver, seen_revision=0)
        assert action.follow_ups.count() == 1

    def test_another_form_made_from_the_same_state_is_refused(
        self, action: Action, owner: User
    ) -> None:
        _step("report", action, owner, seen_revision=0)
        code = _refused("report", action, owner, text="Something else.", seen_revision=0)
        assert code == "changed_elsewhere"

    def test_nobody_verifies_what_changed_meanwhile(
        self, action: Action, owner: User, officer: User
    ) -> None:
        _step("report", action, owner)
        _step("propose", action, owner)
        assert _refused("verify", action, officer, seen_revision=1) == "changed_elsewhere"


class TestDaysAndTexts:
    @pytest.mark.parametrize(
        ("on", "code"),
        [
            (TODAY + timedelta(days=1), "day_in_future"),
            (date(2016, 12, 9), "day_too_early"),
            (date.min, "day_too_early"),
            (date.max, "day_in_future"),
        ],
    )
    def test_a_day_lies_between_the_plan_and_today(
        self, action: Action, owner: User, on: date, code: str
    ) -> None:
        assert _refused("report", action, owner, on=on) == code

    def test_days_never_run_backwards(self, action: Action, owner: User) -> None:
        _step("report", action, owner, on=date(2017, 1, 10))
        assert _refused("report", action, owner, on=date(2017, 1, 9)) == "day_too_early"
        _step("report", action, owner, on=date(2017, 1, 10), text="More.")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "text_needed"),
            (" \t\n", "text_needed"),
            ("x" * 10_001, "text_too_long"),
            ("a\x00b", "text_damaged"),
        ],
    )
    def test_a_report_says_what_was_done(
        self, action: Action, owner: User, text: str, code: str
    ) -> None:
        assert _refused("report", action, owner, text=text) == code
        assert action.follow_ups.count() == 0

    def test_a_retired_state_is_not_reported(self, action: Action, owner: User) -> None:
        old = factories.saved(
            FollowUpState(
                code="old", phase="in_progress", name=factories.say("Old"), retired_on=TODAY
            )
        )
        assert _refused("report", action, owner, state=old) == "state_retired"

    @pytest.mark.parametrize(
        ("due_on", "code"),
        [(date(2017, 6, 30), "due_unchanged"), (date(2016, 12, 9), "due_too_early")],
    )
    def test_a_due_day_is_moved_to_a_day_that_makes_sense(
        self, action: Action, office: Office, due_on: date, code: str
    ) -> None:
        approver = factories.person("Ada", approver=office)
        assert _refused("move_due", action, approver, due_on=due_on) == code

    def test_without_states_nothing_is_changed(
        self, action: Action, owner: User, officer: User
    ) -> None:
        rows.follow_ups(action, ["in_progress"])
        FollowUpState.objects.filter(phase="proposed").update(is_main=False)
        assert _refused("propose", action, owner) == "no_state"
