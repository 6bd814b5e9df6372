"""Every step of a submission is kept, with what was handed in; notes on figures follow it."""

from datetime import timedelta
from importlib import import_module

import factories
import pytest
from django.apps import apps
from django.db import DatabaseError, transaction

from habitat_plan.kit.errors import RuleBroken
from indicators.models import FigurePart, Remark, Submission, SubmissionStep
from indicators.services import entry, remarks, submissions
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def number(house):
    return factories.indicator("FA1.1", offices=[house.branch])


@pytest.fixture
def other(house):
    return factories.indicator("FA1.2", offices=[house.branch])


@pytest.fixture
def ready(house, number, other):
    """Two figures of zero, which need no evidence."""
    factories.figure(other, house.branch, value="0")
    return factories.figure(number, house.branch, value="0")


def submit(house):
    return submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=NOW)


def give_back(house, row, **given):
    return submissions.return_to_office(submission=row, by=house.approver, at=LATER, **given)


def change(house, number, value):
    return entry.enter_figure(
        indicator=number,
        office=house.branch,
        period=house.year,
        typed=Typed(value=value),
        language="en",
        by=house.contributor,
        at=LATER,
    )


class TestSteps:
    def test_are_numbered_and_say_who_when_and_why(self, house, ready):
        row = submit(house)
        give_back(house, row, note="Explain.")
        submit(house)
        submissions.withdraw(submission=row, by=house.contributor, at=LATER)
        submit(house)
        submissions.approve(submission=row, by=house.approver, at=LATER, note="Thank you.")
        submissions.verify(submission=row, by=house.officer, at=LATER)
        assert [
            (step.number, step.action, step.made_by, step.note) for step in row.steps.all()
        ] == [
            (1, "submit", house.contributor, ""),
            (2, "return", house.approver, "Explain."),
            (3, "submit", house.contributor, ""),
            (4, "withdraw", house.contributor, ""),
            (5, "submit", house.contributor, ""),
            (6, "approve", house.approver, "Thank you."),
            (7, "verify", house.officer, ""),
        ]

    def test_keep_what_was_handed_in(self, house, ready, number):
        axis = factories.axis("sex", "women")
        number.axes.add(axis)
        FigurePart.objects.create(figure=ready, category=axis.categories.get(), value=0)
        count = factories.indicator("FA2.1", kind="count", offices=[house.branch])
        town = factories.authority("Alba")
        factories.achievement(count, town, house.branch)
        piece = factories.evidence(number, house.branch)
        submit(house)
        assert SubmissionStep.objects.get().content == {
            "FA1.1": {
                "value": "0",
                "parts": {"sex:women": "0"},
                "evidence": {str(piece.pk): "Report"},
            },
            "FA1.2": {"value": "0"},
            "FA2.1": {"achievements": {str(town.pk): ["2016-06-30", "Gazette", ""]}},
        }

    def test_keep_nothing_of_a_refused_step(self, house, ready):
        row = submit(house)
        with pytest.raises(RuleBroken):
            submissions.approve(submission=row, by=house.contributor, at=LATER)
        assert [step.action for step in row.steps.all()] == ["submit"]

    def test_cannot_be_changed_or_removed(self, house, ready):
        submit(house)
        with pytest.raises(DatabaseError), transaction.atomic():
            SubmissionStep.objects.update(note="Other")
        with pytest.raises(DatabaseError), transaction.atomic():
            SubmissionStep.objects.all().delete()
        assert SubmissionStep.objects.get().note == ""


class TestEarlierSubmissions:
    """The migration that makes steps from the stamps of what was submitted before."""

    def make(self):
        migration = import_module("indicators.migrations.0003_steps_of_earlier_submissions")
        migration.make_steps(apps, None)

    def test_get_the_steps_that_must_have_been_taken(self, house):
        row = factories.submission(house.branch, state="verified")
        back = factories.submission(house.region, state="returned")
        factories.submission(house.branch, "2015", state="draft")
        self.make()
        assert [(s.action, s.made_by, s.made_at, s.content) for s in row.steps.all()] == [
            ("submit", row.submitted_by, row.submitted_at, None),
            ("approve", row.approved_by, row.approved_at, None),
            ("verify", row.verified_by, row.verified_at, None),
        ]
        assert [(s.action, s.note) for s in back.steps.all()] == [
            ("submit", ""),
            ("return", "Please explain the second figure."),
        ]
        assert SubmissionStep.objects.count() == 5

    def test_get_them_once(self, house):
        factories.submission(house.branch, state="approved")
        self.make()
        self.make()
        assert SubmissionStep.objects.count() == 2


