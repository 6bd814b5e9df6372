"""An approved plan and what came of it: frozen, compared, counted; by hand and for any plan."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules import plans as rules
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.rules.plans import Named, Outcome, Planned, Progress, Standing

S = EvaluationState
BIENNIUM = "2016-2017"
DAY = date(2017, 1, 16)
TITLE = {"en": {"text": "Land", "status": "working"}}
MANDATE = Named("plan", "mid-term", TITLE, "Strategic plan", "p.61 a")


def planned(key: int = 1, **fields: object) -> Planned:
    """An evaluation that runs through the year 2017."""
    given = {"starts_on": date(2017, 1, 1), "ends_on": date(2017, 12, 31)} | fields
    return Planned(key, f"e-{key}", TITLE, "subprogramme", "external", **given)


def stands(one: Planned, state: S = S.PLANNED, **fields: object) -> Standing:
    """It as it is now, in the same biennium unless another is given."""
    return Standing(one, fields.pop("biennium", BIENNIUM), state, **fields)


def compared(approved: Planned, now: Standing | None) -> Progress:
    """What came of one evaluation of the approved plan."""
    (row,) = rules.progress(BIENNIUM, [approved], [now] if now else [], DAY)
    return row


class TestProgress:
    @pytest.mark.parametrize(
        ("state", "outcome"),
        [
            (S.PLANNED, Outcome.WAITING),
            (S.PREPARED, Outcome.UNDER_WAY),
            (S.UNDER_WAY, Outcome.UNDER_WAY),
            (S.REPORTED, Outcome.DONE),
            (S.PUBLISHED, Outcome.DONE),
            (S.CANCELLED, Outcome.CANCELLED),
        ],
    )
    def test_the_state_says_what_came_of_it(self, state: S, outcome: Outcome) -> None:
        assert compared(planned(), stands(planned(), state)).outcome == outcome

    def test_it_is_late_the_day_after_the_approved_one(self) -> None:
        due = planned(ends_on=DAY)
        assert compared(due, stands(due)).outcome == Outcome.WAITING
        yesterday = planned(ends_on=DAY - timedelta(1))
        assert compared(yesterday, stands(yesterday)).outcome == Outcome.LATE

    def test_moving_its_days_does_not_make_it_less_late(self) -> None:
        approved = planned(ends_on=DAY - timedelta(1))
        row = compared(approved, stands(planned()))
        assert (row.outcome, row.is_moved, row.changed) == (Outcome.LATE, True, ())

    def test_it_was_made_but_after_the_approved_day(self) -> None:
        approved = planned(starts_on=date(2016, 1, 1), ends_on=date(2016, 6, 30))
        on_time, late = (
            compared(approved, stands(approved, S.PUBLISHED, completed_on=day))
            for day in (date(2016, 6, 30), date(2016, 7, 1))
        )
        assert (on_time.is_done_late, late.is_done_late) == (False, True)

    def test_in_another_biennium_or_gone_it_was_taken_out(self) -> None:
        moved = compared(planned(), stands(planned(), biennium="2018-2019"))
        gone = compared(planned(), None)
        assert moved.outcome == gone.outcome == Outcome.DROPPED
        assert not moved.is_moved
        assert gone.planned == planned()

    def test_one_that_is_not_in_the_version_was_added_unless_it_is_cancelled(self) -> None:
        now = [
            stands(planned(1)),
            stands(planned(2), S.PUBLISHED),
            stands(planned(3), S.CANCELLED),
            stands(planned(4), biennium="2018-2019"),
        ]
        rows = rules.progress(BIENNIUM, [planned(1)], now, DAY)
        assert [(row.planned.key, row.outcome) for row in rows] == [
            (1, Outcome.WAITING),
            (2, Outcome.ADDED),
        ]

    def test_changed_facts_are_named_and_another_wording_of_a_name_is_none(self) -> None:
        approved = planned(mandate=MANDATE, budget=Decimal("90000.00"))
        renamed = replace(MANDATE, name={"en": {"text": "Other words", "status": "working"}})
        now = planned(mandate=renamed, budget=Decimal("90000"), criteria=(MANDATE,))
        assert compared(approved, stands(now)).changed == ("criteria",)

    def test_a_number_of_its_report_changes_nothing_of_the_plan(self) -> None:
        published = replace(planned(), code="2-2017")
        row = compared(planned(), stands(published, S.PUBLISHED))
        assert (row.outcome, row.changed, row.is_moved) == (Outcome.DONE, (), False)
        assert rules.is_same_plan([planned()], [published])


class TestContent:
    def test_mandated_evaluations_come_first_then_the_earliest(self) -> None:
        listed = [
            planned(1, starts_on=None),
            planned(2),
            planned(3, starts_on=date(2016, 2, 1)),
            planned(4, mandate=MANDATE),
        ]
        assert [one.key for one in rules.in_order(listed)] == [4, 3, 2, 1]

    def test_the_hash_is_that_of_bytes_known_beforehand(self) -> None:
        content = {"b": "é", "a": [1, None]}
        assert rules.canonical(content) == '{"a":[1,null],"b":"é"}'.encode()
        # printf '{"a":[1,null],"b":"é"}' | sha256sum
        assert (
            rules.digest(content)
            == "e03c3c1ebb5fccd76e3bd35b9a86169f35e6f1b069645d48ac278175f54c4208"
        )

    def test_zeros_at_the_end_of_a_sum_change_no_byte(self) -> None:
        first, second = (
            rules.digest(rules.content_of(BIENNIUM, [planned(budget=Decimal(sum_))]))
            for sum_ in ("90000", "90000.00")
        )
        assert first == second

    def test_the_total_says_of_how_many_no_budget_is_known(self) -> None:
        listed = [
            planned(1, budget=Decimal("0.10")),
            planned(2, budget=Decimal("0.20")),
            planned(3),
        ]
        assert rules.total_budget(listed) == (Decimal("0.30"), 1)
        assert rules.total_budget([]) == (Decimal(0), 0)


days = st.none() | st.dates(date(2015, 1, 1), date(2019, 12, 31))
texts = st.dictionaries(
    st.sampled_from(["en", "fr", "ar"]),
    st.fixed_dictionaries({"text": st.text(max_size=20), "status": st.just("working")}),
    max_size=2,
)
names = st.builds(Named, st.sampled_from(["plan", "project"]), st.text("abc-", max_size=5), texts)
plans = st.lists(
    st.builds(
        Planned,
        key=st.integers(1, 6),
        code=st.text("ab-", max_size=5),
        title=texts,
        kind=st.sampled_from(["project", "final"]),
        conducted_by=st.sampled_from(["", "external", "unit"]),
        budget=st.none() | st.decimals(0, 10**9, places=2),
        starts_on=days,
        ends_on=days,
        mandate=st.none() | names,
        criteria=st.lists(names, max_size=2).map(tuple),
        scope=st.lists(names, max_size=2).map(tuple),
        illustrative=st.booleans(),
    ),
    max_size=5,
    unique_by=lambda one: one.key,
)


@given(plans)
def test_a_frozen_plan_is_read_as_it_was(listed: list[Planned]) -> None:
    content = rules.content_of(BIENNIUM, listed)
    assert rules.planned_of(content) == rules.in_order(listed)
    again = rules.content_of(BIENNIUM, rules.planned_of(content))
    assert rules.digest(again) == rules.digest(content)
    assert rules.is_same_plan(listed, rules.planned_of(content))


@given(plans, plans, st.data())
def test_each_evaluation_has_exactly_one_outcome(
    approved: list[Planned], now: list[Planned], data: st.DataObject
) -> None:
    states = st.sampled_from(list(S))
    bienniums = st.sampled_from([BIENNIUM, "2018-2019", ""])
    standings = [Standing(one, data.draw(bienniums), data.draw(states)) for one in now]
    rows = rules.progress(BIENNIUM, approved, standings, DAY)
    keys = [row.planned.key for row in rows]
    assert len(keys) == len(set(keys))
    assert keys[: len(approved)] == [one.key for one in approved]
    standing_here = {
        one.planned.key
        for one in standings
        if one.biennium == BIENNIUM and one.state != S.CANCELLED
    }
    assert set(keys) == {one.key for one in approved} | standing_here


@given(plans)
def test_a_plan_against_itself_has_nothing_to_tell(listed: list[Planned]) -> None:
    rows = rules.progress(BIENNIUM, listed, [stands(one) for one in listed], date(2014, 1, 1))
    assert {row.outcome for row in rows} <= {Outcome.WAITING}
    assert not any(row.is_moved or row.changed for row in rows)
