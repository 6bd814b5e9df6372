"""Opening and closing of years, and named exceptions (quality assurance unit, p.89)."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import PeriodException, PeriodWindow, Submission
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit


def _require_year(period: Period) -> None:
    if not period.is_year:
        raise RuleBroken(
            "not_a_year",
            _("Figures are entered for years. Open the years of %(period)s instead.")
            % {"period": period},
            "period",
        )


def _require_due(due_on: date, at: datetime) -> None:
    if due_on < localdate(at):
        raise RuleBroken(
            "due_in_the_past",
            _("The due date lies in the past. Choose a date from today on."),
            "due_on",
        )


def _open_window(period: Period, sentence: str) -> PeriodWindow:
    """The window of a year that is open, locked. Raises RuleBroken `not_open` with the sentence."""
    window = PeriodWindow.objects.select_for_update().filter(period=period).first()
    if window is None or window.closed_at is not None:
        raise RuleBroken("not_open", sentence % {"period": period})
    return window


@transaction.atomic
def open_period(*, period: Period, due_on: date, by: User, at: datetime) -> PeriodWindow:
    """Opens a year for entry, or opens it again after a close."""
    require(by, Role.QUALITY_ASSURANCE)
    _require_year(period)
    _require_due(due_on, at)
    window, made = PeriodWindow.objects.select_for_update().get_or_create(
        period=period, defaults={"opened_at": at, "opened_by": by, "due_on": due_on}
    )
    before = (window.due_on, window.closed_at)
    if not made:
        window.due_on, window.closed_at, window.closed_by = due_on, None, None
        window.save()
    audit.record(
        action="open period",
        subject=window,
        by=by,
        at=at,
        changes={
            "due on": (None if made else before[0], due_on),
            "closed at": (before[1], None),
        },
    )
    return window


@transaction.atomic
def change_due_date(*, period: Period, due_on: date, by: User, at: datetime) -> PeriodWindow:
    """Gives all offices more time, or less. The reminders begin anew for the new date.

    Raises RuleBroken `not_open`, `due_in_the_past`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    _require_due(due_on, at)
    window = _open_window(period, _("%(period)s is not open. Open it with its due date."))
    before, window.due_on = window.due_on, due_on
    if before != due_on:
        window.save(update_fields=["due_on"])
        audit.record(
            action="change due date",
            subject=window,
            by=by,
            at=at,
            changes={"due on": (before, due_on)},
        )
    return window


@transaction.atomic
def close_period(
    *, period: Period, by: User, at: datetime, confirmed: bool = False
) -> PeriodWindow:
    """Closes a year: nothing enters it any more without an exception.

    Raises RuleBroken `not_open`; `open_returns` unless confirmed, with one sentence for each
    office that could not finish what came back to it.
    """
    require(by, Role.QUALITY_ASSURANCE)
    window = _open_window(period, _("%(period)s is not open, so it cannot be closed."))
    returned = Submission.objects.filter(period=period, state=Submission.State.RETURNED)
    if not confirmed and returned.exists():
        raise RuleBroken(
            "open_returns",
            _("These offices have figures back that they could not hand in again after the close."),
            details=tuple(
                f"{one.office.name}: {one.return_note}"
                for one in returned.select_related("office").order_by("office__ordinal")
            ),
        )
    window.closed_at, window.closed_by = at, by
    window.save()
    audit.record(
        action="close period", subject=window, by=by, at=at, changes={"closed at": (None, at)}
    )
    return window


@transaction.atomic
def grant_exception(
    *, period: Period, office: Office, reason: str, until: date, by: User, at: datetime
) -> PeriodException:
    """Lets one office enter figures of a closed year until a day, for a stated reason."""
    require(by, Role.QUALITY_ASSURANCE)
    _require_year(period)
    if not reason.strip():
        raise RuleBroken(
            "reason_needed", _("Say in a sentence why the exception is needed."), "reason"
        )
    if until < localdate(at):
        raise RuleBroken(
            "until_in_the_past", _("The last day lies in the past. Choose a later day."), "until"
        )
    exception = PeriodException.objects.create(
        period=period,
        office=office,
        reason=reason.strip(),
        until=until,
        granted_by=by,
        granted_at=at,
    )
    audit.record(
        action="grant exception",
        subject=exception,
        by=by,
        at=at,
        changes={"until": (None, until)},
        reason=exception.reason,
        office=office,
    )
    return exception


@transaction.atomic
def end_exception(*, exception: PeriodException, by: User, at: datetime) -> PeriodException:
    """Ends an exception at once: yesterday becomes its last day.

    Raises RuleBroken `exception_over` if it has ended already.
    """
    require(by, Role.QUALITY_ASSURANCE)
    exception = (
        PeriodException.objects.select_for_update(of=("self",))
        .select_related("office", "period")
        .get(pk=exception.pk)
    )
    if exception.until < localdate(at):
        raise RuleBroken("exception_over", _("This exception has ended already."))
    before, exception.until = exception.until, localdate(at) - timedelta(days=1)
    exception.save(update_fields=["until"])
    audit.record(
        action="end exception",
        subject=exception,
        by=by,
        at=at,
        changes={"until": (before, exception.until)},
        office=exception.office,
    )
    return exception
