"""My work: what is owed, returned, asked and late, in this order, for each role."""

import html
import re
from datetime import timedelta
from typing import Any

import factories
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import PeriodWindow, Remark, Submission
from organization.models import Notice, User

WORK = "/en/work/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(html.unescape(response.content.decode()).split())


def titles(body: str) -> list[str]:
    return re.findall(r'<h2><a href="[^"]*">([^<]*)</a></h2>', body)


def due(year: str, *, days: int) -> None:
    """Makes the year due so many days from today (before it: below zero)."""
    PeriodWindow.objects.filter(period__code=year).update(
        due_on=timezone.localdate() + timedelta(days=days)
    )


def remark(measure: Any, office: Any, kind: str, said: str, by: User) -> Remark:
    return Remark.objects.create(
        indicator=measure, office=office, period=factories.period("2016"), kind=kind, text=said,
        made_at=timezone.now(), made_by=by,
    )  # fmt: skip


class TestOffice:
    def test_shows_how_much_is_done_in_words_and_as_a_bar(self, house):
        due("2016", days=5)
        factories.indicator("AA1", offices=[house.branch])
        factories.figure(
            factories.indicator("AA2", offices=[house.branch]), house.branch, value="0"
        )
        body = text(signed_in(house.contributor).get(WORK))
        assert "1 of 2 figures entered; due on" in body
        assert (
            '<rect class="track" width="2" height="1"/><rect class="bar" width="1" height="1"/>'
            in body
        )
        assert 'href="/en/offices/BR1/2016/?show=todo"' in body
        assert "late" not in body

    def test_says_how_late_it_is(self, house):
        due("2016", days=-3)
        factories.indicator("AA1", offices=[house.branch])
        body = text(signed_in(house.contributor).get(WORK))
        assert "Three days late." in body

    def test_says_why_figures_came_back_with_each_note(self, house):
        one = factories.indicator("AA1", offices=[house.branch])
        factories.submission(house.branch, state="returned")
        remark(one, house.branch, "return", "Add Kisumu.", house.approver)
        settled = remark(one, house.branch, "return", "Old note.", house.approver)
        settled.settled_at, settled.settled_by = timezone.now(), house.approver
        settled.save()
        body = text(signed_in(house.contributor).get(WORK))
        assert "Returned with this note: <bdi>Please explain the second figure.</bdi>" in body
        assert (
            '<a href="/en/offices/BR1/2016/AA1/"><bdi>AA1</bdi></a>: <bdi>Add Kisumu.</bdi>' in body
        )
        assert "Old note." not in body

    def test_shows_open_questions_on_the_figures_of_the_office_only(self, house):
        one = factories.indicator("AA1", offices=[house.branch, house.region])
        factories.submission(house.branch, state="approved")
        remark(one, house.branch, "query", "Which towns?", house.officer)
        remark(one, house.region, "query", "Which rivers?", house.officer)
        body = text(signed_in(house.contributor).get(WORK))
        assert "Office BR1, 2016: one question is open" in body
        assert "Which towns?" in body
        assert 'href="/en/offices/BR1/2016/AA1/queries/"' in body
        assert "Which rivers?" not in body

    def test_puts_what_is_late_first_then_what_came_back_then_questions_then_the_rest(self, house):
        one = factories.indicator("AA1", offices=[house.branch])
        for year, days in (("2015", 3), ("2016", 9), ("2017", -2), ("2018", 1)):
            if year != "2016":
                factories.window(year, by=house.officer)
            due(year, days=days)
        factories.submission(house.branch, "2016", state="returned")
        remark(one, house.branch, "query", "Which towns?", house.officer)
        assert titles(text(signed_in(house.contributor).get(WORK))) == [
            "Office BR1: figures for 2017",
            "Office BR1: figures for 2016",
            "Office BR1, 2016: one question is open",
            "Office BR1: figures for 2018",
            "Office BR1: figures for 2015",
        ]

    def test_shows_all_on_request(self, house):
        for number in range(9):
            office = factories.office(f"OF{number}")
            factories.grant(house.contributor, "contributor", office)
            factories.indicator(offices=[office])
        client = signed_in(house.contributor)
        assert len(titles(text(client.get(WORK)))) == 7
        assert len(titles(text(client.get(WORK + "?all=1")))) == 9
        assert "2 more things" in text(client.get(WORK))
        assert "more thing" not in text(client.get(WORK + "?all=1"))


