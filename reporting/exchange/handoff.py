"""What a hand-off holds, and what comes back: the contents of the files, whatever their format."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from reporting.exchange.passages import SourcePassage
from reporting.rules.markup import Emphasis, Footnote, Inline, Words

_DIGEST = 16
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c]")
_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class HandedPassage:
    """A passage to be translated.

    `target` is what stands in the other language, if anything does; it is not `is_current` if it
    was made from other words than those of the source now. `terms`: words of the plan that stand
    in it, with what they are called in the other language.
    """

    source: SourcePassage
    target: tuple[Inline, ...] | None = None
    is_current: bool = False
    terms: tuple[tuple[str, str], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class HandedSection:
    """A section to be translated: its code and title, what it was asked for, and its passages.

    `body` is the source as it stands in revision `revision`.
    """

    code: str
    title: str
    revision: int
    body: str
    passages: tuple[HandedPassage, ...]
    prompt: str = ""
    words: int = 0


@dataclass(frozen=True)
class HandOff:
    """A report on its way into one language.

    `report` is its slug; `source` and `target` are languages; `shown`: reference → the number as
    it is printed now.
    """

    report: str
    title: str
    source: str
    target: str
    sections: tuple[HandedSection, ...]
    shown: Mapping[str, str] = field(default_factory=dict)

    def face(self, hole: Inline) -> str:
        """What a translator sees in place of a bound figure or the mark of a footnote."""
        if isinstance(hole, Footnote):
            return f"[{hole.key}]"
        if isinstance(hole, Words):
            return hole.text
        return self.shown.get(hole.reference) or hole.reference


@dataclass(frozen=True)
class Hole:
    """The place of a bound figure or of the mark of a footnote, by its number in the passage."""

    number: int
    emphasis: Emphasis = ""


Piece = Words | Hole


@dataclass(frozen=True)
class ReturnedSection:
    """A section as a file brought it: key of a passage → its pieces; nothing for empty ones.

    `revision` and `digest` say which source was translated; `body` is that source as the file
    carries it, empty if it does not.
    """

    code: str
    revision: int
    digest: str
    targets: Mapping[str, tuple[Piece, ...]]
    body: str = ""


@dataclass(frozen=True)
class Returned:
    """What a file says of itself, and its sections in order."""

    report: str
    source: str
    target: str
    sections: tuple[ReturnedSection, ...]


def sane(body: str) -> str:
    """A body in characters that XML holds; what is dropped is dropped in parsing as well."""
    return _NOT_IN_XML.sub("", _LINE_ENDS.sub("\n", body))


def digest_of(body: str) -> str:
    """A short fingerprint of a source, by which a return knows what it was made from."""
    return hashlib.sha256(sane(body).encode()).hexdigest()[:_DIGEST]


def joined(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The same pieces, neighbouring words of one emphasis in one; empty ones left out."""
    made: list[Piece] = []
    for piece in pieces:
        last = made[-1] if made else None
        if isinstance(piece, Words) and not piece.text:
            continue
        if (
            isinstance(piece, Words)
            and isinstance(last, Words)
            and last.emphasis == piece.emphasis
        ):
            made[-1] = Words(last.text + piece.text, piece.emphasis)
        else:
            made.append(piece)
    return tuple(made)
