"""The years: opened, closed, exceptions, completeness."""

import html
from datetime import timedelta

import factories
import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import PeriodException, PeriodWindow
from organization.models import User

YEAR = "/en/periods/2016/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def officer(house: factories.House) -> Client:
    return signed_in(house.officer)


@pytest.fixture
def soon() -> str:
    return (timezone.localdate() + timedelta(days=20)).isoformat()


class TestCalendar:
    def test_shows_each_year_with_its_state(self, house, officer):
        factories.window("2015", closed_by=house.officer)
        factories.period("2017")
        body = text(officer.get("/en/periods/"))
        assert [word in body for word in ("Open", "Closed", "Not opened")] == [True] * 3
        assert "31 January 2017" in body

    @pytest.mark.parametrize("address", ["/en/periods/", YEAR])
    def test_is_not_there_for_offices(self, house, address):
        for user in (house.contributor, house.approver):
            assert signed_in(user).get(address).status_code == 404
            assert signed_in(user).post(address, {"do": "close"}).status_code in {404, 405}
        assert PeriodWindow.objects.get().closed_at is None

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, officer, language):
        for address in ("/en/periods/", YEAR):
            assert officer.get(address.replace("/en/", f"/{language}/")).status_code == 200


class TestYear:
    def test_shows_how_far_each_office_is(self, house, officer):
        measure = factories.indicator("AA1", offices=[house.branch, house.region])
        factories.figure(measure, house.branch, value="3")
        factories.submission(house.branch, state="approved")
        body = text(officer.get(YEAR))
        assert "One of two offices is approved for 2016" in body
        assert '<td class="num">1 of 1</td>' in body
        assert '<td class="num">0 of 1</td>' in body
        assert body.count("under way") == 1
        assert " days</td>" in body

    def test_opens_a_year(self, house, officer, soon):
        factories.period("2017")
        response = officer.post("/en/periods/2017/", {"do": "open", "due_on": soon}, follow=True)
        assert "2017 is open; figures are due on" in text(response)
        assert PeriodWindow.objects.filter(period__code="2017", closed_at=None).exists()

    @pytest.mark.parametrize("day", ["2001-01-01", "tomorrow", ""])
    def test_refuses_a_day_that_does_not_fit_and_keeps_it(self, house, officer, day):
        factories.period("2017")
        response = officer.post("/en/periods/2017/", {"do": "open", "due_on": day})
        assert response.status_code == 422
        assert "field-error" in text(response)
        assert f'value="{day}"' in text(response) or not day
        assert PeriodWindow.objects.count() == 1

    def test_closes_a_year_once(self, house, officer):
        assert officer.post(YEAR, {"do": "close"}).status_code == 302
        assert PeriodWindow.objects.get().closed_by == house.officer
        again = officer.post(YEAR, {"do": "close"})
        assert again.status_code == 422
        assert "2016 is not open, so it cannot be closed." in text(again)

    def test_lists_what_is_still_returned_before_the_close(self, house, officer):
        factories.indicator("AA1", offices=[house.branch])
        factories.submission(house.branch, state="returned")
        assert "One returned submission is still with its office: Office BR1" in " ".join(
            text(officer.get(YEAR)).split()
        )

    def test_lets_an_office_in_for_a_reason(self, house, officer, soon):
        factories.indicator("AA1", offices=[house.branch])
        form = {"do": "exception", "office": house.branch.pk, "reason": "Flood", "until": soon}
        response = officer.post(YEAR, form, follow=True)
        assert "Office BR1 may enter figures until" in text(response)
        assert PeriodException.objects.get().reason == "Flood"

    def test_asks_for_the_reason_and_keeps_the_rest(self, house, officer, soon):
        factories.indicator("AA1", offices=[house.branch])
        form = {"do": "exception", "office": house.branch.pk, "reason": " ", "until": soon}
        response = officer.post(YEAR, form)
        assert response.status_code == 422
        assert "Say in a sentence why the exception is needed." in text(response)
        assert f'value="{soon}"' in text(response)
        assert not PeriodException.objects.exists()

    @pytest.mark.parametrize("do", ["open", "close", "exception"])
    def test_shows_a_manager_all_and_lets_them_change_nothing(self, house, do, soon):
        unit = factories.office("OED", kind="executive")
        manager = signed_in(factories.person("Gil Manager", manager=unit))
        factories.indicator("AA1", offices=[house.branch])
        assert 'name="do"' not in text(manager.get(YEAR))
        form = {
            "do": do, "due_on": soon, "until": soon, "reason": "x", "office": house.branch.pk,
        }
        assert manager.post(YEAR, form).status_code == 403
        assert not PeriodException.objects.exists()
        assert PeriodWindow.objects.get().closed_at is None

    def test_knows_only_years(self, house, officer):
        factories.period("2016-2017")
        assert officer.get("/en/periods/2016-2017/").status_code == 404
        assert officer.get("/en/periods/1999/").status_code == 404

    def test_changes_nothing_when_only_read(self, house, officer):
        before = list(PeriodWindow.objects.values())
        officer.get(YEAR)
        officer.get("/en/periods/")
        assert list(PeriodWindow.objects.values()) == before
