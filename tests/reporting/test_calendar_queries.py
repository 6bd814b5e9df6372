"""The calendar as data, and where each report stands by what the data say."""

from datetime import date
from pathlib import Path

import pytest
from demonstration_data import ASSEMBLED_AT, AT
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext

from focus_areas.models import FocusArea, Period
from habitat_plan.kit.wording import LANGUAGES
from indicators.models import Submission
from indicators.queries.gaps import all_approved, unapproved
from organization.models import AuditEntry, Office, User
from organization.services.upsert import Loaded
from reporting import services
from reporting.document import from_json
from reporting.kinds import BIENNIAL_PROGRESS, IMDIS, KINDS, RECOMMENDATION_STATUS
from reporting.models import (
    LeadTime,
    Report,
    ReportDocument,
    Section,
    SectionText,
    Session,
    Slot,
)
from reporting.queries.calendar import calendar, calendar_of, session_of, steps_of
from reporting.services.load_calendar import load_calendar

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
TODAY = date(2018, 2, 2)
FOR_PUBLIC, FOR_COMMITTEE, FOR_STAFF = 17, 23, 32
MADE = tuple(kind for kind in KINDS.values() if not kind.corrects)


@pytest.fixture
def dated(demonstration: None) -> None:
    """The plan, the demonstration and the calendar."""
    load_calendar(fixtures=FIXTURES, at=AT)


@pytest.fixture
def last_biennium(dated: None) -> Period:
    return Period.objects.get(code="2014-2015")


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example.org")


def states(period: Period, kind: str = "biennial_progress", today: date = TODAY) -> str:
    """The state of each step in order: `done late due coming ...`."""
    return " ".join(step.state for step in steps_of(kind, period, today))


def approve_all() -> None:
    """Every submission that is there is approved."""
    word = {"submitted_at": AT, "submitted_by": person("roap.enter")}
    word |= {"approved_at": AT, "approved_by": person("urcdb.approve"), "state": "approved"}
    Submission.objects.exclude(state__in=["approved", "verified"]).update(**word)


def report_of(
    period: Period, state: str = "planned", kind: str = "biennial_progress", session: str = ""
) -> Report:
    """A report in this state, with a document that holds nothing."""
    report = Report.objects.create(kind=kind, period=period, slug=f"{kind}-{period.code}")
    report.session = Session.objects.filter(code=session).first()
    if state != "planned":
        report.document = ReportDocument.objects.create(
            report=report, number=1, schema_version=2, content="{}", sha256="0", assembled_at=AT
        )
    if state in {"cleared", "issued"}:
        report.cleared_at, report.cleared_by = AT, person("editor")
    if state == "issued":
        report.symbol, report.issued_on = f"HSP/{report.pk}", date(2017, 4, 3)
        report.issued_by = person("editor")
    report.state = state
    report.save()
    return report


def section_of(report: Report, code: str, state: str, **texts: str) -> Section:
    """A section with texts by language; translations are made from the English text as it is."""
    section = Section.objects.create(
        report=report, code=code, office=Office.objects.get(code="QAU"), state=state, changed_at=AT
    )
    for language, body in texts.items():
        SectionText.objects.create(
            section=section,
            language=language,
            body=body,
            revision=3,
            translates=None if language == "en" else 3,
            written_at=AT,
        )
    return section


