"""What reports say of evaluations: everything as it stood at the end of a day, for every reader.

Business days count, not the moments of recording, so that a report of a past period can be made
again. Nothing of an evaluation that was not public by that day is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.timezone import localdate

from evaluations.models import (
    CriterionRating,
    Evaluation,
    Lesson,
    PlanVersion,
    Recommendation,
    Scope,
)
from evaluations.permissions import seen_by
from evaluations.queries.recommendations import Recommended, recommended
from evaluations.rules.evaluated import Evaluated
from evaluations.rules.evaluation_states import EvaluationState
from focus_areas.models import Period
from organization.models import AuditEntry


@dataclass(frozen=True)
class PublishedEvaluation:
    """A published evaluation. `public_on`: since when everybody may read it.

    That is the day of publication or, if it is later, the end of the embargo. Where only the year
    of the report is known, it is the last day of that year.
    """

    evaluation: Evaluation
    public_on: date
    focus_areas: tuple[str, ...]
    is_rated: bool

    @property
    def evaluated(self) -> Evaluated:
        """What the rules need of it."""
        return Evaluated(
            code=self.evaluation.code,
            kind=self.evaluation.kind,
            state=EvaluationState(self.evaluation.state),
            conducted_by=self.evaluation.conducted_by,
            published_on=self.evaluation.published_on,
            report_year=self.evaluation.report_year,
            focus_areas=frozenset(self.focus_areas),
        )


@dataclass(frozen=True)
class LearnedLesson:
    """A published lesson. Without an `evaluation` it counts from the day of its publication."""

    lesson: Lesson
    learned_on: date
    focus_areas: tuple[str, ...]
    evaluation: PublishedEvaluation | None

    @property
    def illustrative(self) -> bool:
        """True if it was made up, or its evaluation was."""
        of = self.evaluation
        return self.lesson.illustrative or (of is not None and of.evaluation.illustrative)


@dataclass(frozen=True)
class Reported:
    """Evaluations as they stood at the end of a period.

    `evaluations` were public by then, the earliest first; `recommendations` are theirs. `lessons`
    are of the period. `next_plan` is the evaluation plan of the biennium that follows, as last
    approved by then. `changed_at`: when the last of all this was recorded.
    """

    first: date
    last: date
    evaluations: tuple[PublishedEvaluation, ...] = ()
    recommendations: tuple[Recommended, ...] = ()
    lessons: tuple[LearnedLesson, ...] = ()
    next_plan: PlanVersion | None = None
    changed_at: datetime | None = None

    @property
    def of_period(self) -> tuple[PublishedEvaluation, ...]:
        """Those that became public within the period."""
        return self.since(self.first)

    def since(self, day: date) -> tuple[PublishedEvaluation, ...]:
        """Those that became public on that day or later."""
        return tuple(one for one in self.evaluations if one.public_on >= day)


def reported(period: Period, *, known_by: datetime | None = None) -> Reported:
    """Evaluations as they stood at the end of a period. Eleven queries, however many rows.

    `known_by`: lessons and plans recorded later are left out. Recommendations are read as they are
    recorded now: what was recorded late about an earlier day corrects what was said of that day.
    """
    last = period.end
    evaluations = sorted(public_evaluations(last), key=_in_order)
    keys = {one.evaluation.pk: one for one in evaluations}
    rows = Recommendation.objects.filter(evaluation__in=keys)
    recommendations = sorted(
        recommended(rows, on=last),
        key=lambda one: (
            _in_order(keys[one.recommendation.evaluation_id]),
            one.recommendation.number,
        ),
    )
    lessons = tuple(_lessons(period, keys, known_by))
    plan = _plan_after(period, known_by)
    return Reported(
        first=period.start,
        last=last,
        evaluations=tuple(evaluations),
        recommendations=tuple(recommendations),
        lessons=lessons,
        next_plan=plan,
        changed_at=max(_moments(evaluations, recommendations, lessons, plan), default=None),
    )


def public_by(day: date, prefix: str = "") -> Q:
    """Published by the end of a day and free of embargo by then, as a condition."""
    dated = Q(**{f"{prefix}published_on__lte": day})
    of_a_year = Q(
        **{
            f"{prefix}published_on__isnull": True,
            f"{prefix}report_year__lt": (day + timedelta(days=1)).year,
        }
    )
    return seen_by(AnonymousUser(), on=day, prefix=prefix) & (dated | of_a_year)


def public_since(evaluation: Evaluation) -> date:
    """Since when everybody may read a published evaluation."""
    published = evaluation.published_on or date(evaluation.report_year or date.max.year, 12, 31)
    return max(published, evaluation.embargo_until or published)


def public_evaluations(day: date) -> Iterator[PublishedEvaluation]:
    """Those that were public at the end of a day. Two queries."""
    areas = Scope.objects.filter(kind=Scope.Kind.FOCUS_AREA).select_related("focus_area")
    rows = (
        Evaluation.objects.filter(public_by(day))
        .annotate(is_rated=Exists(CriterionRating.objects.filter(evaluation=OuterRef("pk"))))
        .prefetch_related(Prefetch("scopes", areas, to_attr="areas"))
    )
    for row in rows:
        areas_of = [scope.focus_area for scope in row.areas if scope.focus_area is not None]
        codes = dict.fromkeys(area.code for area in sorted(areas_of, key=lambda area: area.number))
        yield PublishedEvaluation(row, public_since(row), tuple(codes), row.is_rated)


def _in_order(one: PublishedEvaluation) -> tuple[date, int, int, str]:
    row = one.evaluation
    return one.public_on, row.report_year or 0, row.report_number or 0, row.code


def _lessons(
    period: Period, evaluations: dict[int, PublishedEvaluation], known_by: datetime | None
) -> Iterator[LearnedLesson]:
    """Lessons of the period that are in force, or were at a moment. Three queries."""
    retired = {
        int(key): at
        for key, at in AuditEntry.objects.filter(
            subject_type="evaluations.lesson", action="retire lesson"
        ).values_list("subject_id", "at")
    }
    rows = Lesson.objects.exclude(state=Lesson.State.DRAFT).filter(published_at__isnull=False)
    for row in rows.prefetch_related("focus_areas").order_by("pk"):
        published_at = row.published_at
        if published_at is None or not _in_force(row, published_at, retired, known_by):
            continue
        of = evaluations.get(row.evaluation_id) if row.evaluation_id else None
        if row.evaluation_id and of is None:
            continue
        day = of.public_on if of else localdate(published_at)
        if period.start <= day <= period.end:
            areas = sorted(row.focus_areas.all(), key=lambda area: (area.number, area.code))
            yield LearnedLesson(row, day, tuple(area.code for area in areas), of)


def _in_force(
    row: Lesson, published_at: datetime, retired: dict[int, datetime], known_by: datetime | None
) -> bool:
    """True for what is published now, or was at a moment."""
    if known_by is None:
        return row.state == Lesson.State.PUBLISHED
    if published_at > known_by:
        return False
    return row.state == Lesson.State.PUBLISHED or retired.get(row.pk, published_at) > known_by


def _plan_after(period: Period, known_by: datetime | None) -> PlanVersion | None:
    """The last version, approved by the end of a period, of the plan of the biennium after it."""
    rows = PlanVersion.objects.filter(
        biennium__kind=Period.Kind.BIENNIUM,
        biennium__start=period.end + timedelta(days=1),
        approved_on__lte=period.end,
    ).select_related("biennium")
    if known_by is not None:
        rows = rows.filter(at__lte=known_by)
    return rows.order_by("number").last()


def _moments(
    evaluations: Sequence[PublishedEvaluation],
    recommendations: Sequence[Recommended],
    lessons: Sequence[LearnedLesson],
    plan: PlanVersion | None,
) -> Iterator[datetime]:
    """When each thing that is read was recorded."""
    yield from (one.evaluation.published_at for one in evaluations if one.evaluation.published_at)
    yield from (one.lesson.published_at for one in lessons if one.lesson.published_at)
    if plan is not None:
        yield plan.at
    for one in recommendations:
        yield one.recommendation.made_at
        if one.answer is not None:
            yield one.answer.at
        for acted in one.actions:
            yield acted.action.made_at
            yield from (step.at for step in acted.follow_ups)
