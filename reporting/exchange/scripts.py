"""Is a text in the letters of a language? Telling English from French is left to people."""

import re

_LETTERS = {
    "ar": re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]"),
    "zh": re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_FEW, _SHARE = 4, 5
"""A text of few letters may be a name or a code; a fifth of the letters may be others."""


def is_in_script(text: str, language: str) -> bool:
    """False if a text of more than a few letters holds hardly any of the language's own."""
    letters = [c for c in text if c.isalpha()]
    own = sum(1 for c in letters if _LETTERS.get(language, _LATIN).match(c))
    return len(letters) <= _FEW or own * _SHARE >= len(letters)
