"""What waits for a person, over all their roles: late first, at most seven until all are asked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.models import Remark, Submission
from indicators.pages.number_words import begin, in_words
from indicators.queries.calendar import Duty, duties
from indicators.queries.progress import Waiting, approval_queue
from indicators.queries.remarks import open_remarks
from indicators.queries.waiting import verification_queue
from organization.models import Role, User
from organization.permissions import holdings

AT_MOST = 7
LATE_SHOWN = 5
# The order in which matters stand; within it the earliest due date first.
LATE, RETURNED, ASKED, DECIDE, ENTER, VERIFY, READ = range(7)


@dataclass(frozen=True)
class Line:
    """A single figure that somebody said something about."""

    code: str
    url: str
    text: str


@dataclass(frozen=True)
class LateLine:
    """An office that is late, as the button beside it names it: `ROAP/2017`."""

    key: str
    name: str
    text: str


@dataclass(frozen=True)
class Matter:
    """One thing to do: what, more about it, where, and what the button says.

    `entered` of `due` figures are drawn as a bar; `due` is 0 where there is nothing to draw.
    """

    urgency: int
    title: str
    text: str
    url: str
    action: str
    state: str = ""
    note: str = ""
    entered: int = 0
    due: int = 0
    lines: tuple[Line, ...] = ()
    late: tuple[LateLine, ...] = ()
    more_late: int = 0
    due_on: date = date.max

    @property
    def is_to_do(self) -> bool:
        """False for a page that one may read."""
        return self.urgency < READ


@dataclass(frozen=True)
class WorkList:
    """The matters shown, how many more there are, and what stands above them."""

    matters: tuple[Matter, ...]
    more: int
    heading: str
    deck: str

    @property
    def is_idle(self) -> bool:
        """True if there is nothing to do, whatever there is to read."""
        return not any(matter.is_to_do for matter in self.matters)


def _owed(duty: Duty, notes: Sequence[Remark], today: date) -> Matter:
    """An open year of one of the person's offices that is not handed in."""
    progress, submission = duty.progress, duty.progress.submission
    url = reverse("office-period", args=[progress.office.code, duty.period.code])
    names = {"office": progress.office.name, "period": duty.period}
    late = duty.days_late(today)
    is_returned = progress.state == Submission.State.RETURNED and submission is not None
    state = "returned" if is_returned else "late" if late else "draft"
    return Matter(
        urgency=LATE if late else RETURNED if is_returned else ENTER,
        title=_("%(office)s: figures for %(period)s") % names,
        text=f"{_how_far(duty)}{_days_late(late)}",
        url=f"{url}?show=todo",
        action=_("Change the figures") if is_returned else _("Enter figures"),
        state=state,
        note=submission.return_note if is_returned and submission is not None else "",
        entered=progress.entered,
        due=progress.due,
        lines=tuple(_lines(notes)) if is_returned else (),
        due_on=duty.due_on,
    )


def _how_far(duty: Duty) -> str:
    return _("%(entered)s of %(due)s figures entered; due on %(day)s.") % {
        "entered": duty.progress.entered,
        "due": duty.progress.due,
        "day": formats.day(duty.due_on, get_language() or "en"),
    }


def _days_late(days: int) -> str:
    if not days:
        return ""
    words = ngettext("%(days)s day late.", "%(days)s days late.", days)
    return " " + begin(words % {"days": in_words(days)})


def _lines(remarks: Sequence[Remark]) -> Iterator[Line]:
    for remark in remarks:
        codes = [remark.office.code, remark.period.code, remark.indicator.code]
        page = "figure-queries" if remark.kind == Remark.Kind.QUERY else "office-figure"
        yield Line(remark.indicator.code, reverse(page, args=codes), remark.text)


def _asked(remarks: Sequence[Remark]) -> Matter:
    """The open queries on one office's figures of a year."""
    first = remarks[0]
    sentence = ngettext(
        "%(office)s, %(period)s: %(number)s question is open",
        "%(office)s, %(period)s: %(number)s questions are open",
        len(remarks),
    )
    names = {"office": first.office.name, "period": first.period}
    lines = tuple(_lines(remarks))
    return Matter(
        urgency=ASKED,
        title=sentence % (names | {"number": in_words(len(remarks))}),
        text="",
        url=lines[0].url,
        action=_("Answer"),
        lines=lines,
        due_on=first.made_at.date(),
    )


