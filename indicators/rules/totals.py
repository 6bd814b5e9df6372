"""What a computed figure says about itself: number, parts, what is missing, coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.rules.exact import quotient
from indicators.rules.kinds import Nothing

THIN_BELOW = (2, 3)
"""A figure that covers less than two thirds is thin: it compares poorly with other years."""


@dataclass(frozen=True)
class Line:
    """What one office or country put into a total.

    `key` is the office or country code. A ratio has numerator and denominator; a weighted mean has
    number, weight and product (number × weight); a scale or milestone has a choice.
    """

    key: str
    year: int
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    weight: Decimal | None = None
    product: Decimal | None = None
    choice: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class LeftOut:
    """An office or country that is not in the total, why, and the reason it gave, if any."""

    key: str
    reason: Nothing | str
    note: str = ""


@dataclass(frozen=True)
class Coverage:
    """How much of what was asked for is in: offices or countries, and their weight if known.

    Those for whom the indicator is not applicable are not expected.
    """

    reporting: int
    expected: int
    weight: Decimal | None = None
    expected_weight: Decimal | None = None

    @property
    def _parts(self) -> tuple[Decimal, Decimal]:
        if self.weight is not None and self.expected_weight is not None:
            return self.weight, self.expected_weight
        return Decimal(self.reporting), Decimal(self.expected)

    @property
    def share(self) -> Decimal | None:
        """Covered part, 0 to 1, by weight if weights are known; None if nothing is expected."""
        part, whole = self._parts
        return quotient(part, whole) if whole else None

    @property
    def is_thin(self) -> bool:
        """Whether less than two thirds is covered; false where nothing is expected."""
        part, whole = self._parts
        above, below = THIN_BELOW
        return part * below < whole * above


@dataclass(frozen=True)
class Total:
    """A figure computed from the figures of offices or countries.

    `number` is None if and only if `nothing` says why. `reason` is a code that explains `nothing`
    further: `nobody_expected`, `all_not_applicable`, `none_reported`, `denominator_zero`,
    `weight_zero`, `no_rule` (several offices and no rule to join them), `no_number` (one office and
    a choice). `rule` is the rule across places that made it. `censored` is the number of values
    known only as above or below a bound, which entered at that bound. `illustrative` is true as
    soon as one line is.
    """

    number: Decimal | None
    nothing: Nothing | None
    rule: str
    coverage: Coverage
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    lines: Sequence[Line] = ()
    left_out: Sequence[LeftOut] = ()
    illustrative: bool = False
    censored: int = 0
    choice: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        """Refuse a total that is neither a number nor explained, or that is both."""
        if (self.number is None) != (self.nothing is not None):
            message = "A total has a number or a reason for having none, and not both."
            raise ValueError(message)
