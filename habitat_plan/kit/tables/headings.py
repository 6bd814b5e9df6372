"""Find the row of headings, and which column is which."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.utils.translation import gettext as _

from habitat_plan.kit.tables.cells import Cell, Column, ColumnSpec, Told, letters
from habitat_plan.kit.tables.limits import TableRefused
from habitat_plan.kit.tables.raw import RawRow, RawTable

ROWS_LOOKED_AT = 50
"""Headings stand within so many rows with something in them."""

_ROWS_AT_ALL = 10_000

_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*[+][a-z][a-z0-9_]*)*", re.IGNORECASE)
_LONGEST_TAG = 200
_DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\ufeff\u00ad"))
_MOST_NAMED = 10


def plain(heading: str) -> str:
    """A heading without what people change without meaning to."""
    text = unicodedata.normalize("NFKC", heading).translate(_DIRECTIONS)
    return " ".join(text.casefold().split()).rstrip("*: ")


@dataclass(frozen=True)
class Headings:
    """Where the columns asked for stand. A key found twice has several places."""

    table: RawTable
    row: int
    places: Mapping[str, tuple[int, ...]]
    names: Mapping[int, str]
    missing: tuple[ColumnSpec, ...]
    rows_above: int = 0
    ignored: list[Told] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Columns up to the last heading."""
        return max(self.names, default=-1) + 1

    def columns(self) -> dict[str, Column]:
        """Where each column was found, by key."""
        return {
            key: Column(letters(places[0]), self.names[places[0]])
            for key, places in self.places.items()
        }


def find_headings(table: RawTable, columns: Sequence[ColumnSpec]) -> Headings:
    """The first row that has every required heading; else the row that has most."""
    keys = {
        plain(title): spec.key
        for spec in columns
        for title in (*map(str, spec.titles), *spec.aliases, spec.key)
    }
    best = Headings(table, 0, {}, {}, tuple(spec for spec in columns if spec.required))
    beginning = islice(table.rows(), _ROWS_AT_ALL)
    with_something = (row for row in beginning if row.cells)
    try:
        for above, row in enumerate(islice(with_something, ROWS_LOOKED_AT)):
            found = _in_row(table, row, keys, columns, above)
            if found.places and not found.missing:
                return found
            if len(found.places) > len(best.places):
                best = found
    except TableRefused as refused:
        # At another separator the quotation marks may well be right.
        if refused.code != "quotation_mark":
            raise
    return best


def _in_row(
    table: RawTable,
    row: RawRow,
    keys: Mapping[str, str],
    columns: Sequence[ColumnSpec],
    above: int,
) -> Headings:
    places: dict[str, list[int]] = defaultdict(list)
    names = {column: cell.text for column, cell in sorted(row.cells.items())}
    for column, name in names.items():
        if key := keys.get(plain(name)):
            places[key].append(column)
    missing = tuple(spec for spec in columns if spec.required and spec.key not in places)
    found = {key: tuple(where) for key, where in places.items()}
    return Headings(table, row.number, found, names, missing, above)


def best_table(tables: Iterable[RawTable], columns: Sequence[ColumnSpec]) -> Headings:
    """The first table with all required columns; of texts, the one with most of the columns.

    Raises TableRefused, naming the columns that are missing where most were found.
    """
    candidates: list[Headings] = []
    for table in tables:
        found = find_headings(table, columns)
        if found.places and not found.missing and not table.ragged:
            return found
        candidates.append(found)
    whole = [found for found in candidates if found.places and not found.missing]
    if whole:
        return max(whole, key=lambda found: len(found.places))
    best = max(candidates, key=lambda found: len(found.places), default=None)
    if best is None or not best.places:
        raise _no_headings(columns)
    raise _missing(best)


def _no_headings(columns: Sequence[ColumnSpec]) -> TableRefused:
    wanted = [spec for spec in columns if spec.required] or columns
    return TableRefused(
        "no_headings",
        _("No row of headings was found. The table needs the columns %(columns)s.")
        % {"columns": _named(wanted)},
        params={"columns": [spec.key for spec in wanted]},
    )


def _missing(found: Headings) -> TableRefused:
    return TableRefused(
        "columns_missing",
        _("The headings in row %(row)s lack %(columns)s. Add what is missing; it may be empty.")
        % {"row": found.row, "columns": _named(found.missing)},
        row=found.row,
        params={"columns": [spec.key for spec in found.missing]},
    )


def _named(columns: Sequence[ColumnSpec]) -> str:
    titles = [f"“{spec.titles[0] if spec.titles else spec.key}”" for spec in columns]
    return ", ".join(titles[:_MOST_NAMED]) + (" …" if len(titles) > _MOST_NAMED else "")


def is_tag_row(cells: Iterable[Cell]) -> bool:
    """Whether every cell is a hashtag of the Humanitarian Exchange Language."""
    texts = [cell.text for cell in cells]
    return bool(texts) and all(len(text) < _LONGEST_TAG and _TAG.fullmatch(text) for text in texts)


def told_of_headings(found: Headings) -> Iterator[Told]:
    """What the row of headings leaves out: rows above it and columns nobody asked for."""
    if found.rows_above:
        sentence = _("Rows above the headings in row %(row)s were left out: %(count)s.")
        params = {"row": found.row, "count": found.rows_above}
        yield Told("title_rows", sentence % params, found.row, count=found.rows_above)
    wanted = {place for places in found.places.values() for place in places}
    for column, name in found.names.items():
        if column not in wanted:
            sentence = _("Column %(column)s, “%(heading)s”, is not used.")
            letter = letters(column)
            told = sentence % {"column": letter, "heading": name[:_LONGEST_TAG]}
            yield Told("unknown_column", told, found.row, letter)
