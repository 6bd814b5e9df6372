"""Write tables so that numbers stay numbers and no text is ever run as a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from habitat_plan.kit.tables.guard import guarded
from habitat_plan.kit.tables.languages import decimal_mark
from habitat_plan.kit.tables.limits import LIMITS
from habitat_plan.kit.tables.number_formats import written

Value = str | Decimal | int | bool | dt.date | None

PLAIN_TEXT: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Options of a workbook by which no text becomes anything else."""

_PIECE_ROWS = 500
_DATE = "yyyy-mm-dd"


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings and its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def write_csv(sheet: Sheet, *, language: str = "en", separator: str = ",") -> Iterator[bytes]:
    """Delimited text in UTF-8 with a byte-order mark, piece by piece.

    Decimals get the mark of the language. A text that a spreadsheet would run gets a leading
    apostrophe, which `read_table` takes off again; a number, -5 too, stays a number.
    """
    mark = decimal_mark(language)
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, delimiter=separator)
    writer.writerow([guarded(heading) for heading in sheet.headings])
    for number, row in enumerate(sheet.rows, 1):
        writer.writerow([_as_text(value, mark) for value in row])
        if number % _PIECE_ROWS == 0:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    """What has been written since the last time."""
    piece = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return piece


def _as_text(value: Value, mark: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal | int):
        return written(Decimal(value), mark)
    if isinstance(value, dt.date):
        return value.isoformat()
    return guarded(_checked(value))


def _checked(text: str) -> str:
    """A text that a cell can hold. Raises ValueError for a longer one."""
    if len(text) > LIMITS.cell_characters:
        message = f"a cell holds {LIMITS.cell_characters} characters, not {len(text)}"
        raise ValueError(message)
    return text


def write_xlsx(
    to: BinaryIO, sheets: Iterable[Sheet], *, made_at: dt.datetime, right_to_left: bool = False
) -> None:
    """A workbook in which every text is text. Memory does not grow with the rows."""
    with xlsxwriter.Workbook(to, {**PLAIN_TEXT, "constant_memory": True}) as book:
        book.set_properties({"created": made_at})
        bold = book.add_format({"bold": True})
        date = book.add_format({"num_format": _DATE})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            if right_to_left:
                page.right_to_left()
            page.freeze_panes(1, 0)
            for column, heading in enumerate(sheet.headings):
                page.write_string(0, column, _checked(heading), bold)
            for number, row in enumerate(sheet.rows, 1):
                for column, value in enumerate(row):
                    write_cell(page, number, column, value, date=date)


def write_cell(
    page: Worksheet, row: int, column: int, value: Value, *, form: Any = None, date: Any = None
) -> None:
    """One cell: a text as text whatever it looks like, a number as number if none of it is lost.

    `form` is the format of the cell, `date` the one of dates.
    """
    if value is None or value == "":
        page.write_blank(row, column, None, form)
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, form)
    elif isinstance(value, Decimal | int):
        number = Decimal(value)
        if Decimal(repr(float(number))) == number:
            page.write_number(row, column, float(number), form)
        else:
            page.write_string(row, column, format(number, "f"), form)
    elif isinstance(value, dt.date):
        page.write_datetime(row, column, value, date or form)
    else:
        page.write_string(row, column, _checked(value), form)
