"""From the bytes of a file to rows of typed texts, each cell with the place where it stands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.tables.cells import ColumnSpec, Row, Table, Told
from habitat_plan.kit.tables.limits import Limits, TableRefused
from habitat_plan.kit.tables.read import read_table
from indicators.spreadsheets.sheets import FILES, REMEDY, Sheet, all_languages

XLSX = "xlsx"
HELD = 5_000
"""Rows of a sheet that are held; a longer sheet is read anew each time, so that memory stays flat.
Most of the time goes into files shorter than this, and they are read once."""
EXAMPLES = 3
UNSAID = frozenset({"blank_rows", "title_rows", "other_sheets"})
"""What is left out as everybody would expect; other sheets are told of where none was meant."""
T = TypeVar("T")


@dataclass(frozen=True)
class Anew(Iterable[T]):
    """What is gone through from its beginning as often as anybody asks, and never held."""

    begin: Callable[[], Iterator[T]]

    def __iter__(self) -> Iterator[T]:
        return self.begin()


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row of a sheet: texts by column key. `letters` says in which column each key stands.

    A key that is missing means that the file has no such column. `refusal` is a cell that cannot
    be used, whatever the row says.
    """

    sheet: str
    number: int
    texts: Mapping[str, str]
    letters: Mapping[str, str]
    refusal: RuleBroken | None = None

    def cell(self, key: str) -> str:
        """The name of a cell, such as C12; that of the first column if the key has none."""
        letter = self.letters.get(key) or next(iter(self.letters.values()), "")
        return f"{letter}{self.number}" if letter else ""


@dataclass
class FileContent:
    """What was found in a file: rows by kind of sheet, where the sheets are, what was left out.

    The rows can be gone through again and again; those of a long sheet are read each time.
    """

    rows: dict[str, Iterable[FileRow]] = field(default_factory=dict)
    heads: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Kind of sheet → its name on the tab and the row of its headings."""
    notes: list[str] = field(default_factory=list)
    """What was not read."""
    notices: list[str] = field(default_factory=list)
    """What was read in a way that a person may not expect."""
    is_workbook: bool = False
    encoding: str = ""
    separator: str = ""


def read_file(
    content: bytes, *, name: str, kind: str, language: str, limits: Limits
) -> FileContent:
    """The rows of a file of this kind, all looked at once. Raises TableRefused."""
    first, *others = FILES[kind]
    found = FileContent()
    opened = partial(_table, content, name, first, language, limits)
    table = opened()
    found.is_workbook = table.kind == XLSX
    found.encoding, found.separator = table.encoding, table.separator
    _take(found, first, table, opened)
    if found.is_workbook:
        for sheet in others:
            _take_if_there(found, sheet, partial(_table, content, name, sheet, language, limits))
    if len(found.heads) == 1 and table.sheet not in all_languages(first.title):
        found.notes += [told.sentence for told in table.ignored if told.code == "other_sheets"]
    return found


def _table(content: bytes, name: str, sheet: Sheet, language: str, limits: Limits) -> Table:
    return read_table(
        content,
        name=name,
        language=language,
        columns=[
            ColumnSpec(column.key, column.titles(), column.required)
            for column in sheet.columns
            if column.is_read
        ],
        sheets=all_languages(sheet.title),
        limits=limits,
    )


def _take_if_there(found: FileContent, sheet: Sheet, opened: Callable[[], Table]) -> None:
    """Reads a further sheet of a workbook, if it is there under its name."""
    try:
        table = opened()
    except TableRefused as refused:
        if refused.code in NO_SUCH_SHEET:
            return
        raise
    if table.sheet in all_languages(sheet.title):
        _take(found, sheet, table, opened)


NO_SUCH_SHEET = frozenset({"no_headings", "columns_missing"})


def _take(found: FileContent, sheet: Sheet, table: Table, opened: Callable[[], Table]) -> None:
    """Goes through a sheet to its end, so that a broken one is refused before anything is done."""
    letters = {key: column.letter for key, column in table.columns.items()}
    held: list[FileRow] = []
    noted: list[str] = []
    count = 0
    for count, row in enumerate(table.rows, 1):
        if count <= HELD:
            held.append(_row(sheet.kind, row, letters))
        if len(noted) < EXAMPLES:
            notes = ((cell.where, cell.note.rstrip(".。")) for cell in row.cells.values())
            noted += [f"{where}: {note}" for where, note in notes if note]
    rows: Iterable[FileRow] = held
    if count > HELD:
        rows = Anew(lambda: (_row(sheet.kind, row, letters) for row in opened().rows))
    tab = f"{table.sheet}: " if found.heads else ""
    found.heads[sheet.kind] = (table.sheet, table.heading_row)
    found.rows[sheet.kind] = rows
    found.notes += [tab + one for one in _sentences(sheet, table.ignored, noted)]
    found.notices += [tab + one for one in _sentences(sheet, table.notices, noted)]


def _sentences(sheet: Sheet, all_told: Iterable[Told], noted: list[str]) -> Iterator[str]:
    """What a person should know, each once; the first cells with a note as examples."""
    known = {title for column in (*sheet.columns, REMEDY) for title in column.titles()}
    for told in all_told:
        if told.code == "cells_noted":
            yield f"{told.sentence} {'; '.join(noted[:EXAMPLES])}"
        elif told.code not in UNSAID and not (
            told.code == "unknown_column" and any(f"“{title}”" in told.sentence for title in known)
        ):
            yield told.sentence


def _row(kind: str, row: Row, letters: Mapping[str, str]) -> FileRow:
    wrong = next(iter(row.problems), None)
    refusal = None
    if wrong is not None and wrong.problem is not None:
        field_name = next(key for key, cell in row.cells.items() if cell is wrong)
        refusal = RuleBroken(wrong.problem.code, wrong.problem.sentence, field_name)
    return FileRow(
        sheet=kind,
        number=row.number,
        texts={key: cell.text for key, cell in row.cells.items()},
        letters=letters,
        refusal=refusal,
    )
