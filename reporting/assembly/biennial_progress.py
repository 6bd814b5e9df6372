"""The biennial progress report to the Governing Council on the focus-area results (p.92)."""

from collections.abc import Sequence

from focus_areas.models import Result
from focus_areas.queries import PlanElement
from habitat_plan.kit.wording import LANGUAGES
from indicators.queries import Standing
from indicators.rules.ratings import Status
from reporting.assembly import sentences, tables, words
from reporting.assembly.figures import PLAN_SOURCE, FigureBook
from reporting.assembly.snapshot import Snapshot
from reporting.assembly.words import Numbering, sentence
from reporting.document import (
    NO_TEXT,
    Annex,
    Block,
    Document,
    Heading,
    Masthead,
    Paragraph,
    Text,
)
from reporting.rendering.labels import fixed_labels

AS_PLANNED = (Status.ACHIEVED, Status.ON_TRACK)
BEHIND = (Status.OFF_TRACK, Status.NO_PROGRESS)
PLACEHOLDER_SYMBOL = "HSP/GC/[…]"


def compose(snapshot: Snapshot) -> Document:
    """The whole document; paragraph, table and chart numbers run through it."""
    book, numbering = FigureBook(snapshot), Numbering()
    for standing in snapshot.standings:
        book.add_standing(standing)
    results = [one for area in snapshot.focus_areas for one in snapshot.of_result(area.code)]
    support = [
        one for one in snapshot.standings if one.indicator.result.level == Result.Level.SUPPORT
    ]
    summary = _summary(snapshot, book, results)
    blocks: list[Block] = [
        *_mandate(snapshot, numbering),
        *_results(snapshot, book, numbering, results),
        *_support(snapshot, book, numbering, support),
        *_missing(snapshot, numbering),
    ]
    blocks.append(_annex(snapshot, book, numbering, results))
    return Document(
        kind=snapshot.kind.code,
        period=snapshot.period.code,
        as_of=snapshot.as_of.isoformat() if snapshot.as_of else "",
        languages=LANGUAGES,
        masthead=_masthead(snapshot, book, summary),
        blocks=tuple(blocks),
        figures=book.figures,
        sources=book.sources,
        labels=fixed_labels(),
        digits="arabic_indic" if snapshot.plan.arabic_digits == "arabic_indic" else "western",
    )


def _masthead(snapshot: Snapshot, book: FigureBook, summary: Sequence[Paragraph]) -> Masthead:
    period = str(snapshot.period)
    illustrative = any(figure.illustrative for figure in book.figures.values())
    return Masthead(
        organ=words.said("Governing Council of the United Nations Human Settlements Programme"),
        symbol=PLACEHOLDER_SYMBOL,
        distribution=words.said("Distr.: General"),
        date=snapshot.period.end,
        original=words.said("Original: English"),
        session=NO_TEXT,
        agenda_item=NO_TEXT,
        title=words.said(
            "Implementation of the strategic plan for the period 2014–2019: progress in %(period)s",
            period=period,
        ),
        author=words.said("Report of the Executive Director"),
        summary=tuple(summary),
        illustrative=words.said(
            "This document holds figures that were invented for demonstration. They are marked "
            "“Illustrative” and are not results of UN-Habitat."
        )
        if illustrative
        else NO_TEXT,
        working_note=words.said(
            "Texts without an official version in this language are working translations."
        ),
    )


def _names(elements: Sequence[PlanElement]) -> list[Text]:
    return [words.of(element.title) for element in elements]


def _with(results: Sequence[Standing], *statuses: Status) -> list[Standing]:
    return [one for one in results if one.rating.status in statuses]


