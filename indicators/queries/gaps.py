"""What is not approved for a report: by office and year, with the indicators concerned."""

from collections import defaultdict
from collections.abc import Iterable
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
    states = {
        (office, year): state
        for office, year, state in Submission.objects.filter(
            period__end__year__in=years
        ).values_list("office_id", "period__end__year", "state")
    }
    missing: dict[tuple[Office, int], list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(
        indicator__result__level__in=list(levels), indicator__retired_on__isnull=True
    ).select_related("office", "indicator")
    for row in rows.order_by("office__ordinal", "indicator__ordinal"):
        for year in years:
            state = states.get((row.office_id, year), Submission.State.DRAFT)
            is_asked = reports_in(year, row.since_year, row.until_year)
            is_due = is_asked and due(Frequency(row.indicator.frequency), year)
            if is_due and state not in APPROVED:
                missing[row.office, year].append(row.indicator.code)
    return [
        Gap(office, year, states.get((office.pk, year), Submission.State.DRAFT), tuple(codes))
        for (office, year), codes in missing.items()
    ]
