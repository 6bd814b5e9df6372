"""Which kinds, meanings and rules go together."""

import pytest

from indicators.rules.kinds import (
    PERIOD_RULES,
    PLACE_RULES,
    EntryMeaning,
    Kind,
    PeriodRule,
    PlaceRule,
    combination_error,
)

TO_DATE, THIS_PERIOD = EntryMeaning.TO_DATE, EntryMeaning.THIS_PERIOD


class TestCombinationError:
    @pytest.mark.parametrize("kind", list(Kind))
    def test_never_sums_figures_to_date_over_years(self, kind: Kind) -> None:
        place = next(iter(PLACE_RULES[kind]))
        assert combination_error(kind, TO_DATE, PeriodRule.SUM, place) == "to_date_never_summed"

    def test_refuses_to_add_the_parts_of_a_ratio_to_date(self) -> None:
        error = combination_error(
            Kind.RATIO, TO_DATE, PeriodRule.RATIO_OF_SUMS, PlaceRule.RATIO_OF_SUMS
        )
        assert error == "to_date_never_summed"

    def test_refuses_a_count_of_authorities_for_one_period(self) -> None:
        error = combination_error(
            Kind.COUNT, THIS_PERIOD, PeriodRule.LATEST, PlaceRule.DISTINCT_COUNT
        )
        assert error == "count_is_to_date"

    @pytest.mark.parametrize(
        ("kind", "period", "place", "error"),
        [
            (Kind.RATIO, PeriodRule.SUM, PlaceRule.RATIO_OF_SUMS, "period_rule_of_kind"),
            (Kind.RATIO, PeriodRule.MAXIMUM, PlaceRule.RATIO_OF_SUMS, "period_rule_of_kind"),
            (Kind.RATIO, PeriodRule.LATEST, PlaceRule.SUM, "place_rule_of_kind"),
            (Kind.NUMBER, PeriodRule.SUM, PlaceRule.WEIGHTED_MEAN, "place_rule_of_kind"),
            (Kind.NUMBER, PeriodRule.RATIO_OF_SUMS, PlaceRule.SUM, "period_rule_of_kind"),
            (Kind.STATISTIC, PeriodRule.LATEST, PlaceRule.SUM, "place_rule_of_kind"),
            (Kind.MILESTONE, PeriodRule.LATEST, PlaceRule.SUM, "place_rule_of_kind"),
            (Kind.SCALE, PeriodRule.SUM, PlaceRule.NONE, "period_rule_of_kind"),
            (Kind.NUMBER, PeriodRule.SUM, PlaceRule.SUM, None),
            (Kind.RATIO, PeriodRule.RATIO_OF_SUMS, PlaceRule.RATIO_OF_SUMS, None),
            (Kind.STATISTIC, PeriodRule.LATEST, PlaceRule.WEIGHTED_MEAN, None),
            (Kind.YES_NO, PeriodRule.LATEST, PlaceRule.SUM, None),
            (Kind.SCALE, PeriodRule.LATEST, PlaceRule.NONE, None),
        ],
    )
    def test_asks_of_each_kind_only_what_it_holds(
        self, kind: Kind, period: PeriodRule, place: PlaceRule, error: str | None
    ) -> None:
        assert combination_error(kind, THIS_PERIOD, period, place) == error

    def test_accepts_a_count_of_authorities_to_date(self) -> None:
        error = combination_error(Kind.COUNT, TO_DATE, PeriodRule.LATEST, PlaceRule.DISTINCT_COUNT)
        assert error is None

    def test_knows_rules_for_every_kind(self) -> None:
        assert set(PERIOD_RULES) == set(PLACE_RULES) == set(Kind)
