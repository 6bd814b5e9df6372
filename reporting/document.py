"""The frozen document: what was issued, in all its languages, with every figure it prints.

One `Document` holds all languages of a report. Words are `Text`s (language → string), numbers are
`Figure`s (exact decimals under a reference such as `FA2.1@2016-2017:actual`). Renderers choose a
language and format numbers; they look nothing up, so a later change of the plan, the catalogue or
the figures never changes an issued report.

`to_json` gives the canonical bytes whose SHA-256 is the `fingerprint`; `from_json` reads them back.
"""

import datetime as dt
import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from reporting.document_json import Codec, UnreadableDocument, since
from reporting.document_words import (
    FALLBACK,
    LANGUAGES,
    NO_TEXT,
    Figure,
    FigureRef,
    Inline,
    LineageLine,
    NoteRef,
    Nothing,
    Paragraph,
    Run,
    RunsInLanguage,
    Source,
    Text,
    TextInLanguage,
    check_languages,
    frozen,
)

__all__ = [
    "FALLBACK",
    "LANGUAGES",
    "NO_TEXT",
    "REQUIRED_LABELS",
    "SCHEMA_VERSION",
    "Annex",
    "Block",
    "Cell",
    "Chart",
    "ChartMark",
    "ChartPoint",
    "Column",
    "ColumnKind",
    "Document",
    "Figure",
    "FigureRef",
    "Heading",
    "Inline",
    "LineageLine",
    "Masthead",
    "NoteRef",
    "Nothing",
    "Paragraph",
    "Progress",
    "Rating",
    "Row",
    "Run",
    "RunsInLanguage",
    "Source",
    "Status",
    "Table",
    "Text",
    "TextInLanguage",
    "UnreadableDocument",
    "blocks_of",
    "figures_of",
    "fingerprint",
    "from_json",
    "to_json",
]

SCHEMA_VERSION = 2

Status = Literal["achieved", "on_track", "off_track", "no_progress", "not_rated"]
ColumnKind = Literal["text", "number", "per_cent", "rating", "progress"]

# The fixed words that renderers print; `rendering/labels.json` holds them in six languages.
REQUIRED_LABELS = (
    "united_nations", "summary", "contents", "table", "figure", "annex", "source", "sources",
    "note", "illustrative", "page", "not_due", "not_reported", "not_applicable", "signs_note",
    "working_mark", "fingerprint", "symbol", "date", "title", "reference", "indicator",
    "value", "unit", "status", "rule", "lineage", "licence", "address", "figures", "shown_as",
    "paragraph", "reported", "not_due_words", "not_reported_words", "not_applicable_words",
    "cover", "progress", "per_cent", "yes", "no",
)  # fmt: skip


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 (`III`), 2 (`A`) or 3 (`1`), with its number as printed or empty.

    `section` is the code of the section of the outline that it heads.
    """

    level: int
    number: str
    text: Text
    section: str = field(default="", metadata=since(2))

    def __post_init__(self) -> None:
        if self.level not in {1, 2, 3}:
            raise ValueError(f"A heading has level 1, 2 or 3, not {self.level}")


@dataclass(frozen=True)
class Rating:
    """A cell with a rating: status for the shape and colour, the scale's word, the reason."""

    status: Status
    word: Text
    reason: Text = NO_TEXT


@dataclass(frozen=True)
class Progress:
    """A cell with a progress bar. `achievement` and `expected` are ratios: 1 is the target."""

    achievement: Decimal | None
    expected: Decimal | None
    status: Status


Cell = Text | FigureRef | Rating | Progress


@dataclass(frozen=True)
class Column:
    """A column; `weight` is its share of the width (0: by its kind)."""

    key: str
    heading: Text
    kind: ColumnKind = "text"
    weight: int = 0


@dataclass(frozen=True)
class Row:
    """A row of cells, one for each column; a `group` row is one text across the table."""

    cells: tuple[Cell, ...]
    kind: Literal["", "group", "total"] = ""


@dataclass(frozen=True)
class Table:
    """A numbered table; `sources` are keys of `Source`s named beneath it.

    `key` names the table whatever its number (`results`, `FA2.1.years`), so that two reports can
    be compared. `sheet` names the sheet that a data extract writes it to; empty in documents.
    """

    number: int
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = NO_TEXT
    illustrative: bool = False
    sources: tuple[str, ...] = ()
    key: str = field(default="", metadata=since(2))
    sheet: str = field(default="", metadata=since(2))

    def __post_init__(self) -> None:
        for position, row in enumerate(self.rows, 1):
            needed = 1 if row.kind == "group" else len(self.columns)
            if len(row.cells) != needed:
                raise ValueError(
                    f"Table {self.number}, row {position} has {len(row.cells)} cells, not {needed}"
                )


@dataclass(frozen=True)
class ChartPoint:
    """A point of a line, a bar, or a bullet row. `figure` is a key; empty leaves a gap.

    `weak`: coverage under two thirds. `progress` is needed for bullets only.
    """

    key: str
    label: Text
    figure: str = ""
    weak: bool = False
    progress: Progress | None = None


@dataclass(frozen=True)
class ChartMark:
    """A mark at the point with key `point`, at the height of figure `figure`."""

    point: str
    figure: str
    kind: Literal["target", "target-old", "expected", "baseline"]
    label: Text


@dataclass(frozen=True)
class Chart:
    """A numbered figure drawn from bound figures; `alternative` says in words what it shows.

    `key` names the chart whatever its number.
    """

    number: int
    kind: Literal["line", "bars", "bullets"]
    title: Text
    alternative: Text
    points: tuple[ChartPoint, ...]
    marks: tuple[ChartMark, ...] = ()
    note: Text = NO_TEXT
    illustrative: bool = False
    sources: tuple[str, ...] = ()
    key: str = field(default="", metadata=since(2))

    def __post_init__(self) -> None:
        if not self.alternative:
            raise ValueError(f"Figure {self.number} has no alternative text")


