"""The pages of the calendar and the list of reports: who sees what, the file, moving by form."""

import re
from datetime import date

import factories
import pytest
from calendar_data import AT, SYMBOL, Small, make_small, report
from django.test import Client
from django.utils import timezone

from organization.models import AuditEntry
from reporting.models import LeadTime, Report, Session, Slot

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
CALENDAR, FILE, LIST = "/en/reports/calendar/", "/en/reports/calendar.ics", "/en/reports/"
MOVING = {
    "starts_on": "2018-06-20",
    "ends_on": "2018-06-21",
    "source": "HSP/CPR/2018/1",
    "reason": "The Bureau asked for it.",
}


@pytest.fixture
def small(db, monkeypatch) -> Small:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    return make_small()


def read(client: Client, path: str = CALENDAR) -> str:
    """The words of a page without its marks."""
    text = re.sub(r"<[^>]*>", " ", client.get(path).content.decode())
    return re.sub(r"\s+", " ", text)


def signed_in(small: Small, who: str) -> Client:
    client = Client()
    if who != "the public":
        client.force_login(getattr(small, who))
    return client


def plain(response) -> str:
    """A page without what differs at each load."""
    return re.sub('name="csrf[^>]*>|X-CSRFToken": "[^"]*', "", response.content.decode())


class TestForThePublic:
    def test_says_what_is_due_when_to_whom(self, small, client):
        page = read(client)
        assert "One report is late" in page
        assert (
            "Annual progress report on the implementation of the strategic plan, 2017 "
            "p.91 Session CPR-2017 Nairobi , 28 June 2018 planning assumption 17 May 2018 "
            "104 days left Planned" in page
        )
        assert "2016 p.91 Session GC-26 Nairobi , 8 May 2017 – 12 May 2017 27 March 2017 " in page
        assert "312 days past Late" in page

    def test_says_what_is_issued(self, small, client):
        page = client.get(CALENDAR).content.decode()
        assert f'href="/en/reports/{small.issued.slug}/"' in page
        assert SYMBOL in page
        assert "issued 3 April 2017" in page

    @pytest.mark.parametrize("who", ["the public", "committee", "contributor"])
    def test_shows_no_step_but_the_issue(self, small, who):
        page = read(signed_in(small, who))
        for inner in ("figures approved", "text written", "All steps", "Move", "cleared"):
            assert inner not in page

    @pytest.mark.parametrize("who", ["the public", "committee", "contributor"])
    @pytest.mark.parametrize("path", [CALENDAR, FILE, LIST])
    def test_is_the_same_whatever_is_in_work(self, small, who, path):
        before = plain(signed_in(small, who).get(path))
        report("annual_progress", "2017", "cleared", small.editor)
        report("recommendation_status", "2017", "assembled", small.editor)
        assert plain(signed_in(small, who).get(path)) == before

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_stands_in_six_languages_without_script_or_cookie(self, small, client, language):
        page = client.get(f"/{language}/reports/calendar/")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.content.decode()
        assert "<script" not in page.content.decode()
        assert not page.cookies

    @pytest.mark.parametrize(("who", "sees"), [("the public", False), ("committee", True)])
    def test_keeps_reports_for_the_committee_to_the_committee(self, small, who, sees):
        client = signed_in(small, who)
        for path in (CALENDAR, FILE):
            assert ("Status of evaluation recommendations" in read(client, path)) is sees

    def test_with_no_session_loaded_says_so(self, small, client):
        Slot.objects.all().delete()
        assert "no session yet" in read(client)

    def test_takes_a_fixed_number_of_queries(self, small, client, django_assert_num_queries):
        with django_assert_num_queries(6):
            client.get(CALENDAR)


class TestForStaff:
    @pytest.mark.parametrize("who", ["officer", "editor", "manager"])
    def test_shows_the_next_step_and_all_others(self, small, who):
        report("annual_progress", "2017", "cleared", small.editor)
        page = read(signed_in(small, who))
        assert "issued in six languages: 17 May 2018 104 days left" in page
        assert "figures approved: 22 March 2018 (planning assumption) Done" in page
        assert "3 May" not in page
        assert "translated: 10 May 2018 (planning assumption) Done" in page

    def test_offers_moving_to_quality_assurance_alone(self, small):
        assert "/en/reports/calendar/annual-progress-2017/" in plain(
            signed_in(small, "officer").get(CALENDAR)
        )
        assert "/en/reports/calendar/annual-progress-2017/" not in plain(
            signed_in(small, "editor").get(CALENDAR)
        )

    def test_names_no_report_late_and_the_next_date_once_nothing_is_past(self, small):
        Slot.objects.filter(session__code="GC-26").exclude(kind="biennial_progress").delete()
        assert "No report is late; the next date is 5 April 2018" in read(
            signed_in(small, "officer")
        )

    def test_lists_what_comes_before_what_is_past(self, small):
        page = read(signed_in(small, "officer"))
        places = [
            page.index(f"{title}: {number}")
            for title, number in (
                ("Coming", 12),
                ("Not issued, and the session has begun", 1),
                ("Issued", 1),
            )
        ]
        assert places == sorted(places)


