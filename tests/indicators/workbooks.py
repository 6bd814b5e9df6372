"""Workbooks as a person handles them: opened, filled in at a heading and a code, saved."""

import io
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

HEAD = 3
"""The row of the headings."""


def opened(content: bytes) -> Workbook:
    return load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def column(sheet: Worksheet, heading: str) -> int:
    headings = [cell.value for cell in sheet[HEAD]]
    return headings.index(heading) + 1


def row(sheet: Worksheet, code: str) -> int:
    return next(n for n in range(HEAD + 1, sheet.max_row + 1) if sheet.cell(n, 1).value == code)


def cell(sheet: Worksheet, code: str, heading: str) -> Any:
    return sheet.cell(row(sheet, code), column(sheet, heading))


def fill(sheet: Worksheet, code: str, **typed: Any) -> None:
    """`fill(sheet, "FA1.1", Value=12, What_happened="Rain")`."""
    for heading, value in typed.items():
        cell(sheet, code, heading.replace("_", " ")).value = value


def table(headings: list[str], *rows: list[Any]) -> bytes:
    """A workbook of one sheet that somebody made on their own."""
    book = Workbook()
    book.active.append(headings)
    for one in rows:
        book.active.append(one)
    return saved(book)
