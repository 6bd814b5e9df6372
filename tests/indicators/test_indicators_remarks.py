"""Questions on figures, answers to them, and who may say what."""

from datetime import timedelta

import factories
import pytest
from django.db import IntegrityError, transaction

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Remark
from indicators.queries.remarks import queries_for, threads_on
from indicators.services import remarks
from organization.models import AuditEntry

NOW = factories.NOW
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def number(house):
    return factories.indicator("FA1.1", offices=[house.branch])


@pytest.fixture
def approved(house):
    return factories.submission(house.branch, state="approved")


def ask(house, number, by, text="Which list?"):
    return remarks.ask(
        indicator=number, office=house.branch, period=house.year, text=text, by=by, at=NOW
    )


def refused(action, *given, **more) -> RuleBroken:
    before = (list(Remark.objects.values()), AuditEntry.objects.count())
    with pytest.raises(RuleBroken) as caught:
        action(*given, **more)
    assert (list(Remark.objects.values()), AuditEntry.objects.count()) == before
    return caught.value


class TestAsk:
    @pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved", "verified"])
    def test_quality_assurance_asks_about_any_figure(self, house, number, state):
        factories.submission(house.branch, state=state)
        asked = ask(house, number, house.officer, " Which list? ")
        assert (asked.kind, asked.text, asked.made_by, asked.made_at) == (
            "query",
            "Which list?",
            house.officer,
            NOW,
        )
        audited = AuditEntry.objects.get(action="ask about figure")
        assert (audited.by, audited.office) == (house.officer, house.branch)
        assert audited.changes == {"text": [None, "Which list?"]}

    @pytest.mark.parametrize("who", ["contributor", "approver"])
    def test_an_office_asks_for_a_correction_of_what_is_approved(
        self, house, number, approved, who
    ):
        assert ask(house, number, getattr(house, who)).kind == "query"

    def test_an_office_changes_itself_what_is_not_approved(self, house, number):
        factories.submission(house.branch, state="submitted")
        broken = refused(ask, house, number, house.contributor)
        assert (broken.code, str(broken.message)) == (
            "still_open",
            "This figure is not approved yet. The office changes it on its own page.",
        )

    @pytest.mark.parametrize("who", ["regional", "administrator"])
    def test_others_ask_nothing(self, house, number, approved, who):
        assert isinstance(refused(ask, house, number, getattr(house, who)), NotAllowed)

    def test_says_something(self, house, number):
        broken = refused(ask, house, number, house.officer, "  ")
        assert (broken.code, broken.field) == ("text_needed", "text")

    def test_is_about_what_the_office_reports(self, house):
        foreign = factories.indicator("FA9.9", offices=[house.region])
        assert refused(ask, house, foreign, house.officer).code == "not_assigned"


class TestAnswer:
    def test_keeps_the_question_open(self, house, number):
        asked = ask(house, number, house.officer)
        said = remarks.answer(remark=asked, text="The annex.", by=house.contributor, at=LATER)
        assert (said.kind, said.answers_to, said.text) == ("answer", asked, "The annex.")
        (thread,) = threads_on(office=house.branch, period=house.year, indicator=number)
        assert (thread.is_open, thread.answers) == (True, (said,))
        assert AuditEntry.objects.filter(action="answer remark").count() == 1

    @pytest.mark.parametrize("who", ["regional", "administrator"])
    def test_is_not_given_by_others(self, house, number, who):
        asked = ask(house, number, house.officer)
        broken = refused(remarks.answer, remark=asked, text="No.", by=getattr(house, who), at=LATER)
        assert isinstance(broken, NotAllowed)

    def test_says_something(self, house, number):
        asked = ask(house, number, house.officer)
        broken = refused(remarks.answer, remark=asked, text=" ", by=house.officer, at=LATER)
        assert broken.code == "text_needed"

    def test_is_not_given_to_an_answer(self, house, number):
        asked = ask(house, number, house.officer)
        said = remarks.answer(remark=asked, text="The annex.", by=house.contributor, at=LATER)
        broken = refused(remarks.answer, remark=said, text="No.", by=house.officer, at=LATER)
        assert broken.code == "not_a_question"


class TestSettle:
    def test_closes_the_question_for_good(self, house, number):
        asked = ask(house, number, house.officer)
        remarks.settle(remark=asked, by=house.officer, at=LATER)
        asked.refresh_from_db()
        assert (asked.settled_by, asked.settled_at) == (house.officer, LATER)
        assert AuditEntry.objects.filter(action="settle remark").count() == 1
        again = refused(remarks.settle, remark=asked, by=house.officer, at=LATER)
        late = refused(remarks.answer, remark=asked, text="No.", by=house.contributor, at=LATER)
        assert (again.code, late.code) == ("already_settled", "already_settled")

    @pytest.mark.parametrize("who", ["contributor", "approver", "regional"])
    def test_is_for_quality_assurance(self, house, number, who):
        asked = ask(house, number, house.officer)
        broken = refused(remarks.settle, remark=asked, by=getattr(house, who), at=LATER)
        assert isinstance(broken, NotAllowed)


class TestWhoReads:
    def test_the_officer_all_and_an_office_its_own(self, house, number):
        asked = ask(house, number, house.officer)
        measure = factories.indicator("FA2.2", offices=[house.region])
        other = remarks.ask(
            indicator=measure,
            office=house.region,
            period=house.year,
            text="And this?",
            by=house.officer,
            at=LATER,
        )
        found = {
            who: [thread.remark for thread in queries_for(getattr(house, who))]
            for who in ("officer", "contributor", "regional")
        }
        assert found == {"officer": [asked, other], "contributor": [asked], "regional": [other]}

    def test_settled_ones_apart(self, house, number):
        asked = ask(house, number, house.officer)
        remarks.settle(remark=asked, by=house.officer, at=LATER)
        assert queries_for(house.officer) == []
        assert [t.remark for t in queries_for(house.officer, settled=True)] == [asked]

    def test_not_the_committee(self, house, number):
        ask(house, number, house.officer)
        delegate = factories.person("Gus Delegate", committee=house.region)
        assert queries_for(delegate) == []


def test_the_database_refuses_an_answer_that_is_settled(house, number):
    asked = ask(house, number, house.officer)
    said = remarks.answer(remark=asked, text="The annex.", by=house.contributor, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Remark.objects.filter(pk=said.pk).update(settled_at=NOW, settled_by=house.officer)
