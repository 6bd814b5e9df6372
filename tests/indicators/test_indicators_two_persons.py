"""Check 8: nobody ever decides on what they submitted, whatever people and roles come and go.

A seeded machine takes random steps on two offices and two years: every service that moves a
submission, approval of several at once from the queue, changes of figures between two submissions,
notes, questions and changes of roles. After each step the history must hold no own decision.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import factories
import pytest
from django.db import IntegrityError, connection, transaction
from django.http import QueryDict

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Indicator, Remark, Submission, SubmissionStep
from indicators.pages.decisions import approve_several
from indicators.services import entry, remarks, submissions
from indicators.services.entry import Typed
from organization.models import AuditEntry, Office, Role, RoleAssignment, User
from organization.services import people

NOW = factories.NOW
SEED = 20170116
PEOPLE = ("Ana", "Bo", "Cy", "Di")
ROLES = ("contributor", "approver", "quality_assurance")
FITTING = 0.8
# How often each is tried.
ACTIONS = {
    "submit": 4, "approve": 3, "verify": 2, "return": 2, "bulk": 1, "withdraw": 1, "change": 1,
    "ask": 1, "settle": 2, "role": 1, "again": 2,
}  # fmt: skip
DECISIONS = {"return", "approve", "verify"}


@dataclass
class Machine:
    """The offices, years and people, and what became of each step."""

    house: factories.House
    chance: random.Random
    offices: list[Office] = field(default_factory=list)
    people: list[User] = field(default_factory=list)
    number: Indicator | None = None
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def begin(self) -> None:
        self.offices = [factories.office(f"TP{n}") for n in range(2)]
        factories.window("2015", by=self.house.officer)
        self.number = factories.indicator("TP.1", offices=self.offices)
        for office in self.offices:
            for year in ("2015", "2016"):
                factories.figure(self.number, office, year, value="0")
                factories.submission(office, year, state="draft")
        self.people = [factories.person(name) for name in PEOPLE]
        for person in self.people:
            for office in self.offices:
                for role in ROLES:
                    factories.grant(person, role, office)

    def step(self) -> None:
        """One random action by a random person; a refusal is counted by its code."""
        person = User.objects.get(pk=self.chance.choice(self.people).pk)
        (action,) = self.chance.choices(list(ACTIONS), list(ACTIONS.values()))
        try:
            getattr(self, action)(person)
            self.taken[action] += 1
        except RuleBroken as refusal:
            self.refused[refusal.code] += 1

    def row(self, *states: str) -> Submission:
        """A submission, mostly one in a state that the step is meant for."""
        rows = Submission.objects.filter(office__in=self.offices)
        fitting = list(rows.filter(state__in=states))
        return self.chance.choice(
            fitting if fitting and self.chance.random() < FITTING else list(rows)
        )

    def decider(self, row: Submission, by: User) -> User:
        """Often whoever submitted it, since that is what must never work."""
        if row.submitted_by_id and self.chance.random() < 0.4:
            return User.objects.get(pk=row.submitted_by_id)
        return by

    def submit(self, by: User) -> None:
        row = self.row("draft", "returned")
        submissions.submit(office=row.office, period=row.period, by=by, at=NOW)

    def withdraw(self, by: User) -> None:
        submissions.withdraw(submission=self.row("submitted"), by=by, at=NOW)

    def return_(self, by: User) -> None:
        notes = {"TP.1": "Explain."} if self.chance.random() < 0.5 else {}
        note = "" if notes else "Explain."
        row = self.row("submitted")
        submissions.return_to_office(
            submission=row, by=self.decider(row, by), at=NOW, note=note, row_notes=notes
        )

    def approve(self, by: User) -> None:
        row = self.row("submitted")
        submissions.approve(submission=row, by=self.decider(row, by), at=NOW)

    def verify(self, by: User) -> None:
        row = self.row("approved")
        submissions.verify(submission=row, by=self.decider(row, by), at=NOW)

    def bulk(self, by: User) -> None:
        """All submissions there are, as if the queue had been forged."""
        form = QueryDict(mutable=True)
        form.setlist(
            "submission", [str(key) for key in Submission.objects.values_list("pk", flat=True)]
        )
        done, _refusals = approve_several(form, by=by, at=NOW)
        self.taken["approved in bulk"] += bool(done)

    def change(self, by: User) -> None:
        row = self.row("draft", "returned")
        assert self.number is not None
        entry.enter_figure(
            indicator=self.number,
            office=row.office,
            period=row.period,
            typed=Typed(not_applicable=True, reason=f"Not in {self.chance.randrange(9)}."),
            language="en",
            by=by,
            at=NOW,
        )

    def ask(self, by: User) -> None:
        row = self.row()
        assert self.number is not None
        remarks.ask(
            indicator=self.number, office=row.office, period=row.period, text="Why?", by=by, at=NOW
        )

    def settle(self, by: User) -> None:
        for remark in Remark.objects.filter(kind="query", settled_at__isnull=True):
            remarks.settle(remark=remark, by=by, at=NOW)

    def role(self, by: User) -> None:
        """A role comes or goes, given by the administrator."""
        office, role = self.chance.choice(self.offices), Role(self.chance.choice(ROLES))
        held = RoleAssignment.objects.filter(user=by, role=role, office=office, until__isnull=True)
        given: dict[str, Any] = {"by": self.house.administrator, "at": NOW}
        found = held.first()
        if found is None:
            people.grant_role(user=by, role=role, office=office, since=NOW.date(), **given)
        elif self.chance.random() < 0.3:
            people.revoke_role(assignment=found, **given)

    def again(self, _by: User) -> None:
        """What was verified is at its end; the machine goes on with a draft."""
        for row in Submission.objects.filter(state="verified", office__in=self.offices):
            for name in ("submitted", "returned", "approved", "verified"):
                setattr(row, f"{name}_by", None)
                setattr(row, f"{name}_at", None)
            row.state = "draft"
            row.save()

    def __getattr__(self, name: str) -> Any:
        if name == "return":
            return self.return_
        raise AttributeError(name)


def own_decisions() -> list[tuple[int, int]]:
    """Steps in which a person decided on what they had handed in, or verified what they approved.

    Read from the kept steps alone, by a rule written here a second time.
    """
    found = []
    submitter: dict[int, int] = {}
    approver: dict[int, int] = {}
    for row, number, action, by in SubmissionStep.objects.order_by(
        "submission", "number"
    ).values_list("submission_id", "number", "action", "made_by_id"):
        if action == "submit":
            submitter[row] = by
        if action in DECISIONS and by == submitter[row]:
            found.append((row, number))
        if action == "approve":
            approver[row] = by
        if action == "verify" and by == approver[row]:
            found.append((row, number))
    return found


@pytest.mark.drill
@pytest.mark.django_db
def test_nobody_decides_on_their_own_whatever_happens(house, tell, rounds):
    steps = rounds(300, 10_000)
    machine = Machine(house, random.Random(SEED))  # noqa: S311  # seeded, so that it comes again
    machine.begin()
    for number in range(steps):
        machine.step()
        if number % 50 == 0 or number == steps - 1:
            assert own_decisions() == []
    for row in Submission.objects.filter(state__in=["approved", "verified"]):
        assert row.approved_by_id not in {None, row.submitted_by_id}
        assert row.verified_by_id is None or row.verified_by_id not in {
            row.submitted_by_id,
            row.approved_by_id,
        }
    decided = SubmissionStep.objects.filter(action__in=DECISIONS).count()
    audited = AuditEntry.objects.filter(
        subject_type="indicators.submission",
        action__in=[f"{action} submission" for action in DECISIONS],
    ).count()
    assert decided == audited
    assert decided >= steps // 40
    assert machine.refused["own_submission"] >= steps // 30
    assert {"own_submission", "role_needed", "wrong_state"} <= set(machine.refused)
    tell(
        f"check 08: seed {SEED}, {steps} steps, {decided} decisions, "
        f"{machine.refused['own_submission']} own ones refused, 0 self-approvals"
    )


@pytest.mark.drill
@pytest.mark.parametrize("state", ["submitted", "returned", "approved", "verified"])
def test_the_database_refuses_an_own_decision_by_raw_sql(house, state, tell):
    row = factories.submission(house.branch, state=state)
    attempts = [
        "state = 'approved', approved_at = submitted_at, approved_by_id = submitted_by_id",
        "approved_by_id = submitted_by_id",
        "state = 'verified', approved_at = submitted_at, approved_by_id = %(other)s, "
        "verified_at = submitted_at, verified_by_id = submitted_by_id",
        "state = 'verified', approved_at = submitted_at, approved_by_id = %(other)s, "
        "verified_at = submitted_at, verified_by_id = %(other)s",
        "state = 'approved', approved_at = NULL, approved_by_id = NULL",
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE indicators_submission SET {attempt % {'other': house.officer.pk}} "
                "WHERE id = %s",
                [row.pk],
            )
    row.refresh_from_db()
    assert row.state == state
    tell(f"check 08: {len(attempts)} own decisions by raw SQL on a {state} one, all refused")


def test_the_second_reading_of_the_history_finds_an_own_decision(house):
    """What the machine relies on can fail: two steps by one person are found."""
    row = factories.submission(house.branch, state="draft")
    for number, action in enumerate(("submit", "approve"), start=1):
        SubmissionStep.objects.create(
            submission=row, number=number, action=action, made_at=NOW, made_by=house.approver
        )
    assert own_decisions() == [(row.pk, 2)]
