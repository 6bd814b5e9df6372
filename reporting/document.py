"""The frozen document: what was issued, in all its languages, with every figure it prints.

One `Document` holds all languages of a report. Words are `Text`s (language → string), numbers are
`Figure`s (exact decimals under a reference such as `FA2.1@2016-2017:actual`). Renderers choose a
language and format numbers; they look nothing up, so a later change of the plan, the catalogue or
the figures never changes an issued report.

`to_json` gives the canonical bytes whose SHA-256 is the `fingerprint`; `from_json` reads them back.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

SCHEMA_VERSION = 1
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
FALLBACK = "en"

Nothing = Literal["", "not_due", "not_reported", "not_applicable"]
Status = Literal["achieved", "on_track", "off_track", "no_progress", "not_rated"]
ColumnKind = Literal["text", "number", "per_cent", "rating", "progress"]
Value = TypeVar("Value")

# The fixed words that renderers print; `rendering/labels.json` holds them in six languages.
REQUIRED_LABELS = (
    "united_nations", "summary", "contents", "table", "figure", "annex", "source", "sources", "note",
    "illustrative", "page", "not_due", "not_reported", "not_applicable", "signs_note", "working_mark",
    "fingerprint", "symbol", "date", "title", "reference", "indicator", "value", "unit", "status",
    "rule", "lineage", "licence", "address", "figures", "shown_as", "paragraph", "reported",
    "not_due_words", "not_reported_words", "not_applicable_words", "cover", "progress", "per_cent",
    "yes", "no",
)  # fmt: skip


class UnreadableDocument(ValueError):
    """Stored bytes are no document of a schema version that this program knows."""


def _frozen(mapping: Mapping[str, Value]) -> Mapping[str, Value]:
    return MappingProxyType(dict(sorted(mapping.items())))


def _choice(mapping: Mapping[str, Value], language: str) -> str:
    """The language to read: the one asked for, else English, else whichever there is."""
    if language in mapping:
        return language
    return FALLBACK if FALLBACK in mapping else next(iter(mapping), language)


def _check_languages(mapping: Mapping[str, object]) -> None:
    for language in mapping:
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is not one of {', '.join(LANGUAGES)}")


@dataclass(frozen=True)
class TextInLanguage:
    """One language's words: `language` is the language they are in, after any fallback."""

    text: str
    language: str
    is_working: bool
    is_fallback: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Text:
    """Words in up to six languages; `working` names those whose words are our translation."""

    texts: Mapping[str, str]
    working: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_languages(self.texts)
        object.__setattr__(self, "texts", _frozen(self.texts))
        working = tuple(sorted(set(self.working) & set(self.texts)))
        object.__setattr__(self, "working", working)

    @classmethod
    def of(cls, **texts: str) -> "Text":
        """Official words by language: `Text.of(en="Nairobi", fr="Nairobi")`."""
        return cls(texts)

    @classmethod
    def working_of(cls, **texts: str) -> "Text":
        """Working translations by language."""
        return cls(texts, tuple(texts))

    def in_language(self, language: str) -> TextInLanguage:
        """The words in that language, or in English and flagged as a fallback."""
        found = _choice(self.texts, language)
        return TextInLanguage(
            self.texts.get(found, ""), found, found in self.working, found != language
        )

    def __bool__(self) -> bool:
        return any(self.texts.values())


NO_TEXT = Text({})


@dataclass(frozen=True)
class LineageLine:
    """One line of the arithmetic behind a figure: an office, its value, a remark."""

    label: Text
    value: Decimal | None = None
    note: Text = NO_TEXT


@dataclass(frozen=True)
class Figure:
    """A number that the document prints, exact, with its unit and where it comes from.

    `key` is its reference. Without a value, `nothing` says which of the three kinds of nothing it
    is; zero is a value. `decimals` is the number of places printed (half up). `per_cent`: the value
    29.5 means 29.5 per cent. `source` is the key of a `Source` or empty.
    """

    key: str
    value: Decimal | None
    nothing: Nothing = ""
    decimals: int = 0
    unit: Text = NO_TEXT
    per_cent: bool = False
    illustrative: bool = False
    source: str = ""
    lineage: tuple[LineageLine, ...] = ()
    rule: Text = NO_TEXT
    label: Text = NO_TEXT

    def __post_init__(self) -> None:
        if (self.value is None) == (self.nothing == ""):
            raise ValueError(f"Figure {self.key} needs either a value or the kind of nothing")
        if self.value is not None and not self.value.is_finite():
            raise ValueError(f"Figure {self.key} is not a finite number: {self.value}")


@dataclass(frozen=True)
class Source:
    """Where a figure or statement comes from; printed as a footnote."""

    key: str
    citation: Text
    licence: str = ""
    url: str = ""


@dataclass(frozen=True)
class Run:
    """Words within a paragraph; `language` is set where they are in another language."""

    text: str
    emphasis: Literal["", "italic", "bold"] = ""
    language: str = ""


@dataclass(frozen=True)
class FigureRef:
    """A figure bound into a sentence or a table cell.

    A sentence prints the number alone (the sentence itself says "per cent"), or `words` in its
    place ("Ten"); a table cell prints it as its column asks.
    """

    key: str
    words: str = ""


