"""An office's figures for a year on their way: submitted, returned, approved, verified."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators import messages, queries
from indicators.models import Indicator, PeriodWindow, Remark, Submission, SubmissionStep
from indicators.queries.changes import content_of, handed_in, last_number
from indicators.queries.remarks import has_open_query, open_return_notes
from indicators.rules import workflow
from indicators.rules.differences import Content, content_changes
from indicators.services.remarks import note_all, settle_all
from indicators.services.reminders import told_of_return
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit

STAMPS: Mapping[workflow.Action, str] = {
    workflow.Action.SUBMIT: "submitted",
    workflow.Action.RETURN: "returned",
    workflow.Action.APPROVE: "approved",
    workflow.Action.VERIFY: "verified",
}
# What each step takes back: a new submission forgets the decisions on the one before.
CLEARED: Mapping[workflow.Action, tuple[str, ...]] = {
    workflow.Action.SUBMIT: ("returned", "approved", "verified"),
    workflow.Action.WITHDRAW: ("submitted",),
    workflow.Action.RETURN: ("approved", "verified"),
}


def of_office(*, office: Office, period: Period) -> Submission:
    """The submission of an office and year, a draft if there was none; locked for writing."""
    submission, _made = Submission.objects.select_for_update().get_or_create(
        office=office, period=period
    )
    return submission


def require_open(*, office: Office, period: Period, at: datetime) -> Submission:
    """The submission if its figures may be written now.

    Raises RuleBroken `locked` with a sentence that says who locked it, since when, why, what to do.
    """
    submission = of_office(office=office, period=period)
    # A close at the same moment waits for this entry, or is seen by it.
    PeriodWindow.objects.select_for_update().filter(period=period).first()
    lock = queries.lock_on(submission, today=at.date())
    if lock is not None:
        raise RuleBroken("locked", messages.lock(lock, period))
    return submission


def require_assigned(indicator: Indicator, office: Office) -> None:
    """Raises RuleBroken `not_assigned` unless the office reports on the indicator."""
    if not indicator.assignments.filter(office=office).exists():
        raise RuleBroken(
            "not_assigned",
            _("%(office)s does not report on %(code)s. Ask the Quality Assurance Unit.")
            % {"office": office.name, "code": indicator.code},
        )


def _stamp(submission: Submission, action: workflow.Action, by: User, at: datetime) -> None:
    for prefix in CLEARED.get(action, ()):
        setattr(submission, f"{prefix}_at", None)
        setattr(submission, f"{prefix}_by", None)
    if action in STAMPS:
        setattr(submission, f"{STAMPS[action]}_at", at)
        setattr(submission, f"{STAMPS[action]}_by", by)


@dataclass(frozen=True)
class _Taken:
    """What a step carries: its note, what was handed in, and which state the person had seen."""

    note: str = ""
    content: Content | None = None
    seen: int | None = None


def _step(
    submission: Submission, action: workflow.Action, by: User, at: datetime, taken: _Taken
) -> Submission:
    """Takes one step of the workflow table, stamps it, keeps it and records it."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("office", "period")
        .get(pk=submission.pk)
    )
    transition = workflow.TRANSITIONS[action]
    role = Role(transition.role)
    require(by, role, office=None if role is Role.QUALITY_ASSURANCE else submission.office)
    before, note = submission.state, taken.note.strip()
    try:
        submission.state = workflow.step(
            action,
            workflow.State(before),
            actor=by.pk,
            submitter=submission.submitted_by_id,
            approver=submission.approved_by_id,
            has_note=bool(note),
            has_open_query=transition.nothing_open
            and has_open_query(office=submission.office, period=submission.period),
        ).value
    except workflow.NotPossible as refusal:
        raise RuleBroken(refusal.code, messages.refusal(refusal, submission)) from refusal
    last = last_number(submission)
    if taken.seen is not None and taken.seen != last:
        raise RuleBroken(
            "changed_since",
            _("This was handed in again after you opened the page. Read it, then decide."),
        )
    _stamp(submission, action, by, at)
    submission.return_note = note if action is workflow.Action.RETURN else ""
    submission.save()
    SubmissionStep.objects.create(
        submission=submission,
        number=last + 1,
        action=action.value,
        note=note,
        content=taken.content,
        made_at=at,
        made_by=by,
    )
    audit.record(
        action=f"{action.value} submission",
        subject=submission,
        by=by,
        at=at,
        changes={"state": (before, submission.state)},
        reason=note,
        office=submission.office,
    )
    return submission


