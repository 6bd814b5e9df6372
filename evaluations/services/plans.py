"""Approves the evaluation plan of a biennium: freezes what it lists under the decision (p.96)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from evaluations.models import PlanVersion
from evaluations.queries import plans as found
from evaluations.rules import plans as rules
from evaluations.services import typed
from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from organization.models import Role, User
from organization.permissions import require
from organization.services import audit

LONGEST_DECISION = 200


def digest_of_draft(biennium: Period) -> str:
    """The SHA-256 of the plan as it is drawn up now: what a form of approval was made from."""
    return rules.digest(rules.content_of(biennium.code, found.drafted(biennium)))


@transaction.atomic
def approve_plan(
    *,
    biennium: Period,
    decision: str,
    approved_on: date,
    reason: str,
    by: User,
    at: datetime,
    seen: str = "",
) -> PlanVersion:
    """Records that a decision approved the plan as it is drawn up now; a version of its own.

    `seen` is `digest_of_draft` when the form was made; empty for what no form was made of. From the
    second version on a reason says why the plan changed. The same form sent twice is one version.
    Raises NotAllowed, and RuleBroken `not_a_biennium`, `decision_needed`, `text_too_long`,
    `text_damaged`, `day_in_future`, `day_too_early`, `reason_needed`, `changed_elsewhere`,
    `plan_empty`, `plan_unchanged`.
    """
    require(by, Role.EVALUATION_OFFICER)
    if biennium.kind != Period.Kind.BIENNIUM:
        raise RuleBroken(
            "not_a_biennium", _("An evaluation plan is made for two years. Choose a biennium.")
        )
    decision, reason = _decision(decision), typed.written(reason, "reason")
    # Two approvals of one plan wait for each other here.
    Period.objects.select_for_update(no_key=True).get(pk=biennium.pk)
    last = PlanVersion.objects.filter(biennium=biennium).order_by("number").last()
    planned = found.drafted(biennium)
    unchanged = last is not None and rules.is_same_plan(rules.planned_of(last.content), planned)
    if last and unchanged and (last.decision, last.approved_on) == (decision, approved_on):
        return last
    typed.happened_on(approved_on, at, earliest=last.approved_on if last else None)
    content = rules.content_of(biennium.code, planned)
    if seen and seen != rules.digest(content):
        raise typed.changed_elsewhere()
    _require_change(planned, has_earlier=last is not None, unchanged=unchanged, reason=reason)
    version = PlanVersion.objects.create(
        biennium=biennium,
        number=last.number + 1 if last else 1,
        decision=decision,
        approved_on=approved_on,
        content=content,
        sha256=rules.digest(content),
        reason=reason if last else "",
        illustrative=found.illustrative(planned),
        at=at,
        by=by,
    )
    _record(version, last, by, at)
    return version


def _decision(decision: str) -> str:
    said = typed.written(
        decision, "decision", needed=_("Name the decision that approved the plan, and its body.")
    )
    if len(said) > LONGEST_DECISION:
        raise RuleBroken(
            "text_too_long",
            _("This text has %(length)s characters; %(longest)s are the most. Shorten it.")
            % {"length": len(said), "longest": LONGEST_DECISION},
            "decision",
        )
    return said


def _require_change(
    planned: list[rules.Planned], *, has_earlier: bool, unchanged: bool, reason: str
) -> None:
    """Raises RuleBroken `plan_empty`, `plan_unchanged`, `reason_needed`."""
    if not planned:
        raise RuleBroken(
            "plan_empty",
            _("No evaluation stands in this plan. Plan the evaluations first, then approve it."),
        )
    if unchanged:
        raise RuleBroken(
            "plan_unchanged",
            _("The plan is the same as in its last approved version. There is nothing to approve."),
        )
    if has_earlier and not reason:
        raise RuleBroken(
            "reason_needed", _("Say in a sentence why the approved plan changed."), "reason"
        )


def _record(version: PlanVersion, last: PlanVersion | None, by: User, at: datetime) -> None:
    changes = {
        "number": (last.number if last else None, version.number),
        "sha256": (last.sha256 if last else None, version.sha256),
        "decision": (last.decision if last else None, version.decision),
        "approved_on": (last.approved_on if last else None, version.approved_on),
    }
    audit.record(
        action="approve evaluation plan",
        subject=version,
        by=by,
        at=at,
        changes=changes,
        reason=version.reason,
    )
