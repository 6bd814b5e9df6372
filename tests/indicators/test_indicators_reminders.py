"""Contributors and approvers are reminded by the clock and by hand, each matter once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factories
import pytest
from django.core import mail

from habitat_plan.kit.errors import NotAllowed
from indicators.models import PeriodException, PeriodWindow, Submission
from indicators.services import periods, remarks, reminders, submissions
from organization.models import Notice, User
from organization.services import notices, people

# Noon on the site's clock (UTC + 3).
NOON = datetime(2017, 1, 1, 9, 0, tzinfo=UTC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def keys() -> set[str]:
    return set(Notice.objects.values_list("key", flat=True))


@pytest.fixture
def measure(house: factories.House) -> Any:
    return factories.indicator("AA1", offices=[house.branch])


def tick_daily(first: date, last: date) -> dict[str, str]:
    """Ticks each noon; the day on which each matter was told first."""
    told = {}
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        reminders.remind(at=noon(day))
        for key in keys() - told.keys():
            told[key] = day.isoformat()
    return told


class TestRemind:
    def test_tells_the_contributors_before_and_after_the_due_date(self, house, measure):
        told = tick_daily(date(2017, 1, 1), date(2017, 2, 22))
        assert told == {
            "due/2016/BR1/2017-01-31/-14": "2017-01-17",
            "due/2016/BR1/2017-01-31/-7": "2017-01-24",
            "due/2016/BR1/2017-01-31/-1": "2017-01-30",
            "due/2016/BR1/2017-01-31/+1": "2017-02-01",
            "due/2016/BR1/2017-01-31/+7": "2017-02-07",
            "due/2016/BR1/2017-01-31/+14": "2017-02-14",
            "due/2016/BR1/2017-01-31/+21": "2017-02-21",
        }
        assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Ana Contributor"}

    def test_tells_once_however_often_it_ticks(self, house, measure):
        for hour in range(24):
            reminders.remind(at=datetime(2017, 1, 19, hour, 5, tzinfo=UTC))
        assert Notice.objects.count() == 1

    def test_says_how_far_the_office_is_and_leads_to_what_is_missing(self, house, measure):
        factories.figure(
            factories.indicator("AA2", offices=[house.branch]), house.branch, value="3"
        )
        reminders.remind(at=noon(date(2017, 2, 3)))
        one = Notice.objects.get()
        assert one.subject == "Late: figures for 2016, Office BR1"
        assert one.text == (
            "The figures of Office BR1 for 2016 were due on 31 January 2017. "
            "1 of 2 figures are entered.\nEnter what is missing, then submit."
        )
        assert one.path == "/en/offices/BR1/2016/?show=todo"

    def test_stops_when_the_figures_are_submitted_and_goes_on_when_they_come_back(
        self, house, measure
    ):
        reminders.remind(at=noon(date(2017, 2, 1)))
        row = factories.submission(house.branch, state="submitted")
        Submission.objects.update(submitted_at=noon(date(2017, 2, 13)))
        reminders.remind(at=noon(date(2017, 2, 14)))
        assert keys() == {"due/2016/BR1/2017-01-31/+1"}
        row.delete()
        factories.submission(house.branch, state="returned")
        reminders.remind(at=noon(date(2017, 2, 15)))
        assert "due/2016/BR1/2017-01-31/+14" in keys()

    def test_is_silent_about_closed_years_but_for_an_exception(self, house, measure):
        PeriodWindow.objects.update(closed_at=NOON, closed_by=house.officer)
        reminders.remind(at=noon(date(2017, 2, 14)))
        assert keys() == set()
        PeriodException.objects.create(
            period=house.year, office=house.branch, reason="Flood", until=date(2017, 2, 20),
            granted_by=house.officer, granted_at=NOON,
        )  # fmt: skip
        told = tick_daily(date(2017, 2, 14), date(2017, 3, 30))
        assert told == {
            "due/2016/BR1/2017-02-20/-7": "2017-02-14",
            "due/2016/BR1/2017-02-20/-1": "2017-02-19",
        }

    def test_begins_anew_for_a_new_due_date(self, house, measure):
        reminders.remind(at=noon(date(2017, 1, 20)))
        periods.change_due_date(
            period=house.year,
            due_on=date(2017, 2, 28),
            by=house.officer,
            at=noon(date(2017, 1, 20)),
        )
        told = tick_daily(date(2017, 1, 21), date(2017, 2, 14))
        assert told.get("due/2016/BR1/2017-02-28/-14") == "2017-02-14"

    def test_tells_approvers_once_after_more_than_five_days_but_not_who_submitted(self, house):
        row = factories.submission(house.branch, state="submitted")
        factories.grant(row.submitted_by, "approver", house.branch)
        Submission.objects.update(submitted_at=noon(date(2017, 1, 2)))
        told = tick_daily(date(2017, 1, 2), date(2017, 1, 30))
        assert told == {"waiting/2016/BR1/2017-01-02": "2017-01-08"}
        assert set(Notice.objects.values_list("recipient__name", flat=True)) == {
            "Bo Approver",
            "Cy Approver",
        }

    def test_takes_the_same_queries_for_few_and_many_offices(
        self, house, measure, django_assert_max_num_queries
    ):
        for _number in range(30):
            office = factories.office()
            factories.person(contributor=office)
            factories.assign(measure, office)
        with django_assert_max_num_queries(20):
            assert reminders.remind(at=noon(date(2017, 2, 1))) == 31
        with django_assert_max_num_queries(16):
            assert reminders.remind(at=noon(date(2017, 2, 2))) == 0


class TestReturn:
    def test_tells_the_office_at_once_with_every_note(self, house, measure):
        row = factories.submission(house.branch, state="submitted")
        submissions.return_to_office(
            submission=row, by=house.approver, at=NOON, note="Two towns are missing.",
            row_notes={"AA1": "Add Kisumu."},
        )  # fmt: skip
        one = Notice.objects.get()
        assert one.recipient == house.contributor
        assert one.subject == "Returned: figures for 2016, Office BR1"
        assert one.text == (
            "Bo Approver returned the figures of Office BR1 for 2016 with this note:\n\n"
            "Two towns are missing.\n\nOn single figures:\nAA1: Add Kisumu."
        )

    def test_says_notes_once_where_they_stand_in_for_the_whole(self, house, measure):
        row = factories.submission(house.branch, state="submitted")
        submissions.return_to_office(
            submission=row, by=house.approver, at=NOON, row_notes={"AA1": "Add Kisumu."}
        )
        assert Notice.objects.get().text.count("Add Kisumu.") == 1

    def test_tells_nobody_if_it_is_refused(self, house, measure):
        row = factories.submission(house.branch, state="submitted")
        with pytest.raises(NotAllowed):
            submissions.return_to_office(submission=row, by=house.regional, at=NOON, note="No.")
        assert not Notice.objects.exists()


class TestQuery:
    def test_tells_the_office_at_once(self, house, measure):
        remarks.ask(
            indicator=measure, office=house.branch, period=house.year, text="Which towns?",
            by=house.officer, at=NOON,
        )  # fmt: skip
        one = Notice.objects.get()
        assert (one.recipient, one.subject) == (
            house.contributor,
            "Question about AA1, Office BR1, 2016",
        )
        assert "Ed Officer asks about AA1 of Office BR1 for 2016:\n\nWhich towns?" in one.text
        assert one.path == "/en/offices/BR1/2016/AA1/queries/"

    def test_tells_quality_assurance_when_the_office_asks(self, house, measure):
        factories.submission(house.branch, state="approved")
        remarks.ask(
            indicator=measure, office=house.branch, period=house.year, text="It should be 7.",
            by=house.contributor, at=NOON,
        )  # fmt: skip
        assert Notice.objects.get().recipient == house.officer


class TestByHand:
    def test_is_for_quality_assurance(self, house, measure):
        for person in (house.contributor, house.approver, house.administrator):
            with pytest.raises(NotAllowed):
                reminders.remind_late(offices=None, by=person, at=noon(date(2017, 2, 5)))
        assert not Notice.objects.exists()

    def test_reminds_the_late_ones_named_and_no_other(self, house, measure):
        factories.assign(measure, house.region)
        late = noon(date(2017, 2, 5))
        done = reminders.remind_late(offices={("RO1", "2016")}, by=house.officer, at=late)
        assert (done.told, done.earlier) == ((house.region,), ())
        done = reminders.remind_late(offices=None, by=house.officer, at=late)
        assert (done.told, done.earlier) == ((house.branch,), (house.region,))
        done = reminders.remind_late(offices=None, by=house.officer, at=late + timedelta(days=1))
        assert done.told == (house.branch, house.region)

    def test_reminds_nobody_who_is_in_time(self, house, measure):
        done = reminders.remind_late(offices=None, by=house.officer, at=noon(date(2017, 1, 31)))
        assert done == reminders.Reminded()


@pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
def test_every_message_goes_out_in_each_language(house, measure, language):
    """Whole and readable: names, dates and links in place, nothing left of the patterns."""
    User.objects.filter(pk__in=[house.contributor.pk, house.approver.pk]).update(language=language)
    late = noon(date(2017, 2, 5))
    reminders.remind(at=noon(date(2017, 1, 20)))
    reminders.remind(at=late)
    reminders.remind_late(offices=None, by=house.officer, at=late)
    remarks.ask(
        indicator=measure, office=house.branch, period=house.year, text="Which towns?",
        by=house.officer, at=late,
    )  # fmt: skip
    row = factories.submission(house.branch, state="submitted")
    Submission.objects.update(submitted_at=noon(date(2017, 1, 20)))
    reminders.remind(at=late)
    submissions.return_to_office(submission=row, by=house.approver, at=late, note="Explain.")
    people.choose_mail(user=house.second_approver, mail="none", at=late)
    assert notices.send(at=late) == 6
    for message in mail.outbox:
        raw = message.message()
        body = raw.get_payload(decode=True).decode()
        assert raw["Content-Language"] == language
        assert "Office BR1" in message.subject + body
        assert "%(" not in message.subject + body
        assert f"/{language}/" in body
        assert f"/{language}/account/" in body
