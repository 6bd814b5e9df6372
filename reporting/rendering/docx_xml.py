"""The parts of WordprocessingML that python-docx leaves to its callers."""

from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from lxml import etree

LATIN, EAST_ASIAN = "Times New Roman", "SimSun"
_FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
# The order in which the schema wants the properties of a paragraph that are set here.
_AFTER_BIDI = ("w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr")
_AFTER_BORDER = ("w:shd", "w:tabs", "w:bidi", *_AFTER_BIDI)
_AFTER_RTL = ("w:cs", "w:em", "w:lang")
_MARGIN = 60  # beside the words of a cell, in twentieths of a point


def element(tag: str, /, **attributes: str | int) -> Any:
    """`element("w:jc", val="end")` is `<w:jc w:val="end"/>`."""
    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def turn(paragraph: Paragraph) -> None:
    """Set the paragraph from right to left."""
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(element("w:bidi"), *_AFTER_BIDI)


def border(
    paragraph: Paragraph, sides: tuple[str, ...], size: int, *, striped: bool = False
) -> None:
    """Rules at the named sides, `size` in eighths of a point; stripes mark what is illustrative."""
    properties = paragraph._p.get_or_add_pPr()
    rules = element("w:pBdr")
    for side in sides:
        rules.append(element(f"w:{side}", val="single", sz=size, space=4, color="14212D"))
    properties.insert_element_before(rules, *_AFTER_BORDER)
    if striped:
        stripes = element("w:shd", val="thinDiagStripe", color="E1E8EE", fill="F6F8FA")
        properties.insert_element_before(stripes, *_AFTER_BORDER[1:])


def letter(run: Run, language: str) -> None:
    """Say which language the run is in; Arabic letters are complex script."""
    properties = run._r.get_or_add_rPr()
    if language == "ar":
        for name in ("w:b", "w:i"):
            if (twin := properties.find(qn(name))) is not None:
                twin.addnext(element(f"{name}Cs"))
        properties.insert_element_before(element("w:rtl"), *_AFTER_RTL)
        properties.append(element("w:lang", bidi="ar"))
    elif language == "zh":
        properties.append(element("w:lang", eastAsia="zh-CN"))
    else:
        properties.append(element("w:lang", val=language))


_RUN, _PROPERTIES, _TEXT, _SPACE, _VAL = map(qn, ("w:r", "w:rPr", "w:t", "xml:space", "w:val"))
_LANG, _BIDI, _ASIAN, _RTL = map(qn, ("w:lang", "w:bidi", "w:eastAsia", "w:rtl"))
_TWINS = {"w:b": (qn("w:b"), qn("w:bCs")), "w:i": (qn("w:i"), qn("w:iCs"))}


def lettered(
    paragraph: Paragraph, text: str, language: str, *, bold: bool = False, italic: bool = False
) -> Run:
    """A run that says its language, written in one go: most of a document is made of these.

    python-docx looks for the place of each property among its neighbours; here they are set in
    the order of the schema.
    """
    if any(char in text for char in "\t\n\r"):
        run = paragraph.add_run(text)
        run.bold, run.italic = bold or None, italic or None
        letter(run, language)
        return run
    made = etree.SubElement(paragraph._p, _RUN)
    properties = etree.SubElement(made, _PROPERTIES)
    for name, is_set in (("w:b", bold), ("w:i", italic)):
        for tag in _TWINS[name][: 1 + (language == "ar")] if is_set else ():
            etree.SubElement(properties, tag)
    if language == "ar":
        etree.SubElement(properties, _RTL)
        etree.SubElement(properties, _LANG).set(_BIDI, "ar")
    elif language == "zh":
        etree.SubElement(properties, _LANG).set(_ASIAN, "zh-CN")
    else:
        etree.SubElement(properties, _LANG).set(_VAL, language)
    if text:
        words = etree.SubElement(made, _TEXT)
        words.text = text
        if text != text.strip():
            words.set(_SPACE, "preserve")
    return Run(made, paragraph)


def enlarge(run: Run, points: float) -> None:
    """The size of the run in all scripts."""
    run.font.size = Pt(points)
    properties = run._r.get_or_add_rPr()
    properties.find(qn("w:sz")).addnext(element("w:szCs", val=round(points * 2)))


def dashed(run: Run) -> None:
    """A dashed box around the run."""
    properties = run._r.get_or_add_rPr()
    box = element("w:bdr", val="dashed", sz=4, space=1, color="414F5B")
    properties.insert_element_before(box, "w:shd", "w:fitText", "w:vertAlign", "w:rtl", *_AFTER_RTL)


