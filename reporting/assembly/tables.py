"""Tables and charts of indicator figures, as blocks of a document."""

from collections.abc import Sequence

from indicators.queries import Standing
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
    """The rating cell: status for shape and colour, the scale's word."""
    status = standing.rating.status.value
    return Rating(status, words.of(snapshot.grades[status]))


def progress(standing: Standing) -> Progress:
    """The progress cell: shares of the way from baseline to target."""
    rated = standing.rating
    return Progress(rated.achievement, rated.expected_share, rated.status.value)


def sources_of(book: FigureBook, standings: Sequence[Standing]) -> tuple[str, ...]:
    """Keys of the sources of some indicators' figures, each once."""
    found = (book.figures[key(one, "actual")].source for one in standings)
    return tuple(dict.fromkeys(source for source in found if source))


def year_label(standing: Standing) -> str:
    """The last year of the period."""
    return str(standing.period.year)


def results_table(
    snapshot: Snapshot, book: FigureBook, number: int, title: Text, names: Sequence[Text],
    standings: Sequence[Standing],
) -> Table:
    """One row an indicator: baseline, last period, this period, target, progress, rating."""
    before, now = str(snapshot.period.year - 2), str(snapshot.period.year)
    return Table(
        number=number,
        title=title,
        columns=(
            Column("code", words.said("Code"), weight=2),
            Column("name", words.said("Result"), weight=7),
            Column("baseline", words.said("Baseline"), "number"),
            Column("before", words.plain(before), "number"),
            Column("now", words.plain(now), "number"),
            Column("target", words.said("Target %(year)s", year=snapshot.plan.end_year), "number"),
            Column("progress", words.said("Progress"), "progress"),
            Column("rating", words.said("Rating"), "rating"),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(one.indicator.code),
                    name,
                    FigureRef(key(one, "baseline")),
                    FigureRef(key(one, before)),
                    FigureRef(key(one, "actual")),
                    FigureRef(key(one, "target")),
                    progress(one),
                    rating(snapshot, one),
                )
            )
            for name, one in zip(names, standings, strict=True)
        ),
        illustrative=any(one.illustrative for one in standings),
        sources=sources_of(book, standings),
    )


def years_table(book: FigureBook, number: int, title: Text, standing: Standing) -> Table:
    """Year by year: actual, target, first target."""
    years = [str(year) for year in standing.by_year]
    targets = {str(target.year) for target in standing.targets}
    ends = sorted({*years, *targets})
    rows = [
        Row(
            (
                words.said("Actual"),
                *(_cell(book, key(standing, year)) for year in ends),
            )
        ),
        Row(
            (
                words.said("Target, current"),
                *(_cell(book, key(standing, f"target-{year}")) for year in ends),
            )
        ),
    ]
    revised = [
        first
        for first, now in zip(standing.first_targets, standing.targets, strict=True)
        if first.value != now.value
    ]
    if revised:
        rows.append(
            Row(
                (
                    words.said("Target, first"),
                    *(_cell(book, key(standing, f"first-{year}")) for year in ends),
                )
            )
        )
    return Table(
        number=number,
        title=title,
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
    assert standing.counted is not None  # noqa: S101  # only counts have offices to compare
    rows = [
        Row(
            (
                words.of(snapshot.offices[code].name),
                FigureRef(key(standing, f"office-{code}")),
            )
        )
        for code in standing.counted.by_office
    ]
    rows.append(
        Row(
            (words.said("Each authority counted once"), FigureRef(key(standing, "actual"))), "total"
        )
    )
    return Table(
        number=number,
        title=title,
        columns=(
            Column("office", words.said("Office"), weight=4),
            Column("count", words.said("Authorities to date"), "number"),
        ),
        rows=tuple(rows),
        illustrative=standing.illustrative,
    )


def years_chart(book: FigureBook, number: int, title: Text, standing: Standing) -> Chart:
    """The line of the indicator over the years, with its baseline and targets."""
    reported = {
        str(year) for year, total in standing.by_year.items() if total.number is not None
    }
    ends = sorted({*map(str, standing.by_year), *(str(t.year) for t in standing.targets)})
    last = standing.targets[-1].year if standing.targets else 0
    marks = [
        ChartMark(
            str(target.year),
            key(standing, f"target-{target.year}"),
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
            key(standing, f"first-{first.year}"),
            "target-old",
            words.said("%(value)s first target", value=f"{first.value.normalize():f}"),
        )
        for first, now in zip(standing.first_targets, standing.targets, strict=True)
        if first.value != now.value
    ]
    return Chart(
        number=number,
        kind="line",
        title=title,
        alternative=_alternative(title, standing),
        points=tuple(
            ChartPoint(
                year, words.plain(year), key(standing, year) if year in reported else ""
            )
            for year in ends
        ),
        marks=tuple(marks),
        note=NO_TEXT,
        illustrative=standing.illustrative,
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
