"""The extract for IMDIS: sheets of indicators, accomplishment accounts and outputs (p.91, p.92)."""

from collections.abc import Iterable

from indicators.queries import Standing
from reporting.assembly import sentences, tables, words
from reporting.assembly.composer import Composer, Place
from reporting.assembly.figures import key
from reporting.document import Block, Column, FigureRef, Row, Table, Text


def _element(composer: Composer, standing: Standing) -> Text:
    """The words of the result that an indicator measures."""
    result = standing.indicator.result
    found = composer.snapshot.elements.get(result.level, ())
    element = next((one for one in found if one.code == result.code), None)
    return words.of(element.statement) if element else words.plain("")


def indicators(composer: Composer, _place: Place) -> Iterable[Block]:
    """One row an indicator: baseline, target, actual and unit."""
    found = composer.snapshot.standings
    yield Table(
        number=composer.numbering.table(),
        title=words.said("Performance measures"),
        key="imdis.indicators",
        sheet="indicators",
        columns=(
            Column("subprogramme", words.said("Subprogramme")),
            Column("result", words.said("Result")),
            Column("code", words.said("Code")),
            Column("indicator", words.said("Indicator")),
            Column("unit", words.said("Unit")),
            Column("baseline", words.said("Baseline"), "number"),
            Column("target", words.said("Target"), "number"),
            Column("actual", words.said("Actual"), "number"),
            Column("rating", words.said("Rating")),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(_subprogramme(one)),
                    words.plain(one.indicator.result.code),
                    words.plain(one.indicator.code),
                    words.of(one.indicator.title),
                    words.of(one.indicator.unit),
                    FigureRef(key(one, "baseline")),
                    FigureRef(composer.book.final(one)),
                    FigureRef(key(one, "actual")),
                    tables.rating(composer.snapshot, one).word,
                )
            )
            for one in found
        ),
        illustrative=any(one.illustrative for one in found),
        sources=tables.sources_of(composer.book, found),
    )


def _subprogramme(standing: Standing) -> str:
    area = standing.indicator.result.focus_area
    return str(area.number) if area else ""


def accounts(composer: Composer, _place: Place) -> Iterable[Block]:
    """One row an indicator: the statement of accomplishment, and what explains a variance."""
    yield Table(
        number=composer.numbering.table(),
        title=words.said("Accomplishment accounts"),
        key="imdis.accounts",
        sheet="accounts",
        columns=(
            Column("subprogramme", words.said("Subprogramme")),
            Column("code", words.said("Code")),
            Column("result", words.said("Result")),
            Column("statement", words.said("Statement of accomplishment")),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(_subprogramme(one)),
                    words.plain(one.indicator.code),
                    _element(composer, one),
                    words.spoken(
                        sentences.of_standing(composer.snapshot, composer.book, one),
                        composer.book.figures,
                    ),
                )
            )
            for one in composer.snapshot.standings
        ),
        illustrative=any(one.illustrative for one in composer.snapshot.standings),
    )


def outputs(composer: Composer, _place: Place) -> Iterable[Block]:
    """One row an output. None are recorded yet: the one row says so."""
    columns = ("output", "state")
    yield Table(
        number=composer.numbering.table(),
        title=words.said("Outputs"),
        key="imdis.outputs",
        sheet="outputs",
        columns=(
            Column(columns[0], words.said("Output")),
            Column(columns[1], words.said("State")),
        ),
        rows=(
            Row(
                (
                    words.said("Outputs of the work programme"),
                    words.said("not yet recorded"),
                )
            ),
        ),
    )
