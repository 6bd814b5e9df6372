"""Two documents compared: every place that differs and only those, whatever was added between."""

import datetime as dt
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_document import sample_document

from reporting.document import (
    NO_TEXT,
    Block,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    Document,
    Figure,
    FigureRef,
    Heading,
    Masthead,
    Paragraph,
    Rating,
    Row,
    Run,
    Table,
    Text,
    blocks_of,
)
from reporting.rendering.labels import fixed_labels
from reporting.rules.comparison import Difference, compare, matched, renumbered

EN = Text.of


def en(text: str) -> Text:
    return Text.of(en=text)


def document(*blocks: Block, figures: dict[str, str], period: str = "2016-2017") -> Document:
    nothing = NO_TEXT
    return Document(
        kind="biennial_progress",
        period=period,
        as_of="2018-02-02T12:00:00+00:00",
        languages=("en",),
        masthead=Masthead(nothing, "HSP/GC/26/5", nothing, dt.date(2018, 2, 2), nothing, nothing, nothing, en("Report"), nothing),
        blocks=blocks,
        figures={key: Figure(key, Decimal(value)) for key, value in figures.items()},
        sources={},
        labels=fixed_labels(),
    )


def paragraph(number: int, *parts: str, section: str = "") -> Paragraph:
    """Words, and figures as keys that hold an @."""
    runs = tuple(FigureRef(part) if "@" in part else Run(part) for part in parts)
    return Paragraph(number, {"en": runs}, section=section)


def with_value(found: Document, key: str, value: str | Decimal) -> Document:
    figure = replace(found.figures[key], value=Decimal(value), nothing="")
    return replace(found, figures={**found.figures, key: figure})


def said(content: object, found: Document) -> str:
    """A passage in English, figures exact."""
    if content is None:
        return ""
    if isinstance(content, FigureRef):
        return str(found.figures[content.key].value)
    if isinstance(content, (Text, Rating)):
        return str((content if isinstance(content, Text) else content.word).in_language("en"))
    return "".join(
        run.text if isinstance(run, Run) else str(found.figures[run.key].value)
        for run in content["en"]
        if not hasattr(run, "source")
    )


def where(difference: Difference) -> tuple[str, int, str, str]:
    place = difference.place
    return (
        place.kind,
        place.number,
        str(place.row.in_language("en")),
        str(place.column.in_language("en")),
    )


class TestOneFigure:
    PRINTED = document(
        Heading(1, "I", en("Results")),
        paragraph(1, "At the end of 2017 it was ", "FA2.1@2017:actual", ". The target is ", "FA2.1@2019:target", "."),
        Table(
            1,
            en("Results"),
            (Column("code", en("Code")), Column("now", en("2017"), "number"), Column("target", en("Target"), "number")),
            (Row((en("FA1.1"), FigureRef("FA1.1@2017:actual"), FigureRef("FA2.1@2019:target"))),
             Row((en("FA2.1"), FigureRef("FA2.1@2017:actual"), FigureRef("FA2.1@2019:target")))),
        ),
        Chart(1, "line", en("Years"), en("A line."), (ChartPoint("2017", en("2017"), "FA2.1@2017:actual"), ChartPoint("2019", en("2019"))),
              marks=(ChartMark("2019", "FA2.1@2019:target", "target", en("target")),)),
        paragraph(2, "Nothing else."),
        figures={"FA1.1@2017:actual": "12", "FA2.1@2017:actual": "37", "FA2.1@2019:target": "60"},
    )  # fmt: skip

    def test_is_found_in_each_place_that_prints_it(self):
        found = compare(self.PRINTED, with_value(self.PRINTED, "FA2.1@2017:actual", "39"))
        assert [where(one) for one in found] == [
            ("paragraph", 1, "", ""),
            ("table", 1, "FA2.1", "2017"),
            ("chart", 1, "", "2017"),
        ]

    def test_is_quoted_with_its_sentence_and_no_other(self):
        later = with_value(self.PRINTED, "FA2.1@2017:actual", "39")
        first = compare(self.PRINTED, later)[0]
        assert said(first.was, self.PRINTED) == "At the end of 2017 it was 37."
        assert said(first.now, later) == "At the end of 2017 it was 39."

    def test_stands_behind_the_difference_exactly(self):
        later = with_value(self.PRINTED, "FA2.1@2017:actual", "39.2")
        (change,) = compare(self.PRINTED, later)[0].figures
        assert change.key == "FA2.1@2017:actual"
        assert (change.was.value, change.now.value) == (Decimal(37), Decimal("39.2"))
        assert compare(self.PRINTED, later)[0].codes == {"FA2.1"}

    def test_that_changed_in_no_printed_decimal_makes_no_difference(self):
        assert compare(self.PRINTED, with_value(self.PRINTED, "FA2.1@2017:actual", "37.4")) == ()

    def test_marks_of_a_chart_are_compared(self):
        found = compare(self.PRINTED, with_value(self.PRINTED, "FA2.1@2019:target", "80"))
        assert where(found[-1]) == ("chart", 1, "target", "2019")

    def test_that_is_no_longer_reported_differs(self):
        key = "FA2.1@2017:actual"
        gone = Figure(key, None, "not_reported")
        later = replace(self.PRINTED, figures={**self.PRINTED.figures, key: gone})
        assert len(compare(self.PRINTED, later)) == 3


