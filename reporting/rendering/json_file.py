"""A document as JSON in one language, for programs. Described in docs/reference/api.md.

Exact values are strings, so that no digit is lost; the words beside them are those that the other
formats print. Keys stand in one order, and blocks carry their place in the printed order.
"""

import json
from typing import Any

from reporting.document import (
    Annex,
    Cell,
    Chart,
    Document,
    Figure,
    FigureRef,
    Heading,
    LineageLine,
    Paragraph,
    Progress,
    Rating,
    Row,
    Source,
    Table,
    Text,
    fingerprint,
)
from reporting.rendering.places import first_places, placed_blocks
from reporting.rendering.reading import Reader, clean, exact

FORM = "habitat-plan/report/1"
"""What this form of file is called; a change that readers must know of gets another number."""


def render_json(reader: Reader) -> bytes:
    """The JSON's bytes, the same for the same document."""
    return (json.dumps(_File(reader).data(), ensure_ascii=False, indent=1) + "\n").encode()


def _value(figure: Figure) -> str | None:
    return None if figure.value is None else exact(figure.value)


class _File:
    """One document in one language, as what JSON can hold."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.document: Document = reader.document
        self.first = first_places(reader.document)

    def data(self) -> dict[str, Any]:
        """The whole file."""
        reader, document, head = self.reader, self.document, self.document.masthead
        blocks: dict[str, list[dict[str, Any]]] = {
            "headings": [], "paragraphs": [], "tables": [], "charts": []
        }  # fmt: skip
        for position, (block, anchor) in enumerate(placed_blocks(document), 1):
            place = {"position": position} | ({"anchor": anchor} if anchor else {})
            if isinstance(block, Paragraph):
                in_summary = position <= len(head.summary)
                blocks["paragraphs"].append(place | self.paragraph(block, in_summary))
            elif isinstance(block, Table):
                blocks["tables"].append(place | self.table(block))
            elif isinstance(block, Chart):
                blocks["charts"].append(place | self.chart(block))
            else:
                blocks["headings"].append(place | self.heading(block))
        return {
            "form": FORM,
            "kind": document.kind,
            "period": clean(document.period),
            "as_of": clean(document.as_of),
            "symbol": reader.symbol,
            "date": head.date.isoformat(),
            "language": reader.language,
            "languages": list(document.languages),
            "sha256": fingerprint(document),
            "title": self.words(head.title),
            "organ": self.words(head.organ),
            "session": self.words(head.session),
            "place_and_dates": self.words(head.place_and_dates),
            "agenda_item": self.words(head.agenda_item),
            "author": self.words(head.author),
            "illustrative": self.words(head.illustrative),
            "working_note": reader.working_note(),
            "fallback_note": reader.fallback_note().text,
            **blocks,
            "figures": [self.figure(figure) for figure in document.figures.values()],
            "sources": [self.source(source) for source in document.sources.values()],
        }

    def words(self, text: Text) -> str:
        """The words in the language of the file."""
        return self.reader.words(text)

    def heading(self, block: Heading | Annex) -> dict[str, Any]:
        """A heading; that of an annex is of the first level."""
        if isinstance(block, Annex):
            return {"level": 1, "number": clean(block.number), "annex": True,
                    "section": "", "text": self.words(block.title)}  # fmt: skip
        return {"level": block.level, "number": clean(block.number), "annex": False,
                "section": block.section, "text": self.words(block.text)}  # fmt: skip

    def paragraph(self, block: Paragraph, in_summary: bool) -> dict[str, Any]:
        """A paragraph with the figures bound into it."""
        reader, found = self.reader, block.in_language(self.reader.language)
        pieces = reader.pieces(block)
        return {
            "number": block.number,
            "mark": reader.mark(block),
            "language": found.language,
            "translated": not reader.fallback_mark(block),
            "section": block.section,
            "summary": in_summary,
            "text": "".join(piece.text for piece in pieces),
            "figures": [
                {"key": clean(piece.key), "shown": piece.text,
                 "value": _value(self.document.figures[piece.key])}
                for piece in pieces if piece.kind == "figure"
            ],
            "notes": [piece.source for piece in pieces if piece.kind == "note"],
        }  # fmt: skip

    def titled(self, block: Table | Chart) -> dict[str, Any]:
        """What tables and charts have in common."""
        return {
            "number": block.number,
            "key": block.key,
            "title": self.words(block.title),
            "note": self.words(block.note),
            "illustrative": self.reader.is_illustrative(block),
            "sources": list(block.sources),
        }

    def table(self, table: Table) -> dict[str, Any]:
        """A table with what each cell shows and the exact value behind it."""
        columns = [
            {"key": column.key, "heading": self.reader.heading(column), "kind": column.kind}
            for column in table.columns
        ]
        rows = [{"kind": row.kind, "cells": self.cells(row, table)} for row in table.rows]
        return self.titled(table) | {"sheet": clean(table.sheet), "columns": columns, "rows": rows}

    def cells(self, row: Row, table: Table) -> list[dict[str, Any]]:
        """The cells of one row; a group row has one."""
        kinds = [column.kind for column in table.columns]
        return [self.cell(cell, kind) for cell, kind in zip(row.cells, kinds, strict=False)]

    def cell(self, cell: Cell, kind: str) -> dict[str, Any]:
        """A cell: what it shows; for a figure its key, exact value and kind of nothing."""
        shown = {"shown": self.reader.cell(cell, kind)}
        if isinstance(cell, FigureRef):
            figure = self.document.figures[cell.key]
            known = {"figure": clean(cell.key), "value": _value(figure), "nothing": figure.nothing}
            return shown | known
        if isinstance(cell, Rating):
            return shown | {"status": cell.status, "reason": self.words(cell.reason)}
        if isinstance(cell, Progress):
            return shown | {
                "status": cell.status,
                "achievement": None if cell.achievement is None else exact(cell.achievement),
                "expected": None if cell.expected is None else exact(cell.expected),
            }
        return shown

    def chart(self, chart: Chart) -> dict[str, Any]:
        """A chart: the figures it draws, and the sentence that says what it shows."""
        return self.titled(chart) | {
            "kind": chart.kind,
            "alternative": self.words(chart.alternative),
            "points": [
                {"key": point.key, "label": self.words(point.label),
                 "figure": clean(point.figure), "weak": point.weak}
                for point in chart.points
            ],
            "marks": [
                {"point": mark.point, "kind": mark.kind, "label": self.words(mark.label),
                 "figure": clean(mark.figure)}
                for mark in chart.marks
            ],
        }  # fmt: skip

    def figure(self, figure: Figure) -> dict[str, Any]:
        """A figure with all that is known of it."""
        return {
            "key": clean(figure.key),
            "label": self.words(figure.label),
            "value": _value(figure),
            "nothing": figure.nothing,
            "shown": self.reader.figure(figure.key, sign=True),
            "unit": self.words(figure.unit),
            "per_cent": figure.per_cent,
            "decimals": figure.decimals,
            "illustrative": figure.illustrative,
            "source": figure.source,
            "rule": self.words(figure.rule),
            "printed_at": self.first.get(figure.key, ""),
            "lineage": [self.line(line) for line in figure.lineage],
        }

    def line(self, line: LineageLine) -> dict[str, Any]:
        """One line of the arithmetic."""
        return {
            "part": self.words(line.label),
            "value": None if line.value is None else exact(line.value),
            "note": self.words(line.note),
            "evidence": line.evidence,
            "approval": self.words(line.approval),
        }

    def source(self, source: Source) -> dict[str, Any]:
        """A source as data and as it is cited."""
        return {
            "key": source.key,
            "citation": self.words(source.citation),
            "licence": clean(source.licence),
            "address": clean(source.url),
        }
