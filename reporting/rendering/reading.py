"""A document read in one language: words chosen, figures formatted, sources numbered.

All renderers share this reading, so that every format prints the same.
"""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from habitat_plan.kit import charts
from habitat_plan.kit.formats import LEFT_TO_RIGHT
from reporting.document import (
    FALLBACK,
    NO_TEXT,
    Annex,
    Cell,
    Chart,
    Column,
    Document,
    Figure,
    FigureRef,
    NoteRef,
    Paragraph,
    Progress,
    Rating,
    Row,
    Table,
    Text,
    TextInLanguage,
    blocks_of,
)
from reporting.rendering.fonts import families
from reporting.rendering.labels import fixed_labels, plural_of
from reporting.rendering.marks import item_mark
from reporting.rendering.numbers import Numbers
from reporting.rendering.widths import column_widths

_COLON = {"zh": "：", "fr": "\N{NO-BREAK SPACE}: "}
_LETTERING = re.compile(r"(?<=>)[^<>]+(?=</text>)")
# What no file format can hold, and what would turn the order of the letters around it.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_FINEST = 4  # the most places that a value of the arithmetic is printed with
_HEIGHT = 150  # of a line chart, so that a section with its chart takes less than half a page
_WIDTHS = {"text": 7, "number": 2, "per_cent": 2, "rating": 5, "progress": 6}


def clean(text: str) -> str:
    """The text without characters that no file can hold or that would turn others around."""
    return _FORBIDDEN.sub("", text)


