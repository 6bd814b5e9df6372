"""What a reader asks of the recommendation board, what it answers, and what can be chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from evaluations.models import Evaluation, Recommendation, Stand
from evaluations.permissions import Person, seen_by
from evaluations.queries.recommendations import Recommended
from evaluations.queries.searching import holding
from evaluations.rules.ageing import BANDS, Rate
from evaluations.rules.evaluation_states import COMPLETED
from evaluations.rules.follow_up import ENDED, Standing
from evaluations.rules.tallies import OPEN, Tally

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

    `on` is a past day, or None for today; `page` counts from 1. `words` are folded; who asks for
    some searches, and gets the list without counts.
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
    """How many evaluations the recommendations come from, since when; whether some are made up."""

    evaluations: int = 0
    since: int | None = None
    illustrative: bool = False


@dataclass(frozen=True)
class Board:
    """What was asked for, counted on a day, and one page of the list, longest late first.

    A search counts nothing but what it lists. `longest` is the longest late recommendation of each
    office, if that was asked for.
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


def page_of(page: int) -> slice:
    """The rows of a page."""
    return slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)


def is_made_up(row: Recommendation) -> bool:
    """True if the recommendation or its evaluation is illustrative."""
    return row.illustrative or row.evaluation.illustrative


@dataclass(frozen=True)
class Counted:
    """The recommendations that are counted for a reader: what is visible, once it is reported."""

    asked: Asked
    hidden: QuerySet[Recommendation, int]

    def recommendations(self) -> QuerySet[Recommendation]:
        """Their rows. On a past day without those whose evaluation was not there yet."""
        rows = Recommendation.objects.exclude(pk__in=self.hidden).filter(self._narrowed(""))
        return rows.filter(_there_on(self.asked.on)) if self.asked.on else rows

    def stands(self) -> QuerySet[Stand]:
        """Where they stand today."""
        return Stand.objects.exclude(pk__in=self.hidden).filter(self._narrowed("recommendation__"))

    def _narrowed(self, prefix: str) -> Q:
        wanted = holding(self.asked.words, prefix=prefix, evaluation="evaluation__")
        if self.asked.evaluation:
            wanted &= Q(**{f"{prefix}evaluation__code": self.asked.evaluation})
        if self.asked.office:
            wanted &= Q(**{f"{prefix}office__code": self.asked.office})
        if self.asked.year is not None:
            wanted &= Q(**{f"{prefix}evaluation__report_year": self.asked.year})
        return wanted


def counted(user: Person, asked: Asked, *, today: date) -> Counted:
    """What is counted for this reader, whatever its state."""
    return Counted(asked, _hidden(user, today))


def counted_evaluations(user: Person, today: date) -> QuerySet[Evaluation]:
    """The evaluations whose recommendations are counted for this reader."""
    return Evaluation.objects.filter(seen_by(user, on=today), state__in=COMPLETED)


def _hidden(user: Person, today: date) -> QuerySet[Recommendation, int]:
    """The few that the reader does not see, or that do not count yet.

    Asked this way round, a database reads neither texts nor evaluations to count all the others.
    """
    seen = counted_evaluations(user, today)
    others = Evaluation.objects.exclude(pk__in=seen.values("pk"))
    rows = Recommendation.objects.filter(evaluation__in=others.values("pk"))
    return rows.order_by().values_list("pk", flat=True)


def _there_on(day: date) -> Q:
    """Evaluations whose report was there on a day; by its year, where the day is not known."""
    published, completed = "evaluation__published_on", "evaluation__completed_on"
    no_day = Q(**{f"{published}__isnull": True, f"{completed}__isnull": True})
    return (
        Q(**{f"{published}__lte": day})
        | Q(**{f"{published}__isnull": True, f"{completed}__lte": day})
        | no_day & Q(evaluation__report_year__lte=day.year)
    )
