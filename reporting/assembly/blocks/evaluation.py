"""Evaluations and recommendations (p.95-101). They are not recorded in this system yet."""

from collections.abc import Iterable

from reporting.assembly import sentences
from reporting.assembly.composer import Composer, Place
from reporting.assembly.words import sentence
from reporting.document import Block

EVALUATED = "EV.1"


def share(composer: Composer, _place: Place) -> Iterable[Block]:
    """The share of closed projects that were evaluated, as published."""
    standing = composer.snapshot.find(EVALUATED, composer.snapshot.period.code)
    if standing is None:
        return
    composer.book.add_standing(standing)
    yield composer.numbering.paragraph(
        *sentences.of_standing(composer.snapshot, composer.book, standing)
    )


def evaluations(composer: Composer, _place: Place) -> Iterable[Block]:
    """Which evaluations were made."""
    yield composer.numbering.paragraph(
        sentence("Evaluations are not yet recorded in this system, so none are listed here.")
    )


def recommendations(composer: Composer, _place: Place) -> Iterable[Block]:
    """Which recommendations are open, overdue and implemented."""
    yield composer.numbering.paragraph(
        sentence(
            "Recommendations are not yet recorded in this system, so their status is not given "
            "here."
        )
    )