class TestApprover:
    def test_learns_how_old_the_oldest_decision_is(self, house):
        for days in (2, 12):
            office = factories.office()
            factories.grant(house.approver, "approver", office)
            row = factories.submission(office, state="submitted")
            Submission.objects.filter(pk=row.pk).update(
                submitted_at=timezone.now() - timedelta(days=days)
            )
        body = text(signed_in(house.approver).get(WORK))
        assert "The oldest submission has waited for 12 days." in body


class TestQualityAssurance:
    def test_has_a_button_for_each_late_office_and_one_for_all(self, house):
        factories.indicator("AA1", offices=[house.branch, house.region])
        due("2016", days=-3)
        client = signed_in(house.officer)
        body = text(client.get(WORK))
        assert "Two offices are late with their figures" in body
        assert 'name="remind" value="BR1/2016"' in body
        assert 'name="remind" value="all"' in body
        told = text(client.post(WORK, {"remind": "RO1/2016"}, follow=True))
        assert "One office is reminded: Office RO1." in told
        told = text(client.post(WORK, {"remind": "all"}, follow=True))
        assert "One office is reminded: Office BR1. Reminded today already" in told
        assert Notice.objects.count() == 2

    @pytest.mark.parametrize("form", [{}, {"remind": "BR1"}, {"remind": "X/2016"}, {"remind": ""}])
    def test_reminds_nobody_if_nobody_is_named(self, house, form):
        factories.indicator("AA1", offices=[house.branch])
        due("2016", days=-3)
        told = text(signed_in(house.officer).post(WORK, form, follow=True))
        assert "No office is late, so nobody was reminded." in told
        assert not Notice.objects.exists()

    def test_alone_may_remind(self, house):
        for user in (house.contributor, house.approver, house.administrator):
            assert signed_in(user).post(WORK, {"remind": "all"}).status_code == 403
        assert not Notice.objects.exists()


def test_takes_the_same_queries_for_few_and_many_offices_and_years(house):
    def fill(first: int, last: int) -> None:
        for number in range(first, last):
            office = factories.office(f"OF{number}")
            for role in ("contributor", "approver"):
                factories.grant(house.officer, role, office)
            measure = factories.indicator(offices=[office])
            factories.figure(measure, office, value="3")
            remark(measure, office, "query", "Which towns?", house.approver)
            factories.submission(office, "2015", state="submitted")
            factories.submission(office, "2014", state="approved")

    def count() -> int:
        client = signed_in(house.officer)
        with CaptureQueriesContext(connection) as captured:
            text(client.get(WORK + "?all=1"))
        return len(captured)

    for year in ("2014", "2015"):
        factories.window(year, closed_by=house.officer)
    fill(0, 5)
    few = count()
    for year in ("2017", "2018", "2019"):
        factories.window(year, by=house.officer)
    fill(5, 30)
    assert few == count() <= 24


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_answers_in_six_languages(house, language):
    measure = factories.indicator("AA1", offices=[house.branch])
    remark(measure, house.branch, "query", "Which towns?", house.officer)
    for user in (house.contributor, house.approver, house.officer):
        assert signed_in(user).get(f"/{language}/work/").status_code == 200


def test_of_an_exception_counts_until_its_last_day(house):
    factories.indicator("AA1", offices=[house.branch])
    PeriodWindow.objects.update(closed_at=timezone.now(), closed_by=house.officer)
    assert "figures for 2016" not in text(signed_in(house.contributor).get(WORK))
    house.year.exceptions.create(
        office=house.branch, reason="Flood", until=timezone.localdate() + timedelta(days=2),
        granted_by=house.officer, granted_at=timezone.now(),
    )  # fmt: skip
    assert "Office BR1: figures for 2016" in text(signed_in(house.contributor).get(WORK))
