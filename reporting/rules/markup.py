r"""What offices write: plain structured text, a small part of CommonMark, with figures bound in.

`parse(text) -> Narrative(passages, footnotes, findings)`. Nothing in a text is ever run, looked up
or refused: what is no markup here stands as the characters that were typed (HTML, addresses,
images, code, tables), and what is wrong is said in `findings`, with its line.

    A blank line ends a paragraph.         *emphasis* and **strong emphasis**
    - or * or 1. begins a subparagraph,    \* is an asterisk: a backslash takes the meaning away
      printed (a), (b) and so on           words[^1] and, on a line of its own, [^1]: the footnote
    ### begins a subheading                [[FA2.1@2016-2017:actual]] is a bound figure

A bound figure may choose the words after it by its number, one form for each plural category of
the language in the order of Unicode CLDR (`reporting.rules.words.FORMS`): in English
`[[FA2.1@2017:actual|authority|authorities]]` prints "1 authority" and "86 authorities".

Parsing takes time in proportion to the length of the text, whatever it is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from reporting.rules import references

Emphasis = Literal["", "italic", "bold"]
Kind = Literal["paragraph", "item", "heading"]
Problem = Literal[
    "bad_reference",
    "emphasis_open",
    "footnote_holds_markup",
    "footnote_twice",
    "footnote_unknown",
    "footnote_unused",
]

LONGEST_REFERENCE = 80
LONGEST_RUN = 3
"""Of asterisks side by side: both kinds of emphasis at once. More are only asterisks."""
MOST_FINDINGS = 50
"""A text with more problems than these is told the first ones."""


@dataclass(frozen=True)
class Words:
    """Characters to be printed as they are."""

    text: str
    emphasis: Emphasis = ""


@dataclass(frozen=True)
class Binding:
    """A figure in the sentence: its reference, and the forms of the words after it, if any."""

    reference: str
    forms: tuple[str, ...] = ()
    emphasis: Emphasis = ""


@dataclass(frozen=True)
class Footnote:
    """The mark of a footnote, whose words are under its key in `Narrative.footnotes`."""

    key: str


Inline = Words | Binding | Footnote


@dataclass(frozen=True)
class Passage:
    """A paragraph, subparagraph or subheading that begins in `line` (the first is 1).

    `item` is the place of a subparagraph in its list, (a) being 1; 0 for the others.
    """

    kind: Kind
    inlines: tuple[Inline, ...]
    line: int
    item: int = 0


@dataclass(frozen=True)
class Finding:
    """Something in the text that is not as its writer meant it. `words` are those concerned."""

    code: Problem
    line: int
    words: str = ""


@dataclass(frozen=True)
class Narrative:
    """A text that was read. `footnotes`: key → words, in the order in which they were written."""

    passages: tuple[Passage, ...] = ()
    footnotes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    findings: tuple[Finding, ...] = ()

    @property
    def bindings(self) -> Iterator[tuple[Passage, Binding]]:
        """Every bound figure with the passage it stands in."""
        for passage in self.passages:
            for inline in passage.inlines:
                if isinstance(inline, Binding):
                    yield passage, inline

    @property
    def references(self) -> tuple[str, ...]:
        """The references of the bound figures in order, each once."""
        return tuple(dict.fromkeys(found.reference for _passage, found in self.bindings))


def parse(text: str) -> Narrative:
    """Reads a text. Never raises, and loses no word."""
    reader = _Reader()
    blocks = reader.blocks(_clean(text))
    notes = {key: reader.footnote(block) for key, block in reader.notes.items()}
    passages = tuple(
        Passage(block.kind, reader.inlines(block, notes), block.line, block.item)
        for block in blocks
    )
    cited = {
        inline.key for one in passages for inline in one.inlines if isinstance(inline, Footnote)
    }
    for key in notes:
        if key not in cited:
            reader.find("footnote_unused", reader.notes[key].line, key)
    findings = sorted(reader.findings, key=lambda found: found.line)[:MOST_FINDINGS]
    return Narrative(passages, MappingProxyType(notes), tuple(findings))


def escaped(text: str) -> str:
    """Words of somebody else on one line, with nothing in them that would be read as markup."""
    return re.sub(r"([\\*\[])", r"\\\1", " ".join(text.split()))


# Characters that XML, and so DOCX, cannot hold, and those that turn the direction of what follows:
# a figure must not be made to read backwards. Marks (U+200E, U+200F, U+061C) stay.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028]")
_CJK = "\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
# Chinese has no space between words, so none where a line was wrapped.
_WRAPPED_CJK = re.compile(rf"(?<=[{_CJK}])[ \t]*\n[ \t]*(?=[{_CJK}])")
_SPACES = re.compile(r"[ \t\n]+")

_HEADING = re.compile(r"#{1,6}[ \t]+(?P<words>\S.*)")
_ITEM = re.compile(r"(?:[-*]|(?P<number>\d{1,2})[.)])[ \t]+(?P<words>\S.*)")
_NOTE = re.compile(r"\[\^(?P<key>[^\[\]\s]{1,40})\]:[ \t]*(?P<words>\S.*)")
_BEGINNINGS = ("#", "-", "*", "[", *"0123456789")
_TOKEN = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|\[\[(?P<bound>[^\[\]\n]{1,400})\]\]"
    r"|\[\^(?P<note>[^\[\]\s]{1,40})\]"
    r"|(?P<stars>\*+)"
)


def _clean(text: str) -> str:
    lines = _LINE_ENDS.sub("\n", text.replace("\u2029", "\n\n"))
    return _DROPPED.sub("", lines)


@dataclass
class _Block:
    """Lines that belong together, before what is within them is read."""

    kind: Kind
    line: int
    lines: list[str]
    item: int = 0
    numbered: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """The lines as one."""
        return _SPACES.sub(" ", _WRAPPED_CJK.sub("", "\n".join(self.lines)))


@dataclass
class _Mark:
    """Asterisks that may begin or end emphasis: one or two. `turns` is set once it has a pair."""

    size: int
    turns: Literal[-1, 0, 1] = 0


class _Reader:
    """Reads one text: first its blocks, then what is within each."""

    def __init__(self) -> None:
        self.notes: dict[str, _Block] = {}
        self.findings: list[Finding] = []

    def find(self, code: Problem, line: int, words: str = "") -> None:
        """Remembers a problem."""
        self.findings.append(Finding(code, line, words))

    def blocks(self, text: str) -> list[_Block]:
        """The paragraphs, subparagraphs and subheadings; footnotes are set aside in `notes`."""
        found: list[_Block] = []
        open_block: _Block | None = None
        for number, line in enumerate(text.split("\n"), 1):
            words = line.strip(" \t")
            started = self._started(words, number, found[-1] if found else None)
            if not words:
                open_block = None
            elif started is None and open_block is not None:
                open_block.lines.append(words)
            else:
                block = started or _Block("paragraph", number, [words])
                if block.note:
                    self.notes[block.note] = block
                else:
                    found.append(block)
                open_block = None if block.kind == "heading" else block
        return found

    def _started(self, words: str, number: int, last: _Block | None) -> _Block | None:
        """The block that a line begins by its first characters, if it begins one."""
        if not words.startswith(_BEGINNINGS):
            return None
        if note := _NOTE.fullmatch(words):
            if note["key"] in self.notes:
                self.find("footnote_twice", number, note["key"])
                return _Block("paragraph", number, [words])
            return _Block("paragraph", number, [note["words"]], note=note["key"])
        if heading := _HEADING.fullmatch(words):
            return _Block("heading", number, [heading["words"]])
        if item := _ITEM.fullmatch(words):
            numbered = item["number"] is not None
            goes_on = last is not None and last.kind == "item" and last.numbered == numbered
            place = last.item + 1 if last is not None and goes_on else 1
            # "30. June" at the beginning of a line is no subparagraph: its number would be lost.
            if not numbered or int(item["number"]) in {1, place}:
                return _Block("item", number, [item["words"]], place, numbered)
        return None

    def inlines(self, block: _Block, notes: Mapping[str, str]) -> tuple[Inline, ...]:
        """What is within a block: words, bound figures, marks of footnotes."""
        pieces: list[str | _Mark | Inline] = []
        text, end = block.text, 0
        emphasis = _Emphasis()
        for token in _TOKEN.finditer(text):
            pieces.append(text[end : token.start()])
            end = token.end()
            if token["stars"]:
                pieces += emphasis.marks(text, token.start(), end)
            elif token["bound"]:
                pieces.append(self._bound(token["bound"], block.line))
            elif token["note"]:
                pieces.append(self._note(token["note"], notes, block.line))
            else:
                pieces.append(token["escaped"])
        pieces.append(text[end:])
        if emphasis.is_open:
            self.find("emphasis_open", block.line)
        return tuple(_joined(pieces))

    def _bound(self, typed: str, line: int) -> Binding | str:
        reference, *forms = (part.strip() for part in typed.split("|"))
        try:
            parsed = str(references.parse(reference))
        except references.BadReference:
            parsed = ""
        if not parsed or len(parsed) > LONGEST_REFERENCE or not all(forms):
            self.find("bad_reference", line, typed)
            return f"[[{typed}]]"
        return Binding(parsed, tuple(forms))

    def _note(self, key: str, notes: Mapping[str, str], line: int) -> Footnote | str:
        if key in notes:
            return Footnote(key)
        self.find("footnote_unknown", line, key)
        return f"[^{key}]"

    def footnote(self, block: _Block) -> str:
        """The words of a footnote. It holds words only: a figure there would have no sentence."""
        parts = []
        for inline in self.inlines(_Block(block.kind, block.line, block.lines), _Anything()):
            if isinstance(inline, Words):
                parts.append(inline.text)
                continue
            if isinstance(inline, Footnote):
                literal = f"[^{inline.key}]"
            else:
                literal = f"[[{'|'.join((inline.reference, *inline.forms))}]]"
            self.find("footnote_holds_markup", block.line, literal)
            parts.append(literal)
        return "".join(parts)


class _Anything(dict[str, str]):
    """Every key is there."""

    def __contains__(self, key: object) -> bool:
        return True


class _Emphasis:
    """Pairs the asterisks of one block. Each mark is looked at twice at most."""

    def __init__(self) -> None:
        self._opened: dict[int, list[tuple[int, _Mark]]] = {1: [], 2: []}
        self._seen = 0
        self._lost = False

    @property
    def is_open(self) -> bool:
        """True if a mark that begins emphasis has no end."""
        return self._lost or any(self._opened.values())

    def marks(self, text: str, start: int, end: int) -> list[str | _Mark | Inline]:
        """What a run of asterisks stands for: ends of emphasis, beginnings, or asterisks."""
        left = end - start
        if left > LONGEST_RUN:
            return ["*" * left]
        made: list[str | _Mark | Inline] = []
        if start > 0 and not text[start - 1].isspace():
            while size := self._innermost(left):
                made.append(self._close(size))
                left -= size
        if end < len(text) and not text[end].isspace():
            sizes = (2, 1) if left == LONGEST_RUN else (left,) if left else ()
            made += [self._open(size) for size in sizes]
        elif left:
            made.append("*" * left)
        return made

    def _innermost(self, left: int) -> int:
        """The size of the emphasis to end next: 0 if none fits what is left of the run."""
        fitting = [
            (stack[-1][0], size)
            for size, stack in self._opened.items()
            if stack and left in {size, LONGEST_RUN}
        ]
        return max(fitting)[1] if fitting else 0

    def _open(self, size: int) -> _Mark:
        self._seen += 1
        mark = _Mark(size)
        self._opened[size].append((self._seen, mark))
        return mark

    def _close(self, size: int) -> _Mark:
        place, opener = self._opened[size].pop()
        opener.turns = 1
        # What began within and did not end there stays asterisks.
        other = self._opened[3 - size]
        while other and other[-1][0] > place:
            other.pop()
            self._lost = True
        return _Mark(size, -1)


def _joined(pieces: Sequence[str | _Mark | Inline]) -> Iterator[Inline]:
    """The pieces with their emphasis, words of the same emphasis in one."""
    depth = {1: 0, 2: 0}
    emphasis: Emphasis = ""
    words: list[str] = []
    for piece in pieces:
        if isinstance(piece, _Mark) and piece.turns:
            depth[piece.size] += piece.turns
            turned: Emphasis = "bold" if depth[2] else "italic" if depth[1] else ""
            if turned != emphasis:
                yield from _said(words, emphasis)
                words, emphasis = [], turned
        elif isinstance(piece, _Mark):
            words.append("*" * piece.size)
        elif isinstance(piece, str):
            words.append(piece)
        else:
            yield from _said(words, emphasis)
            words = []
            if isinstance(piece, Binding):
                piece = Binding(piece.reference, piece.forms, emphasis)  # noqa: PLW2901
            yield piece
    yield from _said(words, emphasis)


def _said(words: Sequence[str], emphasis: Emphasis) -> Iterator[Words]:
    text = "".join(words)
    if text:
        yield Words(text, emphasis)
