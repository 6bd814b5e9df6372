"""Moving in the calendar by form: what stands on the two pages, and what was typed there."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import User
from reporting.forms_calendar import MoveReportForm, MoveSessionForm
from reporting.models import Session
from reporting.queries.calendar import CalendarRow, report_turn, sessions_for, turns_of
from reporting.queries.calendar import session as find_session
from reporting.services import calendar as services


@dataclass(frozen=True)
class SessionPage:
    """A session with the reports that go to it, and the form for other days."""

    session: Session
    rows: tuple[CalendarRow, ...]
    form: MoveSessionForm

    @property
    def outdated(self) -> list[str]:
        """What has to be assembled again once the days are others."""
        return _outdated(self.rows)


@dataclass(frozen=True)
class ReportPage:
    """A report of the calendar with its steps, and the form for another session."""

    row: CalendarRow
    form: MoveReportForm

    @property
    def outdated(self) -> list[str]:
        """What has to be assembled again once the session is another."""
        return _outdated([self.row])


def _outdated(rows: tuple[CalendarRow, ...] | list[CalendarRow]) -> list[str]:
    return [
        _(
            "%(report)s, %(period)s was assembled before and still names the session as it was "
            "then. Assemble it again."
        )
        % {"report": row.kind.title, "period": row.period}
        for row in rows
        if row.report is not None and row.report.document_id and not row.is_issued
    ]


def session_to_move(code: str, typed: QueryDict | None) -> SessionPage:
    """The page of one session; 404 if there is none of this code."""
    found = find_session(code)
    if found is None:
        raise Http404
    now = {"starts_on": found.starts_on, "ends_on": found.ends_on, "source": found.source}
    return SessionPage(found, turns_of(found), MoveSessionForm(typed, initial=now))


def report_to_move(slug: str, typed: QueryDict | None, *, today: date) -> ReportPage:
    """The page of one report; 404 if the plan has none of this name."""
    row = report_turn(slug, today=today)
    if row is None:
        raise Http404
    form = MoveReportForm(
        typed, sessions=sessions_for(row.kind, row.period), initial={"session": row.session}
    )
    return ReportPage(row, form)


def move_session(page: SessionPage, *, by: User, at: datetime) -> bool:
    """True if the session was moved; else the form says why not."""
    if not page.form.is_valid():
        return False
    try:
        services.move_session(session=page.session, by=by, at=at, **page.form.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        page.form.refuse(broken)
        return False
    return True


def move_report(page: ReportPage, *, by: User, at: datetime) -> bool:
    """True if the report was moved; else the form says why not."""
    if not page.form.is_valid():
        return False
    kind, period = page.row.kind.code, page.row.period
    try:
        services.move_report(kind=kind, period=period, by=by, at=at, **page.form.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        page.form.refuse(broken)
        return False
    return True
