"""A document as blocks of a page: nothing lost, nothing trusted, each language in its place."""

from datetime import date
from decimal import Decimal

import pytest
from sample_document import listed_document, sample_document

from reporting.rendering.presenting import present
from reporting.rendering.shown import (
    DocumentPage,
    ShownChart,
    ShownHeading,
    ShownParagraph,
    ShownTable,
)

DATE = date(2018, 4, 23)
HOSTILE = '<script>alert("1")</script>&amp;\x0b'


def shown(language: str = "en", **options: str) -> DocumentPage:
    return present(sample_document(**options), language, symbol="HSP/GC/27/5/Add.2", date=DATE)


def blocks(page: DocumentPage, kind: type) -> list:
    return [block for block in page.blocks if isinstance(block, kind)]


class TestMasthead:
    def test_the_body_of_the_symbol_stands_apart(self):
        assert (shown().symbol_head, shown().symbol_rest) == ("HSP", "/GC/27/5/Add.2")

    @pytest.mark.parametrize(
        ("language", "written"),
        [("en", "23 April 2018"), ("fr", "23 avril 2018"), ("ar", "23 نيسان/أبريل 2018")],
    )
    def test_the_date_is_that_of_issue(self, language, written):
        assert shown(language).date == written

    def test_tells_of_working_translations_but_not_in_english(self):
        assert shown("zh").working_note == "本文件为工作译文，并非正式译本。"
        assert shown("en").working_note == ""


class TestParagraphs:
    def test_figures_notes_and_emphasis_are_set_into_the_sentence(self):
        sentence = next(p for p in blocks(shown(), ShownParagraph) if p.number == 2).sentence
        assert sentence.startswith('By the end of 2017, <a class="bf" href="#f')
        assert ">1,086</a> partner authorities" in sentence
        assert '<sup id="mark-1-1"><a href="#note-1">1</a></sup>' in sentence
        assert "<em>International Guidelines</em>" in sentence
        assert ">Thirteen</a> were reported twice" in sentence

    def test_words_of_another_language_carry_it(self):
        sentence = next(p for p in blocks(shown("ar"), ShownParagraph) if p.number == 2).sentence
        assert '<em><span lang="en" dir="ltr">International Guidelines</span></em>' in sentence

    def test_a_paragraph_not_translated_stands_in_its_own_language(self):
        paragraph = next(p for p in blocks(shown("es"), ShownParagraph) if p.number == 2)
        assert (paragraph.language, paragraph.direction) == ("en", "ltr")
        assert paragraph.is_fallback
        assert shown("es").has_fallback

    def test_arabic_digits_follow_the_setting_of_the_document(self):
        numbers = [
            p.shown_number for p in blocks(shown("ar", digits="arabic_indic"), ShownParagraph)
        ]
        assert numbers[:2] == ["١", "٢"]

    def test_each_has_an_anchor_of_its_own(self):
        page = present(listed_document(), "en", symbol="", date=DATE)
        shown_ones = [(p.anchor, p.mark) for p in blocks(page, ShownParagraph)]
        assert shown_ones[:5] == [
            ("p1", "1."), ("p1-1", "(a)"), ("p1-2", "(b)"), ("p10", "10."), ("p2", "2."),
        ]  # fmt: skip
        assert page.summary[0].anchor == "p0-1"

    def test_arabic_numbers_with_a_sign_keep_their_direction(self):
        sentence = next(p for p in blocks(shown("ar"), ShownParagraph) if p.number == 2).sentence
        assert 'dir="ltr">−1,234.5</a>' in sentence


class TestHeadings:
    def test_chapters_and_annexes_are_the_contents(self):
        assert [heading.words for heading in shown().contents] == [
            "I. Mandate and method",
            "II. Results by focus area",
            "Annex I. Indicator tables",
        ]

    def test_levels_begin_under_the_title_of_the_page(self):
        levels = {heading.level for heading in blocks(shown(), ShownHeading)}
        assert levels == {2, 3}

    def test_no_anchor_stands_twice(self):
        page = shown()
        anchors = [heading.anchor for heading in blocks(page, ShownHeading)]
        anchors += [
            block.anchor for block in page.blocks if isinstance(block, ShownTable | ShownChart)
        ]
        anchors += [origin.anchor for origin in page.origins]
        assert len(anchors) == len(set(anchors))


