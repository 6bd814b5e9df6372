"""Counting what is counted already gives the numbers of `rules.ageing`."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules import ageing, tallies
from evaluations.rules.follow_up import Decision, Standing

DAY = date(2018, 2, 2)
DECISION_OF = {Standing.AWAITING: None, Standing.REJECTED: Decision.REJECTED}


def counted(standing: Standing, partly: bool, days: int | None) -> ageing.Counted:
    accepted = Decision.PARTLY if partly else Decision.ACCEPTED
    due = None if days is None or standing in tallies.ENDED else DAY - timedelta(days=days)
    return ageing.Counted(standing, DECISION_OF.get(standing, accepted), due)


rows = st.lists(
    st.builds(
        counted,
        st.sampled_from(Standing),
        st.booleans(),
        st.none() | st.sampled_from((-400, -1, 0, 1, 90, 91, 180, 181, 365, 366, 4000)),
    ),
    max_size=40,
)


@given(rows)
def test_open_by_band_as_in_ageing(found: list[ageing.Counted]) -> None:
    assert tallies.open_by_band(tallies.tally(found, DAY)) == ageing.ageing(found, DAY)


@given(rows)
def test_the_rate_as_in_ageing(found: list[ageing.Counted]) -> None:
    assert tallies.rate(tallies.tally(found, DAY)) == ageing.rate(found)


@given(rows)
def test_responses_as_in_ageing(found: list[ageing.Counted]) -> None:
    assert tallies.responses(tallies.tally(found, DAY)) == ageing.responses(found)


def test_late_is_every_band_but_the_first() -> None:
    found = tallies.tally([counted(Standing.IN_PROGRESS, False, days) for days in (0, 1, 366)], DAY)
    assert tallies.number(found, tallies.OPEN) == 3
    assert tallies.number(found, tallies.OPEN, tallies.LATE) == 2
    assert tallies.number(found, tallies.OPEN, {tallies.OLDEST}) == 1
