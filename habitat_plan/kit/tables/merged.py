"""Merged cells: the value belongs to the first cell, and the others are known to be covered."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from habitat_plan.kit.tables.archive import broken
from habitat_plan.kit.tables.cells import column_of, letters

_END = re.compile(rb"</(?:[A-Za-z0-9]{1,20}:)?sheetData\s*>|<(?:[A-Za-z0-9]{1,20}:)?sheetData\s*/>")
_LONGEST_END = 64
_MOST_BYTES = 4 << 20
_RANGE = re.compile(
    rb"<(?:[A-Za-z0-9]{1,20}:)?mergeCell\s{1,4}ref=[\"']"
    rb"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})[\"']"
)
_MOST_AT_ONCE = 400


class _Range(NamedTuple):
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    name: str

    @property
    def where(self) -> str:
        """The cell that holds the value."""
        return f"{letters(self.first_column)}{self.first_row}"


class Merged:
    """The merged ranges of one sheet, asked for row by row in order."""

    def __init__(self, ranges: Iterable[_Range] = ()) -> None:
        ranges = tuple(ranges)
        self.beginning = {one.where: one.name for one in ranges}
        self._tall = sorted(one for one in ranges if one.last_row > one.first_row)
        self._next = 0
        self._active: list[_Range] = []

    def covering(self, row: int) -> dict[int, str]:
        """Columns whose cell in this row belongs to one above, with the place of that one."""
        while self._next < len(self._tall) and self._tall[self._next].first_row < row:
            self._active.append(self._tall[self._next])
            self._next += 1
        if not self._active:
            return {}
        self._active = [one for one in self._active if one.last_row >= row]
        if len(self._active) > _MOST_AT_ONCE:
            raise broken()
        return {
            column: one.where
            for one in self._active
            for column in range(one.first_column, one.last_column + 1)
        }


def merged_cells(pieces: Iterable[bytes]) -> Merged:
    """The merged ranges, which a sheet lists after its rows. Reads the part to its end."""
    tail, found = b"", False
    for piece in pieces:
        if found:
            tail += piece[: max(0, _MOST_BYTES - len(tail))]
            continue
        text = tail + piece
        match = _END.search(text)
        found = match is not None
        tail = text[match.end() :] if match else text[-_LONGEST_END:]
    matches = _RANGE.finditer(tail) if found else ()
    return Merged(_range(*(group.decode() for group in match.groups())) for match in matches)


def _range(first: str, first_row: str, last: str, last_row: str) -> _Range:
    name = f"{first}{first_row}:{last}{last_row}"
    return _Range(int(first_row), int(last_row), column_of(first), column_of(last), name)
