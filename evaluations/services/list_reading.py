"""From the bytes of a file to its rows as they stand there, ready to be kept with the list."""

from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from evaluations.services.list_columns import SHEET, specs
from habitat_plan.kit.tables.limits import LIMITS, MEGABYTE, TableRefused
from habitat_plan.kit.tables.read import read_table
from indicators.spreadsheets.sheets import all_languages

ROWS = 5_000
FILE_LIMITS = replace(LIMITS, rows=ROWS, file_bytes=5 * MEGABYTE, text_bytes=20 * MEGABYTE)
"""What a list is read with while its sender waits."""
UNSAID = frozenset({"blank_rows", "title_rows"})
"""What is left out as everybody would expect."""


@dataclass
class Read:
    """The rows of a file, in which column each key stands, and what was not read."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def read_list(content: bytes, *, name: str, language: str) -> Read:
    """The rows of the file. Raises TableRefused, which says where and what to do."""
    table = read_table(
        content,
        name=name,
        language=language,
        columns=specs(),
        sheets=all_languages(SHEET.title),
        limits=FILE_LIMITS,
    )
    found = Read(letters={key: column.letter for key, column in table.columns.items()})
    for row in table.rows:
        line: dict[str, Any] = {
            "row": row.number,
            "texts": {key: cell.text for key, cell in row.cells.items() if cell.text},
        }
        wrong = next((item for item in row.cells.items() if item[1].problem), None)
        if wrong is not None and wrong[1].problem is not None:
            line |= {"wrong": wrong[0], "sentence": wrong[1].problem.sentence}
        found.lines.append(line)
    if not found.lines:
        raise TableRefused(
            "no_rows", _("Below the headings stands nothing. Fill in a row, then send it again.")
        )
    told = [*table.ignored, *table.notices]
    found.notes = [one.sentence for one in told if one.code not in UNSAID]
    return found


def where(refused: TableRefused) -> str:
    """The sentence of a refused file, with row and column if they are not in it."""
    places = []
    if refused.row:
        places.append(_("row %(row)d") % {"row": refused.row})
    if refused.column:
        places.append(_("column %(column)s") % {"column": refused.column})
    if not places or str(refused.row) in refused.sentence:
        return refused.sentence
    return f"{refused.sentence} ({', '.join(places)})"
