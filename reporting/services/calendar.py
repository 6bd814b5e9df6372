"""Moving in the calendar: the days of a session, and the session that a report goes to."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit
from reporting.kinds import KINDS
from reporting.models import Report, Session, Slot
from reporting.models.calendar import Body
from reporting.rules.calendar import may_go_to, too_early
from reporting.services.reports import kind_for

LONGEST_SOURCE = 300


def _require_reason(reason: str) -> str:
    if not reason.strip():
        raise RuleBroken("reason_needed", _("Say in a sentence why it is moved."), "reason")
    return reason.strip()


def _require_after(first_day: date, periods: Iterable[tuple[str, Period]], field: str) -> None:
    """Refuses a first day that lies before the end of a period that is reported on (p.91-93)."""
    early = [(kind, period) for kind, period in periods if too_early(first_day, [period.end])]
    if early:
        raise RuleBroken(
            "before_period_ends",
            _("A session cannot hear reports on a period that has not ended by its first day."),
            field,
            details=tuple(
                format_lazy("{}, {}", KINDS[kind].title if kind in KINDS else kind, period)
                for kind, period in early
            ),
        )


@transaction.atomic
def move_session(
    *,
    session: Session,
    starts_on: date,
    ends_on: date,
    source: str,
    reason: str,
    by: User,
    at: datetime,
) -> Session:
    """Gives a session other days. All due dates of its reports move along; printed ones stay.

    `source` says where the days were published; without one they are a planning assumption.
    Raises NotAllowed, and RuleBroken `reason_needed`, `ends_before_start`, `source_too_long`,
    `before_period_ends`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    reason, source = _require_reason(reason), source.strip()
    if ends_on < starts_on:
        raise RuleBroken(
            "ends_before_start",
            _("The last day lies before the first. Correct one of the two."),
            "ends_on",
        )
    if len(source) > LONGEST_SOURCE:
        raise RuleBroken(
            "source_too_long",
            _("A source has at most %(longest)s characters.") % {"longest": LONGEST_SOURCE},
            "source",
        )
    session = Session.objects.select_for_update().get(pk=session.pk)
    slots = session.slots.select_related("period")
    _require_after(starts_on, [(slot.kind, slot.period) for slot in slots], "starts_on")
    new = {
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source,
        "is_assumed": not source,
    }
    changes = {
        name: (getattr(session, name), value)
        for name, value in new.items()
        if getattr(session, name) != value
    }
    if not changes:
        return session
    for name, (_before, after) in changes.items():
        setattr(session, name, after)
    session.save(update_fields=list(changes))
    audit.record(
        action="move session", subject=session, by=by, at=at, changes=changes, reason=reason
    )
    return session


@transaction.atomic
def move_report(
    *, kind: str, period: Period, session: Session, reason: str, by: User, at: datetime
) -> Slot:
    """Sends the report of a kind and period to another session. An issued one keeps its own.

    Raises NotAllowed, and RuleBroken `unknown_report`, `wrong_period`, `reason_needed`, `issued`,
    `wrong_body`, `before_period_ends`.
    """
    require(by, Role.QUALITY_ASSURANCE)
    declared, reason = kind_for(kind, period), _require_reason(reason)
    report = (
        Report.objects.select_for_update().filter(kind=kind, period=period, corrects=None).first()
    )
    if report is not None and report.state == Report.State.ISSUED:
        raise RuleBroken(
            "issued",
            _("This report was issued as %(symbol)s for the session it names, and stays there.")
            % {"symbol": report.symbol},
        )
    if not may_go_to(declared.body, session.body):
        raise RuleBroken(
            "wrong_body",
            _("This report does not go to that body. Choose a session of: %(body)s.")
            % {"body": Body(declared.body).label},
            "session",
        )
    _require_after(session.starts_on, [(kind, period)], "session")
    slot, made = Slot.objects.select_for_update().get_or_create(
        kind=kind, period=period, defaults={"session": session}
    )
    before = None if made else slot.session
    if before == session:
        return slot
    if not made:
        slot.session = session
        slot.save(update_fields=["session"])
    audit.record(
        action="move report",
        subject=slot,
        by=by,
        at=at,
        changes={"session": (before.code if before else None, session.code)},
        reason=reason,
    )
    return slot
