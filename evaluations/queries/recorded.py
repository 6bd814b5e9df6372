"""What was recorded about evaluations after a moment, and from which day on it counts."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.timezone import localdate

from evaluations.models import Action, Answer, Evaluation, FollowUp, Recommendation
from evaluations.queries.reported import public_since

What = Literal["published", "recommended", "followed"]


@dataclass(frozen=True)
class RecordedLater:
    """What was recorded of one evaluation on one day, about things of one year.

    `what`: that it was published, that it recommended, or what was answered and done about that.
    `year` is that of the business days; `at` the first moment of recording; `numbers` those of the
    recommendations, none for the publication.
    """

    what: What
    evaluation: Evaluation
    year: int
    at: datetime
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Row:
    what: What
    evaluation: Evaluation
    on: date
    at: datetime
    number: int = 0

    @property
    def together(self) -> tuple[str, int, int, date]:
        """What is told in one sentence: the same thing of one evaluation, recorded on one day."""
        return self.what, self.evaluation.pk, self.year, localdate(self.at)

    @property
    def year(self) -> int:
        """From which year on it counts: not before the evaluation was public."""
        return max(self.on, public_since(self.evaluation)).year


def recorded_since(since: datetime) -> list[RecordedLater]:
    """All that was recorded of published evaluations after a moment. Five queries."""
    groups: defaultdict[tuple[str, int, int, date], list[_Row]] = defaultdict(list)
    for row in _rows(since):
        groups[row.together].append(row)
    return [
        RecordedLater(
            what=rows[0].what,
            evaluation=rows[0].evaluation,
            year=rows[0].year,
            at=min(row.at for row in rows),
            numbers=tuple(sorted({row.number for row in rows if row.number})),
        )
        for rows in groups.values()
    ]


def _rows(since: datetime) -> Iterator[_Row]:
    published = Evaluation.State.PUBLISHED
    for one in Evaluation.objects.filter(state=published, published_at__gt=since):
        if one.published_at is not None:
            yield _Row("published", one, public_since(one), one.published_at)
    recommendations = Recommendation.objects.filter(
        evaluation__state=published, made_at__gt=since
    ).select_related("evaluation")
    for made in recommendations:
        of = made.evaluation
        yield _Row("recommended", of, public_since(of), made.made_at, made.number)
    answers = Answer.objects.filter(
        recommendation__evaluation__state=published, at__gt=since
    ).select_related("recommendation__evaluation")
    for answer in answers:
        to = answer.recommendation
        yield _Row("followed", to.evaluation, answer.on, answer.at, to.number)
    actions = Action.objects.filter(
        recommendation__evaluation__state=published, made_at__gt=since
    ).select_related("recommendation__evaluation")
    for action in actions:
        to = action.recommendation
        yield _Row("followed", to.evaluation, action.planned_on, action.made_at, to.number)
    steps = FollowUp.objects.filter(
        action__recommendation__evaluation__state=published, at__gt=since
    ).select_related("action__recommendation__evaluation")
    for step in steps:
        to = step.action.recommendation
        yield _Row("followed", to.evaluation, step.on, step.at, to.number)
