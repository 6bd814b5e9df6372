"""A lock explains itself."""

from datetime import date

import pytest

from indicators.rules.locks import Exemption, Lock, Window, lock
from indicators.rules.workflow import State

OPEN = Window(date(2018, 1, 8), date(2018, 2, 14), None, opened_by="Quality Assurance")
CLOSED = Window(
    date(2018, 1, 8),
    date(2018, 2, 14),
    date(2018, 2, 15),
    opened_by="Quality Assurance",
    closed_by="Chief",
)
LATE = Exemption(date(2018, 2, 28), "Line down since January", "Director")


class TestLock:
    def test_is_open_from_its_first_day_and_still_after_the_due_date(self) -> None:
        assert lock(OPEN, None, State.DRAFT, today=date(2018, 1, 8)) is None
        assert lock(OPEN, None, None, today=date(2018, 3, 1)) is None

    def test_is_not_opened_without_a_window(self) -> None:
        assert lock(None, None, None, today=date(2018, 1, 8)) == Lock(
            "not_opened", "", None, "period_not_opened", "ask_to_open"
        )

    def test_is_not_opened_before_its_first_day(self) -> None:
        found = lock(OPEN, LATE, State.DRAFT, today=date(2018, 1, 7))
        assert found is not None
        assert (found.code, found.since) == ("not_opened", date(2018, 1, 8))

    def test_is_closed_from_the_day_it_was_closed(self) -> None:
        assert lock(CLOSED, None, State.DRAFT, today=date(2018, 2, 14)) is None
        assert lock(CLOSED, None, State.DRAFT, today=date(2018, 2, 15)) == Lock(
            "closed", "Chief", date(2018, 2, 15), "period_closed", "ask_for_exception"
        )

    def test_lets_an_office_with_an_exception_in_to_its_last_day(self) -> None:
        assert lock(CLOSED, LATE, State.DRAFT, today=date(2018, 2, 28)) is None
        assert lock(CLOSED, LATE, State.DRAFT, today=date(2018, 3, 1)) == Lock(
            "closed", "Director", date(2018, 2, 28), "exception_ended", "ask_for_exception"
        )

    @pytest.mark.parametrize(
        ("state", "why", "remedy"),
        [
            (State.SUBMITTED, "waits_for_approval", "withdraw"),
            (State.APPROVED, "figures_approved", "ask_for_correction"),
            (State.VERIFIED, "figures_verified", "ask_for_correction"),
        ],
    )
    @pytest.mark.parametrize("window", [None, OPEN, CLOSED])
    def test_says_who_decided_whatever_the_window(
        self, window: Window | None, state: State, why: str, remedy: str
    ) -> None:
        found = lock(window, LATE, state, "Bo", date(2018, 2, 2), today=date(2018, 2, 20))
        assert found == Lock(state.value, "Bo", date(2018, 2, 2), why, remedy)

    def test_leaves_a_returned_submission_open(self) -> None:
        assert lock(OPEN, None, State.RETURNED, today=date(2018, 2, 1)) is None
