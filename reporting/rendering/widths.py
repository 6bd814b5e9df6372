"""How wide the columns of a table are: by their weights, but never too narrow for a word."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from habitat_plan.kit.drawing import text_width

# Widths in pixels of a table across the page (170 mm) in letters of 8.5 points.
_TABLE, _MARGIN = Decimal(643), Decimal(10)
# 8.5 points against the 12 pixels that widths are measured in, and a little for wider letters.
_LETTERS = Decimal("1.08")
_BOLD = Decimal("1.08")
_BAR = Decimal(124)  # a bar of progress with its number
_SIGN = Decimal(26)  # the sign of a rating and the space around its words
_NUMBERS = {"number", "per_cent"}
_CODE = re.compile("[A-Z]+[0-9][A-Za-z0-9.]*")  # FA2.1: a code never breaks either
# Where a line may break: at a space, after a hyphen or a stroke, around a Chinese character.
_BREAKS = re.compile("[ \n\t]+|(?<=[-/])|(?<=[\u3000-\u9fff\uff00-\uffef])|(?=[\u3000-\u9fff])")


def column_widths(
    weights: Sequence[int],
    kinds: Sequence[str],
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
) -> list[int]:
    """The columns' shares of the width, in pixels.

    Columns get what their weights give them, or what their longest word needs if that is more; the
    others share what is left. If not all words fit, words give way; numbers never break.
    """
    words = [
        _longest(head) * _BOLD + _around(kind) for head, kind in zip(heads, kinds, strict=True)
    ]
    numbers = [
        max(_longest(head) * _BOLD + _MARGIN if head.isdigit() else _MARGIN, _least(kind))
        for head, kind in zip(heads, kinds, strict=True)
    ]
    for row in rows:
        for place, (text, kind) in enumerate(zip(row, kinds, strict=True)):
            if kind in _NUMBERS or _CODE.fullmatch(text):
                numbers[place] = max(numbers[place], _wide(text) + _MARGIN)
            words[place] = max(words[place], _longest(text) + _around(kind))
    words = [max(both) for both in zip(words, numbers, strict=True)]
    return [max(1, round(width)) for width in _shared(weights, words, numbers)]


def _around(kind: str) -> Decimal:
    """What stands beside the words of a cell."""
    return _MARGIN + _SIGN if kind == "rating" else _MARGIN


def _least(kind: str) -> Decimal:
    return _BAR if kind == "progress" else _MARGIN


def _shared(
    weights: Sequence[int], words: Sequence[Decimal], numbers: Sequence[Decimal]
) -> list[Decimal]:
    """Widths by weight in which each column has what it needs."""
    if sum(words) >= _TABLE:
        spare = max(_TABLE - sum(numbers), Decimal(0))
        asked = sum(words) - sum(numbers)
        return [
            least + (spare * (most - least) / asked if asked else 0)
            for most, least in zip(words, numbers, strict=True)
        ]
    fixed: set[int] = set()
    while True:
        left = _TABLE - sum(words[place] for place in fixed)
        total = sum(weight for place, weight in enumerate(weights) if place not in fixed)
        given = [
            words[place] if place in fixed else left * weight / total
            for place, weight in enumerate(weights)
        ]
        short = {place for place, width in enumerate(given) if width < words[place]}
        if not short:
            return given
        fixed |= short


def _wide(text: str) -> Decimal:
    return text_width(text) * _LETTERS


def _longest(text: str) -> Decimal:
    """The width of the longest piece that a line cannot break."""
    pieces = (piece for piece in _BREAKS.split(text) if piece)
    return max(map(_wide, pieces), default=Decimal(0))
