"""Check 16: every real table of the shared data is read whole, or refused by row and column.

What the reader finds is compared, cell by cell, with a plain reading of the same bytes that uses no
code of the application.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from habitat_plan.kit.tables.cells import ColumnSpec
from habitat_plan.kit.tables.limits import JOB_LIMITS, TableRefused
from habitat_plan.kit.tables.read import read_table
from habitat_plan.kit.tables.write import Sheet, write_csv, write_xlsx

MADE_AT = dt.datetime.fromisoformat("2016-03-01T00:00:00")
LEFT_OUT = {"title_rows", "tag_row", "blank_rows"}


def plainly(file: Path) -> list[list[str]]:
    """All records, trimmed, by the standard library alone."""
    text = file.read_bytes().decode("utf-8-sig")
    return [
        [cell.strip() for cell in record] for record in csv.reader(io.StringIO(text, newline=""))
    ]


def specs(headings: list[str]) -> list[ColumnSpec]:
    return [ColumnSpec(f"column {n}", (name,), True) for n, name in enumerate(headings) if name]


def read(content: bytes, headings: list[str]) -> tuple[list[list[str]], int]:
    """The texts of all rows, and how many rows of the file are accounted for."""
    table = read_table(content, name="", language="en", columns=specs(headings), limits=JOB_LIMITS)
    rows = [[cell.text for cell in row.cells.values()] for row in table.rows]
    left_out = sum(told.count for told in table.ignored if told.code in LEFT_OUT)
    return rows, len(rows) + left_out + 1


@pytest.fixture(scope="session")
def tables(shared_data: Path) -> list[Path]:
    """Every delimited file of the published data and of the plan."""
    folders = (shared_data, shared_data.parent / "plan")
    return [file for folder in folders for file in sorted(folder.rglob("*.csv"))]


@pytest.mark.drill
class TestRealFiles:
    def test_every_cell_of_every_table_is_read_and_every_row_accounted_for(
        self, tables: list[Path], tell: Callable[[str], None]
    ) -> None:
        rows_in = rows_accounted = cells = 0
        for file in tables:
            headings, *expected = plainly(file)
            found, accounted = read(file.read_bytes(), headings)
            assert [row + [""] * (len(headings) - len(row)) for row in expected] == found, file
            rows_in += len(expected) + 1
            rows_accounted += accounted
            cells += sum(len(row) for row in found)
        tell(
            f"check 16: {len(tables)} real tables, {rows_in} rows in, {rows_accounted} accounted "
            f"for, {cells} cells equal"
        )
        assert len(tables) >= 26
        assert rows_in == rows_accounted

    def test_they_come_back_equal_from_a_workbook_and_from_delimited_text(
        self, tables: list[Path], rounds: Callable[[int, int], int]
    ) -> None:
        for file in tables:
            headings, *expected = plainly(file)
            rows = [row + [""] * (len(headings) - len(row)) for row in expected]
            rows = rows[: rounds(150, 100_000)]
            sheet = Sheet("Data", headings, rows)
            book = io.BytesIO()
            write_xlsx(book, [sheet], made_at=MADE_AT)
            kept = [row for row in rows if any(row)]
            assert read(book.getvalue(), headings)[0] == kept, file
            assert read(b"".join(write_csv(sheet, separator=";")), headings)[0] == kept, file

    def test_files_that_are_no_tables_are_refused_in_a_sentence(
        self, shared_data: Path, tell: Callable[[str], None]
    ) -> None:
        others = [
            file
            for file in sorted(shared_data.rglob("*"))
            if file.is_file() and file.suffix != ".csv"
        ]
        columns = [ColumnSpec("code", ("Code",), True), ColumnSpec("value", ("Value",), True)]
        for file in others:
            with pytest.raises(TableRefused) as caught:
                table = read_table(file.read_bytes(), name="", language="en", columns=columns)
                list(table.rows)
            assert caught.value.sentence.endswith(".")
        tell(f"check 16: {len(others)} files that are no tables refused in a sentence")
        assert len(others) > 100
