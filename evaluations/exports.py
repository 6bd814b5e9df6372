"""Lists of recommendations as CSV and XLSX: numbers stay numbers, no text is ever a formula."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from evaluations.queries.recommendations import Recommended
from evaluations.standing_words import DECISIONS, STANDINGS
from habitat_plan.kit.tables.limits import LIMITS
from habitat_plan.kit.tables.write import Sheet, Value, write_csv, write_xlsx
from habitat_plan.kit.wording import Wording

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class File:
    """A file to be saved by the browser."""

    content: bytes
    content_type: str
    name: str


def headings() -> list[str]:
    """The headings of the list."""
    return [
        _("Evaluation"),
        _("Title of the evaluation"),
        _("Recommendation"),
        _("Address"),
        _("Text"),
        _("Priority"),
        _("Office"),
        _("Response"),
        _("Reason"),
        _("Actions"),
        _("Due"),
        _("Days late"),
        _("State"),
        _("Closed on"),
        _("Illustrative"),
        _("As it stood on"),
    ]


def board_file(rows: Iterable[Recommended], format: str, *, day: date, at: datetime) -> File:
    """The list with management's answers and where each stands. `format` is one of `TYPES`.

    No persons and no reports on actions are in it, so it is the same file for every reader who
    sees the same recommendations.
    """
    language = get_language() or "en"
    sheet = Sheet(_("Recommendations")[:31], headings(), (_row(one, day) for one in rows))
    name = f"recommendations-{day.isoformat()}.{format}"
    if format == "csv":
        return File(b"".join(write_csv(sheet, language=language)), TYPES[format], name)
    out = io.BytesIO()
    write_xlsx(out, [sheet], made_at=at, right_to_left=language == "ar")
    return File(out.getvalue(), TYPES[format], name)


def _row(one: Recommended, day: date) -> Sequence[Value]:
    row, answer = one.recommendation, one.answer
    evaluation = row.evaluation
    late = one.days_late if one.is_open else None
    made_up = row.illustrative or evaluation.illustrative
    return [
        evaluation.number or evaluation.code,
        _text(evaluation.title),
        row.number,
        row.code,
        _text(row.text),
        row.get_priority_display(),
        _text(row.office.name),
        str(DECISIONS[one.decision]),
        _text(answer.reason) if answer else "",
        _cut("; ".join(str(acted.action.text) for acted in one.actions)),
        one.due_on if one.is_open else None,
        late if late is not None and late > 0 else None,
        str(STANDINGS[one.standing]),
        one.closed_on,
        _("yes") if made_up else _("no"),
        day,
    ]


def _text(wording: Wording) -> str:
    return _cut(str(wording))


def _cut(text: str) -> str:
    """As much as a cell of a spreadsheet holds."""
    return text[: LIMITS.cell_characters]
