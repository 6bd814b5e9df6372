"""The pages of lists of recommendations in words: sending one, and what one would do."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations.forms.imports import ListForm
from evaluations.models import RecommendationList
from evaluations.queries.imports import earlier_lists
from evaluations.services import imports
from evaluations.services.list_columns import SHEET, TITLES
from evaluations.services.list_judging import NEW, REFUSED, UNCHANGED, Judged
from habitat_plan.kit.errors import RuleBroken
from indicators.pages.downloads import CSV, XLSX, File
from indicators.pages.number_words import begin, in_words
from indicators.spreadsheets.lists import list_csv, list_workbook
from organization.models import User

State = RecommendationList.State
LISTED = 500
"""Rows of one sort that the page lists; it says how many more there are."""


def lists_context(user: User, form: ListForm) -> dict[str, Any]:
    """Everything that the page to send a list shows."""
    return {"form": form, "columns": SHEET.columns, "earlier": earlier_lists(user)}


def template_file(format: str) -> File | None:
    """An empty list to be filled in; None for a format that there is none of."""
    if format == "csv":
        return File(list_csv(SHEET, []), CSV, "recommendations.csv")
    if format != "xlsx":
        return None
    return File(list_workbook(SHEET, [], illustrative=False), XLSX, "recommendations.xlsx")


@dataclass(frozen=True)
class ListedRow:
    """A row of the file in words: where it stands, what it is about, what to do about it."""

    place: str
    label: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Group:
    """The rows with one outcome, and how many more there are than are listed."""

    state: str
    title: str
    count: int
    rows: Sequence[ListedRow]

    @property
    def more(self) -> int:
        """Rows that are not listed."""
        return self.count - len(self.rows)


def _kept(lines: Iterable[Mapping[str, Any]]) -> list[Judged]:
    """What became of each row when the list was saved."""
    return [
        Judged(
            row=line["row"],
            state=line["state"],
            label=", ".join(
                line["texts"][key] for key in ("evaluation", "number") if key in line["texts"]
            )[:100],
            title=line["texts"].get("text", "")[:200],
            sentence=line.get("sentence", ""),
            column=line.get("column", ""),
        )
        for line in lines
    ]


def _place(row: Judged, letters: Mapping[str, str]) -> str:
    """Row and, for what is refused, the column that it is about."""
    letter = letters.get(row.column)
    if letter is None:
        return _("Row %(row)d") % {"row": row.row}
    return _("Row %(row)d, column %(letter)s (%(title)s)") % {
        "row": row.row,
        "letter": letter,
        "title": TITLES[row.column],
    }


def groups(rows: Sequence[Judged], letters: Mapping[str, str]) -> list[Group]:
    """The rows by what becomes of them, the refused ones first."""
    titles = {
        REFUSED: _("Refused: nothing of these rows can be saved as they are"),
        NEW: _("New"),
        UNCHANGED: _("As stored already"),
    }
    found = []
    for state, title in titles.items():
        of_state = [row for row in rows if row.state == state]
        shown = [
            ListedRow(_place(row, letters), row.label, row.title, row.sentence)
            for row in of_state[:LISTED]
        ]
        if of_state:
            found.append(Group(state, title, len(of_state), shown))
    return found


def heading(found: RecommendationList, counts: Mapping[str, int]) -> str:
    """What stands with the list, as a sentence."""
    if found.state == State.REFUSED:
        return _("This file cannot be read")
    if found.state == State.DISCARDED:
        return _("This file was put away, and nothing of it was saved")
    new, refused = counts.get(NEW, 0), counts.get(REFUSED, 0)
    if found.state == State.DONE:
        sentence = ngettext("Saved: %(count)s row", "Saved: %(count)s rows", new)
        return sentence % {"count": in_words(new)}
    if refused:
        sentence = ngettext(
            "%(count)s row is refused; nothing is saved yet",
            "%(count)s rows are refused; nothing is saved yet",
            refused,
        )
        return begin(sentence % {"count": in_words(refused)})
    if not new:
        return _("Nothing in this file differs from what is stored")
    sentence = ngettext(
        "%(count)s row is new; nothing is saved yet",
        "%(count)s rows are new; nothing is saved yet",
        new,
    )
    return begin(sentence % {"count": in_words(new)})


def list_context(
    found: RecommendationList, *, by: User, at: datetime, refused: RuleBroken | None = None
) -> dict[str, Any]:
    """Everything that the page of one list shows; one that waits is judged anew each time."""
    rows: Sequence[Judged] = ()
    counts: Mapping[str, int] = found.counts
    fingerprint = ""
    if found.state == State.READ:
        judgement = imports.preview(found=found, by=by, at=at)
        rows, counts, fingerprint = judgement.rows, judgement.counts, judgement.fingerprint
    elif found.state == State.DONE:
        rows = _kept(found.lines)
    return {
        "list": found,
        "heading": heading(found, counts),
        "count": counts,
        "groups": groups(rows, found.counts.get("columns", {})),
        "notes": found.counts.get("notes", ()),
        "fingerprint": fingerprint,
        "refused": refused,
    }


def take_step(found: RecommendationList, form: QueryDict, *, by: User, at: datetime) -> str:
    """Does what the button says; the sentence that tells so. Raises RuleBroken."""
    do = form.get("do", "")
    if do == "discard":
        imports.discard(found=found, by=by, at=at)
        return _("The file was put away. Nothing was saved.")
    if do not in {"confirm", "right"}:
        raise RuleBroken("unknown_step", _("Choose what to do with the file."))
    imports.confirm(found=found, seen=form.get("seen", ""), only_right=do == "right", by=by, at=at)
    return _("Saved.")
