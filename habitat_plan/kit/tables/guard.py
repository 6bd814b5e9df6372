"""Texts that a spreadsheet would run, made harmless and taken back unchanged.

A spreadsheet takes a cell of delimited text for a formula if it begins with one of `= + - @` (full
width too) or with a tab or a carriage return. It may part the line at another separator than the
one meant, so what follows a separator within a text is a beginning as well. An apostrophe there
makes it text. Source: OWASP, CSV injection; ASVS 5.0.0, 1.2.10.
"""

import re

_RUN = "=+\\-@＝＋－＠"
_BEGINS = re.compile(rf"[\s\"']*[{_RUN}]|'*[\t\r]")
_WITHIN = re.compile(rf"([,;|\t\r\n])(?=[\"']*[{_RUN}])")
_GUARDED_WITHIN = re.compile(rf"([,;|\t\r\n])'(?=[\"']*[{_RUN}])")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might run the text, or a part of it."""
    return bool(_BEGINS.match(text) or _WITHIN.search(text))


def guarded(text: str) -> str:
    """The text with an apostrophe before every beginning that could be run."""
    return "'" + _WITHIN.sub(r"\1'", text) if is_dangerous(text) else text


def unguarded(text: str) -> str:
    """The text as it was before `guarded`."""
    if text[:1] == "'" and is_dangerous(text[1:]):
        return _GUARDED_WITHIN.sub(r"\1", text[1:])
    return text