class TestWhatWasAdded:
    BEFORE = document(
        paragraph(1, "Method."),
        paragraph(2, "Africa reported ", "FA1.1@2017:actual", " plans."),
        paragraph(3, "Asia reported ", "FA2.1@2017:actual", " plans."),
        figures={"FA1.1@2017:actual": "12", "FA2.1@2017:actual": "37"},
    )

    def after(self) -> Document:
        blocks = (
            paragraph(1, "Method."),
            paragraph(2, "A new paragraph about something else."),
            paragraph(3, "Africa reported ", "FA1.1@2017:actual", " plans."),
            paragraph(4, "Asia reported ", "FA2.1@2017:actual", " plans."),
        )
        return replace(self.BEFORE, blocks=blocks)

    def test_a_paragraph_makes_only_itself_different(self):
        (only,) = compare(self.BEFORE, self.after())
        assert only.was is None
        assert said(only.now, self.after()) == "A new paragraph about something else."
        assert (only.place.number, only.place.is_after) == (1, True)

    def test_a_paragraph_taken_out_makes_only_itself_different(self):
        (only,) = compare(self.after(), self.BEFORE)
        assert only.now is None
        assert (only.place.number, only.place.is_after) == (2, False)

    def test_a_later_change_is_placed_by_the_number_in_the_first_document(self):
        later = with_value(self.after(), "FA2.1@2017:actual", "39")
        assert [where(one)[:2] for one in compare(self.BEFORE, later)] == [
            ("paragraph", 1),
            ("paragraph", 3),
        ]

    def test_a_further_change_is_placed_by_the_number_in_the_issued_document(self):
        today = with_value(self.after(), "FA2.1@2017:actual", "41")
        since = compare(self.after(), today)
        assert [one.place.number for one in since] == [4]
        home = renumbered(since, base=self.after(), issued=self.BEFORE)
        assert [one.place.number for one in home] == [3]

    def test_a_sentence_is_quoted_with_the_one_before_it(self):
        one = replace(self.BEFORE, blocks=(paragraph(1, "It grew. It will grow."),))
        two = replace(self.BEFORE, blocks=(paragraph(1, "It grew. Asia did not report. It will grow."),))
        (only,) = compare(one, two)
        assert said(only.was, one) == "It grew."
        assert said(only.now, two) == "It grew. Asia did not report."

    def test_a_row_makes_only_itself_different(self):
        columns = (Column("code", en("Code")), Column("now", en("2017"), "number"))
        africa = Row((en("Africa"), FigureRef("FA1.1@2017:actual")))
        asia = Row((en("Asia"), FigureRef("FA2.1@2017:actual")))
        one = replace(self.BEFORE, blocks=(Table(1, en("Offices"), columns, (asia,)),))
        two = replace(self.BEFORE, blocks=(Table(4, en("Offices"), columns, (africa, asia)),))
        (only,) = compare(one, two)
        assert where(only) == ("table", 1, "Africa", "")
        assert said(only.now, two) == "Code: Africa; 2017: 12"

    def test_a_section_in_one_of_them_is_named(self):
        more = (*self.BEFORE.blocks, Heading(1, "II", en("Lessons"), section="lessons"))
        (only,) = compare(self.BEFORE, replace(self.BEFORE, blocks=more))
        assert (only.place.kind, said(only.now, self.BEFORE)) == ("heading", "Lessons")


class TestRatings:
    def test_a_grade_that_changed_is_no_difference_of_words_only(self):
        columns = (Column("code", en("Code")), Column("rating", en("Rating"), "rating"))

        def rated(status, word):
            row = Row((en("FA1.1"), Rating(status, en(word))))
            return document(Table(1, en("Results"), columns, (row,)), figures={})

        (only,) = compare(rated("on_track", "On track"), rated("achieved", "Achieved"))
        assert where(only) == ("table", 1, "FA1.1", "Rating")
        assert not only.is_of_words
        (words,) = compare(rated("on_track", "On track"), rated("on_track", "As planned"))
        assert words.was.word != words.now.word

    def test_words_alone_are_known_as_such(self):
        one, two = (document(paragraph(1, text), figures={}) for text in ("Ten cities.", "Ten towns."))
        assert [found.is_of_words for found in compare(one, two)] == [True]


class TestTwoPeriods:
    def test_pair_figures_by_code_and_what_with_their_change(self):
        first = document(paragraph(1, "FA2.1@2014-2015:actual", "FA1.1@2014-2015:actual", "FA2.1@2015:actual"), period="2014-2015",
                         figures={"FA2.1@2014-2015:actual": "25", "FA1.1@2014-2015:actual": "9", "FA2.1@2015:actual": "25"})  # fmt: skip
        second = document(paragraph(1, "FA2.1@2016-2017:actual", "FA2.1@2016-2017/ROAF:actual", "FA2.1@2015:actual"),
                          figures={"FA2.1@2016-2017:actual": "39.5", "FA2.1@2016-2017/ROAF:actual": "4", "FA2.1@2015:actual": "26"})  # fmt: skip
        found = [(one.of.code, one.of.office, one.of.period, one.change) for one in matched(first, second)]
        assert found == [
            ("FA2.1", "", "", Decimal("14.5")),
            ("FA1.1", "", "", None),
            ("FA2.1", "", "2015", Decimal(1)),
            ("FA2.1", "ROAF", "", None),
        ]


