"""Counting the words of a text, comparing two, and choosing the form of a word by its number.

In languages with spaces a word is what stands between spaces and holds a letter or digit. Chinese
is counted in characters, as the United Nations do; a Latin word or a number there counts one. A
bound figure counts one. Footnotes count, marks of markup do not.

Which form goes with a number is said by the plural rules of Unicode CLDR, through Babel.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from typing import Literal

from babel import Locale

from reporting.rules.markup import Binding, Inline, Narrative, Words, parse

FORMS: Mapping[str, tuple[str, ...]] = {
    "ar": ("zero", "one", "two", "few", "many", "other"),
    "zh": ("other",),
    "en": ("one", "other"),
    "fr": ("one", "other"),
    "ru": ("one", "few", "many", "other"),
    "es": ("one", "other"),
}
"""The forms a language asks for, in the order in which they are written.

French and Spanish have a form for whole millions as well; written after digits it equals "other".
"""

_RULES = {language: Locale(language).plural_form for language in FORMS}
_BY_CHARACTER = {"zh"}
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKENS = re.compile(rf"[{_CJK}]|[^\s{_CJK}]+|\s+")
_CHINESE = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+(?:[.,'’-][^\W_{_CJK}]+)*")


def count_words(text: str, language: str) -> int:
    """The length of a text as its limit counts it."""
    return words_in(parse(text), language)


def words_in(narrative: Narrative, language: str) -> int:
    """The length of a text that is parsed already."""
    texts = ["".join(map(_counted, passage.inlines)) for passage in narrative.passages]
    texts += narrative.footnotes.values()
    if language in _BY_CHARACTER:
        return sum(len(_CHINESE.findall(text)) for text in texts)
    return sum(any(map(str.isalnum, word)) for text in texts for word in text.split())


def _counted(inline: Inline) -> str:
    if isinstance(inline, Words):
        return inline.text
    if isinstance(inline, Binding):
        return " ".join(("0", *inline.forms[-1:]))
    return ""


def fits(forms: Sequence[str], language: str) -> bool:
    """True if there are no forms, or as many as the language asks for."""
    return len(forms) in {0, len(FORMS[language])}


def form_of(forms: Sequence[str], value: Decimal | None, decimals: int, language: str) -> str:
    """The form that goes with a number as it is printed; without a number the last one.

    Too few or too many forms never raise: the last one is taken, and `fits` says so.
    """
    if not forms:
        return ""
    if value is None or len(forms) != len(FORMS[language]):
        return forms[-1]
    printed = abs(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    category = _RULES[language](printed)
    names = FORMS[language]
    return forms[names.index(category)] if category in names else forms[-1]


@dataclass(frozen=True)
class Piece:
    """Words that two texts share, or that only the later (`added`) or the earlier has."""

    kind: Literal["same", "added", "removed"]
    text: str


def differences(was: str, now: str) -> tuple[Piece, ...]:
    """How one text became another, word by word; Chinese by character. Joined they lose nothing."""
    before, after = _TOKENS.findall(was), _TOKENS.findall(now)
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[i:j])))
            continue
        if i < j:
            pieces.append(Piece("removed", "".join(before[i:j])))
        if k < m:
            pieces.append(Piece("added", "".join(after[k:m])))
    return tuple(pieces)
