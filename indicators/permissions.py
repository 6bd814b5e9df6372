"""Who may read and write which figures."""

from django.contrib.auth.models import AnonymousUser

from organization.models import Office, Role, User
from organization.permissions import holdings, holds

READS_EVERYTHING = (
    Role.QUALITY_ASSURANCE,
    Role.REPORT_EDITOR,
    Role.EVALUATION_OFFICER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)
WORKS_ON_FIGURES = (Role.CONTRIBUTOR, Role.APPROVER)


def may_read_office(user: User | AnonymousUser, office: Office) -> bool:
    """True if the person may see this office's figures before they are published."""
    return holds(user, *READS_EVERYTHING) or holds(user, *WORKS_ON_FIGURES, office=office)


def may_enter(user: User | AnonymousUser, office: Office) -> bool:
    """True if the person may enter and submit this office's figures."""
    return holds(user, Role.CONTRIBUTOR, office=office)


def may_approve(user: User | AnonymousUser, office: Office) -> bool:
    """True if the person may decide on this office's submissions (not on their own)."""
    return holds(user, Role.APPROVER, office=office)


def readable_offices(user: User | AnonymousUser) -> frozenset[int] | None:
    """Ids of the offices whose unpublished figures the person may see; None means all."""
    held = holdings(user)
    if held.roles & set(READS_EVERYTHING):
        return None
    return held.offices_as(*WORKS_ON_FIGURES)


def may_upload(user: User | AnonymousUser, kind: str, office: Office | None = None) -> bool:
    """True if the person may send a file of this kind (for this office, if one is named)."""
    if kind in {"baselines", "targets"}:
        return holds(user, Role.QUALITY_ASSURANCE)
    if kind == "authorities":
        return holds(user, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    return kind in {"figures", "achievements"} and holds(user, Role.CONTRIBUTOR, office=office)
