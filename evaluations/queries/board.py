"""The recommendation board: how many are open and how late, and one page of them.

Today's board is counted by the database from the kept stands; that of a past day is made from the
history of each recommendation, which takes longer and gives the same (a test compares them).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from evaluations.models import Evaluation, Recommendation
from evaluations.permissions import Person
from evaluations.queries.board_asked import (
    PAGE_ROWS,
    STATES,
    Asked,
    Board,
    Group,
    Spread,
    paged,
    seen_recommendations,
)
from evaluations.queries.board_past import past_board
from evaluations.queries.links import seen_links
from evaluations.queries.recommendations import recommended
from evaluations.rules.ageing import ACCEPTED, BANDS, NO_DATE, Rate
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import OLDEST, OPEN, Alike, Tally, number
from habitat_plan.kit.wording import Wording

COLUMNS = {
    "office": "office_id",
    "year": "evaluation__report_year",
    "evaluation": "evaluation_id",
}
"""Where that stands by which rates are grouped."""


def board(user: Person, asked: Asked, *, today: date, longest: bool = False) -> Board:
    """The board as a person may see it. A fixed number of queries; on a past day five and no more.

    `longest` asks for the longest late recommendation of each office too.
    """
    if asked.on is not None and asked.on < today:
        return past_board(user, asked, asked.on, today=today, longest=longest)
    return _today(user, replace(asked, on=None), today, longest=longest)


def _today(user: Person, asked: Asked, day: date, *, longest: bool) -> Board:
    rows = seen_recommendations(user, asked, today=day).filter(stand__isnull=False)
    counts, illustrative = _counted(rows, day)
    standings, late_from = STATES[asked.state]
    chosen = rows.filter(stand__standing__in=standings)
    if late_from is not None:
        chosen = chosen.filter(stand__due_on__lte=day - timedelta(days=late_from))
    listed = _listed(counts, asked.state)
    page, pages = paged(asked.page, listed)
    keys = list(
        chosen.order_by(*IN_ORDER).values_list("pk", flat=True)[
            (page - 1) * PAGE_ROWS : page * PAGE_ROWS
        ]
    )
    first = list(_first_of_offices(rows, day)) if longest else []
    wanted = Recommendation.objects.filter(pk__in={*keys, *first})
    found = {one.recommendation.pk: one for one in recommended(wanted, on=day)}
    return Board(
        day=day,
        counts=counts,
        spread=_spread(rows, illustrative),
        groups=_groups(rows, COLUMNS[asked.by], day),
        rows=[found[key] for key in keys if key in found],
        listed=listed,
        page=page,
        pages=pages,
        longest={found[key].recommendation.office_id: found[key] for key in first if key in found},
    )


IN_ORDER = (
    F("stand__due_on").asc(nulls_last=True),
    F("stand__closed_on").desc(nulls_last=True),
    "evaluation_id",
    "number",
)
"""Longest late first; those without a day after them; the closed last, the latest first."""


def _counted(rows: QuerySet[Recommendation], day: date) -> tuple[Tally, int]:
    """How many there are of each kind, and how many are made up."""
    made_up = Q(illustrative=True) | Q(evaluation__illustrative=True)
    kinds = rows.order_by().values_list("stand__decision", "stand__standing", _band(day))
    counts, illustrative = {}, 0
    for *kind, count, invented in kinds.annotate(
        count=Count("pk"), invented=Count("pk", filter=made_up)
    ):
        counts[Alike(*kind)] = count
        illustrative += invented
    return counts, illustrative


def _band(day: date) -> Case:
    """The band of `rules.ageing` in which the due day lies, for the database."""
    first_days = [
        When(stand__due_on__gte=day - timedelta(days=band.last), then=Value(band.code))
        for band in BANDS
        if band.last is not None
    ]
    none = When(stand__due_on__isnull=True, then=Value(NO_DATE))
    return Case(none, *first_days, default=Value(OLDEST), output_field=CharField())


def _listed(counts: Tally, state: str) -> int:
    standings, late_from = STATES[state]
    if late_from is None:
        return number(counts, standings)
    return number(counts, standings, {one.code for one in BANDS if one.first >= late_from})


def _spread(rows: QuerySet[Recommendation], illustrative: int) -> Spread:
    """Asked of the evaluations, which are few, and not of all their recommendations."""
    of = Evaluation.objects.filter(Exists(rows.order_by().filter(evaluation=OuterRef("pk"))))
    found = of.aggregate(evaluations=Count("pk"), since=Min("report_year"))
    return Spread(**found, illustrative=illustrative)


def _groups(rows: QuerySet[Recommendation], by: str, day: date) -> list[Group]:
    accepted = Q(stand__decision__in=ACCEPTED)
    is_open = Q(stand__standing__in=OPEN)

    def having(*conditions: Q, **standing: Any) -> Count:
        return Count("pk", filter=Q(*conditions, **standing))

    def late_by(days: int) -> Count:
        return having(is_open, stand__due_on__lte=day - timedelta(days=days))

    found = (
        rows.order_by()
        .values_list(by)
        .annotate(
            given=Count("pk"),
            implemented=having(accepted, stand__standing=Standing.IMPLEMENTED),
            accepted=having(accepted),
            overtaken=having(accepted, stand__standing=Standing.OVERTAKEN),
            open=having(is_open),
            late=late_by(1),
            over_a_year=late_by(BANDS[-1].first),
            to_verify=having(stand__standing=Standing.TO_VERIFY),
            awaiting=having(stand__standing=Standing.AWAITING),
            first_due_on=Min("stand__due_on"),
        )
    )
    return [
        Group(key, given, Rate(implemented, accepted, overtaken), *rest)
        for key, given, implemented, accepted, overtaken, *rest in found
    ]


def _first_of_offices(rows: QuerySet[Recommendation], day: date) -> Iterable[int]:
    """The longest late recommendation of each office."""
    late = rows.filter(stand__standing__in=OPEN, stand__due_on__lt=day)
    place = Window(RowNumber(), partition_by=[F("office_id")], order_by=IN_ORDER)
    return late.annotate(place=place).filter(place=1).values_list("pk", flat=True)


def notes_of(
    rows: Sequence[Recommendation], user: Person, *, on: date
) -> Mapping[int, list[Wording]]:
    """What links of these recommendations say they led to or touch. One query."""
    found: dict[int, list[Wording]] = {}
    links = seen_links(user, on=on).filter(recommendation__in=[row.pk for row in rows])
    for link in links.order_by("pk"):
        if link.note:
            found.setdefault(link.recommendation_id, []).append(link.note)
    return found
