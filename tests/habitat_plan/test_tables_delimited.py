"""Delimited text is read as the person who made it sees it, or refused in a sentence."""

import io

import pytest
from table_files import COLUMNS, refusal, table_of, texts_of

from habitat_plan.kit.tables.limits import LIMITS, Limits
from habitat_plan.kit.tables.read import read_table

FRENCH = "Indicateur;Valeur;Remarque\r\nFA2.1;12,5;Villes ayant adopté des règles d’été\r\n"
RUSSIAN = "Code;Value;Note\nFA2.1;12,5;Число городов, принявших политику\n"
ARABIC = "المؤشر;القيمة;ملاحظة\nFA2.1;١٢٫٥;عدد المدن التي اعتمدت سياسات\n"
CHINESE = "指标,数值,备注\nFA2.1,12.5,通过城市政策的城市数目（北京）\n"


class TestSeparatorsAndQuotes:
    @pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_finds_the_separator_and_any_line_end(self, separator: str, end: str) -> None:
        lines = [["Code", "Value", "Note"], ["FA2.1", "5", "x"]]
        content = end.join(separator.join(line) for line in lines).encode()
        table, rows = table_of(content)
        assert table.separator == separator
        assert rows[0].cells["value"].text == "5"

    def test_the_headings_decide_where_two_separators_could_be_meant(self) -> None:
        assert texts_of(b"Code;Value;Note\na,b;5,5;c,d,e\n") == [("a,b", "5,5", "c,d,e")]

    def test_a_declared_separator_is_no_row(self) -> None:
        table, rows = table_of(b"sep=;\r\nCode;Value\r\nFA2.1;5\r\n")
        assert (table.heading_row, rows[0].number) == (1, 2)

    def test_quoted_line_breaks_count_as_one_row(self) -> None:
        _table, rows = table_of(b'Code,Value,Note\na,1,"one\ntwo"\nb,2,"say ""yes"", now"\n')
        assert [row.number for row in rows] == [2, 3]
        assert rows[0].cells["note"].text == "one\ntwo"
        assert rows[1].cells["note"].text == 'say "yes", now'

    def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_row(self) -> None:
        found = refusal(b'Code,Value,Note\na,1,x\nb,2,"open\nc,3,y\n')
        assert (found.code, found.row) == ("quotation_mark", 3)

    def test_a_row_with_more_cells_than_headings_is_refused_in_each_cell(self) -> None:
        """12,5 without quotation marks in a file parted by commas."""
        _table, rows = table_of(b"Code,Value,Note\nFA2.1,12,5,x\nFA2.2,7,y\n")
        assert {cell.problem.code for cell in rows[0].problems if cell.problem} == {"ragged_row"}
        assert len(rows[0].problems) == 3
        assert rows[1].problems == ()

    def test_a_short_row_has_empty_cells(self) -> None:
        assert texts_of(b"Code,Value,Note\nFA2.1\n") == [("FA2.1", "", "")]


class TestRows:
    def test_numbers_them_as_a_spreadsheet_does_and_counts_blank_ones(self) -> None:
        table, rows = table_of(b"Code,Value\n\n,\n  ,\nFA2.1,5\n" + b"\n" * 5_000)
        assert [row.number for row in rows] == [5]
        assert rows[0].cells["value"].where == "B5"
        assert [(told.code, told.count) for told in table.ignored] == [("blank_rows", 5_003)]

    def test_leaves_out_titles_tags_and_unknown_columns_and_says_so(self) -> None:
        content = b"Figures of 2016\n\nCode,Extra,Value\n#code,,#value+num\nFA2.1,x,5\n"
        table, rows = table_of(content)
        assert [tuple(row.cells) for row in rows] == [("code", "value")]
        assert (table.heading_row, table.columns["value"].letter) == (3, "C")
        assert [(told.code, told.row, told.column) for told in table.ignored] == [
            ("title_rows", 3, ""),
            ("unknown_column", 3, "B"),
            ("tag_row", 4, ""),
        ]

    def test_a_text_that_begins_with_a_number_sign_is_no_row_of_tags(self) -> None:
        assert texts_of(b"Code,Value\n#1 priority,#code\n") == [("#1 priority", "#code")]

    def test_trims_spaces_of_all_kinds(self) -> None:
        content = "Code,Value\n\u00a0FA2.1\u2003 ,\t1\u00a0234\u00a0\n".encode()
        assert texts_of(content) == [("FA2.1", "1\u00a0234")]

    def test_an_optional_column_that_is_missing_is_not_an_empty_one(self) -> None:
        _table, rows = table_of(b"Code,Value\nFA2.1,5\n")
        assert "note" not in rows[0].cells

    @pytest.mark.parametrize("given", [">95", "n/a", "N/A", "-", "..", "12 %", "see description"])
    def test_hands_on_what_is_no_number_as_it_was_typed(self, given: str) -> None:
        assert texts_of(f"Code,Value\nFA2.1,{given}\n".encode()) == [("FA2.1", given)]


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        [
            "value",
            " VALUE ",
            '"Va"',
            "Value *",
            "Value:",
            "Ｖａｌｕｅ",
            "\u200fValue",
            "Valeur",
            "amount",
        ],
    )
    def test_are_known_in_any_case_width_and_language(self, heading: str) -> None:
        content = f"Code,{heading}\nFA2.1,5\n".replace('"Va"', '"Value\n"').encode()
        assert texts_of(content) == [("FA2.1", "5")]

    def test_names_what_is_missing_and_the_row(self) -> None:
        found = refusal(b"Title\nCode,Note\nFA2.1,x\n")
        assert (found.code, found.row, found.params["columns"]) == ("columns_missing", 2, ["value"])
        assert "“Value”" in found.sentence

    def test_says_which_are_needed_where_none_is_found(self) -> None:
        found = refusal(b"a,b\n1,2\n")
        assert found.code == "no_headings"
        assert "“Code”, “Value”" in found.sentence

    def test_twice_with_the_same_content_counts_once(self) -> None:
        table, rows = table_of(b"Code,Value,Value\nFA2.1,5,5\nFA2.2,,\n")
        assert rows[0].cells["value"].where == "B2"
        assert ("same_column_twice", 2) in [(told.code, told.count) for told in table.ignored]

    def test_twice_with_different_content_is_refused_naming_both_columns(self) -> None:
        found = refusal(b"Code,Value,Amount\nFA2.1,5,5\nFA2.2,6,7\n")
        assert (found.code, found.row, found.column) == ("columns_differ", 3, "C")
        assert "B and C" in found.sentence