@transaction.atomic
def submit(*, office: Office, period: Period, by: User, at: datetime) -> Submission:
    """Hands the office's figures of a year to its approver, and keeps them as they are now.

    Notes of a return that were acted on (the figure changed, or somebody answered) are settled.
    Raises RuleBroken `locked`, `not_ready` (with one sentence for each open matter).
    """
    require(by, Role.CONTRIBUTOR, office=office)
    submission = require_open(office=office, period=period, at=at)
    open_matters = queries.open_matters(submission)
    if open_matters:
        raise RuleBroken(
            "not_ready",
            _("This cannot be submitted yet. See to the following, then submit again."),
            details=tuple(open_matters),
        )
    content = content_of(office=office, period=period)
    settle_all(remarks=_acted_on(submission, content), by=by, at=at)
    return _step(submission, workflow.Action.SUBMIT, by, at, _Taken(content=content))


def _acted_on(submission: Submission, content: Content) -> list[Remark]:
    """The open notes whose figure changed since it was handed in, or that were answered."""
    notes = open_return_notes(office=submission.office, period=submission.period)
    changed = content_changes(handed_in(submission), content) if notes else {}
    return [note for note in notes if note.indicator.code in changed or note.answers.all()]


@transaction.atomic
def withdraw(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Takes a submission back before anybody decided on it."""
    return _step(submission, workflow.Action.WITHDRAW, by, at, _Taken())


@transaction.atomic
def return_to_office(
    *,
    submission: Submission,
    by: User,
    at: datetime,
    note: str = "",
    row_notes: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Submission:
    """Sends a submission back with a note saying what to do, or notes on single figures, or both.

    `row_notes` are keyed by indicator code; without a note for the whole they stand in for it.
    `seen` is the number of the last step that the person saw. Raises RuleBroken `note_missing`,
    `not_assigned`, `changed_since` and those of the workflow table.
    """
    said = {code: text.strip() for code, text in (row_notes or {}).items() if text.strip()}
    whole = note.strip() or "\n".join(f"{code}: {text}" for code, text in said.items())
    returned = _step(submission, workflow.Action.RETURN, by, at, _Taken(whole, seen=seen))
    note_all(office=returned.office, period=returned.period, notes=said, by=by, at=at)
    told_of_return(submission=returned, by=by, at=at)
    return returned


@transaction.atomic
def approve(
    *, submission: Submission, by: User, at: datetime, note: str = "", seen: int | None = None
) -> Submission:
    """Approves a submission: from here on its figures enter totals and reports.

    What is left of the notes of earlier returns is settled by it. Raises RuleBroken `changed_since`
    and those of the workflow table.
    """
    approved = _step(submission, workflow.Action.APPROVE, by, at, _Taken(note, seen=seen))
    notes = open_return_notes(office=approved.office, period=approved.period)
    settle_all(remarks=notes, by=by, at=at)
    return approved


@transaction.atomic
def verify(
    *, submission: Submission, by: User, at: datetime, seen: int | None = None
) -> Submission:
    """The quality assurance officer's check of an approved submission.

    Raises RuleBroken `open_queries`, `changed_since` and those of the workflow table.
    """
    return _step(submission, workflow.Action.VERIFY, by, at, _Taken(seen=seen))
