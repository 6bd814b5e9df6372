"""The way of a submission, and who may not move it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.workflow import (
    TRANSITIONS,
    Action,
    NotPossible,
    State,
    counts,
    is_editable,
    step,
)

ANA, BO, CY = "Ana", "Bo", "Cy"


def refusal(
    action: Action,
    state: State,
    actor: str,
    submitter: str | None = ANA,
    approver: str | None = BO,
    *,
    has_note: bool = True,
) -> str:
    with pytest.raises(NotPossible) as caught:
        step(action, state, actor=actor, submitter=submitter, approver=approver, has_note=has_note)
    return caught.value.code


class TestStep:
    def test_goes_from_draft_to_verified(self) -> None:
        state = step(Action.SUBMIT, State.DRAFT, actor=ANA, submitter=None, has_note=False)
        assert state is State.SUBMITTED
        state = step(Action.APPROVE, state, actor=BO, submitter=ANA, has_note=False)
        assert state is State.APPROVED
        state = step(Action.VERIFY, state, actor=CY, submitter=ANA, approver=BO, has_note=False)
        assert state is State.VERIFIED

    def test_returns_with_a_note_and_may_be_submitted_again(self) -> None:
        state = step(Action.RETURN, State.SUBMITTED, actor=BO, submitter=ANA, has_note=True)
        assert state is State.RETURNED
        assert is_editable(state)
        assert (
            step(Action.SUBMIT, state, actor=ANA, submitter=ANA, has_note=False) is State.SUBMITTED
        )

    def test_is_withdrawn_by_whoever_submitted(self) -> None:
        state = step(Action.WITHDRAW, State.SUBMITTED, actor=ANA, submitter=ANA, has_note=False)
        assert state is State.DRAFT
        assert refusal(Action.WITHDRAW, State.SUBMITTED, BO) == "not_the_submitter"

    @pytest.mark.parametrize("action", [Action.APPROVE, Action.RETURN])
    def test_refuses_the_person_who_submitted(self, action: Action) -> None:
        assert refusal(action, State.SUBMITTED, ANA) == "own_submission"

    def test_refuses_to_verify_what_one_submitted_or_approved(self) -> None:
        assert refusal(Action.VERIFY, State.APPROVED, ANA) == "own_submission"
        assert refusal(Action.VERIFY, State.APPROVED, BO) == "own_approval"

    def test_refuses_if_it_is_not_on_record_who_came_before(self) -> None:
        assert refusal(Action.APPROVE, State.SUBMITTED, BO, submitter=None) == "person_unknown"
        assert refusal(Action.VERIFY, State.APPROVED, CY, approver=None) == "person_unknown"

    def test_refuses_to_return_without_a_note(self) -> None:
        assert refusal(Action.RETURN, State.SUBMITTED, BO, has_note=False) == "note_missing"

    def test_allows_exactly_the_steps_of_the_table(self) -> None:
        allowed = {(a, s) for a, t in TRANSITIONS.items() for s in t.sources}
        assert allowed == {
            (Action.SUBMIT, State.DRAFT),
            (Action.SUBMIT, State.RETURNED),
            (Action.WITHDRAW, State.SUBMITTED),
            (Action.RETURN, State.SUBMITTED),
            (Action.APPROVE, State.SUBMITTED),
            (Action.VERIFY, State.APPROVED),
        }
        for action in Action:
            for state in State:
                if (action, state) not in allowed:
                    assert refusal(action, state, CY) == "wrong_state"

    def test_names_the_role_for_each_action(self) -> None:
        assert {a: t.role for a, t in TRANSITIONS.items()} == {
            Action.SUBMIT: "contributor",
            Action.WITHDRAW: "contributor",
            Action.RETURN: "approver",
            Action.APPROVE: "approver",
            Action.VERIFY: "quality_assurance",
        }

    @given(
        st.lists(
            st.tuples(st.sampled_from(Action), st.sampled_from([ANA, BO, CY]), st.booleans()),
            max_size=30,
        )
    )
    def test_never_lets_anyone_decide_on_their_own_work_in_any_sequence(
        self, attempts: list[tuple[Action, str, bool]]
    ) -> None:
        state, submitter, approver, verifier = State.DRAFT, None, None, None
        for action, actor, has_note in attempts:
            try:
                state = step(
                    action,
                    state,
                    actor=actor,
                    submitter=submitter,
                    approver=approver,
                    has_note=has_note,
                )
            except NotPossible:
                continue
            submitter = actor if action is Action.SUBMIT else submitter
            approver = actor if action is Action.APPROVE else approver
            verifier = actor if action is Action.VERIFY else verifier
            if counts(state):
                assert approver not in {None, submitter}
            if state is State.VERIFIED:
                assert len({submitter, approver, verifier}) == 3


class TestStates:
    def test_counts_only_what_is_approved(self) -> None:
        assert {s for s in State if counts(s)} == {State.APPROVED, State.VERIFIED}

    def test_can_be_edited_only_as_a_draft(self) -> None:
        assert {s for s in State if is_editable(s)} == {State.DRAFT, State.RETURNED}
