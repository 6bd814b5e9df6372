"""Read a table out of a file that somebody sent."""

import io
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from habitat_plan.kit.tables.cells import Cell, ColumnSpec, Problem, Row, Table, Told, letters
from habitat_plan.kit.tables.delimited import open_delimited
from habitat_plan.kit.tables.headings import (
    Headings,
    best_table,
    is_tag_row,
    told_of_headings,
)
from habitat_plan.kit.tables.kinds import kind_of
from habitat_plan.kit.tables.languages import decimal_mark
from habitat_plan.kit.tables.limits import LIMITS, MEGABYTE, Limits, TableRefused, too_many_rows
from habitat_plan.kit.tables.raw import RawRow, RawTable
from habitat_plan.kit.tables.xlsx import open_xlsx

_SENTENCES = {
    "blank_rows": gettext_lazy("Empty rows were left out."),
    "tag_row": gettext_lazy("The row of hashtags was left out."),
    "same_column_twice": gettext_lazy("A column stands in the file twice, with the same content."),
    "hidden_rows": gettext_lazy("Hidden rows were read as well."),
    "cells_noted": gettext_lazy("Some cells are merged or shown in per cent: see their notes."),
}
_SPREADSHEET_NAMES = (".xlsx", ".xlsm", ".xls", ".ods")


def read_table(
    content: BinaryIO | bytes,
    *,
    name: str,
    language: str,
    columns: Sequence[ColumnSpec],
    sheets: Sequence[str] = (),
    limits: Limits = LIMITS,
) -> Table:
    """The table in a file, told by its content and not by its name.

    `name` is the file's name, and only told if it is wrong. `language` is the one the numbers of a
    spreadsheet are written out in. `sheets` are names of sheets to look at before others. The file
    stays open while the rows are gone through, and is not closed here. Raises TableRefused.
    """
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    _check_size(file, limits)
    kind = kind_of(file)
    if kind == "xlsx":
        raw = open_xlsx(file, decimal_mark(language), limits)
    else:
        raw = open_delimited(file, limits)
    wanted = {sheet.casefold() for sheet in sheets}
    raw.sort(key=lambda one: one.sheet.casefold() not in wanted)
    found = best_table(raw, columns)
    table = _Reading(found, raw, limits).table
    if kind == "delimited" and name.lower().endswith(_SPREADSHEET_NAMES):
        sentence = _("The file is delimited text, not a spreadsheet as its name says.")
        table.notices.append(Told("other_kind", sentence))
    return table


def _check_size(file: BinaryIO, limits: Limits) -> None:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if not size:
        raise TableRefused("empty_file", _("The file is empty. Choose the file again."))
    if size > limits.file_bytes:
        sentence = _("The file is larger than %(limit)s MB. Send the table alone, or in parts.")
        raise TableRefused("file_too_large", sentence % {"limit": limits.file_bytes // MEGABYTE})


class _Reading:
    """Goes through the rows below the headings, once, and keeps account of every one."""

    def __init__(self, found: Headings, raw: Sequence[RawTable], limits: Limits) -> None:
        self.found = found
        self.limits = limits
        self.rows_read = 0
        self.counts: dict[str, Told] = {}
        source = found.table
        self.table = Table(
            rows=self.rows(),
            columns=found.columns(),
            heading_row=found.row,
            kind=source.kind,
            sheet=source.sheet,
            encoding=source.encoding,
            separator=source.separator,
            ignored=[*told_of_headings(found), *_other_sheets(found, raw)],
            notices=list(source.notices),
        )

    def rows(self) -> Iterator[Row]:
        """Rows with something in the columns asked for."""
        is_first = True
        for raw in self.found.table.rows():
            if raw.number <= self.found.row:
                continue
            if not raw.cells:
                self.tell(self.table.ignored, "blank_rows", raw.number)
            elif is_first and is_tag_row(raw.cells.values()):
                self.tell(self.table.ignored, "tag_row", raw.number)
            elif row := self.row(raw):
                yield row
            else:
                self.tell(self.table.ignored, "blank_rows", raw.number)
            is_first = is_first and not raw.cells

    def row(self, raw: RawRow) -> Row | None:
        """The row, or None if nothing stands in the columns asked for."""
        ragged = self.ragged(raw)
        cells = {key: self.cell(raw, places) for key, places in self.found.places.items()}
        if not ragged and not any(cell.text for cell in cells.values()):
            return None
        self.rows_read += 1
        if self.rows_read > self.limits.rows:
            raise too_many_rows(raw.number, self.limits.rows)
        for key, places in self.found.places.items():
            cells[key] = self.judged(raw, places[0], cells[key], ragged)
        if raw.hidden:
            self.tell(self.table.notices, "hidden_rows", raw.number)
        return Row(raw.number, cells)

    def ragged(self, raw: RawRow) -> Problem | None:
        """A row of delimited text with more in it than there are headings."""
        if not self.found.table.ragged or max(raw.cells, default=0) < self.found.width:
            return None
        return Problem(
            "ragged_row",
            _(
                "This row has more cells than there are headings. Put quotation marks around each "
                "text or number that holds the separator."
            ),
        )

    def cell(self, raw: RawRow, places: Sequence[int]) -> Cell:
        """What stands in a column, which may stand in the file twice if both say the same."""
        first, *others = places
        cell = raw.cells.get(first) or Cell("", f"{letters(first)}{raw.number}")
        for other in others:
            twin = raw.cells.get(other)
            if (twin.text if twin else "") != cell.text:
                raise _columns_differ(letters(first), letters(other), raw.number)
            self.tell(self.table.ignored, "same_column_twice", raw.number)
        return cell

    def judged(self, raw: RawRow, place: int, cell: Cell, ragged: Problem | None) -> Cell:
        """The cell with what is to be said of it, and counted."""
        if cell.problem and cell.problem.code == "formula":
            self.table.formulas += 1
        if ragged:
            return cell._replace(problem=ragged)
        if not cell.text and place in raw.covered:
            sentence = _("This cell is merged with %(cell)s. Take cells apart and fill in each.")
            problem = Problem("merged_cell", sentence % {"cell": raw.covered[place]})
            return cell._replace(problem=problem)
        if cell.note and not cell.problem:
            self.tell(self.table.notices, "cells_noted", raw.number)
        return cell

    def tell(self, told: list[Told], code: str, row: int) -> None:
        """Tell the first time, count the others."""
        if code in self.counts:
            self.counts[code].count += 1
        else:
            self.counts[code] = Told(code, str(_SENTENCES[code]), row)
            told.append(self.counts[code])


def _other_sheets(found: Headings, raw: Sequence[RawTable]) -> Iterator[Told]:
    names = [one.sheet for one in raw if one is not found.table and one.sheet]
    if names:
        sentence = _("Only the sheet “%(sheet)s” was read, not %(others)s.")
        others = ", ".join(f"“{name}”" for name in names)
        params = {"sheet": found.table.sheet, "others": others}
        yield Told("other_sheets", sentence % params, count=len(names))


def _columns_differ(first: str, second: str, row: int) -> TableRefused:
    sentence = _(
        "Columns %(first)s and %(second)s have the same heading and differ in row %(row)s. Delete "
        "the one that does not count."
    )
    params = {"first": first, "second": second, "row": row}
    return TableRefused("columns_differ", sentence % params, row=row, column=second, params=params)
