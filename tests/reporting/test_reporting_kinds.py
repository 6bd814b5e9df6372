"""Every kind of report over the demonstration: what it prints, and what may not stand in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from demonstration_data import ASSEMBLED_AT
from django.db import connection
from django.test.utils import CaptureQueriesContext

from focus_areas.models import Period, PlanText, Result
from indicators.models import Figure
from indicators.queries.gaps import unapproved
from organization.models import Office
from reporting.assembly import BLOCKS, compose, recompose, take
from reporting.assembly.bound import Refused, resolve
from reporting.document import (
    LANGUAGES,
    Annex,
    Document,
    FigureRef,
    Heading,
    NoteRef,
    Paragraph,
    Run,
    Table,
    blocks_of,
    fingerprint,
    from_json,
    to_json,
)
from reporting.kinds import (
    ANNUAL_PROGRESS,
    BIENNIAL_EVALUATION,
    BIENNIAL_PERFORMANCE,
    BIENNIAL_PROGRESS,
    IMDIS,
    KINDS,
    RECOMMENDATION_STATUS,
    STRATEGIC_RESULT,
    OutlineSection,
    ReportKind,
    may_print,
    walk,
)
from reporting.models import Report, Section, SectionText, Session, Slot

MADE = [
    (kind, period)
    for kind, periods in (
        (ANNUAL_PROGRESS, ("2014", "2016", "2017")),
        (BIENNIAL_PROGRESS, ("2014-2015", "2016-2017", "2018-2019")),
        (BIENNIAL_PERFORMANCE, ("2016-2017",)),
        (IMDIS, ("2017", "2016-2017")),
        (STRATEGIC_RESULT, ("mid-term", "final")),
        (BIENNIAL_EVALUATION, ("2016-2017",)),
        (RECOMMENDATION_STATUS, ("2017",)),
    )
    for period in periods
]


def made(kind: ReportKind, period: str, report: Report | None = None) -> Document:
    found = Period.objects.get(code=period)
    return compose(take(kind=kind, period=found, at=ASSEMBLED_AT, report=report))


def english(document: Document) -> list[str]:
    """All paragraphs in English, figures as plain numbers."""
    return [
        "".join(
            run.text if isinstance(run, Run) else f"{document.figures[run.key].value:f}"
            for run in block.runs["en"]
            if not isinstance(run, NoteRef)
        )
        for block in blocks_of(document)
        if isinstance(block, Paragraph) and "en" in block.runs
    ]


def headings(document: Document) -> list[str]:
    return [
        f"{block.number} {block.text.in_language('en')}"
        for block in document.blocks
        if isinstance(block, Heading) and block.level == 1
    ]


def levels_in(document: Document) -> set[str]:
    """The levels of result whose indicators have a figure in the document."""
    codes = {key.partition("@")[0] for key in document.figures if "@" in key}
    return set(Result.objects.filter(indicators__code__in=codes).values_list("level", flat=True))


@pytest.fixture(scope="module")
def composed_once() -> dict[tuple[str, str], tuple[Document, int]]:
    return {}


@pytest.fixture
def composed(demonstration, composed_once) -> Callable[[ReportKind, str], tuple[Document, int]]:
    """Documents of the demonstration as it is, each composed once, and the queries it took."""

    def of(kind: ReportKind, period: str) -> tuple[Document, int]:
        if (kind.code, period) not in composed_once:
            found = Period.objects.get(code=period)
            with CaptureQueriesContext(connection) as queries:
                document = compose(take(kind=kind, period=found, at=ASSEMBLED_AT))
            composed_once[kind.code, period] = (document, len(queries))
        return composed_once[kind.code, period]

    return of


class TestEveryKind:
    @pytest.mark.parametrize(("kind", "period"), MADE, ids=lambda one: getattr(one, "code", one))
    def test_is_composed_in_at_most_forty_queries_and_reads_back(self, composed, kind, period):
        document, queries = composed(kind, period)
        assert queries <= 40
        assert from_json(to_json(document)) == document
        assert document.languages == LANGUAGES

    @pytest.mark.parametrize(("kind", "period"), MADE, ids=lambda one: getattr(one, "code", one))
    def test_numbers_paragraphs_tables_and_headings_without_a_gap(
        self, composed, kind, period
    ):
        blocks = list(blocks_of(composed(kind, period)[0]))
        numbers = [one.number for one in blocks if isinstance(one, Paragraph) and one.number]
        assert numbers == list(range(1, len(numbers) + 1))
        tables = [one.number for one in blocks if isinstance(one, Table)]
        assert tables == list(range(1, len(tables) + 1))
        level = 0
        for one in blocks:
            if isinstance(one, Annex):
                level = 1
            elif isinstance(one, Heading):
                assert one.level <= level + 1
                level = one.level

    @pytest.mark.parametrize(("kind", "period"), MADE, ids=lambda one: getattr(one, "code", one))
    def test_prints_plan_level_indicators_at_mid_term_and_at_the_end_only(
        self, composed, kind, period
    ):
        assert ("plan" in levels_in(composed(kind, period)[0])) == (kind is STRATEGIC_RESULT)

    def test_names_blocks_that_exist(self):
        named = {
            (kind.code, name)
            for kind in KINDS.values()
            for section in walk(kind.outline)
            for name in (*section.blocks, *([kind.summary] if kind.summary else []))
        }
        assert {name for _kind, name in named} <= set(BLOCKS) | {"corrections"}

    def test_asks_an_office_that_exists_for_every_text(self, demonstration):
        writers = {section.writer for kind in KINDS.values() for section in kind.written()}
        known = set(Office.objects.values_list("code", flat=True))
        assert writers - {"branch"} <= known
        assert all(
            section.prompt and section.words and section.writer
            for kind in KINDS.values()
            for section in kind.written()
        )

    def test_a_new_kind_needs_its_declaration_only(self, demonstration):
        new = ReportKind(
            code="brief", title="Brief", heading="Brief, %(period)s",
            levels=("focus_area",), periods=("biennium",), obligation="", paragraph="",
            body="committee",
            outline=(OutlineSection("areas", "Results by focus area", ("areas_table",)),),
        )  # fmt: skip
        document = made(new, "2016-2017")
        assert headings(document) == ["I Results by focus area"]
        assert document.figures["FA1.1@2016-2017:actual"].value == 64


class TestAnnualReport:
    def test_holds_the_accomplishments_of_its_biennium(self, composed):
        assert "EA2.b.1@2017:actual" in composed(ANNUAL_PROGRESS, "2017")[0].figures
        early = composed(ANNUAL_PROGRESS, "2014")[0]
        assert not any(key.startswith("EA") for key in early.figures)
        assert any("No expected accomplishments are held for 2014" in t for t in english(early))

    def test_misses_no_accomplishment_of_another_biennium(self, demonstration):
        period = Period.objects.get(code="2018")
        asked = {code for gap in unapproved(levels=["accomplishment"], period=period)
                 for code in gap.indicators}  # fmt: skip
        assert asked == set()
        period = Period.objects.get(code="2017")
        assert unapproved(levels=["accomplishment"], period=period)

    def test_marks_them_as_illustrative(self, composed):
        document = composed(ANNUAL_PROGRESS, "2017")[0]
        table = next(b for b in blocks_of(document) if getattr(b, "key", "") == "accomplishments")
        assert table.illustrative
        assert document.figures["EA2.b.1@2017:actual"].illustrative

    def test_says_what_is_not_recorded_yet(self, composed):
        text = " ".join(english(composed(ANNUAL_PROGRESS, "2017")[0]))
        assert "Projects are not yet recorded in this system" in text
        assert "Income and spending are not yet recorded" in text

    def test_chapters_follow_the_outline(self, composed):
        assert headings(composed(ANNUAL_PROGRESS, "2017")[0]) == [
            "I Mandate and method",
            "II Portfolio of projects",
            "III Budget performance",
            "IV Programme performance",
            "V Progress by focus area",
            "VI Cross-cutting issues",
            "VII Lead and support functions",
            "VIII Evaluations and follow-up",
            "IX Figures not reported",
        ]


class TestPerformanceReport:
    def test_says_that_outputs_are_not_yet_recorded(self, composed):
        text = " ".join(english(composed(BIENNIAL_PERFORMANCE, "2016-2017")[0]))
        assert "Outputs of the work programme are not yet recorded in this system." in text

    def test_extract_has_three_sheets_and_the_same_figures(self, composed):
        extract, _ = composed(IMDIS, "2016-2017")
        report, _ = composed(BIENNIAL_PERFORMANCE, "2016-2017")
        sheets = [block.sheet for block in blocks_of(extract) if isinstance(block, Table)]
        assert sheets == ["indicators", "accounts", "outputs"]
        shared = set(extract.figures) & set(report.figures)
        assert "FA4.1@2016-2017:actual" in shared
        assert all(extract.figures[key].value == report.figures[key].value for key in shared)

    def test_extract_tells_an_account_in_each_language_with_its_numbers(self, composed):
        extract = composed(IMDIS, "2016-2017")[0]
        table = next(b for b in blocks_of(extract) if getattr(b, "sheet", "") == "accounts")
        statement = next(row.cells[3] for row in table.rows if row.cells[1].texts["en"] == "FA4.1")
        assert "76 at the end of 2017, against a baseline of 25 in 2013" in statement.texts["en"]
        assert "76" in statement.texts["ar"]


class TestStrategicResult:
    def test_gives_each_series_with_its_coverage(self, composed):
        document = composed(STRATEGIC_RESULT, "mid-term")[0]
        figures = document.figures
        assert figures["SR.a@mid-term#reporting"].value > 100
        assert Decimal(50) < figures["SR.a@mid-term#coverage"].value <= 100
        assert not figures["SR.a@mid-term:actual"].illustrative
        assert figures["SR.b@mid-term:actual"].nothing == "not_reported"
        assert any("They are not the aggregates" in text for text in english(document))

    def test_may_be_printed_in_no_other_kind(self):
        others = [kind for kind in KINDS.values() if kind is not STRATEGIC_RESULT]
        assert may_print(STRATEGIC_RESULT, Result.Level.PLAN)
        assert not any(may_print(kind, Result.Level.PLAN) for kind in others)


class TestEvaluationReports:
    def test_give_the_published_share_with_its_source(self, composed):
        document = composed(BIENNIAL_EVALUATION, "2016-2017")[0]
        figure = document.figures["EV.1@2016-2017:actual"]
        assert (figure.value, figure.illustrative) == (63, False)
        assert "Annual progress report 2017" in document.sources[figure.source].citation.texts["en"]

    def test_tell_of_the_recommendations_of_the_demonstration(self, composed):
        """Twenty-six, all made up, since the demonstration plays evaluations too."""
        for kind, period in ((BIENNIAL_EVALUATION, "2016-2017"), (RECOMMENDATION_STATUS, "2017")):
            document = composed(kind, period)[0]
            text = " ".join(english(document))
            assert "recommendations recorded from them: 26." in text
            given = document.figures[f"recommendations@{period}#given"]
            assert (given.value, given.illustrative) == (26, True)
            # 8 implemented of 24 accepted, one of them overtaken by events.
            rate = document.figures[f"recommendations@{period}#rate"]
            assert round(rate.value, 6) == Decimal("34.782609")


def written(report: Report, code: str, *, original: str = "en", **bodies: str) -> Section:
    """A section with texts by language; each translation is of the first revision."""
    section = Section.objects.create(
        report=report, code=code, office=Office.objects.get(code="QAU"), original=original,
        changed_at=ASSEMBLED_AT,
    )  # fmt: skip
    for language, body in bodies.items():
        SectionText.objects.create(
            section=section, language=language, body=body, written_at=ASSEMBLED_AT,
            translates=None if language == original else 1,
        )  # fmt: skip
    return section


def paragraphs_of(document: Document, section: str) -> list[Paragraph]:
    return [
        block
        for block in blocks_of(document)
        if isinstance(block, Paragraph) and block.section == section
    ]


@pytest.fixture
def report(biennium) -> Report:
    return Report.objects.create(
        kind="biennial_progress", period=biennium, slug="biennial-progress-2016-2017"
    )


class TestNarrative:
    def test_stands_in_its_section_with_its_figures_bound(self, report):
        written(report, "highlights", en="In all, [[FA4.1@2016-2017:actual]] authorities did.")
        document = made(BIENNIAL_PROGRESS, "2016-2017", report)
        assert "II Highlights of the biennium" in headings(document)
        paragraph = paragraphs_of(document, "highlights")[0]
        assert paragraph.runs["en"] == (
            Run("In all, "), FigureRef("FA4.1@2016-2017:actual"), Run(" authorities did."),
        )  # fmt: skip

    def test_prints_the_same_number_as_the_table(self, report):
        written(report, "highlights", en="[[FA4.1@2016-2017:actual]]")
        Figure.objects.filter(indicator__code="MK.1", period__code="2017").update(value=70)
        document = made(BIENNIAL_PROGRESS, "2016-2017", report)
        key = paragraphs_of(document, "highlights")[0].runs["en"][0].key
        rows = [
            row.cells[4].key
            for block in blocks_of(document)
            if isinstance(block, Table) and block.key == "areas"
            for row in block.rows
            if row.cells[0].texts["en"] == "FA4.1"
        ]
        assert rows == [key]

    def test_may_bind_other_periods_offices_and_changes(self, report):
        written(
            report,
            "FA2",
            en="From [[FA2.1@2015:actual]] to [[FA2.1@2016-2017:actual]], a change of "
            "[[FA2.1@2016-2017:change]] since 2013; in Africa [[FA2.1@2017/ROAF:actual]]; "
            "first aim [[FA2.1@2019:first]].",
        )
        document = made(BIENNIAL_PROGRESS, "2016-2017", report)
        values = [
            document.figures[run.key].value
            for run in paragraphs_of(document, "FA2")[0].runs["en"]
            if isinstance(run, FigureRef)
        ]
        # 86 - 42 = 44 since the baseline; the office's own count is part of the 86.
        assert values[:3] == [61, 86, 44]
        assert values[4] == 120
        assert 0 < values[3] <= 86

    def test_chooses_the_form_of_a_word_by_the_number_in_each_language(self, report):
        written(
            report,
            "highlights",
            en="[[FA4.1@2016-2017:actual|authority|authorities]]",
            ru="[[FA4.1@2016-2017:actual|орган|органа|органов|органа]]",
            zh="[[FA4.1@2016-2017:actual|个机构]]",
        )
        runs = paragraphs_of(made(BIENNIAL_PROGRESS, "2016-2017", report), "highlights")[0].runs
        # 76: other in English, many in Russian (76 органов), one form in Chinese without a space.
        assert [found[-1].text for found in (runs["en"], runs["ru"], runs["zh"])] == [
            " authorities",
            " органов",
            "个机构",
        ]

    def test_lists_are_subparagraphs_and_footnotes_are_notes(self, report):
        written(report, "highlights", en="Two:[^a]\n\n- one\n- two\n\n[^a]: As told in Nairobi.")
        document = made(BIENNIAL_PROGRESS, "2016-2017", report)
        found = paragraphs_of(document, "highlights")
        assert [(one.number > 0, one.item) for one in found] == [(True, 0), (False, 1), (False, 2)]
        notes = [run for run in found[0].runs["en"] if isinstance(run, NoteRef)]
        assert document.sources[notes[0].source].citation.texts["en"] == "As told in Nairobi."

    def test_takes_the_place_of_the_explanations_it_was_drafted_from(self, report):
        Figure.objects.filter(indicator__code="LS1.1", period__code="2017").update(
            explanation="Two surveys came late."
        )
        before = " ".join(english(made(BIENNIAL_PROGRESS, "2016-2017", report)))
        assert "explains for 2017: “Two surveys came late.”" in before
        written(report, "support", en="Surveys came late.")
        after = " ".join(english(made(BIENNIAL_PROGRESS, "2016-2017", report)))
        assert "explains for 2017" not in after
        assert "Surveys came late." in after

    def test_without_words_leaves_its_heading_out(self, report):
        written(report, "highlights", en="  \n ")
        document = made(BIENNIAL_PROGRESS, "2016-2017", report)
        assert not any("Highlights" in heading for heading in headings(document))

    def test_falls_back_where_a_translation_is_missing_late_or_of_another_shape(self, report):
        section = written(
            report, "highlights", en="One.\n\nTwo.", fr="Un.\n\nDeux.", es="Uno.", ru="Раз.\n\nДва."
        )
        SectionText.objects.filter(section=section, language="ru").update(translates=0)
        found = paragraphs_of(made(BIENNIAL_PROGRESS, "2016-2017", report), "highlights")
        assert [sorted(one.runs) for one in found] == [["en", "fr"], ["en", "fr"]]

    def test_written_in_another_language_stands_there_first(self, report):
        written(report, "highlights", original="fr", fr="Un résultat.")
        found = paragraphs_of(made(BIENNIAL_PROGRESS, "2016-2017", report), "highlights")[0]
        local = found.in_language("en")
        assert (local.language, local.is_fallback) == ("fr", True)

    def test_shows_a_reference_without_a_figure_as_it_was_typed(self, report):
        written(report, "highlights", en="So many: [[FA9.9@2017:actual]].")
        found = paragraphs_of(made(BIENNIAL_PROGRESS, "2016-2017", report), "highlights")[0]
        assert "".join(run.text for run in found.runs["en"]) == "So many: [[FA9.9@2017:actual]]."

    def test_needs_no_more_queries_with_more_texts(self, report, biennium):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=ASSEMBLED_AT,
                             report=report))  # fmt: skip
            return len(queries)

        written(report, "highlights", en="[[FA1.1@2017:actual]] [[FA2.1@2015:actual]]")
        before = asked()
        for number in range(1, 8):
            text = " ".join(
                f"[[FA{number}.1@{year}:actual]] [[FA{number}.1@{year}:change]]"
                for year in range(2014, 2020)
            )
            written(report, f"FA{number}", en=text)
        assert asked() == before <= 40


class TestReferences:
    def refusal(self, typed: str, kind: ReportKind = BIENNIAL_PROGRESS) -> str:
        found = resolve([typed], kind=kind, today=ASSEMBLED_AT.date())[typed]
        assert isinstance(found, Refused)
        return found.code

    @pytest.mark.parametrize(
        ("typed", "code"),
        [
            ("FA1.1", "bad_reference"),
            ("FA1.1@2017:wish", "bad_reference"),
            ("FA1.1@2017/ROAF:target", "bad_reference"),
            ("FA9.9@2017:actual", "unknown_figure"),
            ("FA1.1@2077:actual", "unknown_figure"),
            ("FA1.1@2017/LONY:actual", "unknown_office"),
            ("EA2.b.1@2014:actual", "unknown_figure"),
        ],
    )
    def test_that_name_no_figure_are_refused_in_a_sentence(self, demonstration, typed, code):
        assert self.refusal(typed) == code

    def test_to_the_strategic_result_are_refused_outside_its_two_reports(self, demonstration):
        assert self.refusal("SR.a@mid-term:actual") == "unknown_figure"
        found = resolve(["SR.a@mid-term:actual"], kind=STRATEGIC_RESULT, today=ASSEMBLED_AT.date())
        assert found["SR.a@mid-term:actual"].value is not None

    def test_give_the_quotient_of_an_office_that_reports_a_ratio(self, demonstration):
        typed = "LS3.1@2015/ERD:actual"
        figure = Figure.objects.get(
            office__code="ERD", period__code="2015", indicator__code="LS3.1"
        )
        found = resolve([typed], kind=BIENNIAL_PROGRESS, today=ASSEMBLED_AT.date())[typed]
        assert found.value == figure.numerator / figure.denominator * 100

    def test_give_drafts_nowhere(self, demonstration):
        known = Figure.objects.filter(office__code="ERD", period__code="2015").first()
        Figure.objects.create(
            indicator=known.indicator, office=known.office,
            period=Period.objects.get(code="2017"), numerator=987, denominator=988,
            changed_at=ASSEMBLED_AT,
        )  # fmt: skip
        found = resolve(["LS3.1@2017:actual"], kind=BIENNIAL_PROGRESS, today=ASSEMBLED_AT.date())
        assert found["LS3.1@2017:actual"].nothing == "not_reported"


class TestRecomposed:
    def test_equals_what_is_stored_where_nothing_changed(self, report, biennium):
        stored = made(BIENNIAL_PROGRESS, "2016-2017", report)
        later = ASSEMBLED_AT.replace(year=2019)
        assert fingerprint(recompose(report, at=later)) == fingerprint(stored)

    def test_stands_under_the_symbol_and_date_of_its_issue(self, report):
        report.symbol, report.issued_on = "HSP/GC/27/1", datetime(2019, 3, 4, tzinfo=UTC).date()
        masthead = recompose(report, at=ASSEMBLED_AT).masthead
        assert (masthead.symbol, str(masthead.date)) == ("HSP/GC/27/1", "2019-03-04")


class TestHead:
    def test_names_the_session_of_its_slot_and_no_assumed_dates(self, report, biennium):
        Slot.objects.filter(kind="biennial_progress", period=biennium).delete()
        session = Session.objects.create(
            code="X1", body="governing_council", name={"en": "First session of the test"},
            place={"en": "Nairobi"}, starts_on="2019-04-01", ends_on="2019-04-05",
            is_assumed=True,
        )  # fmt: skip
        Slot.objects.create(kind="biennial_progress", period=biennium, session=session)
        masthead = made(BIENNIAL_PROGRESS, "2016-2017", report).masthead
        assert masthead.session.texts["en"] == "First session of the test"
        assert not masthead.place_and_dates
        Session.objects.filter(pk=session.pk).update(is_assumed=False, source="a test")
        masthead = made(BIENNIAL_PROGRESS, "2016-2017", report).masthead
        assert masthead.place_and_dates.texts["en"] == "Nairobi, 1 April 2019 – 5 April 2019"

    @pytest.mark.parametrize(
        ("kind", "period", "organ"),
        [
            (BIENNIAL_PROGRESS, "2016-2017", "Governing Council"),
            (ANNUAL_PROGRESS, "2017", "Committee of Permanent Representatives"),
            (BIENNIAL_PERFORMANCE, "2016-2017", "General Assembly"),
        ],
    )
    def test_names_the_body_it_goes_to(self, demonstration, kind, period, organ):
        assert made(kind, period).masthead.organ.texts["en"].startswith(organ)

    def test_quotes_the_plan_as_it_is_worded_in_its_last_revision(self, demonstration):
        wording = PlanText.objects.filter(code="FA2.result").last().wording
        text = " ".join(english(made(BIENNIAL_PROGRESS, "2016-2017")))
        assert str(wording) in text

    def test_says_what_is_illustrative(self, demonstration):
        document = made(BIENNIAL_PROGRESS, "2016-2017")
        assert document.masthead.illustrative
        clean = {
            key: replace(figure, illustrative=False) for key, figure in document.figures.items()
        }
        assert clean.keys() == document.figures.keys()
