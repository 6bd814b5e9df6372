"""Opening and closing of years, exceptions, and locks that explain themselves."""

from datetime import UTC, date, datetime, timedelta

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import RuleBroken
from indicators.models import PeriodException, PeriodWindow
from indicators.services import entry, periods
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def code_of(action, **given) -> tuple[str, str, str | None]:
    with pytest.raises(RuleBroken) as caught:
        action(**{"at": NOW, **given})
    return caught.value.code, str(caught.value.message), caught.value.field


class TestOpen:
    def test_opens_a_year_with_its_due_date(self, house):
        year = factories.period("2017")
        window = periods.open_period(period=year, due_on=date(2018, 1, 31), by=house.officer, at=NOW)
        assert (window.opened_by, window.opened_at, window.due_on, window.closed_at) == (
            house.officer,
            NOW,
            date(2018, 1, 31),
            None,
        )
        assert AuditEntry.objects.get().action == "open period"

    def test_opens_again_after_a_close(self, house):
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        window = periods.open_period(
            period=house.year, due_on=date(2017, 2, 28), by=house.officer, at=NOW
        )
        assert (window.closed_at, window.closed_by) == (None, None)
        assert AuditEntry.objects.last().changes == {
            "due on": ["2017-01-31", "2017-02-28"],
            "closed at": ["2017-01-16T09:00:00+00:00", None],
        }

    def test_refuses_a_biennium(self, house):
        biennium = factories.period("2016-2017")
        assert code_of(
            periods.open_period, period=biennium, due_on=date(2018, 1, 31), by=house.officer
        ) == (
            "not_a_year",
            "Figures are entered for years. Open the years of 2016–2017 instead.",
            "period",
        )

    def test_refuses_a_due_date_in_the_past_and_takes_today(self, house):
        yesterday = factories.TODAY - timedelta(days=1)
        assert code_of(
            periods.open_period, period=house.year, due_on=yesterday, by=house.officer
        ) == (
            "due_in_the_past",
            "The due date lies in the past. Choose a date from today on.",
            "due_on",
        )
        window = periods.open_period(
            period=house.year, due_on=factories.TODAY, by=house.officer, at=NOW
        )
        assert window.due_on == factories.TODAY

    def test_refuses_anybody_but_quality_assurance(self, house):
        code, sentence, _field = code_of(
            periods.open_period, period=house.year, due_on=date(2018, 1, 31), by=house.approver
        )
        assert code == "role_needed"
        assert "quality assurance officer" in sentence


class TestClose:
    def test_says_who_and_when(self, house):
        window = periods.close_period(period=house.year, by=house.officer, at=NOW)
        assert (window.closed_by, window.closed_at) == (house.officer, NOW)

    def test_refuses_what_is_closed(self, house):
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        assert code_of(periods.close_period, period=house.year, by=house.officer)[:2] == (
            "not_open",
            "2016 is not open, so it cannot be closed.",
        )

    def test_refuses_what_was_never_opened(self, house):
        never = factories.period("2018")
        assert code_of(periods.close_period, period=never, by=house.officer)[0] == "not_open"
        assert not PeriodWindow.objects.filter(period=never).exists()

    def test_refuses_a_contributor(self, house):
        code, *_rest = code_of(periods.close_period, period=house.year, by=house.contributor)
        assert code == "role_needed"


class TestException:
    def grant(self, house, **given):
        values = {"reason": "Flood in the office.", "until": date(2017, 1, 20), **given}
        return periods.grant_exception(
            **{"period": house.year, "office": house.branch, "by": house.officer, "at": NOW}
            | values
        )

    def test_names_office_reason_and_last_day(self, house):
        made = self.grant(house)
        assert (made.office, made.reason, made.until, made.granted_by) == (
            house.branch,
            "Flood in the office.",
            date(2017, 1, 20),
            house.officer,
        )
        assert AuditEntry.objects.get().reason == "Flood in the office."

    @pytest.mark.parametrize(
        ("given", "code", "sentence", "field"),
        [
            (
                {"reason": "  "},
                "reason_needed",
                "Say in a sentence why the exception is needed.",
                "reason",
            ),
            (
                {"until": date(2017, 1, 15)},
                "until_in_the_past",
                "The last day lies in the past. Choose a later day.",
                "until",
            ),
        ],
    )
    def test_refuses(self, house, given, code, sentence, field):
        assert code_of(lambda **at: self.grant(house, **given)) == (code, sentence, field)
        assert not PeriodException.objects.exists()

    def test_refuses_a_contributor(self, house):
        assert code_of(lambda **at: self.grant(house, by=house.contributor))[0] == "role_needed"


class TestLock:
    """The sentence that a person reads says who, since when, why and what to do."""

    @pytest.fixture
    def number(self, house):
        return factories.indicator("FA1.1", offices=[house.branch, house.region])

    def enter(self, house, number, *, at=NOW, year=None, office=None, by=None):
        return entry.enter_figure(
            indicator=number,
            office=office or house.branch,
            period=year or house.year,
            typed=Typed(value="7"),
            language="en",
            by=by or house.contributor,
            at=at,
        )

    def sentence(self, *arguments, **given) -> str:
        code, sentence, _field = code_of(
            lambda **at: self.enter(*arguments, **{**at, **given})
        )
        assert code == "locked"
        return sentence

    def test_of_a_year_that_was_not_opened(self, house, number):
        assert self.sentence(house, number, year=factories.period("2018")) == (
            "2018 has not been opened for entry. Ask the Quality Assurance Unit to open it."
        )

    def test_of_a_closed_year(self, house, number):
        assert self.enter(house, number).value == 7
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        assert self.sentence(house, number) == (
            "2016 was closed by Ed Officer on 16 January 2017. Ask the Quality Assurance Unit "
            "for an exception, and say why you need it."
        )

    def test_lets_one_office_in_to_the_end_of_the_last_day(self, house, number):
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        TestException().grant(house)
        last = datetime(2017, 1, 20, 23, 59, tzinfo=UTC)
        assert self.enter(house, number, at=last).value == 7
        assert self.sentence(house, number, at=last + timedelta(minutes=1)) == (
            "The exception for 2016 ended on 20 January 2017. Ask the Quality Assurance Unit "
            "for an exception, and say why you need it."
        )
        assert "was closed by" in self.sentence(
            house, number, at=last, office=house.region, by=house.regional
        )

    def test_takes_the_longest_of_several_exceptions(self, house, number):
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        TestException().grant(house, until=date(2017, 1, 25))
        TestException().grant(house, until=date(2017, 1, 20))
        assert self.enter(house, number, at=datetime(2017, 1, 25, tzinfo=UTC)).value == 7

    @pytest.mark.parametrize(
        ("state", "why"), [("approved", "approved"), ("verified", "verified")]
    )
    def test_of_figures_that_were_decided_on(self, house, number, state, why):
        decided = factories.submission(house.branch, state=state)
        who = getattr(decided, f"{why}_by")
        day = {"approved": "7", "verified": "8"}[state]
        assert self.sentence(house, number) == (
            f"These figures were {why} by {who} on {day} January 2017. "
            "Ask for a correction, with the reason."
        )

    def test_is_told_in_the_language_of_the_reader(self, house, number):
        periods.close_period(period=house.year, by=house.officer, at=NOW)
        with translation.override("fr"):
            assert "16 janvier 2017" in self.sentence(house, number)