class TestFilter:
    def test_narrows_to_one_body_and_keeps_the_choice(self, small, client):
        page = client.get(CALENDAR + "?body=committee").content.decode()
        assert 'value="committee" selected' in page
        assert "Session CPR-2017" in page
        assert "Session HA-1" not in page
        assert "calendar.ics?body=committee" in page

    @pytest.mark.parametrize("body", ["nobody", "%20", "a" * 3000])
    def test_a_body_that_is_not_known_narrows_nothing(self, small, client, body):
        page = client.get(f"{CALENDAR}?body={body}")
        assert page.status_code == 200
        assert "Session HA-1" in page.content.decode()


class TestFile:
    def test_gives_the_public_the_days_of_issue(self, small, client):
        answer = client.get(FILE)
        lines = answer.content.decode().replace("\r\n ", "").split("\r\n")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert [line for line in lines if line.startswith(("UID", "DTSTART"))] == [
            "UID:annual-progress-2016.issue@testserver",
            "DTSTART;VALUE=DATE:20170327",
            "UID:annual-progress-2017.issue@testserver",
            "DTSTART;VALUE=DATE:20180517",
            "UID:biennial-progress-2016-2017.issue@testserver",
            "DTSTART;VALUE=DATE:20190415",
        ]
        assert "DESCRIPTION:Session CPR-2017\\, 28 June 2018 (planning assumption)" in lines
        assert not any(line.startswith("URL") for line in lines)

    def test_gives_staff_every_step_that_is_not_over(self, small):
        report("annual_progress", "2017", "cleared", small.editor)
        text = signed_in(small, "officer").get(FILE + "?body=committee").content.decode()
        assert re.findall(r"UID:(\S+)@", text.replace("\r\n ", "")) == [
            "annual-progress-2017.issue",
            *[
                f"recommendation-status-2017.{step}"
                for step in ("draft", "clearance", "submission", "translation", "issue")
            ],
        ]
        assert "URL:http://testserver/en/reports/annual-progress-2017/" in text.replace("\r\n ", "")


DOORS = {
    "session": (f"{CALENDAR}sessions/CPR-2017/", f"{CALENDAR}sessions/NONE-1/"),
    "report": (f"{CALENDAR}annual-progress-2017/", f"{CALENDAR}annual-progress-1999/"),
}


class TestMoving:
    @pytest.mark.parametrize("who", ["editor", "manager", "contributor", "committee"])
    @pytest.mark.parametrize("door", DOORS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_looks_to_others_as_if_it_never_was(self, small, who, door, method):
        client = signed_in(small, who)
        hidden, absent = (getattr(client, method)(path, MOVING) for path in DOORS[door])
        assert hidden.status_code == absent.status_code == 404
        names = [path.split("/")[-2] for path in DOORS[door]]
        cleaned = [
            plain(one).replace(name, "") for one, name in zip((hidden, absent), names, strict=True)
        ]
        assert cleaned[0] == cleaned[1]
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("door", DOORS)
    def test_asks_strangers_to_sign_in(self, small, client, door):
        assert client.get(DOORS[door][0]).status_code == 302
        assert client.post(DOORS[door][0], MOVING).status_code == 302

    @pytest.mark.parametrize("door", DOORS)
    def test_what_is_not_there_is_not_found(self, small, door):
        assert signed_in(small, "officer").get(DOORS[door][1]).status_code == 404

    def test_gives_a_session_other_days(self, small):
        client = signed_in(small, "officer")
        answer = client.post(DOORS["session"][0], MOVING, follow=True)
        assert "The session has its new days" in answer.content.decode()
        moved = Session.objects.get(code="CPR-2017")
        assert (moved.starts_on, moved.source) == (date(2018, 6, 20), "HSP/CPR/2018/1")
        assert AuditEntry.objects.get().reason == "The Bureau asked for it."

    def test_says_which_report_has_to_be_assembled_again(self, small):
        report("annual_progress", "2017", "cleared", small.editor)
        answer = signed_in(small, "officer").post(DOORS["session"][0], MOVING, follow=True)
        assert (
            "Annual progress report on the implementation of the strategic plan, 2017 was assembled "
            "before and still names the session as it was then." in answer.content.decode()
        )

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [
            ({"reason": ""}, "Say in a sentence why it is moved."),
            ({"starts_on": "28.6.2018"}, "Write the day as year-month-day"),
            ({"ends_on": ""}, "Give the day."),
            ({"ends_on": "2018-06-19"}, "The last day lies before the first."),
            ({"starts_on": "2017-12-31"}, "A session cannot hear reports on a period that has not"),
        ],
    )
    def test_a_refusal_says_what_to_do_and_loses_nothing(self, small, typed, sentence):
        given = MOVING | {"reason": "Because of the hall."} | typed
        answer = signed_in(small, "officer").post(DOORS["session"][0], given)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page
        if "reason" not in typed:
            assert "Because of the hall." in page
        assert Session.objects.get(code="CPR-2017").starts_on == date(2018, 6, 28)

    def test_sends_a_report_to_another_session(self, small):
        client = signed_in(small, "officer")
        page = read(client, DOORS["report"][0])
        assert "Session HA-1, 27 May 2019" in page
        assert "Session GC-26, 8 May 2017" not in page
        other = Session.objects.get(code="HA-1")
        answer = client.post(
            DOORS["report"][0], {"session": other.pk, "reason": "As asked."}, follow=True
        )
        assert "The report goes to the other session." in answer.content.decode()
        assert Slot.objects.get(kind="annual_progress", period__code="2017").session == other

    @pytest.mark.parametrize("chosen", ["", "0", "x", "99999999999999999999", "-1"])
    def test_a_session_that_is_not_offered_is_refused(self, small, chosen):
        answer = signed_in(small, "officer").post(
            DOORS["report"][0], {"session": chosen, "reason": "As asked."}
        )
        assert answer.status_code == 422
        assert "As asked." in answer.content.decode()

    def test_an_issued_report_offers_no_move(self, small):
        path = f"{CALENDAR}{small.issued.slug}/"
        client = signed_in(small, "officer")
        assert "keeps the session it was issued for" in read(client, path)
        other = Session.objects.get(code="HA-1")
        answer = client.post(path, {"session": other.pk, "reason": "As asked."})
        assert answer.status_code == 422
        assert (
            Slot.objects.get(kind="biennial_progress", period__code="2014-2015").session.code
            == "GC-26"
        )


