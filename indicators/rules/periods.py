"""The calendar of the plan: six years, three biennia, mid-term and final (plan p.59-62, p.86-93).

Figures are always entered for a year; a biennium, the mid-term and the final are read from years.
"""

from collections.abc import Mapping
from enum import StrEnum

BASELINE_YEAR = 2013
FIRST_YEAR = 2014
MID_TERM_YEAR = 2016
FINAL_YEAR = 2019
PLAN_YEARS = tuple(range(FIRST_YEAR, FINAL_YEAR + 1))

BIENNIA: Mapping[str, tuple[int, ...]] = {
    f"{year}-{year + 1}": (year, year + 1) for year in PLAN_YEARS[::2]
}
MID_TERM = "mid-term"
FINAL = "final"


class Frequency(StrEnum):
    """How often an indicator is due.

    ANNUAL: each year (expected accomplishments). BIENNIAL: the last year of each biennium (results
    of focus areas). TWICE: mid-term and final (the plan's strategic result).
    """

    ANNUAL = "annual"
    BIENNIAL = "biennial"
    TWICE = "twice"


DUE_YEARS: Mapping[Frequency, tuple[int, ...]] = {
    Frequency.ANNUAL: PLAN_YEARS,
    Frequency.BIENNIAL: tuple(years[-1] for years in BIENNIA.values()),
    Frequency.TWICE: (MID_TERM_YEAR, FINAL_YEAR),
}


def due(frequency: Frequency, year: int) -> bool:
    """Whether an indicator of this frequency is due for this year."""
    return year in DUE_YEARS[frequency]


def reports_in(year: int, since: int, until: int | None) -> bool:
    """Whether an office asked from `since` to `until` reports for this year.

    Whoever reports from the first year on reports the baseline year before it as well.
    """
    return since <= max(year, FIRST_YEAR) and (until is None or year <= until)


def next_due(frequency: Frequency, after: int) -> int | None:
    """The first year later than `after` for which it is due; None when the plan is over."""
    return next((year for year in DUE_YEARS[frequency] if year > after), None)


def years_of(period_code: str) -> tuple[int, ...]:
    """The years a period is read from: "2017", "2016-2017", "mid-term" or "final".

    "2013" is the baseline year. Raises ValueError for a period that the plan does not have.
    """
    if period_code in BIENNIA:
        return BIENNIA[period_code]
    if period_code == MID_TERM:
        return (MID_TERM_YEAR,)
    if period_code == FINAL:
        return (FINAL_YEAR,)
    for year in (BASELINE_YEAR, *PLAN_YEARS):
        if period_code == str(year):
            return (year,)
    message = f"The plan has no period {period_code!r}."
    raise ValueError(message)


def biennium_of(year: int) -> str:
    """The biennium a year of the plan lies in, as "2016-2017"; ValueError for other years."""
    for code, years in BIENNIA.items():
        if year in years:
            return code
    message = f"{year} lies in no biennium of the plan."
    raise ValueError(message)


def covering(frequency: Frequency, year: int) -> str | None:
    """The period of the report of this frequency that is read from a year; None if there is none.

    ANNUAL: the year. BIENNIAL: its biennium. TWICE: the mid-term or the final.
    """
    if year not in PLAN_YEARS:
        return None
    if frequency is Frequency.ANNUAL:
        return str(year)
    if frequency is Frequency.BIENNIAL:
        return biennium_of(year)
    return next((code for code in (MID_TERM, FINAL) if year in years_of(code)), None)
