"""A document as XLSX: a cover, a sheet for each table, and every figure with where it comes from.

Numbers are numbers; every text is written as text, so that nothing a person wrote is a formula.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reporting.document import (
    Annex,
    Block,
    Cell,
    Chart,
    Figure,
    FigureRef,
    Progress,
    Row,
    Table,
    fingerprint,
)
from reporting.rendering.archive import same_bytes
from reporting.rendering.reading import Reader

_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_000
_WIDTHS = {"text": 42, "number": 14, "per_cent": 14, "rating": 18, "progress": 14}


def render_xlsx(reader: Reader) -> bytes:
    """The XLSX's bytes, the same for the same document."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        masthead = reader.document.masthead
        book.set_properties(
            {
                "title": reader.words(masthead.title)[:255],
                "subject": masthead.symbol,
                "author": reader.words(masthead.organ)[:255],
                "created": dt.datetime.combine(masthead.date, dt.time()),
            }
        )
        sheets = _Sheets(book, reader)
        sheets.cover()
        for table, name in _tables(reader, reader.document.blocks):
            sheets.table(table, name)
        sheets.figures()
    return same_bytes(out.getvalue())


def _tables(reader: Reader, blocks: tuple[Block, ...]) -> Iterator[tuple[Table, str]]:
    """Tables in printed order, annexes included, each with the word it is called by."""
    for block in blocks:
        if isinstance(block, Annex):
            yield from _tables(reader, block.blocks)
        elif isinstance(block, Table):
            yield block, "table"
        elif isinstance(block, Chart) and block.kind == "bullets":
            yield reader.bullets_table(block), "figure"


