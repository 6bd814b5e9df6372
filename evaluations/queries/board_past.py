"""The recommendation board of a past day, made from the history of each recommendation."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from evaluations.models import Recommendation
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
from evaluations.queries.recommendations import Recommended, recommended
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import LATE, OLDEST, OPEN, number, rate, tally


def listed_rows(user: Person, asked: Asked, *, today: date) -> list[Recommended]:
    """The whole list on today or a past day, for a file. Five queries, and every row is read."""
    day = asked.on or today
    rows = recommended(counted(user, asked, today=today).recommendations(), on=day)
    return _in_order(one for one in rows if _is_in(one, asked.state))


def past_board(
    user: Person, asked: Asked, day: date, *, today: date, longest: bool = False
) -> Board:
    """The board as it stood on a day. Five queries, and every row is read."""
    rows = recommended(counted(user, asked, today=today).recommendations(), on=day)
    chosen = _in_order(one for one in rows if _is_in(one, asked.state))
    page, pages = paged(asked.page, len(chosen))
    late = [one for one in rows if _is_in(one, "late")] if longest else []
    return Board(
        day=day,
        counts={} if asked.words else tally(one.counted() for one in rows),
        spread=_spread_of([one.recommendation for one in rows]),
        groups=() if asked.words else _groups_of(rows, _KEYS[asked.by], day),
        rows=chosen[page_of(page)],
        listed=len(chosen),
        page=page,
        pages=pages,
        longest={one.recommendation.office_id: one for one in reversed(_in_order(late))},
    )


_KEYS: Mapping[str, Callable[[Recommended], int | None]] = {
    "office": lambda one: one.recommendation.office_id,
    "year": lambda one: one.recommendation.evaluation.report_year,
    "evaluation": lambda one: one.recommendation.evaluation_id,
}


def _is_in(one: Recommended, state: str) -> bool:
    standings, late_from = STATES[state]
    if one.standing not in standings:
        return False
    return late_from is None or (one.days_late is not None and one.days_late >= late_from)


def _in_order(rows: Iterable[Recommended]) -> list[Recommended]:
    """The order of the list: as in `board`."""

    def place(one: Recommended) -> tuple[date, int, int]:
        closed = -one.closed_on.toordinal() if one.closed_on else -date.max.toordinal()
        due = one.due_on if one.is_open else None
        return due or date.max, closed, one.recommendation.pk

    return sorted(rows, key=place)


def _spread_of(rows: Sequence[Recommendation]) -> Spread:
    years = [row.evaluation.report_year for row in rows if row.evaluation.report_year]
    return Spread(
        evaluations=len({row.evaluation_id for row in rows}),
        since=min(years, default=None),
        illustrative=any(is_made_up(row) for row in rows),
    )


def _groups_of(
    rows: Sequence[Recommended], key: Callable[[Recommended], int | None], day: date
) -> list[Group]:
    grouped: dict[int | None, list[Recommended]] = {}
    for one in rows:
        grouped.setdefault(key(one), []).append(one)
    return [_group(name, found, day) for name, found in grouped.items()]


def _group(key: int | None, rows: Sequence[Recommended], day: date) -> Group:
    counts = tally(one.counted() for one in rows)
    return Group(
        key=key,
        given=len(rows),
        rate=rate(counts),
        open=number(counts, OPEN),
        late=number(counts, OPEN, LATE),
        over_a_year=number(counts, OPEN, {OLDEST}),
        to_verify=number(counts, {Standing.TO_VERIFY}),
        awaiting=number(counts, {Standing.AWAITING}),
        first_due_on=min((one.due_on for one in rows if one.is_open and one.due_on), default=None),
    )
