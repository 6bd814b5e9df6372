"""The words of a table that was read: columns asked for, cells, rows, what was left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

_ALPHABET = 26


@dataclass(frozen=True)
class ColumnSpec:
    """A column that is looked for.

    `titles` are the headings it is found by, in all languages, the reader's first: sentences name
    the column by it. `aliases` are further ones that people use; the key itself is one too.
    Headings are compared without case, width of characters, line breaks, double spaces and a
    closing `*` or `:`.
    """

    key: str
    titles: tuple[str, ...]
    required: bool = False
    aliases: tuple[str, ...] = ()


class Problem(NamedTuple):
    """Why one cell cannot be used. `code` is stable, `sentence` says what to do.

    Codes: `formula`, `error_value`, `too_long`, `control_character`, `ragged_row`, `merged_cell`.
    """

    code: str
    sentence: str


class Cell(NamedTuple):
    """One cell as the person sees it.

    `text` is trimmed text. A number of a spreadsheet is written in the manner of the language that
    the table was read in, without thousands marks (`1234,5` in French), so that it is read like
    any typed text; `number` holds it exactly, with the noise of binary fractions removed. A cell
    shown as 85 % has the text `85`, and the note says so. Dates are ISO (`2016-05-03`), truth
    values `TRUE` and `FALSE`. A formula is never evaluated: its `text` is the formula and
    `problem` says to type the number itself.
    """

    text: str
    where: str
    note: str = ""
    number: Decimal | None = None
    problem: Problem | None = None


class Row(NamedTuple):
    """A row with something in it.

    `number` is the row as a spreadsheet numbers it. `cells` has every column of the file that was
    asked for: a key that is missing means that the file has no such column, a cell without text
    that it was left empty.
    """

    number: int
    cells: Mapping[str, Cell]

    @property
    def problems(self) -> tuple[Cell, ...]:
        """The cells that cannot be used."""
        return tuple(cell for cell in self.cells.values() if cell.problem)


class Column(NamedTuple):
    """Where a column that was asked for was found."""

    letter: str
    heading: str


@dataclass
class Told:
    """Something the person should know about how the file was read, and how often it occurred.

    Codes of what was left out: `title_rows`, `tag_row`, `blank_rows`, `unknown_column`,
    `other_sheets`, `same_column_twice`. Codes of what was noticed: `hidden_rows`, `cells_noted`
    (cells with a note: merged or shown in per cent), `encoding_guessed`, `other_kind`.
    """

    code: str
    sentence: str
    row: int = 0
    column: str = ""
    count: int = 1


@dataclass
class Table:
    """A table as it is read. `rows` can be gone through once.

    `ignored`, `notices` and `formulas` are complete when all rows have been read; a
    row beyond a limit or a broken part of the file raises TableRefused there.
    """

    rows: Iterator[Row]
    columns: Mapping[str, Column]
    heading_row: int
    kind: str
    """`xlsx` or `delimited`."""
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    ignored: list[Told] = field(default_factory=list)
    notices: list[Told] = field(default_factory=list)
    formulas: int = 0


def letters(column: int) -> str:
    """`A` for 0, `XFD` for 16383."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _ALPHABET)
        name = chr(ord("A") + rest) + name
    return name


def column_of(name: str) -> int:
    """0 for `A`, 16383 for `XFD`."""
    number = 0
    for letter in name:
        number = number * _ALPHABET + ord(letter) - ord("A") + 1
    return number - 1
