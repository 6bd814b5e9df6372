"""Where an office stands beside its own target, and what it still has to say."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.kinds import Direction
from indicators.rules.ratings import Scale, Status
from indicators.rules.variance import is_sentence, missing_words, status_of

UP, DOWN, MAINTAIN = Direction.UP, Direction.DOWN, Direction.MAINTAIN
AMOUNTS = st.decimals(min_value=0, max_value=10**6, places=2)


def status(value: str | None, target: str | None, direction: Direction = UP) -> Status:
    return status_of(
        None if value is None else Decimal(value),
        None if target is None else Decimal(target),
        direction=direction,
        scale=Scale(),
    )


@pytest.mark.parametrize(
    ("value", "target", "direction", "expected"),
    [
        ("10", "10", UP, "achieved"),
        ("9", "10", UP, "on_track"),
        ("8.99", "10", UP, "off_track"),
        ("1", "10", UP, "off_track"),
        ("0.99", "10", UP, "no_progress"),
        ("0", "10", UP, "no_progress"),
        ("10", "10", DOWN, "achieved"),
        ("0", "10", DOWN, "achieved"),
        ("11", "10", DOWN, "on_track"),
        ("12", "10", DOWN, "off_track"),
        ("101", "10", DOWN, "no_progress"),
        ("95", "100", MAINTAIN, "achieved"),
        ("94.99", "100", MAINTAIN, "off_track"),
        ("0", "0", UP, "achieved"),
        ("1", "0", DOWN, "off_track"),
        ("-3", "-2", UP, "off_track"),
    ],
)
def test_an_office_stands_by_the_share_of_its_target(value, target, direction, expected):
    assert status(value, target, direction) == expected


@pytest.mark.parametrize(("value", "target"), [(None, "10"), ("10", None), (None, None)])
def test_nothing_is_said_without_a_value_or_a_target(value, target):
    assert status(value, target) == "not_rated"


def test_the_thresholds_are_those_of_the_scale():
    scale = Scale(on_track_from=Decimal("0.5"), no_progress_below=Decimal("0.4"))
    found = [
        status_of(Decimal(value), Decimal(10), direction=UP, scale=scale) for value in (5, 4, 3)
    ]
    assert found == ["on_track", "off_track", "no_progress"]


@settings(derandomize=True, max_examples=200)
@given(low=AMOUNTS, high=AMOUNTS, target=AMOUNTS, direction=st.sampled_from([UP, MAINTAIN]))
def test_more_is_never_worse_where_more_is_better(low, high, target, direction):
    order = ["no_progress", "off_track", "on_track", "achieved"]
    less, more = sorted((low, high))
    found = [
        order.index(status_of(value, target, direction=direction, scale=Scale()))
        for value in (less, more)
    ]
    assert found[0] <= found[1]


def test_an_explanation_is_a_cause_and_two_sentences():
    happened, done = "The law was delayed.", "A new date is agreed."
    assert missing_words("funding", happened, done) == ()
    assert missing_words("", happened, done) == ("cause",)
    assert missing_words("funding", "Late.", "") == ("explanation", "measures")
    assert missing_words("", "", "") == ("cause", "explanation", "measures")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Two small words", True),
        ("two words", False),
        ("- - - -", False),
        ("...", False),
        ("資金来晚了吗", True),
        ("資金", False),
        ("تأخر اعتماد القانون", True),
        ("L’aide a tardé", True),
    ],
)
def test_a_sentence_has_three_words_in_any_script(text, says):
    assert is_sentence(text) is says
