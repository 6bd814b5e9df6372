"""A frozen document as blocks of a page: words chosen, figures linked to where they come from.

Reads the document as the other renderers do, so page, PDF, DOCX and XLSX print the same. Every
figure bound into a sentence leads to its entry under "Where the figures come from", which holds
the arithmetic frozen with the document and not today's.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from habitat_plan.kit.charts import Bar, Mark, Point
from habitat_plan.kit.icons import ICONS
from reporting.document import (
    Annex,
    Block,
    Cell,
    Chart,
    Document,
    Figure,
    Heading,
    LineageLine,
    NoteRef,
    Paragraph,
    Progress,
    Rating,
    Row,
    Table,
    Text,
    TextInLanguage,
    blocks_of,
    figures_of,
)
from reporting.rendering.places import first_places, placed_blocks
from reporting.rendering.reading import Piece, Reader, clean
from reporting.rendering.shown import (
    DocumentPage,
    Note,
    Origin,
    ShownBlock,
    ShownCell,
    ShownChart,
    ShownHeading,
    ShownLine,
    ShownParagraph,
    ShownRow,
    ShownTable,
    ShownValue,
)

_REFERENCE = re.compile(r"^(?P<code>[A-Z]{2}[A-Za-z0-9.]*)@(?P<period>[0-9a-z-]+)")
_LAST_LEVEL = 4
_SIGNS = {
    "achieved": "disc-tick",
    "on_track": "disc",
    "off_track": "diamond",
    "no_progress": "square",
    "not_rated": "ring",
}


def present(
    document: Document, language: str, *, symbol: str, date: dt.date, draws: bool = False
) -> DocumentPage:
    """The document in one language; symbol and date are those of its issue.

    `draws`: with its pictures, for a page that has no components to draw them.
    """
    return _Presenter(document, language, draws=draws).page(symbol, date)


def _sign(status: str) -> SafeString:
    """The sign of a rating."""
    shape = SafeString(ICONS[_SIGNS[status]])
    return format_html('<svg viewBox="0 0 12 12" aria-hidden="true">{}</svg>', shape)


def direction_of(language: str) -> str:
    """The direction a language is written in."""
    return "rtl" if language == "ar" else "ltr"


def _marked(found: TextInLanguage, language: str) -> str:
    """The words; those in another language than the page say so."""
    if found.language == language or not found.text:
        return found.text
    return format_html(
        '<span lang="{}" dir="{}">{}</span>',
        found.language,
        direction_of(found.language),
        found.text,
    )


class _Presenter:
    """Turns one document in one language into blocks."""

    def __init__(self, document: Document, language: str, *, draws: bool = False) -> None:
        self.document = document
        self.reader = Reader(document, language)
        self.draws = draws
        placed = placed_blocks(document)
        self.places = iter([place for block, place in placed if isinstance(block, Paragraph)])
        self.printed_in = first_places(document)
        printed = figures_of(document)
        self.anchors = {key: f"f{number}" for number, key in enumerate(printed, 1)}
        cited = (ref.source for block in blocks_of(document) for ref in _notes(block))
        self.notes = {source: number for number, source in enumerate(dict.fromkeys(cited), 1)}
        self.marks: dict[str, list[str]] = {source: [] for source in self.notes}

    def page(self, symbol: str, date: dt.date) -> DocumentPage:
        """The whole page."""
        head, reader = self.document.masthead, self.reader
        first, _slash, rest = symbol.partition("/")
        summary = tuple(self.paragraph(paragraph) for paragraph in head.summary)
        blocks = tuple(self.blocks(self.document.blocks))
        paragraphs = [block for block in (*summary, *blocks) if isinstance(block, ShownParagraph)]
        session = (head.session, head.place_and_dates, head.agenda_item)
        return DocumentPage(
            title=self.words(head.title),
            plain_title=reader.words(head.title),
            author=self.words(head.author),
            united_nations=reader.label("united_nations"),
            organ=self.words(head.organ),
            symbol_head=first,
            symbol_rest=f"/{rest}" if rest else "",
            distribution=self.words(head.distribution),
            date=reader.numbers.date(date),
            original=self.words(head.original),
            session=tuple(self.words(text) for text in session if text),
            summary_label=reader.label("summary"),
            summary=summary,
            blocks=blocks,
            contents=tuple(b for b in blocks if isinstance(b, ShownHeading) and b.level == 2),  # noqa: PLR2004 - chapters
            notes=tuple(
                Note(
                    number,
                    reader.numbers.digits_of(str(number)),
                    reader.citation(source),
                    tuple(self.marks[source]),
                )
                for source, number in self.notes.items()
            ),
            origins=tuple(self.origins()),
            illustrative=self.words(head.illustrative),
            working_note=self.words(head.working_note) if reader.has_working_text() else "",
            fallback_note=_marked(reader.fallback_note(), reader.language),
            has_fallback=any(paragraph.is_fallback for paragraph in paragraphs),
        )

    def words(self, text: Text) -> str:
        """The words in the language of the page, or marked as being in another."""
        return _marked(self.reader.read(text), self.reader.language)

    def blocks(self, blocks: Iterable[Block], prefix: str = "s") -> Iterator[ShownBlock]:
        """The blocks in order, annexes opened."""
        for position, block in enumerate(blocks, 1):
            anchor = f"{prefix}{position}"
            if isinstance(block, Paragraph):
                yield self.paragraph(block)
            elif isinstance(block, Heading):
                yield self.heading(block, anchor)
            elif isinstance(block, Table):
                yield self.table(block, "table")
            elif isinstance(block, Annex):
                title = self.reader.numbered("annex", block.number, self.reader.words(block.title))
                yield ShownHeading(anchor, 2, title)
                yield from self.blocks(block.blocks, f"{anchor}-")
            elif block.kind == "bullets":
                yield self.table(self.reader.bullets_table(block), "figure")
            else:
                yield self.chart(block)

    def heading(self, heading: Heading, anchor: str) -> ShownHeading:
        """A heading with its number, if it has one."""
        words = self.words(heading.text)
        if heading.number:
            words = format_html("{} {}", self.reader.numeral(heading.number), words)
        return ShownHeading(anchor, min(heading.level + 1, _LAST_LEVEL), words)

    def paragraph(self, paragraph: Paragraph) -> ShownParagraph:
        """A sentence with its bound figures and notes as links."""
        found = paragraph.in_language(self.reader.language)
        parts = [self.piece(piece, found.language) for piece in self.reader.pieces(paragraph)]
        return ShownParagraph(
            number=paragraph.number,
            shown_number=self.reader.numbers.digits_of(str(paragraph.number)),
            anchor=next(self.places),
            mark=self.reader.mark(paragraph),
            is_item=bool(paragraph.item),
            sentence=format_html_join("", "{}", ((part,) for part in parts)),
            language=found.language,
            direction=direction_of(found.language),
            is_fallback=bool(self.reader.fallback_mark(paragraph)),
        )

    def piece(self, piece: Piece, language: str) -> str:
        """Words, a bound figure, or the mark of a note."""
        if piece.kind == "figure":
            return self.bound(piece)
        if piece.kind == "note":
            return self.note(piece.source)
        words = _marked(TextInLanguage(piece.text, piece.language, False, False), language)
        if piece.emphasis:
            tag = SafeString("em" if piece.emphasis == "italic" else "strong")
            return format_html("<{}>{}</{}>", tag, words, tag)
        return words

    def bound(self, piece: Piece) -> str:
        """A figure in a sentence, as a link to where it comes from."""
        turn = SafeString(' dir="ltr"') if self.reader.is_latin(piece.text) else ""
        anchor = self.anchors[piece.key]
        return format_html('<a class="bf" href="#{}"{}>{}</a>', anchor, turn, piece.text)

    def note(self, source: str) -> str:
        """The mark of a note; the note leads back to each of its marks."""
        number, marks = self.notes[source], self.marks[source]
        marks.append(f"mark-{number}-{len(marks) + 1}")
        shown = self.reader.numbers.digits_of(str(number))
        return format_html('<sup id="{}"><a href="#note-{}">{}</a></sup>', marks[-1], number, shown)

    def table(self, table: Table, name: str) -> ShownTable:
        """A table, or a chart of bullets as the table it is."""
        reader = self.reader
        head = 1 if table.columns[0].key == "code" and len(table.columns) > 1 else 0
        keys = figures_of(self.document, block=table)
        behind = (self.anchors[key] for key in keys)
        return ShownTable(
            anchor=f"{name}-{table.number}",
            caption=reader.numbered(name, table.number, reader.words(table.title)),
            name=reader.numbered(name, table.number, "").rstrip("　. "),
            columns=tuple(
                (reader.heading(column), "num" if column.kind in {"number", "per_cent"} else "")
                for column in table.columns
            ),
            rows=tuple(self.row(row, table, head) for row in table.rows),
            note=self.words(table.note),
            sources=reader.citations(table.sources),
            is_illustrative=reader.is_illustrative(table),
            has_progress=any(column.kind == "progress" for column in table.columns),
            behind=next(behind, ""),
            signs=reader.label("signs_note") if reader.has_nothing(table) else "",
        )

    def row(self, row: Row, table: Table, head: int) -> ShownRow:
        """A row; the cell that names it is its head."""
        if row.kind == "group":
            return ShownRow("group", (self.cell(row.cells[0], "text"),))
        cells = [
            self.cell(cell, "code" if column.key == "code" else column.kind)
            for cell, column in zip(row.cells, table.columns, strict=True)
        ]
        cells[head] = replace(cells[head], is_head=True)
        return ShownRow(row.kind, tuple(cells))

    def cell(self, cell: Cell, kind: str) -> ShownCell:
        """One cell."""
        if isinstance(cell, Rating):
            words, reason = self.reader.words(cell.word), self.reader.words(cell.reason)
            picture = _sign(cell.status) if self.draws else ""
            return ShownCell("rating", words, status=cell.status, reason=reason, picture=picture)
        if isinstance(cell, Progress):
            return ShownCell(
                "progress",
                self.reader.share(cell.achievement),
                status=cell.status,
                achievement=cell.achievement,
                expected=cell.expected,
                picture=SafeString(self.reader.bullet(cell)) if self.draws else "",
            )
        if isinstance(cell, Text):
            return ShownCell("code" if kind == "code" else "text", self.words(cell))
        figure, shown = self.document.figures[cell.key], self.reader.cell(cell, kind)
        origin = self.anchors[cell.key]
        if figure.nothing and not cell.words:
            return ShownCell("nothing", shown, status=figure.nothing, origin=origin)
        latin = self.reader.is_latin(shown)
        return ShownCell("number", shown, origin=origin, is_latin=latin)

    def chart(self, chart: Chart) -> ShownChart:
        """A chart drawn by the templates, in the colours of the page."""
        reader, figures = self.reader, self.document.figures
        labels = {point.key: reader.words(point.label) for point in chart.points}
        shown = {point.key: figures[point.figure] for point in chart.points if point.figure}
        values = {key: figure.value for key, figure in shown.items()}
        return ShownChart(
            anchor=f"figure-{chart.number}",
            kind=chart.kind,
            caption=reader.numbered("figure", chart.number, reader.words(chart.title)),
            alternative=reader.words(chart.alternative),
            points=tuple(
                Point(labels[point.key], values.get(point.key), point.weak)
                for point in chart.points
            ),
            bars=tuple(
                Bar(labels[point.key], values.get(point.key), point.weak) for point in chart.points
            ),
            marks=tuple(
                Mark(labels[mark.point], value, mark.kind, reader.words(mark.label))
                for mark in chart.marks
                if (value := figures[mark.figure].value) is not None
            ),
            rows=tuple(self.values(chart)),
            decimals=max((figure.decimals for figure in shown.values()), default=0),
            in_per_cent=bool(shown) and all(figure.per_cent for figure in shown.values()),
            note=self.words(chart.note),
            sources=reader.citations(chart.sources),
            is_illustrative=reader.is_illustrative(chart),
            picture=SafeString(reader.picture(chart)) if self.draws else "",
        )

    def values(self, chart: Chart) -> Iterator[ShownValue]:
        """The values that a chart draws, its marks among them."""
        words = self.reader.words
        labels = {point.key: words(point.label) for point in chart.points}
        found = [(labels[point.key], point.figure) for point in chart.points if point.figure]
        for mark in chart.marks:
            said = words(mark.label) or self.reader.label(f"mark_{mark.kind}")
            found.append((f"{labels[mark.point]}: {said}", mark.figure))
        for label, key in found:
            origin = self.anchors[key]
            shown = self.reader.figure(key, sign=True)
            yield ShownValue(label, shown, origin, self.reader.is_latin(shown))

    def origins(self) -> Iterator[Origin]:
        """An entry for each printed figure, in printed order."""
        for key, anchor in self.anchors.items():
            yield self.origin(self.document.figures[key], anchor)

    def origin(self, figure: Figure, anchor: str) -> Origin:
        """Where one figure comes from."""
        reader = self.reader
        found = _REFERENCE.match(figure.key)
        shown = reader.figure(figure.key, sign=True)
        return Origin(
            anchor=anchor,
            reference=clean(figure.key),
            label=self.words(figure.label),
            shown=shown,
            unit=self.words(figure.unit),
            rule=self.words(figure.rule),
            lines=tuple(map(self.line, figure.lineage)),
            source=reader.citation(figure.source) if figure.source else "",
            is_illustrative=figure.illustrative,
            code=found["code"] if found else "",
            period=found["period"] if found else "",
            place=self.printed_in.get(figure.key, ""),
            is_latin=reader.is_latin(shown),
            exact=reader.unrounded(figure),
        )

    def line(self, line: LineageLine) -> ShownLine:
        """One line of the arithmetic."""
        value = self.reader.amount(line.value)
        return ShownLine(
            self.words(line.label),
            value,
            self.words(line.note),
            self.reader.evidence(line.evidence),
            self.words(line.approval),
            self.reader.is_latin(value),
        )


def _notes(block: Block) -> Sequence[NoteRef]:
    if not isinstance(block, Paragraph):
        return ()
    return [run for runs in block.runs.values() for run in runs if isinstance(run, NoteRef)]
