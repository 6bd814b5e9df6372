"""Statistics of countries: a mean weighted by a stated weight, always with its coverage.

The strategic-result indicators SR.a-c come as country series from their custodians. What we compute
from them covers only the countries that report, so it always says which part of the weight (for
instance of the urban population) that is, and is never called the custodian's own aggregate.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.rules.exact import difference, product, quotient, total_of
from indicators.rules.kinds import Nothing, PlaceRule
from indicators.rules.totals import Coverage, LeftOut, Line, Total

NO_WEIGHT = "no_weight"
"""Reason for leaving out a country that has a value and no weight."""


@dataclass(frozen=True)
class Observation:
    """The value of a series for one country and year.

    `qualifier` ">" or "<" means that only a bound is known (">95"); the value is then the bound.
    """

    country: str
    year: int
    value: Decimal
    qualifier: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class LikeWithLike:
    """The means of two years over the countries that have both, and the change between them."""

    first: Total
    second: Total

    @property
    def change(self) -> Decimal | None:
        """Second less first, unrounded; None where no country has both years."""
        if self.first.number is None or self.second.number is None:
            return None
        return difference(self.second.number, self.first.number)


def weighted_mean(
    observations: Iterable[Observation],
    weights: Mapping[str, Decimal],
    *,
    expected: Iterable[str] | None = None,
) -> Total:
    """Σ(value × weight) ÷ Σ weight over the countries that have both.

    `expected` are the countries the mean is about, for instance those of a region; observations of
    others are not used. None: all that have a weight or a value. Coverage is the weight of the
    countries used ÷ the weight of all expected. Countries without value are left out as "not
    reported", those without weight as "no_weight".

    Raises ValueError for two observations of one country and for a negative weight.
    """
    values = _by_country(observations)
    _refuse_negative(weights)
    asked = sorted(set(weights) | set(values) if expected is None else set(expected))
    used = [values[c] for c in asked if c in values and c in weights]
    numerator = total_of(product(o.value, weights[o.country]) for o in used)
    denominator = total_of(weights[o.country] for o in used)
    frame = Total(
        number=None,
        nothing=Nothing.NOT_REPORTED if asked else Nothing.NOT_DUE,
        reason="none_reported" if asked else "nobody_expected",
        rule=PlaceRule.WEIGHTED_MEAN,
        coverage=Coverage(
            reporting=len(used),
            expected=len(asked),
            weight=denominator,
            expected_weight=total_of(weights[c] for c in asked if c in weights),
        ),
        lines=tuple(_line(o, weights[o.country]) for o in used),
        left_out=_left_out(asked, values, weights),
        illustrative=any(o.illustrative for o in used),
        censored=sum(bool(o.qualifier) for o in used),
    )
    return _divided(frame, numerator, denominator) if used else frame


def _divided(frame: Total, numerator: Decimal, denominator: Decimal) -> Total:
    parts = replace(frame, numerator=numerator, denominator=denominator)
    if not denominator:
        return replace(parts, nothing=Nothing.NOT_APPLICABLE, reason="weight_zero")
    return replace(parts, number=quotient(numerator, denominator), nothing=None, reason="")


def _refuse_negative(weights: Mapping[str, Decimal]) -> None:
    if any(weight < 0 for weight in weights.values()):
        message = "A weight is not negative."
        raise ValueError(message)


def _by_country(observations: Iterable[Observation]) -> dict[str, Observation]:
    values: dict[str, Observation] = {}
    for observation in observations:
        if observation.country in values:
            message = f"{observation.country} has two observations; a mean takes one for each."
            raise ValueError(message)
        values[observation.country] = observation
    return values


def _line(observation: Observation, weight: Decimal) -> Line:
    return Line(
        key=observation.country,
        year=observation.year,
        number=observation.value,
        weight=weight,
        product=product(observation.value, weight),
        choice=observation.qualifier,
        illustrative=observation.illustrative,
    )


def _left_out(
    asked: Sequence[str], values: Mapping[str, Observation], weights: Mapping[str, Decimal]
) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(country, NO_WEIGHT if country in values else Nothing.NOT_REPORTED)
        for country in asked
        if country not in values or country not in weights
    )


def same_countries(
    first: Iterable[Observation],
    second: Iterable[Observation],
    weights_first: Mapping[str, Decimal],
    weights_second: Mapping[str, Decimal],
) -> LikeWithLike:
    """Compare two years over the same countries: those with value and weight in both.

    Each mean is weighted by its own year's weights, and its coverage is measured against all
    countries of that year, so both sides of the comparison say how much of the world they cover.
    """
    before, after = _by_country(first), _by_country(second)
    common = before.keys() & after.keys() & weights_first.keys() & weights_second.keys()
    return LikeWithLike(
        weighted_mean((before[c] for c in common), weights_first, expected=weights_first),
        weighted_mean((after[c] for c in common), weights_second, expected=weights_second),
    )
