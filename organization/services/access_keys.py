"""Keys with which a person's own program uses the API as that person."""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AccessKey, User
from organization.services import audit

LONGEST = timedelta(days=366)
PREFIX = "habitat_"


def digest_of(key: str) -> str:
    """The SHA-256 under which a key is kept. 256 random bits need no slower hash."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def make_key(*, name: str, expires_on: date, by: User, at: datetime) -> tuple[AccessKey, str]:
    """A new key of this person, and its text, which is shown once and kept nowhere.

    Raises RuleBroken `name_needed`, `expiry_out_of_range` (from today, for a year at most).
    """
    if not name.strip():
        raise RuleBroken(
            "name_needed", _("Say what the key is for, so that you know it later."), "name"
        )
    if not at.date() <= expires_on <= at.date() + LONGEST:
        raise RuleBroken(
            "expiry_out_of_range",
            _("Choose a last day from today on and within a year."),
            "expires_on",
        )
    text = PREFIX + secrets.token_urlsafe(32)
    key = AccessKey.objects.create(
        user=by, name=name.strip(), digest=digest_of(text), made_at=at, expires_on=expires_on
    )
    audit.record(
        action="make access key",
        subject=key,
        by=by,
        at=at,
        changes={"expires on": (None, expires_on)},
    )
    return key, text


@transaction.atomic
def revoke_key(*, key: AccessKey, by: User, at: datetime) -> None:
    """Ends a key at once; again it changes nothing. Only its owner may."""
    if key.user_id != by.pk:
        raise NotAllowed("not_your_key", _("This key belongs to somebody else."))
    key = AccessKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at is not None:
        return
    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    audit.record(
        action="revoke access key", subject=key, by=by, at=at, changes={"revoked at": (None, at)}
    )
