"""Read a table out of a file that somebody sent."""

from collections.abc import Sequence
from typing import BinaryIO

from habitat_plan.kit.tables.cells import ColumnSpec, Table
from habitat_plan.kit.tables.limits import LIMITS, Limits


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

    `language` is the one the numbers of a spreadsheet are written out in, and the first guess for
    a text without a mark of its encoding. `sheets` are names of sheets to look at before others.
    The file stays open while the rows are gone through, and is not closed here. Raises
    TableRefused.
    """
    raise NotImplementedError
