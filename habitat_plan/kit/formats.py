"""Numbers and dates as each of the six languages writes them, from exact decimals.

Rounding is half up and happens here, at display, only. Source: Unicode CLDR through Babel, save
where texts of the United Nations differ: a space between thousands in Chinese, both names of the
month in Arabic, Western digits in Arabic, a space before the per cent sign in English.
"""

import datetime as dt
import functools
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

MINUS = "\N{MINUS SIGN}"
_NO_BREAK = "\N{NO-BREAK SPACE}"
# What stands between number and per cent sign; French sets a narrower space than the others.
_BEFORE_PER_CENT = {"zh": "", "fr": "\N{NARROW NO-BREAK SPACE}"}
# Keeps a sign before its digits where the text around it runs from right to left.
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"

_LOCALES = {
    language: Locale.parse(name)
    for language, name in {
        "ar": "ar", "zh": "zh_Hans", "en": "en_GB", "fr": "fr", "ru": "ru", "es": "es",
    }.items()
}  # fmt: skip
_DATES = {
    "zh": "y年M月d日",
    "en": "d MMMM y",
    "fr": "d MMMM y",
    "ru": "d MMMM y 'года'",
    "es": "d 'de' MMMM 'de' y",
}
_BEFORE_TIME = {"ar": "، ", "zh": " "}
_ARABIC_MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
    "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر",
    "كانون الأول/ديسمبر",
)  # fmt: skip


@functools.lru_cache(maxsize=8192)
def figure(value: Decimal | int, decimals: int, language: str, *, signed: bool = False) -> str:
    """`1,234.5` in the manner of the language; `signed` writes the plus of a difference.

    A value that rounds to zero has no sign. Raises KeyError for a language that is not one of six.
    """
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    text = format_decimal(
        abs(exact), pattern, locale=_LOCALES[language], decimal_quantization=False
    )
    if language == "zh":
        text = text.replace(",", _NO_BREAK)
    sign = MINUS if exact < 0 else "+" if signed and exact > 0 else ""
    return (LEFT_TO_RIGHT if sign and language == "ar" else "") + sign + text


def per_cent(value: Decimal | int, decimals: int, language: str) -> str:
    """`29.5 %` for the value 29.5: the value is already in per cent."""
    space = _BEFORE_PER_CENT.get(language, _NO_BREAK)
    return f"{figure(value, decimals, language)}{space}%"


def share(value: Decimal | int, decimals: int, language: str) -> str:
    """`65 %` for the share 0.65, where 1 is the whole."""
    return per_cent(Decimal(value) * 100, decimals, language)


def day(date: dt.date, language: str) -> str:
    """The date in full: 2 February 2018."""
    if language == "ar":
        return f"{date.day} {_ARABIC_MONTHS[date.month - 1]} {date.year}"
    text = format_date(date, _DATES[language], locale=_LOCALES[language])
    return text.replace("1 ", "1er ", 1) if language == "fr" and date.day == 1 else text


def moment(at: dt.datetime, language: str) -> str:
    """Day and time on the clock the moment is given in: 2 February 2018, 16:40."""
    return f"{day(at.date(), language)}{_BEFORE_TIME.get(language, ', ')}{at:%H:%M}"
