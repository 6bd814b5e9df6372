"""What was evaluated and what was learned from it (p.95-101)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from evaluations.models import Evaluation, Lesson
from evaluations.queries.reported import LearnedLesson, PublishedEvaluation
from evaluations.rules.coverage import external_share
from reporting.assembly import sentences, words
from reporting.assembly.blocks.evaluation_counts import (
    Counts,
    is_mixed,
    marked,
    name_of,
    public_day,
)
from reporting.assembly.composer import Composer, Place, titled
from reporting.assembly.words import Sentence, sentence
from reporting.document import Block, Column, FigureRef, Row, Table, Text

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
    """Which evaluations were published in the period, and how many are external."""
    reported = composer.snapshot.evaluated
    if reported is None:
        yield composer.numbering.paragraph(
            sentence("Evaluations are not yet recorded in this system, so none are listed here.")
        )
        return
    counts, found = Counts(composer, reported), reported.of_period
    known = counts.known()
    if not known.number:
        yield composer.numbering.paragraph(
            sentence(
                "No evaluation report published by the end of %(year)s is recorded in this system, "
                "so none is listed here.",
                year=composer.snapshot.period.year,
            )
        )
        return
    said = [
        sentence(
            "Evaluation reports published in %(period)s: %(number)s.",
            period=str(composer.snapshot.period),
            number=counts.evaluations(
                "published", found, words.said("Evaluation reports published in the period")
            ),
        ),
        sentence(
            "Published by the end of %(year)s, of all that are recorded in this system: %(known)s.",
            year=composer.snapshot.period.year,
            known=known,
        ),
    ]
    yield composer.numbering.paragraph(*said, *_external(counts, found))
    if found:
        yield _table(composer, found)


def _external(counts: Counts, found: Sequence[PublishedEvaluation]) -> Iterator[Sentence]:
    """How many external evaluators made, of those of which it is known (p.98)."""
    said = [one for one in found if one.evaluation.conducted_by]
    counted = external_share(one.evaluated for one in said)
    if not counted.of:
        if found:
            yield sentence("By whom they were made is not recorded.")
        return
    external = [one for one in said if one.evaluated.is_external]
    label = words.said("Evaluations by external evaluators")
    share_of = counts.share_of_evaluations("external-share", external, said, label)
    yield sentence(
        "Made by external evaluators, alone or with the Evaluation Unit: %(external)s of the "
        "%(known)s of which it is recorded, %(share)s per cent.",
        external=counts.evaluations("external", external, label, among=said),
        known=counts.evaluations(
            "conducted", said, words.said("Evaluations of which it is recorded who made them")
        ),
        share=FigureRef(share_of),
    )


def _table(composer: Composer, found: Sequence[PublishedEvaluation]) -> Table:
    mixed = is_mixed(one.evaluation.illustrative for one in found)
    return Table(
        number=composer.numbering.table(),
        title=words.said("Evaluation reports of the period"),
        key="evaluations",
        columns=(
            Column("code", words.said("Number"), weight=10),
            Column("title", words.said("Evaluation"), weight=36),
            Column("kind", words.said("Kind"), weight=18),
            Column("conduct", words.said("Made by"), weight=18),
            Column("published", words.said("Published"), weight=14),
            Column("rated", words.said("Criteria rated"), weight=10),
        ),
        rows=tuple(_row(one, mixed=mixed) for one in found),
        illustrative=any(one.evaluation.illustrative for one in found),
    )


def _row(one: PublishedEvaluation, *, mixed: bool) -> Row:
    row = one.evaluation
    conduct = (
        titled(Evaluation.Conduct(row.conducted_by).label)
        if row.conducted_by
        else words.said("not recorded")
    )
    return Row(
        (
            words.plain(name_of(row)),
            marked(words.of(row.title), illustrative=mixed and row.illustrative),
            titled(Evaluation.Kind(row.kind).label),
            conduct,
            public_day(one),
            words.said("yes") if one.is_rated else words.said("no"),
        )
    )


def areas(composer: Composer, _place: Place) -> Iterable[Block]:
    """Which focus areas have a published evaluation in the plan's life, and when (p.100)."""
    reported, snapshot = composer.snapshot.evaluated, composer.snapshot
    if reported is None or not reported.evaluations:
        return
    counts = Counts(composer, reported)
    in_life = reported.since(date(snapshot.plan.start_year, 1, 1))
    of_area = {
        area.code: [one for one in in_life if area.code in one.focus_areas]
        for area in snapshot.focus_areas
    }
    covering = [one for one in in_life if one.focus_areas]
    number = composer.numbering.table()
    yield composer.numbering.paragraph(
        sentence(
            "The plan asks that each focus area be evaluated at least once in its life "
            "(paragraph 100). Table %(number)s shows which of them have a published evaluation by "
            "the end of %(year)s.",
            number=number,
            year=snapshot.period.year,
        )
    )
    yield Table(
        number=number,
        title=words.said("Focus areas with a published evaluation"),
        key="evaluated-areas",
        columns=(
            Column("code", words.said("Code"), weight=7),
            Column("name", words.said("Focus area"), weight=40),
            Column("reports", words.said("Reports"), "number", weight=10),
            Column("evaluated", words.said("Evaluated in"), weight=43),
        ),
        rows=tuple(
            Row(
                (
                    words.plain(area.code),
                    words.of(area.title),
                    FigureRef(
                        counts.evaluations(
                            f"area-{area.code}",
                            of_area[area.code],
                            words.said("Published evaluations of the focus area"),
                        ).key
                    ),
                    _evaluated_in(of_area[area.code], covering),
                )
            )
            for area in snapshot.focus_areas
        ),
        illustrative=any(one.evaluation.illustrative for one in covering),
    )