def field_part(run: Run, kind: str, text: str = "") -> None:
    """One part of a field: `begin`, `separate`, `end`, or its `code`."""
    if kind == "code":
        code = OxmlElement("w:instrText")
        code.set(qn("xml:space"), "preserve")
        code.text = f" {text} "
        run._r.append(code)
    else:
        run._r.append(element("w:fldChar", fldCharType=kind))


def field_of(paragraph: Paragraph, code: str, shown: str) -> Run:
    """A whole field with the text it shows until it is updated; that text's run is returned."""
    field_part(paragraph.add_run(), "begin")
    field_part(paragraph.add_run(), "code", code)
    field_part(paragraph.add_run(), "separate")
    run = paragraph.add_run(shown)
    field_part(paragraph.add_run(), "end")
    return run


def bookmark(run: Run, number: int, name: str) -> None:
    """A bookmark around the run."""
    run._r.addprevious(element("w:bookmarkStart", id=number, name=name))
    run._r.addnext(element("w:bookmarkEnd", id=number))


def link(paragraph: Paragraph, anchor: str, text: str) -> Run:
    """A link to a bookmark of the same document."""
    run = paragraph.add_run(text)
    made = element("w:hyperlink", anchor=anchor, history=1)
    run._r.addprevious(made)
    made.append(run._r)
    return run


def turn_table(table: Table) -> None:
    """Set the table's columns from right to left."""
    table._tbl.tblPr.insert_element_before(
        element("w:bidiVisual"), "w:tblW", "w:jc", "w:tblBorders", "w:tblLayout", "w:tblLook"
    )


def shape_table(table: Table, widths: list[int]) -> None:
    """Widths (in EMU) and rules of a table; its first row is the repeated head."""
    properties = table._tbl.tblPr
    rules = element("w:tblBorders")
    for side in ("top", "bottom"):
        rules.append(element(f"w:{side}", val="single", sz=8, space=0, color="14212D"))
    properties.insert_element_before(rules, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=_MARGIN, type="dxa"))
    properties.insert_element_before(margins, "w:tblLook")
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(Emu(width).twips))
    for row in table._tbl.tr_lst:
        for cell, width in zip(row.tc_lst, widths, strict=True):
            cell.width = Emu(width)
        row.get_or_add_trPr().append(element("w:cantSplit"))
    head = table._tbl.tr_lst[0]
    head.get_or_add_trPr().append(element("w:tblHeader"))
    for cell in head.tc_lst:
        edge = element("w:tcBorders")
        edge.append(element("w:bottom", val="single", sz=5, space=0, color="14212D"))
        cell.get_or_add_tcPr().append(edge)


@dataclass
class Footnotes:
    """The footnotes of one document, written as a part of their own."""

    language: str
    notes: list[tuple[str, str]] = field(default_factory=list)
    known: dict[str, tuple[int, str]] = field(default_factory=dict)
    counted: int = 0

    def add(self, run: Run, text: str, *, mark: str = "") -> int:
        """A footnote at the run; `mark` replaces its number. Returns its number."""
        identity = len(self.notes) + 2
        self.notes.append((text, mark))
        run.font.superscript = True
        reference = element("w:footnoteReference", id=identity)
        if mark:
            reference.set(qn("w:customMarkFollows"), "1")
        else:
            self.counted += 1
        run._r.append(reference)
        if mark:
            run.add_text(mark)
        return self.counted

    def attach(self, document: WordDocument) -> None:
        """Write the part and tie it to the document."""
        name = PackURI("/word/footnotes.xml")
        package = document.part.package
        part = Part(name, _FOOTNOTES, self._xml().encode("utf-8"), package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)

    def _xml(self) -> str:
        lines = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p>'
            "</w:footnote>"
            for number, kind in enumerate(("separator", "continuationSeparator"))
        )
        notes = "".join(
            self._note(number, text, mark) for number, (text, mark) in enumerate(self.notes, 2)
        )
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            f"<w:footnotes {nsdecls('w')}>{lines}{notes}</w:footnotes>"
        )

    def _note(self, number: int, text: str, mark: str) -> str:
        bidi, rtl = ("<w:bidi/>", "<w:rtl/>") if self.language == "ar" else ("", "")
        sign = f"<w:t>{escape(mark)}</w:t>" if mark else "<w:footnoteRef/>"
        return (
            f'<w:footnote w:id="{number}"><w:p><w:pPr>{bidi}'
            '<w:spacing w:before="0" w:after="0"/></w:pPr>'
            f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>{sign}</w:r>'
            f'<w:r><w:rPr><w:sz w:val="17"/><w:szCs w:val="17"/>{rtl}</w:rPr>'
            f'<w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )
