"""The marks of subparagraphs, as documents of the United Nations write them in each language."""

_LETTERS = {
    "ar": ("أ", "ب", "ج", "د", "هـ", "و", "ز", "ح", "ط", "ي", "ك", "ل", "م", "ن", "س", "ع", "ف",
           "ص", "ق", "ر", "ش", "ت", "ث", "خ", "ذ", "ض", "ظ", "غ"),
    "ru": tuple("абвгдежзиклмнопрстуфхцчшщэюя"),
}  # fmt: skip
_LATIN = tuple("abcdefghijklmnopqrstuvwxyz")
# Russian closes a mark and does not open it.
_SHAPES = {"ru": "{})"}


def item_mark(place: int, language: str) -> str:
    """`(a)` for the first subparagraph, `(b)` for the second; after the last letter `(aa)`."""
    letters = _LETTERS.get(language, _LATIN)
    rounds, letter = divmod(place - 1, len(letters))
    return _SHAPES.get(language, "({})").format(letters[letter] * (rounds + 1))