def _evaluated_in(
    found: Sequence[PublishedEvaluation], covering: Sequence[PublishedEvaluation]
) -> Text:
    """`2017 (2/2017)` for each, or that there is none."""
    if not found:
        return words.said("none published")
    mixed = is_mixed(one.evaluation.illustrative for one in covering)
    return words.listed(
        [
            marked(
                words.plain(f"{one.public_on.year} ({name_of(one.evaluation)})"),
                illustrative=mixed and one.evaluation.illustrative,
            )
            for one in found
        ]
    )


def lessons(composer: Composer, _place: Place) -> Iterable[Block]:
    """Lessons and good practices of the period, by focus area, each with its evaluation."""
    reported = composer.snapshot.evaluated
    if reported is None or not reported.lessons:
        return
    places = {area.code: number for number, area in enumerate(composer.snapshot.focus_areas)}
    found = sorted(
        reported.lessons,
        key=lambda one: (
            places.get(one.focus_areas[0], len(places)) if one.focus_areas else len(places),
            one.learned_on,
            one.lesson.pk,
        ),
    )
    counts = Counts(composer, reported)
    yield composer.numbering.paragraph(
        sentence(
            "Lessons and good practices of %(period)s that are published: %(number)s.",
            period=str(composer.snapshot.period),
            number=counts.lessons(found),
        )
    )
    for one in found:
        yield composer.numbering.paragraph(*_lesson(composer, one))


def _lesson(composer: Composer, one: LearnedLesson) -> Iterator[Sentence]:
    titles = {area.code: words.of(area.title) for area in composer.snapshot.focus_areas}
    named = [titles[code] for code in one.focus_areas if code in titles]
    is_practice = one.lesson.kind == Lesson.Kind.PRACTICE
    yield sentence(
        "%(kind)s, %(areas)s: “%(title)s”.",
        kind=words.said("Good practice") if is_practice else words.said("Lesson"),
        areas=words.listed(named) if named else words.said("all focus areas"),
        title=words.of(one.lesson.title),
    )
    if one.evaluation is None:
        yield sentence("What was learned: %(text)s", text=words.of(one.lesson.text))
    else:
        yield sentence(
            "What evaluation %(evaluation)s teaches: %(text)s",
            evaluation=_named(one.evaluation.evaluation),
            text=words.of(one.lesson.text),
        )
    if one.illustrative:
        yield sentence("(Illustrative.)")


def _named(evaluation: Evaluation) -> Text:
    """Its number, or its title if the report has none."""
    return words.plain(evaluation.number) if evaluation.number else words.of(evaluation.title)