def exact(value: Decimal) -> str:
    """The value with all its digits, a point and no separator, as data files hold it."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def places_of(value: Decimal) -> int:
    """How many places a value of the arithmetic is printed with: those it has, at most four."""
    exponent = value.normalize().as_tuple().exponent
    return min(_FINEST, max(0, -exponent)) if isinstance(exponent, int) else 0


@dataclass(frozen=True)
class Piece:
    """A piece of a sentence as printed: words, a figure (its key) or a footnote mark (its source).

    `stated`: the words stand for the figure's number ("Ten").
    """

    kind: str
    text: str = ""
    emphasis: str = ""
    language: str = ""
    source: str = ""
    key: str = ""
    stated: bool = False


@dataclass(frozen=True)
class Reader:
    """The document in one language."""

    document: Document
    language: str

    @property
    def numbers(self) -> Numbers:
        """The language's number formats."""
        return Numbers.of(self.document, self.language)

    @property
    def is_right_to_left(self) -> bool:
        """True for Arabic."""
        return self.language == "ar"

    @property
    def symbol(self) -> str:
        """The symbol of the document; empty before it has one."""
        return clean(self.document.masthead.symbol)

    def read(self, text: Text) -> TextInLanguage:
        """The words and the language they are in, without what no file format can hold."""
        found = text.in_language(self.language)
        if _FORBIDDEN.search(found.text):
            return dataclasses.replace(found, text=clean(found.text))
        return found

    def words(self, text: Text) -> str:
        """The words alone."""
        return self.read(text).text

    def label(self, name: str) -> str:
        """A fixed word frozen in the document, or today's for a word younger than the document."""
        labels = self.document.labels
        return self.words(labels[name] if name in labels else fixed_labels()[name])

    def labelled(self, name: str, text: str) -> str:
        """`Source: ...` with the language's colon."""
        return f"{self.label(name)}{_COLON.get(self.language, ': ')}{text}"

    def numbered(self, name: str, number: int | str, title: str) -> str:
        """`Table 2. Title` as the language writes it."""
        stop = "　" if self.language == "zh" else ". "
        return f"{self.label(name)} {self.numbers.digits_of(clean(str(number)))}{stop}{title}"

    def date(self) -> str:
        """The date of the document in full."""
        return self.numbers.date(self.document.masthead.date)

    def nothing(self, figure: Figure) -> str:
        """The sign for a figure without a value."""
        return self.label(figure.nothing) if figure.nothing else ""

    def figure(self, key: str, *, sign: bool = False) -> str:
        """The figure as printed, or the sign for the kind of nothing it is."""
        figure = self.document.figures[key]
        return self.numbers.figure(figure, sign=sign) or self.nothing(figure)

    def pieces(self, paragraph: Paragraph) -> list[Piece]:
        """The paragraph's sentence, figures set in."""
        found = paragraph.in_language(self.language)
        pieces = []
        for run in found.runs:
            if isinstance(run, FigureRef):
                # A sentence that falls back to English has its numbers in English as well.
                stated = clean(run.words)
                shown = stated or Reader(self.document, found.language).figure(run.key)
                pieces.append(Piece("figure", shown, key=run.key, stated=bool(stated)))
            elif isinstance(run, NoteRef):
                pieces.append(Piece("note", source=run.source))
            else:
                language = run.language or found.language
                pieces.append(Piece("text", clean(run.text), run.emphasis, language))
        return pieces

    def mark(self, paragraph: Paragraph) -> str:
        """What stands before the paragraph: `12.` or `(a)`; empty where it has neither."""
        if paragraph.item:
            return item_mark(paragraph.item, self.language)
        return self.numbers.digits_of(f"{paragraph.number}.") if paragraph.number else ""

    def numeral(self, number: str) -> str:
        """The number of a heading as printed: `II.`; empty where it has none."""
        return f"{clean(number)}." if number else ""

    def annex_name(self, annex: Annex) -> str:
        """`Annex I`."""
        return f"{self.label('annex')} {clean(annex.number)}".strip()

    def fallback_mark(self, paragraph: Paragraph) -> str:
        """What is said of a paragraph that stands in another language; empty for all others."""
        found = paragraph.in_language(self.language)
        return f"[{self.label('fallback_mark')}]" if found.is_fallback and found.runs else ""

    def fallback_note(self) -> TextInLanguage:
        """The note under the title, if a paragraph stands in another language; else empty."""
        note = self.document.masthead.fallback_note
        paragraphs = (block for block in blocks_of(self.document) if isinstance(block, Paragraph))
        met = bool(note) and any(map(self.fallback_mark, paragraphs))
        return self.read(note if met else NO_TEXT)

    def working_note(self) -> str:
        """The note on working translations, if the reader should be told of them."""
        return self.words(self.document.masthead.working_note) if self.has_working_text() else ""

    def sheets(self) -> list[Table]:
        """The tables of a data extract, in order; none in a document to be read."""
        return [
            block for block in blocks_of(self.document) if isinstance(block, Table) and block.sheet
        ]

    def is_latin(self, number: str) -> bool:
        """True for a number that keeps its own direction among Arabic words."""
        western = not self.numbers.is_indic and any(char.isdigit() for char in number)
        return self.is_right_to_left and western

    def upright(self, text: str) -> str:
        """A number or symbol whose signs stay in their places among Arabic words."""
        if not self.is_right_to_left or all(char.isalnum() or char in ".," for char in text):
            return text
        return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"

    def amount(self, value: Decimal | None) -> str:
        """A value of the arithmetic with the places it has, at most four."""
        return "" if value is None else self.numbers.number(value, places_of(value))

    def unrounded(self, figure: Figure) -> str:
        """The exact value of a figure whose printed one is rounded; empty for all others."""
        if figure.value is None or exact(figure.value) == exact(
            round(figure.value, figure.decimals)
        ):
            return ""
        return exact(figure.value)

    def evidence(self, count: int | None) -> str:
        """`3 pieces of evidence`; empty where none is asked for."""
        if count is None:
            return ""
        said = self.label(plural_of("evidence", count, self.language))
        return said.replace("{count}", self.numbers.number(Decimal(count)))

    def heading(self, column: Column) -> str:
        """A column's heading; a column of percentages says so."""
        words = self.words(column.heading)
        if column.kind == "per_cent" and "%" not in words:
            return f"{words} (%)"
        return words

    def cell(self, cell: Cell, kind: str) -> str:
        """A cell's words, as all formats print them."""
        if isinstance(cell, FigureRef):
            return clean(cell.words) or self.figure(cell.key, sign=kind != "per_cent")
        if isinstance(cell, Rating):
            return self.words(cell.word)
        if isinstance(cell, Text):
            return self.words(cell)
        return self.share(cell.achievement)

    def share(self, ratio: Decimal | None) -> str:
        """A ratio of 1 as 100 %; empty without one."""
        return "" if ratio is None else self.numbers.per_cent(ratio * 100)

    def has_nothing(self, table: Table) -> bool:
        """True if a cell is without a value, so that the note on signs is needed."""
        cells = (cell for row in table.rows for cell in row.cells)
        keys = (cell.key for cell in cells if isinstance(cell, FigureRef))
        return any(self.document.figures[key].nothing for key in keys)

    def citation(self, source: str) -> str:
        """A source as printed in a footnote."""
        found = self.document.sources[source]
        parts = (self.words(found.citation), found.licence, found.url)
        between = "，" if self.language == "zh" else ". "
        joined = between.join(part.rstrip(".。") for part in parts if part)
        return clean(joined)

    def footnote(self, source: str) -> str:
        """A source as a whole sentence."""
        return self.citation(source) + self.stop

    @property
    def stop(self) -> str:
        """The full stop of the language."""
        return "。" if self.language == "zh" else "."

    def citations(self, sources: Sequence[str]) -> str:
        """The line of sources under a table; empty without any."""
        if not sources:
            return ""
        name = "source" if len(sources) == 1 else "sources"
        return self.labelled(
            name, "; ".join(self.citation(source) for source in sources) + self.stop
        )

    def widths(self, table: Table) -> list[int]:
        """The columns' shares of the width."""
        kinds = [column.kind for column in table.columns]
        return column_widths(
            [column.weight or _WIDTHS[column.kind] for column in table.columns],
            kinds,
            [self.heading(column) for column in table.columns],
            (
                [self.cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=True)]
                for row in table.rows
                if row.kind != "group"
            ),
        )

    def bullets_table(self, chart: Chart) -> Table:
        """A chart of bullets as the table it is: label, figure, progress."""
        labels = self.document.labels
        columns = (
            Column("label", labels["indicator"]),
            Column("value", labels["value"], "number"),
            Column("progress", labels["progress"], "progress"),
        )
        rows = tuple(
            Row((point.label, FigureRef(point.figure) if point.figure else NO_TEXT, point.progress))
            for point in chart.points
            if point.progress is not None
        )
        return Table(
            chart.number, chart.title, columns, rows, chart.note, chart.illustrative, chart.sources
        )

    def is_illustrative(self, block: Table | Chart) -> bool:
        """True if the block or any figure it prints is illustrative."""
        if isinstance(block, Table):
            cells = (cell for row in block.rows for cell in row.cells)
            keys = [cell.key for cell in cells if isinstance(cell, FigureRef)]
        else:
            keys = [point.figure for point in block.points if point.figure]
            keys += [mark.figure for mark in block.marks]
        return block.illustrative or any(self.document.figures[key].illustrative for key in keys)

    def has_working_text(self) -> bool:
        """True if the reader should be told of working translations."""
        titled = [self.document.masthead.title, self.document.masthead.session]
        texts = [block.in_language(self.language) for block in blocks_of(self.document)
                 if isinstance(block, Paragraph)]  # fmt: skip
        return self.language != FALLBACK and (
            any(found.is_working for found in texts)
            or any(self.read(text).is_working for text in titled)
        )

    def bullet(self, progress: Progress) -> str:
        """The bar of a progress cell as SVG; it starts from the side where reading starts."""
        svg = charts.bullet(
            progress.achievement, progress.expected, progress.status, theme=self.theme()
        )
        if not self.is_right_to_left:
            return svg
        head, _, marks = svg.partition(">")
        turned = marks.removesuffix("</svg>")
        return f'{head}><g transform="matrix(-1 0 0 1 152 0)">{turned}</g></svg>'

    def theme(self) -> charts.Theme:
        """Colours for documents, with this language's fonts first."""
        return dataclasses.replace(
            charts.DOCUMENT_THEME, font_family=", ".join(families(self.language))
        )

    def picture(self, chart: Chart) -> str:
        """The chart as SVG, its years and numbers in the digits of the language."""
        return _LETTERING.sub(
            lambda found: self.numbers.digits_of(found.group()), self._drawn(chart)
        )

    def _drawn(self, chart: Chart) -> str:
        name = self.words(chart.alternative)
        figures = self.document.figures
        shown = [figures[point.figure] for point in chart.points if point.figure]
        decimals = max((figure.decimals for figure in shown), default=0)
        sign = bool(shown) and all(figure.per_cent for figure in shown)
        numbers = self.numbers

        def number(value: Decimal) -> str:
            text = numbers.number(value, decimals)
            return numbers.per_cent(value, decimals) if sign else text

        values = {
            point.key: figures[point.figure].value if point.figure else None
            for point in chart.points
        }
        labels = {point.key: self.words(point.label) for point in chart.points}
        if chart.kind == "bars":
            rows = [
                charts.Bar(labels[point.key], values[point.key], point.weak)
                for point in chart.points
            ]
            return charts.bars(
                rows,
                name=name,
                number=number,
                right_to_left=self.is_right_to_left,
                theme=self.theme(),
            )
        points = [
            charts.Point(labels[point.key], values[point.key], point.weak) for point in chart.points
        ]
        marks = [
            charts.Mark(labels[mark.point], value, mark.kind, self.words(mark.label))
            for mark in chart.marks
            if (value := figures[mark.figure].value) is not None
        ]
        return charts.line_chart(
            points, marks=marks, name=name, number=number, height=_HEIGHT, theme=self.theme()
        )
