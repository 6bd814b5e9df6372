"""Expected accomplishments: what is reported to Member States every year (p.91)."""

from collections.abc import Iterable, Sequence

from focus_areas.models import Result
from indicators.queries import Standing
from indicators.rules.ratings import Status
from reporting.assembly import sentences, tables, words
from reporting.assembly.blocks.areas import AS_PLANNED, BEHIND, of_each
from reporting.assembly.composer import Composer, Place
from reporting.assembly.figures import key
from reporting.assembly.words import sentence
from reporting.document import Block, Column, FigureRef, Paragraph, Row, Table, Text

LEVEL = Result.Level.ACCOMPLISHMENT


def in_short(composer: Composer, _place: Place) -> Iterable[Block]:
    """How many indicators of accomplishment stand where they should."""
    snapshot, book = composer.snapshot, composer.book
    found = snapshot.of_level(LEVEL)
    if not found:
        yield Paragraph(
            0,
            words.joined(
                sentence(
                    "No expected accomplishments are held for %(period)s.",
                    period=str(snapshot.period),
                )
            ),
            words.WORKING,
        )
        return
    counted = {
        name: book.count(f"summary@{snapshot.period.code}#{name}", len(members), label)
        for name, members, label in (
            ("all", found, words.said("Indicators of accomplishment")),
            (
                "planned",
                [one for one in found if one.rating.status in AS_PLANNED],
                words.said("Indicators of accomplishment as planned"),
            ),
            (
                "behind",
                [one for one in found if one.rating.status in BEHIND],
                words.said("Indicators of accomplishment behind"),
            ),
            (
                "unrated",
                [one for one in found if one.rating.status is Status.NOT_RATED],
                words.said("Indicators of accomplishment not rated"),
            ),
        )
    }
    yield Paragraph(
        0,
        words.joined(
            sentence(
                "Of the %(all)s indicators of accomplishment, %(planned)s stood where they "
                "should at the end of %(year)s.",
                all=counted["all"],
                planned=counted["planned"],
                year=snapshot.period.year,
            ),
            sentence("Behind what was expected: %(behind)s.", behind=counted["behind"]),
            sentence("Not rated: %(unrated)s.", unrated=counted["unrated"]),
        ),
        words.WORKING,
    )


def table(composer: Composer, _place: Place) -> Iterable[Block]:
    """Every indicator of accomplishment: baseline, target, actual, rating, comment."""
    found = composer.snapshot.of_level(LEVEL)
    if not found:
        yield composer.numbering.paragraph(
            sentence(
                "No expected accomplishments are held for %(period)s, so none are reported here.",
                period=str(composer.snapshot.period),
            )
        )
        return
    number = composer.numbering.table()
    yield composer.numbering.paragraph(
        sentence(
            "Table %(number)s sets every indicator of accomplishment against its target. The "
            "texts of the expected accomplishments are illustrative, since the work programmes "
            "are not held here.",
            number=number,
        )
    )
    yield _performance(composer, number, found)


def _performance(composer: Composer, number: int, found: Sequence[Standing]) -> Table:
    snapshot, book = composer.snapshot, composer.book
    rows: list[Row] = []
    area = ""
    for one in found:
        holder = one.indicator.result.focus_area
        if holder is not None and holder.code != area:
            area = holder.code
            element = next((e for e in snapshot.focus_areas if e.code == area), None)
            if element:
                rows.append(Row((words.of(element.title),), "group"))
        rows.append(
            Row(
                (
                    words.plain(one.indicator.code),
                    words.of(one.indicator.title),
                    FigureRef(key(one, "baseline")),
                    FigureRef(book.final(one)),
                    FigureRef(key(one, "actual")),
                    tables.rating(snapshot, one),
                    tables.rating_reason(one),
                )
            )
        )
    return Table(
        number=number,
        title=words.said("Programme performance by indicator of accomplishment"),
        key="accomplishments",
        columns=(
            Column("code", words.said("Code"), weight=7),
            Column("name", words.said("Indicator"), weight=26),
            Column("baseline", words.said("Baseline"), "number", weight=8),
            Column("target", words.said("Target"), "number", weight=8),
            Column("now", words.plain(str(snapshot.period.year)), "number", weight=7),
            Column("rating", words.said("Rating"), "rating", weight=16),
            Column("comment", words.said("Comment"), weight=28),
        ),
        rows=tuple(rows),
        illustrative=any(one.illustrative for one in found),
        sources=tables.sources_of(book, found),
    )


def of_area(composer: Composer, place: Place) -> Iterable[Block]:
    """The accomplishments of one focus area in sentences."""
    if place.area is None:
        return
    explained = not composer.is_written(place)
    for standing in composer.snapshot.of_area(place.area.code, LEVEL):
        yield composer.numbering.paragraph(
            sentence("%(title)s.", title=_accomplishment(composer, standing)),
            *sentences.of_standing(composer.snapshot, composer.book, standing, explained=explained),
        )


def _accomplishment(composer: Composer, standing: Standing) -> Text:
    """Code and words of the accomplishment that an indicator measures."""
    code = standing.indicator.result.code
    found = composer.snapshot.elements.get(LEVEL, ())
    element = next((one for one in found if one.code == code), None)
    if element is None:
        return words.plain(code)
    return words.run_together(words.plain(f"{code}. "), words.of(element.statement))


def tables_of_accomplishments(composer: Composer, _place: Place) -> Iterable[Block]:
    """Year by year and office by office, for each indicator of accomplishment."""
    yield from of_each(composer, composer.snapshot.of_level(LEVEL))