class TestEncodings:
    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            *[(text, "utf-8") for text in (FRENCH, RUSSIAN, ARABIC, CHINESE)],
            *[(text, "utf-8-sig") for text in (FRENCH, RUSSIAN, ARABIC, CHINESE)],
            *[(text, "utf-16") for text in (FRENCH, RUSSIAN, ARABIC, CHINESE)],
            *[(FRENCH, "utf-16-le"), (FRENCH, "utf-16-be"), (FRENCH, "utf-32")],
            *[(FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (CHINESE, "gb18030"), (CHINESE, "gbk")],
            ("Code;Value;Note\nA;5;عدد المدن التي اعتمدت\n", "cp1256"),
        ],
    )
    def test_reads_every_letter(self, text: str, encoding: str) -> None:
        expected = text.splitlines()[1].split(";" if ";" in text else ",")
        assert texts_of(text.encode(encoding)) == [tuple(expected)]

    @pytest.mark.parametrize(
        ("text", "encoding"),
        [
            *[(RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (RUSSIAN, "iso8859_5")],
            *[(FRENCH.replace("’", "'"), "cp850"), (FRENCH, "mac_roman"), (CHINESE, "big5hkscs")],
        ],
    )
    def test_refuses_an_encoding_that_it_would_misread(self, text: str, encoding: str) -> None:
        found = refusal(text.encode(encoding, "ignore"))
        assert found.code == "encoding_unknown"
        assert "CSV UTF-8" in found.sentence

    def test_says_what_it_guessed(self) -> None:
        table, _rows = table_of(FRENCH.encode("cp1252"))
        assert [told.code for told in table.notices] == ["encoding_guessed", "other_kind"]
        assert "Windows-1252" in table.notices[0].sentence

    def test_one_broken_letter_beyond_the_sample_does_not_turn_into_another(self) -> None:
        found = refusal("Code;Value;Note\nA;5;Größe\nB;6;\x9d\n".encode("latin-1"))
        assert found.code == "encoding_unknown"

    def test_half_a_letter_at_the_end_of_wide_text_is_refused(self) -> None:
        found = refusal(FRENCH.encode("utf-16")[:-1])
        assert found.code == "encoding_broken"


class TestLimits:
    def test_rows_are_counted_as_they_are_read(self) -> None:
        content = b"Code,Value\n" + b"a,1\n" * 11
        found = refusal(content, limits=Limits(rows=10))
        assert (found.code, found.row) == ("too_many_rows", 12)
        assert "10 rows" in found.sentence

    def test_blank_rows_do_not_count(self) -> None:
        content = b"Code,Value\n" + b",\n" * 100 + b"a,1\n" * 10
        assert len(texts_of(content, limits=Limits(rows=10))) == 10

    def test_a_cell_holds_what_a_spreadsheet_cell_holds(self) -> None:
        fits, too_long = "x" * 32_767, "y" * 32_768
        _table, rows = table_of(f"Code,Value\n{fits},1\n{too_long},2\n".encode())
        assert rows[0].problems == ()
        assert [cell.problem.code for cell in rows[1].problems if cell.problem] == ["too_long"]

    def test_a_large_file_is_refused_before_it_is_read(self) -> None:
        found = refusal(b"x" * 1025, limits=Limits(file_bytes=1024))
        assert found.code == "file_too_large"

    @pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
    def test_an_empty_file_is_refused(self, content: bytes) -> None:
        assert refusal(content).code in {"empty_file", "no_headings"}

    @pytest.mark.parametrize("sign", ["\x07", "\x0b", "\x7f"])
    def test_signs_that_cannot_be_shown_are_refused_in_their_cell(self, sign: str) -> None:
        _table, rows = table_of(f"Code,Value\nFA{sign}2,5\n".encode())
        assert [cell.where for cell in rows[0].problems] == ["A2"]


class TestFile:
    def test_stays_open_and_is_read_from_its_beginning(self) -> None:
        file = io.BytesIO(b"Code,Value\nFA2.1,5\n")
        file.seek(7)
        table = read_table(file, name="x.csv", language="en", columns=COLUMNS, limits=LIMITS)
        assert len(list(table.rows)) == 1
        assert not file.closed

    def test_may_be_closed_before_all_rows_are_read(self) -> None:
        file = io.BytesIO(b"Code,Value\n" + b"a,1\n" * 10_000)
        table = read_table(file, name="x.csv", language="en", columns=COLUMNS)
        next(table.rows)
        file.close()
        del table
