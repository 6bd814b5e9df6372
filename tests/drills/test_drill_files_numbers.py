"""Check 24: no text makes the reading of numbers, headings or cells slow or fail."""

from collections.abc import Callable
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from processor import seconds
from table_files import COLUMNS

from habitat_plan.kit.tables import (
    charsets,
    guard,
    headings,
    merged,
    number_formats,
    sheets,
    texts,
)
from habitat_plan.kit.tables.limits import TableRefused
from habitat_plan.kit.tables.read import read_table
from indicators.rules.numbers import MARKS, NotANumber, parse

MEGABYTE = 1024 * 1024
ODD = (
    *("1e9999999", "1E+9999999", "NaN", "sNaN", "Infinity", "-inf", "∞", "-0", "−0", "0x10", "1_0"),
    *(
        "9" * 400,
        "1." + "0" * 400,
        "٣3３۳",
        "1٫2,3",
        "１٬２",
        "½",
        "Ⅷ",
        "१२",
        "\u202e12",
        "12\u0000",
    ),
    *("1e-9999999", "+-1", "(5)", "5-", "1,2,3", "..", "%", ">", ">>5", "n/a", "\ud800"),
)
UNITS = ("9", "1,", "x", "%", ">", "-", " ", "\u00a0", "'", '"', ",'", ";\"'", "=", "[", '"a', "\\",
         "_x", "_x0041_", "#a", "#a +b", "# ", "+a", "é", "٣", "</sheetData", '<mergeCell ref="', "\t")  # fmt: skip
PATTERNS: dict[str, tuple[Callable[[Any], object], int]] = {
    "letters": (charsets._WORD.findall, MEGABYTE),
    "beginnings": (guard._BEGINS.match, MEGABYTE),
    "beginnings within": (guard._WITHIN.findall, MEGABYTE),
    "guarded within": (guard._GUARDED_WITHIN.findall, MEGABYTE),
    "tags": (headings._TAG.fullmatch, headings._LONGEST_TAG),
    "end of rows": (merged._END.search, MEGABYTE),
    "merged ranges": (merged._RANGE.findall, MEGABYTE),
    "formats": (number_formats._LITERAL.findall, number_formats._LONGEST_CODE),
    "escaped signs": (texts._ESCAPED.findall, MEGABYTE),
    "references": (sheets._REFERENCE.fullmatch, MEGABYTE),
}
"""How each pattern is used, and the most it is given."""


def parsed(text: str, language: str) -> Decimal | None:
    try:
        return parse(text, language)
    except NotANumber:
        return None


def read(content: bytes) -> None:
    try:
        table = read_table(content, name="", language="en", columns=COLUMNS)
        list(table.rows)
    except TableRefused:
        pass


@pytest.mark.drill
class TestNumbersAndPatterns:
    def test_no_text_makes_a_number_slow(self, tell: Callable[[str], None]) -> None:
        """A megabyte takes as long as it takes to look at its ends."""
        long = [unit * (MEGABYTE // len(unit)) for unit in UNITS]
        given = [*ODD, *long, *(text[:64] for text in long)]
        slowest = max(
            seconds(lambda t=text, k=language: parsed(t, k), under=0.01)
            for text in given
            for language in MARKS
        )
        count = len(given) * len(MARKS)
        tell(f"check 24: {count} texts read as numbers, slowest {slowest * 1000:.2f} ms")
        assert slowest < 0.01

    def test_no_pattern_is_slow_on_anything(self, tell: Callable[[str], None]) -> None:
        """Each pattern on a megabyte of what it looks for, whole and with an end that spoils it."""
        slowest, which = 0.0, ""
        for (name, (use, size)), unit in product(PATTERNS.items(), UNITS):
            text = unit * (size // len(unit)) + "!"
            given = text.encode() if isinstance(use.__self__.pattern, bytes) else text
            took = seconds(lambda use=use, given=given: use(given), under=0.5)
            if took > slowest:
                slowest, which = took, f"{name}, {unit!r}"
        tell(
            f"check 24: {len(PATTERNS)} patterns on a megabyte of {len(UNITS)} kinds, slowest "
            f"{slowest * 1000:.0f} ms ({which})"
        )
        assert slowest < 0.5

    def test_a_megabyte_in_one_cell_is_met_in_a_moment(self, tell: Callable[[str], None]) -> None:
        contents = [f"Code,Value\nx,{unit * (MEGABYTE // len(unit))}\n".encode() for unit in UNITS]
        slowest = max(seconds(lambda c=content: read(c), under=1) for content in contents)
        tell(f"check 24: a megabyte of text in one cell, slowest {slowest * 1000:.0f} ms")
        assert slowest < 1
