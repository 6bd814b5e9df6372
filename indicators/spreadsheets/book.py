"""Writing a workbook that people fill in: locked cells, drop-downs, print set-up, direction.

Every text is written as text, so that nothing a person wrote is ever a formula.
"""

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from indicators.spreadsheets.sheets import Column, Sheet, Use

HEAD_ROW = 2
"""Rows above: what the sheet is, and its mark; then the headings, then the rows."""

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}
# What a person may still do on a protected sheet.
ALLOWED = {
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
# The paper of Europe, Africa and Asia in the terms of the format.
A4 = 9
FILL, LOCKED, INK = "#FFFFFF", "#EEF1F4", "#1B1F24"
LISTS = "Lists"
Value = str | int | Decimal | dt.date | None
NUMBERS = frozenset({"value", "numerator", "denominator", "previous", "target"})
DAYS = frozenset({"achieved_on", "decided_on"})


class Book:
    """A workbook in the making. `bytes()` ends it."""

    def __init__(self, title: str) -> None:
        self._out = io.BytesIO()
        self.book = xlsxwriter.Workbook(self._out, OPTIONS)
        self.book.set_properties({"title": title[:255]})
        self.is_right_to_left = get_language() == "ar"
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._lists: dict[tuple[str, ...], str] = {}
        self._lists_sheet: Worksheet | None = None

    def bytes(self) -> bytes:
        """The file."""
        self.book.close()
        return self._out.getvalue()

    def format(self, **properties: Any) -> Format:
        """A cell format; the same properties share one."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"valign": "top", "font_color": INK, "font_size": 10}
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    def sheet(self, title: str) -> Worksheet:
        """A sheet in the direction of the language, set up for printing on A4."""
        sheet = self.book.add_worksheet(title[:31])
        if self.is_right_to_left:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def table(self, shape: Sheet, heading: str, mark: str) -> "TableSheet":
        """A sheet with title, mark and headings, protected without a password."""
        return TableSheet(self, shape, heading, mark)

    def list_source(self, words: Sequence[str]) -> str:
        """Where the words of a drop-down stand, on a sheet that nobody sees."""
        key = tuple(words)
        if key not in self._lists:
            if self._lists_sheet is None:
                self._lists_sheet = self.book.add_worksheet(LISTS)
                self._lists_sheet.very_hidden()
            column = len(self._lists)
            for row, word in enumerate(key):
                self._lists_sheet.write_string(row, column, word)
            first = xl_rowcol_to_cell(0, column, row_abs=True, col_abs=True)
            last = xl_rowcol_to_cell(len(key) - 1, column, row_abs=True, col_abs=True)
            self._lists[key] = f"={LISTS}!{first}:{last}"
        return self._lists[key]


class TableSheet:
    """One sheet with columns; rows are added one after the other."""

    def __init__(self, book: Book, shape: Sheet, heading: str, mark: str) -> None:
        self.book, self.shape = book, shape
        self.sheet = book.sheet(str(shape.title))
        self.next_row = HEAD_ROW + 1
        self.places = {column.key: place for place, column in enumerate(shape.columns)}
        self._write(0, 0, heading, book.format(bold=True, font_size=13))
        self._write(1, 0, mark, book.format(italic=True))
        head = book.format(bold=True, top=2, bottom=1, text_wrap=True, bg_color=LOCKED)
        for place, column in enumerate(shape.columns):
            hidden = {"hidden": True} if column.use is Use.HIDDEN else {}
            self.sheet.set_column(place, place, column.width, None, hidden)
            self._write(HEAD_ROW, place, str(column.title), head)
        self.sheet.freeze_panes(HEAD_ROW + 1, self._frozen())
        self.sheet.repeat_rows(HEAD_ROW)
        self.sheet.protect("", ALLOWED)

    def _frozen(self) -> int:
        """Code and title stay in sight."""
        return 2 if self.shape.column("title") else 1

    def _write(self, row: int, place: int, value: Value, format: Format) -> None:
        if value is None or value == "":
            self.sheet.write_blank(row, place, None, format)
        elif isinstance(value, str):
            self.sheet.write_string(row, place, value, format)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(row, place, value, format)
        elif Decimal(repr(float(value))) != value:
            self.sheet.write_string(row, place, format_exact(value), format)
        else:
            self.sheet.write_number(row, place, float(value), format)

    def row(
        self,
        values: dict[str, Value],
        *,
        fill: Sequence[str] | None = None,
        decimals: int | None = None,
    ) -> int:
        """Writes a row; `fill` names the cells that may be filled in (all of that use if None)."""
        row, self.next_row = self.next_row, self.next_row + 1
        for place, column in enumerate(self.shape.columns):
            is_open = column.use is Use.FILL and (fill is None or column.key in fill)
            self._write(row, place, values.get(column.key), self._look(column, decimals, is_open))
        return row

    def _look(self, column: Column, decimals: int | None, is_open: bool) -> Format:
        look: dict[str, Any] = {"locked": not is_open, "text_wrap": True}
        look |= {"border": 1, "border_color": "#8A939C", "bg_color": FILL} if is_open else {}
        look |= {} if is_open else {"bg_color": LOCKED}
        if column.key in NUMBERS:
            look["num_format"] = "#,##0" + ("." + "0" * decimals if decimals else "")
            look["align"] = "right"
        elif column.key in DAYS:
            look["num_format"] = "yyyy-mm-dd"
        elif column.key not in {"version", "year", "period"}:
            look["num_format"] = "@"
        return self.book.format(**look)

    def choose(self, row: int, key: str, words: Sequence[str], until: int | None = None) -> None:
        """A drop-down in a cell, or in the cells down to another row."""
        if words:
            place = self.places[key]
            self.sheet.data_validation(
                row,
                place,
                row if until is None else until,
                place,
                {
                    "validate": "list",
                    "source": self.book.list_source(words),
                    "error_title": _("Choose from the list"),
                    "error_message": _("Choose one of the answers in the list."),
                },
            )

    def ask_number(self, row: int, key: str, message: str, *, negative: bool) -> None:
        """A cell for a number: the spreadsheet warns of anything else, and lets it be typed."""
        limits = (
            {"criteria": "between", "minimum": -(10**11), "maximum": 10**11}
            if negative
            else {"criteria": ">=", "value": 0}
        )
        self.sheet.data_validation(
            row,
            self.places[key],
            row,
            self.places[key],
            {
                "validate": "decimal",
                "error_type": "warning",
                "input_message": message[:255],
                "error_message": _("Write a number. Zero counts as a value."),
                **limits,
            },
        )


def format_exact(value: int | Decimal) -> str:
    """The digits of a number that a cell cannot hold exactly."""
    return format(Decimal(value), "f")
