"""The steps of an action and what follows for its recommendation, without a database."""

from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules.follow_up import (
    CLOSED,
    ENDED,
    OPEN,
    STEPS,
    ActionState,
    Actor,
    Decision,
    Happened,
    Phase,
    Standing,
    action_on,
    due_of,
    standing_of,
    step,
)

FIRST = date(2016, 1, 1)
DUE = date(2016, 9, 30)
phases = st.sampled_from(Phase)


class TestSteps:
    def test_an_owner_never_closes(self) -> None:
        for before, after in product(Phase, CLOSED):
            assert step(before, after, Actor.OWNER) is None

    def test_only_what_is_proposed_is_verified(self) -> None:
        ways = [one.before for one in STEPS if one.after == Phase.IMPLEMENTED]
        assert ways == [Phase.PROPOSED]

    def test_only_work_in_progress_is_proposed(self) -> None:
        ways = [(one.before, one.actor) for one in STEPS if one.after == Phase.PROPOSED]
        assert ways == [(Phase.IN_PROGRESS, Actor.OWNER)]

    def test_the_unit_never_reports_or_proposes_for_an_owner(self) -> None:
        assert step(Phase.NOT_STARTED, Phase.IN_PROGRESS, Actor.UNIT) is None
        assert step(Phase.IN_PROGRESS, Phase.PROPOSED, Actor.UNIT) is None

    def test_every_way_back_needs_a_reason(self) -> None:
        order = [Phase.NOT_STARTED, Phase.IN_PROGRESS, Phase.PROPOSED, Phase.IMPLEMENTED]
        for one in STEPS:
            ends_early = one.after == Phase.OVERTAKEN
            goes_back = one.before == Phase.OVERTAKEN or (
                not ends_early and order.index(one.after) < order.index(one.before)
            )
            assert one.needs_reason == (ends_early or goes_back)

    def test_no_step_stands_twice(self) -> None:
        assert len({(one.before, one.after, one.actor) for one in STEPS}) == len(STEPS) == 13

    @given(st.lists(st.tuples(phases, st.sampled_from(Actor)), max_size=30))
    def test_whoever_reaches_the_end_came_by_every_phase(
        self, tries: list[tuple[Phase, Actor]]
    ) -> None:
        way, actors = [Phase.NOT_STARTED], []
        for after, actor in tries:
            if step(way[-1], after, actor):
                way.append(after)
                actors.append(actor)
        if Phase.IMPLEMENTED in way:
            end = way.index(Phase.IMPLEMENTED)
            assert way[end - 1] == Phase.PROPOSED
            assert actors[end - 1] == Actor.UNIT
            assert Phase.IN_PROGRESS in way[: end - 1]


def _on(day: date, *follow_ups: Happened) -> ActionState | None:
    return action_on(day, planned_on=date(2016, 5, 1), due_on=DUE, follow_ups=follow_ups)


