"""Rates and ages of recommendations, on numbers that are checked by hand."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules.ageing import (
    BANDS,
    NO_DATE,
    Line,
    Rate,
    band_of,
    days_late,
)
from evaluations.rules.follow_up import ENDED, Decision, Standing
from evaluations.rules.tallies import (
    LATE,
    OPEN,
    Alike,
    alike,
    number,
    open_by_band,
    rate,
    responses,
    tally,
)

S, D = Standing, Decision
TODAY = date(2018, 2, 2)


def _some(
    number: int, standing: Standing, decision: str, due_on: date | None = None
) -> list[Alike]:
    return [alike(standing, decision, due_on, TODAY)] * number


def _said_and_done() -> list[Alike]:
    """The table of the drawing: 58 accepted, 11 in part, 4 rejected; 29 closed of 69."""
    return [
        *_some(24, S.IMPLEMENTED, D.ACCEPTED),
        *_some(12, S.IN_PROGRESS, D.ACCEPTED),
        *_some(15, S.NOT_STARTED, D.ACCEPTED),
        *_some(5, S.UNPLANNED, D.ACCEPTED),
        *_some(2, S.TO_VERIFY, D.ACCEPTED),
        *_some(5, S.IMPLEMENTED, D.PARTLY),
        *_some(5, S.IN_PROGRESS, D.PARTLY),
        *_some(1, S.TO_VERIFY, D.PARTLY),
        *_some(4, S.REJECTED, D.REJECTED),
    ]


class TestResponses:
    def test_the_table_of_what_was_said_and_done(self) -> None:
        assert responses(tally(_said_and_done())) == {
            "accepted": Line(given=58, closed=24, open=32, to_verify=2),
            "partly": Line(given=11, closed=5, open=5, to_verify=1),
            "rejected": Line(given=4, closed=0, open=0, to_verify=0),
            "awaiting": Line(given=0, closed=0, open=0, to_verify=0),
            "all": Line(given=73, closed=29, open=37, to_verify=3),
        }

    def test_what_waits_for_an_answer_has_its_own_line(self) -> None:
        found = responses(tally(_some(3, S.AWAITING, "")))
        assert found["awaiting"] == found["all"] == Line(given=3, closed=0, open=3, to_verify=0)


class TestRate:
    def test_29_of_69_are_42_per_cent(self) -> None:
        found = rate(tally(_said_and_done()))
        assert (found.implemented, found.counted) == (29, 69)
        assert found.share == Fraction(29, 69)
        assert round(found.share * 100) == 42

    def test_what_events_overtook_is_in_neither_number(self) -> None:
        rows = [
            *_some(3, S.IMPLEMENTED, D.ACCEPTED),
            *_some(2, S.OVERTAKEN, D.ACCEPTED),
            *_some(1, S.IN_PROGRESS, D.PARTLY),
        ]
        assert rate(tally(rows)) == Rate(implemented=3, accepted=6, overtaken=2)
        assert rate(tally(rows)).share == Fraction(3, 4)

    def test_rejected_and_unanswered_ones_do_not_count(self) -> None:
        rows = [*_some(4, S.REJECTED, D.REJECTED), *_some(2, S.AWAITING, "")]
        assert rate(tally(rows)) == Rate()
        assert rate(tally(rows)).share is None

    def test_of_nothing_but_overtaken_ones_there_is_no_rate(self) -> None:
        assert rate(tally(_some(2, S.OVERTAKEN, D.ACCEPTED))).share is None


class TestAgeing:
    def test_the_ages_of_the_drawing(self) -> None:
        late = {21: -30, 9: 90, 5: 91, 3: 181, 2: 366}
        rows = [
            row
            for number, days in late.items()
            for row in _some(number, S.IN_PROGRESS, D.ACCEPTED, due_on=TODAY - timedelta(days=days))
        ]
        closed = _some(7, S.IMPLEMENTED, D.ACCEPTED, due_on=date(2014, 1, 1))
        found = open_by_band(tally([*rows, *closed]))
        assert list(found.values()) == [21, 9, 5, 3, 2, 0]
        assert sum(found.values()) == 40

    @pytest.mark.parametrize(
        ("days", "band"),
        [
            (-1, "not_due"),
            (0, "not_due"),
            (1, "to_90"),
            (90, "to_90"),
            (91, "to_180"),
            (180, "to_180"),
            (181, "to_365"),
            (365, "to_365"),
            (366, "over_365"),
        ],
    )
    def test_the_days_at_which_a_band_ends(self, days: int, band: str) -> None:
        assert band_of(TODAY - timedelta(days=days), TODAY) == band

    @pytest.mark.parametrize(
        ("due_on", "day", "late", "band"),
        [
            (date(2015, 2, 28), date(2016, 2, 28), 365, "to_365"),
            (date(2015, 2, 28), date(2016, 2, 29), 366, "over_365"),
            (date(2016, 2, 29), date(2017, 2, 28), 365, "to_365"),
            (date(2016, 2, 29), date(2017, 3, 1), 366, "over_365"),
            (date(2016, 2, 28), date(2017, 2, 28), 366, "over_365"),
        ],
    )
    def test_a_leap_day_counts_as_a_day(
        self, due_on: date, day: date, late: int, band: str
    ) -> None:
        assert days_late(due_on, day) == late
        assert band_of(due_on, day) == band

    def test_late_are_those_one_day_or_more_over(self) -> None:
        rows = [
            row
            for days in (0, 1, 366)
            for row in _some(1, S.IN_PROGRESS, D.ACCEPTED, due_on=TODAY - timedelta(days=days))
        ]
        assert number(tally(rows), OPEN, LATE) == 2

    def test_without_a_day_it_stands_apart(self) -> None:
        assert days_late(None, TODAY) is None
        assert band_of(None, TODAY) == NO_DATE


decisions = st.sampled_from([*Decision, ""])
days = st.dates(date(2000, 1, 1), date(2030, 12, 31))


@st.composite
def _row(draw: st.DrawFn) -> Alike:
    decision = draw(decisions)
    if not decision:
        standing = S.AWAITING
    elif decision == D.REJECTED:
        standing = S.REJECTED
    else:
        standing = draw(st.sampled_from([one for one in S if one not in {S.AWAITING, S.REJECTED}]))
    return alike(standing, decision, draw(st.none() | days), TODAY)


class TestProperties:
    @given(st.integers(-1_000_000, 1_000_000))
    def test_every_number_of_days_lies_in_one_band(self, late: int) -> None:
        assert sum(band.holds(late) for band in BANDS) == 1

    @given(st.lists(_row()))
    def test_the_bands_add_up_to_the_open_ones(self, rows: list[Alike]) -> None:
        is_open = [row for row in rows if row.standing not in ENDED]
        assert sum(open_by_band(tally(rows)).values()) == len(is_open)

    @given(st.lists(_row()))
    def test_a_line_adds_up_and_so_do_the_lines(self, rows: list[Alike]) -> None:
        found = responses(tally(rows))
        rejected = sum(row.standing == S.REJECTED for row in rows)
        for name, line in found.items():
            nothing_to_close = rejected if name in {"all", "rejected"} else 0
            assert line.given == line.closed + line.open + line.to_verify + nothing_to_close
        whole = found.pop("all")
        assert whole.given == sum(line.given for line in found.values()) == len(rows)
        assert whole.to_verify == sum(line.to_verify for line in found.values())

    @given(st.lists(_row()))
    def test_a_share_is_never_more_than_the_whole(self, rows: list[Alike]) -> None:
        found = rate(tally(rows))
        assert 0 <= found.implemented <= found.counted
        assert found.share is None or 0 <= found.share <= 1

    @given(st.lists(_row()), st.lists(_row()))
    def test_the_rates_of_parts_add_up_to_that_of_the_whole(
        self, some: list[Alike], others: list[Alike]
    ) -> None:
        whole = rate(tally([*some, *others]))
        parts = [rate(tally(some)), rate(tally(others))]
        assert sum(one.implemented for one in parts) == whole.implemented
        assert sum(one.counted for one in parts) == whole.counted
