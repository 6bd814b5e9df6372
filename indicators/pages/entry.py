"""The entry page of an office and year, composed: header, sections of cells, what is to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from focus_areas.models import Period, Result
from focus_areas.queries import texts
from habitat_plan.kit import formats
from indicators import messages
from indicators.models import Submission
from indicators.pages.entry_form import Cell, Refusal, cell
from indicators.permissions import may_enter
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.rules.checks import Severity
from indicators.rules.kinds import Nothing
from organization.models import Office, User


@dataclass(frozen=True)
class Section:
    """The indicators of one focus area, or of the functions that support all."""

    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Counts:
    """How many rows are in, wrong, open or missing."""

    errors: int
    questions: int
    missing: int


def counts(rows: Sequence[EntryRow]) -> Counts:
    """What is still to do, by kind."""
    open_checks = [check.check for row in rows for check in row.checks if check.is_open]
    errors = sum(1 for check in open_checks if check.severity is Severity.ERROR)
    return Counts(
        errors=errors,
        questions=len(open_checks) - errors,
        missing=sum(1 for r in rows if r.nothing is Nothing.NOT_REPORTED and r.needs_entry),
    )


def _title(row: EntryRow, titles: Mapping[str, str]) -> str:
    area = row.indicator.result.focus_area
    if area is not None:
        return f"{area.number} {titles.get(area.code, area.code)}"
    if row.indicator.result.level == Result.Level.PLAN:
        return _("Strategic result")
    return _("Lead and support functions")


def sections(page: EntryPage, refusals: Mapping[str, Refusal], *, editable: bool) -> list[Section]:
    """The rows by focus area, in the plan's order."""
    areas = {
        row.indicator.result.focus_area.code
        for row in page.rows
        if row.indicator.result.focus_area is not None
    }
    found = texts(codes=[f"{code}.title" for code in areas])
    titles = {code.removesuffix(".title"): str(text.wording) for code, text in found.items()}
    grouped: dict[str, list[Cell]] = {}
    in_order = sorted(page.rows, key=_area_number)
    for row in in_order:
        made = cell(page, row, refusals.get(row.indicator.code), editable=editable)
        grouped.setdefault(_title(row, titles), []).append(made)
    return [Section(title, tuple(cells)) for title, cells in grouped.items()]


def _area_number(row: EntryRow) -> int:
    area = row.indicator.result.focus_area
    return area.number if area else len(Result.Level.choices) + 100


def deck(page: EntryPage) -> str:
    """Until when the year is open, and what saving means."""
    if page.window is None:
        return ""
    due = formats.day(page.window.due_on, get_language() or "en")
    return _(
        "Due on %(day)s. What you save stays here as a draft; "
        "you may stop at any time and come back."
    ) % {"day": due}


def lock_sentence(page: EntryPage) -> str:
    """Who locked it, since when, why, what to do; empty if nothing is locked."""
    return messages.lock(page.lock, page.period) if page.lock else ""


def before_submission(rows: Sequence[EntryRow]) -> str:
    """One sentence on what keeps the office from submitting; empty if nothing does."""
    open_rows = [row.indicator.code for row in rows if row.is_open]
    if not open_rows:
        return ""
    return ngettext(
        "Before you submit, see to %(codes)s.",
        "Before you submit, see to %(count)s indicators: %(codes)s.",
        len(open_rows),
    ) % {"codes": ", ".join(open_rows), "count": len(open_rows)}


def entry_context(
    user: User,
    office: Office,
    period: Period,
    *,
    today: date,
    refusals: Mapping[str, Refusal] | None = None,
    refused: str | Promise = "",
    matters: Sequence[str | Promise] = (),
) -> dict[str, Any]:
    """Everything the template of the entry page shows."""
    page = entry_page(office=office, period=period, today=today)
    contributor = may_enter(user, office)
    editable = contributor and page.lock is None
    return {
        "page": page,
        "sections": sections(page, refusals or {}, editable=editable),
        "counts": counts(page.rows),
        "deck": deck(page),
        "lock": lock_sentence(page),
        "may_withdraw": contributor
        and page.submission.state == Submission.State.SUBMITTED
        and page.submission.submitted_by_id == user.pk,
        "editable": editable,
        "contributor": contributor,
        "before": before_submission(page.rows),
        "refused": refused,
        "refused_rows": refusals or {},
        "matters": matters,
        "illustrative": any(
            row.indicator.illustrative
            or (row.figure is not None and row.figure.illustrative)
            or any(a.illustrative for a in row.achievements)
            for row in page.rows
        ),
    }
