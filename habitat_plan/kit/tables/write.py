"""Write tables so that numbers stay numbers and no text is ever run as a formula."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO

Value = str | Decimal | int | bool | dt.date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, its headings and its rows."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Value]]


def write_csv(sheet: Sheet, *, language: str = "en", separator: str = ",") -> Iterator[bytes]:
    """Delimited text in UTF-8 with a byte-order mark, piece by piece.

    Decimals get the mark of the language. A text that a spreadsheet would run gets a leading
    apostrophe, which `read_table` takes off again.
    """
    raise NotImplementedError


def write_xlsx(
    to: BinaryIO, sheets: Iterable[Sheet], *, made_at: dt.datetime, right_to_left: bool = False
) -> None:
    """A workbook in which every text is text. Memory does not grow with the rows."""
    raise NotImplementedError
