"""A document as DOCX: real styles and headings, native footnotes, both directions.

Paragraph numbers and figures are written as text, so that what was issued cannot renumber itself.
The table of contents is filled in and links to the headings; it has no page numbers, which only
the program that opens the file could know.
"""

import io

import docx
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run as WordRun

from reporting.document import (
    Annex,
    Block,
    Cell,
    Chart,
    Column,
    Heading,
    Masthead,
    Paragraph,
    Progress,
    Rating,
    Row,
    Table,
    Text,
    fingerprint,
)
from reporting.rendering import docx_xml as xml
from reporting.rendering.archive import same_bytes
from reporting.rendering.docx_pictures import SIGNS, drawn
from reporting.rendering.docx_styles import ITEM, NOTE, NUMBERED, prepare
from reporting.rendering.reading import Piece, Reader

_WIDTH = Mm(170)


def render_docx(reader: Reader) -> bytes:
    """The DOCX's bytes, the same for the same document."""
    word = docx.Document()
    prepare(word, reader)
    writer = _Writer(word, reader)
    writer.masthead(reader.document.masthead)
    writer.contents()
    writer.blocks(reader.document.blocks)
    writer.closing()
    writer.footnotes.attach(word)
    out = io.BytesIO()
    word.save(out)
    return same_bytes(out.getvalue())


# Levels of heading that the contents list names.
LISTED_LEVELS = 2


