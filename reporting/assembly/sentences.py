"""What one indicator shows, in sentences with bound figures."""

from collections.abc import Iterator

from indicators.queries import Standing
from indicators.rules.kinds import Nothing
from indicators.rules.ratings import Status
from reporting.assembly import words
from reporting.assembly.figures import FigureBook, key
from reporting.assembly.snapshot import Snapshot
from reporting.assembly.tables import rating_reason
from reporting.assembly.words import Sentence, sentence
from reporting.document import FigureRef, Text


def of_standing(
    snapshot: Snapshot, book: FigureBook, standing: Standing, *, explained: bool = True
) -> list[Sentence]:
    """All sentences on one indicator: figure, progress, overlap, missing offices, explanations.

    Without `explained` the offices' explanations are left to the text that an office wrote.
    """
    found = [_figure(book, standing)]
    if standing.rating.achievement is not None and standing.rating.expected_share is not None:
        found.append(_progress(standing))
    found += _rating(snapshot, standing)
    if standing.counted and standing.counted.overlaps and standing.actual.number is not None:
        found.append(_overlap(book, standing))
    found += _missing(snapshot, book, standing)
    if explained:
        found += _explanations(snapshot, standing)
    return found


def _figure(book: FigureBook, standing: Standing) -> Sentence:
    if standing.actual.number is None:
        return _no_figure(standing)
    actual = FigureRef(key(standing, "actual"))
    title, year = words.of(standing.indicator.title), standing.period.year
    source = book.figures[actual.key].source
    notes = (source,) if source else ()
    if standing.baseline is None or standing.final_target is None:
        if standing.indicator.is_per_cent:
            return sentence(
                "%(title)s: %(actual)s per cent at the end of %(year)s.",
                *notes,
                title=title,
                actual=actual,
                year=year,
            )
        return sentence(
            "%(title)s: %(actual)s at the end of %(year)s.",
            *notes,
            title=title,
            actual=actual,
            year=year,
        )
    return _against_target(standing, book.final(standing), notes)


def _no_figure(standing: Standing) -> Sentence:
    title, year = words.of(standing.indicator.title), standing.period.year
    if standing.actual.reason == "too_few_offices":
        return sentence(
            "%(title)s: the figure for %(year)s was not reported, since too few of the offices "
            "concerned had approved figures.",
            title=title,
            year=year,
        )
    if standing.actual.nothing == Nothing.NOT_DUE:
        return sentence("%(title)s: no figure was due for %(year)s.", title=title, year=year)
    if standing.actual.nothing == Nothing.NOT_APPLICABLE:
        return sentence("%(title)s: not applicable in %(year)s.", title=title, year=year)
    return sentence("%(title)s: the figure for %(year)s was not reported.", title=title, year=year)


def _against_target(standing: Standing, final: str, notes: tuple[str, ...]) -> Sentence:
    baseline, target = standing.baseline, standing.final_target
    parts: dict[str, words.Part] = {
        "title": words.of(standing.indicator.title),
        "actual": FigureRef(key(standing, "actual")),
        "year": standing.period.year,
        "baseline": FigureRef(key(standing, "baseline")),
        "baseline_year": baseline.year if baseline else "",
        "target": FigureRef(final),
        "target_year": target.year if target else "",
    }
    if standing.indicator.is_per_cent:
        return sentence(
            "%(title)s: %(actual)s per cent at the end of %(year)s, against a baseline of "
            "%(baseline)s per cent in %(baseline_year)s and a target of %(target)s per cent for "
            "%(target_year)s.",
            *notes,
            **parts,
        )
    return sentence(
        "%(title)s: %(actual)s at the end of %(year)s, against a baseline of %(baseline)s in "
        "%(baseline_year)s and a target of %(target)s for %(target_year)s.",
        *notes,
        **parts,
    )


def _progress(standing: Standing) -> Sentence:
    return sentence(
        "That is %(progress)s per cent of the way from baseline to target; %(expected)s per cent "
        "was expected by then.",
        progress=FigureRef(key(standing, "progress")),
        expected=FigureRef(key(standing, "expected")),
    )


def _rating(snapshot: Snapshot, standing: Standing) -> Iterator[Sentence]:
    """The grade and why; the reason of a result that is not rated says so itself."""
    status = standing.rating.status
    if status is not Status.NOT_RATED:
        yield sentence("Rated “%(grade)s”.", grade=words.of(snapshot.grades[status.value]))
    yield words.whole(rating_reason(standing))


def counted_key(standing: Standing, what: str) -> str:
    """The key of a number that the document counts about an indicator; no writer refers to it."""
    return f"{standing.indicator.code}@{standing.period.code}#{what}"


def _overlap(book: FigureBook, standing: Standing) -> Sentence:
    """How many authorities more than one office reported."""
    overlaps = standing.counted.overlaps if standing.counted else ()
    return sentence(
        "Reported by more than one office, and counted once in the total: %(shared)s.",
        shared=book.count(
            counted_key(standing, "shared"),
            len(overlaps),
            words.said("Authorities reported by more than one office"),
        ),
    )


def _missing(snapshot: Snapshot, book: FigureBook, standing: Standing) -> Iterator[Sentence]:
    """How many of the offices concerned reported, and which did not."""
    coverage, code = standing.actual.coverage, standing.indicator.code
    gaps = [gap for gap in snapshot.gaps if code in gap.indicators]
    years = sorted({gap.year for gap in gaps})
    said_already = standing.rating.reason == "too_few_offices"
    if standing.period.year in years and coverage.expected > 1 and not said_already:
        yield sentence(
            "Of the %(expected)s offices concerned, %(reporting)s had approved figures for "
            "%(year)s.",
            expected=book.count(
                counted_key(standing, "offices"),
                coverage.expected,
                words.said("Offices that report"),
            ),
            reporting=book.count(
                counted_key(standing, "offices-reporting"),
                coverage.reporting,
                words.said("Offices with approved figures"),
            ),
            year=standing.period.year,
        )
    for year in years:
        names = [words.of(gap.office.name) for gap in gaps if gap.year == year]
        yield sentence(
            "No approved figures for %(year)s: %(offices)s.",
            year=year,
            offices=words.listed(names),
        )


def _explanations(snapshot: Snapshot, standing: Standing) -> Iterator[Sentence]:
    """What the offices entered as the reason of a variance, in their own words."""
    first = snapshot.period.start.year
    for figure in standing.figures:
        if figure.explanation.strip() and figure.period.year >= first:
            yield sentence(
                "%(office)s explains for %(year)s: “%(explanation)s”",
                office=words.of(figure.office.name),
                year=figure.period.year,
                explanation=Text.of(en=figure.explanation.strip()),
            )