class TestActionOn:
    def test_before_it_was_planned_there_is_none(self) -> None:
        assert _on(date(2016, 4, 30)) is None

    def test_on_the_day_it_was_planned_it_is_not_started(self) -> None:
        assert _on(date(2016, 5, 1)) == ActionState(Phase.NOT_STARTED, DUE)

    def test_what_happened_on_a_day_holds_at_its_end(self) -> None:
        begun = Happened(date(2016, 6, 1), Phase.IN_PROGRESS, DUE, DUE)
        assert _on(date(2016, 5, 31), begun) == ActionState(Phase.NOT_STARTED, DUE)
        assert _on(date(2016, 6, 1), begun) == ActionState(Phase.IN_PROGRESS, DUE)

    def test_a_due_day_holds_from_the_day_it_was_moved(self) -> None:
        later = date(2016, 12, 31)
        moved = Happened(date(2016, 9, 1), Phase.IN_PROGRESS, DUE, later)
        told = Happened(date(2016, 10, 1), Phase.IN_PROGRESS, later, later)
        assert _on(date(2016, 8, 31), moved, told) == ActionState(Phase.NOT_STARTED, DUE)
        assert _on(date(2016, 10, 2), moved, told) == ActionState(Phase.IN_PROGRESS, later)

    @given(
        st.lists(st.tuples(st.integers(0, 400), phases, st.integers(0, 400)), max_size=12),
        st.integers(0, 400),
    )
    def test_what_is_recorded_about_later_days_changes_no_earlier_day(
        self, raw: list[tuple[int, Phase, int]], asked: int
    ) -> None:
        day, found, due = FIRST + timedelta(days=asked), [], DUE
        for on, phase, moved in sorted(raw, key=lambda one: one[0]):
            new = FIRST + timedelta(days=moved)
            found.append(Happened(FIRST + timedelta(days=on), phase, due, new))
            due = new
        until = [one for one in found if one.on <= day]
        assert action_on(day, planned_on=FIRST, due_on=DUE, follow_ups=found) == ActionState(
            until[-1].after if until else Phase.NOT_STARTED, until[-1].due_after if until else DUE
        )


def _standing(decision: str | None, *found: Phase) -> Standing:
    return standing_of(decision, [ActionState(phase) for phase in found])


P = Phase


class TestStanding:
    @pytest.mark.parametrize(
        ("found", "standing"),
        [
            ([], Standing.UNPLANNED),
            ([P.NOT_STARTED], Standing.NOT_STARTED),
            ([P.NOT_STARTED, P.NOT_STARTED], Standing.NOT_STARTED),
            ([P.NOT_STARTED, P.IN_PROGRESS], Standing.IN_PROGRESS),
            ([P.NOT_STARTED, P.IMPLEMENTED], Standing.IN_PROGRESS),
            ([P.NOT_STARTED, P.PROPOSED], Standing.IN_PROGRESS),
            ([P.PROPOSED], Standing.TO_VERIFY),
            ([P.PROPOSED, P.IMPLEMENTED], Standing.TO_VERIFY),
            ([P.PROPOSED, P.OVERTAKEN], Standing.TO_VERIFY),
            ([P.IMPLEMENTED], Standing.IMPLEMENTED),
            ([P.IMPLEMENTED, P.OVERTAKEN], Standing.IMPLEMENTED),
            ([P.OVERTAKEN], Standing.OVERTAKEN),
        ],
    )
    @pytest.mark.parametrize("decision", [Decision.ACCEPTED, Decision.PARTLY])
    def test_follows_from_the_actions(
        self, decision: Decision, found: list[Phase], standing: Standing
    ) -> None:
        assert _standing(decision, *found) == standing

    @pytest.mark.parametrize("decision", [None, ""])
    def test_without_an_answer_it_is_awaited_whatever_is_done(self, decision: str | None) -> None:
        assert _standing(decision, P.IMPLEMENTED) == Standing.AWAITING

    def test_what_is_rejected_stays_so(self) -> None:
        assert _standing(Decision.REJECTED, P.OVERTAKEN) == Standing.REJECTED

    @given(st.lists(phases))
    def test_it_has_ended_exactly_when_no_action_is_open(self, found: list[Phase]) -> None:
        ended = _standing(Decision.ACCEPTED, *found) in ENDED
        assert ended == (bool(found) and not OPEN & set(found))


class TestDue:
    def test_the_first_of_the_open_actions_counts(self) -> None:
        found = [
            ActionState(P.IMPLEMENTED, date(2016, 1, 1)),
            ActionState(P.IN_PROGRESS, date(2016, 9, 30)),
            ActionState(P.PROPOSED, date(2016, 6, 30)),
            ActionState(P.NOT_STARTED, None),
        ]
        assert due_of(found) == date(2016, 6, 30)

    def test_without_an_open_action_nothing_is_due(self) -> None:
        assert due_of([ActionState(P.OVERTAKEN, date(2016, 1, 1)), ActionState(P.PROPOSED)]) is None
