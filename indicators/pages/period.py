"""The page of one year, composed; and what its forms ask for, handed to the services."""

from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit import formats
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.periods import ExceptionForm, OpenPeriodForm
from indicators.pages.number_words import begin, in_words
from indicators.queries.calendar import Steps, completeness, exceptions_of, window_of
from indicators.services import periods
from organization.models import Role, User
from organization.permissions import holds

Changed = tuple[str, dict[str, Any]]


def heading(period: Period, rows: list[Steps]) -> str:
    """How many of the offices are approved, as a sentence; the year alone if none reports."""
    if not rows:
        return str(period)
    approved = sum(1 for row in rows if row.approved == "done")
    sentence = ngettext(
        "%(number)s of %(all)s offices is approved for %(period)s",
        "%(number)s of %(all)s offices are approved for %(period)s",
        approved,
    )
    return begin(
        sentence % {"number": in_words(approved), "all": in_words(len(rows)), "period": period}
    )


def period_context(
    user: User,
    period: Period,
    *,
    today: date,
    open_form: OpenPeriodForm | None = None,
    exception_form: ExceptionForm | None = None,
    refused: str | Promise = "",
) -> dict[str, Any]:
    """Everything the template of one year shows."""
    window = window_of(period)
    rows = completeness(period=period, today=today, user=user)
    officer = holds(user, Role.QUALITY_ASSURANCE)
    state = "planned" if window is None else "closed" if window.closed_at else "open"
    return {
        "period": period,
        "heading": heading(period, rows),
        "window": window,
        "state": state,
        "rows": rows,
        "returned": [row for row in rows if row.submitted == "back"],
        "exceptions": exceptions_of(period),
        "officer": officer,
        "open_form": open_form or (OpenPeriodForm(auto_id="open_%s") if officer else None),
        "exception_form": exception_form or (ExceptionForm() if officer else None),
        "exception_open": exception_form is not None,
        "refused": refused,
        "today": today,
    }


def change_period(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    """Opens or closes the year or lets an office in; the sentence, or what was refused."""
    asked = form.get("do")
    try:
        if asked == "close":
            periods.close_period(period=period, by=by, at=at)
            return _("%(period)s is closed.") % {"period": period}, {}
        if asked == "open":
            return _open(form, period, by=by, at=at)
        if asked == "exception":
            return _except(form, period, by=by, at=at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", {"refused": broken.message}
    return "", {"refused": _("Choose what to do with the year.")}


def _open(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    typed = OpenPeriodForm(form, auto_id="open_%s")
    if not typed.is_valid():
        return "", {"open_form": typed}
    try:
        window = periods.open_period(
            period=period, due_on=typed.cleaned_data["due_on"], by=by, at=at
        )
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", {"open_form": typed}
    day = formats.day(window.due_on, get_language() or "en")
    return _("%(period)s is open; figures are due on %(day)s.") % {
        "period": period,
        "day": day,
    }, {}


def _except(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    typed = ExceptionForm(form)
    if not typed.is_valid():
        return "", {"exception_form": typed}
    try:
        granted = periods.grant_exception(period=period, by=by, at=at, **typed.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", {"exception_form": typed}
    day = formats.day(granted.until, get_language() or "en")
    return _("%(office)s may enter figures until %(day)s.") % {
        "office": granted.office.name,
        "day": day,
    }, {}
