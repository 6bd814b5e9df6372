"""Baselines and versioned targets."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from focus_areas.models import PlanRevision
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Baseline, Indicator, Target
from organization.models import Office, Role, User
from organization.permissions import require
from organization.services import audit


@transaction.atomic
def set_baseline(
    *,
    indicator: Indicator,
    value: Decimal,
    year: int,
    source: str,
    by: User,
    at: datetime,
    illustrative: bool = False,
) -> Baseline:
    """Sets the value, year and source from which measuring starts (p.90)."""
    require(by, Role.QUALITY_ASSURANCE)
    if not source.strip():
        raise RuleBroken("source_needed", _("Name the source of the baseline."), "source")
    before = Baseline.objects.filter(indicator=indicator).first()
    baseline, _made = Baseline.objects.update_or_create(
        indicator=indicator,
        defaults={
            "value": value,
            "year": year,
            "source": source.strip(),
            "illustrative": illustrative,
        },
    )
    audit.record(
        action="set baseline",
        subject=baseline,
        by=by,
        at=at,
        changes={
            "value": (before.value if before else None, value),
            "year": (before.year if before else None, year),
        },
    )
    return baseline


@transaction.atomic
def set_target(
    *,
    indicator: Indicator,
    year: int,
    value: Decimal,
    decided_on: date,
    by: User,
    at: datetime,
    reason: str = "",
    decision: str = "",
    office: Office | None = None,
    revision: PlanRevision | None = None,
    source: str = "",
    illustrative: bool = False,
) -> Target:
    """Sets a target, or revises it by a new version; earlier versions stay visible.

    Raises RuleBroken `baseline_needed` (no target without a baseline or a stated reason for having
    none) and `reason_needed` for a revision without a reason.
    """
    require(by, Role.QUALITY_ASSURANCE)
    if not Baseline.objects.filter(indicator=indicator).exists() and not (
        indicator.no_baseline_reason
    ):
        raise RuleBroken(
            "baseline_needed",
            _("%(code)s has no baseline. Set it first, or state why there is none.")
            % {"code": indicator.code},
        )
    last = (
        Target.objects.select_for_update()
        .filter(indicator=indicator, office=office, year=year)
        .order_by("-version")
        .first()
    )
    if last is not None and not reason.strip():
        raise RuleBroken("reason_needed", _("Say why the target is revised."), "reason")
    target = Target.objects.create(
        indicator=indicator,
        office=office,
        year=year,
        version=last.version + 1 if last else 1,
        value=value,
        reason=reason.strip(),
        decision=decision,
        decided_on=decided_on,
        revision=revision,
        source=source,
        illustrative=illustrative,
    )
    audit.record(
        action="set target",
        subject=target,
        by=by,
        at=at,
        changes={"value": (last.value if last else None, value)},
        reason=reason.strip(),
        office=office,
    )
    return target
