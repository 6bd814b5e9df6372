"""An office's year on its way: submitted, returned, approved, verified, and who may not."""

from datetime import timedelta

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Figure, Submission
from indicators.services import entry, submissions
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def number(house):
    return factories.indicator("FA1.1", offices=[house.branch])


@pytest.fixture
def ready(house, number):
    """A figure of zero, which needs no evidence, so that nothing keeps the office from submitting."""
    return factories.figure(number, house.branch, value="0")


@pytest.fixture
def submitted(house, ready):
    return submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=NOW)


def refusal(action, **given) -> RuleBroken:
    before = (list(Submission.objects.values()), AuditEntry.objects.count())
    with pytest.raises(RuleBroken) as caught:
        action(at=NOW, **given)
    assert (list(Submission.objects.values()), AuditEntry.objects.count()) == before
    return caught.value


class TestSubmit:
    def test_hands_over_and_says_who_and_when(self, house, submitted):
        assert (submitted.state, submitted.submitted_by, submitted.submitted_at) == (
            "submitted",
            house.contributor,
            NOW,
        )
        audited = AuditEntry.objects.get(action="submit submission")
        assert audited.changes == {"state": ["draft", "submitted"]}
        assert (audited.by, audited.office) == (house.contributor, house.branch)

    def test_refuses_while_a_figure_is_missing(self, house, number):
        broken = refusal(
            submissions.submit, office=house.branch, period=house.year, by=house.contributor
        )
        assert broken.code == "not_ready"
        assert broken.message == (
            "This cannot be submitted yet. See to the following, then submit again."
        )
        assert broken.details == (
            "FA1.1 is not reported. Enter it, or say why it does not apply.",
        )

    def test_refuses_while_a_question_is_open_and_takes_the_answer(self, house, number):
        factories.figure(number, house.branch, value="7")
        broken = refusal(
            submissions.submit, office=house.branch, period=house.year, by=house.contributor
        )
        assert broken.details == (
            "FA1.1: No evidence is given. Add a link or note, or say why there is none.",
        )
        entry.enter_figure(
            indicator=number,
            office=house.branch,
            period=house.year,
            typed=Typed(value="7", answers={"no_evidence": "The gazette is in print."}),
            language="en",
            by=house.contributor,
            at=NOW,
        )
        done = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        assert done.state == "submitted"

    def test_takes_no_answer_for_an_impossible_figure(self, house):
        ratio = factories.indicator("FA2.1", kind="ratio", offices=[house.branch])
        figure = factories.figure(ratio, house.branch, numerator="9", denominator="8")
        factories.evidence(ratio, house.branch)
        figure.answers.create(
            check_code="numerator_above_denominator",
            sentence="It is so.",
            answered_at=NOW,
            answered_by=house.contributor,
        )
        broken = refusal(
            submissions.submit, office=house.branch, period=house.year, by=house.contributor
        )
        assert broken.details == (
            "FA2.1: 9 is more than the 8 it is a part of. Correct one of the two.",
        )

    def test_refuses_the_approver_as_submitter(self, house, ready):
        broken = refusal(
            submissions.submit, office=house.branch, period=house.year, by=house.approver
        )
        assert isinstance(broken, NotAllowed)

    def test_refuses_a_second_submission(self, house, submitted):
        broken = refusal(
            submissions.submit, office=house.branch, period=house.year, by=house.contributor
        )
        assert broken.code == "locked"
        assert broken.message == (
            "These figures were submitted by Ana Contributor on 16 January 2017 and wait for "
            "approval. Whoever submitted them may withdraw them."
        )

    def test_locks_the_figures(self, house, number, submitted):
        with pytest.raises(RuleBroken) as caught:
            entry.enter_figure(
                indicator=number,
                office=house.branch,
                period=house.year,
                typed=Typed(value="8"),
                language="en",
                by=house.contributor,
                at=NOW,
            )
        assert caught.value.code == "locked"
        assert Figure.objects.get().value == 0


class TestWithdraw:
    def test_is_done_by_whoever_submitted(self, house, submitted):
        draft = submissions.withdraw(submission=submitted, by=house.contributor, at=NOW)
        assert (draft.state, draft.submitted_by, draft.submitted_at) == ("draft", None, None)

    def test_refuses_a_colleague(self, house, submitted):
        colleague = factories.person("Gil Contributor", contributor=house.branch)
        broken = refusal(submissions.withdraw, submission=submitted, by=colleague)
        assert broken.code == "not_the_submitter"
        assert broken.message == "Only Ana Contributor, who submitted it, may withdraw it."

    def test_refuses_after_approval(self, house, submitted):
        submissions.approve(submission=submitted, by=house.approver, at=NOW)
        broken = refusal(submissions.withdraw, submission=submitted, by=house.contributor)
        assert broken.code == "wrong_state"
        assert broken.message == (
            "This submission is approved, so this cannot be done with it now. "
            "Load the page again."
        )


