"""A document as PDF/UA-1, set by typst: tagged, with alternative texts, the same bytes every time.

The template gets the document as JSON: what people wrote stays a string and never becomes markup.
"""

import datetime as dt
import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typst
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from reporting.document import (
    Annex,
    Block,
    Cell,
    Chart,
    Heading,
    Paragraph,
    Progress,
    Rating,
    Row,
    Table,
    Text,
    TextInLanguage,
    fingerprint,
)
from reporting.rendering.fonts import check_fonts, families, printable
from reporting.rendering.reading import Reader

_TEMPLATE = Path(__file__).with_name("governing_council.typ")
_DIGITS = "0123456789"
_PRINTED = ("summary", "contents", "illustrative", "fingerprint")


def render_pdf(reader: Reader, fonts: Path) -> bytes:
    """The PDF's bytes.

    Raises RuleBroken `font-missing`, or `rendering-refused` with the compiler's own words if the
    document cannot be made accessible (for instance a heading level left out).
    """
    return compile_pdf(
        _TEMPLATE, _Content(reader).data(), date=reader.document.masthead.date, fonts=fonts
    )


@functools.cache
def _typst_fonts(folder: Path) -> typst.Fonts:
    """The fonts of a folder and no others, read once for each process."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def compile_pdf(template: Path, data: dict[str, Any], *, date: dt.date, fonts: Path) -> bytes:
    """What a template makes of data that it gets as JSON; the day of the file is given, not now.

    A character that no font holds is a box: an accessible PDF may not leave it out in silence.
    Raises RuleBroken `font-missing` and `rendering-refused`.
    """
    check_fonts(fonts)
    try:
        return typst.compile(
            template,
            root=template.parent,
            font_paths=_typst_fonts(fonts),
            format="pdf",
            pdf_standards="ua-1",
            sys_inputs={"data": printable(json.dumps(data, ensure_ascii=False), fonts)},
            timestamp=dt.datetime(date.year, date.month, date.day, tzinfo=dt.UTC),
        )
    except typst.TypstError as error:
        message = format_lazy(
            _("The PDF could not be made: {reason}. Correct the document and render it again."),
            reason=str(error.message).rstrip("."),
        )
        raise RuleBroken("rendering-refused", message) from error


class _Content:
    """What the template prints, in order; a footnote is given at its first citation."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.cited: set[str] = set()

    def data(self) -> dict[str, Any]:
        reader, masthead = self.reader, self.reader.document.masthead
        head, slash, tail = reader.symbol.partition("/")
        meeting = (masthead.session, masthead.place_and_dates, masthead.agenda_item)
        date = masthead.date
        return {
            "language": reader.language,
            "rtl": reader.is_right_to_left,
            "fonts": families(reader.language),
            "digits": {
                digit: shown
                for digit in _DIGITS
                if (shown := reader.numbers.digits_of(digit)) != digit
            },
            "symbol": reader.symbol,
            "symbol-head": head,
            "symbol-tail": slash + tail,
            "date": [date.year, date.month, date.day],
            "date-words": reader.date(),
            "united_nations": self.text(reader.document.labels["united_nations"]),
            "organ": self.text(masthead.organ),
            "distribution": self.text(masthead.distribution),
            "original": self.text(masthead.original),
            "meeting": [self.text(text) for text in meeting if text],
            "title": self.text(masthead.title),
            "author": self.text(masthead.author),
            "illustrative": self.text(masthead.illustrative),
            "working": reader.working_note(),
            "fallback": _in_language(reader.fallback_note()),
            "summary": [self.paragraph(paragraph) for paragraph in masthead.summary],
            "labels": {name: reader.label(name) for name in _PRINTED},
            "fingerprint": fingerprint(reader.document),
            "blocks": list(_listed(self.blocks(reader.document.blocks))),
        }

    def text(self, text: Text) -> dict[str, str]:
        return _in_language(self.reader.read(text))

    def pieces(self, paragraph: Paragraph) -> list[dict[str, Any]]:
        shown = []
        for piece in self.reader.pieces(paragraph):
            item: dict[str, Any] = {
                "kind": piece.kind,
                "text": piece.text,
                "emphasis": piece.emphasis,
                "language": piece.language,
            }
            if piece.kind == "note":
                item |= {
                    "text": self.reader.footnote(piece.source),
                    "source": piece.source,
                    "first": piece.source not in self.cited,
                }
                self.cited.add(piece.source)
            shown.append(item)
        return shown

    def paragraph(self, paragraph: Paragraph) -> dict[str, Any]:
        return {
            "type": "item" if paragraph.item else "paragraph",
            "number": self.reader.mark(paragraph),
            "language": paragraph.in_language(self.reader.language).language,
            "pieces": self.pieces(paragraph),
            "fallback": self.reader.fallback_mark(paragraph),
        }

    def blocks(self, blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
        for block in blocks:
            if isinstance(block, Paragraph):
                yield self.paragraph(block)
            elif isinstance(block, Heading):
                number = self.reader.numeral(block.number)
                yield {"type": "heading", "level": block.level, "number": number} | self.text(
                    block.text
                )
            elif isinstance(block, Annex):
                name = self.reader.annex_name(block)
                yield {"type": "annex", "name": name} | self.text(block.title)
                yield from self.blocks(block.blocks)
            elif isinstance(block, Chart) and block.kind != "bullets":
                yield self.chart(block)
            else:
                table = self.reader.bullets_table(block) if isinstance(block, Chart) else block
                yield self.table(table, "figure" if isinstance(block, Chart) else "table")

    def titled(self, block: Table | Chart, name: str) -> dict[str, Any]:
        title = self.reader.read(block.title)
        return {
            "title": {
                "text": self.reader.numbered(name, block.number, title.text),
                "language": self.reader.language,
            },
            "note": self.text(block.note),
            "illustrative": self.reader.is_illustrative(block),
        }

    def chart(self, chart: Chart) -> dict[str, Any]:
        citations = self.reader.citations(chart.sources)
        return self.titled(chart, "figure") | {
            "type": "chart",
            "svg": self.reader.picture(chart),
            "alternative": self.reader.words(chart.alternative),
            "below": [citations] if citations else [],
        }

    def table(self, table: Table, name: str) -> dict[str, Any]:
        reader = self.reader
        widths = reader.widths(table)
        signs = reader.label("signs_note") if reader.has_nothing(table) else ""
        return self.titled(table, name) | {
            "type": "table",
            "columns": [
                {
                    "text": reader.heading(column),
                    "language": reader.read(column.heading).language,
                    "kind": column.kind,
                    "width": width,
                }
                for column, width in zip(table.columns, widths, strict=True)
            ],
            "rows": [self.row(row, table) for row in table.rows],
            "below": [line for line in (signs, reader.citations(table.sources)) if line],
        }

    def row(self, row: Row, table: Table) -> dict[str, Any]:
        kinds = [column.kind for column in table.columns]
        cells = [self.cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=False)]
        return {"kind": row.kind, "cells": cells}

    def cell(self, cell: Cell, kind: str) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "kind": "text",
            "text": self.reader.cell(cell, kind),
            "language": self.reader.language,
        }
        if isinstance(cell, Text):
            shown["language"] = self.reader.read(cell).language
        elif isinstance(cell, Rating):
            shown |= {"kind": "rating", "status": cell.status}
        elif isinstance(cell, Progress):
            shown |= {"kind": "progress", "svg": self.reader.bullet(cell)}
        return shown


def _in_language(found: TextInLanguage) -> dict[str, str]:
    return {"text": found.text, "language": found.language}


def _listed(blocks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The blocks, with subparagraphs that follow each other as one list."""
    held: list[dict[str, Any]] = []
    for block in blocks:
        if block["type"] == "item":
            held.append(block)
            continue
        if held:
            yield {"type": "list", "items": held}
            held = []
        yield block
    if held:
        yield {"type": "list", "items": held}
