"""The page of one year, composed; and what its forms ask for, handed to the services."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit import formats
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.periods import DueDateForm, ExceptionForm, OpenPeriodForm
from indicators.forms.plain import PlainForm
from indicators.models import PeriodWindow
from indicators.pages.number_words import begin, in_words
from indicators.pages.reminding import remind_late
from indicators.queries.calendar import (
    Steps,
    completeness,
    exceptions_of,
    told_about,
    window_of,
)
from indicators.services import periods
from organization.models import Notice, Role, User
from organization.permissions import holds

Changed = tuple[str, dict[str, Any]]
TOLD_SHOWN = 30


@dataclass(frozen=True)
class Forms:
    """The forms on the page of a year; one that was refused keeps what was typed."""

    open: PlainForm = field(default_factory=lambda: OpenPeriodForm(auto_id="open_%s"))
    due: PlainForm = field(default_factory=lambda: DueDateForm(auto_id="due_%s"))
    exception: PlainForm = field(default_factory=ExceptionForm)
    exception_open: bool = False


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
    forms: Forms | None = None,
    refused: str | Promise = "",
    returned: Sequence[str | Promise] = (),
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
        "late": [row for row in rows if row.progress.days_late] if state == "open" else [],
        "exceptions": exceptions_of(period),
        "told": told_rows(told_about(period)),
        "officer": officer,
        "forms": forms or (Forms() if officer else None),
        "refused": refused,
        "returned": returned,
        "today": today,
    }


@dataclass(frozen=True)
class ToldRow:
    """What was told to whom, and whether the message went out."""

    subject: str
    made_at: datetime
    people: str
    state: str


def told_rows(made: Sequence[Notice]) -> list[ToldRow]:
    """The latest messages, those of one matter together."""
    by_matter: dict[str, list[Notice]] = {}
    for notice in made:
        by_matter.setdefault(notice.key, []).append(notice)
    return [
        ToldRow(
            subject=notices[0].subject,
            made_at=notices[0].made_at,
            people="; ".join(str(one.recipient) for one in notices),
            state=_sending(notices),
        )
        for notices in list(by_matter.values())[:TOLD_SHOWN]
    ]


def _sending(notices: Sequence[Notice]) -> str:
    if all(one.sent_at for one in notices):
        return _("sent")
    if any(one.error or (one.taken_at and not one.sent_at) for one in notices):
        return _("not sent yet: %(error)s") % {
            "error": next((one.error for one in notices if one.error), "") or _("no answer")
        }
    return _("waits to be sent")


def change_period(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    """Opens or closes the year, lets an office in, reminds; the sentence, or what was refused."""
    doors = {
        "open": _open,
        "due": _change_due,
        "close": _close,
        "exception": _except,
        "end": _end,
        "remind": _remind,
    }
    door = doors.get(form.get("do", ""))
    if door is None:
        return "", {"refused": _("Choose what to do with the year.")}
    try:
        return door(form, period, by=by, at=at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", {"refused": broken.message}


def _dated(
    typed: PlainForm, shown: Forms, change: Callable[[date], PeriodWindow]
) -> tuple[PeriodWindow | None, dict[str, Any]]:
    """What a form with a due date changed, or the form with its refusal."""
    if typed.is_valid():
        try:
            return change(typed.cleaned_data["due_on"]), {}
        except NotAllowed:
            raise
        except RuleBroken as broken:
            typed.refuse(broken)
    return None, {"forms": shown}


def _open(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    typed = OpenPeriodForm(form, auto_id="open_%s")
    window, refused = _dated(
        typed,
        Forms(open=typed),
        lambda due_on: periods.open_period(period=period, due_on=due_on, by=by, at=at),
    )
    sentence = _("%(period)s is open; figures are due on %(day)s.")
    return (sentence % _named(window), {}) if window else ("", refused)


def _change_due(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    typed = DueDateForm(form, auto_id="due_%s")
    window, refused = _dated(
        typed,
        Forms(due=typed),
        lambda due_on: periods.change_due_date(period=period, due_on=due_on, by=by, at=at),
    )
    sentence = _("The figures for %(period)s are due on %(day)s.")
    return (sentence % _named(window), {}) if window else ("", refused)


def _named(window: PeriodWindow) -> dict[str, Any]:
    day = formats.day(window.due_on, get_language() or "en")
    return {"period": window.period, "day": day}


def _close(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    """Asks once and names the offices that have figures back; then closes all the same."""
    try:
        periods.close_period(period=period, by=by, at=at, confirmed="confirmed" in form)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", {"refused": broken.message, "returned": broken.details}
    return _("%(period)s is closed.") % {"period": period}, {}


def _except(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    typed = ExceptionForm(form)
    shown = {"forms": Forms(exception=typed, exception_open=True)}
    if not typed.is_valid():
        return "", shown
    try:
        granted = periods.grant_exception(period=period, by=by, at=at, **typed.cleaned_data)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        typed.refuse(broken)
        return "", shown
    day = formats.day(granted.until, get_language() or "en")
    return _("%(office)s may enter figures until %(day)s.") % {
        "office": granted.office.name,
        "day": day,
    }, {}


def _end(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    found = {str(one.pk): one for one in exceptions_of(period)}.get(form.get("exception", ""))
    if found is None:
        return "", {"refused": _("Choose what to do with the year.")}
    periods.end_exception(exception=found, by=by, at=at)
    return _("The exception of %(office)s is ended.") % {"office": found.office.name}, {}


def _remind(form: QueryDict, period: Period, *, by: User, at: datetime) -> Changed:
    return remind_late(form.getlist("remind"), period=period, by=by, at=at), {}