class TestReturn:
    def test_keeps_the_note_and_opens_the_figures(self, house, number, submitted):
        returned = submissions.return_to_office(
            submission=submitted, by=house.approver, at=NOW, note=" Count Kisumu too. "
        )
        assert (returned.state, returned.return_note) == ("returned", "Count Kisumu too.")
        recorded = AuditEntry.objects.get(action="return submission")
        assert recorded.reason == "Count Kisumu too."
        entry.enter_figure(
            indicator=number,
            office=house.branch,
            period=house.year,
            typed=Typed(value="0", explanation="Kisumu counted."),
            language="en",
            by=house.contributor,
            at=NOW,
        )
        again = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        assert (again.state, again.return_note, again.returned_by) == ("submitted", "", None)

    def test_refuses_without_a_note(self, house, submitted):
        broken = refusal(
            submissions.return_to_office, submission=submitted, by=house.approver, note=" "
        )
        assert broken.code == "note_missing"
        assert broken.message == "Say in a note what the office should change."

    def test_refuses_the_approver_of_another_office(self, house, submitted):
        stranger = factories.person("Hal Approver", approver=house.region)
        broken = refusal(
            submissions.return_to_office, submission=submitted, by=stranger, note="Why?"
        )
        assert broken.code == "role_needed"


class TestApprove:
    def test_is_done_by_an_approver_of_the_office(self, house, submitted):
        approved = submissions.approve(submission=submitted, by=house.approver, at=NOW)
        assert (approved.state, approved.approved_by, approved.approved_at) == (
            "approved",
            house.approver,
            NOW,
        )

    def test_refuses_the_person_who_submitted(self, house, ready):
        factories.grant(house.contributor, "approver", house.branch)
        own = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        broken = refusal(submissions.approve, submission=own, by=house.contributor)
        assert broken.code == "own_submission"
        assert broken.message == (
            "You submitted this yourself. Another approver of the office decides on it."
        )

    def test_refuses_a_draft(self, house, ready):
        draft = factories.submission(house.branch, state="draft")
        broken = refusal(submissions.approve, submission=draft, by=house.approver)
        assert broken.code == "wrong_state"

    def test_refuses_a_second_time(self, house, submitted):
        submissions.approve(submission=submitted, by=house.approver, at=NOW)
        broken = refusal(submissions.approve, submission=submitted, by=house.second_approver)
        assert broken.code == "wrong_state"


class TestVerify:
    @pytest.fixture
    def approved(self, house, submitted):
        return submissions.approve(submission=submitted, by=house.approver, at=NOW)

    def test_is_done_by_the_quality_assurance_officer(self, house, approved):
        later = NOW + timedelta(days=1)
        verified = submissions.verify(submission=approved, by=house.officer, at=later)
        assert (verified.state, verified.verified_by, verified.verified_at) == (
            "verified",
            house.officer,
            later,
        )

    def test_refuses_an_approver(self, house, approved):
        broken = refusal(submissions.verify, submission=approved, by=house.second_approver)
        assert broken.message == (
            "This is for: quality assurance officer. "
            "Ask an administrator if you should hold that role."
        )

    @pytest.mark.parametrize(
        ("who", "code", "sentence"),
        [
            (
                "contributor",
                "own_submission",
                "You submitted this yourself. Another approver of the office decides on it.",
            ),
            (
                "approver",
                "own_approval",
                "You approved this yourself. Another person verifies it.",
            ),
        ],
    )
    def test_refuses_whoever_submitted_or_approved(self, house, approved, who, code, sentence):
        person = getattr(house, who)
        factories.grant(person, "quality_assurance", house.branch)
        person = type(person).objects.get(pk=person.pk)
        broken = refusal(submissions.verify, submission=approved, by=person)
        assert (broken.code, broken.message) == (code, sentence)

    def test_refuses_what_is_not_approved(self, house, submitted):
        broken = refusal(submissions.verify, submission=submitted, by=house.officer)
        assert broken.code == "wrong_state"
