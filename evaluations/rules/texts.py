"""Words as they are searched for: without case, accents, or the marks of one script's habits."""

import unicodedata
from collections.abc import Iterable

# One letter written in several ways, by habit or by keyboard.
SAME = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        "ـ": "",
        "ё": "е",
        "œ": "oe",
        "æ": "ae",
        "ß": "ss",
        "’": "'",
        "‘": "'",
    }
)
MOST_WORDS = 8


def folded(*texts: str) -> str:
    """The texts as one line in which case, accents and spaces make no difference."""
    joined = unicodedata.normalize("NFKD", " ".join(texts)).casefold()
    plain = "".join(sign for sign in joined if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", plain).translate(SAME).split())


def words_of(asked: str) -> tuple[str, ...]:
    """The words that a reader asks for, each once, as they are searched for; eight at most."""
    found: Iterable[str] = folded(asked.replace("\x00", " ")).split()
    return tuple(dict.fromkeys(found))[:MOST_WORDS]
