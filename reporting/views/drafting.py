"""What the pages of a draft show: the outline with its states, one section to write, versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from organization.models import Office, User
from reporting import permissions
from reporting import permissions_narrative as rights
from reporting.kinds import KINDS
from reporting.models import Report, Section
from reporting.queries.calendar import CalendarStep, steps_of
from reporting.queries.narrative import (
    Draft,
    SectionRow,
    draft,
    title_of,
    turn_of,
)

FULL = 100
State = Section.State


@dataclass(frozen=True)
class Tag:
    """A state of a section as the components of tags know it, with its word."""

    state: str
    label: str


@dataclass(frozen=True)
class Gauge:
    """Words against the limit; the sentence says the number, also past the limit."""

    percent: int
    sentence: str
    is_over: bool


@dataclass(frozen=True)
class OutlineLine:
    """One section in the outline."""

    code: str
    title: str | Promise
    office: Office | None
    writer: User | None
    tag: Tag
    gauge: Gauge
    url: str
    current: bool = False
    comments: int = 0


@dataclass(frozen=True)
class Matter:
    """A line of the readiness list: how many, of what, where."""

    number: int
    label: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class DraftPage:
    """The overview of a draft."""

    draft: Draft
    title: str | Promise
    heading: str
    lines: tuple[OutlineLine, ...]
    matters: tuple[Matter, ...]
    steps: tuple[CalendarStep, ...]
    words: str
    sees_report: bool
    sees_readiness: bool


def report_of(slug: str, user: User) -> Report:
    """The report, or one that nobody began yet for those who open it; 404 for all others."""
    found = Report.objects.filter(slug=slug).select_related("period", "session").first()
    if found is not None:
        return found
    turn = turn_of(slug) if rights.reads_sent(user) else None
    if turn is None:
        raise Http404
    return Report(kind=turn[0], period=turn[1], slug=slug)


def draft_page(slug: str, user: User, *, today: date) -> DraftPage:
    """The overview, 404 for those who neither read drafts nor write in this one."""
    report = report_of(slug, user)
    found = draft(report, user, today=today) if report.pk else _unopened(report, user)
    if found is None:
        raise Http404
    lines = tuple(line_of(row, report) for row in found.rows)
    matters = tuple(_matters(found, report))
    written = sum(row.words for row in found.rows)
    allowed = sum(row.outline.words for row in found.rows)
    return DraftPage(
        draft=found,
        title=KINDS[report.kind].title,
        heading=_heading(matters, found),
        lines=lines,
        matters=matters,
        steps=steps_of(report.kind, report.period, today),
        words=_("%(written)s of %(allowed)s words")
        % {"written": _count(written), "allowed": _count(allowed)},
        sees_report=permissions.may_see(user, report),
        sees_readiness=permissions.prepares(user),
    )


def _count(number: int) -> str:
    return formats.figure(number, 0, get_language() or "en")


def _unopened(report: Report, user: User) -> Draft:
    return Draft(report, (), rights.edits(user), rights.may_open(user), is_frozen=False)


def _heading(matters: Sequence[Matter], found: Draft) -> str:
    if not found.rows:
        return _("Nobody has begun to write this report")
    if found.is_frozen:
        return _("The texts of this report are frozen")
    count = sum(one.number for one in matters)
    if not count:
        return _("Nothing stands between the texts and clearance")
    return ngettext(
        "One thing stands between the texts and clearance",
        "%(count)s things stand between the texts and clearance",
        count,
    ) % {"count": count}


def _matters(found: Draft, report: Report) -> list[Matter]:
    def at(rows: Sequence[SectionRow]) -> tuple[tuple[str, str], ...]:
        return tuple((str(title_of(row.place)), _address(report, row)) for row in rows)

    stale = [row for row in found.rows if row.stale]
    unresolved = [row for row in found.rows if row.without_figure]
    empty = [row for row in found.rows if not row.is_written]
    over = [row for row in found.rows if row.over]
    waiting = [
        row
        for row in found.rows
        if row.is_written and row.section and row.section.state != State.CLEARED
    ]
    return [
        Matter(sum(len(row.stale) for row in stale),
               _("figures that changed after they were written"), at(stale)),
        Matter(sum(row.without_figure for row in unresolved),
               _("references without a figure"), at(unresolved)),
        Matter(len(empty), _("sections not begun"), at(empty)),
        Matter(len(waiting), _("sections not accepted yet"), at(waiting)),
        Matter(len(over), _("sections over their limit"), at(over)),
    ]  # fmt: skip


def _address(report: Report, row: SectionRow) -> str:
    return reverse("report-section", args=[report.slug, row.code]) if row.may_read else ""


def line_of(row: SectionRow, report: Report, *, current: str = "") -> OutlineLine:
    """One line of the outline; its address only for whoever may read the text."""
    section = row.section
    return OutlineLine(
        code=row.code,
        title=title_of(row.place),
        office=section.office if section else None,
        writer=section.writer if section else None,
        tag=tag_of(row),
        gauge=gauge_of(row.words, row.outline.words),
        url=_address(report, row),
        current=row.code == current,
        comments=row.comments if row.may_read else 0,
    )


def tag_of(row: SectionRow) -> Tag:
    """Where a section stands: what needs its writer first, then its state."""
    section = row.section
    if section is None or (not row.is_written and section.state == State.DRAFT):
        return Tag("planned", _("Not begun"))
    if count := row.without_figure:
        said = ngettext(
            "%(count)s reference without a figure", "%(count)s references without a figure", count
        )
        return Tag("late", said % {"count": count})
    if count := len(row.stale):
        said = ngettext("%(count)s stale figure", "%(count)s stale figures", count)
        return Tag("late", said % {"count": count})
    return state_tag(section.state)


def state_tag(state: str) -> Tag:
    """The step that a section has reached."""
    return {
        State.DRAFT: Tag("draft", pgettext("section", "Writing")),
        State.SHARED: Tag("draft", pgettext("section", "Shared with the office")),
        State.SENT: Tag("submitted", pgettext("section", "In clearance")),
        State.RETURNED: Tag("returned", pgettext("section", "Returned")),
        State.CLEARED: Tag("approved", pgettext("section", "Cleared")),
    }[State(state)]


def gauge_of(words: int, limit: int) -> Gauge:
    """The gauge of a section."""
    if not limit:
        return Gauge(0, ngettext("%(n)s word", "%(n)s words", words) % {"n": words}, is_over=False)
    over = max(0, words - limit)
    said = _("%(words)s of %(limit)s words") % {"words": words, "limit": limit}
    if over:
        said = _("%(words)s of %(limit)s words, %(over)s over") % {
            "words": words, "limit": limit, "over": over,
        }  # fmt: skip
    return Gauge(min(FULL, words * FULL // limit), said, over > 0)