class TestReportPage:
    def test_shows_the_session_and_the_next_step_of_a_report_in_work(self, small):
        page = read(signed_in(small, "editor"), "/en/reports/annual-progress-2017/")
        assert "Session CPR-2017 , 28 June 2018 planning assumption" in page
        assert "Next in the calendar: text written by 5 April 2018" in page

    def test_shows_none_without_a_session(self, small):
        Slot.objects.all().delete()
        assert "Next in the calendar" not in read(
            signed_in(small, "editor"), "/en/reports/annual-progress-2017/"
        )


class TestList:
    def test_holds_issued_reports_by_kind_and_period(self, small, client):
        page = client.get(LIST).content.decode()
        assert "1 report issued" in page
        assert (
            "<h3>Biennial progress report on the implementation of the strategic plan</h3>" in page
        )
        assert SYMBOL in page

    def test_sets_a_corrigendum_under_the_report_it_corrects(self, small, client):
        Report.objects.create(
            kind="corrigendum", period=small.issued.period, slug="corr-1", state="issued",
            document=small.issued.document, cleared_at=AT, cleared_by=small.editor,
            symbol=f"{SYMBOL}/Corr.1", issued_on=date(2017, 6, 1), issued_by=small.editor,
            corrects=small.issued, ordinal=1,
        )  # fmt: skip
        page = read(client, LIST)
        assert "1 report issued" in page
        assert f"Corrigendum 1 {SYMBOL}/Corr.1 , 1 June 2017" in page

    def test_names_each_kind_once_with_all_paragraphs_that_ask_for_it(self, small):
        page = read(signed_in(small, "committee"), LIST)
        assert page.count("Status of evaluation recommendations") == 1
        assert "p.R9 , p.V7" in page

    def test_says_when_each_period_is_due(self, small, client):
        page = read(client, LIST)
        assert "2016 : late, was due 27 March 2017" in page
        assert "2017 : due 17 May 2018" in page
        assert "2014–2015 : issued" in page

    def test_tells_the_public_what_is_made_but_not_published(self, small, client):
        shown, hidden = read(client, LIST).split("Made here, not published")
        assert "Status of evaluation recommendations" not in shown
        made, not_made = hidden.split("Not available here yet")
        assert "p.R9" in made
        assert "p.V7" in made
        assert "p.R14" in not_made
        assert "p.R9" not in not_made
        assert "p.R1 " not in hidden

    def test_holds_reports_in_work_for_staff(self, small):
        report("annual_progress", "2017", "assembled", small.editor)
        assert "1 report in work" in read(signed_in(small, "officer"), LIST)
        assert "in work" not in read(signed_in(small, "committee"), LIST)

    def test_stands_before_any_session_is_loaded(self, small, client):
        Slot.objects.all().delete()
        LeadTime.objects.all().delete()
        assert "2017 : no session yet" in read(client, LIST)

    def test_takes_a_fixed_number_of_queries(self, small, client, django_assert_num_queries):
        for code in ("2014", "2015", "2018", "2019"):
            factories.period(code)
        with django_assert_num_queries(8):
            client.get(LIST)
