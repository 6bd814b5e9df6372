"""The file that was sent, given back with what is wrong in it: at the cell, and row by row."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from habitat_plan.kit.tables import write
from indicators.spreadsheets.reading import FileContent
from indicators.spreadsheets.sheets import REMEDY

WRONG = PatternFill("solid", start_color="FFF6D9D5", end_color="FFF6D9D5")
RIGHT = PatternFill("solid", start_color="FFFFFFFF", end_color="FFFFFFFF")
WHO = "Habitat Plan"
"""The author of our notes, by which they are known when the file comes again."""


@dataclass(frozen=True)
class Fault:
    """One refused cell: kind of sheet, row, name of the cell, and the sentence."""

    sheet: str
    row: int
    cell: str
    sentence: str


def marked_workbook(
    content: bytes, heads: Mapping[str, tuple[str, int]], faults: Iterable[Fault]
) -> bytes:
    """The same workbook with notes and colour at the refused cells, and a column what to do.

    What an earlier round marked is taken off first. `heads` gives the tab and the row of the
    headings of each kind of sheet.
    """
    book = load_workbook(io.BytesIO(content))
    by_sheet: dict[str, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_sheet[fault.sheet].append(fault)
    for kind, (tab, head) in heads.items():
        sheet = book[tab]
        _clear(sheet)
        if by_sheet[kind]:
            _mark(sheet, head, by_sheet[kind])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _remedy_column(sheet: Worksheet, head: int) -> int:
    """The column of sentences: that of an earlier round, or a new one at the end."""
    known = {title.casefold() for title in REMEDY.titles()}
    for cell in sheet[head]:
        if str(cell.value or "").casefold() in known:
            return int(cell.column)
    return int(sheet.max_column) + 1


def _clear(sheet: Worksheet) -> None:
    """Takes off what an earlier round marked."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == WHO:
                cell.comment = None
                cell.fill = RIGHT


def _mark(sheet: Worksheet, head: int, faults: list[Fault]) -> None:
    column = _remedy_column(sheet, head)
    for row in range(head + 1, sheet.max_row + 1):
        sheet.cell(row, column).value = None
    title = sheet.cell(head, column)
    title.value, title.font = str(REMEDY.title), Font(bold=True)
    sheet.column_dimensions[get_column_letter(column)].width = REMEDY.width
    sentences: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        sentences[fault.row].append(fault.sentence)
        cell = _cell(sheet, fault)
        if cell is not None:
            cell.fill = WRONG
            cell.comment = Comment(fault.sentence, WHO, height=120, width=320)
    for row, texts in sentences.items():
        cell = sheet.cell(row, column)
        _say(cell, " ".join(texts))


def _say(cell: Cell, sentence: str) -> None:
    """A sentence as text, never as a formula, whatever it begins with."""
    cell.value = sentence
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _cell(sheet: Worksheet, fault: Fault) -> Cell | None:
    """The refused cell; None if the sheet says no place."""
    letters = fault.cell.rstrip("0123456789")
    if not letters.isascii() or not letters.isalpha() or len(letters) > len("XFD"):
        return None
    return sheet[f"{letters}{fault.row}"]


def marked_csv(content: bytes, read: FileContent, faults: Iterable[Fault]) -> bytes:
    """The same table as delimited text, with a column what to do at its end."""
    sentences: dict[int, list[str]] = defaultdict(list)
    for fault in faults:
        sentences[fault.row].append(fault.sentence)
    _tab, head = next(iter(read.heads.values()))
    text = content.decode(read.encoding, errors="replace").lstrip("\ufeff")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=read.separator or ","))
    width = max((len(row) for row in rows), default=0)
    known = {title.casefold() for title in REMEDY.titles()}
    if rows and rows[head - 1] and rows[head - 1][-1].casefold() in known:
        width -= 1
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=read.separator or ",")
    for number, row in enumerate(rows, 1):
        last = str(REMEDY.title) if number == head else " ".join(sentences.get(number, ()))
        writer.writerow([*row[:width], *[""] * (width - len(row)), last])
    return "\ufeff".encode() + out.getvalue().encode()


def refused_csv(rows: Iterable[tuple[str, ...]], language: str) -> bytes:
    """The refused rows of a long file as a list: sheet, row, cell, what it is about, what to do."""
    table = write.Sheet(
        name=str(REMEDY.title),
        headings=[_("Sheet"), _("Row"), _("Cell"), _("Code"), str(REMEDY.title)],
        rows=rows,
    )
    return b"".join(write.write_csv(table, language=language))
