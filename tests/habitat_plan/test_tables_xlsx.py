"""Workbooks are read as the person who filled them in sees them, or refused in a sentence."""

import datetime as dt
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from table_files import (
    HEADINGS,
    MAIN,
    package,
    refusal,
    saved,
    sheet_xml,
    table_of,
    texts_of,
    workbook,
    zipped,
)

from habitat_plan.kit.tables.limits import Limits

HEAD = ["Code", "Value", "Note"]


def value(given: Any, number_format: str = "General", language: str = "en") -> Any:
    """The cell that is read where somebody put this."""

    def change(sheet: Any) -> None:
        sheet["B2"].number_format = number_format

    _table, rows = table_of(workbook([HEAD, ["FA2.1", given]], change), language)
    return rows[0].cells["value"]


def raw_value(cell: str, **parts: Any) -> Any:
    """The same for a cell written by hand."""
    row = f'<row r="2"><c r="A2" t="inlineStr"><is><t>FA2.1</t></is></c>{cell}</row>'
    _table, rows = table_of(package(sheet_xml(HEADINGS + row), **parts))
    return rows[0].cells["value"]


class TestNumbers:
    @pytest.mark.parametrize(
        ("given", "text"),
        [
            (5, "5"),
            (-5, "-5"),
            (0, "0"),
            (12.5, "12.5"),
            (0.1 + 0.2, "0.3"),
            (33.300000000000004, "33.3"),
            (1 / 3, "0.333333333333333"),
            (1e-7, "0.0000001"),
            (999_999_999_999_999, "999999999999999"),
            (1e15, "1000000000000000"),
            (Decimal("1234.5678"), "1234.5678"),
        ],
    )
    def test_are_exact_and_without_the_noise_of_binary_fractions(
        self, given: float, text: str
    ) -> None:
        cell = value(given)
        assert (cell.text, cell.number) == (text, Decimal(text))

    @pytest.mark.parametrize(
        ("language", "text"),
        [("en", "1234.5"), ("zh", "1234.5"), ("ar", "1234.5"), ("fr", "1234,5"), ("ru", "1234,5")],
    )
    def test_are_written_as_the_language_writes_them(self, language: str, text: str) -> None:
        assert value(1234.5, "#,##0.00", language).text == text

    def test_a_percentage_is_the_number_that_is_shown(self) -> None:
        cell = value(0.855, "0.0%")
        assert (cell.text, cell.number, cell.note) == ("85.5", Decimal("85.5"), "shown as 85.5 %")

    @pytest.mark.parametrize("built_in", ["0%", "0.00%"])
    def test_a_percentage_of_a_built_in_format_is_one_too(self, built_in: str) -> None:
        assert value(0.85, built_in).text == "85"

    def test_a_per_cent_sign_that_is_only_text_changes_nothing(self) -> None:
        assert value(85, '0" %"').text == "85"

    @pytest.mark.parametrize("raw", ["1e9999999", "NaN", "INF", "1" * 400, "abc", "1_000", "٣"])
    def test_what_is_not_a_number_is_handed_on_as_it_stands(self, raw: str) -> None:
        cell = raw_value(f'<c r="B2"><v>{raw}</v></c>')
        assert (cell.text, cell.number) == (raw, None)

    def test_more_than_fifteen_digits_are_kept_so_that_they_are_refused(self) -> None:
        assert raw_value('<c r="B2"><v>1234567890123456</v></c>').text == "1234567890123456"

    def test_minus_nothing_is_nothing(self) -> None:
        assert raw_value('<c r="B2"><v>-0</v></c>').text == "0"


