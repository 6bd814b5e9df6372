"""Where action is due: for senior management by office, for the Committee one by one (p.99)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from evaluations.queries.recommendations import Recommended
from evaluations.rules.follow_up import Standing
from evaluations.standing_words import DECISIONS, STANDINGS
from reporting.assembly import words
from reporting.assembly.blocks.evaluation_counts import (
    RECOMMENDATION,
    Counts,
    is_invented,
    is_mixed,
    marked,
    name_of,
)
from reporting.assembly.changes import day_text
from reporting.assembly.composer import Composer, Place, titled
from reporting.assembly.words import Count, Sentence, sentence
from reporting.document import NO_TEXT, Block, Column, FigureRef, Paragraph, Row, Table, Text

MOST_LATE = 25
"""Late recommendations named one by one; of more, the number is told."""
MOST_OPEN = 40


def by_office(composer: Composer, _place: Place) -> Iterable[Block]:
    """How many are open, late and to be verified in each office, and the oldest of them."""
    reported = composer.snapshot.evaluated
    if reported is None or not reported.recommendations:
        return
    groups: dict[str, list[Recommended]] = {}
    for one in sorted(reported.recommendations, key=lambda one: one.recommendation.office.code):
        if one.is_open:
            groups.setdefault(one.recommendation.office.code, []).append(one)
    counts = Counts(composer, reported)
    rows = [
        (len(_late(found)), len(found), _office_row(counts, code, found))
        for code, found in groups.items()
    ]
    rows.sort(key=lambda row: row[:2], reverse=True)
    number = composer.numbering.table()
    yield composer.numbering.paragraph(
        sentence(
            "Table %(number)s shows by office what was open at the end of %(year)s, the office "
            "with most that is late first.",
            number=number,
            year=composer.snapshot.period.year,
        )
    )
    yield Table(
        number=number,
        title=words.said("Open recommendations by office"),
        key="open-by-office",
        columns=(
            Column("office", words.said("Office"), weight=34),
            Column("open", words.said("Open"), "number", weight=10),
            Column("late", words.said("Late"), "number", weight=10),
            Column("verify", words.said("Waiting for verification"), "number", weight=14),
            Column("days", words.said("Days late"), "number", weight=12),
            Column("oldest", words.said("First due"), weight=18),
        ),
        rows=tuple(row for _late_ones, _open_ones, row in rows) or (none_row(6),),
    )


def late(composer: Composer, _place: Place) -> Iterable[Block]:
    """The late ones with the offices that own them, longest late first."""
    reported = composer.snapshot.evaluated
    if reported is None or not reported.recommendations:
        return
    yield from _listed(
        composer,
        _late(reported.recommendations),
        _List(
            key="late-recommendations",
            title=words.said("Late recommendations, longest late first"),
            columns=(
                Column("text", words.said("Recommendation"), weight=37),
                Column("owner", words.said("Owner"), weight=22),
                Column("due", words.said("Due"), weight=16),
            ),
            cells=lambda one: (_owners(one), _due(one)),
            most=MOST_LATE,
            opening=lambda found, table, year: sentence(
                "Late at the end of %(year)s: %(found)s. Table %(table)s names them, longest late "
                "first.",
                year=year,
                found=found,
                table=table,
            ),
        ),
    )


def open_ones(composer: Composer, _place: Place) -> Iterable[Block]:
    """The open ones with management's answer and where they stand, longest late first."""
    reported = composer.snapshot.evaluated
    if reported is None or not reported.recommendations:
        return
    yield from _listed(
        composer,
        [one for one in reported.recommendations if one.is_open],
        _List(
            key="open-recommendations",
            title=words.said("Open recommendations, longest late first"),
            columns=(
                Column("text", words.said("Recommendation"), weight=34),
                Column("response", words.said("Response"), weight=14),
                Column("state", words.said("State"), weight=18),
                Column("due", words.said("Due"), weight=14),
            ),
            cells=lambda one: (
                titled(DECISIONS[one.decision]),
                titled(STANDINGS[one.standing]),
                _due(one),
            ),
            most=MOST_OPEN,
            opening=lambda found, table, year: sentence(
                "Open at the end of %(year)s: %(found)s. Table %(table)s names them, longest late "
                "first.",
                year=year,
                found=found,
                table=table,
            ),
        ),
    )


