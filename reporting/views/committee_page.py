"""What the Committee's space shows: its heading, the shelves with their files, the questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.pages.number_words import begin, in_words
from reporting.models import Rendering
from reporting.queries.calendar import CalendarRow
from reporting.queries.committee import IssuedReport, KindShelf
from reporting.queries.questions import Asked
from reporting.rules.calendar import Standing
from reporting.views.files import FileRow, file_rows

LATEST_QUESTIONS = 5
NEXT_DUE, LATE_SHOWN = 5, 3


@dataclass(frozen=True)
class OnShelf:
    """An issued report with its files, language by language."""

    issued: IssuedReport
    files: tuple[FileRow, ...]

    @property
    def own(self) -> list[Rendering]:
        """The files in the language of the page."""
        return [file for row in self.files if row.language == get_language() for file in row.made]

    @property
    def document(self) -> Rendering | None:
        """The file to read: the PDF in the language of the page."""
        return next((file for file in self.own if file.format == "pdf"), None)

    @property
    def spreadsheet(self) -> Rendering | None:
        """The figures as a spreadsheet, in the language of the page."""
        return next((file for file in self.own if file.format == "xlsx"), None)


@dataclass(frozen=True)
class Shelf:
    """The issued reports of one kind."""

    title: str
    reports: tuple[OnShelf, ...]


@dataclass(frozen=True)
class CommitteePage:
    """The whole page."""

    heading: str
    shelves: tuple[Shelf, ...]
    waiting: tuple[tuple[Asked, int], ...]
    answered: tuple[Asked, ...]
    more_answered: int
    due: tuple[CalendarRow, ...]
    late: tuple[CalendarRow, ...]
    more_late: int


def committee_page(
    shelves: Sequence[KindShelf],
    questions: Sequence[Asked],
    turns: Sequence[CalendarRow],
    *,
    today: date,
) -> CommitteePage:
    """The page in the reader's language. `turns` are the reports of the calendar, in its order.

    Of the late ones the latest stand here; the calendar has them all.
    """
    answered = [one for one in questions if not one.is_open]
    awaited = [row for row in turns if row.session and not row.is_issued]
    late = [row for row in reversed(awaited) if row.standing == Standing.LATE]
    return CommitteePage(
        heading=_heading(sum(len(shelf.reports) for shelf in shelves)),
        shelves=tuple(
            Shelf(
                shelf.title,
                tuple(OnShelf(one, file_rows(one.row.renderings)) for one in shelf.reports),
            )
            for shelf in shelves
        ),
        waiting=tuple((one, one.days(today)) for one in questions if one.is_open),
        answered=tuple(answered[:LATEST_QUESTIONS]),
        more_answered=max(0, len(answered) - LATEST_QUESTIONS),
        due=tuple(row for row in awaited if row.standing != Standing.LATE)[:NEXT_DUE],
        late=tuple(late[:LATE_SHOWN]),
        more_late=max(0, len(late) - LATE_SHOWN),
    )


def _heading(number: int) -> str:
    if not number:
        return _("No report has been issued yet")
    words = ngettext("%(number)s report is issued", "%(number)s reports are issued", number) % {
        "number": in_words(number)
    }
    return begin(words)
