"""The steps of a section: assigned, shared, sent, returned, accepted; and remarks on it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit
from reporting import permissions_narrative as permissions
from reporting.models import Section, SectionComment
from reporting.queries.narrative import obstacles, row_of
from reporting.services.narrative import locked, require_writer

State = Section.State


@transaction.atomic
def assign(
    *, section: Section, office: Office, writer: User | None, by: User, at: datetime
) -> Section:
    """The report editor gives a section to an office, and to one of its people if one is named.

    Raises RuleBroken `not_of_office` and `frozen`.
    """
    require(by, Role.REPORT_EDITOR)
    section = locked(section)
    if writer is not None and not permissions.writes_for(writer, office):
        raise RuleBroken(
            "not_of_office",
            _("%(writer)s does not write for %(office)s. Choose one of its contributors.")
            % {"writer": writer, "office": office.name},
            "writer",
        )
    changes = {
        "office": (section.office.code, office.code),
        "writer": (section.writer_id, writer.pk if writer else None),
    }
    section.office, section.writer = office, writer
    return _moved(section, section.state, "assign section", changes, by, at)


@transaction.atomic
def share(*, section: Section, by: User, at: datetime) -> Section:
    """The writer lets colleagues of the office read and write the draft."""
    section = locked(section)
    require_writer(by, section)
    _require_state(section, State.DRAFT)
    return _moved(section, State.SHARED, "share section", {}, by, at)


@transaction.atomic
def send(*, section: Section, by: User, at: datetime) -> Section:
    """Hands a section to the report editor.

    Raises RuleBroken `empty_section`, and `not_ready` with what must be settled first: references
    without a figure, figures that changed, forms that do not fit. Over the limit it may be sent.
    """
    section = locked(section)
    require_writer(by, section)
    _require_state(section, *permissions.IN_HAND)
    _require_ready(section, at)
    section.note = ""
    return _moved(section, State.SENT, "send section", {}, by, at)


@transaction.atomic
def give_back(*, section: Section, note: str, by: User, at: datetime) -> Section:
    """The report editor returns a section with a note. Raises RuleBroken `note_needed`."""
    require(by, Role.REPORT_EDITOR)
    section = locked(section)
    _require_state(section, State.SENT, State.CLEARED)
    if not note.strip():
        raise RuleBroken("note_needed", _("Say what the office should change."), "note")
    section.note = note.strip()
    return _moved(section, State.RETURNED, "return section", {}, by, at, reason=section.note)


@transaction.atomic
def accept(*, section: Section, by: User, at: datetime) -> Section:
    """The report editor clears a section that was sent. Raises RuleBroken `not_ready`."""
    require(by, Role.REPORT_EDITOR)
    section = locked(section)
    _require_state(section, State.SENT)
    _require_ready(section, at)
    return _moved(section, State.CLEARED, "accept section", {}, by, at)


@transaction.atomic
def comment(
    *, section: Section, text: str, by: User, at: datetime, quote: str = ""
) -> SectionComment:
    """A remark on a section, or on some words of it. Raises RuleBroken `text_needed`."""
    section = locked(section)
    _require_reader(by, section)
    if not text.strip():
        raise RuleBroken("text_needed", _("Write your remark."), "text")
    longest = SectionComment._meta.get_field("quote").max_length or 0
    made = SectionComment.objects.create(
        section=section, quote=quote.strip()[:longest], text=text.strip(), made_at=at, made_by=by
    )
    changes = {"text": (None, made.text)}
    audit.record(action="comment on section", subject=made, by=by, at=at,
                 office=section.office, changes=changes)  # fmt: skip
    return made


@transaction.atomic
def settle_comment(*, comment: SectionComment, by: User, at: datetime) -> SectionComment:
    """Marks a remark as settled: by who wrote it, or whoever may change the text."""
    section = locked(comment.section)
    comment = SectionComment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
    _require_reader(by, section)
    if comment.made_by_id != by.pk:
        require_writer(by, section)
    if comment.settled_at is None:
        comment.settled_at, comment.settled_by = at, by
        comment.save()
        changes = {"settled at": (None, at)}
        audit.record(action="settle comment", subject=comment, by=by, at=at,
                     office=section.office, changes=changes)  # fmt: skip
    return comment


def _require_reader(by: User, section: Section) -> None:
    if not permissions.may_read(by, section):
        raise NotAllowed(
            "role_needed",
            _("Only the office that writes this section and the report editor read it now."),
        )


def _require_state(section: Section, *states: str) -> None:
    if section.state not in states:
        raise RuleBroken(
            "wrong_state",
            _("This section is %(state)s: somebody else was quicker. Load the page again.")
            % {"state": section.get_state_display()},
        )


def _require_ready(section: Section, at: datetime) -> None:
    row = row_of(section, today=at.date())
    if row is None or not row.is_written:
        raise RuleBroken("empty_section", _("Nothing is written yet. Write the section first."))
    open_matters = obstacles(row)
    if open_matters:
        raise RuleBroken(
            "not_ready",
            _("Some figures in this section need you first."),
            details=tuple(one.sentence for one in open_matters),
        )


def _moved(
    section: Section,
    state: str,
    action: str,
    changes: dict[str, tuple[Any, Any]],
    by: User,
    at: datetime,
    reason: str = "",
) -> Section:
    """Stores the step and records it."""
    before, section.state = section.state, State(state)
    section.changed_at, section.changed_by = at, by
    section.save()
    if before != state:
        changes = changes | {"state": (before, state)}
    audit.record(
        action=action, subject=section, by=by, at=at, changes=changes, reason=reason,
        office=section.office,
    )  # fmt: skip
    return section
