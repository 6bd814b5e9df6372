"""Exact arithmetic: sums lose nothing, quotients keep fifty digits, nothing is rounded here.

Rounding happens once, when a number is shown (`numbers.shown`).
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import reduce

EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
"""Fifty digits: the sum of a million 15-digit figures times 15-digit weights still fits."""

ZERO = Decimal(0)
HUNDRED = Decimal(100)


def total_of(numbers: Iterable[Decimal]) -> Decimal:
    """The sum, in whatever order the numbers come; zero for none."""
    return reduce(EXACT.add, numbers, ZERO)


def product(first: Decimal, second: Decimal) -> Decimal:
    """First times second."""
    return EXACT.multiply(first, second)


def difference(first: Decimal, second: Decimal) -> Decimal:
    """First less second."""
    return EXACT.subtract(first, second)


def quotient(numerator: Decimal, denominator: Decimal, per: Decimal = Decimal(1)) -> Decimal:
    """Numerator times `per` divided by denominator, which must not be zero."""
    with localcontext(EXACT):
        return numerator * per / denominator
