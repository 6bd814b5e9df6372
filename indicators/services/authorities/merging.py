"""Two register entries are one authority, or are not; and taking either back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Authority, Distinction
from indicators.services.authorities.register import locked, reason_of
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit


@transaction.atomic
def merge(*, duplicate: Authority, into: Authority, by: User, at: datetime, reason: str) -> None:
    """Says that two register entries are one authority; counts follow at once.

    Raises RuleBroken `reason_needed`, `already_merged` and `cannot_merge`: an entry points at most
    one step on.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = reason_of(reason)
    rows = locked(duplicate, into)
    duplicate, into = rows[duplicate.pk], rows[into.pk]
    if duplicate.merged_into is not None:
        raise RuleBroken(
            "already_merged",
            _("%(name)s is already merged into %(other)s. Undo that first.")
            % {"name": duplicate, "other": duplicate.merged_into},
        )
    if into.merged_into is not None:
        into = locked(into.merged_into)[into.merged_into.pk]
    if duplicate == into:
        raise RuleBroken(
            "cannot_merge",
            _("%(name)s cannot be merged into itself. Choose another entry.") % {"name": duplicate},
        )
    if duplicate.merged.exists():
        raise RuleBroken(
            "cannot_merge",
            _("%(name)s already stands for other entries. Merge into it instead.")
            % {"name": duplicate},
        )
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    audit.record(
        action="merge authorities",
        subject=duplicate,
        by=by,
        at=at,
        changes={"merged into": (None, into)},
        reason=why,
    )


@transaction.atomic
def undo_merge(*, authority: Authority, by: User, at: datetime, reason: str) -> None:
    """Takes a merge back: the two entries count apart again.

    Raises RuleBroken `reason_needed` and `not_merged`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = reason_of(reason)
    authority = locked(authority)[authority.pk]
    before, authority.merged_into = authority.merged_into, None
    if before is None:
        raise RuleBroken(
            "not_merged", _("%(name)s is not merged into another entry.") % {"name": authority}
        )
    authority.save(update_fields=["merged_into"])
    audit.record(
        action="undo merge",
        subject=authority,
        by=by,
        at=at,
        changes={"merged into": (before, None)},
        reason=why,
    )


@transaction.atomic
def distinguish(
    *, one: Authority, other: Authority, by: User, at: datetime, reason: str
) -> Distinction:
    """Says that two entries that look alike are two authorities; nobody is asked again.

    Raises RuleBroken `reason_needed`, `same_entry` and `already_merged`. Saying it again changes
    nothing.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = reason_of(reason)
    if one.pk == other.pk:
        raise RuleBroken(
            "same_entry", _("%(name)s is one entry. Choose another entry.") % {"name": one}
        )
    rows = locked(one, other)
    first, second = rows[min(rows)], rows[max(rows)]
    if second in {first.merged_into} or first in {second.merged_into}:
        raise RuleBroken(
            "already_merged",
            _("%(name)s is already merged into %(other)s. Undo that first.")
            % {"name": one, "other": other},
        )
    found, made = Distinction.objects.get_or_create(
        first=first,
        second=second,
        defaults={"reason": why, "decided_at": at, "decided_by": by},
    )
    if made:
        # In the history of both entries: either page must say why it is not asked about again.
        audit.record_all(
            changes=[
                audit.Change("tell authorities apart", row, {"not the same as": (None, twin)}, why)
                for row, twin in ((first, second), (second, first))
            ],
            by=by,
            at=at,
        )
    return found
