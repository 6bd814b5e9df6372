"""What is not approved for a report: by office and year, with the indicators concerned."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from focus_areas.models import Period
from indicators.models import Assignment, Submission
from indicators.queries.standing import APPROVED
from indicators.rules.periods import Frequency, due, reports_in, years_of
from organization.models import Office


@dataclass(frozen=True)
class Gap:
    """An office whose figures of a year are due for a report and not approved."""

    office: Office
    year: int
    state: str
    indicators: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Who, which year, where it stands, which indicators."""
        label = Submission.State(self.state).label
        return _("%(office)s, %(year)s (%(state)s): %(indicators)s") % {
            "office": self.office.name,
            "year": self.year,
            "state": label,
            "indicators": ", ".join(self.indicators),
        }


def unapproved(*, levels: Iterable[str], period: Period) -> list[Gap]:
    """Every office and year that a report over the period would miss. Two queries."""
    years = years_of(period.code)
    return _missing(_asked(levels), _states(years), years)


def all_approved(asked: Sequence[tuple[Collection[str], Period]]) -> list[bool]:
    """For levels and a period each: true if `unapproved` finds nothing. Two queries for any number.

    Raises ValueError for a period that the plan does not have.
    """
    years = [years_of(period.code) for _levels, period in asked]
    rows = _asked({level for levels, _period in asked for level in levels})
    states = _states({year for each in years for year in each})
    by_level: dict[str, list[Assignment]] = defaultdict(list)
    for row in rows:
        by_level[row.indicator.result.level].append(row)
    return [
        not any(_missing(by_level[level], states, each) for level in levels)
        for (levels, _period), each in zip(asked, years, strict=True)
    ]


def _asked(levels: Iterable[str]) -> Iterable[Assignment]:
    """Which offices are asked for which indicators of these levels, in the plan's order."""
    return (
        Assignment.objects.filter(
            indicator__result__level__in=list(levels), indicator__retired_on__isnull=True
        )
        .select_related("office", "indicator__result__biennium")
        .order_by("office__ordinal", "indicator__ordinal")
    )


def _states(years: Iterable[int]) -> dict[tuple[int, int], str]:
    """Where the submission of an office and year stands."""
    rows = Submission.objects.filter(period__end__year__in=list(years))
    return {
        (office, year): state
        for office, year, state in rows.values_list("office_id", "period__end__year", "state")
    }


def _missing(
    rows: Iterable[Assignment], states: Mapping[tuple[int, int], str], years: Sequence[int]
) -> list[Gap]:
    missing: dict[tuple[Office, int], list[str]] = defaultdict(list)
    for row in rows:
        for year in years:
            state = states.get((row.office_id, year), Submission.State.DRAFT)
            is_asked = reports_in(year, row.since_year, row.until_year)
            is_asked = is_asked and row.indicator.result.lies_in(year, year)
            is_due = is_asked and due(Frequency(row.indicator.frequency), year)
            if is_due and state not in APPROVED:
                missing[row.office, year].append(row.indicator.code)
    return [
        Gap(office, year, states.get((office.pk, year), Submission.State.DRAFT), tuple(codes))
        for (office, year), codes in missing.items()
    ]
