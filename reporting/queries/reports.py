"""Reads of reports: what a person may see, and nothing else."""

import hashlib
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from indicators.queries.gaps import unapproved
from organization.models import User
from reporting import permissions, storage
from reporting.document import Document, from_json
from reporting.kinds import KINDS
from reporting.models import Rendering, Report, ReportDocument
from reporting.queries.work import ReportWork, work_on
from reporting.rendering import CONTENT_TYPES, EXTENSIONS, render

Person = User | AnonymousUser


@dataclass(frozen=True)
class ReportRow:
    """A report in a list, with its files."""

    report: Report
    kind_title: str
    renderings: tuple[Rendering, ...]


@dataclass(frozen=True)
class ReportPage:
    """A report as its page shows it to one person."""

    report: Report
    kind_title: str
    document: Document | None
    document_row: ReportDocument | None
    renderings: tuple[Rendering, ...]
    work: ReportWork | None
    gaps: tuple[str, ...]
    may_assemble: bool
    may_clear: bool
    may_issue: bool


@dataclass(frozen=True)
class RenderedFile:
    """A file to be downloaded."""

    content: bytes
    sha256: str
    filename: str
    content_type: str


def title_of(kind: str) -> str:
    """What a kind of report is called."""
    return str(KINDS[kind].title) if kind in KINDS else kind


def visible_reports(user: Person) -> list[ReportRow]:
    """Issued reports for their audience, those in work for staff; newest period first.

    Two queries. A corrigendum is a report as well, with the corrected one in `corrects`.
    """
    reports = (
        Report.objects.filter(permissions.seen_by(user))
        .select_related("period", "document", "corrects__period")
        .prefetch_related("document__renderings")
    )
    return [
        ReportRow(
            report,
            title_of(report.kind),
            tuple(report.document.renderings.all()) if report.document else (),
        )
        for report in reports
    ]


def visible_report(slug: str, user: Person) -> Report | None:
    """The report if the person may see it; None also if there is none of that name."""
    return _seen(Report.objects.filter(slug=slug), user)


def report_of_symbol(symbol: str, user: Person) -> Report | None:
    """The issued report with this symbol, if the person may see it. One query."""
    return _seen(Report.objects.filter(symbol=symbol), user) if symbol else None


def _seen(rows: QuerySet[Report], user: Person) -> Report | None:
    people = ("issued_by", "cleared_by")
    report = rows.select_related("period", "document", "corrects__period", *people).first()
    return report if report and permissions.may_see(user, report) else None


def report_page(slug: str, user: Person) -> ReportPage | None:
    """Everything on a report's page; None if the person may not see it. Eight queries at most."""
    report = visible_report(slug, user)
    if report is None:
        return None
    row, sees_work = report.document, permissions.sees_work(user)
    in_work = sees_work and report.state != Report.State.ISSUED
    kind = KINDS.get(report.kind)
    document = from_json(row.content.encode()) if row else None
    renderings = tuple(row.renderings.all()) if row else ()
    languages = document.languages if document else ()
    return ReportPage(
        report=report,
        kind_title=title_of(report.kind),
        document=document,
        document_row=row,
        renderings=renderings,
        work=work_on(report, row, renderings, languages, user) if sees_work else None,
        gaps=tuple(gap.sentence for gap in unapproved(levels=kind.levels, period=report.period))
        if in_work and kind
        else (),
        may_assemble=in_work
        and report.corrects_id is None
        and permissions.may_assemble(user),
        may_clear=report.state == Report.State.ASSEMBLED and permissions.may_issue(user),
        may_issue=report.state == Report.State.CLEARED and permissions.may_issue(user),
    )


def rendering_file(slug: str, language: str, format: str, user: Person) -> RenderedFile | None:
    """A file of the report's document, if the person may see the report and the file was made.

    If the stored file is missing or was altered it is made again from the frozen document, which
    gives the same bytes; other bytes than those of the record are never given out.
    """
    report = visible_report(slug, user)
    if report is None or report.document is None:
        return None
    rendering = report.document.renderings.filter(language=language, format=format).first()
    if rendering is None:
        return None
    content = storage.read(rendering.sha256, format)
    if content is None:
        content = render(from_json(report.document.content.encode()), language, format)
        if hashlib.sha256(content).hexdigest() != rendering.sha256:
            return None
        storage.keep(content, format)
    return RenderedFile(
        content, rendering.sha256, f"{slug}.{language}.{EXTENSIONS[format]}", CONTENT_TYPES[format]
    )
