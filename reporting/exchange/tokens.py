"""Bound figures and marks of footnotes in a word processor: `⟦1:86⟧`, number and what it shows.

A bracket of this kind that the writer typed is doubled, so that nothing typed is taken for one.
"""

import re
from collections.abc import Iterator

from reporting.exchange.handoff import Hole, Piece
from reporting.rules.markup import Emphasis, Words

OPEN = "\N{MATHEMATICAL LEFT WHITE SQUARE BRACKET}"
CLOSE = "\N{MATHEMATICAL RIGHT WHITE SQUARE BRACKET}"
_TOKEN = re.compile(
    rf"{OPEN}{OPEN}|{CLOSE}{CLOSE}|{OPEN}\s*(?P<number>\d{{1,4}})\s*(?::[^{OPEN}{CLOSE}]*)?{CLOSE}"
)


def token(number: int, face: str) -> str:
    """The token of a hole."""
    plain = face.replace(OPEN, "").replace(CLOSE, "")
    return f"{OPEN}{number}:{plain}{CLOSE}"


def guarded(text: str) -> str:
    """Words in which nothing looks like a token."""
    return text.replace(OPEN, OPEN * 2).replace(CLOSE, CLOSE * 2)


def pieces_of(text: str, emphasis: list[Emphasis]) -> Iterator[Piece]:
    """Words and holes of a text; `emphasis` says that of each of its characters."""
    end = 0
    for found in _TOKEN.finditer(text):
        yield from _words(text, emphasis, end, found.start())
        end = found.end()
        if found["number"]:
            yield Hole(int(found["number"]), emphasis[found.start()])
        else:
            yield Words(found[0][0], emphasis[found.start()])
    yield from _words(text, emphasis, end, len(text))


def _words(text: str, emphasis: list[Emphasis], start: int, end: int) -> Iterator[Words]:
    """Stretches of one emphasis."""
    begin = start
    for place in range(start, end):
        if emphasis[place] != emphasis[begin]:
            yield Words(text[begin:place], emphasis[begin])
            begin = place
    if begin < end:
        yield Words(text[begin:end], emphasis[begin])
