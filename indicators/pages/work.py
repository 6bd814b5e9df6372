"""What waits for a person, over all their roles: at most seven things, the most urgent first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.models import Submission
from indicators.pages.number_words import begin, in_words
from indicators.queries.progress import approval_queue
from indicators.queries.waiting import OpenYear, late_offices, open_years, verification_queue
from organization.models import Role, User
from organization.permissions import holdings

AT_MOST = 7
# The order in which matters stand; within it, as they were found.
RETURNED, LATE, DECIDE, ENTER, VERIFY, READ = range(6)


@dataclass(frozen=True)
class Matter:
    """One thing to do: what, more about it, where, and what the button says."""

    urgency: int
    title: str
    text: str
    url: str
    action: str
    state: str = ""


@dataclass(frozen=True)
class WorkList:
    """The matters shown, and how many more there are."""

    matters: tuple[Matter, ...]
    more: int
    heading: str


def _entry(year: OpenYear) -> Matter | None:
    """An open year of one of the person's offices; None once it is handed in."""
    progress, submission = year.progress, year.progress.submission
    url = reverse("office-period", args=[progress.office.code, year.period.code])
    names = {"office": progress.office.name, "period": year.period}
    title = _("%(office)s: figures for %(period)s") % names
    if progress.state == Submission.State.RETURNED and submission is not None:
        text = _("Returned with this note: %(note)s") % {"note": submission.return_note}
        return Matter(RETURNED, title, text, url, _("Change the figures"), "returned")
    if progress.state != Submission.State.DRAFT:
        return None
    due = formats.day(year.due_on, get_language() or "en")
    text = _("%(entered)s of %(due)s figures entered; due on %(day)s.") % {
        "entered": progress.entered,
        "due": progress.due,
        "day": due,
    }
    late = progress.days_late and not year.by_exception
    return Matter(
        LATE if late else ENTER, title, text, url, _("Enter figures"), "late" if late else "draft"
    )


def _decisions(user: User, today: date) -> Iterator[Matter]:
    """One matter for each submission that waits, so that it says what it is."""
    for one in approval_queue(user, today=today):
        names = {"office": one.submission.office.name, "period": one.submission.period}
        title = _("%(office)s, %(period)s, waits for approval") % names
        text = ngettext("Waiting for %(days)s day.", "Waiting for %(days)s days.", one.days) % {
            "days": in_words(one.days)
        }
        if one.own:
            text = _("You submitted this yourself. Another approver of the office decides on it.")
        yield Matter(
            READ if one.own else DECIDE,
            title,
            text,
            reverse("submission", args=[one.submission.pk]),
            _("Read") if one.own else _("Decide"),
            "submitted",
        )


def _assurance(user: User, today: date) -> Iterator[Matter]:
    late = late_offices(user, today=today)
    if late:
        sentence = ngettext(
            "%(number)s office is late with its figures",
            "%(number)s offices are late with their figures",
            len(late),
        )
        longest = ", ".join(str(one.progress.office.name) for one in late[:3])
        yield Matter(
            LATE,
            begin(sentence % {"number": in_words(len(late))}),
            longest,
            reverse("period", args=[late[0].period.code]),
            _("See who"),
            "late",
        )
    to_verify = verification_queue(user, today=today)
    if to_verify:
        sentence = ngettext(
            "%(number)s submission waits to be verified",
            "%(number)s submissions wait to be verified",
            len(to_verify),
        )
        yield Matter(
            VERIFY,
            begin(sentence % {"number": in_words(len(to_verify))}),
            "",
            reverse("submissions"),
            _("Verify"),
            "approved",
        )


def _pages(roles: frozenset[str]) -> Iterator[Matter]:
    """Where those go who have nothing to decide here."""
    overview = {Role.MANAGER, Role.QUALITY_ASSURANCE, Role.REPORT_EDITOR}
    if roles & overview:
        text = _("Results, who has reported, what waits for a decision.")
        yield Matter(READ, _("Overview"), text, reverse("overview"), _("Open the overview"))
    if Role.REPORT_EDITOR in roles:
        text = _("Assemble, clear and issue what goes to the governing bodies.")
        yield Matter(READ, _("Reports"), text, reverse("reports"), _("Open the reports"))
    elif roles & {Role.COMMITTEE, Role.EVALUATION_OFFICER, Role.MANAGER}:
        text = _("What was issued, with its files.")
        yield Matter(READ, _("Issued reports"), text, reverse("reports"), _("Read the reports"))
    if Role.QUALITY_ASSURANCE in roles:
        text = _("Open and close years, grant exceptions.")
        yield Matter(READ, _("Periods"), text, reverse("periods"), _("Open the periods"))
    if roles & {Role.COMMITTEE, Role.EVALUATION_OFFICER, Role.ADMINISTRATOR}:
        text = _("Where each indicator stands, from approved figures.")
        yield Matter(READ, _("Results"), text, reverse("results"), _("Read the results"))


def _heading(matters: list[Matter]) -> str:
    waiting = sum(1 for matter in matters if matter.urgency < READ)
    if not waiting:
        return _("Nothing waits for you today")
    return begin(
        ngettext("%(number)s thing waits for you", "%(number)s things wait for you", waiting)
        % {"number": in_words(waiting)}
    )


def work_list(user: User, *, today: date) -> WorkList:
    """Everything that waits for this person, the most urgent first."""
    entries = (_entry(year) for year in open_years(user, today=today))
    matters = [matter for matter in entries if matter is not None]
    matters += _decisions(user, today)
    if Role.QUALITY_ASSURANCE in holdings(user).roles:
        matters += _assurance(user, today)
    matters += _pages(holdings(user).roles)
    matters.sort(key=lambda matter: matter.urgency)
    shown = tuple(matters[:AT_MOST])
    return WorkList(shown, len(matters) - len(shown), _heading(matters))
