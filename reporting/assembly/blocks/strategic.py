"""The plan's strategic result: five indicators, seven series and counts (p.15, p.93)."""

from collections.abc import Iterable
from decimal import Decimal

from focus_areas.models import Result
from indicators.queries import Standing
from indicators.rules.kinds import Kind
from reporting.assembly import sentences, tables, words
from reporting.assembly.blocks.areas import of_each
from reporting.assembly.composer import Composer, Place
from reporting.assembly.figures import PLAN_SOURCE, key
from reporting.assembly.words import Sentence, sentence
from reporting.document import Block, Column, Figure, FigureRef, Paragraph, Row, Table

LEVEL = Result.Level.PLAN


def in_short(composer: Composer, _place: Place) -> Iterable[Block]:
    """How many of the indicators have a figure for the period."""
    snapshot, found = composer.snapshot, composer.snapshot.of_level(LEVEL)
    reported = [one for one in found if one.actual.number is not None]
    prefix = f"summary@{snapshot.period.code}"
    yield Paragraph(
        0,
        words.joined(
            sentence(
                "Of the %(all)s series that the indicators of the strategic result are made of, "
                "%(reported)s have a figure for %(year)s.",
                all=composer.book.count(f"{prefix}#all", len(found), words.said("Series")),
                reported=composer.book.count(
                    f"{prefix}#reported", len(reported), words.said("Series with a figure")
                ),
                year=snapshot.period.year,
            )
        ),
        words.WORKING,
    )


def promise(composer: Composer, _place: Place) -> Iterable[Block]:
    """The strategic result in the plan's words."""
    for element in composer.snapshot.elements.get(LEVEL, ()):
        yield composer.numbering.paragraph(
            sentence(
                "The plan promises: “%(result)s” (%(paragraph)s).",
                PLAN_SOURCE,
                result=words.of(element.statement),
                paragraph=element.paragraph,
            )
        )


def table(composer: Composer, _place: Place) -> Iterable[Block]:
    """All series: first figure of the plan's time, this one, how many countries, which share."""
    snapshot, book = composer.snapshot, composer.book
    found, number = snapshot.of_level(LEVEL), composer.numbering.table()
    yield composer.numbering.paragraph(
        sentence("Table %(number)s gives every series with its coverage.", number=number)
    )
    yield Table(
        number=number,
        title=words.said("Indicators of the strategic result"),
        key="strategic",
        columns=(
            Column("code", words.said("Code"), weight=7),
            Column("name", words.said("Indicator"), weight=34),
            Column("baseline", words.said("Baseline"), "number", weight=10),
            Column("now", words.plain(str(snapshot.period.year)), "number", weight=10),
            Column("countries", words.said("Countries or offices"), "number", weight=12),
            Column("share", words.said("Share of those asked"), "number", weight=12),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(one.indicator.code),
                    words.of(one.indicator.title),
                    FigureRef(key(one, "baseline")),
                    FigureRef(key(one, "actual")),
                    *_coverage(composer, one),
                )
            )
            for one in found
        ),
        illustrative=any(one.illustrative for one in found),
        sources=tables.sources_of(book, found),
    )


def _coverage(composer: Composer, standing: Standing) -> tuple[FigureRef, FigureRef]:
    """How many reported, and which share of the weight (or of the offices) they hold."""
    coverage = standing.actual.coverage
    counted, share = (sentences.counted_key(standing, what) for what in ("reporting", "coverage"))
    figures = composer.book.figures
    figures[counted] = Figure(
        counted, Decimal(coverage.reporting), label=words.said("Countries or offices")
    )
    portion = coverage.share
    figures[share] = Figure(
        share,
        None if portion is None else portion * 100,
        nothing="not_applicable" if portion is None else "",
        per_cent=True,
        label=words.said("Share of those asked"),
    )
    return FigureRef(counted), FigureRef(share)


def results(composer: Composer, place: Place) -> Iterable[Block]:
    """Each series in sentences with its coverage, and its line."""
    explained = not composer.is_written(place)
    for standing in composer.snapshot.of_level(LEVEL):
        said = sentences.of_standing(
            composer.snapshot, composer.book, standing, explained=explained
        )
        if standing.indicator.kind == Kind.STATISTIC and standing.actual.number is not None:
            said.append(_covers(composer, standing))
        yield composer.numbering.paragraph(*said)
        if any(total.number is not None for total in standing.by_year.values()):
            title = words.of(standing.indicator.title)
            yield tables.years_chart(composer.numbering.chart(), title, standing)


def _covers(composer: Composer, standing: Standing) -> Sentence:
    counted, share = _coverage(composer, standing)
    return sentence(
        "Countries with data: %(countries)s; they hold %(share)s per cent of the urban population.",
        countries=counted,
        share=share,
    )


def tables_of_series(composer: Composer, _place: Place) -> Iterable[Block]:
    """Year by year, for every series that has figures."""
    found = composer.snapshot.of_level(LEVEL)
    yield from of_each(
        composer,
        [one for one in found if any(t.number is not None for t in one.by_year.values())],
    )
