"""Why results fell behind, in the words of the offices, for reports to quote."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from focus_areas.models import Period
from indicators.models import Figure, Indicator, Submission
from indicators.queries.standing import APPROVED
from indicators.rules.periods import years_of
from organization.models import Office


@dataclass(frozen=True)
class Explanation:
    """What one office says about one indicator and year: cause, what happened, what is done."""

    indicator: Indicator
    office: Office
    year: int
    cause: str
    explanation: str
    measures: str
    illustrative: bool


def explanations(*, period: Period, levels: Iterable[str] | None = None) -> list[Explanation]:
    """All explanations in approved submissions over a period, in the plan's order. One query.

    `cause` is the label in the reader's language, empty if the office chose none.
    """
    approved = Submission.objects.filter(
        office=OuterRef("office"), period=OuterRef("period"), state__in=APPROVED
    )
    rows = (
        Figure.objects.filter(
            Exists(approved),
            period__code__in=[str(year) for year in years_of(period.code)],
            indicator__retired_on__isnull=True,
        )
        .exclude(cause="", explanation="", measures="")
        .select_related("indicator__result", "office", "period")
        .order_by(
            "indicator__result__ordinal",
            "indicator__ordinal",
            "indicator__code",
            "office__ordinal",
            "office__code",
            "period__end",
        )
    )
    if levels is not None:
        rows = rows.filter(indicator__result__level__in=list(levels))
    return [
        Explanation(
            indicator=row.indicator,
            office=row.office,
            year=row.period.year,
            cause=str(row.get_cause_display()) if row.cause else "",
            explanation=row.explanation,
            measures=row.measures,
            illustrative=row.illustrative or row.indicator.illustrative,
        )
        for row in rows
    ]