def _entries(user: User, found: Sequence[Duty], today: date) -> Iterator[Matter]:
    """What the person's offices owe, what came back, and what is asked about their figures."""
    mine = holdings(user).offices_as(Role.CONTRIBUTOR)
    if not mine:
        return
    remarks: dict[tuple[str, int, int], list[Remark]] = defaultdict(list)
    for remark in open_remarks(offices=mine):
        remarks[remark.kind, remark.office_id, remark.period_id].append(remark)
    for duty in found:
        if duty.progress.office.pk in mine and duty.is_owed:
            key = (Remark.Kind.RETURN, duty.progress.office.pk, duty.period.pk)
            yield _owed(duty, remarks.get(key, ()), today)
    for (kind, _office, _period), members in remarks.items():
        if kind == Remark.Kind.QUERY:
            yield _asked(members)


def _decisions(queue: Sequence[Waiting]) -> Iterator[Matter]:
    """One matter for each submission that waits, so that it says what it is."""
    for one in queue:
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


def _late(found: Sequence[Duty], today: date) -> Iterator[Matter]:
    """The offices that are late, longest first, each with a reminder to send."""
    late = sorted(
        (duty for duty in found if duty.days_late(today)),
        key=lambda duty: -duty.days_late(today),
    )
    if not late:
        return
    sentence = ngettext(
        "%(number)s office is late with its figures",
        "%(number)s offices are late with their figures",
        len(late),
    )
    yield Matter(
        LATE,
        begin(sentence % {"number": in_words(len(late))}),
        "",
        reverse("period", args=[late[0].period.code]),
        _("See who"),
        "late",
        late=tuple(_late_line(duty, today) for duty in late[:LATE_SHOWN]),
        more_late=max(0, len(late) - LATE_SHOWN),
        due_on=late[0].due_on,
    )


def _late_line(duty: Duty, today: date) -> LateLine:
    office = duty.progress.office
    return LateLine(
        key=f"{office.code}/{duty.period.code}",
        name=_("%(office)s, %(period)s") % {"office": office.name, "period": duty.period},
        text=f"{_how_far(duty)}{_days_late(duty.days_late(today))}",
    )


def _to_verify(user: User, today: date) -> Iterator[Matter]:
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
        text = _("What offices still have to enter, explain, prove or answer.")
        url = reverse("readiness")
        yield Matter(READ, _("What the next report lacks"), text, url, _("See what is missing"))
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


def _heading(matters: Sequence[Matter]) -> str:
    waiting = sum(1 for matter in matters if matter.is_to_do)
    if not waiting:
        return _("Nothing waits for you today")
    return begin(
        ngettext("%(number)s thing waits for you", "%(number)s things wait for you", waiting)
        % {"number": in_words(waiting)}
    )


def _deck(queue: Sequence[Waiting]) -> str:
    """How old the oldest decision is; nothing while it is fresh."""
    oldest = max((one.days for one in queue if not one.own), default=0)
    if not oldest:
        return ""
    sentence = ngettext(
        "The oldest submission has waited for %(days)s day.",
        "The oldest submission has waited for %(days)s days.",
        oldest,
    )
    return sentence % {"days": in_words(oldest)}


def work_list(user: User, *, today: date, everything: bool = False) -> WorkList:
    """Everything that waits for this person, the most urgent first; seven unless all are asked."""
    roles = holdings(user).roles
    is_officer = Role.QUALITY_ASSURANCE in roles
    mine = None if is_officer else holdings(user).offices_as(Role.CONTRIBUTOR)
    found = duties(today=today, readable=mine) if is_officer or mine else []
    queue = approval_queue(user, today=today)
    matters = [*_entries(user, found, today), *_decisions(queue)]
    if is_officer:
        matters += [*_late(found, today), *_to_verify(user, today)]
    matters += _pages(roles)
    matters.sort(key=lambda matter: (matter.urgency, matter.due_on))
    shown = tuple(matters if everything else matters[:AT_MOST])
    return WorkList(shown, len(matters) - len(shown), _heading(matters), _deck(queue))
