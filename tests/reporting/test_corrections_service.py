"""Corrigenda: what later corrections touch, the draft, its issue, and the next one."""

from collections.abc import Iterator
from datetime import date

import factories
import pytest
from corrected import (
    CORRECTED_AT,
    DATED,
    LATER_AT,
    SYMBOL,
    approve_late,
    correct,
    issue,
    issue_biennial,
    merge,
    person,
)
from demonstration_data import ASSEMBLED_AT
from django.db import connection
from django.test.utils import CaptureQueriesContext
from once import undone

from focus_areas.models import PlanText
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import Wording
from indicators.models import Achievement, Authority, Correction, Target
from indicators.services import authorities
from indicators.services.authorities import NewAchievement
from indicators.services.corrections import add_to_count
from organization.models import AuditEntry, Notice, Office
from reporting import services
from reporting.assembly.changes import place_text, shown, why
from reporting.document import LANGUAGES, figures_of, from_json
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, ReportDocument
from reporting.queries.corrections import Touched, corrections_of, touched, touched_report
from reporting.rendering import render
from reporting.services import corrections

WHY = (
    "FA2.1 of Regional Office for Arab States for 2017 was corrected on 2 April 2018 "
    "(quality assurance officer: “The council withdrew its decision”)."
)


def told(found: Touched | None) -> dict[str, tuple[str, str]]:
    """Place → was and is, in English."""
    assert found is not None
    return {
        str(place_text(one.difference.place).in_language("en")): (
            shown(one.difference.was, found.base, "en"),
            shown(one.difference.now, found.today, "en"),
        )
        for one in found.changes
    }


def draft(report: Report, who: str = "editor", at=LATER_AT) -> Report:
    return corrections.draft_corrigendum(report=report, by=person(who), at=at)


def issue_cleared(report: Report) -> None:
    services.issue(
        report=report, symbol=f"{SYMBOL}/Corr.1", dated=DATED, by=person("editor"), at=LATER_AT
    )


def refused(code: str):
    return pytest.raises(RuleBroken, check=lambda broken: broken.code == code)


@pytest.fixture(scope="class")
def corrected_once(issued_once) -> Iterator[Report]:
    with undone():
        correct("FA2.1")
        yield issue(draft(issued_once), f"{SYMBOL}/Corr.1")


@pytest.fixture
def corrigendum(corrected_once, db) -> Report:
    """The issued corrigendum of the report."""
    return Report.objects.select_related("document", "period").get(pk=corrected_once.pk)


class TestTouched:
    def test_nothing_while_nothing_is_corrected(self, issued):
        assert touched() == []

    def test_every_place_that_prints_a_corrected_figure(self, issued):
        correct("FA2.1")
        places = told(touched_report(issued))
        assert list(places) == [
            "Table 1, FA2.1 Urban planning and design, 2017",
            "Table 1, FA2.1 Urban planning and design, Progress",
            "Paragraph 8",
            "Figure 2, 2017",
            "Table 5, Actual, 2017",
            "Table 6, Regional Office for Arab States, Authorities to date",
            "Table 6, Each authority counted once, Authorities to date",
        ]
        assert places["Figure 2, 2017"] == ("86", "85")
        assert places["Paragraph 8"][1].startswith(
            "Authorities with plans drawn from best practice: 85 at the end of 2017, against a baseline of 42"
        )

    def test_says_why_and_by_which_role_and_never_by_whom(self, issued):
        correct("FA2.1")
        found = touched_report(issued)
        causes = {str(why(one.causes).in_language("en")) for one in found.changes}
        assert causes == {WHY}
        assert person("qa").name not in str(found.corrigendum)

    def test_a_merge_of_authorities(self, issued):
        name = merge("FA1.1").name
        found = touched_report(issued)
        assert told(found)["Figure 1, 2017"] == ("64", "63")
        assert {one.causes[0].kind for one in found.changes} == {"merge"}
        assert str(why(found.changes[0].causes).in_language("en")) == (
            f"{name} was found on 2 April 2018 to be the same as another entry and counts once "
            "(quality assurance officer: “One city under two names”)."
        )

    def test_a_late_approval_even_where_the_figure_was_not_reported(self, issued):
        approve_late("URCDB", "2017")
        found = touched_report(issued)
        places = told(found)
        assert places["Figure 7, 2017"] == ("", "66")
        assert places["Table 1, FA7.1 Research and capacity development, Rating"] == ("Not rated", "On track")
        assert places["Paragraph 27"] == ("Urban Research and Capacity Development Branch, 2017: FA7.1.", "")
        assert {one.causes[0].kind for one in found.changes} == {"approval"}

    def test_not_a_correction_of_a_year_after_the_report(self, demonstration):
        before = issue_biennial("2014-2015", "HSP/GC/26/9")
        correct("FA2.1")
        assert touched_report(before) is None

    def test_not_a_target_that_was_revised_after_its_assembly(self, issued):
        correct("FA2.1")
        before = told(touched_report(issued))
        last = Target.objects.filter(indicator__code="FA2.1", office=None).latest("year", "version")
        Target.objects.create(
            indicator=last.indicator,
            year=last.year,
            version=last.version + 1,
            value=200,
            reason="Raised.",
            decided_on=LATER_AT.date(),
        )
        assert told(touched_report(issued)) == before

    def test_not_words_that_changed_without_a_figure(self, issued):
        correct("FA2.1")
        before = set(told(touched_report(issued)))
        PlanText.objects.filter(code__startswith="FA3").update(wording=Wording.of(en="Revised"))
        assert set(told(touched_report(issued))) == before

    def test_reads_in_a_number_of_queries_that_does_not_grow_with_what_was_corrected(self, issued):
        def counted() -> int:
            with CaptureQueriesContext(connection) as queries:
                touched()
            return len(queries)

        merge("FA1.1")
        approve_late("URCDB", "2017")
        correct("FA2.1")
        one = counted()
        for code in ("FA2.1", "FA1.1", "FA4.1"):
            correct(code)
        assert counted() == one <= 48


