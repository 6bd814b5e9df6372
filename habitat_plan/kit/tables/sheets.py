"""The rows of one sheet of a workbook, as its XML goes by. Nothing is calculated."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from habitat_plan.kit.tables import number_formats
from habitat_plan.kit.tables.archive import broken
from habitat_plan.kit.tables.cells import Cell, Problem, column_of, letters
from habitat_plan.kit.tables.guard import is_dangerous
from habitat_plan.kit.tables.limits import LAST_COLUMN, LAST_ROW, Limits, TableRefused
from habitat_plan.kit.tables.markup import MAIN, Attributes, Markup
from habitat_plan.kit.tables.merged import Merged
from habitat_plan.kit.tables.number_formats import Kind
from habitat_plan.kit.tables.problems import text_problem
from habitat_plan.kit.tables.raw import RawRow
from habitat_plan.kit.tables.texts import Texts, unescaped

_TABS = ("\t", "\r")
_TRUE = ("1", "true")
_REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]{1,7}")
_SHOWN_OF_A_FORMULA = 200


@dataclass(frozen=True)
class Book:
    """What cells refer to: texts, number formats, the first day, and how numbers are written."""

    texts: Texts | None
    kinds: Sequence[Kind]
    since_1904: bool
    decimal_mark: str
    limits: Limits


def sheet_rows(
    pieces: Callable[[], Iterator[bytes]], book: Book, merged: Merged
) -> Iterator[RawRow]:
    """The rows of a sheet that it has itself; those it only skips over are not made up."""
    sheet = _Sheet(book, merged)
    for piece in pieces():
        sheet.markup.feed(piece)
        yield from sheet.done
        sheet.done.clear()
    sheet.markup.feed(b"", last=True)


class _Sheet:
    """Listens to the XML and puts rows together."""

    def __init__(self, book: Book, merged: Merged) -> None:
        self.book = book
        self.merged = merged
        self.done: list[RawRow] = []
        self.row = 0
        self.hidden = False
        self.cells: dict[int, Cell] = {}
        self.next_column = 0
        self.attributes: Attributes = {}
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.into: list[str] | None = None
        self.is_reading_aid = False
        self.columns: dict[str, int] = {}
        self.markup = Markup(
            MAIN,
            book.limits,
            starts={
                "row": self.begin_row,
                "c": self.begin_cell,
                "v": self.collect_value,
                "t": self.collect_text,
                "f": self.collect_formula,
                "rPh": self.begin_reading_aid,
            },
            ends={
                "row": self.end_row,
                "c": self.end_cell,
                "v": self.stop,
                "t": self.stop,
                "f": self.stop,
                "rPh": self.end_reading_aid,
            },
            text=self.text,
        )

    def begin_cell(self, attributes: Attributes) -> None:
        self.attributes = attributes
        self.value = []
        self.formula = None

    def collect_value(self, _attributes: Attributes) -> None:
        self.into = self.value

    def collect_text(self, _attributes: Attributes) -> None:
        if not self.is_reading_aid:
            self.into = self.value

    def collect_formula(self, _attributes: Attributes) -> None:
        self.into = self.formula = []

    def begin_reading_aid(self, _attributes: Attributes) -> None:
        self.is_reading_aid = True

    def end_reading_aid(self) -> None:
        self.is_reading_aid = False

    def text(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)

    def stop(self) -> None:
        self.into = None

    def end_row(self) -> None:
        covered = self.merged.covering(self.row)
        self.done.append(RawRow(self.row, self.cells, self.hidden, covered))

    def begin_row(self, attributes: Attributes) -> None:
        """Rows come in order, each number once."""
        given = attributes.get("r", "")
        if given and not (given.isascii() and given.isdecimal() and len(given) <= len("1048576")):
            raise broken()
        row = int(given) if given else self.row + 1
        if not self.row < row <= LAST_ROW:
            raise broken()
        self.row, self.cells, self.next_column = row, {}, 0
        self.hidden = attributes.get("hidden", "") in _TRUE

    def end_cell(self) -> None:
        """Keep the cell if there is something in it."""
        column = self.column(self.attributes.get("r", ""))
        if column < self.next_column or column >= LAST_COLUMN:
            raise broken()
        self.next_column = column + 1
        if not self.value and self.formula is None:
            return
        where = f"{letters(column)}{self.row}"
        cell = self.cell("".join(self.value), where)
        if not cell.text:
            return
        if column >= self.book.limits.columns:
            raise _too_far(where, letters(column), self.row, self.book.limits)
        if name := self.merged.beginning.get(where):
            note = _("Merged cells %(range)s: the value counts for the first only.")
            cell = cell._replace(note=note % {"range": name})
        self.cells[column] = cell

    def column(self, reference: str) -> int:
        """The column of `C12` from 0, or the one after the last."""
        if not reference:
            return self.next_column
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise broken()
        name = found[1]
        if name not in self.columns:
            self.columns[name] = column_of(name)
        return self.columns[name]

    def cell(self, value: str, where: str) -> Cell:
        """What the person sees in the cell."""
        if self.formula is not None:
            shown = "=" + "".join(self.formula)[:_SHOWN_OF_A_FORMULA].strip()
            return Cell(shown, where, problem=_formula())
        kind = self.attributes.get("t", "n")
        if kind == "n":
            return self.number(value, where)
        if kind == "s":
            return self.shared(value, where)
        if kind == "b":
            value = "TRUE" if value.strip() in _TRUE else "FALSE"
        elif kind == "d":
            value = value.replace("T", " ").strip().removesuffix(" 00:00:00")
        cell = self.words(unescaped(value), where)
        return cell._replace(problem=_error()) if kind == "e" else cell

    def shared(self, value: str, where: str) -> Cell:
        """A text by its number."""
        digits = value.strip()
        if self.book.texts is None or not (digits.isascii() and digits.isdecimal()):
            raise broken()
        if len(digits) > len("1048576000"):
            raise broken()
        return self.words(self.book.texts[int(digits)], where)

    def words(self, text: str, where: str) -> Cell:
        """A text, trimmed, save where the tab at its beginning is why it was written as text."""
        text = text if text[:1] in _TABS and is_dangerous(text) else text.strip()
        problem = text_problem(text, self.book.limits) if text else None
        return Cell(text[:_SHOWN_OF_A_FORMULA] if problem else text, where, problem=problem)

    def number(self, value: str, where: str) -> Cell:
        """A number as its format shows it, or the text as it is if it is none."""
        raw = value.strip()
        number = number_formats.exact(raw) if raw else None
        if number is None:
            return self.words(raw, where)
        kind = self.kind()
        if kind == "date":
            date = number_formats.date_text(number, since_1904=self.book.since_1904)
            if date is not None:
                return Cell(date, where)
        elif kind == "percent":
            number = number_formats.hundredfold(number)
            text = self.written(number)
            return Cell(text, where, _("shown as %(text)s %%") % {"text": text}, number)
        return Cell(self.written(number), where, "", number)

    def written(self, number: Decimal) -> str:
        return number_formats.written(number, self.book.decimal_mark)

    def kind(self) -> Kind:
        """What the cell's style makes of a number."""
        style = self.attributes.get("s", "0")
        if not (style.isascii() and style.isdecimal() and len(style) <= len("65535")):
            raise broken()
        number = int(style)
        return self.book.kinds[number] if number < len(self.book.kinds) else "number"


def _formula() -> Problem:
    return Problem(
        "formula",
        _("This cell holds a formula, which is not calculated here. Type the value itself."),
    )


def _error() -> Problem:
    return Problem("error_value", _("This cell shows an error. Type the value itself."))


def _too_far(where: str, column: str, row: int, limits: Limits) -> TableRefused:
    sentence = _(
        "Cell %(cell)s lies beyond the %(limit)s columns that can be taken. Delete what stands to "
        "the right of the table."
    )
    params = {"cell": where, "limit": limits.columns}
    return TableRefused("too_many_columns", sentence % params, row=row, column=column)
