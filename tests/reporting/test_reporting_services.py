"""Asking for, assembling, clearing and issuing reports: each refusal beside its success."""

import dataclasses
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product

import pytest
from demonstration_data import ASSEMBLED_AT
from once import undone

from focus_areas.models import Period, Result
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Figure, Submission
from organization.models import AuditEntry, RoleAssignment, User
from reporting import kinds, services
from reporting.document import from_json
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, ReportDocument

GAPS = (
    "Urban Research and Capacity Development Branch, 2017 (submitted): FA7.1",
    "Regional Office for Asia and the Pacific, 2017 (returned): "
    "FA1.1, FA2.1, FA3.1, FA4.1, FA5.1, FA6.1, FA7.1",
    "External Relations Division, 2017 (draft): LS3.1",
)
LATER = ASSEMBLED_AT + timedelta(days=1)
SYMBOL, DATED = "HSP/GC/27/9", date(2019, 3, 4)


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example.org")


def ask(period: Period, by: User, *, confirm_gaps: bool = True, kind: str = "biennial_progress"):
    return services.request_assembly(
        kind=kind,
        period=period,
        by=by,
        at=ASSEMBLED_AT,
        language="en",
        confirm_gaps=confirm_gaps,
    )


@pytest.fixture(scope="class")
def row_once(loaded: None) -> Iterator[ReportDocument]:
    with undone():
        yield services.assemble_now(
            kind=BIENNIAL_PROGRESS,
            period=Period.objects.get(code="2016-2017"),
            confirm_gaps=True,
            by=person("qa"),
            at=ASSEMBLED_AT,
        )


@pytest.fixture(scope="class")
def cleared_once(row_once: ReportDocument) -> Iterator[Report]:
    with undone():
        yield services.clear(report=row_once.report, by=person("editor"), at=LATER)


@pytest.fixture
def row(row_once: ReportDocument, db: None) -> ReportDocument:
    """The first document, assembled with confirmed gaps, once for a class."""
    return ReportDocument.objects.get(pk=row_once.pk)


@pytest.fixture
def cleared(row: ReportDocument, editor: User) -> Report:
    return services.clear(report=row.report, by=editor, at=LATER)


def refused(code: str):
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


class TestKind:
    @pytest.mark.parametrize(
        ("level", "may"),
        [("focus_area", True), ("support", True), ("accomplishment", False), ("plan", False)],
    )
    def test_of_the_biennial_report_prints_its_levels_only(self, level, may):
        assert kinds.may_print(BIENNIAL_PROGRESS, level) is may

    @pytest.mark.parametrize("period", ["mid_term", "final"])
    def test_of_the_mid_term_and_final_reports_may_print_the_plan_level(self, period):
        kind = dataclasses.replace(BIENNIAL_PROGRESS, periods=(period,), levels=("plan",))
        assert kinds.may_print(kind, Result.Level.PLAN)

    def test_for_any_other_period_as_well_may_not(self):
        kind = dataclasses.replace(BIENNIAL_PROGRESS, periods=("final", "year"), levels=("plan",))
        assert not kinds.may_print(kind, Result.Level.PLAN)

    def test_refuses_plan_level_indicators_naming_paragraph_93(self):
        with refused("plan_level_refused") as refusal:
            services.refuse_plan_level(BIENNIAL_PROGRESS, ["focus_area", "plan"])
        assert "paragraph 93" in str(refusal.value.message)

    def test_with_plan_level_indicators_is_refused_when_it_is_asked_for(
        self, biennium, monkeypatch
    ):
        wrong = dataclasses.replace(BIENNIAL_PROGRESS, levels=("focus_area", "plan"))
        monkeypatch.setattr(services.reports, "KINDS", {"biennial_progress": wrong})
        with refused("plan_level_refused"):
            services.kind_for("biennial_progress", biennium)

    def test_is_refused_for_a_year(self, demonstration):
        with refused("wrong_period") as refusal:
            services.kind_for("biennial_progress", Period.objects.get(code="2017"))
        assert "Choose one of these periods: 2014–2015, 2016–2017, 2018–2019." in str(refusal.value.message)

    def test_that_nobody_declared_is_refused(self, biennium):
        with refused("unknown_report") as refusal:
            services.kind_for("annual_poem", biennium)
        assert str(refusal.value.message) == (
            "annual_poem is not a kind of report. Choose one of: annual_progress, biennial_progress, biennial_performance, imdis, strategic_result, biennial_evaluation, recommendation_status."
        )


