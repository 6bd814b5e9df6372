"""The calendar of years in words: which reports need each, days left, who is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from focus_areas.models import ReportingObligation, Result
from indicators.pages.number_words import begin, in_words
from indicators.queries.calendar import CalendarYear, calendar
from indicators.rules.periods import FINAL, Frequency, covering
from organization.models import Notice, Role, User
from organization.permissions import holds
from organization.queries import stuck_notices
from organization.services import notices

MEASURED = (Result.Level.PLAN, Result.Level.FOCUS_AREA, Result.Level.ACCOMPLISHMENT)
LONGEST_NUMBER = 18
REPORTS: Mapping[str, str | Promise] = {
    "annual_progress": gettext_lazy("annual progress report"),
    "biennial_progress": gettext_lazy("biennial progress report"),
    "biennial_performance": gettext_lazy("programme performance report"),
    "imdis": gettext_lazy("extract for IMDIS"),
    "strategic_result": gettext_lazy("mid-term evaluation"),
    "final": gettext_lazy("final evaluation"),
}


@dataclass(frozen=True)
class Need:
    """The reports that are read from a year, with the period they are about."""

    reports: str
    period: str


@dataclass(frozen=True)
class YearRow:
    """One year of the calendar."""

    year: CalendarYear
    needs: tuple[Need, ...]
    time: str
    is_late: bool


def _needs(obligations: Sequence[ReportingObligation], year: int) -> tuple[Need, ...]:
    found: dict[str, list[str]] = {}
    for one in obligations:
        period = covering(Frequency(one.frequency), year)
        kind = "final" if period == FINAL else one.report_kind
        if period is not None and kind in REPORTS:
            shown = period.replace("-", "\N{EN DASH}") if period[:1].isdigit() else ""
            found.setdefault(shown, []).append(str(REPORTS[kind]))
    return tuple(Need(", ".join(reports), period) for period, reports in found.items())


def _time(left: int | None) -> str:
    """How much time there is until the due date, or since."""
    if left is None:
        return ""
    if left == 0:
        return _("due today")
    if left > 0:
        sentence = ngettext("%(days)s day left", "%(days)s days left", left)
    else:
        sentence = ngettext("%(days)s day past", "%(days)s days past", -left)
    return sentence % {"days": abs(left)}


def _heading(years: Sequence[CalendarYear], today: date) -> str:
    """What is open, and how many offices are late with it."""
    if not any(year.state == "open" for year in years):
        return _("No year is open for entry")
    late = sum(len(year.late) for year in years)
    if not late:
        return _("No office is late")
    return begin(
        ngettext("%(number)s office is late", "%(number)s offices are late", late)
        % {"number": in_words(late)}
    )


def calendar_context(user: User, *, at: datetime, today: date) -> dict[str, Any]:
    """Everything the template of the calendar shows. Fifteen queries."""
    obligations = list(
        ReportingObligation.objects.filter(
            level__in=MEASURED, frequency__in=[one.value for one in Frequency]
        )
    )
    years = calendar(today=today)
    may_send = holds(user, Role.QUALITY_ASSURANCE, Role.ADMINISTRATOR)
    return {
        "heading": _heading(years, today),
        "rows": [
            YearRow(
                year=year,
                needs=_needs(obligations, year.period.year),
                time=_time(year.days_left(today)),
                is_late=(year.days_left(today) or 0) < 0,
            )
            for year in years
        ],
        "stuck": list(stuck_notices(at=at)) if may_send else [],
    }


def send_again(form: QueryDict, *, by: User, at: datetime) -> str:
    """Gives a message that got stuck back to be sent; the sentence."""
    given = form.get("notice", "")
    is_number = given.isdecimal() and len(given) <= LONGEST_NUMBER
    found = Notice.objects.filter(pk=int(given)).first() if is_number else None
    if found is None:
        return ""
    notices.send_again(notice=found, by=by, at=at)
    return _("The message to %(who)s goes out within a minute or two.") % {"who": found.recipient}
