"""The seven focus areas: the box above, the table, each area's promise and results (p.92)."""

from collections.abc import Iterable, Sequence

from focus_areas.models import Result
from focus_areas.queries import PlanElement
from indicators.queries import Standing
from indicators.rules.ratings import Status
from reporting.assembly import sentences, tables, words
from reporting.assembly.composer import Composer, Place
from reporting.assembly.figures import PLAN_SOURCE
from reporting.assembly.words import sentence
from reporting.document import Block, Heading, Paragraph, Text

AS_PLANNED = (Status.ACHIEVED, Status.ON_TRACK)
BEHIND = (Status.OFF_TRACK, Status.NO_PROGRESS)


def _results(composer: Composer) -> list[Standing]:
    return composer.snapshot.of_level(Result.Level.FOCUS_AREA)


def _with(results: Sequence[Standing], *statuses: Status) -> list[Standing]:
    return [one for one in results if one.rating.status in statuses]


def in_short(composer: Composer, _place: Place) -> Iterable[Block]:
    """How many focus areas stand where they should, how many are behind, how many not rated."""
    snapshot, book, results = composer.snapshot, composer.book, _results(composer)
    counted = {
        name: book.count(f"summary@{snapshot.period.code}#{name}", len(found), label)
        for name, found, label in (
            ("all", results, words.said("Focus areas")),
            ("planned", _with(results, *AS_PLANNED), words.said("Focus areas as planned")),
            (
                "achieved",
                _with(results, Status.ACHIEVED),
                words.said("Focus areas at their target"),
            ),
            ("behind", _with(results, *BEHIND), words.said("Focus areas behind")),
            ("unrated", _with(results, Status.NOT_RATED), words.said("Focus areas not rated")),
        )
    }
    said = [
        sentence(
            "Of the %(all)s focus areas, %(planned)s stood where they should at the end of "
            "%(year)s; %(achieved)s of them had reached the target of %(target_year)s.",
            all=counted["all"],
            planned=counted["planned"],
            achieved=counted["achieved"],
            year=snapshot.period.year,
            target_year=snapshot.plan.end_year,
        ),
        sentence("Behind what was expected: %(behind)s.", behind=counted["behind"]),
    ]
    if counted["unrated"].number:
        said.append(sentence("Not rated: %(unrated)s.", unrated=counted["unrated"]))
    yield Paragraph(0, words.joined(*said), words.WORKING)


def _names(elements: Sequence[PlanElement]) -> list[Text]:
    return [words.of(element.title) for element in elements]


def table(composer: Composer, _place: Place) -> Iterable[Block]:
    """The seven results in one table."""
    snapshot, number = composer.snapshot, composer.numbering.table()
    areas = {area.code: words.of(area.title) for area in snapshot.focus_areas}
    results = _results(composer)
    yield composer.numbering.paragraph(
        sentence(
            "Table %(number)s sets the results of the period against the baselines and the "
            "targets of %(year)s.",
            number=number,
            year=snapshot.plan.end_year,
        )
    )
    yield tables.results_table(
        snapshot,
        composer.book,
        number,
        words.said("The seven focus-area results"),
        "areas",
        [areas[one.indicator.result.code] for one in results],
        results,
    )


def promise(composer: Composer, place: Place) -> Iterable[Block]:
    """What the plan promises for the focus area, in its own words."""
    if place.area is None:
        return
    yield composer.numbering.paragraph(
        sentence(
            "The plan promises: “%(result)s” (%(paragraph)s).",
            PLAN_SOURCE,
            result=words.of(place.area.statement),
            paragraph=place.area.paragraph,
        )
    )


def results(composer: Composer, place: Place) -> Iterable[Block]:
    """The indicator of the focus area: its figure, progress and reasons, and its line."""
    if place.area is None:
        return
    explained = not composer.is_written(place)
    for standing in composer.snapshot.of_result(place.area.code):
        said = sentences.of_standing(
            composer.snapshot, composer.book, standing, explained=explained
        )
        yield composer.numbering.paragraph(*said)
        title = words.of(standing.indicator.title)
        yield tables.years_chart(composer.numbering.chart(), title, standing)


def tables_of_areas(composer: Composer, _place: Place) -> Iterable[Block]:
    """Year by year and office by office, for each focus area."""
    yield from of_each(composer, _results(composer))


def of_each(composer: Composer, standings: Sequence[Standing]) -> Iterable[Block]:
    """The tables of some indicators, each under its own heading."""
    for standing in standings:
        yield Heading(2, standing.indicator.code, words.of(standing.indicator.title))
        yield tables.years_table(
            composer.book, composer.numbering.table(), words.said("Year by year"), standing
        )
        if standing.counted:
            yield tables.offices_table(
                composer.snapshot, composer.numbering.table(), words.said("By office"), standing
            )
