"""Page, styles, running head and properties of a DOCX."""

import datetime as dt

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from reporting.rendering import docx_xml as xml
from reporting.rendering.reading import Reader

_THUMBNAIL = RELATIONSHIP_TYPE.THUMBNAIL
_END = WD_ALIGN_PARAGRAPH.RIGHT
NUMBERED, ITEM, NOTE = "Numbered Paragraph", "Subparagraph", "Small Print"
_INK = RGBColor(0x14, 0x21, 0x2D)


def prepare(word: WordDocument, reader: Reader) -> None:
    """Everything that is set once for the whole file."""
    _page(word, reader)
    _styles(word, reader)
    _running_head(word, reader)
    _drop_thumbnail(word)
    _properties(word, reader)


def _page(word: WordDocument, reader: Reader) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    section.different_first_page_header_footer = True
    if reader.is_right_to_left:
        section._sectPr.insert_element_before(
            xml.element("w:bidi"), "w:rtlGutter", "w:docGrid", "w:printerSettings"
        )


def _styles(word: WordDocument, reader: Reader) -> None:
    normal = word.styles["Normal"]
    _letters(normal, 11)
    normal.paragraph_format.space_after = Pt(6)
    for name, points in (("Title", 18), ("Heading 1", 14), ("Heading 2", 12), ("Heading 3", 11)):
        _letters(word.styles[name], points, bold=True)
        word.styles[name].paragraph_format.keep_with_next = True
        word.styles[name].paragraph_format.space_after = Pt(6)
    caption = word.styles["Caption"]
    _letters(caption, 10.5, bold=True)
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(12)
    caption.paragraph_format.space_after = Pt(2)
    rules = word.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if rules is not None:
        word.styles["Title"].element.pPr.remove(rules)
    made = ((NUMBERED, 11), (ITEM, 11), (NOTE, 9), ("toc 1", 10.5), ("toc 2", 10.5))
    for name, size in made:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _letters(style, size)
    word.styles[NOTE].paragraph_format.space_after = Pt(2)
    word.styles["toc 2"].paragraph_format.left_indent = Mm(7)
    for name, start, hang in ((NUMBERED, Mm(11), Mm(0)), (ITEM, Mm(31), Mm(9))):
        indent = word.styles[name].paragraph_format
        indent.left_indent = start
        indent.first_line_indent = -hang
        indent.tab_stops.add_tab_stop(Mm(22) if name == NUMBERED else start)
    head = word.styles["TOC Heading"]
    _letters(head, 14, bold=True)
    language = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    for key, value in (
        ("val", reader.language if reader.language not in {"ar", "zh"} else "en"),
        ("eastAsia", "zh-CN"),
        ("bidi", "ar"),
    ):
        language.set(qn(f"w:{key}"), value)


def _letters(style: ParagraphStyle, size: float, *, bold: bool = False) -> None:
    """Fonts for all three scripts instead of the fonts and colours of the stock theme."""
    style.font.name = xml.LATIN
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = _INK
    properties = style.element.rPr
    fonts = properties.rFonts
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for key, name in (("cs", xml.LATIN), ("eastAsia", xml.EAST_ASIAN)):
        fonts.set(qn(f"w:{key}"), name)
    for stale in properties.findall(qn("w:szCs")) + properties.findall(qn("w:bCs")):
        properties.remove(stale)
    properties.find(qn("w:sz")).addnext(xml.element("w:szCs", val=round(size * 2)))
    if bold:
        properties.find(qn("w:b")).addnext(xml.element("w:bCs"))


def _running_head(word: WordDocument, reader: Reader) -> None:
    section = word.sections[0]
    head = section.header.paragraphs[0]
    xml.letter(head.add_run(reader.upright(reader.symbol)), "en")
    xml.border(head, ("bottom",), 4)
    for footer in (section.footer, section.first_page_footer):
        # Page and pages keep their order, so the line runs from the left in Arabic as well.
        line = footer.paragraphs[0]
        line.alignment = WD_ALIGN_PARAGRAPH.LEFT if reader.is_right_to_left else _END
        xml.field_of(line, "PAGE", "1")
        line.add_run("/")
        xml.field_of(line, "NUMPAGES", "1")
    if reader.is_right_to_left:
        xml.turn(head)


def _drop_thumbnail(word: WordDocument) -> None:
    """The stock template carries a picture of itself."""
    relations = word.part.package.rels
    for key in [key for key, found in relations.items() if found.reltype == _THUMBNAIL]:
        del relations[key]


def _properties(word: WordDocument, reader: Reader) -> None:
    masthead = reader.document.masthead
    moment = dt.datetime.combine(masthead.date, dt.time())
    properties = word.core_properties
    properties.title = reader.words(masthead.title)
    properties.author = reader.words(masthead.organ)[:255]
    properties.subject = reader.symbol
    properties.language = reader.language
    properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = moment
    properties.revision = 1