@dataclass(frozen=True)
class _List:
    """A list of recommendations: what its rows say after the number and the days.

    `opening` says how many there are, in which table and at the end of which year.
    """

    key: str
    title: Text
    columns: tuple[Column, ...]
    cells: Callable[[Recommended], tuple[Text, ...]]
    most: int
    opening: Callable[[Count, int, int], Sentence]


def _listed(
    composer: Composer, found: Sequence[Recommended], shape: _List
) -> Iterator[Paragraph | Table]:
    """How many there are, and a row for each, as many as the list may hold."""
    reported = composer.snapshot.evaluated
    if reported is None:
        return
    counts, number = Counts(composer, reported), composer.numbering.table()
    shown = sorted(found, key=_longest_first)[: shape.most]
    counted = counts.recommendations(shape.key, found, shape.title)
    said = [shape.opening(counted, number, composer.snapshot.period.year)]
    if rest := sorted(found, key=_longest_first)[shape.most :]:
        more = counts.recommendations(
            f"{shape.key}-rest", rest, words.said("Not named in the table"), among=found
        )
        said.append(sentence("Not named in it, being due later or on no day: %(rest)s.", rest=more))
    yield composer.numbering.paragraph(*said)
    # The days follow the number, so that a corrigendum names a row by its number alone.
    columns = (
        Column("code", words.said("Evaluation and number"), weight=13),
        Column("days", words.said("Days late"), "number", weight=9),
        *shape.columns,
    )
    mixed = is_mixed(map(is_invented, found))
    yield Table(
        number=number,
        title=shape.title,
        key=shape.key,
        columns=columns,
        rows=tuple(_row(counts, one, shape, mixed=mixed) for one in shown)
        or (none_row(len(columns)),),
        illustrative=any(map(is_invented, shown)),
    )


def _row(counts: Counts, one: Recommended, shape: _List, *, mixed: bool) -> Row:
    row = one.recommendation
    text = words.of(row.text)
    key = f"{RECOMMENDATION}-{row.code}@{counts.period.code}#days-late"
    return Row(
        (
            words.plain(f"{name_of(row.evaluation)}, {row.number}"),
            FigureRef(counts.days_late(key, one, text)),
            marked(text, illustrative=mixed and is_invented(one)),
            *shape.cells(one),
        )
    )


def none_row(columns: int) -> Row:
    """The row of a table that has nothing to name, so that the table keeps its place."""
    return Row((words.said("none"), *[NO_TEXT] * (columns - 1)))


def _late(found: Iterable[Recommended]) -> list[Recommended]:
    return [one for one in found if one.is_open and (one.days_late or 0) > 0]


def _longest_first(one: Recommended) -> tuple[date, date, str, int]:
    """By due day, those without one last; then as their evaluations were published."""
    row = one.recommendation
    published = row.evaluation.published_on or date.max
    return one.due_on or date.max, published, row.evaluation.code, row.number


def _owners(one: Recommended) -> Text:
    """The offices of its open actions, else the office that it was put to."""
    offices = {
        acted.action.office.code: acted.action.office for acted in one.actions if acted.is_open
    }
    found = list(offices.values()) or [one.recommendation.office]
    return words.listed([words.of(office.name) for office in found])


def _due(one: Recommended) -> Text:
    return day_text(one.due_on) if one.due_on else words.said("no day named")


def _office_row(counts: Counts, code: str, found: Sequence[Recommended]) -> Row:
    to_verify = [one for one in found if one.standing == Standing.TO_VERIFY]
    first = min(found, key=_longest_first)
    cells = [
        FigureRef(counts.recommendations(what, chosen, label, among=found, group=code).key)
        for what, chosen, label in (
            ("open", found, words.said("Open recommendations")),
            ("late", _late(found), words.said("Late recommendations")),
            ("to-verify", to_verify, words.said("Recommendations waiting for verification")),
        )
    ]
    days = counts.days_late(counts.key("days-late", code), first, words.said("Days late"))
    name = words.of(first.recommendation.office.name)
    return Row((name, *cells, FigureRef(days), _due(first)))
