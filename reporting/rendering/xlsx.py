"""A document as XLSX: a cover, a sheet for each table, every figure, and the arithmetic behind it.

Numbers are numbers; every text is written as text, so that nothing a person wrote is a formula.
A number in a table leads to its row among the figures, and from there to its arithmetic. A data
extract has the sheets that its tables name, each with its heads in the first row.
"""

import datetime as dt
import functools
import io
import re
import unicodedata
from collections.abc import Collection, Iterator
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
    LineageLine,
    Progress,
    Row,
    Table,
    fingerprint,
)
from reporting.rendering.archive import same_bytes
from reporting.rendering.reading import Reader, clean, places_of

_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME, _LONGEST_TEXT = 31, 32_000
_WIDTHS = {"text": 42, "number": 14, "per_cent": 14, "rating": 18, "progress": 14}
_LINK = "#0B5688"
_A4, _LINE, _TALLEST, _NARROW = 9, 15, 409, 9
_WIDE = {"W", "F"}
Place = tuple[int, int]


def render_xlsx(reader: Reader) -> bytes:
    """The XLSX's bytes, the same for the same document."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        masthead = reader.document.masthead
        book.set_properties(
            {
                "title": reader.words(masthead.title)[:255],
                "subject": reader.symbol,
                "author": reader.words(masthead.organ)[:255],
                "created": dt.datetime.combine(masthead.date, dt.time()),
            }
        )
        _Sheets(book, reader).write_all()
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


def _pattern(places: int) -> str:
    """The number format with so many places."""
    return "#,##0" + ("." + "0" * places if places else "")


def _ends(table: Table) -> set[int]:
    """The places of the columns of numbers."""
    numbers = {"number", "per_cent", "progress"}
    return {place for place, column in enumerate(table.columns) if column.kind in numbers}


@functools.lru_cache(maxsize=4096)
def _letters(text: str) -> int:
    """About how many letters wide a text is: a Chinese character is as wide as two."""
    if text.isascii():
        return len(text)
    return len(text) + sum(unicodedata.east_asian_width(char) in _WIDE for char in text)


class _Sheets:
    """Writes sheet after sheet, each from its first row to its last."""

    def __init__(self, book: xlsxwriter.Workbook, reader: Reader) -> None:
        self.book = book
        self.reader = reader
        self.names: set[str] = set()
        self.widths: list[int] = []
        self.lines: dict[int, int] = {}
        self.formats: dict[tuple[str, ...], Format] = {}
        # Links need the names and rows of these two sheets before they are written.
        self.figures_name = self.name(reader.label("figures"))
        self.lineage_name = self.name(reader.label("lineage"))
        self.row_of = {key: row for row, key in enumerate(reader.document.figures, 1)}

    def write_all(self) -> None:
        """The sheets of a document, or of a data extract."""
        extract = self.reader.sheets()
        if extract:
            self.about()
            for table in extract:
                self.extract(table)
        else:
            self.cover()
            for table, name in _tables(self.reader, self.reader.document.blocks):
                self.table(table, name)
        self.figures()
        self.lineage()

    # Sheets, formats and cells

    def format(
        self, number: str = "", *, bold: bool = False, head: bool = False, link: bool = False,
        end: bool = False,
    ) -> Format:  # fmt: skip
        """A cell format; formats are shared, since each one costs room in the file."""
        key = (number, str(bold), str(head), str(link), str(end))
        if key not in self.formats:
            properties: dict[str, Any] = {"valign": "top", "text_wrap": not number}
            if number:
                properties["num_format"] = number
            if bold or head:
                properties["bold"] = True
            if head:
                properties |= {"top": 2, "bottom": 1}
            if link:
                properties["font_color"] = _LINK
            if end:
                properties["align"] = "right"
            self.formats[key] = self.book.add_format(properties)
        return self.formats[key]

    def name(self, wanted: str) -> str:
        """A name that the format allows and that no other sheet has."""
        clean = _FORBIDDEN_IN_NAMES.sub(" ", wanted).strip()[:_LONGEST_NAME] or "Sheet"
        unique, number = clean, 2
        while unique.casefold() in self.names:
            tail = f" {number}"
            unique, number = clean[: _LONGEST_NAME - len(tail)] + tail, number + 1
        self.names.add(unique.casefold())
        return unique

    def sheet(self, name: str, widths: list[int], *, head: int | None = None) -> Worksheet:
        """A new sheet under a name that is fit and not taken; `head` is repeated on each page."""
        sheet = self.book.add_worksheet(name)
        self.widths, self.lines = widths, {}
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        if self.reader.is_right_to_left:
            sheet.right_to_left()
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&R&P/&N")
        if head is not None:
            sheet.repeat_rows(head)
        return sheet

    def make_room(self, sheet: Worksheet, row: int, column: int, text: str) -> None:
        """A row as tall as its longest text, which not every program finds by itself."""
        width = self.widths[column] if column < len(self.widths) else _NARROW
        if len(text) * 2 <= width and "\n" not in text:
            return
        lines = sum(max(1, -(-_letters(line) // width)) for line in text.split("\n"))
        if lines > self.lines.get(row, 1):
            self.lines[row] = lines
            sheet.set_row(row, min(lines * _LINE, _TALLEST))

    def write(
        self, sheet: Worksheet, row: int, column: int, text: str, *, bold: bool = False,
        head: bool = False, link: bool = False, end: bool = False,
    ) -> None:  # fmt: skip
        """Text, never a formula, link or number; what one cell cannot hold goes on in the next."""
        look = self.format(bold=bold, head=head, link=link, end=end)
        if not text:
            sheet.write_blank(row, column, None, look)
        self.make_room(sheet, row, column, text[:_LONGEST_TEXT])
        for place, at in enumerate(range(0, len(text), _LONGEST_TEXT), column):
            sheet.write_string(row, place, text[at : at + _LONGEST_TEXT], look)

    def link(self, sheet: Worksheet, at: Place, name: str, row: int, text: str) -> None:
        """Text that leads to the first cell of a row of another sheet."""
        target = f"internal:'{name}'!A{row + 1}"
        sheet.write_url(*at, target, self.format(link=True), text[:_LONGEST_TEXT])
        self.make_room(sheet, *at, text)

    # Covers

    def cover(self) -> None:
        """Title, symbol, fingerprint, notices and sources."""
        reader, masthead = self.reader, self.reader.document.masthead
        self.pairs(
            self.sheet(self.name(reader.label("cover")), [40, 100]),
            [
                (reader.label("title"), reader.words(masthead.title)),
                (reader.label("symbol"), reader.symbol),
                (reader.label("date"), reader.date()),
                ("", reader.words(masthead.organ)),
                ("", reader.words(masthead.session)),
                ("", reader.words(masthead.agenda_item)),
                ("", reader.words(masthead.author)),
                *self.notices(),
                (reader.label("note"), reader.label("follow_note")),
                *self.sources(),
            ],
        )

    def about(self) -> None:
        """What a data extract is: title, period, moment of the figures, fingerprint, sources."""
        reader, document = self.reader, self.reader.document
        self.pairs(
            self.sheet(self.name(reader.label("about")), [40, 100]),
            [
                (reader.label("title"), reader.words(document.masthead.title)),
                (reader.label("symbol"), reader.symbol),
                (reader.label("period"), clean(document.period)),
                (reader.label("as_of"), clean(document.as_of)),
                *self.notices(),
                *self.sources(),
            ],
        )

    def notices(self) -> list[tuple[str, str]]:
        """What is made up, translated by us or not translated; the fingerprint; the signs."""
        reader = self.reader
        fallback = reader.fallback_note().text
        return [
            (reader.label("illustrative"), reader.words(reader.document.masthead.illustrative)),
            (reader.label("working_mark"), reader.working_note()),
            (reader.label("fallback_mark"), fallback),
            (reader.label("fingerprint"), fingerprint(reader.document)),
            (reader.label("note"), reader.label("signs_note")),
        ]

    def sources(self) -> Iterator[tuple[str, str]]:
        """Every source of the document."""
        for key in self.reader.document.sources:
            yield self.reader.label("source"), self.reader.citation(key)

    def pairs(self, sheet: Worksheet, lines: list[tuple[str, str]]) -> None:
        """Names and what they are, one to a row; those without words are left out."""
        for row, (name, text) in enumerate(line for line in lines if line[1]):
            self.write(sheet, row, 0, name, bold=True)
            self.write(sheet, row, 1, text, bold=row == 0)

    # Tables

    def table(self, table: Table, name: str) -> None:
        """One table: title, unit, head (frozen), rows, notes."""
        reader = self.reader
        label = self.name(f"{reader.label(name)} {table.number}")
        sheet = self.sheet(label, [_WIDTHS[column.kind] for column in table.columns], head=2)
        title = reader.numbered(name, table.number, reader.words(table.title))
        sheet.write_string(0, 0, title[:_LONGEST_TEXT], self.book.add_format({"bold": True}))
        mark = reader.label("illustrative") if reader.is_illustrative(table) else ""
        notes = [part for part in (reader.words(table.note), mark) if part]
        sheet.write_string(1, 0, " · ".join(notes)[:_LONGEST_TEXT], self.book.add_format())
        self.heads(sheet, 2, [reader.heading(head) for head in table.columns], _ends(table))
        sheet.freeze_panes(3, 0)
        for place, row in enumerate(table.rows, 3):
            self.row(sheet, place, row, table)
        signs = reader.label("signs_note") if reader.has_nothing(table) else ""
        lines = [line for line in (signs, reader.citations(table.sources)) if line]
        for place, line in enumerate(lines, len(table.rows) + 4):
            sheet.write_string(place, 0, line[:_LONGEST_TEXT], self.book.add_format())

    def extract(self, table: Table) -> None:
        """A sheet of a data extract: heads in the first row, then nothing but rows."""
        widths = [_WIDTHS[column.kind] for column in table.columns]
        sheet = self.sheet(self.name(clean(table.sheet)), widths, head=0)
        self.heads(sheet, 0, [self.reader.heading(head) for head in table.columns], _ends(table))
        sheet.freeze_panes(1, 0)
        for place, row in enumerate(table.rows, 1):
            self.row(sheet, place, row, table)

    def heads(
        self, sheet: Worksheet, row: int, words: list[str], ends: Collection[int] = ()
    ) -> None:
        """The heads of the columns; `ends` are those that stand over numbers."""
        for column, word in enumerate(words):
            self.write(sheet, row, column, word, head=True, end=column in ends)

    def row(self, sheet: Worksheet, place: int, row: Row, table: Table) -> None:
        """The cells of one row; a group row has one."""
        for column, (cell, head) in enumerate(zip(row.cells, table.columns, strict=False)):
            self.cell(sheet, (place, column), cell, head.kind, bold=row.kind != "")

    def cell(self, sheet: Worksheet, at: Place, cell: Cell, kind: str, *, bold: bool) -> None:
        """A figure and a share as numbers, all else as text; a figure leads to its row."""
        if isinstance(cell, FigureRef) and self.reader.cell(cell, kind):
            # What the link shows is written over it.
            self.link(sheet, at, self.figures_name, self.row_of[cell.key], " ")
        if isinstance(cell, FigureRef) and not cell.words:
            self.figure(sheet, at, self.reader.document.figures[cell.key], bold=bold, link=True)
        elif isinstance(cell, Progress) and cell.achievement is not None:
            sheet.write_number(*at, float(cell.achievement), self.format("0%", bold=bold))
        else:
            self.write(sheet, *at, self.reader.cell(cell, kind), bold=bold)

    def figure(
        self, sheet: Worksheet, at: Place, figure: Figure, *, bold: bool = False, link: bool = False
    ) -> None:
        """The exact value as a number; the sign of nothing, or what no number holds, as text."""
        if figure.value is None:
            self.write(sheet, *at, self.reader.nothing(figure), bold=bold, link=link, end=True)
            return
        number = _pattern(figure.decimals)
        shown = f'{number}" %"' if figure.per_cent else number
        self.number(sheet, at, figure.value, self.format(shown, bold=bold, link=link))

    def number(self, sheet: Worksheet, at: Place, value: Decimal, look: Format) -> None:
        """A value as a number, or as exact text where a number of a spreadsheet would round it."""
        if Decimal(repr(float(value))) == value:
            sheet.write_number(*at, float(value), look)
        else:
            self.write(sheet, *at, format(value, "f"), end=True)

    # Figures and their arithmetic

    def figures(self) -> None:
        """Every figure of the document with all that is known of it; it leads to its arithmetic."""
        reader = self.reader
        names = ("reference", "indicator", "value", "shown_as", "unit", "status", "illustrative",
                 "source", "rule", "lineage")  # fmt: skip
        widths = [32, 42, 14, 14, 24, 18, 14, 42, 42, 28]
        sheet = self.sheet(self.figures_name, widths, head=0)
        self.heads(sheet, 0, [reader.label(name) for name in names])
        sheet.freeze_panes(1, 1)
        follows = 1
        for row, figure in enumerate(reader.document.figures.values(), 1):
            unit = reader.words(figure.unit)
            status = f"{figure.nothing}_words" if figure.nothing else "reported"
            self.write(sheet, row, 0, clean(figure.key))
            self.write(sheet, row, 1, reader.words(figure.label))
            self.figure(sheet, (row, 2), figure)
            self.write(sheet, row, 3, reader.figure(figure.key, sign=True))
            self.write(sheet, row, 4, unit or (reader.label("per_cent") if figure.per_cent else ""))
            self.write(sheet, row, 5, reader.label(status))
            self.write(sheet, row, 6, reader.label("yes" if figure.illustrative else "no"))
            self.write(sheet, row, 7, reader.citation(figure.source) if figure.source else "")
            self.write(sheet, row, 8, reader.words(figure.rule))
            if figure.lineage:
                shown = reader.numbers.number(Decimal(len(figure.lineage)))
                words = f"{reader.label('lineage')} ({shown})"
                self.link(sheet, (row, 9), self.lineage_name, follows, words)
                follows += len(figure.lineage)

    def lineage(self) -> None:
        """The arithmetic: one row for each office or part of each figure, in words and numbers."""
        reader = self.reader
        names = ("reference", "indicator", "shown_as", "part", "value", "note", "evidence",
                 "approval", "rule")  # fmt: skip
        sheet = self.sheet(self.lineage_name, [32, 42, 14, 42, 14, 42, 14, 42, 42], head=0)
        self.heads(sheet, 0, [reader.label(name) for name in names])
        sheet.freeze_panes(1, 1)
        row = 1
        for figure in reader.document.figures.values():
            if not figure.lineage:
                continue
            key, origin = clean(figure.key), self.row_of[figure.key]
            label, shown = reader.words(figure.label), reader.figure(figure.key, sign=True)
            rule = reader.words(figure.rule)
            for line in figure.lineage:
                self.link(sheet, (row, 0), self.figures_name, origin, key)
                self.write(sheet, row, 1, label)
                self.write(sheet, row, 2, shown)
                self.line(sheet, row, line)
                self.write(sheet, row, 8, rule)
                row += 1

    def line(self, sheet: Worksheet, row: int, line: LineageLine) -> None:
        """One line of the arithmetic: part, value, remark, pieces of evidence, approval."""
        reader = self.reader
        self.write(sheet, row, 3, reader.words(line.label))
        if line.value is not None:
            look = self.format(_pattern(places_of(line.value)))
            self.number(sheet, (row, 4), line.value, look)
        self.write(sheet, row, 5, reader.words(line.note))
        if line.evidence is not None:
            self.number(sheet, (row, 6), Decimal(line.evidence), self.format("0"))
        self.write(sheet, row, 7, reader.words(line.approval))