@dataclass(frozen=True)
class NoteRef:
    """A footnote mark: the key of a `Source`."""

    source: str


Inline = Run | FigureRef | NoteRef


@dataclass(frozen=True)
class RunsInLanguage:
    """One language's runs of a paragraph."""

    runs: tuple[Inline, ...]
    language: str
    is_working: bool
    is_fallback: bool


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `number` runs through the whole document, 0 means not numbered."""

    number: int
    runs: Mapping[str, tuple[Inline, ...]]
    working: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_languages(self.runs)
        object.__setattr__(self, "runs", _frozen(self.runs))
        object.__setattr__(self, "working", tuple(sorted(set(self.working) & set(self.runs))))

    def in_language(self, language: str) -> RunsInLanguage:
        """The runs in that language, or in English and flagged as a fallback."""
        found = _choice(self.runs, language)
        return RunsInLanguage(
            self.runs.get(found, ()), found, found in self.working, found != language
        )


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 (`III`), 2 (`A`) or 3 (`1`), with its number as printed or empty."""

    level: int
    number: str
    text: Text

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
    """A numbered table; `sources` are keys of `Source`s named beneath it."""

    number: int
    title: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Text = NO_TEXT
    illustrative: bool = False
    sources: tuple[str, ...] = ()

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
    """A numbered figure drawn from bound figures; `alternative` says in words what it shows."""

    number: int
    kind: Literal["line", "bars", "bullets"]
    title: Text
    alternative: Text
    points: tuple[ChartPoint, ...]
    marks: tuple[ChartMark, ...] = ()
    note: Text = NO_TEXT
    illustrative: bool = False
    sources: tuple[str, ...] = ()

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
    translations; each is empty where there is none.
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
        _check_languages(dict.fromkeys(self.languages))
        for name in ("figures", "sources", "labels"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))
        missing = [name for name in REQUIRED_LABELS if name not in self.labels]
        if missing:
            raise ValueError(f"The document lacks the labels {', '.join(missing)}")
        _check_references(self)


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
_TAGS: dict[type, str] = {
    Run: "run", FigureRef: "figure", NoteRef: "note", Paragraph: "paragraph", Heading: "heading",
    Table: "table", Chart: "chart", Annex: "annex", Rating: "rating", Progress: "progress",
}  # fmt: skip
_TAGGED = {tag: cls for cls, tag in _TAGS.items()}


def _plain_decimal(value: Decimal) -> str:
    """Exact and unique: no exponent, no trailing zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        raw = {item.name: _encode(getattr(value, item.name)) for item in fields(value)}
        tag = _TAGS.get(type(value))
        return raw | {"type": tag} if tag else raw
    if isinstance(value, Mapping):
        return {key: _encode(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, Decimal):
        return _plain_decimal(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _decode_union(options: tuple[Any, ...], raw: Any) -> Any:
    if raw is None and type(None) in options:
        return None
    if Decimal in options:
        return Decimal(raw)
    cls = _TAGGED[raw["type"]] if "type" in raw else Text
    return _decode(cls, {key: item for key, item in raw.items() if key != "type"})


def _decode(kind: Any, raw: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        return _decode_union(arguments, raw)
    if origin is tuple:
        return tuple(_decode(arguments[0], item) for item in raw)
    if origin is Mapping:
        return {key: _decode(arguments[1], item) for key, item in raw.items()}
    if origin is Literal:
        if raw not in arguments:
            raise UnreadableDocument(f"{raw!r} is not one of {', '.join(map(repr, arguments))}")
        return raw
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        if set(raw) - {"type"} != set(hints):
            odd = sorted((set(raw) - {"type"}) ^ set(hints))
            raise UnreadableDocument(f"{kind.__name__}: unexpected or missing {', '.join(odd)}")
        return kind(**{name: _decode(hint, raw[name]) for name, hint in hints.items()})
    if kind is dt.date:
        return dt.date.fromisoformat(raw)
    if not isinstance(raw, kind):
        raise UnreadableDocument(f"{raw!r} is not of type {kind.__name__}")
    return raw


def to_json(document: Document) -> bytes:
    """Canonical bytes: sorted keys, no spaces, UTF-8, decimals as strings."""
    text = json.dumps(
        _encode(document),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return text.encode("utf-8")


def from_json(data: bytes) -> Document:
    """The document stored in `data`.

    Raises `UnreadableDocument` if the bytes are damaged or of a schema version not known here.
    """
    try:
        raw = json.loads(data)
        version = raw["schema_version"]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableDocument(f"These bytes are not a stored document: {error}") from error
    if version != SCHEMA_VERSION:
        raise UnreadableDocument(
            f"This document has schema version {version}; this program reads version "
            f"{SCHEMA_VERSION}. Use the release of the program that wrote it, or a later one."
        )
    try:
        document: Document = _decode(Document, raw)
    except UnreadableDocument:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
        raise UnreadableDocument(f"The stored document is damaged: {error}") from error
    return document


def fingerprint(document: Document) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(to_json(document)).hexdigest()
