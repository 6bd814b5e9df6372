"""Files of an evaluation: its report, summaries, terms of reference and annexes, by language."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.models import Evaluation, EvaluationFile
from evaluations.services import typed
from evaluations.services.at_work import at_work, require_seen, touch
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.scanner import scan
from habitat_plan.kit.uploads import KINDS, clean_name, recognize
from indicators.services.evidence import keep
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

TAKEN = tuple(KINDS[name] for name in ("pdf", "docx", "odt", "xlsx", "ods"))
"""Kinds of files in which reports and their annexes are published."""


def add_file(
    *,
    evaluation: Evaluation,
    kind: str,
    language: str,
    name: str,
    content: bytes,
    by: User,
    at: datetime,
) -> EvaluationFile:
    """Keeps a file; one of the same kind and language gives way. The same sent twice is one file.

    The file is read, scanned and stored before the database is locked for writing. Should the
    second half fail, a file without a row stays behind that nobody can reach.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `kind_unknown`,
    `language_unknown`, `file_not_a_report`, and the codes of `kit.refusals`.
    """
    with transaction.atomic():
        require(by, Role.EVALUATION_OFFICER)
        at_work(evaluation)
    _require_kind(kind)
    language = typed.language_of(language)
    found = recognize(content)
    if found.kind not in TAKEN:
        raise RuleBroken(
            "file_not_a_report",
            _("Reports are kept as PDF, DOCX, ODT, XLSX or ODS. Save it as one of these."),
            "file",
        )
    scan(content, settings.SCANNER)
    values = {
        "name": clean_name(name, found.kind),
        "media_type": found.kind.media_type,
        "size": len(found.content),
        "sha256": keep(found.content),
    }
    with transaction.atomic():
        return _write(at_work(evaluation), kind, language, values, by=by, at=at)


def _require_kind(kind: str) -> None:
    if kind not in EvaluationFile.Kind.values:
        raise RuleBroken("kind_unknown", _("Choose what kind of file it is."), "kind")


def _write(
    evaluation: Evaluation,
    kind: str,
    language: str,
    values: dict[str, Any],
    *,
    by: User,
    at: datetime,
) -> EvaluationFile:
    known = evaluation.files.filter(kind=kind, language=language).first()
    before = {name: getattr(known, name, None) for name in values}
    if known is not None and before == values:
        return known
    file = known or EvaluationFile(evaluation=evaluation, kind=kind, language=language)
    file.added_at, file.added_by = at, by
    for name, value in values.items():
        setattr(file, name, value)
    file.save()
    touch(evaluation)
    changes = {name: (before[name], values[name]) for name in ("name", "sha256")}
    audit.record(
        action="replace file" if known else "add file",
        subject=file,
        by=by,
        at=at,
        changes={"kind": (None, kind), "language": (None, language)} | changes,
    )
    return file


@transaction.atomic
def remove_file(*, file: EvaluationFile, seen_revision: int, by: User, at: datetime) -> None:
    """Takes a file out of an evaluation that is not published.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `changed_elsewhere`, `gone`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = at_work(file.evaluation)
    found = evaluation.files.filter(pk=file.pk).first()
    if found is None:
        raise RuleBroken("gone", _("This file was taken out meanwhile. Load the page again."))
    require_seen(evaluation, seen_revision)
    changes = {
        name: (getattr(found, name), None) for name in ("kind", "language", "name", "sha256")
    }
    found.delete()
    touch(evaluation)
    audit.record(action="remove file", subject=evaluation, by=by, at=at, changes=changes)
