"""Delimited text: any common encoding and separator, quoted line breaks, a line at a time."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext as _

from habitat_plan.kit.tables import charsets
from habitat_plan.kit.tables.cells import Cell, Told, letters
from habitat_plan.kit.tables.guard import unguarded
from habitat_plan.kit.tables.limits import (
    LAST_ROW,
    Limits,
    TableRefused,
    too_many_cells,
    too_many_rows,
)
from habitat_plan.kit.tables.problems import text_problem
from habitat_plan.kit.tables.raw import RawRow, RawTable

SEPARATORS = (",", ";", "\t", "|")
_BEGINNING = 4096
_MOST_FIELDS = 20_000
"""Separators of one record, those within quoted texts among them."""
_SHOWN_OF_LONG = 200
_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}


def open_delimited(content: BinaryIO, limits: Limits) -> list[RawTable]:
    """The text parted at each separator in turn. Raises TableRefused if its encoding is unsure."""
    encoding, notices = _encoding(content)
    first = next(_lines(content, encoding, limits), "")
    declared = _declared_separator(first)
    separators = (declared,) if declared else SEPARATORS
    return [
        RawTable(
            kind="delimited",
            rows=_rows_at(content, encoding, separator, limits, skip=bool(declared)),
            encoding=encoding,
            separator=separator,
            ragged=True,
            notices=list(notices),
        )
        for separator in separators
    ]


def _encoding(content: BinaryIO) -> tuple[str, list[Told]]:
    content.seek(0)
    beginning = content.read(_BEGINNING)
    if certain := charsets.marked(beginning):
        return certain, []
    if b"\0" in beginning:
        raise _not_a_table(1)
    content.seek(0)
    found = charsets.possible(content)
    if len(found) != 1:
        raise TableRefused(
            "encoding_unknown",
            _(
                "The letters with accents or of other scripts cannot be read for certain. Save the "
                "file as .xlsx, or as “CSV UTF-8”, and send it again."
            ),
            params={"encodings": found},
        )
    if found == ("utf-8",):
        return "utf-8", []
    sentence = _("The text was read as %(encoding)s. Check that names are spelled rightly.")
    name = _NAMES.get(found[0], found[0].upper())
    return found[0], [Told("encoding_guessed", sentence % {"encoding": name})]


def _declared_separator(line: str) -> str:
    """The separator of a first line `sep=;`, which spreadsheets write and do not show."""
    text = line.rstrip("\r\n").strip('"')
    separator = text[len("sep=") :] if text.lower().startswith("sep=") else ""
    return separator if separator in SEPARATORS else ""


def _lines(content: BinaryIO, encoding: str, limits: Limits) -> Iterator[str]:
    """Lines with their ends, none longer than the limit."""
    content.seek(0)
    text = io.TextIOWrapper(cast(IO[bytes], _LeftOpen(content)), encoding, newline="")
    number = 0
    try:
        while line := text.readline(limits.line_characters + 1):
            number += 1
            if len(line) > limits.line_characters:
                raise _not_a_table(number)
            if "\0" in line:
                raise _not_a_table(number)
            yield line
    except UnicodeError as broken:
        raise TableRefused(
            "encoding_broken",
            _(
                "Row %(row)s holds letters that cannot be read. Save the file as .xlsx, or as "
                "“CSV UTF-8”, and send it again."
            )
            % {"row": number + 1},
            row=number + 1,
        ) from broken


class _LeftOpen(io.BufferedIOBase):
    """The file's bytes, for a reader that closes what it reads from: the file stays open."""

    def __init__(self, content: BinaryIO) -> None:
        self.content = content

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        return self.content.read(-1 if size is None else size)

    def read1(self, size: int = -1, /) -> bytes:
        return self.read(size)


def _not_a_table(row: int) -> TableRefused:
    return TableRefused(
        "not_a_table",
        _("This is not a table. Send a spreadsheet (.xlsx) or delimited text (.csv)."),
        row=row,
    )


def _rows_at(
    content: BinaryIO, encoding: str, separator: str, limits: Limits, *, skip: bool
) -> Callable[[], Iterator[RawRow]]:
    def rows() -> Iterator[RawRow]:
        lines = _lines(content, encoding, limits)
        if skip:
            next(lines)
        return _records(lines, separator, limits)

    return rows


def _records(lines: Iterator[str], separator: str, limits: Limits) -> Iterator[RawRow]:
    """Records numbered as a spreadsheet numbers its rows: blank ones count."""
    fields = _Counted(lines, separator)
    reader = csv.reader(fields, delimiter=separator, strict=True)
    number = total = 0
    try:
        for number, record in enumerate(reader, 1):
            fields.count = 0
            cells = _cells(record, number, limits)
            total += len(cells)
            if number > LAST_ROW:
                raise too_many_rows(number, LAST_ROW)
            if total > limits.cells:
                raise too_many_cells(limits.cells)
            yield RawRow(number, cells)
    except csv.Error as broken:
        raise TableRefused(
            "quotation_mark",
            _(
                "In row %(row)s a quotation mark is not closed, or stands within a text. Close it, "
                "or double it if it belongs to the text."
            )
            % {"row": number + 1},
            row=number + 1,
        ) from broken


class _Counted:
    """Lines, refused if the record they make up has too many separators."""

    def __init__(self, lines: Iterator[str], separator: str) -> None:
        self.lines = lines
        self.separator = separator
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self.lines)
        self.count += line.count(self.separator)
        if self.count > _MOST_FIELDS:
            raise _not_a_table(0)
        return line


def _cells(record: list[str], number: int, limits: Limits) -> dict[int, Cell]:
    """The fields with something in them."""
    cells = {}
    for column, field in enumerate(record):
        if text := field.strip():
            cells[column] = delimited_cell(text, f"{letters(column)}{number}", limits)
    return cells


def delimited_cell(text: str, where: str, limits: Limits) -> Cell:
    """A trimmed text as a cell; the apostrophe that kept it from being run is taken off."""
    if text[0] == "'":
        text = unguarded(text)
    problem = text_problem(text, limits)
    return Cell(text if not problem else text[:_SHOWN_OF_LONG], where, problem=problem)