class TestTables:
    def test_each_row_has_one_head_and_its_cells_by_kind(self):
        table = next(t for t in blocks(shown(), ShownTable) if t.anchor == "table-1")
        group, first, *_others, last = table.rows
        assert group.kind == "group"
        assert [cell.words for cell in first.cells[:4]] == [
            "FA1.1", "Urban legislation, land and governance", "30", "47",
        ]  # fmt: skip
        assert [cell.is_head for cell in first.cells] == [False, True, *[False] * 6]
        assert (first.cells[6].kind, first.cells[6].achievement) == ("progress", Decimal("0.68"))
        assert (first.cells[7].kind, first.cells[7].status) == ("rating", "on_track")
        assert (last.cells[4].kind, last.cells[4].status) == ("nothing", "not_reported")

    def test_each_figure_leads_to_its_arithmetic(self):
        page = shown()
        table = next(t for t in blocks(page, ShownTable) if t.anchor == "table-1")
        origins = {origin.anchor: origin.reference for origin in page.origins}
        cells = table.rows[2].cells
        assert [origins[cell.origin] for cell in cells[2:6]] == [
            "FA2.1@2013:baseline",
            "FA2.1@2014-2015:actual",
            "FA2.1@2016-2017:actual",
            "FA2.1@2018-2019:target",
        ]
        # A figure that is missing leads there as well: it says what was not reported.
        assert origins[table.rows[-1].cells[4].origin] == "FA7.1@2016-2017:actual"

    def test_a_chart_of_bullets_is_the_table_it_is(self):
        table = next(t for t in blocks(shown(), ShownTable) if t.anchor == "figure-3")
        assert table.caption.startswith("Figure 3. ")
        assert table.has_progress

    def test_leads_to_where_its_figures_come_from(self):
        page = shown()
        table = next(t for t in blocks(page, ShownTable) if t.anchor == "table-1")
        assert table.behind in {origin.anchor for origin in page.origins}


class TestCharts:
    def test_the_line_keeps_its_gap_its_weak_point_and_its_target(self):
        chart = next(c for c in blocks(shown(), ShownChart) if c.kind == "line")
        assert [(p.x, p.y, p.weak) for p in chart.points] == [
            ("2013", Decimal(30), False),
            ("2015", Decimal(47), True),
            ("2017", Decimal(64), False),
            ("2019", None, False),
        ]
        mark = chart.marks[0]
        assert (mark.x, mark.y, mark.label) == ("2019", Decimal(80), "80 target")
        assert [(row.label, row.value) for row in chart.rows] == [
            ("2013", "30"),
            ("2015", "47"),
            ("2017", "64"),
            ("2019: 80 target", "80"),
            ("2013: baseline", "30"),
        ]


class TestOrigins:
    def test_say_evidence_and_approval_and_lead_back(self):
        page = present(listed_document(), "en", symbol="", date=DATE)
        origin = next(o for o in page.origins if o.reference == "FA2.1@2016-2017:actual")
        assert origin.lines[0].remarks == (
            "partner authorities",
            "3 pieces of evidence",
            "approved by the head of the office on 2 February 2018",
        )
        assert origin.lines[1].remarks == ("not reported", "no evidence")
        assert origin.place == "p10"

    def test_hold_the_arithmetic_that_was_frozen(self):
        found = {origin.reference: origin for origin in shown().origins}
        origin = found["FA2.1@2016-2017:actual"]
        assert origin.shown == "1,086"
        assert origin.rule == "Distinct authorities to date"
        assert [(line.label, line.value) for line in origin.lines] == [
            ("Regional Office for Africa", "3"),
            ("Urban planning and design", ""),
        ]
        assert (origin.code, origin.period) == ("FA2.1", "2016-2017")

    def test_a_figure_that_is_none_of_an_indicator_leads_nowhere_else(self):
        found = {origin.reference: origin for origin in shown().origins}
        assert found["slum@2016"].code == ""


class TestHostileWords:
    def test_nothing_in_a_document_is_trusted(self):
        page = shown(hostile=HOSTILE)
        paragraph = next(p for p in blocks(page, ShownParagraph) if p.number == 9)
        assert "<script>" not in paragraph.sentence
        assert "&lt;script&gt;" in paragraph.sentence
        assert "&amp;amp;" in paragraph.sentence
        assert "\x0b" not in paragraph.sentence
        heading = next(h for h in blocks(page, ShownHeading) if "script" in h.words)
        assert "<script>" not in heading.words
