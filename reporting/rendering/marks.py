"""The marks of subparagraphs, as documents of the United Nations write them in each language."""

_LETTERS = {
    "ar": ("أ", "ب", "ج", "د", "هـ", "و", "ز", "ح", "ط", "ي", "ك", "ل", "م", "ن", "س", "ع", "ف",
           "ص", "ق", "ر", "ش", "ت", "ث", "خ", "ذ", "ض", "ظ", "غ"),
    "ru": tuple("абвгдежзиклмнопрстуфхцчшщэюя"),
}  # fmt: skip
_LATIN = tuple("abcdefghijklmnopqrstuvwxyz")
# French, Spanish and Russian close a mark and do not open it.
_SHAPES = dict.fromkeys(("fr", "es", "ru"), "{})")


def item_mark(place: int, language: str) -> str:
    """`(a)` for the first subparagraph, `(b)` for the second; after the last letter `(aa)`."""
    letters = _LETTERS.get(language, _LATIN)
    rounds, letter = divmod(place - 1, len(letters))
    return _SHAPES.get(language, "({})").format(letters[letter] * (rounds + 1))
