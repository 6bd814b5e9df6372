"""How large a file may be, and the refusal of a whole file.

The limits are stated to people and checked before and while a file is read, by what is really in
it: the sizes that a file declares of itself are not believed. Source: OWASP ASVS 5.0.0, 5.1.1 and
5.2.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What may come in; bytes, or numbers of things."""

    file_bytes: int = 20 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    ratio: int = 100
    """Unpacked over packed bytes of one part; office programs rarely pass 30."""
    entries: int = 2_000
    sheets: int = 20
    columns: int = 200
    rows: int = 50_000
    """Rows with something in them."""
    cells: int = 1_000_000
    """Cells present in one sheet or text, the empty ones of a spreadsheet among them."""
    cell_characters: int = 32_767
    """What one cell of a spreadsheet can hold."""
    text_bytes: int = 50 * MEGABYTE
    """All different texts of a workbook together, since they are held in memory."""
    line_characters: int = 2_000_000
    """One line of delimited text."""


LIMITS = Limits()
"""For a file that is read while the person waits."""

JOB_LIMITS = replace(LIMITS, rows=120_000, cells=6_000_000)
"""For a file that is read in the background."""


LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""What a spreadsheet has at most, and so what a person could see."""


class TableRefused(Exception):
    """A file as a whole cannot be read as a table.

    `code` is stable; `sentence` is for the person, in the language active when it was raised, and
    says what to do. `row` is the row as a spreadsheet numbers it (0 if none is meant), `column`
    the letters of the column ("" if none is meant). `params` are what the sentence was made of.
    """

    def __init__(
        self,
        code: str,
        sentence: str,
        *,
        row: int = 0,
        column: str = "",
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.row = row
        self.column = column
        self.params = dict(params or {})


def too_many_rows(row: int, limit: int) -> TableRefused:
    """The refusal of a table with more rows than are taken."""
    sentence = _("The table has more than %(limit)s rows. Send it in parts.")
    params = {"limit": limit}
    return TableRefused("too_many_rows", sentence % params, row=row, params=params)


def too_many_cells(limit: int) -> TableRefused:
    """The refusal of a table with more cells than are taken."""
    sentence = _("The table has more than %(limit)s cells. Copy what is needed into a new file.")
    params = {"limit": limit}
    return TableRefused("too_many_cells", sentence % params, params=params)
