"""Files of a report read back by programs that did not make them, so that figures can be compared."""

import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import docx
import openpyxl
from docx.oxml.ns import qn
from lxml import html
from pypdf import PdfReader

from reporting.document import Chart, Document, Figure, Table, blocks_of

GROUPS = {"en": ",", "ar": ",", "zh": "\u00a0", "fr": "\u202f", "ru": "\u00a0", "es": "."}
_NEAR = 12
POINTS = {"en": ".", "ar": ".", "zh": ".", "fr": ",", "ru": ",", "es": ","}


def number_of(shown: str, language: str) -> Decimal | None:
    """The number that a reader of the language reads; None where it is not one."""
    text = re.sub("[\u200e\u200f]", "", shown).removesuffix("%").strip("\u00a0\u202f ")
    text = text.replace(GROUPS[language], "").replace(POINTS[language], ".").replace("−", "-")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None


def rounded(figure: Figure) -> Decimal | None:
    """The figure as it may be printed: half up at its places."""
    if figure.value is None:
        return None
    return figure.value.quantize(Decimal(1).scaleb(-figure.decimals), rounding=ROUND_HALF_UP)


def packed(text: str) -> str:
    """The text without spaces and marks of direction."""
    return re.sub(r"[\s\u200b\u200e\u200f]", "", text)


@dataclass(frozen=True)
class Printed:
    """A figure that a document prints in a sentence or a cell, as the JSON file has it."""

    key: str
    shown: str
    value: str | None
    language: str


class Read:
    """The five files of a document in one language, each read back."""

    def __init__(self, files: dict[str, bytes], language: str) -> None:
        self.language = language
        self.json: dict[str, Any] = json.loads(files["json"])
        self.pages = PdfReader(io.BytesIO(files["pdf"])).pages
        self.pdf = packed("".join(page.extract_text() for page in self.pages))
        self.word = docx.Document(io.BytesIO(files["docx"]))
        self.book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
        self.page = html.document_fromstring(files["html"].decode())
        self.notes = zipfile.ZipFile(io.BytesIO(files["docx"]))

    # What the JSON file says

    def in_sentences(self) -> list[Printed]:
        return [
            Printed(one["key"], one["shown"], one["value"], paragraph["language"])
            for paragraph in self.json["paragraphs"]
            for one in paragraph["figures"]
        ]

    def rows(self) -> Iterator[list[dict[str, Any]]]:
        for table in self.json["tables"]:
            yield from (row["cells"] for row in table["rows"])

    def in_cells(self) -> list[Printed]:
        return [
            Printed(cell["figure"], cell["shown"], cell["value"], self.language)
            for row in self.rows()
            for cell in row
            if "figure" in cell
        ]

    # What the others say

    def docx_paragraphs(self) -> list[str]:
        """Every paragraph of the body, without the marks of notes."""
        found = []
        for paragraph in self.word.element.body.iter(qn("w:p")):
            texts = [
                node.text or ""
                for node in paragraph.iter(qn("w:t"))
                if node.getparent().find(f"{qn('w:rPr')}/{qn('w:vertAlign')}") is None
            ]
            found.append(packed("".join(texts)))
        return found

    def docx_tables(self) -> list[list[list[str]]]:
        """Every table but its head, cell by cell; a merged row has one cell."""
        tables = []
        for table in self.word.tables:
            rows = []
            for row in table._tbl.tr_lst[1:]:
                cells = [
                    "".join(node.text or "" for node in cell.iter(qn("w:t"))) for cell in row.tc_lst
                ]
                rows.append([packed(cell) for cell in cells])
            tables.append(rows)
        return tables

    def html_figures(self) -> list[tuple[str, str]]:
        """Key and printed text of each figure that leads to its arithmetic, in printed order."""
        keys = {
            node.get("id"): node.xpath("string(.//code)")
            for node in self.page.xpath("//ol[@class='origins']/li")
        }
        links = self.page.xpath(
            "//main//*[not(self::figure)]//a[@class='bf'][not(ancestor::figure)]"
        )
        return [(keys[link.get("href")[1:]], packed(link.text_content())) for link in links]

    def xlsx_figures(self) -> dict[str, tuple[Any, str]]:
        """Key → exact value and printed text, from the sheet of figures."""
        sheet = self.book.worksheets[-2]
        return {
            str(row[0]): (row[2], packed(str(row[3] or "")))
            for row in sheet.iter_rows(min_row=2, values_only=True)
        }

    def xlsx_tables(self, count: int) -> list[list[tuple[Any, ...]]]:
        """The rows of each table's sheet, in the order of the document."""
        return [
            list(sheet.iter_rows(min_row=4, values_only=True))
            for sheet in self.book.worksheets[1 : 1 + count]
        ]

    def pdf_numbers(self) -> Counter[str]:
        """How often each number stands in the PDF, its sign, groups and places with it."""
        laid_out = "\n".join(page.extract_text(extraction_mode="layout") for page in self.pages)
        return Counter(re.findall(r"−?\d[\d.,]*\d|\d", laid_out))

    def sentences(self) -> Iterator[tuple[str, str, str]]:
        """Each figure in a sentence, with the few letters before and after it."""
        for paragraph in self.json["paragraphs"]:
            text, at = paragraph["text"], 0
            for one in paragraph["figures"]:
                start = text.index(one["shown"], at)
                at = start + len(one["shown"])
                if one["shown"]:
                    before, after = packed(text[:start])[-_NEAR:], packed(text[at:])[:_NEAR]
                    yield before, packed(one["shown"]), after


def tables_of(document: Document) -> list[Table | Chart]:
    """The tables that a workbook has a sheet for, in order."""
    return [
        block
        for block in blocks_of(document)
        if isinstance(block, Table) or (isinstance(block, Chart) and block.kind == "bullets")
    ]
