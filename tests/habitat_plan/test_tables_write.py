"""What is written opens as written: numbers as numbers, texts as texts, and reads back equal."""

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from table_files import COLUMNS, table_of, texts_of

from habitat_plan.kit.tables.guard import guarded, is_dangerous, unguarded
from habitat_plan.kit.tables.read import read_table
from habitat_plan.kit.tables.write import Sheet, Value, write_csv, write_xlsx

MADE_AT = dt.datetime.fromisoformat("2016-03-01T00:00:00")
HEAD = ("Code", "Value", "Note")
TRIGGERS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def as_csv(*rows: tuple[Value, ...], **options: Any) -> bytes:
    return b"".join(write_csv(Sheet("Figures", HEAD, rows), **options))


def as_xlsx(*rows: tuple[Value, ...], **options: Any) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, [Sheet("Figures", HEAD, rows)], made_at=MADE_AT, **options)
    return out.getvalue()


def cells(content: bytes) -> list[list[Any]]:
    """The cells of a workbook as another program reads them."""
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


class TestGuard:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            *[(f"{sign}1", f"'{sign}1") for sign in TRIGGERS],
            *[(f"{space}x", f"'{space}x") for space in "\t\r"],
            (" =1", "' =1"),
            ('"=1', "'\"=1"),
            ("'=1", "''=1"),
            ("a;=1", "'a;'=1"),
            ('a,"@x', "'a,'\"@x"),
            ("a\n-1", "'a\n'-1"),
            ("a|＝1", "'a|'＝1"),
        ],
    )
    def test_stands_before_every_beginning_that_could_be_run(self, text: str, written: str) -> None:
        assert guarded(text) == written
        assert unguarded(written) == text

    @pytest.mark.parametrize(
        "text",
        ["", "5 - 3", "a = b", "it's 5, - 3 more", "'tis", "rock 'n' roll", "a@b.org", "1-2"],
    )
    def test_leaves_other_texts_alone(self, text: str) -> None:
        assert guarded(text) == unguarded(text) == text

    @given(st.text(alphabet="=+-@＝＠'\",;|\t\r\n a1", max_size=12))
    def test_comes_off_exactly(self, text: str) -> None:
        assert unguarded(guarded(text)) == text
        assert (guarded(text) != text) == is_dangerous(text)

    @given(st.text(alphabet="=-@'\",; a", max_size=12))
    def test_what_was_not_written_by_us_stays_unless_it_begins_as_if(self, text: str) -> None:
        assert unguarded(text) == text or text.startswith("'")


class TestCsv:
    def test_begins_with_the_mark_that_spreadsheets_need(self) -> None:
        assert as_csv(("FA2.1", 5, "été"))[:3] == b"\xef\xbb\xbf"

    @pytest.mark.parametrize(
        ("value", "language", "written"),
        [
            (Decimal("-5"), "en", "-5"),
            (-5, "fr", "-5"),
            (Decimal("1234.50"), "en", "1234.5"),
            (Decimal("1234.5"), "fr", "1234,5"),
            (Decimal("1E+3"), "en", "1000"),
            (Decimal("-0.0"), "en", "0"),
            (0, "en", "0"),
            (True, "en", "TRUE"),
            (None, "en", ""),
            (dt.date(2016, 5, 3), "fr", "2016-05-03"),
            ("-5", "en", "'-5"),
        ],
    )
    def test_numbers_stay_numbers(self, value: Value, language: str, written: str) -> None:
        content = as_csv(("FA2.1", value, ""), language=language, separator=";").decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(content, newline=""), delimiter=";"))
        assert rows[1][1] == written

    def test_comes_in_pieces(self) -> None:
        sheet = Sheet("Figures", HEAD, ((f"FA{n}", n, "") for n in range(1_200)))
        pieces = list(write_csv(sheet))
        assert len(pieces) == 3
        assert len(texts_of(b"".join(pieces))) == 1_200


class TestXlsx:
    def test_numbers_are_numbers_and_texts_are_texts(self) -> None:
        content = as_xlsx(("=1+1", Decimal("-5"), "http://a.b"), ("5", Decimal("12.5"), "{=1}"))
        types = [[cell.data_type for cell in row] for row in cells(content)[1:]]
        assert types == [["s", "n", "s"], ["s", "n", "s"]]
        assert cells(content)[1][0].value == "=1+1"
        assert cells(content)[1][2].hyperlink is None

    def test_a_number_that_no_spreadsheet_holds_is_written_as_text(self) -> None:
        cell = cells(as_xlsx(("FA2.1", Decimal("1234567890123456789"), "")))[1][1]
        assert (cell.data_type, cell.value) == ("s", "1234567890123456789")

    def test_a_date_and_a_truth_value_keep_their_kind(self) -> None:
        row = cells(as_xlsx(("FA2.1", dt.date(2016, 5, 3), True)))[1]
        assert (row[1].is_date, row[1].value.date()) == (True, dt.date(2016, 5, 3))
        assert (row[2].data_type, row[2].value) == ("b", True)

    def test_a_text_too_long_for_a_cell_is_an_error_and_not_left_out(self) -> None:
        with pytest.raises(ValueError, match="32767"):
            as_xlsx(("x" * 32_768, 1, ""))

    def test_runs_from_right_to_left_if_asked(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(as_xlsx(right_to_left=True)))
        assert book.active.sheet_view.rightToLeft

    def test_is_the_same_file_each_time(self) -> None:
        assert as_xlsx(("FA2.1", 5, "x")) == as_xlsx(("FA2.1", 5, "x"))


class TestRoundTrip:
    ROWS = (
        ("=1+1", Decimal("-5"), "+33 1 23"),
        ("@SUM", Decimal("0"), "-\nsecond line"),
        ("＝1", Decimal("1234.5678"), "a;=1+1"),
        ("'=1", Decimal("999999999999999"), "\t=1"),
        ("_x0041_", Decimal("0.0001"), "ampersand & <b>"),
    )

    @pytest.mark.parametrize("language", ["en", "fr", "ar"])
    @pytest.mark.parametrize("write", [as_csv, as_xlsx])
    def test_texts_come_back_unchanged_and_numbers_equal(self, write: Any, language: str) -> None:
        options = {"language": language} if write is as_csv else {}
        content = write(*self.ROWS, **options)
        table = read_table(content, name="x", language=language, columns=COLUMNS)
        found = [[cell.text for cell in row.cells.values()] for row in table.rows]
        for (code, number, note), (read_code, read_number, read_note) in zip(
            self.ROWS, found, strict=True
        ):
            assert (read_code, read_note) == (code, note)
            assert Decimal(read_number.replace(",", ".")) == number

    def test_no_formula_is_met_on_the_way_back(self) -> None:
        table, _rows = table_of(as_xlsx(*self.ROWS))
        assert table.formulas == 0