class TestDraft:
    def test_is_refused_where_nothing_differs(self, issued):
        with refused("nothing_differs") as refusal:
            draft(issued)
        assert str(refusal.value.message) == (
            "Assembled today, this report would say what it says. There is nothing to correct."
        )

    @pytest.mark.parametrize("role", ["contributor", "approver", "manager", "committee"])
    def test_is_for_editors_and_quality_assurance_only(self, issued, role):
        correct("FA2.1")
        other = factories.person(**{role: Office.objects.get(code="QAU")})
        with pytest.raises(NotAllowed):
            corrections.draft_corrigendum(report=issued, by=other, at=LATER_AT)
        assert not Report.objects.filter(corrects=issued).exists()

    def test_has_paragraph_was_is_and_why_in_all_languages(self, issued):
        correct("FA2.1")
        found = from_json(draft(issued, "qa").document.content.encode())
        assert found.languages == tuple(from_json(issued.document.content.encode()).languages)
        for language in LANGUAGES:
            assert render(found, language, "pdf").startswith(b"%PDF")
        assert str(found.masthead.title.in_language("en")) == f"Corrigendum to {SYMBOL}"
        assert found.masthead.illustrative

    def test_binds_old_and_new_figures_with_their_arithmetic(self, issued):
        correct("FA2.1")
        found = from_json(draft(issued).document.content.encode())
        key = "FA2.1@2016-2017:actual"
        old, new = found.figures[f"was:{key}"], found.figures[key]
        assert (old.value, new.value) == (86, 85)
        assert old.lineage and new.lineage and old.illustrative and new.illustrative
        assert {key, f"was:{key}"} <= set(figures_of(found))

    def test_twice_is_one_draft_brought_up_to_date(self, issued):
        correct("FA2.1")
        first = draft(issued)
        sha256 = first.document.sha256
        again = draft(issued)
        assert (again.pk, again.document.sha256, again.documents.count()) == (first.pk, sha256, 2)
        correct("FA1.1")
        later = draft(issued)
        assert later.pk == first.pk
        assert later.document.sha256 != sha256
        assert ReportDocument.objects.get(pk=first.document.pk).sha256 == sha256

    def test_that_was_cleared_is_to_be_cleared_again_once_it_says_something_else(self, issued):
        correct("FA2.1")
        services.clear(report=draft(issued), by=person("editor"), at=LATER_AT)
        assert draft(issued).state == Report.State.CLEARED
        correct("FA1.1")
        assert draft(issued).state == Report.State.ASSEMBLED

    def test_out_of_date_is_not_issued(self, issued):
        correct("FA2.1")
        cleared = services.clear(report=draft(issued), by=person("editor"), at=LATER_AT)
        correct("FA1.1")
        with refused("outdated") as refusal:
            issue_cleared(cleared)
        assert refusal.value.details == (
            "Later corrections touch it otherwise now: bring the draft up to date first.",
        )

    def test_leaves_an_audit_entry(self, issued):
        correct("FA2.1")
        made = draft(issued)
        entry = AuditEntry.objects.filter(action="draft corrigendum").get()
        assert entry.subject_id == str(made.pk)
        assert entry.changes["document"] == [None, made.document.sha256]


