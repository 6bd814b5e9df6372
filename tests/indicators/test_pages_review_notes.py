"""A submission as differences, with notes on single figures, as its people meet it in the browser."""

import html
import re
from datetime import timedelta

import factories
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Remark, Submission
from indicators.services import entry, remarks, submissions
from indicators.services.entry import Typed
from organization.models import User

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


def words(response) -> str:
    """What the page says, without tags."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def address(row: Submission) -> str:
    return f"/en/submissions/{row.pk}/"


@pytest.fixture
def number(house):
    made = factories.indicator("AA1", offices=[house.branch])
    factories.evidence(made, house.branch)
    return made


@pytest.fixture
def submitted(house, number):
    change(house, number, "14")
    return submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=NOW)


@pytest.fixture
def approver(house):
    return signed_in(house.approver)


def change(house, number, value, **typed):
    entry.enter_figure(
        indicator=number,
        office=house.branch,
        period=house.year,
        typed=Typed(value=value, **typed),
        language="en",
        by=house.contributor,
        at=NOW,
    )


def returned(house, row, **given):
    values = {"row_notes": {"AA1": "Which list?"}, **given}
    return submissions.return_to_office(submission=row, by=house.approver, at=LATER, **values)


class TestDifferences:
    def test_are_to_the_last_approved_figure_and_not_to_a_draft(
        self, house, number, submitted, approver
    ):
        factories.figure(number, house.branch, "2014", "10")
        factories.submission(house.branch, "2014", state="approved")
        factories.figure(number, house.branch, "2015", "99")
        factories.submission(house.branch, "2015", state="draft")
        body = text(approver.get(address(submitted)))
        assert '<span class="muted">10</span>' in body
        assert "+4" in body
        assert "99" not in re.sub(r"csrf\S+", "", words(approver.get(address(submitted))))

    def test_show_what_changed_since_it_was_returned(self, house, number, submitted, approver):
        returned(house, submitted)
        change(house, number, "15")
        submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=LATER)
        said = words(approver.get(address(submitted)))
        assert "What changed since it was handed in before" in said
        assert "Figure: was 14 → now 15" in said
        assert "Acted on “Which list?” Bo Approver" in said
        assert "Submitted again" in said

    def test_say_what_was_not_acted_on(self, house, number, submitted, approver):
        returned(house, submitted)
        submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=LATER)
        said = words(approver.get(address(submitted)))
        assert "What changed since" not in said
        assert "Returned “Which list?” Bo Approver" in said

    def test_show_the_explanation_of_variance(self, house, number, submitted, approver):
        figure = number.figures.get()
        figure.cause, figure.explanation = "funding", "Funds for three cities came in December."
        figure.measures = "The cities start in March."
        figure.save()
        said = words(approver.get(address(submitted)))
        assert "Cause: funding came late or fell short. “Funds for three cities" in said
        assert "Measures: “The cities start in March.”" in said


class TestNotes:
    def test_on_one_figure_return_the_whole(self, house, submitted, approver):
        form = {"do": "return", "note": "", "note-AA1": "Which list?"}
        assert approver.post(address(submitted), form).status_code == 302
        submitted.refresh_from_db()
        assert (submitted.state, submitted.return_note) == ("returned", "AA1: Which list?")
        assert Remark.objects.get().text == "Which list?"

    def test_are_shown_to_the_office(self, house, submitted):
        returned(house, submitted)
        client = signed_in(house.contributor)
        said = words(client.get(address(submitted)))
        assert "This is with the office. What you see is how it stands now." in said
        assert "“Which list?”" in said

    def test_stay_typed_when_the_step_is_refused(self, house, submitted, approver):
        signed_in(house.second_approver).post(address(submitted), {"do": "approve"})
        form = {"do": "return", "note-AA1": "Which list?"}
        response = approver.post(address(submitted), form)
        assert response.status_code == 422
        assert not Remark.objects.exists()

    def test_are_never_lost_by_approving(self, house, submitted, approver):
        form = {"do": "approve", "note-AA1": "Which list?"}
        response = approver.post(address(submitted), form)
        body = text(response)
        assert response.status_code == 422
        assert "You wrote a note on AA1. Send it, or take it out first." in body
        assert ">Which list?</textarea>" in body
        assert '<details class="row-note" open>' in body
        assert Submission.objects.get().state == "submitted"

    def test_of_the_whole_are_kept_with_an_approval(self, house, submitted, approver):
        approver.post(address(submitted), {"do": "approve", "note": "Well done."})
        assert submitted.steps.last().note == "Well done."
        assert "Well done." in text(approver.get(address(submitted)))

    def test_of_quality_assurance_are_questions(self, house, submitted):
        submissions.approve(submission=submitted, by=house.approver, at=LATER)
        officer = signed_in(house.officer)
        response = officer.post(
            address(submitted), {"do": "ask", "note-AA1": "Which list?"}, follow=True
        )
        assert "Your question is sent to the office." in text(response)
        assert "Open questions" in words(response)
        asked = Remark.objects.get()
        assert (asked.kind, asked.made_by) == ("query", house.officer)
        refused = officer.post(address(submitted), {"do": "verify"})
        assert refused.status_code == 422
        assert "A question about a figure of this submission is still open." in text(refused)
        remarks.settle(remark=asked, by=house.officer, at=LATER)
        officer.post(address(submitted), {"do": "verify"})
        submitted.refresh_from_db()
        assert submitted.state == "verified"

    def test_say_something(self, house, submitted):
        officer = signed_in(house.officer)
        assert officer.post(address(submitted), {"do": "ask", "note-AA1": " "}).status_code == 422


class TestReading:
    def test_approves_only_what_was_read(self, house, submitted, approver):
        body = text(approver.get(address(submitted)))
        seen = re.search(r'name="seen" value="(\d+)"', body)
        assert seen and seen[1] == "1"
        submissions.withdraw(submission=submitted, by=house.contributor, at=LATER)
        submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=LATER)
        response = approver.post(address(submitted), {"do": "approve", "seen": seen[1]})
        assert response.status_code == 422
        assert "This was handed in again after you opened the page." in text(response)
        queue = approver.post("/en/submissions/", {"submission": f"{submitted.pk}:1"}, follow=True)
        assert "This was handed in again after you opened the page." in text(queue)
        approver.post("/en/submissions/", {"submission": f"{submitted.pk}:3"})
        submitted.refresh_from_db()
        assert submitted.state == "approved"

    def test_leads_to_the_next_in_the_queue(self, house, submitted, approver):
        office = factories.office("BR2")
        factories.grant(house.approver, "approver", office)
        later = factories.submission(office, state="submitted")
        first, second = sorted((submitted, later), key=lambda row: row.submitted_at)
        assert "Next: Office" in words(approver.get(address(first)))
        assert "Before it: Office" in words(approver.get(address(second)))
        assert 'aria-current="page"' in text(approver.get(address(first)))

    def test_flags_explanations_and_open_notes_in_the_queue(self, house, submitted, approver):
        assert "Approve the one with nothing flagged" in text(approver.get("/en/submissions/"))
        returned(house, submitted)
        submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=LATER)
        body = text(approver.get("/en/submissions/"))
        assert "nothing flagged" not in body
        assert "handed in again" in body


class TestPreview:
    address = "/en/offices/BR1/2016/preview/"

    def test_shows_the_office_what_the_approver_will_see(self, house, number):
        client = signed_in(house.contributor)
        said = words(client.get(self.address))
        assert "This is how the approver will see it." in said
        assert "To be submitted" in said
        assert 'name="do"' not in text(client.get(self.address))

    def test_makes_nothing(self, house, number):
        signed_in(house.contributor).get(self.address)
        assert not Submission.objects.exists()

    def test_is_for_readers_of_the_office(self, house, number):
        assert signed_in(house.regional).get(self.address).status_code == 404
        assert Client().get(self.address).status_code == 302


class TestQueries:
    """The page takes the same queries for five figures and for fifty."""

    def count(self, client, path) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    def fill(self, house, first, last):
        area = factories.result()
        for n in range(first, last):
            kind = ("number", "ratio", "count", "scale")[n % 4]
            measure = factories.indicator(f"QS{n}", kind=kind, offices=[house.branch], result=area)
            factories.evidence(measure, house.branch)
            if kind == "count":
                factories.achievement(measure, factories.authority(), house.branch)
                factories.achievement(measure, factories.authority(), house.branch, "2015")
                continue
            given = {"number": {"value": "7"}, "scale": {"choice": "drafted"}}.get(
                kind, {"numerator": "1", "denominator": "2"}
            )
            factories.figure(measure, house.branch, "2015", **given)
            factories.figure(measure, house.branch, **given)
            remarks.note_all(
                office=house.branch,
                period=house.year,
                notes={measure.code: "Which list?"},
                by=house.approver,
                at=NOW,
            )

    def test_of_a_submission(self, house, approver):
        factories.submission(house.branch, "2015", state="approved")
        row = factories.submission(house.branch, state="submitted")
        self.fill(house, 0, 5)
        few = self.count(approver, address(row))
        self.fill(house, 5, 50)
        many = self.count(approver, address(row))
        assert few == many
        assert many <= 18

    def test_of_the_queue(self, house, approver):
        factories.submission(house.branch, state="submitted")
        few = self.count(approver, "/en/submissions/")
        for _number in range(9):
            office = factories.office()
            factories.grant(house.approver, "approver", office)
            factories.submission(office, state="submitted")
        assert self.count(approver, "/en/submissions/") == few <= 6
