"""Clearing and issuing reports: from the editor's word to a document that nobody can change."""

import dataclasses
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from jobs.models import Job
from organization.models import Role, User
from organization.permissions import require
from reporting.assembly.masthead import agenda
from reporting.document import SCHEMA_VERSION, fingerprint, from_json, to_json
from reporting.kinds import KINDS
from reporting.models import Report, ReportDocument
from reporting.queries.freshness import outdated
from reporting.queries.narrative import clearance
from reporting.services.reports import record_step, refuse_issued
from reporting.services.work import request_files


def _stored(report: Report) -> Report:
    """The report as it is stored now, kept from others until this is done."""
    found = Report.objects.select_for_update(of=("self",)).filter(pk=report.pk).first()
    if found is None:
        raise RuleBroken("wrong_state", _("This report is not assembled yet. Assemble it first."))
    return found


@transaction.atomic
def clear(
    *, report: Report, by: User, at: datetime, confirm_open: bool = False
) -> Report:
    """The report editor's word that an assembled report may be issued.

    `confirm_open`: the editor has seen which sections are not written or not accepted.

    Raises RuleBroken `wrong_state`, `texts_blocked` (a text refers to no figure, or a figure
    changed after its sentence was written), `texts_open`, `outdated`.
    """
    require(by, Role.REPORT_EDITOR)
    report = _stored(report)
    if report.state != Report.State.ASSEMBLED:
        raise RuleBroken(
            "wrong_state",
            _("This report is %(state)s, so it cannot be cleared now.")
            % {"state": report.get_state_display()},
        )
    refuse_open_texts(report, confirmed=confirm_open, at=at)
    refuse_outdated(report, at=at)
    before, report.state = report.state, Report.State.CLEARED
    report.cleared_at, report.cleared_by = at, by
    report.save()
    record_step(report, "clear report", before, None, by, at)
    return report


def refuse_open_texts(report: Report, *, confirmed: bool, at: datetime) -> None:
    """Raises RuleBroken `texts_blocked`, or `texts_open` unless the editor confirmed."""
    if not report.sections.exists():
        return
    found = clearance(report, today=at.date())
    if found.blocking:
        raise RuleBroken(
            "texts_blocked",
            _("These sentences must be put right before the report can be cleared."),
            details=tuple(f"{one.section}: {one.sentence}" for one in found.blocking),
        )
    if found.open and not confirmed:
        raise RuleBroken(
            "texts_open",
            _(
                "Not all sections are written and accepted. Have them finished, or confirm that "
                "the report goes out as it is."
            ),
            details=tuple(one.sentence for one in found.open),
        )


def refuse_outdated(report: Report, *, at: datetime) -> None:
    """Raises RuleBroken `outdated` if figures or texts changed since the report was assembled."""
    if changes := outdated(report, at=at):
        raise RuleBroken(
            "outdated",
            _(
                "Since this report was assembled, approved figures or texts have changed. Assemble "
                "it again, so that it says what is approved now."
            ),
            details=changes,
        )


def _refuse_long(symbol: str) -> None:
    longest = Report._meta.get_field("symbol").max_length or 0
    if len(symbol) > longest:
        raise RuleBroken(
            "symbol_too_long",
            _("A symbol has at most %(longest)s characters.") % {"longest": longest},
            "symbol",
        )


@transaction.atomic
def issue(
    *,
    report: Report,
    symbol: str,
    dated: date,
    by: User,
    at: datetime,
    agenda_item: str = "",
    language: str = "en",
) -> list[Job]:
    """Gives a cleared report its symbol and date, freezes it for good and has its files made.

    `agenda_item` is the number of the item of the provisional agenda, printed at its head,
    `language` the one in which a failure to make a file is told.

    Raises RuleBroken `wrong_state`, `issued`, `symbol_needed`, `symbol_too_long`,
    `symbol_taken`, `outdated`.
    """
    require(by, Role.REPORT_EDITOR)
    report = _stored(report)
    refuse_issued(report)
    if report.state != Report.State.CLEARED or report.document is None:
        raise RuleBroken(
            "wrong_state",
            _("This report is %(state)s. Clear it before it is issued.")
            % {"state": report.get_state_display()},
        )
    symbol = symbol.strip()
    if not symbol:
        raise RuleBroken("symbol_needed", _("Give the symbol of the document."), "symbol")
    _refuse_long(symbol)
    if Report.objects.filter(symbol=symbol).exists():
        raise RuleBroken(
            "symbol_taken",
            _("Another report was issued as %(symbol)s. Give a symbol of its own.")
            % {"symbol": symbol},
            "symbol",
        )
    refuse_outdated(report, at=at)
    working, report.agenda_item = report.document, agenda_item.strip()
    document = from_json(working.content.encode())
    masthead = dataclasses.replace(
        document.masthead, symbol=symbol, date=dated, agenda_item=agenda(report.agenda_item)
    )
    row = ReportDocument.objects.create(
        report=report,
        number=working.number + 1,
        schema_version=SCHEMA_VERSION,
        content=to_json(final := dataclasses.replace(document, masthead=masthead)).decode(),
        sha256=fingerprint(final),
        gaps=working.gaps,
        gaps_confirmed_by=working.gaps_confirmed_by,
        assembled_at=working.assembled_at,
        assembled_by=working.assembled_by,
    )
    before, report.state, report.document = report.state, Report.State.ISSUED, row
    report.symbol, report.issued_on, report.issued_by = symbol, dated, by
    report.save()
    record_step(report, "issue report", before, row, by, at)
    languages = KINDS[report.kind].languages
    return request_files(row=row, languages=languages, by=by, at=at, language=language)