class TestOtherCells:
    @pytest.mark.parametrize(
        ("given", "number_format", "text"),
        [
            (dt.date(2016, 5, 3), "yyyy-mm-dd", "2016-05-03"),
            (dt.datetime.fromisoformat("2016-05-03T14:30"), "d.m.yyyy h:mm", "2016-05-03 14:30"),
            (dt.time(14, 30), "h:mm", "14:30"),
            (42493, "[$-409]d mmmm yyyy;@", "2016-05-03"),
            (1, "d/m/yy", "1900-01-01"),
            (61, "d/m/yy", "1900-03-01"),
            (42493, "#,##0;[Red]-#,##0", "42493"),
            (42493, '"day "0', "42493"),
        ],
    )
    def test_dates(self, given: Any, number_format: str, text: str) -> None:
        assert value(given, number_format).text == text

    def test_dates_of_a_workbook_that_counts_from_1904(self) -> None:
        book = openpyxl.Workbook()
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for row in (HEAD, ["FA2.1", dt.date(2016, 5, 3)]):
            book.active.append(row)
        assert texts_of(saved(book)) == [("FA2.1", "2016-05-03", "")]

    def test_truth_values(self) -> None:
        assert (value(True).text, value(False).text) == ("TRUE", "FALSE")

    def test_a_formula_is_not_evaluated_and_its_old_result_not_taken(self) -> None:
        cell = raw_value('<c r="B2"><f>SUM(A1:A9)</f><v>85</v></c>')
        assert (cell.text, cell.number) == ("=SUM(A1:A9)", None)
        assert cell.problem.code == "formula"
        assert "Type the value itself" in cell.problem.sentence

    @pytest.mark.parametrize("cell", ['<f t="shared" si="0"/><v>5</v>', "<f/>", "<f></f><v>5</v>"])
    def test_a_formula_that_is_written_elsewhere_is_one_too(self, cell: str) -> None:
        assert raw_value(f'<c r="B2">{cell}</c>').problem.code == "formula"

    def test_formulas_are_counted(self) -> None:
        table, rows = table_of(workbook([HEAD, ["=1", "=2"], ["FA2.1", 5]]))
        assert (table.formulas, len(rows[0].problems), len(rows[1].problems)) == (2, 2, 0)

    def test_a_formula_in_a_column_nobody_asked_for_does_not_matter(self) -> None:
        content = workbook([[*HEAD, "Check"], ["FA2.1", 5, "", "=B2"], ["", "", "", "=B3"]])
        table, rows = table_of(content)
        assert (len(rows), rows[0].problems, table.formulas) == (1, (), 0)

    def test_an_error_is_refused_in_its_cell(self) -> None:
        cell = raw_value('<c r="B2" t="e"><v>#REF!</v></c>')
        assert (cell.text, cell.problem.code) == ("#REF!", "error_value")

    def test_texts_that_look_like_numbers_stay_as_typed(self) -> None:
        assert texts_of(workbook([HEAD, ["007", "1 234,5", "١٢٫٥"]])) == [
            ("007", "1 234,5", "١٢٫٥")
        ]

    def test_rich_text_is_put_together_and_reading_aids_left_out(self) -> None:
        shared = (
            f'<sst xmlns="{MAIN}"><si><r><t>Ur</t></r><r><t xml:space="preserve">ban </t></r>'
            "<rPh><t>no</t></rPh></si></sst>"
        )
        row = '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1</v></c></row>'
        content = package(sheet_xml(HEADINGS + row), {"xl/sharedStrings.xml": shared})
        assert texts_of(content) == [("Urban", "1")]

    def test_escaped_signs_are_read_back(self) -> None:
        cell = raw_value('<c r="B2" t="str"><v>a_x000A_b_x005F_x0041_</v></c>')
        assert cell.text == "a\nb_x0041_"


