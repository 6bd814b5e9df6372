"""What a reader asks of the recommendation board, what it answers, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from evaluations.models import Evaluation, Recommendation
from evaluations.permissions import Person, seen_by
from evaluations.queries.recommendations import Recommended
from evaluations.queries.searching import holding
from evaluations.rules.ageing import BANDS, Rate
from evaluations.rules.evaluation_states import COMPLETED
from evaluations.rules.follow_up import ENDED, Standing
from evaluations.rules.tallies import OPEN, Tally
from organization.models import Office

PAGE_ROWS = 25
ALL = frozenset(Standing)
STATES: Mapping[str, tuple[frozenset[Standing], int | None]] = {
    "open": (OPEN, None),
    "late": (OPEN, 1),
    "over_year": (OPEN, BANDS[-1].first),
    **{str(one): (frozenset({one}), None) for one in Standing if one in OPEN},
    "closed": (ENDED, None),
    **{str(one): (frozenset({one}), None) for one in Standing if one in ENDED},
    "all": (ALL, None),
}
"""What the list can be narrowed to: standings, and from how many days late on."""
BY = ("office", "year", "evaluation")
"""By what rates are grouped."""


@dataclass(frozen=True)
class Asked:
    """What a reader asks of the board. `state` narrows the list alone, the rest all counts.

    `on` is a past day, or None for today; `words` are folded; `page` counts from 1.
    """

    evaluation: str = ""
    office: str = ""
    year: int | None = None
    words: tuple[str, ...] = ()
    state: str = "open"
    by: str = "office"
    on: date | None = None
    page: int = 1


@dataclass(frozen=True)
class Group:
    """Recommendations of one office, year or evaluation, counted. `key` None: without a year."""

    key: int | None
    given: int
    rate: Rate
    open: int
    late: int
    over_a_year: int
    to_verify: int
    awaiting: int
    first_due_on: date | None


@dataclass(frozen=True)
class Spread:
    """How many evaluations the recommendations come from, since when; how many are made up."""

    evaluations: int = 0
    since: int | None = None
    illustrative: int = 0


@dataclass(frozen=True)
class Board:
    """What was asked for, counted on a day, and one page of the list, longest late first.

    `longest` is the longest late recommendation of each office, if that was asked for.
    """

    day: date
    counts: Tally
    spread: Spread
    groups: Sequence[Group]
    rows: Sequence[Recommended]
    listed: int
    page: int
    pages: int
    longest: Mapping[int, Recommended]

    @property
    def previous(self) -> int:
        """The page before."""
        return self.page - 1

    @property
    def next(self) -> int:
        """The page after."""
        return self.page + 1


def paged(asked: int, listed: int) -> tuple[int, int]:
    """The page that is shown, and how many there are: at least one."""
    pages = max(1, -(-listed // PAGE_ROWS))
    return min(max(asked, 1), pages), pages


def seen_recommendations(user: Person, asked: Asked, *, today: date) -> QuerySet[Recommendation]:
    """The recommendations that are counted for this reader, whatever their state.

    A recommendation counts once its evaluation is reported. On a past day those are left out whose
    evaluation was not there yet.
    """
    rows = Recommendation.objects.filter(
        seen_by(user, on=today, prefix="evaluation__"),
        holding(asked.words, evaluation="evaluation__"),
        evaluation__state__in=COMPLETED,
    )
    if asked.evaluation:
        rows = rows.filter(evaluation__code=asked.evaluation)
    if asked.office:
        rows = rows.filter(office__code=asked.office)
    if asked.year is not None:
        rows = rows.filter(evaluation__report_year=asked.year)
    return rows.filter(_there_on(asked.on)) if asked.on else rows


def _there_on(day: date) -> Q:
    """Evaluations whose report was there on a day; by its year, where the day is not known."""
    published, completed = "evaluation__published_on", "evaluation__completed_on"
    no_day = Q(**{f"{published}__isnull": True, f"{completed}__isnull": True})
    return (
        Q(**{f"{published}__lte": day})
        | Q(**{f"{published}__isnull": True, f"{completed}__lte": day})
        | no_day & Q(evaluation__report_year__lte=day.year)
    )


@dataclass(frozen=True)
class Choices:
    """Evaluations and offices that have recommendations which the reader may see."""

    evaluations: Mapping[int, Evaluation]
    offices: Mapping[int, Office]

    @property
    def years(self) -> list[int]:
        """Years of their reports, the latest first."""
        found = {one.report_year for one in self.evaluations.values() if one.report_year}
        return sorted(found, reverse=True)


def choices(user: Person, *, today: date) -> Choices:
    """What the filters offer this reader. Two queries."""
    rows = seen_recommendations(user, Asked(), today=today).order_by()
    evaluations = (
        Evaluation.objects.filter(Exists(rows.filter(evaluation=OuterRef("pk"))))
        .only("code", "title", "report_number", "report_year")
        .order_by(
            F("report_year").desc(nulls_first=True),
            F("report_number").desc(nulls_last=True),
            "code",
        )
    )
    offices = Office.objects.filter(Exists(rows.filter(office=OuterRef("pk"))))
    return Choices({one.pk: one for one in evaluations}, {one.pk: one for one in offices})
