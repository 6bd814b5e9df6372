"""Why a report is made, how its figures came about, and what is missing."""

from collections.abc import Iterable

from reporting.assembly import words
from reporting.assembly.composer import Composer, Place
from reporting.assembly.figures import PLAN_SOURCE
from reporting.assembly.words import sentence
from reporting.document import Block
from reporting.kinds.progress import METHOD


def mandate(composer: Composer, _place: Place) -> Iterable[Block]:
    """The sentences of the declaration; the first cites the plan."""
    kind, period = composer.snapshot.kind, composer.snapshot.period
    parts: dict[str, words.Part] = {"period": str(period), "year": period.year}
    yield composer.numbering.paragraph(
        *(
            sentence(message, *([] if position else [PLAN_SOURCE]), **parts)
            for position, message in enumerate(kind.mandate)
        )
    )


def method(composer: Composer, _place: Place) -> Iterable[Block]:
    """Who enters, who approves, what counts."""
    yield composer.numbering.paragraph(*(sentence(message) for message in METHOD))


def how_rated(composer: Composer, _place: Place) -> Iterable[Block]:
    """What progress is measured against, and when a result is rated."""
    yield composer.numbering.paragraph(
        sentence(
            "Progress is the way from baseline to the target of %(year)s, compared with what "
            "was expected by the end of the period. A result is rated if at least two thirds of "
            "the offices that report on it have approved figures.",
            year=composer.snapshot.plan.end_year,
        )
    )


def how_weighted(composer: Composer, _place: Place) -> Iterable[Block]:
    """How country series become one figure, and what that figure is not."""
    yield composer.numbering.paragraph(
        sentence(
            "The figures of the first three indicators are means of the countries that have data, "
            "weighted by urban population, and are printed with their coverage."
        ),
        sentence("They are not the aggregates that the custodians of the data publish."),
    )


def missing(composer: Composer, _place: Place) -> Iterable[Block]:
    """The offices without approved figures, as the quality assurance officer confirmed."""
    gaps = composer.snapshot.gaps
    if not gaps:
        yield composer.numbering.paragraph(sentence("All offices concerned had approved figures."))
        return
    yield composer.numbering.paragraph(
        sentence(
            "The following offices had no approved figures when the report was assembled. Their "
            "figures are marked as not reported, as the quality assurance officer confirmed."
        )
    )
    for gap in gaps:
        yield composer.numbering.paragraph(
            sentence(
                "%(office)s, %(year)s: %(indicators)s.",
                office=words.of(gap.office.name),
                year=gap.year,
                indicators=words.listed([words.plain(code) for code in gap.indicators]),
            )
        )
