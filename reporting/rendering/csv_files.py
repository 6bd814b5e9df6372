"""The tables of a document as CSV: one zip file that holds one CSV for each table.

A data extract gives the tables that name a sheet, each under that name; a document to be read
gives all its tables, as `table-1.csv`. Each file is UTF-8 with a byte order mark, comma and CRLF,
with the heads in its first row. Numbers are exact, with a point and without separators; a figure
without a value is empty, and the column after each column of numbers says which kind of nothing it
is. Texts that a spreadsheet might run stand behind an apostrophe.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator

from habitat_plan.kit.tables.guard import guarded
from reporting.document import Cell, Column, FigureRef, Progress, Row, Table, blocks_of
from reporting.rendering.archive import same_bytes
from reporting.rendering.reading import Reader, clean, exact

_FORBIDDEN_IN_NAMES = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')
_LONGEST_NAME = 100
_MEASURES = {"number", "per_cent"}


def render_csv(reader: Reader) -> bytes:
    """The zip file's bytes, the same for the same document."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, table in _named(reader):
            archive.writestr(f"{name}.csv", _written(reader, table))
    return same_bytes(out.getvalue())


def _named(reader: Reader) -> Iterator[tuple[str, Table]]:
    """The tables with the names of their files, each name once."""
    tables = reader.sheets() or [
        block for block in blocks_of(reader.document) if isinstance(block, Table)
    ]
    taken: set[str] = set()
    for table in tables:
        wanted = clean(table.sheet) or f"table-{table.number}"
        wanted = _FORBIDDEN_IN_NAMES.sub(" ", wanted).strip(" .")[:_LONGEST_NAME] or "table"
        name, number = wanted, 2
        while name.casefold() in taken:
            name, number = f"{wanted}-{number}", number + 1
        taken.add(name.casefold())
        yield name, table


def _written(reader: Reader, table: Table) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    heads: list[str] = []
    for column in table.columns:
        heads.append(guarded(reader.heading(column)))
        if column.kind in _MEASURES:
            heads.append(guarded(f"{reader.words(column.heading)}: {reader.label('status')}"))
    writer.writerow(heads)
    for row in table.rows:
        writer.writerow(_row(reader, row, table.columns))
    return out.getvalue().encode("utf-8-sig")


def _row(reader: Reader, row: Row, columns: tuple[Column, ...]) -> Iterator[str]:
    """The cells of one row; a group row has one."""
    for cell, column in zip(row.cells, columns, strict=False):
        value, status = _cell(reader, cell, column)
        yield value
        if column.kind in _MEASURES and row.kind != "group":
            yield status


def _cell(reader: Reader, cell: Cell, column: Column) -> tuple[str, str]:
    """A cell's value, and for a figure which kind of nothing it is."""
    if isinstance(cell, FigureRef):
        figure = reader.document.figures[cell.key]
        status = reader.label(f"{figure.nothing}_words" if figure.nothing else "reported")
        if cell.words:
            return guarded(clean(cell.words)), guarded(status)
        return "" if figure.value is None else exact(figure.value), guarded(status)
    if isinstance(cell, Progress):
        return "" if cell.achievement is None else exact(cell.achievement), ""
    return guarded(reader.cell(cell, column.kind)), ""
