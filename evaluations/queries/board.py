"""The recommendation board: how many are open and how late, and one page of them.

Today's board is counted by the database from the kept stands; that of a past day is made from the
history of each recommendation, which takes longer and gives the same (a test compares them).
"""

from collections.abc import Collection, Mapping, Sequence
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
)

from evaluations.models import Evaluation, Recommendation, Stand
from evaluations.permissions import Person
from evaluations.queries.board_asked import (
    STATES,
    Asked,
    Board,
    Group,
    Spread,
    counted,
    is_made_up,
    page_of,
    paged,
)
from evaluations.queries.board_past import past_board
from evaluations.queries.links import seen_links
from evaluations.queries.recommendations import Recommended, recommended
from evaluations.rules.ageing import ACCEPTED, BANDS, NO_DATE, Rate
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import OLDEST, Alike, Tally, number
from habitat_plan.kit.wording import Wording

COLUMNS = {
    "office": "office_id",
    "year": "evaluation__report_year",
    "evaluation": "evaluation_id",
}
"""Where that stands by which rates are grouped."""
MADE_UP = Q(illustrative=True) | Q(evaluation__illustrative=True)


def board(
    user: Person, asked: Asked, *, today: date, listed: bool = True, longest: bool = False
) -> Board:
    """The board as a person may see it. A fixed number of queries; on a past day five and no more.

    `listed` asks for the list; `longest` for the longest late recommendation of each office, which
    costs least where rates are by office.
    """
    if asked.on is not None and asked.on < today:
        return past_board(user, asked, asked.on, today=today, longest=longest)
    asked = replace(asked, on=None)
    if asked.words:
        return _searched(user, asked, today)
    return _today(user, asked, today, listed=listed, longest=longest)


def _today(user: Person, asked: Asked, day: date, *, listed: bool, longest: bool) -> Board:
    seen = counted(user, asked, today=day)
    stands, rows = seen.stands(), seen.recommendations()
    counts = _counted(stands, day)
    many = _listed(counts, asked.state)
    page, pages = paged(asked.page, many)
    keys = list(_keys(stands, asked.state, day)[page_of(page)]) if listed else []
    groups = _groups(rows, COLUMNS[asked.by], day)
    first = _longest_late(rows, groups, day, by=asked.by) if longest else []
    found = _found([*keys, *first], day)
    return Board(
        day=day,
        counts=counts,
        spread=_spread(rows),
        groups=groups,
        rows=[found[key] for key in keys if key in found],
        listed=many,
        page=page,
        pages=pages,
        longest={found[key].recommendation.office_id: found[key] for key in first if key in found},
    )


def _searched(user: Person, asked: Asked, day: date) -> Board:
    """What holds the words: read once, since the texts are by far the most that there is."""
    stands = counted(user, asked, today=day).stands()
    every = list(_keys(stands, asked.state, day))
    page, pages = paged(asked.page, len(every))
    keys = every[page_of(page)]
    found = _found(keys, day)
    rows = [found[key] for key in keys if key in found]
    return Board(
        day=day,
        counts={},
        spread=Spread(illustrative=any(is_made_up(one.recommendation) for one in rows)),
        groups=(),
        rows=rows,
        listed=len(every),
        page=page,
        pages=pages,
        longest={},
    )


def _found(keys: Collection[int], day: date) -> dict[int, Recommended]:
    wanted = Recommendation.objects.filter(pk__in=frozenset(keys))
    return {one.recommendation.pk: one for one in recommended(wanted, on=day)}


def _keys(stands: QuerySet[Stand], state: str, day: date) -> QuerySet[Stand, int]:
    """What the list holds, in its order: longest late first, closed ones the latest first."""
    standings, late_from = STATES[state]
    chosen = stands.filter(standing__in=standings)
    if late_from is not None:
        chosen = chosen.filter(due_on__lte=day - timedelta(days=late_from))
    place = (F("due_on").asc(nulls_last=True), F("closed_on").desc(nulls_first=True), "pk")
    return chosen.order_by(*place).values_list("pk", flat=True)


def _counted(stands: QuerySet[Stand], day: date) -> Tally:
    """How many there are of each kind."""
    kinds = stands.order_by().values_list("decision", "standing", _band(day))
    return {Alike(*kind): count for *kind, count in kinds.annotate(count=Count("pk"))}


def _band(day: date) -> Case:
    """The band of `rules.ageing` in which the due day lies, for the database."""
    first_days = [
        When(due_on__gte=day - timedelta(days=band.last), then=Value(band.code))
        for band in BANDS
        if band.last is not None
    ]
    none = When(due_on__isnull=True, then=Value(NO_DATE))
    return Case(none, *first_days, default=Value(OLDEST), output_field=CharField())


def _listed(counts: Tally, state: str) -> int:
    standings, late_from = STATES[state]
    if late_from is None:
        return number(counts, standings)
    return number(counts, standings, {one.code for one in BANDS if one.first >= late_from})


def _spread(rows: QuerySet[Recommendation]) -> Spread:
    """Asked of the evaluations, which are few, and not of all their recommendations."""
    of = Evaluation.objects.filter(Exists(rows.order_by().filter(evaluation=OuterRef("pk"))))
    found = of.aggregate(evaluations=Count("pk"), since=Min("report_year"))
    return Spread(**found, illustrative=rows.filter(MADE_UP).exists())


def _groups(rows: QuerySet[Recommendation], by: str, day: date) -> list[Group]:
    """Counted by one column. In a stand only what is open has a due day and no day of closing."""

    def having(**stand: Any) -> Count:
        return Count("pk", filter=Q(**{f"stand__{name}": value for name, value in stand.items()}))

    def late_by(days: int) -> Count:
        return having(due_on__lte=day - timedelta(days=days))

    found = (
        rows.order_by()
        .values_list(by)
        .annotate(
            given=Count("pk"),
            implemented=having(standing=Standing.IMPLEMENTED),
            accepted=having(decision__in=ACCEPTED),
            overtaken=having(standing=Standing.OVERTAKEN),
            open=having(closed_on__isnull=True),
            late=late_by(1),
            over_a_year=late_by(BANDS[-1].first),
            to_verify=having(standing=Standing.TO_VERIFY),
            awaiting=having(standing=Standing.AWAITING),
            first_due_on=Min("stand__due_on"),
        )
    )
    return [
        Group(key, given, Rate(implemented, accepted, overtaken), *rest)
        for key, given, implemented, accepted, overtaken, *rest in found
    ]


def _longest_late(
    rows: QuerySet[Recommendation], groups: Sequence[Group], day: date, *, by: str
) -> list[int]:
    """The longest late recommendation of each office; the first written, where several are."""
    offices = groups if by == "office" else _groups(rows, COLUMNS["office"], day)
    first = {(office.key, office.first_due_on) for office in offices if office.late}
    due = rows.filter(stand__due_on__in={day for _office, day in first}).order_by("-pk")
    found = due.values_list("office_id", "stand__due_on", "pk")
    return list({office: key for office, day, key in found if (office, day) in first}.values())


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


def made_up_in(evaluations: Collection[int]) -> frozenset[int]:
    """Those of these evaluations that are illustrative, or some of whose recommendations are."""
    rows = Recommendation.objects.filter(MADE_UP, evaluation__in=evaluations).order_by()
    return frozenset(rows.values_list("evaluation_id", flat=True).distinct())
