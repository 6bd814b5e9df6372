"""The entry page of an office and year, composed: header, sections of cells, what is to do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from focus_areas.models import Period, Result
from focus_areas.queries import texts
from habitat_plan.kit import formats
from indicators import messages
from indicators.models import Submission
from indicators.pages.entry_form import UNEXPLAINED, Cell, Refusal, cell
from indicators.permissions import may_enter
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.rules.checks import Check, Severity
from indicators.rules.kinds import Nothing
from organization.models import Office, User

# How many rows the save bar names of each kind of work; the rest it counts.
NAMED = 6
TODO, TODAY = "todo", "today"


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


@dataclass(frozen=True)
class Clause:
    """One kind of work before submitting: words, codes of rows, how many more, words."""

    before: str
    codes: tuple[str, ...]
    more: str
    after: str


@dataclass(frozen=True)
class Filter:
    """One way of looking at the grid: all rows, what is to do, what was changed today."""

    label: str
    query: str
    current: bool


def counts(rows: Sequence[EntryRow]) -> Counts:
    """What is still to do, by kind."""
    open_checks = [check.check for row in rows for check in row.checks if check.is_open]
    errors = sum(1 for check in open_checks if check.severity is Severity.ERROR)
    return Counts(
        errors=errors,
        questions=len(open_checks) - errors,
        missing=sum(1 for row in rows if _is_missing(row)),
    )


def _is_missing(row: EntryRow) -> bool:
    return row.nothing is Nothing.NOT_REPORTED and row.needs_entry


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


def _is_shown(one: Cell, show: str) -> bool:
    if show == TODO:
        return one.row.is_open or one.state == "is-invalid"
    return one.changed_today if show == TODAY else True


def filtered(found: Sequence[Section], show: str) -> list[Section]:
    """The sections with the rows that a filter leaves; sections without any are left out."""
    kept = (
        Section(section.title, tuple(one for one in section.cells if _is_shown(one, show)))
        for section in found
    )
    return [section for section in kept if section.cells]


def filters(found: Sequence[Section], show: str) -> tuple[Filter, ...]:
    """The ways of looking at the grid, with how many rows each shows."""
    cells = [one for section in found for one in section.cells]
    todo = sum(1 for one in cells if _is_shown(one, TODO))
    today = sum(1 for one in cells if one.changed_today)
    return (
        Filter(_("All"), "?", show not in {TODO, TODAY}),
        Filter(_("To do (%(count)s)") % {"count": todo}, f"?show={TODO}", show == TODO),
        Filter(_("Changed today (%(count)s)") % {"count": today}, f"?show={TODAY}", show == TODAY),
    )


def deck(page: EntryPage) -> str:
    """Until when the year is open, and that cells save themselves."""
    if page.window is None:
        return ""
    due = formats.day(page.window.due_on, get_language() or "en")
    return _(
        "Due on %(day)s. Every cell saves itself when you leave it; "
        "you may stop at any time and come back."
    ) % {"day": due}


def lock_sentence(page: EntryPage) -> str:
    """Who locked it, since when, why, what to do; empty if nothing is locked."""
    return messages.lock(page.lock, page.period) if page.lock else ""


def left_to_do(rows: Sequence[EntryRow]) -> tuple[Clause, ...]:
    """What keeps the office from submitting, a clause for each kind of work; empty if nothing."""
    work = (
        (_("correct %(codes)s"), _with_check(rows, _is_error)),
        (_("report %(codes)s or say why it does not apply"), _codes(rows, _is_missing)),
        (_("answer %(codes)s"), _with_check(rows, _is_question)),
        (_("explain %(codes)s"), _with_check(rows, _is_unexplained)),
    )
    return tuple(_clause(words, codes) for words, codes in work if codes)


def _clause(words: str, codes: Sequence[str]) -> Clause:
    before, _codes_here, after = words.partition("%(codes)s")
    hidden = len(codes) - NAMED
    more = _("and %(count)s more") % {"count": hidden} if hidden > 0 else ""
    return Clause(before, tuple(codes[:NAMED]), more, after)


def _codes(rows: Sequence[EntryRow], wanted: Callable[[EntryRow], bool]) -> list[str]:
    return [row.indicator.code for row in rows if wanted(row)]


def _with_check(rows: Sequence[EntryRow], wanted: Callable[[Check], bool]) -> list[str]:
    return _codes(rows, lambda row: any(c.is_open and wanted(c.check) for c in row.checks))


def _is_error(check: Check) -> bool:
    return check.severity is Severity.ERROR


def _is_unexplained(check: Check) -> bool:
    return check.code == UNEXPLAINED


def _is_question(check: Check) -> bool:
    return not _is_error(check) and not _is_unexplained(check)


def entry_context(
    user: User,
    office: Office,
    period: Period,
    *,
    today: date,
    show: str = "",
    refusals: Mapping[str, Refusal] | None = None,
    refused: str | Promise = "",
    matters: Sequence[str | Promise] = (),
) -> dict[str, Any]:
    """Everything the template of the entry page shows."""
    page = entry_page(office=office, period=period, today=today)
    contributor = may_enter(user, office)
    editable = contributor and page.lock is None
    found = sections(page, refusals or {}, editable=editable)
    return {
        "page": page,
        "sections": filtered(found, show),
        "filters": filters(found, show),
        "show": show,
        "counts": counts(page.rows),
        "deck": deck(page),
        "lock": lock_sentence(page),
        "may_withdraw": contributor
        and page.submission.state == Submission.State.SUBMITTED
        and page.submission.submitted_by_id == user.pk,
        "editable": editable,
        "may_ask": contributor
        and page.submission.state in {Submission.State.APPROVED, Submission.State.VERIFIED},
        "contributor": contributor,
        "left": left_to_do(page.rows),
        "person_id": user.pk,
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
