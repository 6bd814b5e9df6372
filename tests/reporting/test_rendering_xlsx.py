"""The XLSX read back: sheets, numbers, statuses and directions."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
from openpyxl.workbook import Workbook
from sample_document import sample_document

from reporting.document import Column, Document, Figure, LineageLine, Row, Table, Text
from reporting.rendering import render


def book(document: Document | None = None, language: str = "en") -> Workbook:
    return openpyxl.load_workbook(
        io.BytesIO(render(document or sample_document(), language, "xlsx"))
    )


def figures(document: Document) -> dict[str, tuple[object, ...]]:
    rows = book(document)["Figures"].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): row[1:] for row in rows}


class TestSheets:
    def test_are_a_cover_one_for_each_table_and_the_figures(self) -> None:
        assert book().sheetnames == ["Cover", "Table 1", "Figure 3", "Table 2", "Figures"]

    def test_names_are_made_fit_and_unique(self) -> None:
        sample = sample_document()
        labels = dict(sample.labels) | {
            "table": Text.of(en="Tables [of] results: all/of:them, long")
        }
        table = Table(
            1, Text.of(en="T"), (Column("a", Text.of(en="A")),), (Row((Text.of(en="x"),)),)
        )
        names = book(replace(sample, labels=labels, blocks=(table, table))).sheetnames
        assert names[1:3] == ["Tables  of  results  all of the", "Tables  of  results  all of t 2"]

    def test_heads_stay_in_sight(self) -> None:
        found = book()
        assert found["Table 1"].freeze_panes == "A4"
        assert found["Figures"].freeze_panes == "B2"

    def test_run_from_right_to_left_in_arabic_only(self) -> None:
        assert {sheet.sheet_view.rightToLeft for sheet in book(language="ar")} == {True}
        assert {bool(sheet.sheet_view.rightToLeft) for sheet in book(language="zh")} == {False}

    def test_table_has_its_numbers_and_words(self) -> None:
        rows = list(book()["Table 1"].iter_rows(values_only=True))
        assert rows[0][0] == "Table 1. Seven focus-area results: four are where they should be"
        assert rows[1][0] == "Number of partner authorities, to date · Illustrative"
        assert rows[3][0] == "Normative and operational results"
        assert rows[5] == (
            "FA2.1", "Urban planning and design", 42, 61, 1086, 1110, 0.65, "On track"
        )  # fmt: skip
        assert rows[10][4] == ".."


class TestFigures:
    def test_tell_all_that_is_known_of_them(self) -> None:
        assert figures(sample_document())["FA2.1@2016-2017:actual"] == (
            "Urban planning and design",
            1086,
            "1,086",
            "partner authorities",
            "Reported",
            "Yes",
            "Register of partner authorities, invented for demonstration. CC0",
            "Distinct authorities to date",
            "Regional Office for Africa | 3 | partner authorities\nUrban planning and design",
        )

    def test_zero_is_a_value_and_nothing_has_three_kinds(self) -> None:
        found = figures(sample_document())
        assert [found[key][1:5:3] for key in ("zero@2017", "slum@2018", "FA7.1@2016-2017:actual", "slum@2019")] == [
            (0, "Reported"),
            (None, "Not due"),
            ("..", "Not reported"),
            ("n/a", "Not applicable"),
        ]  # fmt: skip

    def test_what_no_floating_number_holds_is_written_as_exact_text(self) -> None:
        sample = sample_document()
        long = Figure("long", Decimal("1234567890123456789.25"))
        found = figures(replace(sample, figures=dict(sample.figures) | {"long": long}))
        assert found["long"][1] == "1234567890123456789.25"

    def test_a_long_lineage_goes_on_in_the_next_cells(self) -> None:
        sample = sample_document()
        lines = tuple(LineageLine(Text.of(en="x" * 1000)) for _ in range(40))
        long = Figure("long", Decimal(1), lineage=lines)
        found = figures(replace(sample, figures=dict(sample.figures) | {"long": long}))
        cells = [str(cell) for cell in found["long"][8:] if cell]
        assert len(cells) == 2
        assert "".join(cells).count("x") == 40_000
