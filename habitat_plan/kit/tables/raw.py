"""What the readers of file formats hand on, before anybody asks which column means what."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from habitat_plan.kit.tables.cells import Cell, Told


class RawRow(NamedTuple):
    """A row of a file: its cells with something in them, by column from 0.

    `covered` are columns whose cell is part of a merged one that begins in a row above, with the
    place where it begins.
    """

    number: int
    cells: Mapping[int, Cell]
    hidden: bool = False
    covered: Mapping[int, str] = MappingProxyType({})


@dataclass
class RawTable:
    """One sheet, or one text at one separator, which may be the table that is looked for.

    `rows` begins anew at each call. `ragged` says that cells beyond the last heading are a
    mistake: in delimited text they come from a separator within a text, in a spreadsheet they are
    remarks in the margin.
    """

    kind: str
    rows: Callable[[], Iterator[RawRow]]
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    ragged: bool = False
    notices: list[Told] = field(default_factory=list)
