"""The audit trail: every write of every service ends here, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction

from habitat_plan.kit.wording import Wording
from organization import rules
from organization.models import AuditEntry, Office, User

# Any fixed number: writers of the chain wait for each other on it (PostgreSQL).
CHAIN_LOCK = 7_311_402


@dataclass(frozen=True)
class Change:
    """What is to be recorded of one change. `changes` maps a field to (from, to)."""

    action: str
    subject: models.Model
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    reason: str = ""
    office: Office | None = None


def plain(value: Any) -> Any:
    """A value as JSON keeps it: decimals without trailing zeros, dates in ISO form, rows by key."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Wording):
        return {local.language: local.text for local in value}
    if isinstance(value, models.Model):
        return value.pk
    return value


def content_of(entry: AuditEntry) -> dict[str, Any]:
    """The part of an entry that its hash covers."""
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(),
        "by": entry.by_id,
        "by_name": entry.by_name,
        "action": entry.action,
        "subject": [entry.subject_type, entry.subject_id, entry.subject_label],
        "office": entry.office_id,
        "changes": entry.changes,
        "reason": entry.reason,
    }


def _last() -> tuple[int, str]:
    """Number and hash of the last entry; nobody else appends before this transaction ends.

    On PostgreSQL the lock and the read are two statements in one message: the second sees what was
    written while the first waited.
    """
    if connection.vendor != "postgresql":
        last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
        return last or (0, rules.FIRST)
    table = connection.ops.quote_name(AuditEntry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock(%s); "  # noqa: S608
            f"SELECT number, hash FROM {table} ORDER BY number DESC LIMIT 1",
            [CHAIN_LOCK],
        )
        return cursor.fetchone() or (0, rules.FIRST)


def record_all(*, changes: Sequence[Change], by: User | None, at: datetime) -> None:
    """Appends one entry a change. Must run inside the transaction that makes the changes.

    `by` is None only for what the system itself does (loading the plan, a job's own steps).
    """
    if not changes:
        return
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("an audit entry needs its transaction")
    number, previous = _last()
    entries = []
    for change in changes:
        number += 1
        entry = AuditEntry(
            number=number,
            at=at,
            by=by,
            by_name=str(by) if by else "system",
            action=change.action,
            subject_type=change.subject._meta.label_lower,
            subject_id=str(change.subject.pk),
            subject_label=str(change.subject)[:300],
            office=change.office,
            changes={
                name: [plain(before), plain(after)]
                for name, (before, after) in change.changes.items()
            },
            reason=change.reason,
            previous_hash=previous,
        )
        entry.hash = previous = rules.entry_hash(previous, content_of(entry))
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def record(
    *,
    action: str,
    subject: models.Model,
    by: User | None,
    at: datetime,
    changes: Mapping[str, tuple[Any, Any]] | None = None,
    reason: str = "",
    office: Office | None = None,
) -> None:
    """Appends one entry (see `record_all`)."""
    change = Change(action, subject, changes or {}, reason, office)
    record_all(changes=[change], by=by, at=at)


def verify() -> int | None:
    """The number of the first entry that was altered or is missing; None if the chain holds."""
    entries = AuditEntry.objects.order_by("number").iterator(chunk_size=2000)
    return rules.first_broken(
        (entry.number, entry.previous_hash, entry.hash, content_of(entry)) for entry in entries
    )
