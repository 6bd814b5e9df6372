"""A hand-off as DOCX: for each section a table with the source and, beside it, the translation.

Bound figures and marks of footnotes stand as tokens (`⟦1:86⟧`). The line above a table says which
source it holds; a part that word processors hand on unseen carries that source itself.
"""

import io
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import docx
from django.utils.translation import get_language, gettext
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.shared import Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from habitat_plan.kit.wording import NATIVE_NAMES
from reporting.exchange import word_styles as styles
from reporting.exchange.handoff import HandedPassage, HandedSection, HandOff, digest_of, sane
from reporting.exchange.passages import numbers_in
from reporting.exchange.place import Place
from reporting.exchange.tokens import guarded, token
from reporting.exchange.word_reading import SOURCES
from reporting.rendering import docx_xml as xml
from reporting.rendering.archive import same_bytes
from reporting.rules.markup import Footnote, Inline, Words

_WIDTHS = (Mm(29), Mm(119), Mm(119))
_ITEM = 2  # the stock template has a part 1
_PROPERTIES_TYPE = "application/vnd.openxmlformats-officedocument.customXmlProperties+xml"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
    '<ds:datastoreItem ds:itemID="{5D0F1C0E-7B0A-4C57-9C0B-2E6A41B2F3D7}" '
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    f'<ds:schemaRef ds:uri="{SOURCES}"/></ds:schemaRefs></ds:datastoreItem>'
).encode()


def write_word(handed: HandOff) -> bytes:
    """The file; instructions are in the active language. The same hand-off gives the same bytes."""
    word = docx.Document()
    styles.prepare(word, title=handed.title, language=handed.source)
    page = word.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = Mm(15)
    page.top_margin = page.bottom_margin = Mm(15)
    writer = _Writer(word, handed)
    writer.instructions()
    for section in handed.sections:
        writer.section(section)
    _carry_sources(word, handed)
    out = io.BytesIO()
    word.save(out)
    return same_bytes(out.getvalue())


def place_of(handed: HandOff, section: HandedSection) -> Place:
    """How the file names the source of a section."""
    return Place(handed.report, section.code, section.revision, digest_of(section.body))


def _carry_sources(word: WordDocument, handed: HandOff) -> None:
    root = Element("sources", {"xmlns": SOURCES})
    for section in handed.sections:
        one = SubElement(root, "source", {"place": str(place_of(handed, section))})
        one.text = sane(section.body)
    content = tostring(root, "utf-8", xml_declaration=True)
    package = word.part.package
    part = Part(PackURI(f"/customXml/item{_ITEM}.xml"), "application/xml", content, package)
    properties = Part(
        PackURI(f"/customXml/itemProps{_ITEM}.xml"), _PROPERTIES_TYPE, _PROPERTIES, package
    )
    part.relate_to(properties, RELATIONSHIP_TYPE.CUSTOM_XML_PROPS)
    word.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


