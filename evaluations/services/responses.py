"""Management's response: to an evaluation as a whole, to each recommendation, and what is planned.

Nothing is overwritten: what changes is a new version with the reason of the change. Management
answers for itself. Only what it answered elsewhere may be recorded by an evaluation officer, from a
list or as demonstration (`as_recorded`), and the audit trail says so.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluations import permissions
from evaluations.models import (
    Action,
    Answer,
    Evaluation,
    FollowUp,
    ManagementResponse,
    Recommendation,
)
from evaluations.rules.follow_up import OPEN, Decision, Phase
from evaluations.services import stands
from evaluations.services.recommendations import begun_on, require_findings
from evaluations.services.states import main_state
from evaluations.services.typed import changed_elsewhere, happened_on, language_of, written
from evaluations.services.wordings import with_text
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from habitat_plan.kit.wording import Wording
from organization.models import Office, User
from organization.services import audit


def require_management(by: User, office: Office) -> None:
    """Raises NotAllowed for whoever does not answer recommendations to the office."""
    _allow(permissions.may_answer(by, office), by, as_recorded=False, sentence=_answers(office))


def require_manager(by: User) -> None:
    """Raises NotAllowed for whoever does not give management's overall response."""
    is_allowed = permissions.may_answer_as_a_whole(by)
    _allow(is_allowed, by, as_recorded=False, sentence=_responds())


def _responds() -> str:
    return _("Management’s overall response is given by a manager, never by the evaluators.")


def _allow(is_allowed: bool, by: User, *, as_recorded: bool, sentence: str) -> None:
    if permissions.may_import(by) if as_recorded else is_allowed:
        return
    if as_recorded:
        sentence = _("What management answered elsewhere is recorded by an evaluation officer.")
    raise NotAllowed("role_needed", sentence)


def _locked(recommendation: Recommendation) -> Recommendation:
    return (
        Recommendation.objects.select_for_update(of=("self",))
        .select_related("evaluation", "office")
        .get(pk=recommendation.pk)
    )


def _as(action: str, *, as_recorded: bool) -> str:
    """How the audit trail calls it; what was answered elsewhere is called so."""
    return f"{action} (as recorded)" if as_recorded else action


@transaction.atomic
def respond_as_a_whole(
    *,
    evaluation: Evaluation,
    text: str,
    differences: str,
    language: str,
    on: date,
    reason: str,
    seen_version: int,
    by: User,
    at: datetime,
    as_recorded: bool = False,
) -> ManagementResponse:
    """Records management's overall response, or a new version of it with the reason.

    `differences` are differences of opinion. `seen_version` is 0 if there was none. Raises
    NotAllowed, and RuleBroken `no_findings_yet`, `text_needed`, `text_too_long`,
    `reason_needed`, `day_in_future`, `day_too_early`, `language_unknown`, `changed_elsewhere`.
    """
    is_allowed = permissions.may_answer_as_a_whole(by)
    _allow(is_allowed, by, as_recorded=as_recorded, sentence=_responds())
    evaluation = Evaluation.objects.select_for_update(of=("self",)).get(pk=evaluation.pk)
    require_findings(evaluation)
    last = evaluation.responses.order_by("version").last()
    said = written(text, "text", needed=_("Write management’s response."))
    language = language_of(language)
    words = with_text(last.text if last else None, language, said)
    differing = with_text(
        last.differences if last else None, language, written(differences, "differences")
    )
    if last and (last.text, last.differences) == (words, differing):
        return last
    version = last.version if last else 0
    _check_version(version, seen_version)
    why = _why_changed(reason, "reason", version)
    row = ManagementResponse.objects.create(
        evaluation=evaluation,
        version=version + 1,
        text=words,
        differences=differing,
        on=happened_on(on, at, earliest=last.on if last else begun_on(evaluation)),
        at=at,
        by=by,
        reason=why,
    )
    audit.record(
        action=_as("respond to evaluation", as_recorded=as_recorded),
        subject=row,
        by=by,
        at=at,
        changes={
            "text": (last.text if last else None, words),
            "differences": (last.differences if last else None, differing),
        },
        reason=why,
    )
    return row