class TestRequest:
    def test_names_what_is_missing_by_office_with_codes(self, biennium, officer):
        with refused("gaps") as refusal:
            ask(biennium, officer, confirm_gaps=False)
        assert refusal.value.details == GAPS
        assert not Report.objects.exists()

    def test_goes_on_when_the_officer_confirms(self, biennium, officer):
        job = ask(biennium, officer)
        assert job.state == "queued"
        assert job.payload == {
            "report": "biennial-progress-2016-2017",
            "number": 1,
            "confirm_gaps": True,
        }

    def test_twice_makes_one_job(self, biennium, officer):
        assert ask(biennium, officer).pk == ask(biennium, officer).pk

    @pytest.mark.parametrize(
        "name", ["roap.enter", "manager", "editor", "committee", "urcdb.approve"]
    )
    def test_is_refused_to_anybody_else(self, biennium, name):
        with pytest.raises(NotAllowed) as refusal:
            ask(biennium, person(name))
        assert refusal.value.code == "role_needed"
        assert not Report.objects.exists()

    def test_needs_no_confirmation_when_all_is_approved(self, biennium, officer):
        somebody = Submission.objects.filter(state="approved")[0]
        Submission.objects.filter(period__code="2017").update(
            state="approved",
            submitted_at=somebody.submitted_at,
            submitted_by=somebody.submitted_by,
            approved_at=somebody.approved_at,
            approved_by=somebody.approved_by,
            returned_at=None,
            returned_by=None,
            return_note="",
        )
        assert ask(biennium, officer, confirm_gaps=False).payload["confirm_gaps"] is False


class TestAssembleIsRefused:
    def test_without_confirmation(self, biennium, officer):
        report = services.plan_report(
            kind=BIENNIAL_PROGRESS, period=biennium, by=officer, at=ASSEMBLED_AT
        )
        with refused("gaps"):
            services.assemble(
                report=report, number=1, confirm_gaps=False, by=officer, at=ASSEMBLED_AT
            )
        assert not report.documents.exists()

    def test_to_an_officer_who_lost_the_role(self, biennium, officer):
        report = services.plan_report(
            kind=BIENNIAL_PROGRESS, period=biennium, by=officer, at=ASSEMBLED_AT
        )
        RoleAssignment.objects.filter(user=officer).update(until=date(2018, 1, 20))
        fresh = User.objects.get(pk=officer.pk)
        with pytest.raises(NotAllowed):
            services.assemble(report=report, number=1, confirm_gaps=True, by=fresh, at=ASSEMBLED_AT)


class TestAssemble:
    def test_keeps_the_gaps_and_who_confirmed_them(self, row, officer):
        assert row.gaps == list(GAPS)
        assert row.gaps_confirmed_by == officer
        assert row.assembled_by == officer
        assert row.assembled_at == ASSEMBLED_AT
        assert row.report.state == "assembled"

    def test_again_for_the_same_number_gives_the_frozen_one(self, row, officer):
        again = services.assemble(
            report=row.report, number=1, confirm_gaps=True, by=officer, at=LATER
        )
        assert again == row
        assert row.report.documents.count() == 1

    def test_anew_from_the_same_data_gives_the_same_fingerprint(self, row, biennium, officer):
        second = services.assemble_now(
            kind=BIENNIAL_PROGRESS,
            period=biennium,
            confirm_gaps=True,
            by=officer,
            at=ASSEMBLED_AT + timedelta(days=400),
        )
        assert second.number == 2
        assert second.sha256 == row.sha256
        assert second.content == row.content

    def test_anew_takes_the_editors_word_back(self, cleared, biennium, officer):
        services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=LATER
        )
        cleared.refresh_from_db()
        assert (cleared.state, cleared.cleared_by, cleared.cleared_at) == ("assembled", None, None)

    def test_is_recorded_with_the_hash(self, row, officer):
        entry = AuditEntry.objects.filter(action="assemble report").latest("number")
        assert entry.by == officer
        assert row.sha256 in str(entry.changes)


class TestClear:
    def test_keeps_who_and_when(self, cleared, editor):
        assert cleared.state == "cleared"
        assert (cleared.cleared_by, cleared.cleared_at) == (editor, LATER)

    @pytest.mark.parametrize("name", ["qa", "manager", "roap.enter"])
    def test_is_refused_to_anybody_but_the_editor(self, row, name):
        with pytest.raises(NotAllowed):
            services.clear(report=row.report, by=person(name), at=LATER)

    def test_is_refused_once_an_approved_figure_changed(self, row, editor):
        Figure.objects.filter(indicator__code="MK.1", period__code="2017").update(value=70)
        with refused("outdated") as refusal:
            services.clear(report=row.report, by=editor, at=LATER)
        assert "MK.1@2016-2017:actual: was 69, is 70" in refusal.value.details

    def test_is_refused_for_a_report_that_was_never_asked_for(self, editor):
        planned = Report(kind="biennial_progress", period=Period.objects.get(code="2018-2019"))
        for step, more in ((services.clear, {}), (services.issue, {"symbol": "S", "dated": DATED})):
            with refused("wrong_state"):
                step(report=planned, by=editor, at=LATER, **more)

    def test_is_refused_before_assembly_and_twice(self, biennium, editor, cleared):
        planned = Report.objects.create(
            kind="biennial_progress", period=Period.objects.get(code="2014-2015"), slug="planned"
        )
        for report in (planned, cleared):
            with refused("wrong_state"):
                services.clear(report=report, by=editor, at=LATER)

    def test_comes_before_issue(self, row, editor):
        with refused("wrong_state"):
            services.issue(report=row.report, symbol=SYMBOL, dated=DATED, by=editor, at=LATER)


