"""What a number of a spreadsheet looks like to the person: number, percentage, date or time.

Source: ECMA-376 part 1, 18.8.30 (numFmt) for the built-in formats.
"""

import datetime as dt
import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Literal

Kind = Literal["number", "percent", "date"]

_PERCENTS = frozenset((9, 10))
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_LONGEST_CODE = 255
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)

_DIGITS_KEPT = 15
"""A spreadsheet shows no more; what lies beyond is noise of binary fractions."""
_FIFTEEN = Context(prec=_DIGITS_KEPT, rounding=ROUND_HALF_EVEN)
_EXACT = Context(prec=400)
_SIGNS = frozenset("0123456789+-.eE")
_LARGEST_EXPONENT = 30
_LONGEST_NUMBER = 40

_EPOCH_1900 = dt.datetime(1899, 12, 30)  # noqa: DTZ001 a date of a spreadsheet has no time zone
_EPOCH_1904 = dt.datetime(1904, 1, 1)  # noqa: DTZ001
_BEFORE_29_FEBRUARY_1900 = 60
"""Spreadsheets count a 29 February 1900 that never was."""
_LAST_DAY = 2_958_465
_DAY_SECONDS = 86_400


def kind_of(format_id: int, code: str | None) -> Kind:
    """What a number format shows; `code` is the format's own pattern, if it has one."""
    if code is None or len(code) > _LONGEST_CODE:
        return "percent" if format_id in _PERCENTS else "date" if format_id in _DATES else "number"
    shown = _LITERAL.sub("", code).partition(";")[0].lower()
    if "%" in shown:
        return "percent"
    if "general" in shown or not set("ymdhs") & set(shown):
        return "number"
    return "date"


def exact(raw: str) -> Decimal | None:
    """The number a cell holds, or None if the text is not a number that can be written out.

    What goes beyond 15 digits behind the decimal mark is noise and rounded away; a whole number
    keeps all its digits, so that one that is too long is seen to be.
    """
    if len(raw) > _LONGEST_NUMBER or not set(raw) <= _SIGNS:
        return None
    try:
        number = Decimal(raw)
    except ArithmeticError:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
        return None
    if not number:
        return Decimal(0)
    if number.adjusted() >= _DIGITS_KEPT or number == number.to_integral_value():
        return _EXACT.plus(number)
    return _FIFTEEN.plus(number)


def hundredfold(number: Decimal) -> Decimal:
    """A share as the percentage that is shown: 85 for 0.85."""
    return _EXACT.multiply(number, Decimal(100))


def written(number: Decimal, decimal_mark: str) -> str:
    """Plain digits, without trailing zeros, with the decimal mark of a language."""
    text = format(number if number else Decimal(0), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", decimal_mark)


def date_text(number: Decimal, *, since_1904: bool) -> str | None:
    """`2016-05-03`, `2016-05-03 14:30` or `14:30` for the days a spreadsheet counts."""
    if not 0 <= number <= _LAST_DAY:
        return None
    days = number
    if not since_1904 and 1 <= number < _BEFORE_29_FEBRUARY_1900:
        days += 1
    seconds = int((days * _DAY_SECONDS).to_integral_value(ROUND_HALF_EVEN))
    moment = (_EPOCH_1904 if since_1904 else _EPOCH_1900) + dt.timedelta(seconds=seconds)
    if number < 1:
        return f"{moment:%H:%M}"
    has_time = seconds % _DAY_SECONDS != 0
    return moment.strftime("%Y-%m-%d %H:%M") if has_time else moment.date().isoformat()
