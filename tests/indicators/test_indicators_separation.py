"""Whoever submits never decides: every state that three people can reach, and long random walks."""

import random
from collections.abc import Callable
from typing import Any

import factories
import pytest
from django.db import IntegrityError, connection, transaction

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Submission
from indicators.services import submissions
from organization.models import AuditEntry, Office, Role, RoleAssignment, User
from organization.services import people

NOW = factories.NOW
ROLES = ("contributor", "approver", "quality_assurance")
PEOPLE = ("Ana", "Bo", "Cy")
STEPS = 300
SEED = 20170116
WHO = ("submitted_by_id", "returned_by_id", "approved_by_id", "verified_by_id")

ACTIONS: dict[str, Callable[[Office, Any, User], Any]] = {
    "submit": lambda office, year, by: submissions.submit(
        office=office, period=year, by=by, at=NOW
    ),
    "withdraw": lambda office, _year, by: submissions.withdraw(
        submission=office.submissions.get(), by=by, at=NOW
    ),
    "return": lambda office, _year, by: submissions.return_to_office(
        submission=office.submissions.get(), by=by, at=NOW, note="Explain."
    ),
    "approve": lambda office, _year, by: submissions.approve(
        submission=office.submissions.get(), by=by, at=NOW
    ),
    "verify": lambda office, _year, by: submissions.verify(
        submission=office.submissions.get(), by=by, at=NOW
    ),
}


@pytest.fixture
def office(house):
    """An office with nothing to enter, so that only people keep a step from being taken."""
    office = factories.office("SD1")
    factories.submission(office, state="draft")
    return office


def shape(row: Submission) -> tuple[Any, ...]:
    return (row.state, row.return_note, *(getattr(row, name) for name in WHO))


def assert_separate(row: Submission) -> None:
    if row.state in {"approved", "verified"}:
        assert row.approved_by_id not in {None, row.submitted_by_id}
    if row.state == "verified":
        assert row.verified_by_id not in {None, row.submitted_by_id, row.approved_by_id}


def stored(office: Office, kept: Submission) -> None:
    """Puts the submission back into a state that was reached before."""
    kept.save(force_update=True)


class TestThreePeopleWithEveryRole:
    @pytest.fixture
    def three(self, office):
        return [factories.person(name, **dict.fromkeys(ROLES, office)) for name in PEOPLE]

    def reachable(self, house, office, three) -> tuple[dict[Any, Submission], list[str]]:
        """All states that any sequence of their actions leads to, and the refusals on the way."""
        first = office.submissions.get()
        found, waiting, refusals = {shape(first): first}, [first], []
        while waiting:
            start = waiting.pop()
            for act in ACTIONS.values():
                for person in three:
                    stored(office, start)
                    try:
                        act(office, house.year, person)
                    except RuleBroken as refusal:
                        refusals.append(refusal.code)
                        assert shape(office.submissions.get()) == shape(start)
                        continue
                    reached = office.submissions.get()
                    if shape(reached) not in found:
                        found[shape(reached)] = reached
                        waiting.append(reached)
        return found, refusals

    def test_no_sequence_lets_anybody_decide_on_their_own(self, house, office, three):
        found, refusals = self.reachable(house, office, three)
        for row in found.values():
            assert_separate(row)
        states = [row.state for row in found.values()]
        # 3 submitters; each returned by 2 others; each approved by 2 others, verified by the third.
        assert {state: states.count(state) for state in set(states)} == {
            "draft": 1,
            "submitted": 3,
            "returned": 6,
            "approved": 6,
            "verified": 6,
        }
        assert set(refusals) == {
            "locked",
            "wrong_state",
            "own_submission",
            "own_approval",
            "not_the_submitter",
        }

    def test_the_database_refuses_it_in_each_of_these_states(self, house, office, three):
        found, _refusals = self.reachable(house, office, three)
        for row in found.values():
            if row.submitted_by_id is None:
                continue
            stored(office, row)
            with pytest.raises(IntegrityError), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE indicators_submission SET state = 'approved', "
                        "approved_at = %s, approved_by_id = submitted_by_id WHERE id = %s",
                        [NOW, row.pk],
                    )


class TestRolesThatComeAndGo:
    def walk(self, house, office, chance: random.Random) -> list[str]:
        """Random steps and changes of roles; the codes of what was refused."""
        three = [factories.person(name, **dict.fromkeys(ROLES, office)) for name in PEOPLE]
        refusals = []
        for _step in range(STEPS):
            person = User.objects.get(pk=chance.choice(three).pk)
            if chance.random() < 0.2:
                self.change_role(house, office, person, chance)
                continue
            try:
                ACTIONS[chance.choice(list(ACTIONS))](office, house.year, person)
            except RuleBroken as refusal:
                refusals.append(refusal.code)
            row = office.submissions.get()
            assert_separate(row)
            if row.state == "verified":
                self.start_again(row)
        return refusals

    def change_role(self, house, office, person, chance) -> None:
        role = Role(chance.choice(ROLES))
        held = RoleAssignment.objects.filter(user=person, role=role, until__isnull=True).first()
        if held is None or chance.random() < 0.5:
            people.grant_role(
                user=person, role=role, office=office, since=NOW.date(),
                by=house.administrator, at=NOW,
            )
        else:
            people.revoke_role(assignment=held, by=house.administrator, at=NOW)

    def start_again(self, row: Submission) -> None:
        """A verified submission is at its end; the walk goes on with a draft."""
        for name in ("submitted", "returned", "approved", "verified"):
            setattr(row, f"{name}_by", None)
            setattr(row, f"{name}_at", None)
        row.state = "draft"
        row.save()

    def test_leave_no_own_approval_in_the_history(self, house, office):
        refusals = self.walk(house, office, random.Random(SEED))  # noqa: S311  # seeded, so that a failure comes again
        submitter, decided = None, 0
        history = AuditEntry.objects.filter(subject_type="indicators.submission")
        for entry in history.order_by("number"):
            if entry.action == "submit submission":
                submitter = entry.by_id
            if entry.action in {"approve submission", "return submission", "verify submission"}:
                decided += 1
                assert entry.by_id != submitter
        assert decided >= 5
        assert {"role_needed", "own_submission"} <= set(refusals)
