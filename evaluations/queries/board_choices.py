"""What the filters of the recommendation board offer, and what its lines are called."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q

from evaluations.models import Evaluation, Recommendation
from evaluations.permissions import Person
from evaluations.queries.board_asked import Asked, counted_evaluations
from organization.models import Office

MOST_OFFERED = 60
"""Evaluations in the filter, the latest; a year or words lead to the others."""
LATEST_FIRST = (
    F("report_year").desc(nulls_first=True),
    F("report_number").desc(nulls_last=True),
    "code",
)


@dataclass(frozen=True)
class Choices:
    """Evaluations, offices and years whose recommendations the reader may see.

    The evaluation that is asked for is always among them, if it may be seen.
    """

    evaluations: Sequence[Evaluation]
    offices: Mapping[int, Office]
    years: Sequence[int]


def choices(user: Person, asked: Asked, *, today: date) -> Choices:
    """What the filters offer this reader. Four queries at most."""
    rows = Recommendation.objects.order_by()
    having = counted_evaluations(user, today).filter(Exists(rows.filter(evaluation=OuterRef("pk"))))
    within = Q() if asked.year is None else Q(report_year=asked.year)
    named = having.only("code", "title", "report_number", "report_year", "illustrative")
    evaluations = list(named.filter(within).order_by(*LATEST_FIRST)[:MOST_OFFERED])
    if asked.evaluation and all(one.code != asked.evaluation for one in evaluations):
        evaluations += named.filter(code=asked.evaluation)
    seen = rows.filter(evaluation__in=counted_evaluations(user, today).values("pk"))
    offices = Office.objects.filter(Exists(seen.filter(office=OuterRef("pk"))))
    years = having.order_by("-report_year").values_list("report_year", flat=True).distinct()
    return Choices(
        evaluations=evaluations,
        offices={one.pk: one for one in offices},
        years=[year for year in years if year],
    )


def named_evaluations(keys: Collection[int]) -> list[Evaluation]:
    """These evaluations, the latest first. One query."""
    return list(Evaluation.objects.filter(pk__in=keys).order_by(*LATEST_FIRST))