class TestNotesOnFigures:
    def test_stand_in_for_the_note_on_the_whole(self, house, ready):
        row = give_back(house, submit(house), row_notes={"FA1.1": " Which list? ", "FA1.2": " "})
        assert row.return_note == "FA1.1: Which list?"
        note = Remark.objects.get()
        assert (note.kind, note.indicator.code, note.text, note.made_by, note.settled_at) == (
            "return",
            "FA1.1",
            "Which list?",
            house.approver,
            None,
        )
        audited = AuditEntry.objects.get(action="note on figure")
        assert audited.changes == {"text": [None, "Which list?"]}

    def test_are_needed_where_nothing_is_said_of_the_whole(self, house, ready):
        with pytest.raises(RuleBroken) as caught:
            give_back(house, submit(house), note=" ", row_notes={"FA1.1": " "})
        assert caught.value.code == "note_missing"
        assert not Remark.objects.exists()

    def test_are_refused_on_what_the_office_does_not_report(self, house, ready):
        factories.indicator("FA9.9", offices=[house.region])
        row = submit(house)
        with pytest.raises(RuleBroken) as caught:
            give_back(house, row, row_notes={"FA9.9": "Which list?"})
        assert caught.value.code == "not_assigned"
        assert Submission.objects.get().state == "submitted"

    def test_are_settled_by_a_changed_figure_once_it_is_handed_in(self, house, ready, number):
        row = give_back(house, submit(house), row_notes={"FA1.1": "Why?", "FA1.2": "Why?"})
        factories.evidence(number, house.branch)
        change(house, number, "3")
        assert Remark.objects.filter(settled_at__isnull=True).count() == 2
        submit(house)
        assert row.steps.last().content["FA1.1"]["value"] == "3"
        notes = {note.indicator.code: note.settled_by for note in Remark.objects.all()}
        assert notes == {"FA1.1": house.contributor, "FA1.2": None}

    def test_are_settled_by_an_answer_once_it_is_handed_in(self, house, ready):
        give_back(house, submit(house), row_notes={"FA1.1": "Why?"})
        remarks.answer(
            remark=Remark.objects.get(), text="As in 2015.", by=house.contributor, at=LATER
        )
        submit(house)
        assert Remark.objects.get(kind="return").settled_by == house.contributor

    def test_are_settled_by_approval_at_last(self, house, ready):
        row = give_back(house, submit(house), row_notes={"FA1.1": "Why?"})
        submit(house)
        assert Remark.objects.get().settled_at is None
        submissions.approve(submission=row, by=house.second_approver, at=LATER)
        assert Remark.objects.get().settled_by == house.second_approver


class TestSeen:
    def test_what_was_handed_in_again_is_not_approved_unread(self, house, ready):
        row = submit(house)
        submissions.withdraw(submission=row, by=house.contributor, at=LATER)
        submit(house)
        for decide, more in (
            (submissions.approve, {}),
            (submissions.return_to_office, {"note": "Explain."}),
        ):
            with pytest.raises(RuleBroken) as caught:
                decide(submission=row, by=house.approver, at=LATER, seen=1, **more)
            assert caught.value.code == "changed_since"
        submissions.approve(submission=row, by=house.approver, at=LATER, seen=3)
        assert Submission.objects.get().state == "approved"


class TestVerify:
    def test_waits_for_open_questions(self, house, ready, number):
        row = submit(house)
        submissions.approve(submission=row, by=house.approver, at=LATER)
        asked = remarks.ask(
            indicator=number,
            office=house.branch,
            period=house.year,
            text="Which list?",
            by=house.officer,
            at=LATER,
        )
        with pytest.raises(RuleBroken) as caught:
            submissions.verify(submission=row, by=house.officer, at=LATER)
        assert (caught.value.code, str(caught.value.message)) == (
            "open_queries",
            "A question about a figure of this submission is still open. Settle it, then verify.",
        )
        remarks.settle(remark=asked, by=house.officer, at=LATER)
        assert submissions.verify(submission=row, by=house.officer, at=LATER).state == "verified"

    def test_does_not_wait_for_questions_on_another_year(self, house, ready, number):
        row = submit(house)
        submissions.approve(submission=row, by=house.approver, at=LATER)
        remarks.ask(
            indicator=number,
            office=house.branch,
            period=factories.period("2015"),
            text="Which list?",
            by=house.officer,
            at=LATER,
        )
        assert submissions.verify(submission=row, by=house.officer, at=LATER).state == "verified"
