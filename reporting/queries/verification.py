"""Is an issued report what it was when it was issued? Its document, its files, their trail.

Whoever gets past the guards of the database can change a document together with its hash, but not
the entry of the audit trail that kept the hash (`manage.py verify_audit` proves the trail).
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from habitat_plan.kit.errors import RuleBroken
from organization.models import AuditEntry
from reporting import storage
from reporting.document import Document, from_json, to_json
from reporting.document_json import UnreadableDocument
from reporting.models import Rendering, Report, ReportDocument
from reporting.queries.work import work_on
from reporting.rendering import render

DOCUMENT = "document"
NOT_MADE = "not made yet"


@dataclass(frozen=True)
class Finding:
    """What was found of one thing, the document or a file: all that differs, or a note.

    That a file is not made yet is no difference.
    """

    what: str
    differences: tuple[str, ...]
    note: str = ""

    @property
    def line(self) -> str:
        """What was found, in one line."""
        return "; ".join(self.differences) or self.note


def verify(report: Report) -> Iterator[Finding]:
    """Checks an issued report: first its document, then each of its files, made anew."""
    row = report.document
    if row is None:
        yield Finding(DOCUMENT, ("it is missing",))
        return
    try:
        document = from_json(row.content.encode())
    except (UnreadableDocument, ValueError) as error:
        yield Finding(DOCUMENT, (*_stored(report, row), f"it cannot be read: {error}"))
        return
    differences = (*_stored(report, row), *_read(report, row, document))
    yield Finding(DOCUMENT, differences, _as_issued(len(row.content.encode())))
    made = list(row.renderings.all())
    trail = _trail(made)
    for rendering in made:
        yield _file(rendering, document, trail)
    for file in work_on(report, row, made, document.languages, AnonymousUser()).files:
        if (file.language, file.format) not in {(one.language, one.format) for one in made}:
            yield Finding(f"{file.language} {file.format}", (), NOT_MADE)


def _stored(report: Report, row: ReportDocument) -> Iterator[str]:
    """The stored text beside the hashes that were kept of it."""
    if hashlib.sha256(row.content.encode()).hexdigest() != row.sha256:
        yield "its SHA-256 is not the recorded one"
    entry = (
        AuditEntry.objects.filter(
            action="issue report",
            subject_type=report._meta.label_lower,
            subject_id=str(report.pk),
        )
        .order_by("-number")
        .first()
    )
    if entry is None:
        yield "the audit trail does not know of its issue"
    elif entry.changes.get("document", [None, ""])[1] != row.sha256:
        yield "the audit trail kept another SHA-256 when it was issued"


def _read(report: Report, row: ReportDocument, document: Document) -> Iterator[str]:
    """The document read back: the same bytes, the symbol and the date of the report."""
    if to_json(document) != row.content.encode():
        yield "written again it gives other bytes"
    masthead = document.masthead
    if (masthead.symbol, masthead.date) != (report.symbol, report.issued_on):
        yield "it bears another symbol or date than the report"


def _file(rendering: Rendering, document: Document, trail: Mapping[str, str]) -> Finding:
    """One file: made anew, as it is stored, and as the trail knows it."""
    differences = []
    try:
        content = render(document, rendering.language, rendering.format)
    except RuleBroken as broken:
        differences.append(f"it cannot be made again: {broken.message}")
    else:
        if hashlib.sha256(content).hexdigest() != rendering.sha256:
            differences.append("made again it gives other bytes")
        elif len(content) != rendering.size:
            differences.append("its recorded size is wrong")
    if trail.get(str(rendering.pk)) != rendering.sha256:
        differences.append("the audit trail kept another SHA-256 when it was made")
    if not storage.path_of(rendering.sha256, rendering.format).exists():
        differences.append("the stored file is missing")
    elif storage.read(rendering.sha256, rendering.format) is None:
        differences.append("the stored file was altered")
    what = f"{rendering.language} {rendering.format}"
    return Finding(what, tuple(differences), _as_issued(rendering.size))


def _as_issued(size: int) -> str:
    return f"as it was issued, {size:,} bytes"


def _trail(renderings: list[Rendering]) -> dict[str, str]:
    """The hash that the audit trail kept of each file, by the number of its row."""
    if not renderings:
        return {}
    entries = AuditEntry.objects.filter(
        action="make file",
        subject_type=Rendering._meta.label_lower,
        subject_id__in=[str(one.pk) for one in renderings],
    )
    return {entry.subject_id: entry.changes["file"][1] for entry in entries}
