"""Rows of a table: what they are called and what they say."""

from reporting.document import (
    FALLBACK,
    LANGUAGES,
    NO_TEXT,
    Cell,
    FigureRef,
    Inline,
    Progress,
    Rating,
    Row,
    Run,
    Table,
    Text,
)
from reporting.rules.printed import Passage


def _leading(row: Row) -> list[Text]:
    """The names at the beginning of a row."""
    found = []
    for cell in row.cells:
        if not isinstance(cell, Text):
            break
        found.append(cell)
    return found


def names(row: Row) -> tuple[str, ...]:
    """The names of a row in English, after its kind; empty if it has none."""
    found = tuple(str(cell.in_language(FALLBACK)) for cell in _leading(row))
    return (row.kind, *found) if any(found) else ()


def first_name(row: Row) -> tuple[str, ...]:
    """The first of them, which is its code where it has one."""
    return names(row)[:2]


def row_name(row: Row) -> Text:
    """What a row is called in all languages."""
    found = [name for name in _leading(row) if name]
    texts = {
        language: " ".join(str(name.in_language(language)) for name in found)
        for language in LANGUAGES
    }
    return Text(texts, tuple({language for name in found for language in name.working}))


def row_said(row: Row, table: Table) -> Passage:
    """A whole row in words: each cell after the head of its column."""
    if row.kind == "group":
        return {language: (_in_row(row.cells[0], language),) for language in LANGUAGES}
    said: dict[str, tuple[Inline, ...]] = {}
    for language in LANGUAGES:
        runs: list[Inline] = []
        for cell, column in zip(row.cells, table.columns, strict=True):
            if isinstance(cell, Progress):
                continue
            runs += [Run("; ")] if runs else []
            head = str(column.heading.in_language(language))
            runs += [Run(f"{head}: "), _in_row(cell, language)]
        said[language] = tuple(runs)
    return said


def _in_row(cell: Cell, language: str) -> Inline:
    if isinstance(cell, FigureRef):
        return cell
    text = cell.word if isinstance(cell, Rating) else cell if isinstance(cell, Text) else NO_TEXT
    return Run(str(text.in_language(language)))


def bound_in(*rows: Row) -> set[str]:
    """The figures in some rows."""
    return {cell.key for row in rows for cell in row.cells if isinstance(cell, FigureRef)}
