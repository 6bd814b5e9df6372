"""Sentences for the reason of a rating and for each line of its arithmetic."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext_lazy

from habitat_plan.kit import formats
from indicators.messages import shown
from indicators.rules.ratings import Rating, Step

REASONS = {
    "target_reached": gettext_lazy("The target of the last year is reached."),
    "as_expected": gettext_lazy("The change so far is what was expected by now, or nearly."),
    "behind_expected": gettext_lazy("The change so far is less than was expected by now."),
    "hardly_moved": gettext_lazy("Hardly any of the change expected by now has come about."),
    "no_change_expected": gettext_lazy("No change was expected by now, and it is no worse."),
    "fell_back": gettext_lazy("No change was expected by now, and it is worse than the baseline."),
    "held": gettext_lazy("The level to be maintained is held."),
    "not_held": gettext_lazy("The level to be maintained is not held."),
    "period_not_ended": gettext_lazy("Not rated: the period has not ended."),
    "no_baseline": gettext_lazy("Not rated: there is no baseline."),
    "no_target": gettext_lazy("Not rated: no target is stated."),
    "target_is_baseline": gettext_lazy("Not rated: the target equals the baseline."),
    "target_against_direction": gettext_lazy("Not rated: the target lies on the wrong side."),
    "no_figure": gettext_lazy("Not rated: there is no approved figure."),
    "too_few_offices": gettext_lazy(
        "Not rated: %(reporting)s of %(expected)s offices have approved figures, fewer than two "
        "thirds."
    ),
    "nothing_expected": gettext_lazy("Not rated: nothing was expected before this year."),
}
# Code of a step → its sentence; the result stands behind it.
STEPS = {
    "actual": gettext_lazy("Figure, from %(reporting)s of %(expected)s offices"),
    "change_so_far": gettext_lazy("Change so far: %(actual)s − %(baseline)s"),
    "change_to_target": gettext_lazy("Change to the target of %(year)s: %(target)s − %(baseline)s"),
    "achievement": gettext_lazy("Part of the way to the target: %(change)s ÷ %(whole)s"),
    "expected_now": gettext_lazy("Expected by the end of %(year)s"),
    "expected_change": gettext_lazy("Change expected by now: %(expected)s − %(baseline)s"),
    "expected_share": gettext_lazy("Part of the way expected by now: %(change)s ÷ %(whole)s"),
    "ratio": gettext_lazy(
        "Change so far against the change expected: %(change)s ÷ %(expected_change)s"
    ),
    "level_to_maintain": gettext_lazy("Level to be maintained"),
    "limit": gettext_lazy("Lowest level that counts as held: %(level)s, less %(tolerance)s of it"),
}
AS_SHARE = {"achievement", "expected_share", "ratio"}


@dataclass(frozen=True)
class Line:
    """One line of the arithmetic: words, and the result."""

    words: str
    result: str


def reason(rating: Rating) -> str:
    """Why a result has this grade, or none, in a sentence."""
    return str(REASONS[rating.reason]) % shown(rating.params)


def _result(step: Step) -> str:
    value = step.params["result"]
    if not isinstance(value, Decimal):
        return str(value)
    if step.code in AS_SHARE:
        return formats.share(value, 1, get_language() or "en")
    return str(shown({"result": value})["result"])


def arithmetic(rating: Rating) -> list[Line]:
    """The rating's arithmetic, line by line."""
    return [
        Line(str(STEPS[step.code]) % shown(step.params), _result(step))
        for step in rating.arithmetic
    ]
