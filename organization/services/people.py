"""People and their roles."""

from datetime import date, datetime

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from organization.models import Notice, Office, Role, RoleAssignment, User
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
    # The address stays out of the trail, which keeps what it holds for ever.
    changes = {"language": (None, language)}
    audit.record(action="register person", subject=user, by=by, at=at, changes=changes)
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


@transaction.atomic
def choose_mail(*, user: User, mail: str, at: datetime) -> None:
    """Keeps how often the person gets reminders: each, one a day, or none.

    With none, what waits to be sent is dropped: it would be out of date when it came.

    Raises RuleBroken `unknown_mail`.
    """
    if mail not in User.Mail.values:
        raise RuleBroken("unknown_mail", _("Choose one of the three ways."), "mail")
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if user.mail == mail:
        return
    before, user.mail = user.mail, mail
    user.save(update_fields=["mail"])
    if mail == User.Mail.NONE:
        Notice.objects.filter(recipient=user, taken_at__isnull=True).delete()
    audit.record(
        action="choose mail", subject=user, by=user, at=at, changes={"mail": (before, mail)}
    )


@transaction.atomic
def sign_out_elsewhere(*, user: User, session_key: str, at: datetime) -> int:
    """Ends the person's sessions but the one named; how many.

    Sessions live for twelve hours at most, so that looking at each is quick.
    """
    others = [
        session.pk
        for session in Session.objects.filter(expire_date__gte=at).exclude(pk=session_key)
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    if others:
        Session.objects.filter(pk__in=others).delete()
        audit.record(
            action="sign out elsewhere",
            subject=user,
            by=user,
            at=at,
            changes={"other sessions": (len(others), 0)},
        )
    return len(others)
