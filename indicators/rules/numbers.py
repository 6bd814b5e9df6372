"""Numbers as people type and read them in six languages; half-up rounding, once, when shown.

A text that means one number in one convention and another in a second is asked about, never
guessed. Nothing here uses regular expressions, so a very long text costs no more than its length.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal

MAX_DIGITS = 15
"""SQLite keeps no more digits exactly."""

MAX_CHARACTERS = 64

ROOMY = Context(prec=200, rounding=ROUND_HALF_UP)

SPACES = " \u00a0\u202f\u2009\u2007"
MINUS = "\u2212"
TYPED_FOR_MINUS = "\u2010\u2011\u2013\ufe63\uff0d"
"""Hyphens and the dash that word processors make of a minus, and the minus of full width."""
ARABIC_DECIMAL = "\u066b"
ARABIC_THOUSANDS = "\u066c"


@dataclass(frozen=True)
class Marks:
    """The decimal mark of a language, and the thousands marks it takes."""

    decimal: str
    thousands: str


_POINT = Marks(".", "," + SPACES)
_COMMA = Marks(",", SPACES)
MARKS: Mapping[str, Marks] = {
    "en": _POINT,
    "zh": _POINT,
    "ar": _POINT,
    "fr": _COMMA,
    "ru": _COMMA,
    "es": Marks(",", "." + SPACES),
}

_DIGITS = "0123456789"
_READ_AS: dict[int, str | None] = {
    **{0x0660 + n: d for n, d in enumerate(_DIGITS)},
    **{0x06F0 + n: d for n, d in enumerate(_DIGITS)},
    **{0xFF10 + n: d for n, d in enumerate(_DIGITS)},
    **dict.fromkeys(map(ord, MINUS + TYPED_FOR_MINUS), "-"),
    ord("，"): ",",
    ord("．"): ".",
    ord("＋"): "+",
    ord("\u3000"): " ",
    **dict.fromkeys((0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF)),
}
"""Arabic-Indic, Persian and full-width signs as ASCII; direction marks and the like are dropped."""

QUALIFIERS = ("<=", ">=", "<", ">", "≤", "≥", "＜", "＞", "≦", "≧", "~", "～", "≈", "±")
OR_MORE = "+"
PERCENT_SIGNS = "%٪％﹪"
NOT_APPLICABLE_WORDS = frozenset(
    (
        *("n/a", "n.a.", "na", "not applicable"),
        *("s/o", "s.o.", "sans objet", "non applicable"),
        *("n/c", "no aplica", "no se aplica"),
        *("н/п", "не применимо", "неприменимо"),
        *("不适用", "لا ينطبق", "غير منطبق"),
    )
)
NO_VALUE_WORDS = frozenset(
    (
        *("-", "--", "–", "—", "−", "..", "...", "…", "·", "?", "x", "nil", "none", "null", "nan"),
        *("no data", "not available", "nd", "n.d.", "n/d", "sin datos", "no disponible"),
        *("non disponible", "pas de données", "нет данных", "н/д", "нет"),
        *("无数据", "暂无", "无", "لا توجد بيانات", "غير متاح", "غير متوفر"),
    )
)
"""Signs and words that people put where they have no figure. None of them is zero."""


class NotANumber(ValueError):
    """The text is not one number beyond doubt.

    Codes: `empty`; `not_a_number`; `ambiguous` (param readings: the numbers it could mean);
    `qualifier` (qualifier, number); `percent_sign` (number); `not_applicable_word`;
    `no_value_word` (a sign or word for nothing, which may mean blank or zero); `too_long`
    (max_digits). `text` is always there, cut to 64 characters; `number` is None if what is left
    is not one number either.
    """

    def __init__(self, code: str, params: Mapping[str, object]) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class _Typed:
    """A text after digits and minus are made plain, without its sign."""

    text: str
    negative: bool
    original: str = field(compare=False)

    def refuse(self, code: str, **params: object) -> NotANumber:
        return NotANumber(code, {"text": self.original[:MAX_CHARACTERS], **params})


def parse(text: str, language: str) -> Decimal:
    """Read a number by the marks of the language ("en", "fr", "es", "ru", "zh", "ar").

    Takes the thousands and decimal marks of the language, spaces of all widths between groups of
    three, Arabic-Indic and Persian digits with their own marks ٫ and ٬, and the minus sign. Raises
    NotANumber, KeyError for another language.
    """
    marks = MARKS[language.split("-", maxsplit=1)[0]]
    stripped = text.strip()
    if not stripped:
        raise NotANumber("empty", {"text": ""})
    # A few plain digits are the same number in every language, and most of what people type.
    if len(stripped) <= MAX_DIGITS and stripped.isascii() and stripped.isdigit():
        return Decimal(stripped)
    if len(stripped) > MAX_CHARACTERS:
        raise _too_long(stripped)
    _refuse_remarks(stripped, language)
    plain = stripped.translate(_READ_AS).strip()
    typed = _Typed(plain.lstrip("-+"), plain.startswith("-"), stripped)
    if len(plain) - len(typed.text) > 1:
        raise typed.refuse("not_a_number")
    return _read(typed, marks)


def _too_long(text: str) -> NotANumber:
    beginning = text[:MAX_CHARACTERS]
    digits = sum(character.isdecimal() for character in beginning)
    code = "too_long" if digits > MAX_DIGITS else "not_a_number"
    return NotANumber(code, {"text": beginning, "max_digits": MAX_DIGITS})


def _refuse_remarks(text: str, language: str) -> None:
    """Refuse words and signs that say something about a number, and offer the number."""
    word = text.casefold()
    if word in NOT_APPLICABLE_WORDS:
        raise NotANumber("not_applicable_word", {"text": text})
    if word in NO_VALUE_WORDS:
        raise NotANumber("no_value_word", {"text": text})
    for qualifier in QUALIFIERS:
        if text.startswith(qualifier):
            number = _number_or_none(text[len(qualifier) :], language)
            params = {"text": text, "qualifier": qualifier, "number": number}
            raise NotANumber("qualifier", params)
    if text[-1] == OR_MORE and (number := _number_or_none(text[:-1], language)) is not None:
        raise NotANumber("qualifier", {"text": text, "qualifier": OR_MORE, "number": number})
    if text[0] in PERCENT_SIGNS or text[-1] in PERCENT_SIGNS:
        number = _number_or_none(text.strip(PERCENT_SIGNS), language)
        raise NotANumber("percent_sign", {"text": text, "number": number})


def _number_or_none(text: str, language: str) -> Decimal | None:
    if any(sign in text for sign in (*QUALIFIERS, *PERCENT_SIGNS)):
        return None
    try:
        return parse(text, language)
    except NotANumber:
        return None


def _read(typed: _Typed, marks: Marks) -> Decimal:
    """Split into whole and fraction by the decimal mark, and check the groups of the whole."""
    allowed = set(_DIGITS + ".,'" + SPACES + ARABIC_DECIMAL + ARABIC_THOUSANDS)
    if not set(typed.text) <= allowed or not any(c in _DIGITS for c in typed.text):
        raise typed.refuse("not_a_number")
    decimal_mark = ARABIC_DECIMAL if ARABIC_DECIMAL in typed.text else marks.decimal
    whole, mark, fraction = typed.text.partition(decimal_mark)
    if mark and not fraction:
        raise typed.refuse("not_a_number")
    joined = _without_groups(whole, marks.thousands + ARABIC_THOUSANDS)
    if joined is None or not _only_digits(fraction):
        raise _ambiguous(typed)
    if len(joined.lstrip("0")) + len(fraction) > MAX_DIGITS:
        raise typed.refuse("too_long", max_digits=MAX_DIGITS)
    return _number(joined, fraction, negative=typed.negative)


def _only_digits(text: str) -> bool:
    return all(character in _DIGITS for character in text)


def _without_groups(whole: str, thousands: str) -> str | None:
    """The digits of a whole number; None if its marks do not part it in groups of three."""
    found = {character for character in whole if character not in _DIGITS}
    if not found:
        return whole
    if not found <= set(thousands) or (len(found) > 1 and not found <= set(SPACES)):
        return None
    for mark in found:
        whole = whole.replace(mark, " ")
    head, *groups = whole.split(" ")
    if not 1 <= len(head) <= len("999") or any(len(group) != len("999") for group in groups):
        return None
    return head + "".join(groups)


def _number(whole: str, fraction: str, *, negative: bool) -> Decimal:
    number = Decimal(f"{whole or '0'}.{fraction}" if fraction else whole)
    return number.copy_negate() if negative and number else number


def _ambiguous(typed: _Typed) -> NotANumber:
    """Say which numbers it could mean: the last mark as decimal mark, or all marks as thousands."""
    digits = "".join(c for c in typed.text if c in _DIGITS)
    places = next(n for n, c in enumerate(reversed(typed.text)) if c not in _DIGITS)
    if len(digits) > MAX_DIGITS:
        return typed.refuse("too_long", max_digits=MAX_DIGITS)
    cut = len(digits) - places
    readings = [_number(digits, "", negative=typed.negative)]
    if places:
        readings.insert(0, _number(digits[:cut], digits[cut:], negative=typed.negative))
    return typed.refuse("ambiguous", readings=tuple(readings))


def shown(number: Decimal, decimals: int) -> Decimal:
    """The number rounded half up (away from zero) to so many decimals; never minus zero."""
    rounded = number.quantize(Decimal(1).scaleb(-decimals), context=ROOMY)
    return rounded if rounded else rounded.copy_abs()