class TestData:
    def test_every_report_of_the_plan_has_its_session(self, dated):
        slots = set(Slot.objects.values_list("kind", "period__code"))
        turns = {
            (kind.code, period.code)
            for kind in MADE
            for period in Period.objects.filter(kind__in=kind.periods)
        }
        assert slots == turns
        assert len(slots) == FOR_STAFF

    def test_no_session_begins_before_the_period_it_hears_of_has_ended(self, dated):
        early = [
            slot
            for slot in Slot.objects.select_related("session", "period")
            if slot.session.starts_on <= slot.period.end
        ]
        assert early == []

    @pytest.mark.parametrize(
        ("code", "first", "last", "named"),
        [
            ("GC-25", "2015-04-17", "2015-04-23", "HSP/GC/25/6"),
            ("GC-26", "2017-05-08", "2017-05-12", "HSP/GC/26/6/Add.3"),
            ("HA-1", "2019-05-27", "2019-05-31", "HSP/HA/1/7"),
            ("GA-71", "2016-09-13", "2017-09-11", "un.org/en/ga/71"),
        ],
    )
    def test_published_days_name_their_source(self, dated, code, first, last, named):
        session = Session.objects.get(code=code)
        assert (str(session.starts_on), str(session.ends_on)) == (first, last)
        assert named in session.source
        assert not session.is_assumed

    def test_days_of_ours_are_marked_as_assumed(self, dated):
        assumed = set(Session.objects.filter(is_assumed=True).values_list("body", flat=True))
        assert assumed == {"committee", "secretariat"}
        assert not Session.objects.filter(is_assumed=True).exclude(source="").exists()

    def test_names_stand_in_six_languages_as_working_texts(self, dated):
        for session in Session.objects.all():
            assert {local.language for local in session.name if local.text} == set(LANGUAGES)
            assert {local.status for local in session.name} == {"working"}

    def test_ten_and_six_weeks_are_a_rule_and_the_rest_an_assumption(self, dated):
        council = LeadTime.objects.filter(body="governing_council")
        assert dict(council.exclude(source="").values_list("step", "days")) == {
            "submission": 70,
            "issue": 42,
        }
        assert not LeadTime.objects.filter(body="committee").exclude(source="").exists()

    def test_loading_again_writes_nothing(self, dated):
        assert load_calendar(fixtures=FIXTURES, at=AT) == Loaded()
        assert AuditEntry.objects.filter(action="load calendar").count() == 1

    def test_loading_again_leaves_what_an_officer_moved(self, dated):
        Session.objects.filter(code="CPR-2017").update(
            starts_on=date(2018, 6, 20), ends_on=date(2018, 6, 21), name={"en": {"text": "Old"}}
        )
        moved = Slot.objects.get(kind="annual_progress", period__code="2014")
        moved.session = Session.objects.get(code="CPR-2014")
        moved.save()
        assert load_calendar(fixtures=FIXTURES, at=AT) == Loaded(made=0, changed=1)
        session = Session.objects.get(code="CPR-2017")
        assert (session.starts_on, session.ends_on) == (date(2018, 6, 20), date(2018, 6, 21))
        assert "reports for 2017" in str(session.name)
        moved.refresh_from_db()
        assert moved.session.code == "CPR-2014"


class TestSteps:
    def test_of_the_report_to_the_twenty_sixth_session(self, last_biennium):
        assert [
            (step.code, str(step.due_on), step.is_assumed)
            for step in steps_of("biennial_progress", last_biennium, TODAY)
        ] == [
            ("data", "2017-01-30", True),
            ("draft", "2017-02-13", True),
            ("clearance", "2017-02-20", True),
            ("submission", "2017-02-27", False),
            ("translation", "2017-03-20", True),
            ("issue", "2017-03-27", False),
        ]

    def test_are_those_that_the_kind_needs(self, dated):
        year = Period.objects.get(code="2017")
        assert [step.code for step in steps_of(IMDIS.code, year, TODAY)] == [
            "data",
            "clearance",
            "issue",
        ]
        status = [step.code for step in steps_of(RECOMMENDATION_STATUS.code, year, TODAY)]
        assert status[0] == "draft"
        assert str(steps_of(IMDIS.code, year, TODAY)[-1].label) == "handed over"

    def test_there_are_none_without_a_session(self, demonstration):
        period = Period.objects.get(code="2014-2015")
        assert steps_of("biennial_progress", period, TODAY) == ()
        assert session_of("biennial_progress", period) is None
        assert steps_of("no_such_kind", period, TODAY) == ()

    def test_session_is_read_in_one_query(self, last_biennium, django_assert_num_queries):
        with django_assert_num_queries(1):
            session = session_of("biennial_progress", last_biennium)
        assert session is not None
        assert session.code == "GC-26"