def _check_version(version: int, seen_version: int) -> None:
    if version != seen_version:
        raise changed_elsewhere()


def _why_changed(reason: str, field: str, version: int) -> str:
    needed = _("Say in a sentence why the answer changes.") if version else ""
    if needed and not reason.strip():
        raise RuleBroken("reason_needed", needed, field)
    return written(reason, field) if version else ""


@transaction.atomic
def answer(
    *,
    recommendation: Recommendation,
    decision: str,
    text: str,
    reason: str,
    language: str,
    on: date,
    changed_why: str,
    seen_version: int,
    by: User,
    at: datetime,
    as_recorded: bool = False,
) -> Answer:
    """Records management's answer to a recommendation, or a new version of it.

    `reason` is why it is rejected, or accepted only in part; `changed_why` why an earlier answer
    changes. `seen_version` is 0 if there was none. With another decision, what was written in
    other languages about the earlier one is left behind. Raises NotAllowed, and RuleBroken
    `no_findings_yet`, `decision_needed`, `reason_needed`, `actions_open`, `text_too_long`,
    `day_in_future`, `day_too_early`, `language_unknown`, `changed_elsewhere`.
    """
    _allow(
        permissions.may_answer(by, recommendation.office),
        by,
        as_recorded=as_recorded,
        sentence=_answers(recommendation.office),
    )
    row = _locked(recommendation)
    require_findings(row.evaluation)
    last = row.answers.order_by("version").last()
    given = _given(row, last, decision, text, reason, language_of(language))
    if last and given == _fields(last):
        return last
    version = last.version if last else 0
    _check_version(version, seen_version)
    why = _why_changed(changed_why, "changed_why", version)
    if decision == Decision.REJECTED:
        _refuse_while_open(row)
    found = Answer.objects.create(
        recommendation=row,
        version=version + 1,
        decision=decision,
        text=given["text"],
        reason=given["reason"],
        has_reason=bool(given["reason"]),
        changed_why=why,
        on=happened_on(on, at, earliest=_earliest(row, last, decision)),
        at=at,
        by=by,
    )
    stands.refresh([row])
    before = _fields(last) if last else dict.fromkeys(given)
    audit.record(
        action=_as("answer recommendation", as_recorded=as_recorded),
        subject=found,
        by=by,
        at=at,
        changes={name: (before[name], given[name]) for name in given},
        # Why the answer changes; of a first answer, why it is not accepted.
        reason=why or written(reason, "reason"),
        office=row.office,
    )
    return found


def _answers(office: Office) -> str:
    """Who answers for an office, for those who may not."""
    return _(
        "Recommendations to %(office)s are answered by its approver or by a manager, never by the "
        "evaluators. Ask an administrator if you should hold that role."
    ) % {"office": office.name}


def _fields(row: Answer) -> dict[str, object]:
    return {"decision": row.decision, "text": row.text, "reason": row.reason}


def _given(
    row: Recommendation,
    last: Answer | None,
    decision: str,
    text: str,
    reason: str,
    language: str,
) -> dict[str, object]:
    """What is answered. Raises RuleBroken `decision_needed`, `reason_needed`, `text_too_long`."""
    if decision not in list(Decision):
        raise RuleBroken(
            "decision_needed",
            _("Choose whether it is accepted, partly accepted or rejected."),
            "decision",
        )
    needed = "" if decision == Decision.ACCEPTED else _why_not(decision)
    kept = last if last is not None and last.decision == decision else None
    why = written(reason, "reason", needed=needed)
    return {
        "decision": decision,
        "text": with_text(kept.text if kept else None, language, written(text, "text")),
        "reason": with_text(kept.reason if kept else None, language, why),
    }


def _why_not(decision: str) -> str:
    if decision == Decision.REJECTED:
        return _("Say why it is rejected.")
    return _("Say which part is not accepted, and why.")


