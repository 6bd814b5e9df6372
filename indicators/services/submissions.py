"""An office's figures for a year on their way: submitted, returned, approved, verified."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators import messages, queries
from indicators.models import Indicator, PeriodWindow, Submission
from indicators.rules import workflow
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


def _step(
    *, submission: Submission, action: workflow.Action, by: User, at: datetime, note: str = ""
) -> Submission:
    """Takes one step of the workflow table, stamps it and records it."""
    submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("office", "period")
        .get(pk=submission.pk)
    )
    transition = workflow.TRANSITIONS[action]
    role = Role(transition.role)
    require(by, role, office=None if role is Role.QUALITY_ASSURANCE else submission.office)
    before = submission.state
    try:
        submission.state = workflow.step(
            action,
            workflow.State(before),
            actor=by.pk,
            submitter=submission.submitted_by_id,
            approver=submission.approved_by_id,
            has_note=bool(note.strip()),
        ).value
    except workflow.NotPossible as refusal:
        raise RuleBroken(refusal.code, messages.refusal(refusal, submission)) from refusal
    _stamp(submission, action, by, at)
    submission.return_note = note.strip() if action is workflow.Action.RETURN else ""
    submission.save()
    audit.record(
        action=f"{action.value} submission",
        subject=submission,
        by=by,
        at=at,
        changes={"state": (before, submission.state)},
        reason=note.strip(),
        office=submission.office,
    )
    return submission


@transaction.atomic
def submit(*, office: Office, period: Period, by: User, at: datetime) -> Submission:
    """Hands the office's figures of a year to its approver.

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
    return _step(submission=submission, action=workflow.Action.SUBMIT, by=by, at=at)


@transaction.atomic
def withdraw(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Takes a submission back before anybody decided on it."""
    return _step(submission=submission, action=workflow.Action.WITHDRAW, by=by, at=at)


@transaction.atomic
def return_to_office(*, submission: Submission, by: User, at: datetime, note: str) -> Submission:
    """Sends a submission back with a note saying what to do."""
    return _step(submission=submission, action=workflow.Action.RETURN, by=by, at=at, note=note)


@transaction.atomic
def approve(*, submission: Submission, by: User, at: datetime) -> Submission:
    """Approves a submission: from here on its figures enter totals and reports."""
    return _step(submission=submission, action=workflow.Action.APPROVE, by=by, at=at)


@transaction.atomic
def verify(*, submission: Submission, by: User, at: datetime) -> Submission:
    """The quality assurance officer's check of an approved submission."""
    return _step(submission=submission, action=workflow.Action.VERIFY, by=by, at=at)