@dataclass(frozen=True)
class Annex:
    """An annex (`I`) with its own blocks; begins a new page."""

    number: str
    title: Text
    blocks: tuple["Block", ...]


Block = Paragraph | Heading | Table | Chart | Annex


@dataclass(frozen=True)
class Masthead:
    """The head of a Governing Council document.

    `distribution` and `original` are whole phrases ("Distr.: General", "Original: English").
    `illustrative` is the notice on made-up content, `working_note` the note on working
    translations, `fallback_note` the note that some paragraphs stand in another language since
    they are not translated yet; each is empty where there is none.
    """

    organ: Text
    symbol: str
    distribution: Text
    date: dt.date
    original: Text
    session: Text
    agenda_item: Text
    title: Text
    author: Text
    summary: tuple[Paragraph, ...] = ()
    illustrative: Text = NO_TEXT
    working_note: Text = NO_TEXT
    place_and_dates: Text = NO_TEXT
    fallback_note: Text = field(default=NO_TEXT, metadata=since(2))


@dataclass(frozen=True)
class Document:
    """A report as of `as_of` (ISO 8601, the moment of the snapshot).

    `languages` are those it may be rendered in. `digits` is the plan's setting for Arabic.
    Raises ValueError if a block names a figure, source or point that is not there.
    """

    kind: str
    period: str
    as_of: str
    languages: tuple[str, ...]
    masthead: Masthead
    blocks: tuple[Block, ...]
    figures: Mapping[str, Figure]
    sources: Mapping[str, Source]
    labels: Mapping[str, Text]
    digits: Literal["western", "arabic_indic"] = "western"
    schema_version: int = field(default=SCHEMA_VERSION)

    def __post_init__(self) -> None:
        check_languages(dict.fromkeys(self.languages))
        for name in ("figures", "sources", "labels"):
            object.__setattr__(self, name, frozen(getattr(self, name)))
        missing = [name for name in REQUIRED_LABELS if name not in self.labels]
        if missing:
            raise ValueError(f"The document lacks the labels {', '.join(missing)}")
        _check_references(self)

    @functools.cached_property
    def canonical(self) -> bytes:
        """The canonical bytes, made once: a document is frozen, and stored with its fingerprint."""
        return _CODEC.write(self)

    @functools.cached_property
    def sha256(self) -> str:
        """The fingerprint, taken once: a document is frozen, and each of its files prints it."""
        return hashlib.sha256(self.canonical).hexdigest()


def blocks_of(document: Document) -> Iterator[Block]:
    """Every block in printed order, annexes followed by what they hold."""

    def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
        for block in blocks:
            yield block
            if isinstance(block, Annex):
                yield from walk(block.blocks)

    yield from document.masthead.summary
    yield from walk(document.blocks)


def _references(block: Block) -> Iterator[FigureRef | NoteRef]:
    if isinstance(block, Paragraph):
        for runs in block.runs.values():
            yield from (run for run in runs if not isinstance(run, Run))
    elif isinstance(block, Table):
        for row in block.rows:
            yield from (cell for cell in row.cells if isinstance(cell, FigureRef))
        yield from map(NoteRef, block.sources)
    elif isinstance(block, Chart):
        yield from (FigureRef(point.figure) for point in block.points if point.figure)
        yield from (FigureRef(mark.figure) for mark in block.marks)
        yield from map(NoteRef, block.sources)


def _check_references(document: Document) -> None:
    for key, figure in document.figures.items():
        if key != figure.key:
            raise ValueError(f"Figure {figure.key} stands under the key {key}")
        if figure.source and figure.source not in document.sources:
            raise ValueError(f"Figure {key} names source {figure.source}, which is not there")
    for block in blocks_of(document):
        for reference in _references(block):
            if isinstance(reference, FigureRef) and reference.key not in document.figures:
                raise ValueError(f"Figure {reference.key} is printed but not in the document")
            if isinstance(reference, NoteRef) and reference.source not in document.sources:
                raise ValueError(f"Source {reference.source} is cited but not in the document")
        if isinstance(block, Chart):
            points = {point.key for point in block.points}
            for mark in block.marks:
                if mark.point not in points:
                    raise ValueError(f"Figure {block.number}: no point {mark.point} for a mark")


def figures_of(document: Document, *, block: Block | None = None) -> tuple[str, ...]:
    """The keys of the figures printed in the document (or in one block), in printed order, once."""
    blocks = blocks_of(document) if block is None else iter((block,))
    keys = (ref.key for found in blocks for ref in _references(found) if isinstance(ref, FigureRef))
    return tuple(dict.fromkeys(keys))


# Classes that stand in a union carry a tag; a `Text` there is recognized by having none.
_CODEC = Codec(
    tags={
        Run: "run",
        FigureRef: "figure",
        NoteRef: "note",
        Paragraph: "paragraph",
        Heading: "heading",
        Table: "table",
        Chart: "chart",
        Annex: "annex",
        Rating: "rating",
        Progress: "progress",
    },
    untagged=Text,
)


def to_json(document: Document) -> bytes:
    """Canonical bytes: sorted keys, no spaces, UTF-8, decimals as strings."""
    return document.canonical


def from_json(data: bytes) -> Document:
    """The document stored in `data`.

    Raises `UnreadableDocument` if the bytes are damaged or of a schema version not known here.
    """
    return _CODEC.read(data, Document, version=SCHEMA_VERSION)


def fingerprint(document: Document) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return document.sha256