def _refuse_while_open(row: Recommendation) -> None:
    """Raises RuleBroken `actions_open`: what is under way does not end by being rejected."""
    count = row.actions.filter(state__phase__in=OPEN).count()
    if count:
        raise RuleBroken(
            "actions_open",
            ngettext(
                "%(number)s action is open. The Evaluation Unit marks it as overtaken by events "
                "first; then the recommendation can be rejected.",
                "%(number)s actions are open. The Evaluation Unit marks them as overtaken by "
                "events first; then the recommendation can be rejected.",
                count,
            )
            % {"number": count},
            "decision",
        )


def _earliest(row: Recommendation, last: Answer | None, decision: str) -> date | None:
    """The first day an answer can be of: after the one before, and after its actions ended."""
    days = [last.on] if last else [day for day in [begun_on(row.evaluation)] if day]
    if decision == Decision.REJECTED:
        ended = FollowUp.objects.filter(action__recommendation=row)
        days += ended.order_by("-on").values_list("on", flat=True)[:1]
    return max(days, default=None)


@transaction.atomic
def plan_action(
    *,
    recommendation: Recommendation,
    text: str,
    language: str,
    office: Office,
    owner: User | None,
    due_on: date | None,
    on: date,
    by: User,
    at: datetime,
    as_recorded: bool = False,
) -> Action:
    """Plans what an office does about a recommendation that is accepted, at least in part.

    The day by which it is due may be missing only in what was recorded elsewhere. The same words
    for the same office twice are one action. Raises NotAllowed, and RuleBroken `not_accepted`,
    `text_needed`, `text_too_long`, `language_unknown`, `due_needed`, `due_too_early`,
    `owner_elsewhere`, `day_in_future`, `day_too_early`.
    """
    _allow(
        permissions.may_answer(by, recommendation.office),
        by,
        as_recorded=as_recorded,
        sentence=_answers(recommendation.office),
    )
    row = _locked(recommendation)
    last = row.answers.order_by("version").last()
    if last is None or last.decision == Decision.REJECTED:
        raise RuleBroken(
            "not_accepted",
            _("Actions are planned for what is accepted, at least in part. Answer it first."),
        )
    said = written(text, "text", needed=_("Write what will be done."))
    words = with_text(None, language_of(language), said)
    for one in row.actions.filter(office=office):
        if one.text == words and (one.owner_id, one.agreed_due_on) == (_key(owner), due_on):
            return one
    on = happened_on(on, at, earliest=last.on)
    _check_due(due_on, on, as_recorded=as_recorded)
    _check_owner(owner)
    action = _planned(row, words, office, owner, due_on, on, at)
    stands.refresh([row])
    audit.record(
        action=_as("plan action", as_recorded=as_recorded),
        subject=action,
        by=by,
        at=at,
        changes={
            "text": (None, words),
            "owner": (None, _key(owner)),
            "due on": (None, due_on),
            "planned on": (None, on),
        },
        office=office,
    )
    return action


def _key(owner: User | None) -> int | None:
    return owner.pk if owner else None


def _check_due(due_on: date | None, on: date, *, as_recorded: bool) -> None:
    if as_recorded:
        return
    if due_on is None:
        raise RuleBroken("due_needed", _("Give the day by which it is done."), "due_on")
    if due_on < on:
        raise RuleBroken(
            "due_too_early", _("It cannot be due before it is planned. Give a later day."), "due_on"
        )


def _check_owner(owner: User | None) -> None:
    """Raises RuleBroken `owner_elsewhere` for somebody who cannot report on an action."""
    if owner is not None and not (owner.is_active and permissions.is_of_secretariat(owner)):
        raise RuleBroken(
            "owner_elsewhere",
            _(
                "Name somebody of the secretariat who may sign in, or nobody: then it is the "
                "office’s."
            ),
            "owner",
        )


def _planned(
    row: Recommendation,
    words: Wording,
    office: Office,
    owner: User | None,
    due_on: date | None,
    on: date,
    at: datetime,
) -> Action:
    last = row.actions.order_by("number").last()
    return Action.objects.create(
        recommendation=row,
        number=last.number + 1 if last else 1,
        text=words,
        office=office,
        owner=owner,
        planned_on=on,
        agreed_due_on=due_on,
        due_on=due_on,
        state=main_state(Phase.NOT_STARTED),
        made_at=at,
    )
