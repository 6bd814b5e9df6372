"""What is done about an action: reported, proposed as done, verified or returned (p.99; domain 8).

Each step is a row that is never changed, with its day, its author and, where the way goes back or
ends early, its reason. An owner reports and proposes; an evaluation officer who neither owns the
action nor proposed its closure verifies, returns, ends or reopens it; management moves its due day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations import permissions
from evaluations.models import Action, FollowUp, FollowUpState, Recommendation
from evaluations.rules import follow_up as rules
from evaluations.rules.follow_up import CLOSED, Actor, Decision, Phase
from evaluations.services import reminders, stands
from evaluations.services.follow_up_evidence import Piece, attach, require_owner
from evaluations.services.states import main_state
from evaluations.services.typed import changed_elsewhere, happened_on, written
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import User
from organization.services import audit

K = FollowUp.Kind
WHY: Mapping[Phase, str | Promise] = {
    Phase.IN_PROGRESS: gettext_lazy("Say what is missing, or why it goes back."),
    Phase.NOT_STARTED: gettext_lazy("Say why it goes back."),
    Phase.OVERTAKEN: gettext_lazy("Say which events made it pointless."),
}
ONLY_FROM: Mapping[str, frozenset[Phase]] = {
    K.RETURNED: frozenset({Phase.PROPOSED}),
    K.REOPENED: CLOSED,
}
"""Two ways lead back to work in progress; each starts where the other does not."""


@dataclass(frozen=True)
class Said:
    """What one entry says: its kind and words, the state it leads to, the due day it sets."""

    kind: str
    text: str = ""
    reason: str = ""
    after: FollowUpState | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Sent:
    """Who sends it and when, of which day it is, and which revision of the action they saw."""

    on: date
    seen_revision: int
    by: User
    at: datetime


def require_unit(by: User, action: Action) -> None:
    """Raises NotAllowed for whoever is no evaluation officer, owns the action, or proposed it."""
    if permissions.may_verify(by, action):
        return
    if permissions.may_evaluate(by):
        raise NotAllowed(
            "own_action",
            _(
                "You own this action or proposed that it is closed, so another evaluation officer "
                "decides on it."
            ),
        )
    raise NotAllowed("role_needed", _("This is for an evaluation officer who does not own it."))


def require_management(by: User, action: Action) -> None:
    """Raises NotAllowed for whoever does not answer for the office of the action."""
    if not may_move(by, action):
        raise NotAllowed(
            "role_needed",
            _("The due day is moved by the approver of %(office)s or by a manager.")
            % {"office": action.office.name},
        )


def may_move(by: User, action: Action) -> bool:
    """True for those who may move the day by which an action is due: management."""
    offices = (action.office, action.recommendation.office)
    return any(permissions.may_answer(by, office) for office in offices)


@transaction.atomic
def report(
    *,
    action: Action,
    state: FollowUpState,
    text: str,
    reason: str,
    on: date,
    seen_revision: int,
    by: User,
    at: datetime,
    evidence: Sequence[Piece] = (),
) -> FollowUp:
    """Its owner says how far an action is; going back, or taking a proposal back, needs a reason.

    Raises NotAllowed, and RuleBroken `text_needed`, `state_retired`, and what all steps raise:
    `step_not_allowed`, `reason_needed`, `changed_elsewhere`, `day_in_future`, `day_too_early`,
    `text_too_long`, `text_damaged`.
    """
    row = _locked(action)
    require_owner(by, row)
    _check_state(state, on)
    told = written(text, "text", needed=_("Write what was done."))
    said = Said(K.PROGRESS, told, written(reason, "reason"), after=state)
    return _step(row, said, Sent(on, seen_revision, by, at), Actor.OWNER, evidence)


def _check_state(state: FollowUpState, on: date) -> None:
    if state.phase not in {Phase.NOT_STARTED, Phase.IN_PROGRESS}:
        raise RuleBroken(
            "step_not_allowed",
            _("Report that it is not started or in progress. To have it closed, propose that."),
            "state",
        )
    if state.retired_on is not None and state.retired_on <= on:
        raise RuleBroken(
            "state_retired", _("This state is not used any more. Choose another."), "state"
        )


@transaction.atomic
def propose(
    *,
    action: Action,
    text: str,
    on: date,
    seen_revision: int,
    by: User,
    at: datetime,
    evidence: Sequence[Piece] = (),
) -> FollowUp:
    """Its owner says that an action is done; evaluation officers are told by mail.

    Raises NotAllowed, and RuleBroken `text_needed` and what all steps raise (see `report`).
    """
    row = _locked(action)
    require_owner(by, row)
    told = written(text, "text", needed=_("Write what was done, so that it can be verified."))
    said = Said(K.PROPOSED, told, after=main_state(Phase.PROPOSED))
    found = _step(row, said, Sent(on, seen_revision, by, at), Actor.OWNER, evidence)
    reminders.told_of_proposal(follow_up=found, by=by, at=at)
    return found


@transaction.atomic
def verify(
    *, action: Action, text: str, on: date, seen_revision: int, by: User, at: datetime
) -> FollowUp:
    """The Evaluation Unit verifies that an action is done, and so closes it.

    Raises NotAllowed, and RuleBroken with what all steps raise (see `report`).
    """
    row = _locked(action)
    require_unit(by, row)
    said = Said(K.VERIFIED, written(text, "text"), after=main_state(Phase.IMPLEMENTED))
    return _step(row, said, Sent(on, seen_revision, by, at), Actor.UNIT)


@transaction.atomic
def send_back(
    *, action: Action, reason: str, on: date, seen_revision: int, by: User, at: datetime
) -> FollowUp:
    """The Evaluation Unit returns a proposal, with what is missing; its owner is told by mail.

    Raises NotAllowed, and RuleBroken with what all steps raise (see `report`).
    """
    row = _locked(action)
    require_unit(by, row)
    said = Said(K.RETURNED, reason=_why(reason), after=main_state(Phase.IN_PROGRESS))
    found = _step(row, said, Sent(on, seen_revision, by, at), Actor.UNIT)
    reminders.told_of_return(follow_up=found, by=by, at=at)
    return found


@transaction.atomic
def overtake(
    *, action: Action, reason: str, on: date, seen_revision: int, by: User, at: datetime
) -> FollowUp:
    """The Evaluation Unit closes an action that events made pointless.

    Raises NotAllowed, and RuleBroken with what all steps raise (see `report`).
    """
    row = _locked(action)
    require_unit(by, row)
    said = Said(K.OVERTAKEN, reason=_why(reason), after=main_state(Phase.OVERTAKEN))
    return _step(row, said, Sent(on, seen_revision, by, at), Actor.UNIT)


@transaction.atomic
def reopen(
    *, action: Action, reason: str, on: date, seen_revision: int, by: User, at: datetime
) -> FollowUp:
    """The Evaluation Unit opens a closed action again; its owner is told by mail.

    Raises NotAllowed, and RuleBroken `recommendation_rejected` and what all steps raise.
    """
    row = _locked(action)
    require_unit(by, row)
    _refuse_rejected(row)
    said = Said(K.REOPENED, reason=_why(reason), after=main_state(Phase.IN_PROGRESS))
    found = _step(row, said, Sent(on, seen_revision, by, at), Actor.UNIT)
    reminders.told_of_return(follow_up=found, by=by, at=at)
    return found


def _why(reason: str) -> str:
    return written(reason, "reason")


def _refuse_rejected(row: Action) -> None:
    last = row.recommendation.answers.order_by("version").last()
    if last is not None and last.decision == Decision.REJECTED:
        raise RuleBroken(
            "recommendation_rejected",
            _("Management rejected this recommendation. It answers anew first."),
        )


@transaction.atomic
def move_due(
    *,
    action: Action,
    due_on: date,
    reason: str,
    on: date,
    seen_revision: int,
    by: User,
    at: datetime,
) -> FollowUp:
    """Management moves the day by which an open action is due. The day first agreed stays known.

    Raises NotAllowed, and RuleBroken `action_closed`, `due_unchanged`, `due_too_early`, and what
    all steps raise (see `report`).
    """
    row = _locked(action)
    require_management(by, row)
    why = written(reason, "reason", needed=_("Say why the day is moved."))
    said, sent = Said(K.MOVED, reason=why, due_on=due_on), Sent(on, seen_revision, by, at)
    if earlier := _sent_before(row, said, sent):
        return earlier
    if row.state.phase in CLOSED:
        raise RuleBroken("action_closed", _("This action is closed. Its due day stays as it was."))
    if due_on == row.due_on:
        raise RuleBroken("due_unchanged", _("It is due on this day already."), "due_on")
    if due_on < row.planned_on:
        raise RuleBroken(
            "due_too_early", _("It cannot be due before it is planned. Give a later day."), "due_on"
        )
    return _write(row, said, sent)


def _locked(action: Action) -> Action:
    """The action as it is now. Whoever changes one of a recommendation's actions waits for others.

    Otherwise two at a time would each compute its standing without the other's change.
    """
    Recommendation.objects.select_for_update(of=("self",)).get(pk=action.recommendation_id)
    return (
        Action.objects.select_for_update(of=("self",))
        .select_related("recommendation__evaluation", "recommendation__office", "office", "state")
        .get(pk=action.pk)
    )


def _sent_before(row: Action, said: Said, sent: Sent) -> FollowUp | None:
    """The entry that this form made when it was sent first; None if it comes for the first time.

    Raises RuleBroken `changed_elsewhere` if something else happened meanwhile.
    """
    if row.revision == sent.seen_revision:
        return None
    last = row.follow_ups.order_by("number").last()
    if last is not None and row.revision == sent.seen_revision + 1:
        was = (last.kind, last.text, last.reason, last.on, last.by_id, last.due_after)
        due_on = said.due_on or last.due_before
        is_same = was == (said.kind, said.text, said.reason, sent.on, sent.by.pk, due_on)
        if is_same and said.after in {None, last.after}:
            return last
    raise changed_elsewhere()


def _step(
    row: Action, said: Said, sent: Sent, actor: Actor, evidence: Sequence[Piece] = ()
) -> FollowUp:
    """Takes a step into another phase, if there is one for this actor, with its reason if needed.

    Raises RuleBroken `changed_elsewhere`, `step_not_allowed`, `reason_needed`, and what is wrong
    with the day.
    """
    if earlier := _sent_before(row, said, sent):
        return earlier
    before, after = row.state.phase, said.after.phase if said.after else row.state.phase
    found = rules.step(before, after, actor)
    if found is None or before not in ONLY_FROM.get(said.kind, frozenset(Phase)):
        names = dict(FollowUpState.Phase.choices)
        message = _(
            "From “%(before)s” no step leads to “%(after)s”: no state is skipped. Load the page "
            "again and choose a step that it offers."
        )
        names_here = {"before": names[before], "after": names[after]}
        raise RuleBroken("step_not_allowed", message % names_here)
    if found.needs_reason:
        written(said.reason, "reason", needed=str(WHY[found.after]))
    return _write(row, said, sent, evidence)


def _write(row: Action, said: Said, sent: Sent, evidence: Sequence[Piece] = ()) -> FollowUp:
    """Writes one entry, its evidence, and where action and recommendation stand after it.

    Days never run backwards, so that no later entry changes how an earlier day looked. Raises
    RuleBroken `day_in_future`, `day_too_early`.
    """
    last = row.follow_ups.order_by("number").last()
    before, due_before = row.state, row.due_on
    entry = FollowUp.objects.create(
        action=row,
        number=last.number + 1 if last else 1,
        kind=said.kind,
        before=before,
        after=said.after or before,
        due_before=due_before,
        due_after=said.due_on or due_before,
        text=said.text,
        reason=said.reason,
        on=happened_on(sent.on, sent.at, earliest=last.on if last else row.planned_on),
        at=sent.at,
        by=sent.by,
    )
    row.state, row.due_on, row.revision = entry.after, entry.due_after, row.revision + 1
    row.save(update_fields=["state", "due_on", "revision"])
    stands.refresh([row.recommendation])
    changes = {
        "state": (before.code, entry.after.code),
        "due on": (due_before, entry.due_after),
        "text": (None, said.text),
        "on": (None, entry.on),
    }
    audit.record(
        action=f"follow up: {said.kind}",
        subject=row,
        by=sent.by,
        at=sent.at,
        changes={name: change for name, change in changes.items() if change[0] != change[1]},
        reason=said.reason,
        office=row.office,
    )
    attach(entry, evidence, by=sent.by, at=sent.at)
    return entry