class TestDone:
    def test_figures_are_when_all_are_approved(self, last_biennium, biennium):
        assert states(last_biennium).startswith("done late")
        assert states(biennium).startswith("coming")
        one = Submission.objects.filter(period__code="2015").first()
        Submission.objects.filter(pk=one.pk).update(state="submitted")
        assert states(last_biennium).startswith("late late")

    def test_figures_are_never_before_the_period_has_ended(self, biennium, dated):
        approve_all()
        assert states(biennium, today=date(2017, 12, 31)).startswith("coming")

    def test_the_text_is_when_every_section_is_sent(self, last_biennium):
        report = report_of(last_biennium)
        written = sum(
            FocusArea.objects.count() if one.each else 1 for one in BIENNIAL_PROGRESS.written()
        )
        for number in range(written - 1):
            section_of(report, f"section.{number}", "sent" if number else "cleared")
        last = section_of(report, "section.last", "shared")
        assert states(last_biennium) == "done late late late late late"
        Section.objects.filter(pk=last.pk).update(state="sent")
        assert states(last_biennium) == "done done late late late late"

    def test_the_text_is_not_while_a_section_is_not_begun(self, last_biennium):
        section_of(report_of(last_biennium), "highlights", "sent")
        assert states(last_biennium) == "done late late late late late"

    def test_a_cleared_report_without_texts_has_nothing_to_translate(self, last_biennium):
        report_of(last_biennium, "cleared")
        assert states(last_biennium) == "done done done done done late"

    def test_translation_is_when_all_languages_follow_the_text_as_it_is(self, last_biennium):
        report = report_of(last_biennium, "cleared")
        texts = dict.fromkeys(LANGUAGES, "Text")
        section = section_of(report, "highlights", "cleared", **texts)
        assert states(last_biennium) == "done done done done done late"
        section.texts.filter(language="ru").update(translates=2)
        assert states(last_biennium) == "done done done done late late"
        section.texts.filter(language="ru").delete()
        assert states(last_biennium) == "done done done done late late"

    def test_an_issued_report_is_over_and_keeps_its_session(self, last_biennium):
        report = report_of(last_biennium, "issued", session="HA-1")
        row = calendar_of(report, TODAY)
        assert states(last_biennium) == "done done done done done done"
        assert (row.standing, row.next_step, row.session.code) == ("issued", None, "HA-1")
        found = calendar(today=TODAY, user=AnonymousUser()).rows
        assert [one.session.code for one in found if one.report] == ["HA-1"]

    def test_a_report_in_work_goes_where_its_slot_says(self, last_biennium):
        report = report_of(last_biennium, "cleared", session="HA-1")
        assert calendar_of(report, TODAY).session.code == "GC-26"
        rows = calendar(today=TODAY, user=person("qa")).rows
        assert [row.session.code for row in rows if row.report] == ["GC-26"]

    def test_asking_for_all_reports_says_the_same_as_asking_for_each(self, dated):
        turns = [
            (kind.levels, period)
            for kind in MADE
            for period in Period.objects.filter(kind__in=kind.periods)
        ]
        each = [not unapproved(levels=levels, period=period) for levels, period in turns]
        assert all_approved(turns) == each
        assert {True, False} == set(each)


class TestIssued:
    def test_a_report_keeps_the_session_it_was_issued_for(self, dated, biennium, officer, editor):
        row = services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=ASSEMBLED_AT
        )
        services.clear(report=row.report, by=editor, at=ASSEMBLED_AT)
        services.issue(
            report=row.report, symbol="HSP/1", dated=TODAY, agenda_item="8", by=editor,
            at=ASSEMBLED_AT,
        )  # fmt: skip
        Slot.objects.filter(kind="biennial_progress", period=biennium).delete()
        report = Report.objects.get(symbol="HSP/1")
        assert report.session.code == "HA-1"
        masthead = from_json(report.document.content.encode()).masthead
        assert masthead.session.texts["fr"] == "Première session de l'Assemblée d'ONU-Habitat"
        assert masthead.agenda_item.texts["en"] == "Item 8 of the provisional agenda"


