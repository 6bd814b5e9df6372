"""Check 23: no text that somebody typed becomes a formula where the file is opened.

What a spreadsheet would take for a formula is found by parting the text at every separator, the
one meant or not, with quotation marks heeded and not.
"""

import csv
import datetime as dt
import io
import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import product

import openpyxl
import pytest
from table_files import table_of

from habitat_plan.kit.tables.write import Sheet, write_csv, write_xlsx

MADE_AT = dt.datetime.fromisoformat("2016-03-01T00:00:00")
RUN = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
TRIGGERS = (*RUN, "\t", "\r", "\t=", "\r=")
BEFORE = ("", " ", '"', "'", "''", "a", "5", "\n")
SEPARATORS = ("", ",", ";", "|", "\t", "\n", "\r\n")
AFTER = ("1+1", "SUM(A1:A9)", "cmd|' /C calc'!A0", 'HYPERLINK("http://a.b";"x")', "", "text")
NUMBERS = (Decimal(-5), Decimal("-0.5"), Decimal("12.5"), -1, 0)
PLAIN_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?")


def payloads() -> list[str]:
    """Every way to begin, after every separator; what doors take has no space at its end."""
    built = product(BEFORE, SEPARATORS, ("", '"', "'"), TRIGGERS, AFTER)
    return sorted({f"{b}{s}{q}{t}{a}".lstrip(" \n").rstrip() for b, s, q, t, a in built} - {""})


def fields(content: str) -> Iterator[str]:
    """Everything that some program could take for a cell."""
    for separator in (",", ";", "\t", "|"):
        for record in csv.reader(io.StringIO(content, newline=""), delimiter=separator):
            yield from record
        for line in re.split(r"[\r\n]", content):
            yield from line.split(separator)


def is_formula(field: str) -> bool:
    """A tab or line end is passed over by spreadsheets: what follows it begins the formula."""
    stripped = field.lstrip(' "\t\r\n')
    return stripped.startswith(RUN) and not PLAIN_NUMBER.fullmatch(stripped.rstrip('"'))


@pytest.mark.drill
class TestInjection:
    def test_no_text_becomes_a_formula_and_every_text_comes_back(
        self, tell: Callable[[str], None]
    ) -> None:
        texts = payloads()
        rows = [(text, NUMBERS[n % len(NUMBERS)], text) for n, text in enumerate(texts)]
        sheet = Sheet("Figures", ("Code", "Value", "Note"), rows)
        content = b"".join(write_csv(sheet))
        book = io.BytesIO()
        write_xlsx(book, [sheet], made_at=MADE_AT)
        formulas = [field for field in fields(content.decode("utf-8-sig")) if is_formula(field)]
        cells = [cell for row in openpyxl.load_workbook(book).active.iter_rows() for cell in row]
        formula_cells = [cell for cell in cells if cell.data_type == "f"]
        opened = "not opened in Calc, which is not installed"
        if shutil.which("localc"):
            opened = "Calc is installed, and was not asked"
        tell(
            f"check 23: {len(texts)} texts, {len(formulas)} formulas in CSV, "
            f"{len(formula_cells)} formula cells in XLSX; {opened}"
        )
        assert formulas == []
        assert formula_cells == []
        for written in (content, book.getvalue()):
            _table, found = table_of(written)
            assert [row.cells["code"].text for row in found] == texts
            assert [row.cells["note"].text for row in found] == texts
            assert [Decimal(row.cells["value"].text) for row in found] == [row[1] for row in rows]

    def test_without_the_guard_there_would_be_formulas(self) -> None:
        """So that the search for formulas is known to find them."""
        plain = io.StringIO(newline="")
        csv.writer(plain).writerows([text] for text in payloads())
        assert sum(is_formula(field) for field in fields(plain.getvalue())) > 1_000
