"""Who may see, assemble, clear and issue which reports."""

from django.contrib.auth.models import AnonymousUser

from organization.models import Role, User
from organization.permissions import holds
from reporting.models import Report

SEES_WORK = (
    Role.QUALITY_ASSURANCE,
    Role.REPORT_EDITOR,
    Role.EVALUATION_OFFICER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)


def sees_work(user: User | AnonymousUser) -> bool:
    """True if the person sees reports that are not issued yet."""
    return holds(user, *SEES_WORK)


def may_see(user: User | AnonymousUser, report: Report) -> bool:
    """True if the person may see this report: everybody once it is issued."""
    return report.state == Report.State.ISSUED or sees_work(user)


def may_assemble(user: User | AnonymousUser) -> bool:
    """True for the quality assurance officer."""
    return holds(user, Role.QUALITY_ASSURANCE)


def may_issue(user: User | AnonymousUser) -> bool:
    """True for the report editor, who also clears."""
    return holds(user, Role.REPORT_EDITOR)


def prepares(user: User | AnonymousUser) -> bool:
    """True for those who see what a coming report still lacks."""
    return holds(user, Role.QUALITY_ASSURANCE, Role.REPORT_EDITOR, Role.MANAGER)