class TestCalendar:
    @pytest.mark.parametrize(
        ("who", "number"),
        [("committee", FOR_COMMITTEE), ("qa", FOR_STAFF), ("editor", FOR_STAFF)],
    )
    def test_holds_what_the_reader_may_know_of(self, dated, who, number):
        assert len(calendar(today=TODAY, user=person(who)).rows) == number

    def test_the_public_knows_the_day_of_issue_alone(self, dated):
        rows = calendar(today=TODAY, user=AnonymousUser()).rows
        assert len(rows) == FOR_PUBLIC
        assert {tuple(step.code for step in row.steps) for row in rows} == {("issue",)}
        assert {row.kind.audience for row in rows} == {"public"}
        assert not any(row.may_open for row in rows)

    @pytest.mark.parametrize("who", ["the public", "committee", "roap.enter"])
    def test_outside_it_stays_the_same_whatever_is_drafted(self, last_biennium, biennium, who):
        def seen():
            user = AnonymousUser() if who == "the public" else person(who)
            return calendar(today=TODAY, user=user)

        before = seen()
        report = report_of(last_biennium, "cleared")
        section_of(report, "highlights", "cleared", en="Text", fr="Texte")
        report_of(biennium, "assembled")
        approve_all()
        assert seen() == before

    def test_an_issued_report_stands_as_issued_for_everybody(self, last_biennium):
        report_of(last_biennium, "issued")
        for user in (AnonymousUser(), person("committee"), person("qa")):
            rows = calendar(today=TODAY, user=user).rows
            row = next(row for row in rows if row.report)
            assert (row.standing, row.may_open, row.is_issued) == ("issued", True, True)
            assert row.issue.state == "done"

    def test_runs_in_the_order_of_sessions(self, dated):
        rows = calendar(today=TODAY, user=person("qa")).rows
        days = [row.session.starts_on for row in rows]
        assert days == sorted(days)

    def test_is_narrowed_to_one_body(self, dated):
        rows = calendar(today=TODAY, user=person("qa"), body="governing_council").rows
        assert {row.session.body for row in rows} == {"governing_council"}
        assert len(rows) == 9
        assert calendar(today=TODAY, user=AnonymousUser(), body="secretariat").rows == ()

    def test_holds_every_obligation_once_and_each_kind_with_its_own(self, dated):
        found = calendar(today=TODAY, user=person("qa"))
        assert len(found.obligations) == 33
        assert [one.obligation.code for one in found.asking_for("biennial_evaluation")] == [
            "R11",
            "V12",
        ]
        assert len(found.undated) == 33 - 11

    def test_works_before_any_session_is_loaded(self, demonstration):
        rows = calendar(today=TODAY, user=person("qa")).rows
        assert len(rows) == FOR_STAFF
        assert {(row.session, row.steps, row.standing) for row in rows} == {(None, (), "planned")}

    @pytest.mark.parametrize(("who", "number"), [("the public", 6), ("qa", 12)])
    def test_takes_as_many_queries_for_many_reports(self, last_biennium, biennium, who, number):
        def taken() -> int:
            user = AnonymousUser() if who == "the public" else person(who)
            with CaptureQueriesContext(connection) as captured:
                calendar(today=TODAY, user=user)
            return len(captured)

        report = report_of(last_biennium, "cleared")
        section_of(report, "highlights", "cleared", en="Text")
        assert taken() == number
        for period in Period.objects.filter(kind="year"):
            yearly = report_of(period, "cleared", "annual_progress")
            section_of(yearly, "highlights", "cleared", en="Text", fr="Texte")
        assert taken() == number