class TestInWork:
    def test_has_no_corrigendum(self, demonstration, officer, biennium):
        row = services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=ASSEMBLED_AT
        )
        with refused("not_issued"):
            draft(row.report)


class TestIssued:
    def test_is_a_report_like_any_other(self, corrigendum):
        assert corrigendum.state == Report.State.ISSUED
        assert corrigendum.slug == "biennial-progress-2016-2017-corr-1"
        assert from_json(corrigendum.document.content.encode()).masthead.symbol == f"{SYMBOL}/Corr.1"

    def test_corrects_it_and_nothing_is_touched_any_more(self, issued, corrigendum):
        assert touched() == []
        with refused("nothing_differs"):
            draft(issued)

    def test_the_next_one_says_was_as_the_last_one_corrected_it(self, issued, corrigendum):
        correct("FA2.1", at=LATER_AT)
        found = touched_report(issued)
        assert found.ordinal == 2
        assert told(found)["Figure 2, 2017"] == ("85", "84")
        assert told(found)["Paragraph 8"][0].startswith("Authorities with plans drawn from best practice: 85 ")
        second = draft(issued)
        assert second.slug == "biennial-progress-2016-2017-corr-2"

    def test_that_was_right_before_is_corrected_back(self, issued, corrigendum):
        last = Correction.objects.latest("corrected_at")
        add_to_count(
            indicator=last.figure.indicator,
            office=last.figure.office,
            period=last.figure.period,
            new=NewAchievement(
                achieved_on=date.fromisoformat(last.before["achieved_on"]),
                evidence="Found again.",
                authority=Authority.objects.get(pk=last.before["authority"]),
            ),
            reason="It did not withdraw it.",
            by=person("qa"),
            at=LATER_AT,
        )
        assert Achievement.objects.filter(authority=last.before["authority"]).exists()
        assert told(touched_report(issued))["Figure 2, 2017"] == ("85", "86")

    def test_is_shown_with_each_place_and_figure(self, issued, corrigendum):
        (one,) = corrections_of([corrigendum])
        places = {place.anchor: [(str(was.value), str(now.value)) for was, now in place.figures] for place in one.corrections}
        assert places["figure-2"] == [("86", "85")]
        assert places["p8"][0] == ("86", "85")
        assert places["table-6"] == [("8", "7"), ("86", "85")]

    def test_the_issued_report_stays_as_it_was(self, issued, corrigendum):
        kept = Report.objects.select_related("document").get(pk=issued.pk)
        assert kept.document.content == issued.document.content
        assert kept.document.sha256 == issued.document.sha256


class TestByTheClock:
    def test_drafts_and_tells_every_editor_once(self, issued):
        correct("FA2.1")
        assert corrections.draft_all(at=LATER_AT) == 1
        assert corrections.draft_all(at=LATER_AT) == 1
        notice = Notice.objects.get(key__startswith="corrigendum/")
        assert notice.recipient == person("editor")
        assert notice.subject == f"Corrigendum drafted: {SYMBOL}"
        assert f"Later corrections touch 7 places of {SYMBOL}." in notice.text
        assert "Paragraph 8" in notice.text
        assert notice.path.endswith("/reports/biennial-progress-2016-2017-corr-1/")
        made = Report.objects.get(corrects=issued)
        assert (made.state, made.document.assembled_by) == ("assembled", None)

    def test_tells_again_of_another_set_of_differences(self, issued):
        correct("FA2.1")
        corrections.draft_all(at=CORRECTED_AT)
        correct("FA1.1")
        corrections.draft_all(at=LATER_AT)
        assert Notice.objects.filter(key__startswith="corrigendum/").count() == 2
        assert Report.objects.filter(corrects=issued).count() == 1

    def test_sets_a_draft_aside_that_has_nothing_to_correct_any_more(self, issued):
        merged = merge("FA1.1")
        corrections.draft_all(at=CORRECTED_AT)
        authorities.undo_merge(authority=merged, by=person("qa"), at=LATER_AT, reason="Two after all.")
        assert corrections.draft_all(at=LATER_AT) == 0
        left = Report.objects.get(corrects=issued)
        assert (left.state, left.document) == ("planned", None)

    def test_does_nothing_where_nothing_was_corrected(self, issued):
        assert corrections.draft_all(at=LATER_AT) == 0
        assert not Report.objects.filter(corrects__isnull=False).exists()
