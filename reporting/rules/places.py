"""Where the parts of a document stand, and which part of another document answers to each."""

import re
from collections.abc import Hashable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Literal

from reporting.document import (
    FALLBACK,
    NO_TEXT,
    Annex,
    Block,
    Chart,
    Document,
    Heading,
    Paragraph,
    Table,
    Text,
)
from reporting.rules import printed
from reporting.rules.alignment import Pair, by_content, by_identity

Kind = Literal["summary", "paragraph", "heading", "table", "chart"]
KINDS: tuple[Kind, ...] = ("summary", "paragraph", "heading", "table", "chart")

_KEY = re.compile(r"(?P<code>[^@]+)@(?P<period>[^/:#]+)(?:/(?P<office>[^:#]+))?(?P<what>[:#].+)")
_WORD = re.compile(r"\w+")
_LEAST = 0.01


@dataclass(frozen=True)
class Place:
    """Where something is printed.

    `number` is that of the paragraph, table or chart; 0 in the summary. `item` counts the
    subparagraph under it, (a) being 1. `row` and `column` name a cell, or a mark on a chart and the
    point it is at. `words` are those of a heading or the title of a table. `section` is the code of
    the section it stands in. `is_after`: the place is new and follows the paragraph named.
    """

    kind: Kind
    number: int = 0
    item: int = 0
    row: Text = NO_TEXT
    column: Text = NO_TEXT
    words: Text = NO_TEXT
    section: str = ""
    is_after: bool = False

    @property
    def block(self) -> "Place":
        """The place of the whole table or chart."""
        return replace(self, row=NO_TEXT, column=NO_TEXT)


@dataclass(frozen=True)
class Placed:
    """A block with its place."""

    block: Block
    place: Place


def placed(document: Document) -> list[Placed]:
    """Every block in printed order with its place; an annex is a heading and what it holds."""
    summary = [
        Placed(paragraph, Place("summary", item=item))
        for item, paragraph in enumerate(document.masthead.summary, 1)
    ]
    return [*summary, *_Walk().blocks(document.blocks)]


class _Walk:
    """A walk through a document: the section and the last paragraph number go on into annexes."""

    def __init__(self) -> None:
        self.section, self.last = "", 0

    def blocks(self, blocks: tuple[Block, ...]) -> Iterator[Placed]:
        """The blocks with their places."""
        for block in blocks:
            if isinstance(block, Annex):
                yield Placed(
                    Heading(1, block.number, block.title), Place("heading", words=block.title)
                )
                yield from self.blocks(block.blocks)
                continue
            yield Placed(block, self.place(block))

    def place(self, block: Block) -> Place:
        """The place of one block."""
        if isinstance(block, Heading):
            self.section = block.section
            return Place("heading", words=block.text, section=block.section)
        if isinstance(block, Paragraph):
            self.last = block.number or self.last
            section = block.section or self.section
            return Place("paragraph", self.last, block.item, section=section)
        if isinstance(block, (Table, Chart)):
            kind: Kind = "table" if isinstance(block, Table) else "chart"
            return Place(kind, block.number, words=block.title, section=self.section)
        return Place("heading", words=block.title)


def pairs(was: Sequence[Placed], now: Sequence[Placed]) -> list[Pair]:
    """Positions of blocks that answer to each other, in the order of the first document.

    What only the second document has follows what it follows there.
    """
    found: dict[int, int] = {}
    for kind in KINDS:
        ours = [place for place, one in enumerate(was) if one.place.kind == kind]
        theirs = [place for place, one in enumerate(now) if one.place.kind == kind]
        left, right = [was[place] for place in ours], [now[place] for place in theirs]
        together = (
            by_content(left, right, _runs, _frame, alike=_likeness)
            if kind in {"summary", "paragraph"}
            else by_identity(left, right, _name, _title, _number)
        )
        found |= {
            ours[here]: theirs[there]
            for here, there in together
            if here is not None and there is not None
        }
    home = {there: here for here, there in found.items()}
    order: list[tuple[int, int, Pair]] = [
        (place, -1, (place, found.get(place))) for place in range(len(was))
    ]
    last = -1
    for place in range(len(now)):
        last = home.get(place, last)
        if place not in home:
            order.append((last, place, (None, place)))
    return [pair for _at, _after, pair in sorted(order, key=lambda one: one[:2])]


@dataclass(frozen=True)
class Identity:
    """What a figure is, whatever the period of the report: `period` is empty if it is that one.

    `what` is what a writer types after the colon (`actual`), or `#` and what a report counts.
    """

    code: str
    office: str
    what: str
    period: str = ""


def identity(key: str, *, own: str = "") -> Identity | None:
    """What the key of a figure names; `own` is the period of its report. None if it is no key."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    period = "" if found["period"] == own else found["period"]
    return Identity(found["code"], found["office"] or "", found["what"].lstrip(":"), period)


def _runs(one: Placed) -> Hashable:
    """A paragraph's own words in all languages, and which figures stand among them."""
    return tuple(one.block.runs.items()) if isinstance(one.block, Paragraph) else ()


def _frame(one: Placed) -> str:
    """The words around a paragraph's figures."""
    block = one.block
    return printed.plain(printed.in_fallback(block)) if isinstance(block, Paragraph) else ""


def _likeness(one: Placed, other: Placed) -> float:
    """How much two paragraphs of one section say the same: shared figures, or shared words.

    Never nothing within a section, always nothing across sections.
    """
    first, second = one.block, other.block
    if not isinstance(first, Paragraph) or not isinstance(second, Paragraph):
        return 0.0
    if one.place.section != other.place.section:
        return 0.0
    figures, others = (
        {_across(key) for key in printed.keys(block.runs)} for block in (first, second)
    )
    words, further = (set(_WORD.findall(_frame(each).casefold())) for each in (one, other))
    return max(_LEAST, _shared(figures, others), _shared(words, further))


def _across(key: str) -> Hashable:
    """A figure in whichever period."""
    found = identity(key)
    return replace(found, period="") if found else key


def _shared(one: Set[Hashable], other: Set[Hashable]) -> float:
    """From 0, nothing in common, to 1, the same."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def _name(one: Placed) -> str:
    """What a heading, table or chart is called whatever its number; empty if it has no name."""
    block = one.block
    if isinstance(block, (Table, Chart)):
        return block.key
    return block.section if isinstance(block, Heading) else ""


def _title(one: Placed) -> Hashable:
    """The title in English, within its section."""
    return one.place.section, str(one.place.words.in_language(FALLBACK))


def _number(one: Placed) -> Hashable:
    """The number of a table or chart within its section."""
    return (one.place.section, one.place.number) if one.place.number else ()
