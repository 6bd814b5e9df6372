"""The corrigendum of an issued report: for each place what was, what is, and why.

Old and new values are bound figures with the arithmetic behind each: the old as it was frozen with
the report, the new as it is today. Where nothing else changed, it is made of the same bytes again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from reporting.assembly import words
from reporting.assembly.changes import (
    block_text,
    cell_of,
    day_text,
    why,
    why_said,
    within_text,
)
from reporting.assembly.masthead import illustrative_notice, working_note
from reporting.assembly.words import Numbering, Sentence, sentence
from reporting.document import (
    LANGUAGES,
    NO_TEXT,
    Block,
    Cell,
    Column,
    Document,
    Figure,
    FigureRef,
    Heading,
    Inline,
    Masthead,
    NoteRef,
    Paragraph,
    Row,
    Run,
    Source,
    Table,
    Text,
    figures_of,
)
from reporting.kinds import CORRIGENDUM
from reporting.rendering.labels import fixed_labels
from reporting.rules.causes import RECORDED_LATER, Explained
from reporting.rules.comparison import Content
from reporting.rules.places import Place
from reporting.rules.printed import figure as printed_as

WAS = "was:"
"""How the key of a figure begins that was printed before: the key of the new one follows."""

_HERE = "\N{OBJECT REPLACEMENT CHARACTER}"
_IN_TEXT = frozenset({"summary", "paragraph", "heading"})


@dataclass(frozen=True)
class Corrected:
    """What a corrigendum corrects: a report as issued, as it reads with earlier corrigenda, and as
    it would read today.

    `symbol` and `dated` are those of its issue; `ordinal` the number of this corrigendum.
    """

    symbol: str
    dated: date
    ordinal: int
    issued: Document
    base: Document
    today: Document

    @property
    def own_symbol(self) -> str:
        """The symbol that the corrigendum is to have."""
        return f"{self.symbol}/Corr.{self.ordinal}"


def compose_corrigendum(corrected: Corrected, changes: Sequence[Explained]) -> Document:
    """The document, in all languages of the report."""
    book = _Book(corrected)
    blocks = tuple(_blocks(corrected, book, changes))
    illustrative = any(figure.illustrative for figure in book.figures.values())
    return Document(
        kind=CORRIGENDUM.code,
        period=corrected.issued.period,
        as_of=corrected.today.as_of,
        languages=corrected.issued.languages,
        masthead=_masthead(corrected, illustrative=illustrative),
        blocks=blocks,
        figures=book.figures,
        sources=book.sources,
        labels=fixed_labels(),
        digits=corrected.issued.digits,
    )


def _masthead(corrected: Corrected, *, illustrative: bool) -> Masthead:
    """The head of the report, with the title and symbol of the corrigendum."""
    issued = corrected.issued.masthead
    return replace(
        issued,
        symbol=corrected.own_symbol,
        title=words.said(str(CORRIGENDUM.heading), symbol=corrected.symbol),
        summary=(),
        illustrative=issued.illustrative or (illustrative_notice() if illustrative else NO_TEXT),
        working_note=issued.working_note or working_note(),
    )


@dataclass
class _Book:
    """The figures and sources that the corrigendum prints, under keys of its own."""

    corrected: Corrected
    figures: dict[str, Figure] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def cited(self, key: str, document: Document) -> str:
        """The key of a source here: the same citation once, wherever it comes from."""
        source = document.sources[key]
        same = replace(source, key="")
        for known in self.sources.values():
            if replace(known, key="") == same:
                return known.key
        own = f"source-{len(self.sources) + 1}"
        self.sources[own] = replace(source, key=own)
        return own

    def bound(self, key: str, *, before: bool) -> str:
        """The key of a figure here, old or new."""
        document = self.corrected.base if before else self.corrected.today
        own = f"{WAS}{key}" if before else key
        if own not in self.figures:
            figure = document.figures[key]
            source = self.cited(figure.source, document) if figure.source else ""
            label = _before(figure.label) if before else figure.label
            self.figures[own] = replace(figure, key=own, source=source, label=label)
        return own

    def inline(self, run: Inline, *, before: bool) -> Inline:
        """A run of the report as one of the corrigendum."""
        document = self.corrected.base if before else self.corrected.today
        if isinstance(run, FigureRef):
            return replace(run, key=self.bound(run.key, before=before))
        if isinstance(run, NoteRef):
            return NoteRef(self.cited(run.source, document))
        return run

    def quoted(self, content: Content, *, before: bool) -> Mapping[str, tuple[Inline, ...]]:
        """What stood or stands in the text, by language."""
        if isinstance(content, Mapping):
            return {
                language: tuple(self.inline(run, before=before) for run in runs)
                for language, runs in content.items()
            }
        cell = self.cell(content, before=before)
        if isinstance(cell, FigureRef):
            return dict.fromkeys(LANGUAGES, (cell,))
        return words.whole(cell) if isinstance(cell, Text) else {}

    def cell(self, content: Content | None, *, before: bool) -> Cell:
        """What stood or stands in a cell."""
        document = self.corrected.base if before else self.corrected.today
        cell = cell_of(content, document)
        if isinstance(cell, FigureRef):
            return replace(cell, key=self.bound(cell.key, before=before))
        return cell


def _before(label: Text) -> Text:
    """The label of a figure as it was printed before."""
    if not label:
        return words.said("As it was printed before")
    return Text(
        {
            language: f"{label.in_language(language)} ({mark})"
            for language, mark in words.said("as it was printed before").texts.items()
        },
        words.WORKING,
    )


def _blocks(corrected: Corrected, book: _Book, changes: Sequence[Explained]) -> Iterator[Block]:
    """What it is about, then the text place by place, then tables and charts."""
    numbering = Numbering()
    yield numbering.paragraph(*_opening(corrected, changes))
    in_text = [one for one in changes if one.difference.place.kind in _IN_TEXT]
    others = [one for one in changes if one.difference.place.kind not in _IN_TEXT]
    chapters = iter(("I", "II"))
    if in_text:
        yield Heading(1, next(chapters), words.said("Corrections to the text"), section="text")
        for one in in_text:
            yield from _in_text(book, numbering, one)
    if others:
        title = words.said("Corrections to tables and figures")
        yield Heading(1, next(chapters), title, section="tables")
        for _kind, group in groupby(others, key=lambda one: anchor(one.difference.place)):
            yield _table(book, numbering, list(group))


def _opening(corrected: Corrected, changes: Sequence[Explained]) -> Iterator[Sentence]:
    yield sentence(
        "The following corrections apply to document %(symbol)s of %(date)s, “%(title)s”.",
        symbol=corrected.symbol,
        date=day_text(corrected.dated),
        title=corrected.issued.masthead.title,
    )
    if any(cause.kind in RECORDED_LATER for one in changes for cause in one.causes):
        yield sentence(
            "They follow from what was corrected, approved or recorded after it was assembled. The "
            "document itself stays as it was issued."
        )
        return
    yield sentence(
        "They follow from figures that were corrected or approved after it was assembled. The "
        "document itself stays as it was issued."
    )


def _in_text(book: _Book, numbering: Numbering, one: Explained) -> Iterator[Block]:
    """One place of the text: its name, what was, what is, why."""
    difference = one.difference
    yield Heading(2, "", block_text(difference.place), section=anchor(difference.place))
    if difference.was is None and difference.now is not None:
        told = [_spliced("Add: “%(words)s”", book.quoted(difference.now, before=False))]
    elif difference.now is None and difference.was is not None:
        told = [_spliced("Delete: “%(words)s”", book.quoted(difference.was, before=True))]
    else:
        told = [
            _spliced("Was: “%(words)s”", book.quoted(difference.was or NO_TEXT, before=True)),
            _spliced("Is: “%(words)s”", book.quoted(difference.now or NO_TEXT, before=False)),
        ]
    first, *rest = told
    yield numbering.paragraph(first)
    for said in [*rest, _spliced("Why: %(words)s", why_said(one.causes))]:
        yield Paragraph(0, said, words.WORKING)


def _spliced(message: str, passage: Mapping[str, tuple[Inline, ...]]) -> Sentence:
    """A message with a passage set into it; languages that lack either are left out."""
    found = {}
    for language, runs in sentence(message, words=_HERE).items():
        if language in passage:
            found[language] = tuple(_set_in(runs, passage[language]))
    return found


def _set_in(runs: Iterable[Inline], passage: tuple[Inline, ...]) -> Iterator[Inline]:
    for run in runs:
        if isinstance(run, Run) and run.text == _HERE:
            yield from passage
        else:
            yield run


def _table(book: _Book, numbering: Numbering, changes: Sequence[Explained]) -> Table:
    """The corrections of one table or chart: a row for each cell or point."""
    place = changes[0].difference.place
    rows = tuple(
        Row(
            (
                within_text(one.difference.place) or words.said("Title or note"),
                book.cell(one.difference.was, before=True),
                book.cell(one.difference.now, before=False),
                why(one.causes),
            )
        )
        for one in changes
    )
    printed = [cell.key for row in rows for cell in row.cells if isinstance(cell, FigureRef)]
    sources = [book.figures[key].source for key in printed]
    return Table(
        number=numbering.table(),
        title=_titled(place),
        columns=(
            Column("place", words.said("Row and column"), weight=28),
            Column("was", words.said("Was"), weight=14),
            Column("is", words.said("Is"), weight=14),
            Column("why", words.said("Why"), weight=44),
        ),
        rows=rows,
        illustrative=any(book.figures[key].illustrative for key in printed),
        sources=tuple(dict.fromkeys(source for source in sources if source)),
        key=anchor(place),
    )


def _titled(place: Place) -> Text:
    """`Corrections to table 2, “The seven focus-area results”`."""
    number = place.number
    named = (
        words.said("Corrections to table %(number)s", number=number)
        if place.kind == "table"
        else words.said("Corrections to figure %(number)s", number=number)
    )
    if not place.words:
        return named
    between = {"ar": "، ", "zh": "，"}
    return Text(
        {
            language: f"{found}{between.get(language, ', ')}{place.words.in_language(language)}"
            for language, found in named.texts.items()
        },
        words.WORKING,
    )


def anchor(place: Place) -> str:
    """Where a place stands on the page of the report: `p34`, `p0-1`, `table-2`, `figure-3`.

    Headings have no place of their own: `heading`.
    """
    if place.kind == "table":
        return f"table-{place.number}"
    if place.kind == "chart":
        return f"figure-{place.number}"
    if place.kind == "summary":
        return f"p0-{place.item}"
    return f"p{place.number}" if place.kind == "paragraph" else place.kind


@dataclass(frozen=True)
class Correction:
    """What a corrigendum says of one place: its name, its anchor, and figures old and new."""

    place: Text
    anchor: str
    figures: tuple[tuple[Figure, Figure], ...]


def corrections_in(corrigendum: Document) -> Iterator[Correction]:
    """What a corrigendum corrects, read from its own document, place by place."""
    place, anchored = NO_TEXT, ""
    told: list[str] = []
    for block in corrigendum.blocks:
        if isinstance(block, Heading):
            if anchored:
                yield Correction(place, anchored, _changed(corrigendum, told))
            place, anchored, told = block.text, block.section if block.level > 1 else "", []
        elif isinstance(block, Table):
            keys = figures_of(corrigendum, block=block)
            kind, _dash, number = block.key.partition("-")
            named = block_text(Place("table" if kind == "table" else "chart", int(number)))
            yield Correction(named, block.key, _changed(corrigendum, keys))
        else:
            told += figures_of(corrigendum, block=block)
    if anchored:
        yield Correction(place, anchored, _changed(corrigendum, told))


def _changed(document: Document, keys: Iterable[str]) -> tuple[tuple[Figure, Figure], ...]:
    """Old and new of the figures that changed among those printed, each once."""
    figures = document.figures
    pairs = [
        (figures[f"{WAS}{key}"], figures[key])
        for key in dict.fromkeys(keys)
        if key in figures and f"{WAS}{key}" in figures
    ]
    return tuple((was, now) for was, now in pairs if printed_as(was) != printed_as(now))
