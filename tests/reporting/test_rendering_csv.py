"""The zip of CSV files read back: exact numbers, kinds of nothing, and no formula."""

import csv
import io
import zipfile
from dataclasses import replace

import pytest
from sample_document import extract_document, sample_document

from reporting.document import Document, Table
from reporting.rendering import CONTENT_TYPES, EXTENSIONS, render


def files(document: Document, language: str = "en") -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(render(document, language, "csv"))) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


class TestArchive:
    def test_is_a_zip_with_a_file_for_each_sheet(self) -> None:
        assert sorted(files(extract_document())) == ["Accounts.csv", "Indicators.csv"]
        assert (CONTENT_TYPES["csv"], EXTENSIONS["csv"]) == ("application/zip", "zip")

    def test_of_a_document_to_be_read_holds_all_its_tables(self) -> None:
        assert sorted(files(sample_document())) == ["table-1.csv", "table-2.csv"]

    def test_names_are_fit_for_files_and_unique(self) -> None:
        extract = extract_document()
        tables = [block for block in extract.blocks if isinstance(block, Table)]
        hostile = tuple(replace(table, sheet="../a:b") for table in tables)
        assert sorted(files(replace(extract, blocks=hostile))) == ["a b-2.csv", "a b.csv"]


class TestFile:
    def test_begins_with_a_byte_order_mark_and_ends_lines_as_spreadsheets_do(self) -> None:
        text = files(extract_document())["Accounts.csv"]
        assert text == "\ufeffCode,Account\r\nEA1,Words\r\n"

    def test_holds_exact_numbers_and_says_which_kind_of_nothing(self) -> None:
        assert rows(files(extract_document())["Indicators.csv"]) == [
            ["Code", "Indicator", "Actual", "Actual: Status", "Share (%)", "Share: Status"],
            ["R1", "Words", "1086", "Reported", "29.85", "Reported"],
            ["R2", "Words", "", "Not reported", "", "Not due"],
            ["R3", "Words", "-1234.5", "Reported", "", "Not applicable"],
        ]

    def test_numbers_are_alike_in_all_languages(self) -> None:
        found = [
            rows(files(extract_document(), one)["Indicators.csv"]) for one in ("en", "fr", "ar")
        ]
        assert [[row[2] for row in file[1:]] for file in found] == [["1086", "", "-1234.5"]] * 3
        assert [file[0][1] for file in found] == ["Indicator", "Indicateur", "المؤشر"]

    @pytest.mark.parametrize(
        ("text", "written"),
        [("=1+1", "'=1+1"), ("+1", "'+1"), ("-a", "'-a"), ("@x", "'@x"), ("\t=1", "'\t'=1"),
         ("＝1", "'＝1"), ("a;=1", "'a;'=1"), ("plain, with comma", "plain, with comma")],
    )  # fmt: skip
    def test_a_text_never_begins_a_formula(self, text: str, written: str) -> None:
        assert rows(files(extract_document(text))["Accounts.csv"])[1][1] == written
