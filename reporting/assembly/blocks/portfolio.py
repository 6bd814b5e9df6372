"""Projects, budget and outputs (p.22, p.63-85, p.105). They are not recorded in this system yet."""

from collections.abc import Iterable

from reporting.assembly.composer import Composer, Place
from reporting.assembly.words import sentence
from reporting.document import Block


def portfolio(composer: Composer, _place: Place) -> Iterable[Block]:
    """Value, growth and integration of the portfolio."""
    yield composer.numbering.paragraph(
        sentence("Projects are not yet recorded in this system, so none are reported here.")
    )


def budget(composer: Composer, _place: Place) -> Iterable[Block]:
    """Sources of funds, allocation and spending."""
    yield composer.numbering.paragraph(
        sentence("Income and spending are not yet recorded in this system.")
    )


def outputs(composer: Composer, _place: Place) -> Iterable[Block]:
    """Outputs planned, delivered, carried forward, added, reformulated, postponed, terminated."""
    yield composer.numbering.paragraph(
        sentence("Outputs of the work programme are not yet recorded in this system.")
    )


def rates(composer: Composer, _place: Place) -> Iterable[Block]:
    """The implementation rates that follow from the outputs."""
    yield composer.numbering.paragraph(
        sentence("Implementation rates are not given, since they are computed from the outputs.")
    )
