"""Steps counted back from the first day of a session, and the file for a reader's own calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.rules.calendar import (
    SETTLES,
    Standing,
    State,
    Step,
    dated_steps,
    due_day,
    may_go_to,
    next_step,
    settled,
    standing,
    state_of,
    too_early,
)
from reporting.rules.icalendar import Entry, calendar_file, escaped, folded

GC26 = date(2017, 5, 8)
LEADS = {
    Step.DATA: 98,
    Step.DRAFT: 84,
    Step.CLEARANCE: 77,
    Step.SUBMISSION: 70,
    Step.TRANSLATION: 49,
    Step.ISSUE: 42,
}
DAYS = st.dates(min_value=date(2013, 1, 1), max_value=date(2030, 12, 31))
STEPS = st.frozensets(st.sampled_from(list(Step)))


class TestDueDay:
    def test_of_the_twenty_sixth_session(self) -> None:
        days = [due_day(GC26, LEADS[step]).isoformat() for step in Step]
        assert days == [
            "2017-01-30",
            "2017-02-13",
            "2017-02-20",
            "2017-02-27",
            "2017-03-20",
            "2017-03-27",
        ]

    @pytest.mark.parametrize(
        ("days", "expected"),
        [
            (1, date(2017, 5, 5)),  # the Sunday before the session
            (2, date(2017, 5, 5)),  # the Saturday
            (3, date(2017, 5, 5)),  # the Friday itself
            (4, date(2017, 5, 4)),
            (0, date(2017, 5, 8)),
        ],
    )
    def test_over_a_weekend_is_the_friday_before(self, days: int, expected: date) -> None:
        assert due_day(GC26, days) == expected

    @given(first=DAYS, days=st.integers(0, 400))
    def test_is_a_working_day_at_most_two_days_early(self, first: date, days: int) -> None:
        day = due_day(first, days)
        assert day.weekday() < 5
        assert timedelta(0) <= (first - timedelta(days=days)) - day <= timedelta(days=2)

    @given(first=DAYS, days=st.integers(0, 400), more=st.integers(0, 60))
    def test_more_days_are_never_later(self, first: date, days: int, more: int) -> None:
        assert due_day(first, days + more) <= due_day(first, days)


class TestState:
    @pytest.mark.parametrize(
        ("today", "state"),
        [
            (date(2017, 3, 12), State.COMING),
            (date(2017, 3, 13), State.DUE),
            (date(2017, 3, 27), State.DUE),
            (date(2017, 3, 28), State.LATE),
        ],
    )
    def test_is_due_for_two_weeks_and_late_from_the_day_after(
        self, today: date, state: State
    ) -> None:
        assert state_of(date(2017, 3, 27), is_done=False, today=today) == state

    def test_what_is_over_is_never_late(self) -> None:
        assert state_of(date(2017, 3, 27), is_done=True, today=date(2018, 1, 1)) == State.DONE


class TestSteps:
    def test_stand_in_order_with_days_left(self) -> None:
        steps = dated_steps(GC26, LEADS, {Step.DATA}, date(2017, 2, 15))
        assert [(step.step, step.state, step.days_left) for step in steps] == [
            (Step.DATA, State.DONE, -16),
            (Step.DRAFT, State.LATE, -2),
            (Step.CLEARANCE, State.DUE, 5),
            (Step.SUBMISSION, State.DUE, 12),
            (Step.TRANSLATION, State.COMING, 33),
            (Step.ISSUE, State.COMING, 40),
        ]
        found = next_step(steps)
        assert found is not None
        assert found.step == Step.DRAFT

    def test_without_a_lead_time_are_left_out(self) -> None:
        steps = dated_steps(GC26, {Step.CLEARANCE: 14, Step.ISSUE: 0}, set(), GC26)
        assert [step.step for step in steps] == [Step.CLEARANCE, Step.ISSUE]

    def test_a_written_text_leaves_figures_late(self) -> None:
        steps = dated_steps(GC26, LEADS, {Step.DRAFT}, date(2017, 2, 15))
        assert (steps[0].state, steps[1].state) == (State.LATE, State.DONE)

    def test_clearance_settles_figures_and_text(self) -> None:
        assert settled({Step.CLEARANCE}) == {Step.DATA, Step.DRAFT, Step.CLEARANCE}

    def test_issue_settles_everything(self) -> None:
        steps = dated_steps(GC26, LEADS, {Step.ISSUE}, date(2020, 1, 1))
        assert {step.state for step in steps} == {State.DONE}
        assert next_step(steps) is None

    @given(first=DAYS, done=STEPS, today=DAYS)
    def test_dates_never_run_backwards_and_each_step_stands_once(
        self, first: date, done: frozenset[Step], today: date
    ) -> None:
        steps = dated_steps(first, LEADS, done, today)
        assert [step.step for step in steps] == list(Step)
        assert [step.due_on for step in steps] == sorted(step.due_on for step in steps)
        assert {step.step for step in steps if step.state is State.DONE} == settled(done)

    @given(done=STEPS)
    def test_settling_twice_settles_nothing_more(self, done: frozenset[Step]) -> None:
        assert done <= settled(done)
        assert settled(settled(done)) == settled(done)

    def test_only_earlier_steps_are_settled(self) -> None:
        order = list(Step)
        for step, earlier in SETTLES.items():
            assert all(order.index(one) < order.index(step) for one in earlier)


class TestStanding:
    @pytest.mark.parametrize(
        ("states", "expected"),
        [
            ([], Standing.PLANNED),
            ([State.COMING, State.COMING], Standing.PLANNED),
            ([State.DONE, State.COMING], Standing.PLANNED),
            ([State.DONE, State.DUE, State.COMING], Standing.DUE),
            ([State.LATE, State.DUE], Standing.LATE),
            ([State.DONE, State.DONE], Standing.ISSUED),
        ],
    )
    def test_is_as_bad_as_the_worst_step(self, states: list[State], expected: Standing) -> None:
        assert standing(states) == expected


class TestMoving:
    def test_a_session_cannot_hear_a_period_that_ends_on_its_first_day(self) -> None:
        end = date(2016, 12, 31)
        assert too_early(end, [end])
        assert not too_early(date(2017, 1, 1), [end])
        assert too_early(date(2017, 5, 8), [end, date(2017, 12, 31)])

    @pytest.mark.parametrize(
        ("own", "session", "may"),
        [
            ("committee", "committee", True),
            ("committee", "governing_council", True),
            ("governing_council", "committee", False),
            ("committee", "secretariat", False),
            ("general_assembly", "governing_council", False),
        ],
    )
    def test_only_the_annual_report_goes_to_another_body(
        self, own: str, session: str, may: bool
    ) -> None:
        assert may_go_to(own, session) is may


AT = datetime(2018, 2, 2, 9, 0, tzinfo=UTC)


class TestFile:
    def test_is_what_calendars_read(self) -> None:
        entry = Entry(
            "annual-progress-2017.issue@example.org",
            date(2018, 5, 17),
            "Annual report, 2017: issued",
            "Session; 28 June",
            "https://example.org/r/",
        )
        assert calendar_file([entry], name="Reports", at=AT).decode().split("\r\n") == [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Results 2014-2019//Calendar of reports//EN",
            "METHOD:PUBLISH",
            "X-WR-CALNAME:Reports",
            "BEGIN:VEVENT",
            "UID:annual-progress-2017.issue@example.org",
            "DTSTAMP:20180202T090000Z",
            "DTSTART;VALUE=DATE:20180517",
            "DTEND;VALUE=DATE:20180518",
            "SUMMARY:Annual report\\, 2017: issued",
            "DESCRIPTION:Session\\; 28 June",
            "URL:https://example.org/r/",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
            "END:VCALENDAR",
            "",
        ]

    def test_a_text_cannot_begin_an_entry_of_its_own(self) -> None:
        assert escaped("a\r\nEND:VEVENT\n\x00\x1bb\\;,") == "a\\nEND:VEVENT\\nb\\\\\\;\\,"

    def test_marks_of_direction_and_hard_spaces_stay(self) -> None:
        assert escaped("\u200f2017\u00a0م") == "\u200f2017\u00a0م"

    def test_a_long_line_is_cut_between_letters(self) -> None:
        line = "SUMMARY:" + "تقرير مرحلي سنوي عن تنفيذ الخطة الاستراتيجية " * 3
        pieces = folded(line).split("\r\n")
        assert len(pieces) > 2
        assert all(len(piece.encode()) <= 75 for piece in pieces)
        assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line

    @given(text=st.text(max_size=300))
    def test_folding_loses_nothing(self, text: str) -> None:
        line = escaped(text)
        pieces = folded(line).split("\r\n")
        assert all(len(piece.encode()) <= 75 for piece in pieces)
        assert all(piece.startswith(" ") for piece in pieces[1:])
        assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
