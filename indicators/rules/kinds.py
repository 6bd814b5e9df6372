"""The four things every indicator says about itself, and which of them go together.

An indicator states its kind, what one entry means, the rule across periods and the rule across
offices and places (plan p.59 c, p.90). Comparable systems left these implicit, and added up
running totals or averaged percentages; here a combination that makes no sense is refused.
"""

from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing is measured.

    COUNT is a count of distinct authorities, computed from achievements and never typed. RATIO is
    held as numerator and denominator. STATISTIC is a country or city series with a weight.
    """

    COUNT = "count"
    NUMBER = "number"
    RATIO = "ratio"
    STATISTIC = "statistic"
    YES_NO = "yes_no"
    SCALE = "scale"
    MILESTONE = "milestone"


class EntryMeaning(StrEnum):
    """Whether an entry covers its period alone or everything from the start to its end."""

    THIS_PERIOD = "this_period"
    TO_DATE = "to_date"


class PeriodRule(StrEnum):
    """How one office's yearly entries become the figure of a longer period."""

    SUM = "sum"
    LATEST = "latest"
    MAXIMUM = "maximum"
    RATIO_OF_SUMS = "ratio_of_sums"
    NONE = "none"


class PlaceRule(StrEnum):
    """How the figures of offices, or of countries, become one figure."""

    SUM = "sum"
    RATIO_OF_SUMS = "ratio_of_sums"
    WEIGHTED_MEAN = "weighted_mean"
    DISTINCT_COUNT = "distinct_count"
    NONE = "none"


class Direction(StrEnum):
    """Which way is better: up, down, or staying at the level of the baseline."""

    UP = "up"
    DOWN = "down"
    MAINTAIN = "maintain"


class Nothing(StrEnum):
    """Why there is no figure. Zero is not among them: zero is data."""

    NOT_DUE = "not_due"
    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"


PERIOD_RULES: Mapping[Kind, frozenset[PeriodRule]] = {
    Kind.COUNT: frozenset({PeriodRule.LATEST, PeriodRule.NONE}),
    Kind.NUMBER: frozenset(
        {PeriodRule.SUM, PeriodRule.LATEST, PeriodRule.MAXIMUM, PeriodRule.NONE}
    ),
    Kind.RATIO: frozenset({PeriodRule.RATIO_OF_SUMS, PeriodRule.LATEST, PeriodRule.NONE}),
    Kind.STATISTIC: frozenset({PeriodRule.LATEST, PeriodRule.NONE}),
    Kind.YES_NO: frozenset({PeriodRule.LATEST, PeriodRule.NONE}),
    Kind.SCALE: frozenset({PeriodRule.LATEST, PeriodRule.NONE}),
    Kind.MILESTONE: frozenset({PeriodRule.LATEST, PeriodRule.NONE}),
}
"""The rules across periods that mean something for each kind."""

PLACE_RULES: Mapping[Kind, frozenset[PlaceRule]] = {
    Kind.COUNT: frozenset({PlaceRule.DISTINCT_COUNT}),
    Kind.NUMBER: frozenset({PlaceRule.SUM, PlaceRule.NONE}),
    Kind.RATIO: frozenset({PlaceRule.RATIO_OF_SUMS, PlaceRule.NONE}),
    Kind.STATISTIC: frozenset({PlaceRule.WEIGHTED_MEAN}),
    Kind.YES_NO: frozenset({PlaceRule.SUM, PlaceRule.NONE}),
    Kind.SCALE: frozenset({PlaceRule.NONE}),
    Kind.MILESTONE: frozenset({PlaceRule.NONE}),
}
"""The rules across offices and places that mean something for each kind; the sum of a yes/no
indicator is the number of offices that say yes."""

ADDING_RULES = frozenset({PeriodRule.SUM, PeriodRule.RATIO_OF_SUMS})


def combination_error(
    kind: Kind, meaning: EntryMeaning, period_rule: PeriodRule, place_rule: PlaceRule
) -> str | None:
    """Why this combination makes no sense, as a code; None when it does.

    * `to_date_never_summed`: entries to date already hold the earlier years, so adding years
      counts them again;
    * `count_is_to_date`: a count of authorities is the number reached so far;
    * `period_rule_of_kind`, `place_rule_of_kind`: the rule needs something this kind does not hold
      (a quotient needs its parts, a mean its weights, a distinct count its register).
    """
    if meaning is EntryMeaning.TO_DATE and period_rule in ADDING_RULES:
        return "to_date_never_summed"
    if kind is Kind.COUNT and meaning is not EntryMeaning.TO_DATE:
        return "count_is_to_date"
    if period_rule not in PERIOD_RULES[kind]:
        return "period_rule_of_kind"
    if place_rule not in PLACE_RULES[kind]:
        return "place_rule_of_kind"
    return None
