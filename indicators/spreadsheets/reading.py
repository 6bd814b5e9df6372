"""From the bytes of a file to rows of typed texts, each cell with the place where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.tables.cells import ColumnSpec, Row, Table
from habitat_plan.kit.tables.limits import Limits, TableRefused
from habitat_plan.kit.tables.read import read_table
from indicators.spreadsheets.sheets import FILES, REMEDY, Sheet, all_languages

XLSX = "xlsx"


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
    """What was found in a file: rows by kind of sheet, where the sheets are, what was left out."""

    rows: dict[str, list[FileRow]] = field(default_factory=dict)
    heads: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Kind of sheet → its name on the tab and the row of its headings."""
    notes: list[str] = field(default_factory=list)
    is_workbook: bool = False
    encoding: str = ""
    separator: str = ""

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(len(rows) for rows in self.rows.values())


def read_file(
    content: bytes, *, name: str, kind: str, language: str, limits: Limits
) -> FileContent:
    """The rows of a file of this kind. Raises TableRefused."""
    first, *others = FILES[kind]
    found = FileContent()
    table = _table(content, name, first, language, limits)
    found.is_workbook = table.kind == XLSX
    found.encoding, found.separator = table.encoding, table.separator
    _take(found, first, table)
    known = {title for column in (*first.columns, REMEDY) for title in column.titles()}
    found.notes = [
        told.sentence
        for told in table.ignored
        if told.code == "unknown_column"
        and not any(f"“{title}”" in told.sentence for title in known)
    ]
    if found.is_workbook:
        for sheet in others:
            _take_if_there(found, sheet, content, name, language, limits)
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


def _take_if_there(
    found: FileContent, sheet: Sheet, content: bytes, name: str, language: str, limits: Limits
) -> None:
    """Reads a further sheet of a workbook, if it is there under its name."""
    try:
        table = _table(content, name, sheet, language, limits)
    except TableRefused as refused:
        if refused.code in NO_SUCH_SHEET:
            return
        raise
    if table.sheet in all_languages(sheet.title):
        _take(found, sheet, table)


NO_SUCH_SHEET = frozenset({"no_headings", "columns_missing"})


def _take(found: FileContent, sheet: Sheet, table: Table) -> None:
    letters = {key: column.letter for key, column in table.columns.items()}
    found.heads[sheet.kind] = (table.sheet, table.heading_row)
    found.rows[sheet.kind] = [_row(sheet.kind, row, letters) for row in table.rows]


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


def filled(rows: Sequence[FileRow], keys: Sequence[str]) -> list[FileRow]:
    """The rows in which at least one of these columns holds something."""
    return [row for row in rows if any(row.texts.get(key, "").strip() for key in keys)]