class _Writer:
    """Writes the parts of the file one after the other."""

    def __init__(self, word: WordDocument, handed: HandOff) -> None:
        self.word = word
        self.handed = handed
        self.reader = get_language() or "en"

    def say(self, paragraph: Paragraph, text: str, language: str, *, style: str = "") -> None:
        """Words in a language, set in its direction."""
        if language == "ar" and not paragraph.runs:
            xml.turn(paragraph)
        run = paragraph.add_run(text, style or None)
        xml.letter(run, language)

    def instructions(self) -> None:
        """What the translator needs to know, above everything else."""
        handed = self.handed
        self.say(self.word.add_paragraph(style="Title"), handed.title, handed.source)
        self.word.add_paragraph(f"{handed.source} → {handed.target}", style=styles.PLACE)
        names = {"source": NATIVE_NAMES[handed.source], "target": NATIVE_NAMES[handed.target]}
        for line in _instructions(names):
            self.say(self.word.add_paragraph(style=styles.INSTRUCTION), line, self.reader)

    def section(self, section: HandedSection) -> None:
        """One section: its title, what it was asked for, the terms in it, its table."""
        handed = self.handed
        heading = self.word.add_paragraph(style="Heading 1")
        self.say(heading, section.title, self.reader)
        above = [self.word.add_paragraph(str(place_of(handed, section)), style=styles.PLACE)]
        for line in _remarks(section):
            above.append(self.word.add_paragraph(style=styles.REMARK))
            self.say(above[-1], line, self.reader)
        for paragraph in above:
            paragraph.paragraph_format.keep_with_next = True
        table = self.word.add_table(rows=1, cols=3)
        heads = (gettext("No."), NATIVE_NAMES[handed.source], NATIVE_NAMES[handed.target])
        for cell, head, language in zip(
            table.rows[0].cells, heads, (self.reader, handed.source, handed.target), strict=True
        ):
            cell.paragraphs[0].style = styles.HEAD
            self.say(cell.paragraphs[0], head, language)
        for passage in section.passages:
            self.row(table.add_row().cells, passage)
        xml.shape_table(table, list(_WIDTHS))
        styles.rule(table)

    def row(self, cells: Sequence[_Cell], passage: HandedPassage) -> None:
        """A passage: its number and kind, its source, and its translation if there is one."""
        handed, source = self.handed, passage.source
        number, left, right = cells
        number.paragraphs[0].style = styles.PLACE
        number.paragraphs[0].add_run(source.key)
        remarks = [kind_word(source.kind)] if source.kind != "paragraph" else []
        if passage.target is not None and not passage.is_current:
            remarks.append(gettext("check: the source has changed"))
            styles.shade(right)
        for remark in remarks:
            self.say(number.add_paragraph(style=styles.REMARK), remark, self.reader)
        order = list(range(1, len(source.holes) + 1))
        heading = source.kind == "heading"
        self.passage(left, source.inlines, order, handed.source, heading=heading)
        if passage.note:
            self.say(left.add_paragraph(style=styles.REMARK), passage.note, self.reader)
        target = passage.target or ()
        order = numbers_in(source.holes, target)
        self.passage(right, target, order, handed.target, heading=heading)

    def passage(
        self,
        cell: _Cell,
        inlines: Sequence[Inline],
        order: Sequence[int],
        language: str,
        *,
        heading: bool,
    ) -> None:
        """Words and tokens in a cell."""
        paragraph = cell.paragraphs[0]
        paragraph.style = styles.HEADING if heading else styles.PASSAGE
        if language == "ar":
            xml.turn(paragraph)
        numbers = iter(order)
        for one in inlines:
            number = 0 if isinstance(one, Words) else next(numbers)
            if number:
                run = paragraph.add_run(token(number, self.handed.face(one)), styles.FIGURE)
            elif isinstance(one, Words):
                run = paragraph.add_run(guarded(one.text))
            else:
                continue
            emphasis = "" if isinstance(one, Footnote) else one.emphasis
            run.bold = True if emphasis == "bold" else None
            run.italic = True if emphasis == "italic" else None
            xml.letter(run, language)


def _instructions(names: dict[str, str]) -> list[str]:
    return [
        gettext(
            "Write the translation from %(source)s into %(target)s in the last column. Leave the "
            "numbers, the heads of the tables and the grey lines as they are; add no rows."
        )
        % names,
        gettext(
            "A mark such as ⟦1:86⟧ stands for a figure of the report, one such as ⟦2:[1]⟧ for a "
            "footnote. Copy each mark of a passage into its translation once, where it belongs. "
            "The report prints the figure there as it is approved, so type no number in its place."
        ),
        gettext(
            "Bold and italic letters are kept. Other formatting, comments and pictures are not."
        ),
        gettext(
            "Where the translation is shaded, it was made from earlier words of the source: change "
            "what no longer fits."
        ),
        gettext(
            "Send the file back as DOCX. Whoever takes it in first sees what it would change. A "
            "passage left empty stays untranslated."
        ),
    ]


def _remarks(section: HandedSection) -> list[str]:
    lines = []
    if section.prompt:
        lines.append(gettext("Asked for: %(prompt)s") % {"prompt": section.prompt})
    if section.words:
        lines.append(
            gettext("Word limit of the original: %(words)d.") % {"words": section.words}
        )
    terms = dict.fromkeys(term for passage in section.passages for term in passage.terms)
    if terms:
        said = "; ".join(f"{term} = {target}" for term, target in terms)
        lines.append(gettext("Terms of the plan: %(terms)s") % {"terms": said})
    return lines


def kind_word(kind: str) -> str:
    """What a kind of passage is called."""
    return {
        "paragraph": gettext("paragraph"),
        "item": gettext("subparagraph"),
        "heading": gettext("subheading"),
        "footnote": gettext("footnote"),
        "forms": gettext("forms of a word"),
    }[kind]
