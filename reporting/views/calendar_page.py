"""What the calendar of reports shows, in words; and the entries of its file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.pages.number_words import begin, in_words
from reporting.queries.calendar import Calendar, CalendarRow, CalendarStep, Obligation
from reporting.rules.calendar import Standing, State
from reporting.rules.icalendar import Entry

HOW_OFTEN = {
    "continuous": gettext_lazy("all the time"),
    "standing": gettext_lazy("throughout the plan"),
    "annual": gettext_lazy("every year"),
    "biennial": gettext_lazy("every two years"),
    "four_yearly": gettext_lazy("every four years"),
    "twice": gettext_lazy("at mid-term and at the end"),
    "once": gettext_lazy("once"),
    "each": gettext_lazy("with each evaluation"),
    "regular": gettext_lazy("regularly"),
}


@dataclass(frozen=True)
class Line:
    """One report of the calendar with the duty that asks for it, and its next date in words."""

    row: CalendarRow
    asked: Obligation | None
    time: str

    @property
    def next(self) -> CalendarStep | None:
        """The first step that is not over, as far as the reader sees the steps."""
        return self.row.next_step


@dataclass(frozen=True)
class Group:
    """Reports that stand alike. `anchor` names the heading."""

    anchor: str
    title: str
    note: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Duty:
    """A duty of the plan that has no date, and how often it falls due."""

    duty: Obligation
    how_often: str | Promise


@dataclass(frozen=True)
class CalendarPage:
    """The whole page."""

    heading: str
    number: int
    groups: tuple[Group, ...]
    duties: tuple[Duty, ...]


def calendar_page(calendar: Calendar, *, today: date) -> CalendarPage:
    """The page in the reader's language: what comes, what is past its session, what is issued."""
    lines = [
        Line(row, next(iter(calendar.asking_for(row.kind.code)), None), _time(row.next_step))
        for row in calendar.rows
    ]
    return CalendarPage(
        heading=_heading(calendar.rows),
        number=len(lines),
        groups=tuple(group for group in _groups(lines, today) if group.lines),
        duties=tuple(
            Duty(one, HOW_OFTEN.get(one.obligation.frequency, "")) for one in calendar.undated
        ),
    )


def _groups(lines: Sequence[Line], today: date) -> tuple[Group, ...]:
    def those(which: Callable[[CalendarRow], bool]) -> tuple[Line, ...]:
        return tuple(line for line in lines if which(line.row))

    def is_over(row: CalendarRow) -> bool:
        return row.session is not None and row.session.starts_on < today

    return (
        Group(
            "coming",
            _("Coming"),
            "",
            those(lambda row: not row.is_issued and not is_over(row)),
        ),
        Group(
            "past",
            _("Not issued, and the session has begun"),
            _("These were due before sessions that have begun or are over."),
            those(lambda row: not row.is_issued and is_over(row)),
        ),
        Group("issued", _("Issued"), "", those(lambda row: row.is_issued)),
    )


def _heading(rows: Sequence[CalendarRow]) -> str:
    """How many reports are late; else which date comes next."""
    late = sum(row.standing == Standing.LATE for row in rows)
    if late:
        words = ngettext("%(number)s report is late", "%(number)s reports are late", late)
        return begin(words % {"number": in_words(late)})
    dated = [step.due_on for row in rows if not row.is_issued for step in row.steps
             if step.state != State.DONE]  # fmt: skip
    if dated:
        return _("No report is late; the next date is %(day)s") % {"day": _day(min(dated))}
    if rows and all(row.is_issued for row in rows):
        return _("All reports are issued")
    return _("Calendar of reports")


def _time(step: CalendarStep | None) -> str:
    """How much time there is until a step's date, or since."""
    if step is None:
        return ""
    if step.days_left == 0:
        return _("due today")
    if step.days_left > 0:
        sentence = ngettext("%(days)s day left", "%(days)s days left", step.days_left)
    else:
        sentence = ngettext("%(days)s day past", "%(days)s days past", step.days_past)
    return sentence % {"days": formats.figure(abs(step.days_left), 0, get_language() or "en")}


def _day(day: date) -> str:
    return formats.day(day, get_language() or "en")


def entries(
    rows: Iterable[CalendarRow], *, site: str, address: Callable[[str], str]
) -> list[Entry]:
    """The dates that are still to come or were missed, one entry for each step of each report.

    `site` is the name of the host, `address` gives the page of a report by its name.
    """
    return [
        Entry(
            identity=f"{row.slug}.{step.code}@{site}",
            day=step.due_on,
            title=str(format_lazy("{}, {}: {}", row.kind.title, row.period, step.label)),
            text=_text(row),
            url=address(row.slug) if row.may_open else "",
        )
        for row in rows
        for step in row.steps
        if step.state != State.DONE
    ]


def _text(row: CalendarRow) -> str:
    if row.session is None:
        return ""
    session = f"{row.session.name}, {_day(row.session.starts_on)}"
    return f"{session} ({_('planning assumption')})" if row.is_assumed else session
