"""Reads of what waits for one person: the sections of their offices, over all reports."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise

from organization.models import User
from reporting import permissions_narrative as permissions
from reporting.assembly.composer import Place
from reporting.kinds import KINDS
from reporting.models import LeadTime, Report, Section, SectionText, Slot
from reporting.queries.narrative import written_places


@dataclass(frozen=True)
class MySection:
    """A section of the person's offices, in whichever report. `due` is when it must be written."""

    section: Section
    place: Place
    words: int
    due: date | None

    @property
    def report_title(self) -> str | Promise:
        """What the report is called."""
        return KINDS[self.section.report.kind].title


def my_sections(user: User) -> list[MySection]:
    """The sections that a person's offices write in reports that are not cleared yet.

    For the report editor also those that were sent for clearance. Two queries a kind of report
    for the plan's words, and four besides.
    """
    mine = permissions.offices_of(user)
    rows = [
        row
        for row in Section.objects.exclude(
            report__state__in=[Report.State.CLEARED, Report.State.ISSUED]
        )
        .select_related("report__period", "report__session", "office", "writer")
        .order_by("report__period__end", "report__kind", "pk")
        if (row.office_id in mine and permissions.may_read(user, row))
        or (permissions.edits(user) and row.state == Section.State.SENT)
    ]
    words = {
        (text.section_id, text.language): text.words
        for text in SectionText.objects.filter(section__in=[row.pk for row in rows]).only(
            "section_id", "language", "words"
        )
    }
    kinds = {row.report.kind for row in rows}
    at = {(kind, place.code): place for kind in kinds for place in written_places(kind)}
    due = _due_days({row.report for row in rows})
    return [
        MySection(
            row,
            at[row.report.kind, row.code],
            words.get((row.pk, row.original), 0),
            due.get(row.report_id),
        )
        for row in rows
        if (row.report.kind, row.code) in at
    ]


def _due_days(reports: Iterable[Report]) -> dict[int, date]:
    """The day by which each report's text must be written, where its session is known."""
    slots = {
        (slot.kind, slot.period_id): slot.session for slot in Slot.objects.select_related("session")
    }
    days = dict(
        LeadTime.objects.filter(step=LeadTime.Step.DRAFT).values_list("body", "days").order_by()
    )
    found = {}
    for report in reports:
        session = report.session or slots.get((report.kind, report.period_id))
        if session and session.body in days:
            found[report.pk] = session.starts_on - timedelta(days=days[session.body])
    return found