class TestSheet:
    def test_rows_have_their_own_numbers_and_are_not_made_up(self) -> None:
        def change(sheet: Any) -> None:
            sheet["A900000"], sheet["B900000"] = "FA2.2", 7

        table, rows = table_of(workbook([HEAD, ["FA2.1", 5]], change))
        assert [row.number for row in rows] == [2, 900_000]
        assert rows[1].cells["value"].where == "B900000"
        assert table.ignored == []

    def test_formatted_but_empty_rows_are_left_out_by_thousands(self) -> None:
        def change(sheet: Any) -> None:
            for row in range(3, 3_003):
                sheet.cell(row, 1).font = openpyxl.styles.Font(bold=True)

        table, rows = table_of(workbook([HEAD, ["FA2.1", 5]], change))
        assert len(rows) == 1
        assert [(told.code, told.count) for told in table.ignored] == [("blank_rows", 3_000)]

    def test_hidden_rows_are_read_and_told(self) -> None:
        def change(sheet: Any) -> None:
            sheet.row_dimensions[2].hidden = True

        table, rows = table_of(workbook([HEAD, ["FA2.1", 5], ["FA2.2", 6]], change))
        assert len(rows) == 2
        assert [(told.code, told.count) for told in table.notices] == [("hidden_rows", 1)]

    def test_a_merged_value_belongs_to_the_first_row_and_the_others_are_refused(self) -> None:
        def change(sheet: Any) -> None:
            sheet.merge_cells("B2:B3")
            sheet.merge_cells("B5:B6")

        _table, rows = table_of(workbook([HEAD, ["FA2.1", 5], ["FA2.2"], ["FA2.3"]], change))
        assert [bool(row.problems) for row in rows] == [False, True, False]
        assert (
            rows[0].cells["value"].note
            == "Merged cells B2:B3: the value counts for the first only."
        )
        problem = rows[1].cells["value"].problem
        assert problem is not None
        assert (problem.code, "B2" in problem.sentence) == ("merged_cell", True)
        assert rows[2].problems == ()

    def test_cells_merged_along_a_row_are_read_as_the_first(self) -> None:
        def change(sheet: Any) -> None:
            sheet.merge_cells("A1:C1")
            sheet.merge_cells("B3:C3")

        content = workbook([["Figures of 2016"], HEAD, ["FA2.1", 5]], change)
        table, rows = table_of(content)
        assert [cell.text for cell in rows[0].cells.values()] == ["FA2.1", "5", ""]
        assert rows[0].problems == ()
        assert table.ignored[0].code == "title_rows"

    def test_the_first_visible_sheet_with_the_headings_is_read(self) -> None:
        book = openpyxl.Workbook()
        book.active.append(["Instructions"])
        for name, code, state in (("Lists", "no", "hidden"), ("Data", "yes", "visible")):
            sheet = book.create_sheet(name)
            sheet.sheet_state = state
            sheet.append(HEAD)
            sheet.append([code, 1])
        table, rows = table_of(saved(book))
        assert (table.sheet, rows[0].cells["code"].text) == ("Data", "yes")
        assert [told.code for told in table.ignored] == ["other_sheets"]
        assert "“Sheet”" in table.ignored[0].sentence

    def test_a_sheet_that_is_named_goes_before_others(self) -> None:
        book = openpyxl.Workbook()
        for sheet in (book.active, book.create_sheet("Chiffres")):
            sheet.append(HEAD)
            sheet.append([sheet.title, 1])
        assert texts_of(saved(book), sheets=["chiffres"])[0][0] == "Chiffres"

    def test_a_namespace_prefix_and_the_strict_form_make_no_difference(self) -> None:
        for space in (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"):
            rows = "".join(
                f'<x:row><x:c t="inlineStr"><x:is><x:t>{a}</x:t></x:is></x:c>'
                f'<x:c t="inlineStr"><x:is><x:t>{b}</x:t></x:is></x:c></x:row>'
                for a, b in (("Code", "Value"), ("FA2.1", "5"))
            )
            sheet = (
                f'<x:worksheet xmlns:x="{space}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
            )
            assert texts_of(package(sheet)) == [("FA2.1", "5")]

    def test_content_beyond_the_last_column_is_refused_with_its_cell(self) -> None:
        def change(sheet: Any) -> None:
            sheet["GS3"] = "far"

        found = refusal(workbook([HEAD, ["FA2.1", 5], ["FA2.2", 6]], change))
        assert (found.code, found.row, found.column) == ("too_many_columns", 3, "GS")

    def test_more_sheets_than_are_taken_are_refused(self) -> None:
        book = openpyxl.Workbook()
        for _n in range(20):
            book.create_sheet()
        assert refusal(saved(book)).code == "too_many_sheets"

    @pytest.mark.parametrize(
        "rows",
        [
            '<row r="2"/><row r="2"/>',
            '<row r="5"/><row r="4"/>',
            '<row r="1048577"/>',
            '<row r="-1"/>',
            '<row r="x"/>',
            '<row r="2"><c r="XFE2"><v>1</v></c></row>',
            '<row r="2"><c r="B2"><v>1</v></c><c r="B2"><v>2</v></c></row>',
            '<row r="2"><c r="?"><v>1</v></c></row>',
            '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
            '<row r="2"><c r="A2" s="-1"><v>0</v></c></row>',
        ],
    )
    def test_a_sheet_that_no_program_writes_is_refused(self, rows: str) -> None:
        assert refusal(package(sheet_xml(HEADINGS + rows))).code == "file_broken"

    def test_rows_are_counted_as_they_are_read(self) -> None:
        content = workbook([HEAD, *([["FA2.1", 5]] * 11)])
        assert refusal(content, limits=Limits(rows=10)).code == "too_many_rows"


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(2_000), "older_workbook"),
            (
                bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
                "password",
            ),
            (b"<html><table><tr><td>Code</td></tr></table></html>", "web_page"),
            (b"\xef\xbb\xbf \n<?xml version='1.0'?><Workbook/>", "web_page"),
            (b"%PDF-1.7", "not_a_workbook"),
            (b"\x89PNG\r\n\x1a\n", "not_a_workbook"),
            (b"\x1f\x8b\x08", "not_a_workbook"),
            (zipped({"word/document.xml": "<x/>"}), "not_a_workbook"),
            (zipped({"content.xml": "<x/>", "mimetype": "spreadsheet"}), "not_a_workbook"),
            (zipped({"xl/workbook.bin": "x"}), "not_a_workbook"),
            (b"PK\x03\x04 is only the beginning", "file_broken"),
            (b"Code,Value\na,\x00\n", "not_a_table"),
            (bytes(range(256)) * 20, "not_a_table"),
        ],
    )
    def test_are_refused_whatever_their_names_say(self, content: bytes, code: str) -> None:
        assert refusal(content).code == code

    @pytest.mark.parametrize(
        "part", ["xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"]
    )
    def test_macros_are_refused(self, part: str) -> None:
        content = package(sheet_xml(HEADINGS), {part: "x"})
        assert refusal(content).code == "macros"

    def test_text_named_as_a_workbook_is_read_and_told(self) -> None:
        table, rows = table_of(b"Code,Value\nFA2.1,5\n", name="figures.xlsx")
        assert (table.kind, len(rows)) == ("delimited", 1)
        assert [told.code for told in table.notices] == ["other_kind"]

    def test_a_workbook_named_as_text_is_read(self) -> None:
        table, _rows = table_of(workbook([HEAD, ["FA2.1", 5]]), name="figures.csv")
        assert (table.kind, table.notices) == ("xlsx", [])
