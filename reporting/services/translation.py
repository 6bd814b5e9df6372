"""Taking a translation in: sent, looked at, saved whole or not at all, or put away."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.scanner import scan
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit
from reporting import permissions_narrative as permissions
from reporting import returned_files
from reporting.exchange import read_returned
from reporting.models import Report, Section
from reporting.queries.returned import Preview, compare, preview
from reporting.services import narrative


def receive(*, report: Report, content: bytes, by: User, at: datetime) -> str:
    """Keeps a file that a translator sent, and returns the key of its preview.

    Raises NotAllowed, and RuleBroken `frozen`, `other_report`, `no_language` and as
    `exchange.read_returned` and `kit.scanner.scan` do. Nothing of a refused file is kept.
    """
    require(by, Role.REPORT_EDITOR)
    _refuse_frozen(report)
    compare(report, read_returned(content), today=at.date())
    scan(content, settings.SCANNER)
    returned_files.remove_old(at)
    return returned_files.keep(content, report=report.pk, person=by.pk)


@transaction.atomic
def confirm(
    *, report: Report, key: str, seen: str, despite: bool, by: User, at: datetime
) -> Preview:
    """Saves every section that the preview showed: all of them, or nothing.

    `seen` is the fingerprint of the preview that the person saw; `despite`: the person says that
    what was asked about is meant. Raises NotAllowed, and RuleBroken `file_gone`, `frozen`,
    `does_not_fit`, `asked`, `changed_meanwhile`, `nothing_to_save`.
    """
    require(by, Role.REPORT_EDITOR)
    report = Report.objects.select_for_update(of=("self",)).select_related("period").get(
        pk=report.pk
    )  # fmt: skip
    _refuse_frozen(report)
    # Whoever saves a section waits for this, so that what is compared is what is changed.
    list(Section.objects.select_for_update().filter(report=report))
    found = preview(report, key, by, today=at.date())
    if found is None:
        raise RuleBroken("file_gone", _("The file is no longer kept. Return it again."))
    _refuse(found, seen=seen, despite=despite)
    sections = {section.code: section for section in report.sections.all()}
    for row in found.to_save:
        narrative.save(
            section=sections[row.code],
            language=found.language,
            body=row.body,
            seen_revision=row.seen,
            translates=row.translates,
            by=by,
            at=at,
        )
    audit.record(
        action="take in translation",
        subject=report,
        by=by,
        at=at,
        changes={
            "language": (None, found.language),
            "sections": (None, [row.code for row in found.to_save]),
            "file": (None, key),
        },
    )
    transaction.on_commit(lambda: put_away(report=report, key=key, by=by))
    return found


def put_away(*, report: Report, key: str, by: User) -> None:
    """Removes a file that is saved, or is not to be. It can be returned again."""
    require(by, Role.REPORT_EDITOR)
    returned_files.remove(key, report=report.pk, person=by.pk)


def _refuse(found: Preview, *, seen: str, despite: bool) -> None:
    """Raises RuleBroken unless the file may be saved as it was seen."""
    if found.is_refused:
        raise RuleBroken(
            "does_not_fit",
            _("Some of this file does not fit the report. Correct it and return it again."),
        )
    if not found.to_save:
        raise RuleBroken("nothing_to_save", _("There is nothing to save in this file."))
    if found.fingerprint != seen:
        raise RuleBroken(
            "changed_meanwhile",
            _("Something changed after you looked at this file, so nothing was saved. Look at the "
              "sections again, then confirm."),
        )  # fmt: skip
    if found.is_asking and not despite:
        raise RuleBroken(
            "asked",
            _("Say that what is asked about is meant, or correct the file and return it again."),
            "despite",
        )


def _refuse_frozen(report: Report) -> None:
    if permissions.is_frozen(report):
        raise RuleBroken(
            "frozen",
            _("This report is %(state)s, so its texts stay as they are and no translation is taken "
              "in. Have it assembled again first.")
            % {"state": report.get_state_display()},
        )  # fmt: skip
