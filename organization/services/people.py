"""People and their roles."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from organization.models import Office, Role, RoleAssignment, User
from organization.permissions import require
from organization.services import audit


@transaction.atomic
def register_person(
    *,
    email: str,
    name: str,
    language: str,
    by: User | None,
    at: datetime,
    password: str | None = None,
    encoded_password: str = "",
) -> User:
    """A person who may sign in. `by` is None while an installation is set up.

    Without a password the person cannot sign in yet. `encoded_password` is one already hashed.

    Raises RuleBroken `person_known` if the address is taken.
    """
    if by is not None:
        require(by, Role.ADMINISTRATOR)
    if User.objects.filter(email=email.lower()).exists():
        raise RuleBroken(
            "person_known",
            _("%(email)s already has an account. Give that person a role instead.")
            % {"email": email},
            "email",
        )
    user = User.objects.create_user(
        email, password, encoded_password, name=name, language=language, joined_at=at
    )
    audit.record(action="register person", subject=user, by=by, at=at)
    return user


@transaction.atomic
def grant_role(
    *, user: User, role: str, office: Office, since: date, by: User | None, at: datetime
) -> RoleAssignment:
    """Gives a person a role in an office; giving it twice changes nothing."""
    if by is not None:
        require(by, Role.ADMINISTRATOR)
    assignment, created = RoleAssignment.objects.get_or_create(
        user=user, role=role, office=office, until=None, defaults={"since": since}
    )
    if created:
        audit.record(
            action="grant role",
            subject=user,
            by=by,
            at=at,
            changes={"role": ("", f"{role} in {office.code}")},
            office=office,
        )
    return assignment


@transaction.atomic
def revoke_role(*, assignment: RoleAssignment, by: User, at: datetime) -> None:
    """Takes a role back, from now on; one that has ended already stays as it is.

    A role that was to begin later ends on the day it would have begun.
    """
    require(by, Role.ADMINISTRATOR)
    assignment = (
        RoleAssignment.objects.select_for_update(of=("self",))
        .select_related("user", "office")
        .get(pk=assignment.pk)
    )
    if assignment.until is not None:
        return
    assignment.until = max(at.date(), assignment.since)
    assignment.save(update_fields=["until"])
    audit.record(
        action="revoke role",
        subject=assignment.user,
        by=by,
        at=at,
        changes={"role": (f"{assignment.role} in {assignment.office.code}", "")},
        office=assignment.office,
    )


@transaction.atomic
def choose_language(*, user: User, language: str, at: datetime) -> None:
    """Keeps the language that a person chose for mail and first pages.

    Raises RuleBroken `unknown_language`.
    """
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken(
            "unknown_language", _("Choose one of the six languages of the site."), "language"
        )
    if user.language == language:
        return
    before, user.language = user.language, language
    user.save(update_fields=["language"])
    audit.record(
        action="choose language",
        subject=user,
        by=user,
        at=at,
        changes={"language": (before, language)},
    )
