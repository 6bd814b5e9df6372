"""Lead and support functions (p.118), and the cross-cutting markers (p.43-51, p.84)."""

from collections.abc import Iterable

from focus_areas.models import Result
from reporting.assembly import sentences, tables, words
from reporting.assembly.composer import Composer, Place
from reporting.assembly.words import sentence
from reporting.document import Block

MARKERS = "MK.1"


def table(composer: Composer, _place: Place) -> Iterable[Block]:
    """The four functions, and how the organization works, in one table."""
    number = composer.numbering.table()
    found = composer.snapshot.of_level(Result.Level.SUPPORT)
    yield composer.numbering.paragraph(
        sentence(
            "Table %(number)s shows the lead and support functions, and how the organization "
            "works.",
            number=number,
        )
    )
    yield tables.results_table(
        composer.snapshot,
        composer.book,
        number,
        words.said("Lead and support functions"),
        "support",
        [words.of(one.indicator.title) for one in found],
        found,
    )


def results(composer: Composer, place: Place) -> Iterable[Block]:
    """Each function in sentences."""
    explained = not composer.is_written(place)
    for standing in composer.snapshot.of_level(Result.Level.SUPPORT):
        if standing.indicator.code != MARKERS:
            said = sentences.of_standing(
                composer.snapshot, composer.book, standing, explained=explained
            )
            yield composer.numbering.paragraph(*said)


def markers(composer: Composer, _place: Place) -> Iterable[Block]:
    """The share of projects that met every marker requirement at first attempt, as published."""
    standing = composer.snapshot.find(MARKERS, composer.snapshot.period.code)
    if standing is None:
        return
    composer.book.add_standing(standing)
    yield composer.numbering.paragraph(
        *sentences.of_standing(composer.snapshot, composer.book, standing)
    )
    title = words.of(standing.indicator.title)
    yield tables.years_chart(composer.numbering.chart(), title, standing)
