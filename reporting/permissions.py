"""Who may see, assemble, clear, issue, ask about and answer for which reports.

An issued report is read by its audience, which its kind declares: everybody, the Committee and
the secretariat, or the secretariat alone. A corrigendum has the audience of the report it corrects.
What is not issued is seen by those who work on it. `may_see` and `seen_by` say the same, the one of
a report in hand, the other of rows to be read: every page, file, list and feed asks one of the two.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from organization.models import Role, User
from organization.permissions import holdings, holds
from reporting.kinds import KINDS
from reporting.kinds.declaring import Audience
from reporting.models import Report

SEES_WORK = (
    Role.QUALITY_ASSURANCE,
    Role.REPORT_EDITOR,
    Role.EVALUATION_OFFICER,
    Role.MANAGER,
    Role.ADMINISTRATOR,
)
STEERS_WORK = (Role.QUALITY_ASSURANCE, Role.REPORT_EDITOR)
"""Those who cancel the work on a report and have it tried again, whoever asked for it."""
SECRETARIAT = tuple(role for role in Role if role != Role.COMMITTEE)
"""The roles of the secretariat: all but that of a delegation."""
ANSWERS = (Role.REPORT_EDITOR, Role.QUALITY_ASSURANCE)


def sees_work(user: User | AnonymousUser) -> bool:
    """True if the person sees reports that are not issued yet."""
    return holds(user, *SEES_WORK)


def is_of_secretariat(user: User | AnonymousUser) -> bool:
    """True for whoever holds a role in the secretariat."""
    return holds(user, *SECRETARIAT)


def is_delegate(user: User | AnonymousUser) -> bool:
    """True for a Committee representative."""
    return holds(user, Role.COMMITTEE)


def audience_of(report: Report) -> Audience:
    """Who reads the report once it is issued.

    A kind that is not declared any more is for the secretariat alone. Reads the corrected report.
    """
    kind = KINDS.get((report.corrects or report).kind)
    return "secretariat" if kind is None or kind.corrects else kind.audience


def audiences(user: User | AnonymousUser) -> frozenset[Audience]:
    """The audiences that the person belongs to."""
    if is_of_secretariat(user):
        return frozenset({"public", "committee", "secretariat"})
    if is_delegate(user):
        return frozenset({"public", "committee"})
    return frozenset({"public"})


def may_see(user: User | AnonymousUser, report: Report) -> bool:
    """True if the person may see this report: its audience once it is issued, staff before."""
    if sees_work(user):
        return True
    return report.state == Report.State.ISSUED and audience_of(report) in audiences(user)


def seen_by(user: User | AnonymousUser) -> Q:
    """The reports that the person may see, as a condition on their rows: the same as `may_see`."""
    if sees_work(user):
        return Q()
    mine = audiences(user)
    issued = Q(state=Report.State.ISSUED)
    if "secretariat" in mine:
        return issued
    read = [kind.code for kind in KINDS.values() if kind.audience in mine and not kind.corrects]
    proper = Q(corrects__isnull=True, kind__in=read)
    return issued & (proper | Q(corrects__kind__in=read))


def may_assemble(user: User | AnonymousUser) -> bool:
    """True for the quality assurance officer."""
    return holds(user, Role.QUALITY_ASSURANCE)


def may_issue(user: User | AnonymousUser) -> bool:
    """True for the report editor, who also clears."""
    return holds(user, Role.REPORT_EDITOR)


def may_steer(user: User | AnonymousUser) -> bool:
    """True for those who cancel work in the background on any report, and have it tried again."""
    return holds(user, *STEERS_WORK)


def prepares(user: User | AnonymousUser) -> bool:
    """True for those who see what a coming report still lacks."""
    return holds(user, Role.QUALITY_ASSURANCE, Role.REPORT_EDITOR, Role.MANAGER)


def reads_for_committee(user: User | AnonymousUser) -> bool:
    """True for those who open the Committee's space: delegates, and staff who look after it."""
    return is_delegate(user) or is_of_secretariat(user)


def asks_for(user: User | AnonymousUser) -> frozenset[int]:
    """The missions (ids of offices) in whose name the person asks questions."""
    return holdings(user).offices_as(Role.COMMITTEE)


def may_answer(user: User | AnonymousUser) -> bool:
    """True for those who answer questions of delegations."""
    return holds(user, *ANSWERS)
