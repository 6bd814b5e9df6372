"""Opening and closing of years, and named exceptions (quality assurance unit, p.89)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import PeriodException, PeriodWindow
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


@transaction.atomic
def open_period(*, period: Period, due_on: date, by: User, at: datetime) -> PeriodWindow:
    """Opens a year for entry, or opens it again after a close."""
    require(by, Role.QUALITY_ASSURANCE)
    _require_year(period)
    if due_on < at.date():
        raise RuleBroken(
            "due_in_the_past",
            _("The due date lies in the past. Choose a date from today on."),
            "due_on",
        )
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
def close_period(*, period: Period, by: User, at: datetime) -> PeriodWindow:
    """Closes a year: nothing enters it any more without an exception."""
    require(by, Role.QUALITY_ASSURANCE)
    window = PeriodWindow.objects.select_for_update().filter(period=period).first()
    if window is None or window.closed_at is not None:
        raise RuleBroken(
            "not_open", _("%(period)s is not open, so it cannot be closed.") % {"period": period}
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
    if until < at.date():
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
