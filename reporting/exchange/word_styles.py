"""The look of a hand-off in a word processor."""

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle
from docx.table import Table, _Cell

from reporting.rendering import docx_xml as xml

PLACE, INSTRUCTION, REMARK = "Translation Place", "Translation Instruction", "Translation Remark"
HEAD, PASSAGE, HEADING = "Translation Head", "Translation Passage", "Translation Heading"
FIGURE = "Bound Figure"
_INK, _GREY = RGBColor(0x14, 0x21, 0x2D), RGBColor(0x5B, 0x68, 0x74)
_EDGE = "C9D1D8"


def prepare(word: WordDocument, *, title: str, language: str) -> None:
    """Styles and properties of the file."""
    _letters(word.styles["Normal"], 11)
    word.styles["Normal"].paragraph_format.space_after = Pt(4)
    for name, points in (("Title", 16), ("Heading 1", 13)):
        _letters(word.styles[name], points, bold=True)
        word.styles[name].paragraph_format.keep_with_next = True
    rules = word.styles["Title"].element.pPr.find(qn("w:pBdr"))
    if rules is not None:
        word.styles["Title"].element.pPr.remove(rules)
    for name, points, bold in (
        (PLACE, 8, False),
        (INSTRUCTION, 10, False),
        (REMARK, 9, False),
        (HEAD, 10, True),
        (PASSAGE, 11, False),
        (HEADING, 11, True),
    ):
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        _letters(style, points, bold=bold)
        if name in {PLACE, REMARK}:
            style.font.color.rgb = _GREY
    _token(word)
    _properties(word, title, language)


def _letters(style: CharacterStyle, points: float, *, bold: bool = False) -> None:
    """One face in all scripts, in place of those of the stock theme."""
    style.font.name, style.font.size, style.font.bold = xml.LATIN, Pt(points), bold or None
    style.font.color.rgb = _INK
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for key in [key for key in fonts.attrib if key.endswith("Theme")]:
        del fonts.attrib[key]
    fonts.set(qn("w:cs"), xml.LATIN)
    fonts.set(qn("w:eastAsia"), xml.EAST_ASIAN)
    size = properties.find(qn("w:sz"))
    if (old := properties.find(qn("w:szCs"))) is not None:
        properties.remove(old)
    size.addnext(xml.element("w:szCs", val=round(points * 2)))
    if bold:
        if (old := properties.find(qn("w:bCs"))) is not None:
            properties.remove(old)
        properties.find(qn("w:b")).addnext(xml.element("w:bCs"))


def _token(word: WordDocument) -> None:
    """Tokens look like nothing a person would type, and no spelling check touches them."""
    style = word.styles.add_style(FIGURE, WD_STYLE_TYPE.CHARACTER)
    style.font.color.rgb = RGBColor(0x0B, 0x56, 0x88)
    style.font.no_proof = True
    style.locked = True
    properties = style.element.get_or_add_rPr()
    shade_ = xml.element("w:shd", val="clear", color="auto", fill="E6F0F7")
    properties.append(shade_)


def _properties(word: WordDocument, title: str, language: str) -> None:
    properties = word.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.last_modified_by, properties.language = "", language
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def shade(cell: _Cell) -> None:
    """The ground of a cell that is to be looked at."""
    cell._tc.get_or_add_tcPr().append(
        xml.element("w:shd", val="clear", color="auto", fill="FBF0DC")
    )


def rule(table: Table) -> None:
    """Hairlines between the rows and columns, beside the rules that every table has."""
    borders = table._tbl.tblPr.find(qn("w:tblBorders"))
    for side in ("insideH", "insideV"):
        borders.append(xml.element(f"w:{side}", val="single", sz=4, space=0, color=_EDGE))