class TestIssue:
    @pytest.fixture
    def cleared(self, cleared_once: Report, db: None) -> Report:
        return Report.objects.get(pk=cleared_once.pk)

    def issue(self, report: Report, by: User, *, symbol: str = SYMBOL):
        return services.issue(report=report, symbol=symbol, dated=DATED, by=by, at=LATER)

    def test_changes_symbol_and_date_of_the_document_and_nothing_else(self, cleared, editor, row):
        self.issue(cleared, editor)
        cleared.refresh_from_db()
        before, after = (
            from_json(row.content.encode()),
            from_json(cleared.document.content.encode()),
        )
        assert (after.masthead.symbol, after.masthead.date) == (SYMBOL, DATED)
        masthead = dataclasses.replace(before.masthead, symbol=SYMBOL, date=DATED)
        assert after == dataclasses.replace(before, masthead=masthead)
        assert after != before

    def test_keeps_symbol_date_and_who(self, cleared, editor, officer):
        self.issue(cleared, editor, symbol=f"  {SYMBOL} ")
        cleared.refresh_from_db()
        assert (cleared.state, cleared.symbol, cleared.issued_on, cleared.issued_by) == (
            "issued",
            SYMBOL,
            DATED,
            editor,
        )
        assert cleared.document.gaps == list(GAPS)
        assert cleared.document.gaps_confirmed_by == officer
        assert cleared.document.number == 2

    def test_asks_for_each_file_in_six_languages_and_five_formats(self, cleared, editor):
        jobs = self.issue(cleared, editor)
        cleared.refresh_from_db()
        assert {job.kind for job in jobs} == {"render_report"}
        assert {(job.payload["language"], job.payload["format"]) for job in jobs} == set(
            product(("ar", "zh", "en", "fr", "ru", "es"), ("pdf", "docx", "xlsx", "html", "json"))
        )
        assert {job.payload["document"] for job in jobs} == {cleared.document.pk}
        assert "render_report:biennial-progress-2016-2017:2:ar.pdf" in {job.key for job in jobs}

    def test_is_refused_once_an_approved_figure_changed_after_clearance(self, cleared, editor):
        Figure.objects.filter(indicator__code="MK.1", period__code="2017").update(value=70)
        with refused("outdated"):
            self.issue(cleared, editor)
        cleared.refresh_from_db()
        assert cleared.state == "cleared"

    @pytest.mark.parametrize("name", ["qa", "manager", "committee"])
    def test_is_refused_to_anybody_but_the_editor(self, cleared, name):
        with pytest.raises(NotAllowed):
            self.issue(cleared, person(name))

    @pytest.mark.parametrize(
        ("symbol", "code"), [("  ", "symbol_needed"), ("H" * 61, "symbol_too_long")]
    )
    def test_is_refused_without_a_proper_symbol(self, cleared, editor, symbol, code):
        with refused(code) as refusal:
            self.issue(cleared, editor, symbol=symbol)
        assert refusal.value.field == "symbol"

    def test_is_refused_under_the_symbol_of_another_report(self, cleared, editor, officer):
        self.issue(cleared, editor)
        other = services.assemble_now(
            kind=BIENNIAL_PROGRESS,
            period=Period.objects.get(code="2014-2015"),
            confirm_gaps=True,
            by=officer,
            at=ASSEMBLED_AT,
        )
        services.clear(report=other.report, by=editor, at=LATER)
        with refused("symbol_taken"):
            self.issue(other.report, editor)
        self.issue(other.report, editor, symbol="HSP/GC/26/9")
        assert Report.objects.filter(state="issued").count() == 2

    def test_is_for_good(self, cleared, editor, biennium, officer):
        self.issue(cleared, editor)
        for attempt in (
            lambda: self.issue(cleared, editor, symbol="HSP/GC/27/10"),
            lambda: ask(biennium, officer),
            lambda: services.assemble_now(
                kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=LATER
            ),
        ):
            with refused("issued") as refusal:
                attempt()
            assert SYMBOL in str(refusal.value.message)
        assert cleared.documents.count() == 2
