"""Numbers and dates as each language writes them, from exact decimals.

Rounding is half up and happens here only. Minus is U+2212. Sources: Unicode CLDR through Babel,
save where United Nations documents differ: a space between thousands in Chinese, both names of the
month in Arabic.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from reporting.document import Document, Figure

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"

_LOCALES = {"ar": "en", "zh": "en", "en": "en", "fr": "fr", "ru": "ru", "es": "es"}
_PER_CENT = {
    "ar": NO_BREAK + "%",
    "zh": "%",
    "en": NO_BREAK + "%",
    "fr": NARROW + "%",
    "ru": NO_BREAK + "%",
    "es": NO_BREAK + "%",
}
_INDIC_DIGITS = {ord(str(digit)): 0x660 + digit for digit in range(10)}
_INDIC_SIGNS = str.maketrans(
    {
        ".": "\N{ARABIC DECIMAL SEPARATOR}",
        ",": "\N{ARABIC THOUSANDS SEPARATOR}",
        "%": "\N{ARABIC PERCENT SIGN}",
    }
)
_ARABIC_MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
    "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)  # fmt: skip
_DATES = {
    "en": "d MMMM y",
    "fr": "d MMMM y",
    "es": "d 'de' MMMM 'de' y",
    "ru": "d MMMM y 'года'",
    "zh": "y年M月d日",
}


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Half up, away from zero at the half: 0.5 → 1, −0.5 → −1."""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Numbers:
    """Formats for one language; `digits` matters to Arabic only."""

    language: str
    digits: Literal["western", "arabic_indic"] = "western"

    @classmethod
    def of(cls, document: Document, language: str) -> "Numbers":
        """The formats that the document's own setting of digits asks for."""
        return cls(language, document.digits)

    @property
    def is_indic(self) -> bool:
        """True if Arabic-Indic digits are asked for."""
        return self.language == "ar" and self.digits == "arabic_indic"

    def digits_of(self, text: str) -> str:
        """The same text in the digits of this language."""
        return text.translate(_INDIC_DIGITS) if self.is_indic else text

    def number(self, value: Decimal, decimals: int = 0) -> str:
        """`1,234.5` and its like; no sign on what rounds to zero."""
        exact = rounded(value, decimals)
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        text = format_decimal(
            abs(exact), pattern, locale=_LOCALES[self.language], decimal_quantization=False
        )
        if self.language == "zh":
            text = text.replace(",", NO_BREAK)
        if self.is_indic:
            text = self.digits_of(text).translate(_INDIC_SIGNS)
        return (MINUS if exact < 0 else "") + text

    def per_cent(self, value: Decimal, decimals: int = 0) -> str:
        """`29.5 %` for the value 29.5, spaced as the language does."""
        sign = _PER_CENT[self.language]
        if self.is_indic:
            sign = sign.translate(_INDIC_SIGNS)
        return self.number(value, decimals) + sign

    def figure(self, figure: Figure, *, sign: bool) -> str:
        """The figure's value; `sign` adds the per cent sign where it is a percentage.

        Empty without a value: the reader of the document then prints the kind of nothing.
        """
        if figure.value is None:
            return ""
        if figure.per_cent and sign:
            return self.per_cent(figure.value, figure.decimals)
        return self.number(figure.value, figure.decimals)

    def date(self, date: dt.date) -> str:
        """The date in full: 2 February 2018."""
        if self.language == "ar":
            month = _ARABIC_MONTHS[date.month - 1]
            return self.digits_of(f"{date.day} {month} {date.year}")
        text = format_date(date, _DATES[self.language], locale=self.language)
        return text.replace("1 ", "1er ", 1) if self.language == "fr" and date.day == 1 else text