class _Writer:
    """Writes block after block; remembers the footnotes and headings already written."""

    def __init__(self, word: WordDocument, reader: Reader) -> None:
        self.word = word
        self.reader = reader
        self.footnotes = xml.Footnotes(reader.language)
        self.headings = 0
        self.bookmarks = 0
        self.pictures = 0
        self.styles: dict[str, str] = {}

    # Paragraphs and runs

    def paragraph(
        self, style: str = "Normal", cell: _Cell | None = None, *, turned: bool | None = None
    ) -> WordParagraph:
        """A new paragraph (in a cell: its first) in the direction of the language.

        `turned`: from right to left whatever the language of the document.
        """
        made = self.word.add_paragraph() if cell is None else cell.paragraphs[0]
        if style != "Normal":
            made._p.style = self.style_id(style)
        if self.reader.is_right_to_left if turned is None else turned:
            xml.turn(made)
        return made

    def style_id(self, name: str) -> str:
        """The identity of a style; looking one up by name goes through all of them."""
        if name not in self.styles:
            self.styles[name] = self.word.styles[name].style_id
        return self.styles[name]

    def run(
        self, paragraph: WordParagraph, text: str, language: str = "", *, bold: bool = False,
        italic: bool = False,
    ) -> WordRun:  # fmt: skip
        """Words in a language (the document's own unless given)."""
        return xml.lettered(
            paragraph, text, language or self.reader.language, bold=bold, italic=italic
        )

    def number(self, paragraph: WordParagraph, text: str, *, bold: bool = False) -> WordRun:
        """A number keeps its own direction within Arabic, so that its sign stays on its left."""
        if not self.reader.is_latin(text):
            return self.run(paragraph, text, bold=bold)
        return self.run(paragraph, self.reader.upright(text), "en", bold=bold)

    def text(self, text: Text, style: str = "Normal", *, bold: bool = False) -> WordParagraph:
        """A paragraph of one text."""
        made = self.paragraph(style)
        found = self.reader.read(text)
        self.run(made, found.text, found.language, bold=bold)
        return made

    def sentence(self, paragraph: WordParagraph, block: Paragraph) -> None:
        """A sentence with its figures and footnotes; one in another language says so."""
        self.pieces(paragraph, self.reader.pieces(block))
        if mark := self.reader.fallback_mark(block):
            self.run(paragraph, f" {mark}", italic=self.reader.language not in {"ar", "zh"})

    def pieces(self, paragraph: WordParagraph, pieces: list[Piece]) -> None:
        """The pieces of a sentence."""
        for piece in pieces:
            if piece.kind == "figure":
                self.number(paragraph, piece.text)
            elif piece.kind == "note":
                self.note(paragraph, piece.source)
            else:
                self.run(
                    paragraph,
                    piece.text,
                    piece.language,
                    bold=piece.emphasis == "bold",
                    italic=piece.emphasis == "italic",
                )

    def note(self, paragraph: WordParagraph, source: str) -> None:
        """A footnote, or at later citations a reference to it."""
        if source in self.footnotes.known:
            number, name = self.footnotes.known[source]
            shown = xml.field_of(paragraph, f"NOTEREF {name} \\f \\h", str(number))
            shown.font.superscript = True
            return
        run = paragraph.add_run()
        number = self.footnotes.add(run, self.reader.footnote(source))
        name = f"_Note{number}"
        self.bookmark(run, name)
        self.footnotes.known[source] = (number, name)

    def bookmark(self, run: WordRun, name: str) -> None:
        """A bookmark around the run."""
        self.bookmarks += 1
        xml.bookmark(run, self.bookmarks, name)

    # The head of the document

    def masthead(self, masthead: Masthead) -> None:
        """Organ, symbol, dates, title, author and the boxed summary."""
        self.first_lines(masthead)
        for text in (masthead.session, masthead.place_and_dates, masthead.agenda_item):
            if text:
                self.text(text, NOTE)
        if masthead.illustrative:
            notice = self.paragraph()
            xml.border(notice, ("top", "bottom"), 4, striped=True)
            xml.dashed(self.run(notice, self.reader.label("illustrative")))
            found = self.reader.read(masthead.illustrative)
            self.run(notice, f" {found.text}", found.language)
        title = self.text(masthead.title, "Title")
        if working := self.reader.working_note():
            self.footnotes.add(title.add_run(), working, mark="*")
        self.text(masthead.author, bold=True)
        fallback = self.reader.fallback_note()
        if fallback.text:
            line = self.paragraph(NOTE, turned=fallback.language == "ar")
            self.run(line, fallback.text, fallback.language)
        self.summary(masthead)

    def first_lines(self, masthead: Masthead) -> None:
        """The lines above the title, between two rules."""
        reader = self.reader
        first = self.paragraph()
        first.paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
        self.run(first, reader.label("united_nations"))
        first.add_run("\t")
        xml.enlarge(self.run(first, reader.upright(reader.symbol), "en", bold=True), 14)
        xml.border(first, ("bottom",), 8)
        organ = self.text(masthead.organ, bold=True)
        xml.enlarge(organ.runs[0], 13)
        for words, language in (
            (reader.words(masthead.distribution), ""),
            (reader.date(), ""),
            (reader.words(masthead.original), ""),
        ):
            line = self.paragraph(NOTE)
            self.to_the_end(line)
            self.run(line, words, language)
        xml.border(line, ("bottom",), 18)

    def to_the_end(self, paragraph: WordParagraph) -> None:
        """Set at the end side; in right-to-left paragraphs RIGHT means the left side."""
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def summary(self, masthead: Masthead) -> None:
        """The boxed summary."""
        if not masthead.summary:
            return
        sides = ("top", "left", "bottom", "right")
        head = self.paragraph()
        self.run(head, self.reader.label("summary"), bold=True)
        xml.border(head, sides, 6)
        for paragraph in masthead.summary:
            made = self.written(paragraph, "Normal")
            xml.border(made, sides, 6)

    def contents(self) -> None:
        """The table of contents as a field that is already filled in."""
        self.run(self.paragraph("TOC Heading"), self.reader.label("contents"))
        entries = list(self.entries(self.reader.document.blocks))
        line = None
        for place, (level, text) in enumerate(entries, 1):
            line = self.paragraph(f"toc {level}")
            if place == 1:
                xml.field_part(line.add_run(), "begin")
                xml.field_part(line.add_run(), "code", 'TOC \\o "1-2" \\n \\h \\z \\u')
                xml.field_part(line.add_run(), "separate")
            found = self.reader.read(text[1])
            linked = xml.link(line, f"_Toc{place}", f"{text[0]} {found.text}".strip())
            xml.letter(linked, found.language)
        if line is not None:
            xml.field_part(line.add_run(), "end")

    def entries(self, blocks: tuple[Block, ...]) -> list[tuple[int, tuple[str, Text]]]:
        """Level, number and text of the headings of levels 1 and 2."""
        found: list[tuple[int, tuple[str, Text]]] = []
        for block in blocks:
            if isinstance(block, Annex):
                found.append((1, (self.reader.annex_name(block), block.title)))
                found += self.entries(block.blocks)
            elif isinstance(block, Heading) and block.level <= LISTED_LEVELS:
                found.append((block.level, (self.reader.numeral(block.number), block.text)))
        return found

    # Blocks

    def blocks(self, blocks: tuple[Block, ...]) -> None:
        """Every block in order."""
        for block in blocks:
            if isinstance(block, Paragraph):
                self.written(block, ITEM if block.item else NUMBERED)
            elif isinstance(block, Heading):
                self.heading(block.level, self.reader.numeral(block.number), block.text)
            elif isinstance(block, Annex):
                made = self.heading(1, self.reader.annex_name(block), block.title)
                made.paragraph_format.page_break_before = True
                self.blocks(block.blocks)
            elif isinstance(block, Chart) and block.kind != "bullets":
                self.chart(block)
            elif isinstance(block, Chart):
                self.table(self.reader.bullets_table(block), "figure")
            else:
                self.table(block, "table")

    def written(self, block: Paragraph, style: str) -> WordParagraph:
        """A paragraph with its mark, in the direction of the language that it is in."""
        language = block.in_language(self.reader.language).language
        made = self.paragraph(style, turned=language == "ar")
        if mark := self.reader.mark(block):
            self.run(made, mark)
            made.add_run("\t")
        self.sentence(made, block)
        return made

    def heading(self, level: int, number: str, text: Text) -> WordParagraph:
        """A heading with the bookmark that the contents link to."""
        made = self.paragraph(f"Heading {level}")
        found = self.reader.read(text)
        if number:
            self.run(made, f"{number} ")
        run = self.run(made, found.text, found.language)
        if level <= LISTED_LEVELS:
            self.headings += 1
            self.bookmark(run, f"_Toc{self.headings}")
        return made

    def titled(self, block: Table | Chart, name: str) -> None:
        """Title, unit line and the mark of illustrative data above a table or chart."""
        title = self.paragraph("Caption")
        found = self.reader.read(block.title)
        self.run(title, self.reader.numbered(name, block.number, found.text))
        illustrative = self.reader.is_illustrative(block)
        if not block.note and not illustrative:
            return
        line = self.paragraph(NOTE)
        line.paragraph_format.keep_with_next = True
        note = self.reader.read(block.note)
        if note.text:
            self.run(line, note.text + "  ", note.language)
        if illustrative:
            xml.dashed(self.run(line, self.reader.label("illustrative")))

    def beneath(self, lines: list[str]) -> None:
        """The note on signs and the sources below a table or chart."""
        for line in lines or [""]:
            made = self.paragraph(NOTE)
            self.run(made, line)
        made.paragraph_format.space_after = Pt(12)

    def chart(self, chart: Chart) -> None:
        """A chart as a picture with its alternative text."""
        self.titled(chart, "figure")
        paragraph = self.paragraph()
        alternative = self.reader.words(chart.alternative)
        self.picture(paragraph, self.reader.picture(chart), _WIDTH, alternative)
        citations = self.reader.citations(chart.sources)
        self.beneath([citations] if citations else [])

    def picture(self, paragraph: WordParagraph, svg: str, width: Length, alternative: str) -> None:
        """An SVG as PNG at twice its size."""
        shape = paragraph.add_run().add_picture(io.BytesIO(drawn(svg)), width=width)
        self.pictures += 1
        properties = shape._inline.docPr
        properties.set("id", str(self.pictures))
        properties.set("name", f"Picture {self.pictures}")
        properties.set("descr", alternative)

    def table(self, table: Table, name: str) -> None:
        """A table with rules at head and foot, whose head is repeated on each page."""
        reader = self.reader
        self.titled(table, name)
        made = self.word.add_table(rows=len(table.rows) + 1, cols=len(table.columns))
        xml_cells = made._cells
        count = len(table.columns)
        widths = reader.widths(table)
        xml.shape_table(made, [int(_WIDTH * width / sum(widths)) for width in widths])
        if reader.is_right_to_left:
            xml.turn_table(made)
        for column, cell in zip(table.columns, xml_cells[:count], strict=True):
            line = self.cell_paragraph(cell, column)
            self.run(line, reader.heading(column), reader.read(column.heading).language, bold=True)
        for place, row in enumerate(table.rows, 1):
            cells = xml_cells[place * count : (place + 1) * count]
            if row.kind == "group":
                cells[0].merge(cells[-1])
            self.row(row, table, cells)
        signs = reader.label("signs_note") if reader.has_nothing(table) else ""
        self.beneath([line for line in (signs, reader.citations(table.sources)) if line])

    def cell_paragraph(self, cell: _Cell, column: Column) -> WordParagraph:
        """A cell's paragraph; columns of numbers are set right in both directions."""
        line = self.paragraph(NOTE, cell)
        if column.kind in {"number", "per_cent"} and not self.reader.is_right_to_left:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        return line

    def row(self, row: Row, table: Table, cells: list[_Cell]) -> None:
        """The cells of one row."""
        bold = row.kind != ""
        for cell, column, place in zip(row.cells, table.columns, cells, strict=False):
            line = self.cell_paragraph(place, column)
            self.cell(line, cell, column, bold=bold)

    def cell(self, line: WordParagraph, cell: Cell, column: Column, *, bold: bool) -> None:
        """One cell: words, a number, a rating or a progress bar."""
        text = self.reader.cell(cell, column.kind)
        if isinstance(cell, Rating):
            sign, colour = SIGNS[cell.status]
            for words in (f"{sign} ", text):
                self.run(line, words, bold=True).font.color.rgb = RGBColor.from_string(colour)
        elif isinstance(cell, Progress):
            alternative = self.reader.labelled("progress", text)
            self.picture(line, self.reader.bullet(cell), Mm(18), alternative)
            self.number(line, f" {text}")
        elif isinstance(cell, Text):
            self.run(line, text, self.reader.read(cell).language, bold=bold)
        else:
            self.number(line, text, bold=bold)

    def closing(self) -> None:
        """The document's fingerprint."""
        line = self.paragraph(NOTE)
        shown = fingerprint(self.reader.document)
        self.run(line, self.reader.labelled("fingerprint", ""))
        self.run(line, shown, "en")
