"""The way of a submission: draft, submitted, approved, verified; returned is a draft with a note.

One office's data for one period move together. Whoever submits never decides on it, and quality
assurance verifies only what others submitted and approved. After approval a figure changes only
through a correction with a reason.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """Where a submission stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    VERIFIED = "verified"


class Action(StrEnum):
    """What a person may do with a submission."""

    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    VERIFY = "verify"


CONTRIBUTOR = "contributor"
APPROVER = "approver"
QUALITY_ASSURANCE = "quality_assurance"


@dataclass(frozen=True)
class Transition:
    """One row of the table: from which states to which, who may, and what it asks.

    `other_person`: not whoever submitted it. `own_only`: only whoever submitted it. `third_person`:
    not whoever approved it either. `nothing_open`: no query on a figure of it waits to be settled.
    """

    sources: frozenset[State]
    target: State
    role: str
    note_required: bool = False
    other_person: bool = False
    own_only: bool = False
    third_person: bool = False
    nothing_open: bool = False


TRANSITIONS: Mapping[Action, Transition] = {
    Action.SUBMIT: Transition(
        frozenset({State.DRAFT, State.RETURNED}), State.SUBMITTED, CONTRIBUTOR
    ),
    Action.WITHDRAW: Transition(
        frozenset({State.SUBMITTED}), State.DRAFT, CONTRIBUTOR, own_only=True
    ),
    Action.RETURN: Transition(
        frozenset({State.SUBMITTED}),
        State.RETURNED,
        APPROVER,
        note_required=True,
        other_person=True,
    ),
    Action.APPROVE: Transition(
        frozenset({State.SUBMITTED}), State.APPROVED, APPROVER, other_person=True
    ),
    Action.VERIFY: Transition(
        frozenset({State.APPROVED}),
        State.VERIFIED,
        QUALITY_ASSURANCE,
        other_person=True,
        third_person=True,
        nothing_open=True,
    ),
}


class NotPossible(Exception):
    """The table forbids this step.

    Codes: `wrong_state` (params action, state), `note_missing` (action), `own_submission` (action),
    `not_the_submitter` (action), `own_approval` (action), `person_unknown` (action): nobody is on
    record as submitter or approver, so it cannot be shown that this is another person;
    `open_queries` (action).
    """

    def __init__(self, code: str, params: Mapping[str, str]) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True)
class _People:
    actor: Hashable
    submitter: Hashable | None
    approver: Hashable | None = field(default=None)


def step(
    action: Action,
    state: State,
    *,
    actor: Hashable,
    submitter: Hashable | None,
    has_note: bool,
    approver: Hashable | None = None,
    has_open_query: bool = False,
) -> State:
    """The state after the action, or NotPossible.

    People are compared by equality (identifiers will do). Whether the actor holds the role that
    `TRANSITIONS` names is asked where roles are known, not here. `approver` is needed to verify.
    """
    transition = TRANSITIONS[action]
    if state not in transition.sources:
        raise NotPossible("wrong_state", {"action": action, "state": state})
    objection = _objection(transition, _People(actor, submitter, approver))
    if objection:
        raise NotPossible(objection, {"action": action})
    if transition.note_required and not has_note:
        raise NotPossible("note_missing", {"action": action})
    if transition.nothing_open and has_open_query:
        raise NotPossible("open_queries", {"action": action})
    return transition.target


def _objection(transition: Transition, people: _People) -> str | None:
    """Why this person may not, as a code."""
    concerned = transition.other_person or transition.own_only
    if concerned and people.submitter is None:
        return "person_unknown"
    if transition.other_person and people.actor == people.submitter:
        return "own_submission"
    if transition.own_only and people.actor != people.submitter:
        return "not_the_submitter"
    if transition.third_person and people.approver is None:
        return "person_unknown"
    if transition.third_person and people.actor == people.approver:
        return "own_approval"
    return None


def counts(state: State) -> bool:
    """Whether the figures enter totals, reports, exports and public pages."""
    return state in {State.APPROVED, State.VERIFIED}


def is_editable(state: State) -> bool:
    """Whether the office may still change its figures."""
    return state in {State.DRAFT, State.RETURNED}


TAKEN: Mapping[State, tuple[Action, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (Action.SUBMIT,),
    State.RETURNED: (Action.SUBMIT, Action.RETURN),
    State.APPROVED: (Action.SUBMIT, Action.APPROVE),
    State.VERIFIED: (Action.SUBMIT, Action.APPROVE, Action.VERIFY),
}
"""The shortest way to each state: what must have happened if no step was kept."""
