"""The years: opened, closed, exceptions, completeness."""

import html
from datetime import timedelta

import factories
import pytest
from django.test import Client
from django.utils import timezone

from focus_areas.models import ReportingObligation
from indicators.models import PeriodException, PeriodWindow
from organization.models import Notice, User

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

    def test_says_which_reports_need_a_year_how_long_there_is_and_who_is_late(self, house, officer):
        factories.indicator("AA1", offices=[house.branch, house.region])
        factories.submission(house.region, state="approved")
        for code, kind, often in (
            ("R3", "biennial_progress", "biennial"),
            ("R6", "strategic_result", "twice"),
        ):
            ReportingObligation.objects.create(
                plan=factories.plan(), code=code, report_kind=kind, level="focus_area",
                frequency=often, paragraph="p.92",
            )  # fmt: skip
        body = text(officer.get("/en/periods/"))
        assert "One office is late" in body
        assert '<bdi dir="ltr">2016–2017</bdi>: biennial progress report</span>' in body
        assert '<span class="sub">mid-term evaluation</span>' in body
        assert " days past</span>" in body
        assert '<span class="sub late">Office BR1</span>' in body

    def test_shows_messages_that_got_stuck_to_those_who_may_send_them_again(self, house, officer):
        long_ago = timezone.now() - timedelta(hours=1)
        stuck = Notice.objects.create(
            recipient=house.contributor, key="k", subject="Late", text="", path="/",
            made_at=long_ago, taken_at=long_ago,
        )  # fmt: skip
        assert "One message may not have arrived" in text(officer.get("/en/periods/"))
        unit = factories.office("OED", kind="executive")
        manager = signed_in(factories.person("Gil Manager", manager=unit))
        assert "may not have arrived" not in text(manager.get("/en/periods/"))
        assert manager.post("/en/periods/", {"notice": stuck.pk}).status_code == 403
        assert officer.post("/en/periods/", {"notice": "9" * 40}).status_code == 302
        response = officer.post("/en/periods/", {"notice": stuck.pk}, follow=True)
        assert "goes out within a minute" in text(response)
        stuck.refresh_from_db()
        assert stuck.taken_at is None

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

    def test_asks_once_before_the_close_and_lists_what_is_still_returned(self, house, officer):
        factories.submission(house.branch, state="returned")
        asked = officer.post(YEAR, {"do": "close"})
        assert asked.status_code == 422
        assert "Office BR1: Please explain the second figure." in text(asked)
        assert PeriodWindow.objects.get().closed_at is None
        assert officer.post(YEAR, {"do": "close", "confirmed": "1"}).status_code == 302
        assert PeriodWindow.objects.get().closed_at is not None

    def test_changes_the_due_date_of_an_open_year(self, house, officer, soon):
        response = officer.post(YEAR, {"do": "due", "due_on": soon}, follow=True)
        assert "The figures for 2016 are due on" in text(response)
        assert PeriodWindow.objects.get().due_on.isoformat() == soon

    def test_changes_no_due_date_of_a_year_that_is_not_open(self, house, officer, soon):
        factories.period("2017")
        response = officer.post("/en/periods/2017/", {"do": "due", "due_on": soon})
        assert response.status_code == 422
        assert not PeriodWindow.objects.filter(period__code="2017").exists()

    def test_ends_an_exception_early(self, house, officer, soon):
        factories.indicator("AA1", offices=[house.branch])
        form = {"do": "exception", "office": house.branch.pk, "reason": "Flood", "until": soon}
        officer.post(YEAR, form)
        exception = PeriodException.objects.get()
        body = text(officer.get(YEAR))
        assert f'name="exception" value="{exception.pk}"' in body
        response = officer.post(YEAR, {"do": "end", "exception": exception.pk}, follow=True)
        assert "The exception of Office BR1 is ended." in text(response)
        exception.refresh_from_db()
        assert exception.until == timezone.localdate() - timedelta(days=1)
        again = officer.post(YEAR, {"do": "end", "exception": exception.pk})
        assert "This exception has ended already." in text(again)

    @pytest.mark.parametrize("form", [{"do": "end", "exception": "x"}, {"do": "fly"}, {}])
    def test_says_so_if_it_is_not_told_what_to_do(self, house, officer, form):
        response = officer.post(YEAR, form)
        assert response.status_code == 422
        assert "Choose what to do with the year." in text(response)

    def test_reminds_the_offices_that_are_late_once_a_day(self, house, officer):
        factories.indicator("AA1", offices=[house.branch, house.region])
        factories.submission(house.region, state="submitted")
        first = officer.post(YEAR, {"do": "remind", "remind": "all"}, follow=True)
        assert "One office is reminded: Office BR1." in text(first)
        assert "Please submit: figures for 2016, Office BR1" in text(first)
        assert "waits to be sent" in text(first)
        again = officer.post(YEAR, {"do": "remind", "remind": "all"}, follow=True)
        assert "Reminded today already, so not again: Office BR1." in text(again)
        assert Notice.objects.count() == 1

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
            "do": do,
            "due_on": soon,
            "until": soon,
            "reason": "x",
            "office": house.branch.pk,
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
