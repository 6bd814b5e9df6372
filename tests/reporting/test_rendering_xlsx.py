"""The XLSX read back: sheets, numbers, statuses and directions."""

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.workbook import Workbook
from rendered_sample import sample_file
from sample_document import extract_document, listed_document, sample_document

from reporting.document import Column, Document, Figure, Row, Table, Text, fingerprint
from reporting.rendering import render


def book(document: Document | None = None, language: str = "en") -> Workbook:
    file = render(document, language, "xlsx") if document else sample_file(language, "xlsx")
    return openpyxl.load_workbook(io.BytesIO(file))


def figures(document: Document) -> dict[str, tuple[object, ...]]:
    rows = book(document)["Figures"].iter_rows(min_row=2, values_only=True)
    return {str(row[0]): row[1:] for row in rows}


class TestSheets:
    def test_are_a_cover_one_for_each_table_the_figures_and_their_arithmetic(self) -> None:
        assert book().sheetnames == [
            "Cover", "Table 1", "Figure 3", "Table 2", "Figures", "Where it comes from",
        ]  # fmt: skip

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
            "Where it comes from (2)",
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


class TestLineage:
    def test_has_a_row_for_each_line_with_evidence_and_approval(self) -> None:
        rows = book(listed_document())["Where it comes from"].iter_rows(values_only=True)
        found = [row for row in rows if row[0] == "FA2.1@2016-2017:actual"]
        assert found == [
            (
                "FA2.1@2016-2017:actual",
                "Urban planning and design",
                "1,086",
                "Regional Office for Africa",
                3.5,
                "partner authorities",
                3,
                "approved by the head of the office on 2 February 2018",
                "Distinct authorities to date",
            ),
            (
                "FA2.1@2016-2017:actual",
                "Urban planning and design",
                "1,086",
                "Urban planning and design",
                None,
                "not reported",
                0,
                None,
                "Distinct authorities to date",
            ),
        ]

    def test_a_number_can_be_followed_to_it_and_back(self) -> None:
        found = book(listed_document())

        def follow(cell: Any) -> Any:
            sheet, _, place = cell.hyperlink.location.rpartition("!")
            return found[sheet.strip("'")][place]

        number = found["Table 1"]["E6"]
        assert number.value == 1086
        figure = follow(number)
        assert (figure.value, figure.parent.title) == ("FA2.1@2016-2017:actual", "Figures")
        line = follow(figure.parent.cell(figure.row, 10))
        assert (line.value, line.parent.title) == (figure.value, "Where it comes from")
        assert line.parent.cell(line.row, 4).value == "Regional Office for Africa"
        assert follow(line).coordinate == figure.coordinate

    def test_what_is_not_reported_can_be_followed_too(self) -> None:
        missing = book()["Table 1"]["E11"]
        assert (missing.value, missing.hyperlink.location[:9]) == ("..", "'Figures'")


class TestText:
    def test_goes_on_in_the_next_cell_where_one_cannot_hold_it(self) -> None:
        row = list(book(extract_document("x" * 40_000))["Accounts"].iter_rows(values_only=True))[1]
        assert [len(str(cell)) for cell in row[1:]] == [32_000, 8_000]


class TestExtract:
    def test_says_what_it_is_and_has_the_sheets_that_its_tables_name(self) -> None:
        document = extract_document()
        found = book(document)
        assert found.sheetnames == [
            "About this file", "Indicators", "Accounts", "Figures", "Where it comes from",
        ]  # fmt: skip
        about = {row[0]: row[1] for row in found.worksheets[0].iter_rows(values_only=True)}
        assert about["Period"] == "2016-2017"
        assert about["Figures as of"] == "2018-02-02T12:00:00+00:00"
        assert about["Fingerprint of the document (SHA-256)"] == fingerprint(document)
        assert "Report of the Executive Director" not in about.values()

    def test_has_its_heads_in_the_first_row_and_nothing_but_rows_below(self) -> None:
        rows = list(book(extract_document())["Indicators"].iter_rows(values_only=True))
        assert rows == [
            ("Code", "Indicator", "Actual", "Share (%)"),
            ("R1", "Words", 1086, 29.85),
            ("R2", "Words", "..", None),
            ("R3", "Words", -1234.5, "n/a"),
        ]
