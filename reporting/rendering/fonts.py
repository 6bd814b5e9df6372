"""The six fonts that documents are set in, and what they cannot print.

The files are committed so that every machine renders alike; no font of the system is used.
"""

import functools
import struct
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from reporting.document import Document, Paragraph, Run, Text
from reporting.rendering.numbers import Numbers

FOLDER = Path(__file__).resolve().parent.parent / "fonts"
FILES = (
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoNaskhArabic-Regular.ttf",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
)
_FAMILIES = {
    "ar": ("Noto Naskh Arabic", "Noto Sans", "Noto Sans SC"),
    "zh": ("Noto Sans SC", "Noto Sans", "Noto Naskh Arabic"),
}
BOX = "\N{WHITE SQUARE}"
_INVISIBLE = frozenset("\n\r\t\u200e\u200f\u2060\ufeff")


def families(language: str) -> tuple[str, ...]:
    """Font families in the order in which a document in that language looks for a character."""
    return _FAMILIES.get(language, ("Noto Sans", "Noto Naskh Arabic", "Noto Sans SC"))


def check_fonts(folder: Path = FOLDER) -> Path:
    """The folder, if the six files are in it.

    Raises RuleBroken `font-missing` naming the file and what to do.
    """
    for name in FILES:
        if not (folder / name).is_file():
            message = format_lazy(
                _(
                    "The font file {name} is missing from the folder reporting/fonts. Restore it "
                    "from the version control system, then render the document again."
                ),
                name=name,
            )
            raise RuleBroken("font-missing", message)
    return folder


# Kinds of `cmap` subtable, and the mark that ends one of segments (OpenType specification).
SEGMENTS, GROUPS, LAST_SEGMENT = 4, 12, 0xFFFF


def characters(file: Path) -> frozenset[int]:
    """Code points that the font file has a glyph for (formats 4 and 12 of its `cmap` table)."""
    data = file.read_bytes()
    (count,) = struct.unpack_from(">H", data, 4)
    records = (struct.unpack_from(">4s3I", data, 12 + 16 * place) for place in range(count))
    start = next(offset for tag, _checksum, offset, _length in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", data, start + 2)
    found: set[int] = set()
    for place in range(subtables):
        (offset,) = struct.unpack_from(">I", data, start + 8 + 8 * place)
        (kind,) = struct.unpack_from(">H", data, start + offset)
        if kind == SEGMENTS:
            found.update(_segments(data, start + offset))
        elif kind == GROUPS:
            found.update(_groups(data, start + offset))
    return frozenset(found)


def _segments(data: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", data, at + 6)
    ends = struct.unpack_from(f">{doubled // 2}H", data, at + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", data, at + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        if first != LAST_SEGMENT:
            yield from range(first, last + 1)


def _groups(data: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", data, at + 12)
    for place in range(count):
        first, last, _glyph = struct.unpack_from(">3I", data, at + 16 + 12 * place)
        yield from range(first, last + 1)


@functools.cache
def _covered(folder: Path) -> frozenset[int]:
    return frozenset().union(*(characters(folder / name) for name in FILES))


def _words(value: Any, language: str) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.in_language(language).text
    elif isinstance(value, Paragraph):
        yield from _words(value.in_language(language).runs, language)
    elif isinstance(value, Run):
        yield value.text
    elif isinstance(value, Mapping):
        yield from (word for item in value.values() for word in _words(item, language))
    elif isinstance(value, tuple):
        yield from (word for item in value for word in _words(item, language))
    elif isinstance(value, str):
        yield value
    elif is_dataclass(value):
        yield from (
            word for item in fields(value) for word in _words(getattr(value, item.name), language)
        )


def printable(text: str, folder: Path = FOLDER) -> str:
    """The text with a box for each character that none of the six fonts can print.

    A character that is never seen (a selector of emoji, a soft break) leaves no box.
    """
    covered = _covered(folder)
    missing = {char for char in set(text) - _INVISIBLE if ord(char) not in covered}
    if not missing:
        return text
    unseen = {char for char in missing if unicodedata.category(char) in {"Cf", "Mn", "Cc"}}
    return text.translate({ord(char): "" if char in unseen else BOX for char in missing})


def missing_characters(document: Document, language: str, folder: Path = FOLDER) -> set[str]:
    """Characters of the document in that language that none of the six fonts can print."""
    covered = _covered(check_fonts(folder))
    used = set("".join(_words(document, language)))
    used |= set(Numbers.of(document, language).date(document.masthead.date))
    return {char for char in used - _INVISIBLE if ord(char) not in covered}
