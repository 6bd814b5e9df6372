"""Tables and charts of indicator figures, as blocks of a document."""

from collections.abc import Sequence

from indicators import rating_words
from indicators.queries import Standing
from indicators.rules.targets import TargetPoint
from reporting.assembly import words
from reporting.assembly.figures import FigureBook, key
from reporting.assembly.snapshot import Snapshot
from reporting.document import (
    NO_TEXT,
    Chart,
    ChartMark,
    ChartPoint,
    Column,
    FigureRef,
    Progress,
    Rating,
    Row,
    Table,
    Text,
)


def rating(snapshot: Snapshot, standing: Standing) -> Rating:
    """The rating cell: status for shape and colour, the scale's word, the reason."""
    status = standing.rating.status
    return Rating(status.value, words.of(snapshot.grades[status.value]), rating_reason(standing))


def rating_reason(standing: Standing) -> Text:
    """Why the result has its grade, or none."""
    return words.in_all(lambda: rating_words.reason(standing.rating))


def progress(standing: Standing) -> Progress:
    """The progress cell: shares of the way from baseline to target."""
    rated = standing.rating
    return Progress(rated.achievement, rated.expected_share, rated.status.value)


def sources_of(book: FigureBook, standings: Sequence[Standing]) -> tuple[str, ...]:
    """Keys of the sources of some indicators' figures, each once."""
    found = (book.figures[key(one, "actual")].source for one in standings)
    return tuple(dict.fromkeys(source for source in found if source))


def results_table(
    snapshot: Snapshot,
    book: FigureBook,
    number: int,
    title: Text,
    table_key: str,
    names: Sequence[Text],
    standings: Sequence[Standing],
) -> Table:
    """One row an indicator: baseline, last period, this period, target, progress, rating."""
    before, now = str(snapshot.period.start.year - 1), str(snapshot.period.year)
    return Table(
        number=number,
        title=title,
        key=table_key,
        columns=(
            Column("code", words.said("Code"), weight=6),
            Column("name", words.said("Result"), weight=23),
            Column("baseline", words.said("Baseline"), "number", weight=9),
            Column("before", words.plain(before), "number", weight=7),
            Column("now", words.plain(now), "number", weight=7),
            Column(
                "target",
                words.said("Target %(year)s", year=snapshot.plan.end_year),
                "number",
                weight=8,
            ),
            Column("progress", words.said("Progress"), "progress", weight=20),
            Column("rating", words.said("Rating"), "rating", weight=17),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(one.indicator.code),
                    name,
                    FigureRef(key(one, "baseline")),
                    FigureRef(key(one, "actual", period=before)),
                    FigureRef(key(one, "actual")),
                    FigureRef(book.final(one)),
                    progress(one),
                    rating(snapshot, one),
                )
            )
            for name, one in zip(names, standings, strict=True)
        ),
        illustrative=any(one.illustrative for one in standings),
        sources=sources_of(book, standings),
    )


def revised_targets(standing: Standing) -> list[TargetPoint]:
    """The first targets of the years whose target was revised later."""
    current = {target.year: target.value for target in standing.targets}
    return [one for one in standing.first_targets if current.get(one.year) != one.value]


def years_table(book: FigureBook, number: int, title: Text, standing: Standing) -> Table:
    """Year by year: actual, target, first target."""
    years = [str(year) for year in standing.by_year]
    targets = {str(target.year) for target in standing.targets}
    ends = sorted({*years, *targets})
    rows = [
        Row(
            (
                words.said("Actual"),
                *(_cell(book, key(standing, "actual", period=year)) for year in ends),
            )
        ),
        Row(
            (
                words.said("Target, current"),
                *(_cell(book, key(standing, "target", period=year)) for year in ends),
            )
        ),
    ]
    if revised_targets(standing):
        rows.append(
            Row(
                (
                    words.said("Target, first"),
                    *(_cell(book, key(standing, "first", period=year)) for year in ends),
                )
            )
        )
    return Table(
        number=number,
        title=title,
        key=f"{standing.indicator.code}.years",
        columns=(
            Column("what", words.of(standing.indicator.unit)),
            *(Column(year, words.plain(year), "number") for year in ends),
        ),
        rows=tuple(rows),
        illustrative=standing.illustrative,
        sources=sources_of(book, [standing]),
    )


def _cell(book: FigureBook, reference: str) -> FigureRef | Text:
    return FigureRef(reference) if reference in book.figures else words.plain("")


def offices_table(snapshot: Snapshot, number: int, title: Text, standing: Standing) -> Table:
    """By office: each office's own count; what several offices count is in the total once."""
    by_office = standing.counted.by_office if standing.counted else {}
    rows = [
        Row(
            (
                words.of(snapshot.offices[code].name),
                FigureRef(key(standing, "actual", office=code)),
            )
        )
        for code in by_office
    ]
    rows.append(
        Row(
            (words.said("Each authority counted once"), FigureRef(key(standing, "actual"))), "total"
        )
    )
    return Table(
        number=number,
        title=title,
        key=f"{standing.indicator.code}.offices",
        columns=(
            Column("office", words.said("Office"), weight=4),
            Column("count", words.said("Authorities to date"), "number"),
        ),
        rows=tuple(rows),
        note=words.said(
            "The total keeps what offices without approved figures for %(year)s had approved for "
            "earlier years.",
            year=standing.period.year,
        )
        if standing.actual.left_out and standing.actual.number is not None
        else NO_TEXT,
        illustrative=standing.illustrative,
    )


def years_chart(number: int, title: Text, standing: Standing) -> Chart:
    """The line of the indicator over the years, with its targets, current and first."""
    reported = {str(year) for year, total in standing.by_year.items() if total.number is not None}
    ends = sorted({*map(str, standing.by_year), *(str(t.year) for t in standing.targets)})
    last = standing.targets[-1].year if standing.targets else 0
    marks = [
        ChartMark(
            str(target.year),
            key(standing, "target", period=target.year),
            "target",
            words.said("%(value)s target", value=f"{target.value.normalize():f}")
            if target.year == last
            else words.plain(""),
        )
        for target in standing.targets
    ]
    marks += [
        ChartMark(
            str(first.year),
            key(standing, "first", period=first.year),
            "target-old",
            words.said("%(value)s first target", value=f"{first.value.normalize():f}"),
        )
        for first in revised_targets(standing)
    ]
    return Chart(
        number=number,
        kind="line",
        title=title,
        alternative=_alternative(title, standing),
        points=tuple(
            ChartPoint(
                year,
                words.plain(year),
                key(standing, "actual", period=year) if year in reported else "",
            )
            for year in ends
        ),
        marks=tuple(marks),
        illustrative=standing.illustrative,
        key=f"{standing.indicator.code}.line",
    )


def _alternative(title: Text, standing: Standing) -> Text:
    """The chart in a sentence: its title and every value by year."""
    values = "; ".join(
        f"{year}: {total.number.normalize():f}"
        for year, total in standing.by_year.items()
        if total.number is not None
    )
    return Text(
        {language: f"{text} {values}." for language, text in title.texts.items()}, title.working
    )
