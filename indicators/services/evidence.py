"""Evidence: what shows where an office's entry comes from. A file, a link or a note."""

import hashlib
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.refusals import refusal
from habitat_plan.kit.scanner import scan
from habitat_plan.kit.storing import write_whole
from habitat_plan.kit.uploads import clean_name, recognize
from indicators.models import Achievement, Evidence, Indicator
from indicators.queries.evidence import path_of, was_submitted
from indicators.services.links import read_link
from indicators.services.submissions import require_assigned, require_open
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit

# For one figure, or for one achievement of it, so that nobody fills the disk through it.
PIECES_LIMIT = 50
TITLE_LIMIT = 200


@transaction.atomic
def add_evidence(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    title: str,
    link: str,
    note: str,
    by: User,
    at: datetime,
    achievement: Achievement | None = None,
) -> Evidence:
    """Adds a link or note that shows where the office's entry comes from.

    Raises RuleBroken `locked`, `not_assigned`, `evidence_empty`, `not_an_address`,
    `too_much_evidence`, `other_achievement`.
    """
    _allow(indicator, office, period, achievement, by=by, at=at)
    address = read_link(link)
    if not address and not note.strip():
        raise RuleBroken("evidence_empty", _("Give a file, a link or a note."), "note")
    evidence = Evidence.objects.create(
        indicator=indicator,
        office=office,
        period=period,
        achievement=achievement,
        title=(title.strip() or address or note.strip()[:80])[:TITLE_LIMIT],
        link=address,
        note=note.strip(),
        added_at=at,
        added_by=by,
    )
    audit.record(
        action="add evidence",
        subject=evidence,
        by=by,
        at=at,
        changes={name: (None, getattr(evidence, name)) for name in ("title", "link", "note")},
        office=office,
    )
    return evidence


def add_file(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    name: str,
    content: bytes,
    title: str,
    note: str,
    by: User,
    at: datetime,
    achievement: Achievement | None = None,
) -> Evidence:
    """Keeps a file that shows where the office's entry comes from.

    The file is read, scanned and stored before the database is locked for writing. Should the
    second half fail, a file without a row stays behind that nobody can reach.

    Raises RuleBroken as `add_evidence` does, and with the codes of `kit.refusals`.
    """
    with transaction.atomic():
        _allow(indicator, office, period, achievement, by=by, at=at)
    found = recognize(content)
    scanned = scan(content, settings.SCANNER)
    file_name = clean_name(name, found.kind)
    values = {
        "title": (title.strip() or file_name)[:TITLE_LIMIT],
        "note": note.strip(),
        "file_name": file_name,
        "media_type": found.kind.media_type,
        "size": len(found.content),
        "sha256": keep(found.content),
        "scanned": scanned,
    }
    with transaction.atomic():
        _allow(indicator, office, period, achievement, by=by, at=at)
        evidence = Evidence.objects.create(
            indicator=indicator,
            office=office,
            period=period,
            achievement=achievement,
            added_at=at,
            added_by=by,
            **values,
        )
        audit.record(
            action="add evidence",
            subject=evidence,
            by=by,
            at=at,
            changes={name: (None, values[name]) for name in ("file_name", "sha256", "scanned")},
            office=office,
        )
    return evidence


def keep(content: bytes) -> str:
    """Stores the file below its hash, once however often it comes; the hash.

    Raises RuleBroken `file_not_kept`.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256)
    try:
        if not target.exists():
            write_whole(target, content, mode=0o640)
    except OSError as error:
        raise refusal("file_not_kept") from error
    return sha256


def _allow(
    indicator: Indicator,
    office: Office,
    period: Period,
    achievement: Achievement | None,
    *,
    by: User,
    at: datetime,
) -> None:
    """Permission, lock and assignment; and room for one piece more."""
    require(by, Role.CONTRIBUTOR, office=office)
    require_open(office=office, period=period, at=at)
    require_assigned(indicator, office)
    own: dict[str, Any] = {"indicator": indicator, "office": office, "period": period}
    if achievement is not None and any(
        getattr(achievement, name) != value for name, value in own.items()
    ):
        raise RuleBroken(
            "other_achievement",
            _("This achievement belongs to another figure. Load the page again."),
            "achievement",
        )
    pieces = Evidence.objects.filter(**own, achievement=achievement, retired_at=None)
    if pieces.count() >= PIECES_LIMIT:
        raise RuleBroken(
            "too_much_evidence",
            _("%(count)d pieces of evidence are the most that are kept here. Take one out first.")
            % {"count": PIECES_LIMIT},
        )


@transaction.atomic
def retire_evidence(*, evidence: Evidence, reason: str, by: User, at: datetime) -> Evidence:
    """Takes a piece out of what speaks for a figure. It stays in the history, and so does its file.

    A reason is needed once the piece was part of a submission.

    Raises RuleBroken `locked`, `retired_already`, `reason_needed`.
    """
    require(by, Role.CONTRIBUTOR, office=evidence.office)
    require_open(office=evidence.office, period=evidence.period, at=at)
    evidence = (
        Evidence.objects.select_for_update(of=("self",))
        .select_related("office", "period")
        .get(pk=evidence.pk)
    )
    if evidence.retired_at is not None:
        raise RuleBroken("retired_already", _("This piece of evidence was taken out before."))
    if not reason.strip() and was_submitted(evidence):
        raise RuleBroken(
            "reason_needed",
            _("This was part of a submission. Say in a sentence why it no longer counts."),
            "reason",
        )
    evidence.retired_at, evidence.retired_by = at, by
    evidence.retired_reason = reason.strip()
    evidence.save(update_fields=["retired_at", "retired_by", "retired_reason"])
    audit.record(
        action="retire evidence",
        subject=evidence,
        by=by,
        at=at,
        changes={"retired": (False, True)},
        reason=reason.strip(),
        office=evidence.office,
    )
    return evidence
