"""Which encoding a text without a mark is in: told by what it would say, or not told at all.

UTF-8 and UTF-16 are recognized for certain. The older encodings of single regions give some text
for any bytes, so each is asked whether its words could be words: letters of one script together,
no capital after a small letter, no sign within a word. If two encodings could be right and would
read different words, the file is refused rather than read wrongly.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import BinaryIO

_PIECE = 1 << 20
_MOST_WORDS = 20_000
_WORD_BYTES = 4_000
_FEW = 0.05
"""Share of words that may look odd: names and abbreviations do."""

_WORD = re.compile(rb"[A-Za-z\x80-\xff]+")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNS = frozenset("‘’“”„‚«»‹›–—…•·°ºª€£§©®™¿¡№\u00a0\u00ad\u200e\u200f،؛؟،。！：；（）《》、％")
_WITHIN_WORDS = frozenset("’·\u00ad")
_COMMON_HAN = range(0xB0, 0xD8)
"""First bytes of the 3,755 characters that make up nearly all Chinese texts (GB 2312, level 1)."""


def marked(beginning: bytes) -> str:
    """The encoding that the first bytes name, or that their zero bytes show; else ''."""
    for mark, encoding in _MARKS:
        if beginning.startswith(mark):
            return encoding
    even, odd = beginning[::2].count(0), beginning[1::2].count(0)
    half = max(1, len(beginning) // 2)
    if odd > half // 4 and not even:
        return "utf-16-le"
    if even > half // 4 and not odd:
        return "utf-16-be"
    return ""


def possible(content: BinaryIO) -> tuple[str, ...]:
    """Encodings the text could be in that read it differently; () if none is plausible.

    Several stand for one if all read the same words.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    words: set[bytes] = set()
    is_utf8, rest = True, b""
    while piece := content.read(_PIECE):
        if is_utf8:
            is_utf8 = _decodes(decoder, piece, final=False)
        rest = _gather(rest + piece, words)
    _gather(rest + b"\n", words)
    if is_utf8 and _decodes(decoder, b"", final=True):
        return ("utf-8",)
    return _distinct([name for name, fits in _REGIONAL.items() if fits(words)], words)


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(piece, final=final)
    except UnicodeDecodeError:
        return False
    return True


def _gather(text: bytes, words: set[bytes]) -> bytes:
    """Add the words with letters beyond ASCII; give back what may go on in the next piece."""
    end = len(text)
    while end > max(0, len(text) - _WORD_BYTES) and _WORD.match(text, end - 1):
        end -= 1
    if len(words) < _MOST_WORDS:
        found = (match[0][:_WORD_BYTES] for match in _WORD.finditer(text, 0, end))
        words.update(word for word in found if not word.isascii())
    return text[end:]


def _distinct(names: list[str], words: set[bytes]) -> tuple[str, ...]:
    """Those that would read different words; the first of those that read the same."""
    readings: dict[tuple[str, ...], str] = {}
    ordered = sorted(words)
    for name in names:
        readings.setdefault(tuple(word.decode(name, "replace") for word in ordered), name)
    return tuple(readings.values())


def _words_in(encoding: str, script: str) -> Callable[[set[bytes]], bool]:
    """Whether words could be of this encoding, whose own letters have names that begin so."""

    def fits(words: set[bytes]) -> bool:
        odd = 0
        for word in words:
            try:
                odd += not _could_be(word.decode(encoding), script)
            except UnicodeDecodeError:
                return False
        return odd <= len(words) * _FEW

    return fits


def _could_be(word: str, script: str) -> bool:
    """Letters of one script, capitals only at the beginning or throughout, signs outside.

    Words of Latin letters have some without accent.
    """
    core = word.strip("".join(_SIGNS))
    if not all(character in _WITHIN_WORDS or character.isalpha() for character in core):
        return False
    scripts = {_script(character) for character in core if character.isalpha()}
    if len(scripts) > 1 or not scripts <= {"LATIN", script}:
        return False
    if script == "LATIN" and len(core) > 1 and not any(character.isascii() for character in core):
        return False
    return not any(
        before.islower() and after.isupper() and not after.isascii()
        for before, after in pairwise(core)
    )


def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def _chinese(words: set[bytes]) -> bool:
    """Whether the letters pair up to Chinese characters, nearly all of them common ones."""
    common = total = 0
    for word in words:
        try:
            # A word is cut where the second byte of a rare character is an ASCII sign.
            text = codecs.getincrementaldecoder("gb18030")().decode(word)
        except UnicodeDecodeError:
            return False
        for character in text:
            if _script(character) == "CJK":
                total += 1
                common += character.encode("gb18030")[0] in _COMMON_HAN
            elif not (
                character.isascii() or character in _SIGNS or "\uff00" < character < "\uff5f"
            ):
                return False
    return total > 0 and common >= total * (1 - 2 * _FEW)


_REGIONAL: dict[str, Callable[[set[bytes]], bool]] = {
    "cp1252": _words_in("cp1252", "LATIN"),
    "cp1251": _words_in("cp1251", "CYRILLIC"),
    "cp1256": _words_in("cp1256", "ARABIC"),
    "gb18030": _chinese,
}
