"""The queue and one submission, as approvers and quality assurance meet them."""

import html

import factories
import pytest
from django.test import Client

from indicators.models import Submission
from organization.models import User

QUEUE = "/en/submissions/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


def address(submission: Submission) -> str:
    return f"{QUEUE}{submission.pk}/"


@pytest.fixture
def waiting(house: factories.House) -> Submission:
    return factories.submission(house.branch, state="submitted")


@pytest.fixture
def approver(house: factories.House) -> Client:
    return signed_in(house.approver)


class TestQueue:
    def test_says_how_many_wait_and_links_to_each(self, house, waiting, approver):
        body = text(approver.get(QUEUE))
        assert "One submission waits for you; the oldest for" in body
        assert f'href="{address(waiting)}"' in body
        assert "Approve the one with nothing flagged" in body

    def test_is_empty_without_submissions(self, house, approver):
        body = text(approver.get(QUEUE))
        assert "Nothing waits for your decision" in body
        assert "All submissions are decided." in body

    def test_does_not_offer_to_approve_what_the_person_submitted(self, house, waiting, approver):
        Submission.objects.update(submitted_by=house.approver)
        body = text(approver.get(QUEUE))
        assert "You took part in this one: another person decides." in body
        assert "with nothing flagged" not in body

    def test_approves_several_at_once_and_says_so(self, house, waiting, approver):
        other = factories.office("BR2")
        factories.grant(house.approver, "approver", other)
        second = factories.submission(other, state="submitted")
        response = approver.post(QUEUE, {"submission": [waiting.pk, second.pk]}, follow=True)
        assert "Two submissions are approved." in text(response)
        states = set(Submission.objects.values_list("state", "approved_by"))
        assert states == {("approved", house.approver.pk)}

    def test_says_for_each_why_it_was_not_approved(self, house, waiting, approver):
        Submission.objects.update(submitted_by=house.approver)
        foreign = factories.submission(house.region, state="submitted")
        response = approver.post(QUEUE, {"submission": [waiting.pk, foreign.pk, "x"]}, follow=True)
        assert "You submitted this yourself." in text(response)
        assert "RO1" not in text(response)  # as if there were none
        assert not Submission.objects.filter(state="approved").exists()

    def test_is_not_there_for_those_who_decide_nothing(self, house, waiting):
        client = signed_in(house.contributor)
        assert client.get(QUEUE).status_code == 404
        assert client.post(QUEUE, {"submission": waiting.pk}).status_code == 403
        assert Submission.objects.get().state == "submitted"

    def test_shows_quality_assurance_what_to_verify(self, house):
        factories.submission(house.branch, state="approved")
        body = text(signed_in(house.officer).get(QUEUE))
        assert "One submission waits to be verified" in body

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, waiting, approver, language):
        assert approver.get(QUEUE.replace("/en/", f"/{language}/")).status_code == 200
        assert approver.get(address(waiting).replace("/en/", f"/{language}/")).status_code == 200


class TestSubmission:
    @pytest.fixture(autouse=True)
    def figures(self, house):
        factories.submission(house.branch, "2015")
        changed = factories.indicator("AA1", offices=[house.branch])
        factories.figure(changed, house.branch, "2015", "10")
        factories.figure(changed, house.branch, "2016", "14")
        factories.evidence(changed, house.branch)
        same = factories.indicator("AA2", offices=[house.branch])
        factories.figure(same, house.branch, "2015", "3")
        factories.figure(same, house.branch, "2016", "3")
        factories.evidence(same, house.branch)

    def test_shows_what_differs_and_folds_the_rest(self, house, waiting, approver):
        body = text(approver.get(address(waiting)))
        assert "<ins>14</ins>" in body
        assert "+4" in body
        assert "One row that does not differ" in body
        assert "Annual report of the city" in body or "Report" in body

    def test_shows_checks_with_their_answers(self, house, waiting, approver):
        bare = factories.indicator("AA3", offices=[house.branch])
        figure = factories.figure(bare, house.branch, "2016", "5")
        body = text(approver.get(address(waiting)))
        assert "Not answered" in body
        figure.answers.create(
            check_code="no_evidence", sentence="It is at the mayor's.",
            answered_at=factories.NOW, answered_by=house.contributor,
        )
        assert "“It is at the mayor's.”" in text(approver.get(address(waiting)))

    def test_approves(self, house, waiting, approver):
        assert approver.post(address(waiting), {"do": "approve"}).status_code == 302
        waiting.refresh_from_db()
        assert (waiting.state, waiting.approved_by) == ("approved", house.approver)

    def test_returns_with_the_note(self, house, waiting, approver):
        approver.post(address(waiting), {"do": "return", "note": "Give the list."})
        waiting.refresh_from_db()
        assert (waiting.state, waiting.return_note) == ("returned", "Give the list.")
        assert "Give the list." in text(approver.get(address(waiting)))

    def test_asks_for_the_note(self, house, waiting, approver):
        response = approver.post(address(waiting), {"do": "return", "note": "  "})
        assert response.status_code == 422
        assert "Say in a note what the office should change." in text(response)
        waiting.refresh_from_db()
        assert waiting.state == "submitted"

    def test_refuses_the_person_who_submitted_it_with_the_reason(self, house, waiting, approver):
        Submission.objects.update(submitted_by=house.approver)
        body = text(approver.get(address(waiting)))
        assert "You submitted this yourself. Another approver of the office decides on it." in body
        assert 'value="approve"' not in body
        response = approver.post(address(waiting), {"do": "approve"})
        assert response.status_code == 422
        assert "You submitted this yourself." in text(response)
        waiting.refresh_from_db()
        assert waiting.state == "submitted"

    def test_keeps_the_note_when_somebody_else_was_faster(self, house, waiting, approver):
        signed_in(house.second_approver).post(address(waiting), {"do": "approve"})
        response = approver.post(address(waiting), {"do": "return", "note": "Wait."})
        assert response.status_code == 422
        assert "Load the page again." in text(response)

    def test_is_verified_by_quality_assurance(self, house):
        approved = factories.submission(house.branch, state="approved")
        officer = signed_in(house.officer)
        assert 'value="verify"' in text(officer.get(address(approved)))
        officer.post(address(approved), {"do": "verify"})
        approved.refresh_from_db()
        assert (approved.state, approved.verified_by) == ("verified", house.officer)

    def test_shows_readers_no_buttons_and_refuses_them(self, house, waiting):
        contributor = signed_in(house.contributor)
        assert 'name="do"' not in text(contributor.get(address(waiting)))
        assert contributor.post(address(waiting), {"do": "approve"}).status_code == 403
        officer = signed_in(house.officer)
        assert officer.post(address(waiting), {"do": "approve"}).status_code == 403

    def test_is_not_revealed_to_another_office(self, house, waiting):
        other = signed_in(house.regional)
        assert other.get(address(waiting)).status_code == 404
        assert other.post(address(waiting), {"do": "approve"}).status_code == 404
        assert other.get(f"{QUEUE}99999/").status_code == 404

    def test_knows_no_other_step(self, house, waiting, approver):
        assert approver.post(address(waiting), {"do": "burn"}).status_code == 422
        assert approver.post(address(waiting)).status_code == 422

    def test_changes_nothing_when_only_read(self, house, waiting, approver):
        before = list(Submission.objects.values())
        approver.get(address(waiting))
        approver.get(QUEUE)
        assert list(Submission.objects.values()) == before
