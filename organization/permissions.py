"""Who holds which role where. Asked by services for real and by templates for show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed
from organization.models import Office, Role, RoleAssignment, User


@dataclass(frozen=True)
class Holdings:
    """The roles of one person: role code → ids of the offices it is held in."""

    offices: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[str]:
        """Codes of all roles held anywhere."""
        return frozenset(self.offices)

    def offices_as(self, *roles: str) -> frozenset[int]:
        """Ids of the offices in which any of these roles is held."""
        return frozenset().union(*(self.offices.get(role, frozenset()) for role in roles))


def holdings(user: User | AnonymousUser) -> Holdings:
    """A person's roles, read once for each request (the user object is made anew each time)."""
    if not isinstance(user, User) or not user.is_active:
        return Holdings()
    kept = user.__dict__.get("_holdings")
    if kept is None:
        kept = remember(user, held_by(user).values_list("role", "office_id"))
    return kept


def held_by(user: User) -> QuerySet[RoleAssignment]:
    """The roles that a person holds today."""
    return RoleAssignment.objects.filter(
        user=user, since__lte=timezone.localdate(), until__isnull=True
    )


def remember(user: User, rows: Iterable[Sequence[Any]]) -> Holdings:
    """A person's roles from rows of `held_by` (role, office id), kept as `holdings` keeps them.

    For a query that brings the roles along with what else it reads.
    """
    found: dict[str, set[int]] = {}
    for role, office in rows:
        found.setdefault(role, set()).add(office)
    kept = Holdings({role: frozenset(offices) for role, offices in found.items()})
    user.__dict__["_holdings"] = kept
    return kept


def holds(user: User | AnonymousUser, *roles: str, office: Office | None = None) -> bool:
    """True if the person holds one of the roles (in this office, if one is named)."""
    held = holdings(user)
    if office is None:
        return any(role in held.offices for role in roles)
    return office.pk in held.offices_as(*roles)


def require(user: User | AnonymousUser, *roles: str, office: Office | None = None) -> None:
    """Raises NotAllowed, naming the role that may, unless the person holds one of the roles."""
    if holds(user, *roles, office=office):
        return
    names = ", ".join(str(Role(role).label) for role in roles)
    if office is None:
        message = _("This is for: %(roles)s. Ask an administrator if you should hold that role.")
        raise NotAllowed("role_needed", message % {"roles": names})
    message = _(
        "This is for the following role in %(office)s: %(roles)s. "
        "Ask an administrator if you should hold it."
    )
    raise NotAllowed("role_needed", message % {"roles": names, "office": office.name})
