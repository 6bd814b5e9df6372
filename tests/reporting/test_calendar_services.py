"""Moving sessions and reports in the calendar: who may, what is refused, what is left in the trail."""

from datetime import date

import pytest
from calendar_data import AT, SYMBOL, TODAY, Small, make_small, report
from django.db import IntegrityError, transaction

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry
from organization.services import audit
from reporting.models import Report, Session, Slot
from reporting.queries.calendar import steps_of
from reporting.services.calendar import move_report, move_session


@pytest.fixture
def small(db) -> Small:
    return make_small()


def refused(code: str):
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


def session(code: str) -> Session:
    return Session.objects.get(code=code)


def period(code: str) -> Period:
    return Period.objects.get(code=code)


def move(by, code: str = "CPR-2017", **given) -> Session:
    values = {
        "starts_on": date(2018, 6, 20),
        "ends_on": date(2018, 6, 21),
        "source": "",
        "reason": "The Bureau asked for it.",
    }
    return move_session(session=session(code), by=by, at=AT, **(values | given))


def send(by, kind: str = "annual_progress", of: str = "2017", to: str = "HA-1", **given) -> Slot:
    values = {"reason": "Asked for by the Committee."} | given
    return move_report(kind=kind, period=period(of), session=session(to), by=by, at=AT, **values)


class TestMoveSession:
    def test_moves_all_due_dates_of_its_reports(self, small):
        move(small.officer)
        steps = steps_of("annual_progress", period("2017"), TODAY)
        assert [str(step.due_on) for step in steps] == [
            "2018-03-14", "2018-03-28", "2018-04-04", "2018-04-11", "2018-05-02", "2018-05-09",
        ]  # fmt: skip

    def test_leaves_who_when_what_and_why_in_the_trail(self, small):
        moved = move(small.officer, source="HSP/CPR/2018/1")
        entry = AuditEntry.objects.get(action="move session")
        assert (entry.by, entry.at, entry.reason) == (small.officer, AT, "The Bureau asked for it.")
        assert (entry.subject_type, entry.subject_id) == ("reporting.session", str(moved.pk))
        assert entry.changes == {
            "starts_on": ["2018-06-28", "2018-06-20"],
            "ends_on": ["2018-06-28", "2018-06-21"],
            "source": ["", "HSP/CPR/2018/1"],
            "is_assumed": [True, False],
        }
        assert audit.verify() is None

    def test_without_a_source_the_days_are_an_assumption(self, small):
        moved = move(small.officer, "GC-26", starts_on=date(2017, 5, 15), ends_on=date(2017, 5, 19))
        assert moved.is_assumed
        assert not move(small.officer, "GC-26", source=" HSP/GC/26/1 ").is_assumed
        assert session("GC-26").source == "HSP/GC/26/1"

    def test_the_same_days_leave_no_trace(self, small):
        move(small.officer, starts_on=date(2018, 6, 28), ends_on=date(2018, 6, 28))
        assert not AuditEntry.objects.filter(action="move session").exists()

    @pytest.mark.parametrize("who", ["editor", "manager", "contributor", "committee"])
    def test_is_for_quality_assurance_alone(self, small, who):
        with pytest.raises(NotAllowed):
            move(getattr(small, who))
        assert session("CPR-2017").starts_on == date(2018, 6, 28)

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reason": "  "}, "reason_needed"),
            ({"ends_on": date(2018, 6, 19)}, "ends_before_start"),
            ({"source": "x" * 301}, "source_too_long"),
            ({"starts_on": date(2017, 12, 31)}, "before_period_ends"),
        ],
    )
    def test_is_refused_with_a_reason(self, small, given, code):
        with refused(code):
            move(small.officer, **given)
        assert session("CPR-2017").starts_on == date(2018, 6, 28)
        assert not AuditEntry.objects.filter(action="move session").exists()

    def test_names_the_reports_whose_period_has_not_ended(self, small):
        with refused("before_period_ends") as caught:
            move(small.officer, starts_on=date(2017, 12, 31))
        assert [str(one) for one in caught.value.details] == [
            "Annual progress report on the implementation of the strategic plan, 2017",
            "Status of evaluation recommendations, 2017",
        ]
        assert move(small.officer, starts_on=date(2018, 1, 1)).starts_on == date(2018, 1, 1)

    def test_the_database_keeps_days_in_order_and_published_ones_sourced(self, small):
        for wrong in ({"ends_on": date(2017, 5, 7)}, {"source": ""}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Session.objects.filter(code="GC-26").update(**wrong)


class TestMoveReport:
    def test_counts_back_from_the_other_session(self, small):
        slot = send(small.officer)
        assert slot.session.code == "HA-1"
        assert str(steps_of("annual_progress", period("2017"), TODAY)[-1].due_on) == "2019-04-15"
        entry = AuditEntry.objects.get(action="move report")
        assert (entry.changes, entry.reason) == (
            {"session": ["CPR-2017", "HA-1"]}, "Asked for by the Committee.",
        )  # fmt: skip

    def test_gives_a_report_its_first_session(self, small):
        factory_period = period("2016")
        Slot.objects.filter(kind="annual_progress", period=factory_period).delete()
        assert send(small.officer, of="2016", to="CPR-2017").session.code == "CPR-2017"
        assert AuditEntry.objects.get(action="move report").changes == {
            "session": [None, "CPR-2017"]
        }

    def test_to_where_it_goes_already_leaves_no_trace(self, small):
        send(small.officer, to="CPR-2017")
        assert not AuditEntry.objects.filter(action="move report").exists()

    def test_an_issued_report_keeps_its_session(self, small):
        with refused("issued") as caught:
            send(small.officer, "biennial_progress", "2014-2015", "HA-1")
        assert SYMBOL in str(caught.value.message)
        assert (
            Slot.objects.get(kind="biennial_progress", period__code="2014-2015").session.code
            == "GC-26"
        )

    def test_a_report_in_work_may_still_be_sent_elsewhere(self, small):
        report("annual_progress", "2017", "cleared", small.editor)
        assert send(small.officer).session.code == "HA-1"
        assert Report.objects.get(kind="annual_progress", period__code="2017").state == "cleared"

    @pytest.mark.parametrize("who", ["editor", "manager", "contributor", "committee"])
    def test_is_for_quality_assurance_alone(self, small, who):
        with pytest.raises(NotAllowed):
            send(getattr(small, who))

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"reason": ""}, "reason_needed"),
            ({"kind": "nothing"}, "unknown_report"),
            ({"kind": "corrigendum"}, "unknown_report"),
            ({"kind": "biennial_progress"}, "wrong_period"),
            ({"to": "GC-26"}, "before_period_ends"),
            ({"kind": "biennial_progress", "of": "2016-2017", "to": "CPR-2017"}, "wrong_body"),
        ],
    )
    def test_is_refused_with_a_reason(self, small, given, code):
        before = list(Slot.objects.values_list("kind", "period", "session"))
        with refused(code):
            send(small.officer, **given)
        assert list(Slot.objects.values_list("kind", "period", "session")) == before
        assert not AuditEntry.objects.filter(action="move report").exists()
