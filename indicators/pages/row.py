"""The page of one indicator, composed; and what its forms ask for, handed to the services."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator
from indicators.pages.entry import lock_sentence
from indicators.pages.entry_form import cell, entry_text, number_text
from indicators.pages.evidence import evidence_panel
from indicators.pages.row_form import row_fields, typed_form
from indicators.permissions import may_enter
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.queries.entry_rows import with_whole_sheet
from indicators.queries.history import YearOfOffice, office_history
from indicators.services import entry
from organization.models import Office, User


def find_row(office: Office, period: Period, code: str) -> tuple[EntryPage, EntryRow]:
    """The page and the row of one indicator; 404 if the office does not report on it."""
    page = entry_page(office=office, period=period, today=timezone.localdate())
    row = next((row for row in page.rows if row.indicator.code == code), None)
    if row is None:
        raise Http404
    return page, row


def _measure(office: Office, code: str) -> Indicator:
    found = Indicator.objects.filter(code=code, assignments__office=office).first()
    if found is None:
        raise Http404
    return found


def save_row(request: HttpRequest, office: Office, period: Period, code: str) -> dict[str, Any]:
    """Saves the figure; empty if done, else what was typed and why not."""
    indicator = _measure(office, code)
    typed = typed_form(indicator, request.POST)
    try:
        entry.enter_figure(
            indicator=indicator,
            office=office,
            period=period,
            typed=typed,
            language=get_language() or "en",
            by=_person(request),
            at=timezone.now(),
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return {"typed": typed, "broken": broken}
    return {}


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _history_text(indicator: Indicator, year: YearOfOffice) -> str:
    if year.figure is None:
        return number_text(year.count)
    return entry_text(indicator, year.figure)


def _sheet(indicator: Indicator) -> list[tuple[str, Wording]]:
    """The reference sheet: terms and texts."""
    with_whole_sheet(indicator)
    return [
        (_("Unit"), indicator.unit),
        (_("Definition"), indicator.definition),
        (_("Method"), indicator.method),
        (_("Source"), indicator.source),
        (_("Means of verification"), indicator.verification),
        (_("Limits"), indicator.limits),
    ]


def row_context(
    user: Any,
    office: Office,
    period: Period,
    code: str,
    *,
    typed: Any = None,
    broken: RuleBroken | None = None,
) -> dict[str, Any]:
    """Everything the template of one indicator shows."""
    page, row = find_row(office, period, code)
    editable = may_enter(user, office) and page.lock is None
    years = office_history(office=office, indicator=row.indicator, until=period.year)
    return {
        "page": page,
        "row": row,
        "indicator": row.indicator,
        "cell": cell(page, row, None, editable=editable),
        "fields": row_fields(row, typed, broken),
        "history": [(year, _history_text(row.indicator, year)) for year in years],
        "editable": editable and row.indicator.kind != Indicator.Kind.STATISTIC,
        "may_add": editable,
        "lock": lock_sentence(page),
        "sheet": _sheet(row.indicator),
        "panel": evidence_panel(
            user, office, period, row.indicator, locked=page.lock is not None, back="figure"
        ),
        "is_count": row.indicator.kind == Indicator.Kind.COUNT,
        "illustrative": row.indicator.illustrative
        or any(year.figure is not None and year.figure.illustrative for year in years)
        or any(a.illustrative for a in row.achievements),
    }
