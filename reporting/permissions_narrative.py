"""Who may read, write and clear what offices write in reports (`docs/explanation/design.md`).

A draft is its writer's until it is shared with the office, then the office's until it is sent for
clearance. The report editor reads and writes everywhere. Quality assurance officers and managers
read and comment on what was sent. For everybody else a section is not there.
"""

from django.contrib.auth.models import AnonymousUser

from organization.models import Office, Role, User
from organization.permissions import holdings, holds
from reporting.models import Report, Section

Person = User | AnonymousUser

WRITES = (Role.CONTRIBUTOR, Role.APPROVER, Role.EVALUATION_OFFICER)
"""The roles that write for their own office."""
READS = (Role.REPORT_EDITOR, Role.QUALITY_ASSURANCE, Role.MANAGER)
"""The roles that read what any office sent."""
OPENS = (Role.REPORT_EDITOR, Role.QUALITY_ASSURANCE)
IN_HAND = (Section.State.DRAFT, Section.State.SHARED, Section.State.RETURNED)
"""While a section stands so, it is the office's to change."""


def edits(user: Person) -> bool:
    """True for the report editor, who writes everywhere, assigns, accepts and gives back."""
    return holds(user, Role.REPORT_EDITOR)


def reads_sent(user: Person) -> bool:
    """True for those who see the outline of any draft and read what was sent."""
    return holds(user, *READS)


def may_open(user: Person) -> bool:
    """True for those who open the sections of a report for writing."""
    return holds(user, *OPENS)


def offices_of(user: Person) -> frozenset[int]:
    """Ids of the offices that the person writes for."""
    return holdings(user).offices_as(*WRITES)


def writes_for(user: User, office: Office) -> bool:
    """True if the person writes for this office."""
    return office.pk in offices_of(user)


def may_read(user: Person, section: Section) -> bool:
    """True if the person may read the section's text."""
    if edits(user):
        return True
    mine = section.office_id in offices_of(user)
    if section.state == Section.State.DRAFT:
        return mine and section.writer_id in {None, user.pk}
    if section.state == Section.State.SHARED:
        return mine
    return mine or reads_sent(user)


def may_write(user: Person, section: Section) -> bool:
    """True if the person may change the text as the section stands now."""
    if edits(user):
        return True
    mine = section.office_id in offices_of(user)
    return mine and section.state in IN_HAND and may_read(user, section)


def is_frozen(report: Report) -> bool:
    """True once the report is cleared or issued: its words stay as they are."""
    return report.state in {Report.State.CLEARED, Report.State.ISSUED}