def expected_places(found: Document, key: str) -> Counter[tuple[str, int, str, str]]:
    """Where a figure is printed, by a reading that shares nothing with the comparison."""
    places: Counter[tuple[str, int, str, str]] = Counter()
    for block in blocks_of(found):
        if isinstance(block, Paragraph):
            hits = [run for runs in block.runs.values() for run in runs if isinstance(run, FigureRef)]
            places["paragraph", block.number, "", ""] += any(run.key == key and not run.words for run in hits)
        elif isinstance(block, Table):
            places.update(cells_with(block, key))
        elif isinstance(block, Chart):
            places.update(points_with(block, key))
    return +places


def cells_with(table: Table, key: str) -> list[tuple[str, int, str, str]]:
    found = []
    for row in table.rows:
        names = [str(cell.in_language("en")) for cell in row.cells[: 1 + isinstance(row.cells[-1], Rating)] if isinstance(cell, Text)]
        for cell, column in zip(row.cells, table.columns, strict=False):
            if cell == FigureRef(key):
                found.append(("table", table.number, " ".join(filter(None, names)), str(column.heading.in_language("en"))))
    return found


def points_with(chart: Chart, key: str) -> list[tuple[str, int, str, str]]:
    labels = {point.key: str(point.label.in_language("en")) for point in chart.points}
    points = [("chart", chart.number, "", labels[point.key]) for point in chart.points if point.figure == key]
    marks = [("chart", chart.number, str(mark.label.in_language("en")), labels[mark.point]) for mark in chart.marks if mark.figure == key]
    return points + marks


class TestSample:
    SAMPLE = sample_document()

    def test_equals_itself(self):
        assert compare(self.SAMPLE, sample_document()) == ()

    @pytest.mark.parametrize("key", sorted(sample_document().figures))
    def test_each_figure_is_found_where_it_is_printed_and_nowhere_else(self, key):
        value = (self.SAMPLE.figures[key].value or Decimal(0)) + 7
        later = with_value(self.SAMPLE, key, value)
        found = compare(self.SAMPLE, later)
        assert Counter(map(where, found)) == expected_places(self.SAMPLE, key)
        assert all([change.key for change in one.figures] == [key] for one in found)


KEYS = tuple(f"{code}@2016-2017:{what}" for code in ("FA1.1", "FA2.1", "LS3") for what in ("actual", "target"))
WORDS = st.sampled_from(["It was ", " at the end. ", "Against ", "。", " plans. See (a). ", ""])
PARTS = st.lists(st.one_of(st.sampled_from(KEYS), WORDS), min_size=1, max_size=6)


@st.composite
def documents(draw) -> Document:
    blocks: list[Block] = []
    for number in range(1, draw(st.integers(1, 8)) + 1):
        kind = draw(st.sampled_from(["paragraph", "paragraph", "heading", "table", "chart"]))
        if kind == "paragraph":
            blocks.append(paragraph(number, *draw(PARTS)))
        elif kind == "heading":
            blocks.append(Heading(1, "", en(draw(st.sampled_from("ABC")))))
        elif kind == "table":
            columns = (Column("name", en("Name")), Column("now", en("Now"), "number"))
            rows = [Row((en(name), FigureRef(draw(st.sampled_from(KEYS))))) for name in draw(st.lists(st.sampled_from("PQRS"), max_size=4))]
            blocks.append(Table(number, en("T"), columns, tuple(rows), key=draw(st.sampled_from(["", f"t{number}"]))))
        else:
            points = [ChartPoint(str(n), en(str(n)), key) for n, key in enumerate(draw(st.lists(st.sampled_from(KEYS), max_size=3)))]
            blocks.append(Chart(number, "bars", en("C"), en("Bars."), tuple(points)))
    values = draw(st.lists(st.integers(-50, 50), min_size=len(KEYS), max_size=len(KEYS)))
    return document(*blocks, figures=dict(zip(KEYS, map(str, values), strict=True)))


class TestAnyDocument:
    @given(documents())
    @settings(max_examples=150, deadline=None)
    def test_equals_itself(self, found):
        assert compare(found, found) == ()

    @given(documents(), st.sampled_from(KEYS), st.integers(1, 9))
    @settings(max_examples=300, deadline=None)
    def test_a_changed_figure_is_found_everywhere_and_nowhere_else(self, found, key, by):
        later = with_value(found, key, found.figures[key].value + by)
        differences = compare(found, later)
        assert Counter(map(where, differences)) == expected_places(found, key)
        assert all({change.key for change in one.figures} == {key} for one in differences)
