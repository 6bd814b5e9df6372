"""When an office is reminded, and under which key."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.rules.reminders import (
    Duty,
    owed,
    prompt_key,
    prompted_today,
    reached,
    waiting,
)
from indicators.rules.workflow import State

DUE = date(2018, 1, 31)
OWED = Duty("ROAP", "2017", DUE, State.DRAFT)


class TestReached:
    @pytest.mark.parametrize(
        ("today", "step"),
        [
            (date(2018, 1, 16), None),
            (date(2018, 1, 17), -14),
            (date(2018, 1, 23), -14),
            (date(2018, 1, 24), -7),
            (date(2018, 1, 29), -7),
            (date(2018, 1, 30), -1),
            (date(2018, 1, 31), -1),
            (date(2018, 2, 1), 1),
            (date(2018, 2, 6), 1),
            (date(2018, 2, 7), 7),
            (date(2018, 2, 13), 7),
            (date(2018, 2, 14), 14),
            (date(2018, 3, 2), 28),
        ],
    )
    def test_is_the_reminder_reached_last(self, today, step):
        assert reached(DUE, today) == step


class TestOwed:
    def test_says_how_many_days_are_left_whatever_the_step(self):
        reminder = owed(OWED, today=date(2018, 1, 20))
        assert reminder is not None
        assert (reminder.key, reminder.days_left) == ("due/2017/ROAP/2018-01-31/-14", 11)

    def test_says_how_many_days_are_past(self):
        reminder = owed(OWED, today=date(2018, 2, 9))
        assert reminder is not None
        assert (reminder.key, reminder.days_left) == ("due/2017/ROAP/2018-01-31/+7", -9)

    @pytest.mark.parametrize("state", ["submitted", "approved", "verified"])
    def test_is_silent_once_it_is_handed_in(self, state):
        duty = Duty("ROAP", "2017", DUE, State(state))
        assert owed(duty, today=date(2018, 2, 20)) is None

    def test_speaks_again_when_it_was_returned(self):
        assert owed(Duty("ROAP", "2017", DUE, State.RETURNED), today=date(2018, 2, 20)) is not None

    def test_is_silent_when_nothing_can_be_entered_any_more(self):
        exception = Duty("ROAP", "2017", DUE, State.DRAFT, last_day=DUE)
        assert owed(exception, today=DUE) is not None
        assert owed(exception, today=date(2018, 2, 1)) is None

    def test_begins_anew_when_the_due_date_changes(self):
        later = Duty("ROAP", "2017", date(2018, 2, 28), State.DRAFT)
        first, second = owed(OWED, today=date(2018, 2, 20)), owed(later, today=date(2018, 2, 20))
        assert first is not None
        assert second is not None
        assert first.key != second.key


class TestWaiting:
    @pytest.mark.parametrize(("today", "told"), [(5, False), (6, True), (40, True)])
    def test_is_told_after_more_than_five_days(self, today, told):
        found = waiting(
            office="ROAP",
            year="2017",
            submitted_on=DUE,
            state=State.SUBMITTED,
            today=DUE + timedelta(days=today),
        )
        assert (found is not None) is told

    def test_is_told_once_for_each_submission(self):
        keys = {
            found.key
            for days in range(60)
            if (
                found := waiting(
                    office="ROAP",
                    year="2017",
                    submitted_on=DUE,
                    state=State.SUBMITTED,
                    today=DUE + timedelta(days=days),
                )
            )
        }
        assert keys == {"waiting/2017/ROAP/2018-01-31"}

    def test_is_over_when_it_is_decided(self):
        decided = waiting(
            office="ROAP",
            year="2017",
            submitted_on=DUE,
            state=State.APPROVED,
            today=DUE + timedelta(days=9),
        )
        assert decided is None


class TestByHand:
    def test_ends_with_office_and_day_whatever_the_matter(self):
        end = prompted_today(office="ROAP", today=DUE)
        assert end == "/ROAP/2018-01-31"
        for matter in ("2017", "biennial-progress-2016-2017"):
            assert prompt_key(matter=matter, office="ROAP", today=DUE).endswith(end)


DAYS = st.integers(min_value=-60, max_value=200)
HANDED_IN = (State.SUBMITTED, State.APPROVED, State.VERIFIED)
ALL_STEPS = {-14, -7, -1, 1, *range(7, 201, 7)}


@settings(derandomize=True)
@given(ticks=st.lists(DAYS, max_size=80), handed_in=DAYS)
def test_any_ticks_tell_each_matter_once_and_none_after_it_is_handed_in(ticks, handed_in):
    """Whatever hours a server runs at, and whatever it missed."""
    told: dict[str, int] = {}
    for tick in sorted(ticks):
        state = State.SUBMITTED if tick >= handed_in else State.DRAFT
        found = owed(Duty("ROAP", "2017", DUE, state), today=DUE + timedelta(days=tick))
        if found is not None and found.key not in told:
            told[found.key] = tick
    steps = [int(key.rsplit("/", 1)[1]) for key in told]
    assert len(steps) == len(set(steps))
    assert set(steps) <= ALL_STEPS
    assert steps == sorted(steps)
    assert all(tick < handed_in for tick in told.values())
    assert all(step <= tick for step, tick in zip(steps, told.values(), strict=True))


@settings(derandomize=True)
@given(day=DAYS)
def test_a_daily_tick_misses_no_reminder(day):
    ticks = (reached(DUE, DUE + timedelta(days=number)) for number in range(-60, day + 1))
    assert {step for step in ticks if step is not None} == {
        step for step in ALL_STEPS if step <= day
    }
