"""Two documents to compare: of two issued reports, or of one report as it was and is in work."""

from dataclasses import dataclass

from reporting import permissions
from reporting.document import Document, from_json
from reporting.models import Report, ReportDocument
from reporting.queries.reports import Person, visible_report

DRAFT = "draft"
"""What to compare with for the working document before this one."""


@dataclass(frozen=True)
class Compared:
    """The earlier and the later document with their reports. The same report: one in work."""

    was: Document
    now: Document
    earlier: Report
    later: Report

    @property
    def is_in_work(self) -> bool:
        """True for two working documents of one report."""
        return self.earlier == self.later


def others(report: Report, user: Person) -> list[Report]:
    """The issued reports that this one can be compared with; those of its kind first. One query."""
    found = (
        Report.objects.filter(permissions.seen_by(user), state=Report.State.ISSUED)
        .filter(corrects__isnull=True)
        .exclude(pk=report.pk)
        .select_related("period")
    )
    return sorted(found, key=lambda one: (one.kind != report.kind, one.kind, -one.period.end.year))


def comparison(report: Report, other: str, user: Person) -> Compared | None:
    """The report and another issued one, in the order of their periods; or None.

    None if the person may not see one of them, or one is not issued. Two queries.
    """
    found = visible_report(other, user)
    if found is None or found.pk == report.pk:
        return None
    pair = sorted((report, found), key=lambda one: (one.period.end, one.period.start, one.pk))
    documents = [one.document for one in pair if one.state == Report.State.ISSUED]
    if len(documents) < len(pair) or None in documents:
        return None
    was, now = (from_json(row.content.encode()) for row in documents if row is not None)
    return Compared(was, now, pair[0], pair[1])


def in_work(report: Report, user: Person) -> Compared | None:
    """The working document of a report and the one before it; None without two. One query.

    For those who see the work. A corrigendum has the report as it then reads frozen between its own
    documents.
    """
    if not permissions.sees_work(user) or report.document is None:
        return None
    step = 1 if report.corrects_id is None else 2
    earlier = ReportDocument.objects.filter(
        report=report, number=report.document.number - step
    ).first()
    if earlier is None:
        return None
    was, now = (from_json(row.content.encode()) for row in (earlier, report.document))
    return Compared(was, now, report, report)