class _Sheets:
    """Writes sheet after sheet, each from its first row to its last."""

    def __init__(self, book: xlsxwriter.Workbook, reader: Reader) -> None:
        self.book = book
        self.reader = reader
        self.names: set[str] = set()
        self.formats: dict[tuple[str, ...], Format] = {}

    def format(self, number: str = "", *, bold: bool = False, head: bool = False) -> Format:
        """A cell format; formats are shared, since each one costs room in the file."""
        key = (number, str(bold), str(head))
        if key not in self.formats:
            properties: dict[str, Any] = {"valign": "top", "text_wrap": not number}
            if number:
                properties["num_format"] = number
            if bold or head:
                properties["bold"] = True
            if head:
                properties |= {"top": 2, "bottom": 1}
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def sheet(self, name: str, widths: list[int]) -> Worksheet:
        """A new sheet under a name that the format allows and that is not taken."""
        clean = _FORBIDDEN_IN_NAMES.sub(" ", name).strip()[:_LONGEST_NAME] or "Sheet"
        unique, number = clean, 2
        while unique.casefold() in self.names:
            tail = f" {number}"
            unique, number = clean[: _LONGEST_NAME - len(tail)] + tail, number + 1
        self.names.add(unique.casefold())
        sheet = self.book.add_worksheet(unique)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if self.reader.is_right_to_left:
            sheet.right_to_left()
        return sheet

    def write(
        self, sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False,
        head: bool = False,
    ) -> None:  # fmt: skip
        """Text, never a formula, link or number."""
        if text:
            sheet.write_string(row, column, text, self.format(bold=bold, head=head))
        else:
            sheet.write_blank(row, column, None, self.format(bold=bold, head=head))

    def cover(self) -> None:
        """Title, symbol, fingerprint, notices and sources."""
        reader, masthead = self.reader, self.reader.document.masthead
        sheet = self.sheet(reader.label("cover"), [28, 100])
        working = masthead.working_note if reader.has_working_text() else None
        lines = [
            (reader.label("title"), reader.words(masthead.title)),
            (reader.label("symbol"), masthead.symbol),
            (reader.label("date"), reader.date()),
            ("", reader.words(masthead.organ)),
            ("", reader.words(masthead.session)),
            ("", reader.words(masthead.agenda_item)),
            ("", reader.words(masthead.author)),
            (reader.label("illustrative"), reader.words(masthead.illustrative)),
            (reader.label("working_mark"), reader.words(working) if working else ""),
            (reader.label("fingerprint"), fingerprint(reader.document)),
            (reader.label("note"), reader.label("signs_note")),
            *((reader.label("source"), reader.citation(key)) for key in reader.document.sources),
        ]
        for row, (name, text) in enumerate(line for line in lines if line[1]):
            self.write(sheet, row, 0, name, bold=True)
            self.write(sheet, row, 1, text, bold=row == 0)

    def table(self, table: Table, name: str) -> None:
        """One table: title, unit, head (frozen), rows, notes."""
        reader = self.reader
        label = f"{reader.label(name)} {table.number}"
        sheet = self.sheet(label, [_WIDTHS[column.kind] for column in table.columns])
        title = reader.numbered(name, table.number, reader.words(table.title))
        sheet.write_string(0, 0, title, self.book.add_format({"bold": True}))
        mark = reader.label("illustrative") if reader.is_illustrative(table) else ""
        notes = [part for part in (reader.words(table.note), mark) if part]
        sheet.write_string(1, 0, " · ".join(notes), self.book.add_format())
        for column, head in enumerate(table.columns):
            self.write(sheet, 2, column, reader.heading(head), head=True)
        sheet.freeze_panes(3, 0)
        for place, row in enumerate(table.rows, 3):
            self.row(sheet, place, row, table)
        signs = reader.label("signs_note") if reader.has_nothing(table) else ""
        lines = [line for line in (signs, reader.citations(table.sources)) if line]
        for place, line in enumerate(lines, len(table.rows) + 4):
            sheet.write_string(place, 0, line, self.book.add_format())

    def row(self, sheet: Worksheet, place: int, row: Row, table: Table) -> None:
        """The cells of one row; a group row has one."""
        for column, (cell, head) in enumerate(zip(row.cells, table.columns, strict=False)):
            self.cell(sheet, (place, column), cell, head.kind, bold=row.kind != "")

    def cell(
        self, sheet: Worksheet, at: tuple[int, int], cell: Cell, kind: str, *, bold: bool
    ) -> None:
        """A figure and a share as numbers, all else as text."""
        if isinstance(cell, FigureRef) and not cell.words:
            self.figure(sheet, at, self.reader.document.figures[cell.key], bold=bold)
        elif isinstance(cell, Progress) and cell.achievement is not None:
            sheet.write_number(*at, float(cell.achievement), self.format("0%", bold=bold))
        else:
            self.write(sheet, *at, self.reader.cell(cell, kind), bold=bold)

    def figure(
        self, sheet: Worksheet, at: tuple[int, int], figure: Figure, *, bold: bool = False
    ) -> None:
        """The exact value as a number; the sign of nothing, or what no number holds, as text."""
        if figure.value is None:
            self.write(sheet, *at, self.reader.nothing(figure), bold=bold)
        elif Decimal(repr(float(figure.value))) != figure.value:
            self.write(sheet, *at, format(figure.value, "f"), bold=bold)
        else:
            number = "#,##0" + ("." + "0" * figure.decimals if figure.decimals else "")
            shown = f'{number}" %"' if figure.per_cent else number
            sheet.write_number(*at, float(figure.value), self.format(shown, bold=bold))

    def figures(self) -> None:
        """Every figure of the document with all that is known of it."""
        reader = self.reader
        names = ("reference", "indicator", "value", "shown_as", "unit", "status", "illustrative",
                 "source", "rule", "lineage")  # fmt: skip
        sheet = self.sheet(reader.label("figures"), [32, 42, 14, 14, 24, 18, 14, 42, 42, 80])
        for column, name in enumerate(names):
            self.write(sheet, 0, column, reader.label(name), head=True)
        sheet.freeze_panes(1, 1)
        for row, figure in enumerate(reader.document.figures.values(), 1):
            unit = reader.words(figure.unit)
            status = f"{figure.nothing}_words" if figure.nothing else "reported"
            self.write(sheet, row, 0, figure.key)
            self.write(sheet, row, 1, reader.words(figure.label))
            self.figure(sheet, (row, 2), figure)
            self.write(sheet, row, 3, reader.figure(figure.key, sign=True))
            self.write(sheet, row, 4, unit or (reader.label("per_cent") if figure.per_cent else ""))
            self.write(sheet, row, 5, reader.label(status))
            self.write(sheet, row, 6, reader.label("yes" if figure.illustrative else "no"))
            self.write(sheet, row, 7, reader.citation(figure.source) if figure.source else "")
            self.write(sheet, row, 8, reader.words(figure.rule))
            self.lineage(sheet, row, figure)

    def lineage(self, sheet: Worksheet, row: int, figure: Figure) -> None:
        """The arithmetic, line by line; what one cell cannot hold goes on in the next."""
        lines = []
        for line in figure.lineage:
            value = ""
            if line.value is not None:
                value = self.reader.numbers.number(line.value, figure.decimals)
            parts = (self.reader.words(line.label), value, self.reader.words(line.note))
            lines.append(" | ".join(part for part in parts if part))
        text = "\n".join(lines)
        pieces = [
            text[at : at + _LONGEST_TEXT] for at in range(0, max(len(text), 1), _LONGEST_TEXT)
        ]
        for column, piece in enumerate(pieces, 9):
            self.write(sheet, row, column, piece)
