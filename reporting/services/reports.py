"""Assembling reports and making their files. What is frozen here the database refuses to change."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period, Result
from habitat_plan.kit.errors import RuleBroken
from indicators.queries.gaps import unapproved
from jobs import services as jobs
from jobs.models import Job
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit
from reporting import storage
from reporting.assembly import Snapshot, compose, take
from reporting.document import SCHEMA_VERSION, Document, fingerprint, from_json, to_json
from reporting.kinds import ASSEMBLE, KINDS, ReportKind, may_print
from reporting.models import Rendering, Report, ReportDocument
from reporting.permissions import STEERS_WORK
from reporting.queries.work import assembly_key
from reporting.rendering import render


def kind_for(code: str, period: Period) -> ReportKind:
    """The declared kind, if it is made for this period.

    Raises RuleBroken `unknown_report`, `wrong_period`, and `plan_level_refused` if the kind would
    print plan-level indicators outside the mid-term and final reports (p.93).
    """
    offered = {code: kind for code, kind in KINDS.items() if not kind.corrects}
    kind = offered.get(code)
    if kind is None:
        raise RuleBroken(
            "unknown_report",
            _("%(kind)s is not a kind of report. Choose one of: %(kinds)s.")
            % {"kind": code, "kinds": ", ".join(offered)},
            "kind",
        )
    if period.kind not in kind.periods:
        raise RuleBroken(
            "wrong_period",
            _("%(kind)s is not made for %(period)s. Choose one of these periods: %(periods)s.")
            % {"kind": kind.title, "period": period, "periods": ", ".join(
                str(one) for one in Period.objects.filter(kind__in=kind.periods)
            )},
            "period",
        )
    refuse_plan_level(kind, kind.levels)
    return kind


def refuse_plan_level(kind: ReportKind, levels: Sequence[str]) -> None:
    """Raises RuleBroken `plan_level_refused` if a level may not stand in this kind (p.93)."""
    for level in levels:
        if not may_print(kind, level):
            raise RuleBroken(
                "plan_level_refused",
                _(
                    "%(level)s indicators cannot stand in this report: paragraph 93 of the plan "
                    "has them reported twice only, at mid-term and at the end. Take them out."
                )
                % {"level": Result.Level(level).label},
            )


@transaction.atomic
def plan_report(*, kind: ReportKind, period: Period, by: User, at: datetime) -> Report:
    """The report of a kind and period, made as planned if there is none; locked for writing.

    Raises NotAllowed.
    """
    require(by, *STEERS_WORK)
    slug = f"{kind.code.replace('_', '-')}-{period.code}"
    report, made = Report.objects.select_for_update().get_or_create(
        kind=kind.code, period=period, defaults={"slug": slug}
    )
    if made:
        changes = {"state": (None, report.state)}
        audit.record(action="plan report", subject=report, by=by, at=at, changes=changes)
    return report


def refuse_issued(report: Report) -> None:
    """Raises RuleBroken `issued` if the report is out."""
    if report.state == Report.State.ISSUED:
        raise RuleBroken(
            "issued",
            _(
                "This report was issued as %(symbol)s and stays as it is. "
                "A later correction of a figure leads to a corrigendum."
            )
            % {"symbol": report.symbol},
        )


def require_complete(*, kind: ReportKind, period: Period, confirmed: bool) -> list[str]:
    """Sentences naming what is not approved, by office, if the officer confirmed to go on.

    Raises RuleBroken `gaps` with these sentences as details otherwise.
    """
    sentences = [gap.sentence for gap in unapproved(levels=kind.levels, period=period)]
    if sentences and not confirmed:
        raise RuleBroken(
            "gaps",
            _(
                "Not all figures are approved. Have these approved, or confirm as quality "
                "assurance officer that they are printed as not reported."
            ),
            details=tuple(sentences),
        )
    return sentences


@transaction.atomic
def request_assembly(
    *,
    kind: str,
    period: Period,
    by: User,
    at: datetime,
    language: str,
    confirm_gaps: bool = False,
) -> Job:
    """Asks for a report to be assembled in the background; asking twice makes one job.

    Raises NotAllowed, and RuleBroken `unknown_report`, `wrong_period`, `plan_level_refused`,
    `issued`, `gaps`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    declared = kind_for(kind, period)
    report = plan_report(kind=declared, period=period, by=by, at=at)
    refuse_issued(report)
    require_complete(kind=declared, period=period, confirmed=confirm_gaps)
    number = report.documents.count() + 1
    return jobs.enqueue(
        kind=ASSEMBLE,
        key=assembly_key(report.slug, number),
        payload={"report": report.slug, "number": number, "confirm_gaps": confirm_gaps},
        by=by,
        at=at,
        language=language,
    )


