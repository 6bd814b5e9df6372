"""The sign-off sheet as PDF/UA-1: what it prints, in words of one language, and its bytes.

The template gets strings and never markup, so what people wrote stays what they wrote.
"""

import dataclasses
import datetime as dt
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from habitat_plan.kit.formats import LEFT_TO_RIGHT
from reporting.rendering.fonts import FOLDER, families, printable
from reporting.rendering.pdf import compile_pdf

_TEMPLATE = Path(__file__).with_name("sign_off.typ")
_RIGHT_TO_LEFT = {"R", "AL"}


@dataclass(frozen=True)
class Said:
    """A text with its language; "" where somebody wrote it in whatever language."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class FigureLine:
    """One indicator: its figure, target, share and pieces of evidence as printed.

    `remarks` are what was asked and answered, what explains the figure, and why there is none:
    a word of the sheet, and what somebody wrote.
    """

    code: str
    title: Said
    value: str
    target: str
    share: str
    evidence: str
    remarks: tuple[tuple[str, Said], ...] = ()


@dataclass(frozen=True)
class Signature:
    """One line to be signed: for what, by whom, and when it was done on the site."""

    step: str
    people: str
    day: str


@dataclass(frozen=True)
class Sheet:
    """Everything on a sign-off sheet. `draft` and `illustrative` are empty if it is neither."""

    language: str
    date: dt.date
    title: str
    office: Said
    period: str
    state: str
    draft: str
    illustrative_label: str
    illustrative: str
    facts: tuple[tuple[str, str], ...]
    figures_heading: str
    columns: tuple[str, str, str, str, str]
    figures: tuple[FigureLine, ...]
    signatures_heading: str
    signature_columns: tuple[str, str, str, str]
    signatures: tuple[Signature, ...]
    fingerprint_label: str
    fingerprint: str


def render_sign_off(sheet: Sheet, *, fonts: Path = FOLDER) -> bytes:
    """The PDF's bytes, always the same for the same sheet.

    Raises RuleBroken `font-missing` and `rendering-refused`.
    """
    data = _plain(dataclasses.asdict(sheet), fonts)
    data["date"] = [sheet.date.year, sheet.date.month, sheet.date.day]
    data["fonts"] = families(sheet.language)
    data["rtl"] = sheet.language == "ar"
    return compile_pdf(_TEMPLATE, data, date=sheet.date, fonts=fonts)


def _plain(value: Any, fonts: Path) -> Any:
    """As JSON: every string printable, every text with its direction."""
    if isinstance(value, dict):
        plain = {name: _plain(item, fonts) for name, item in value.items()}
        if plain.keys() == {"text", "language"}:
            plain["rtl"] = _is_right_to_left(plain["text"])
        return plain
    if isinstance(value, list | tuple):
        return [_plain(item, fonts) for item in value]
    if isinstance(value, str):
        return printable(value.replace(LEFT_TO_RIGHT, ""), fonts)
    return None


def _is_right_to_left(text: str) -> bool:
    """By the first letter that has a direction."""
    directions = (unicodedata.bidirectional(char) for char in text)
    first = next((found for found in directions if found in {"L", *_RIGHT_TO_LEFT}), "L")
    return first in _RIGHT_TO_LEFT