def _summary(snapshot: Snapshot, book: FigureBook, results: Sequence[Standing]) -> list[Paragraph]:
    """How many focus areas stand where they should, how many are behind, how many not rated."""
    counted = {
        name: book.count(f"summary@{snapshot.period.code}:{name}", len(found), label)
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
    return [Paragraph(0, words.joined(*said), words.WORKING)]


def _mandate(snapshot: Snapshot, numbering: Numbering) -> list[Block]:
    return [
        Heading(1, "I", words.said("Mandate and method")),
        numbering.paragraph(
            sentence(
                "The strategic plan asks that progress towards the results of the seven focus "
                "areas be reported to the Governing Council every two years (paragraph 92).",
                PLAN_SOURCE,
            ),
            sentence(
                "The present report covers the biennium %(period)s.", period=str(snapshot.period)
            ),
        ),
        numbering.paragraph(
            sentence(
                "Branches and regional offices enter each figure once. A person other than the "
                "one who submitted it approves it; only approved figures are printed here."
            ),
            sentence(
                "A local, other subnational or national authority counts once, however many "
                "offices worked with it."
            ),
        ),
        numbering.paragraph(
            sentence(
                "Progress is the way from baseline to the target of %(year)s, compared with what "
                "was expected by the end of the biennium. A result is rated if at least two "
                "thirds of the offices that report on it have approved figures.",
                year=snapshot.plan.end_year,
            )
        ),
    ]


def _results(
    snapshot: Snapshot, book: FigureBook, numbering: Numbering, results: Sequence[Standing]
) -> list[Block]:
    table = numbering.table()
    blocks: list[Block] = [
        Heading(1, "II", words.said("Results by focus area")),
        numbering.paragraph(
            sentence(
                "Table %(number)s sets the results of the biennium against the baselines and the "
                "targets of %(year)s.",
                number=table,
                year=snapshot.plan.end_year,
            )
        ),
        tables.results_table(
            snapshot,
            book,
            table,
            words.said("The seven focus-area results"),
            _names(snapshot.focus_areas),
            results,
        ),
    ]
    for letter, area in zip("ABCDEFG", snapshot.focus_areas, strict=False):
        blocks.append(Heading(2, letter, words.of(area.title)))
        blocks += _area(snapshot, book, numbering, area)
    return blocks


def _area(
    snapshot: Snapshot, book: FigureBook, numbering: Numbering, area: PlanElement
) -> list[Block]:
    blocks: list[Block] = [
        numbering.paragraph(
            sentence(
                "The plan promises: “%(result)s” (%(paragraph)s).",
                PLAN_SOURCE,
                result=words.of(area.statement),
                paragraph=area.paragraph,
            )
        )
    ]
    for standing in snapshot.of_result(area.code):
        title = words.of(standing.indicator.title)
        blocks.append(numbering.paragraph(*sentences.of_standing(snapshot, book, standing)))
        blocks.append(tables.years_chart(numbering.chart(), title, standing))
    return blocks


def _support(
    snapshot: Snapshot, book: FigureBook, numbering: Numbering, support: Sequence[Standing]
) -> list[Block]:
    table = numbering.table()
    return [
        Heading(1, "III", words.said("Lead and support functions")),
        numbering.paragraph(
            sentence(
                "Table %(number)s shows the lead and support functions, and how the organization "
                "works.",
                number=table,
            )
        ),
        tables.results_table(
            snapshot,
            book,
            table,
            words.said("Lead and support functions"),
            [words.of(one.indicator.title) for one in support],
            support,
        ),
        *(
            numbering.paragraph(*sentences.of_standing(snapshot, book, standing))
            for standing in support
        ),
    ]


def _missing(snapshot: Snapshot, numbering: Numbering) -> list[Block]:
    blocks: list[Block] = [Heading(1, "IV", words.said("Figures not reported"))]
    if not snapshot.gaps:
        text = sentence("All offices concerned had approved figures.")
        return [*blocks, numbering.paragraph(text)]
    blocks.append(
        numbering.paragraph(
            sentence(
                "The following offices had no approved figures when the report was assembled. "
                "Their figures are marked as not reported, as the quality assurance officer "
                "confirmed."
            )
        )
    )
    blocks += [
        numbering.paragraph(
            sentence(
                "%(office)s, %(year)s: %(indicators)s.",
                office=words.of(gap.office.name),
                year=gap.year,
                indicators=words.listed([words.plain(code) for code in gap.indicators]),
            )
        )
        for gap in snapshot.gaps
    ]
    return blocks


def _annex(
    snapshot: Snapshot, book: FigureBook, numbering: Numbering, results: Sequence[Standing]
) -> Annex:
    blocks: list[Block] = []
    for standing in results:
        title = words.of(standing.indicator.title)
        blocks.append(Heading(2, standing.indicator.code, title))
        blocks.append(
            tables.years_table(book, numbering.table(), words.said("Year by year"), standing)
        )
        if standing.counted:
            blocks.append(
                tables.offices_table(snapshot, numbering.table(), words.said("By office"), standing)
            )
    return Annex("I", words.said("Indicator tables"), tuple(blocks))