@contextmanager
def at_one_moment() -> Iterator[None]:
    """A transaction in which all queries see the same data, whatever others commit meanwhile.

    SQLite does so always, PostgreSQL if it is told before the first query.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def nothing() -> None:
    """Nobody is told."""


def assemble(
    *,
    report: Report,
    number: int,
    confirm_gaps: bool,
    by: User,
    at: datetime,
    told: Callable[[], None] = nothing,
) -> ReportDocument:
    """Freezes document `number` of a report from the figures approved now.

    Done again for the same number it returns what is frozen already, so that a job that was
    interrupted makes no second report. `told` is called when all is read and before it is
    composed and frozen; what it raises stops the assembly.
    """
    require(by, Role.QUALITY_ASSURANCE)
    kind = kind_for(report.kind, report.period)
    with at_one_moment():
        if frozen := report.documents.filter(number=number).first():
            return frozen
        report = Report.objects.select_related("period").get(pk=report.pk)
        refuse_issued(report)
        gaps = require_complete(kind=kind, period=report.period, confirmed=confirm_gaps)
        snapshot = take(kind=kind, period=report.period, at=at, report=report)
    told()
    return _freeze(report, number, snapshot, gaps, by, at)


@at_one_moment()
def assemble_now(
    *, kind: ReportKind, period: Period, confirm_gaps: bool, by: User, at: datetime
) -> ReportDocument:
    """Assembles the next document of a report at once, for a shell; the pages ask for a job."""
    require(by, Role.QUALITY_ASSURANCE)
    report = plan_report(kind=kind, period=period, by=by, at=at)
    number = report.documents.count() + 1
    return assemble(report=report, number=number, confirm_gaps=confirm_gaps, by=by, at=at)


@transaction.atomic
def _freeze(
    report: Report, number: int, snapshot: Snapshot, gaps: list[str], by: User, at: datetime
) -> ReportDocument:
    """The frozen row, or the one that another worker was quicker to freeze."""
    document = compose(snapshot)
    report = Report.objects.select_for_update().get(pk=report.pk)
    if frozen := report.documents.filter(number=number).first():
        return frozen
    refuse_issued(report)
    row = ReportDocument.objects.create(
        report=report,
        number=number,
        schema_version=SCHEMA_VERSION,
        content=to_json(document).decode(),
        sha256=fingerprint(document),
        gaps=gaps,
        gaps_confirmed_by=by if gaps else None,
        assembled_at=at,
        assembled_by=by,
    )
    before, report.state, report.document = report.state, Report.State.ASSEMBLED, row
    report.session = snapshot.session
    report.cleared_at = report.cleared_by = None
    report.save()
    record_step(report, "assemble report", before, row, by, at)
    return row


def record_step(
    report: Report, action: str, before: str, row: ReportDocument | None, by: User, at: datetime
) -> None:
    """Leaves the step a report took in the audit trail."""
    changes: dict[str, tuple[Any, Any]] = {"state": (before, report.state)}
    if row is not None:
        changes["document"] = (None, row.sha256)
    audit.record(action=action, subject=report, by=by, at=at, changes=changes)


@lru_cache(maxsize=1)
def _read(content: str) -> Document:
    """The document in a text; the last one is kept, since a report's files are made in a row."""
    return from_json(content.encode())


def render_one(*, row: ReportDocument, language: str, format: str, at: datetime) -> Rendering:
    """Makes one file of a frozen document, or returns the one that is there."""
    known = row.renderings.filter(language=language, format=format).first()
    if known is not None:
        return known
    content = render(_read(row.content), language, format)
    sha256 = storage.keep(content, format)
    with transaction.atomic():
        rendering, made = Rendering.objects.get_or_create(
            document=row,
            language=language,
            format=format,
            defaults={"sha256": sha256, "size": len(content), "rendered_at": at},
        )
        if made:
            changes = {"file": (None, sha256)}
            audit.record(action="make file", subject=rendering, by=None, at=at, changes=changes)
    return rendering
