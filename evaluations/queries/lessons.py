"""Reads of lessons: to each person those that are for them, and those that fit a place.

A draft and a retired lesson are for the secretariat. A published one is for everybody who may see
its evaluation, if it has one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When

from evaluations import permissions
from evaluations.models import Evaluation, Lesson, Tag
from evaluations.permissions import Person
from evaluations.rules.texts import words_of
from focus_areas.models import FocusArea
from organization.models import AuditEntry, Country, Role, User
from organization.permissions import holds

WRITES = (Role.EVALUATION_OFFICER, Role.CONTRIBUTOR, Role.APPROVER)
"""The roles that propose lessons."""
MOST = 5
BY_BOTH, BY_AREA, BY_WORDS, NOT_AT_ALL = 3, 2, 1, 0
"""Why a lesson is offered, the better the higher."""


def may_write(user: Person) -> bool:
    """True for those who propose lessons: the evaluation officer, and who works in an office."""
    return holds(user, *WRITES)


def may_change(user: Person, lesson: Lesson) -> bool:
    """True for the evaluation officer, and for whoever proposed it while it is a draft."""
    if lesson.state == Lesson.State.RETIRED:
        return False
    if permissions.may_evaluate(user):
        return True
    return lesson.state == Lesson.State.DRAFT and may_write(user) and _proposed(user, lesson)


def _proposed(user: Person, lesson: Lesson) -> bool:
    entries = AuditEntry.objects.filter(
        subject_type=Lesson._meta.label_lower, subject_id=str(lesson.pk), action="propose lesson"
    )
    return isinstance(user, User) and entries.filter(by=user).exists()


def seen_lessons(user: Person, *, on: date) -> QuerySet[Lesson]:
    """The lessons that the person may read."""
    if permissions.is_of_secretariat(user):
        return Lesson.objects.all()
    return Lesson.objects.filter(_open_to(user, on), state=Lesson.State.PUBLISHED)


def _open_to(user: Person, on: date) -> Q:
    """That a lesson belongs to no evaluation, or to one that the person may see."""
    if permissions.is_of_secretariat(user):
        # An empty condition joined by "or" would leave only the other one.
        return Q()
    return Q(evaluation__isnull=True) | permissions.seen_by(user, on=on, prefix="evaluation__")


def lessons_of(evaluation: Evaluation, user: Person, *, on: date) -> list[Lesson]:
    """What an evaluation teaches, as far as the person may read it; nothing retired. One query."""
    rows = seen_lessons(user, on=on).filter(evaluation=evaluation)
    return list(rows.exclude(state=Lesson.State.RETIRED).order_by("pk"))


def whole(rows: QuerySet[Lesson]) -> QuerySet[Lesson]:
    """The lessons with all that is shown of them. Three queries more."""
    return rows.select_related("evaluation").prefetch_related("focus_areas", "countries", "tags")


@dataclass(frozen=True)
class Asked:
    """What somebody looks for among lessons; empty means any. Codes are those of the filters."""

    words: tuple[str, ...] = ()
    kind: str = ""
    focus_area: str = ""
    country: str = ""
    tag: str = ""
    state: str = ""

    @property
    def is_narrow(self) -> bool:
        """True if something was asked for."""
        return self != Asked()


def found_lessons(user: Person, asked: Asked, *, on: date) -> QuerySet[Lesson]:
    """The lessons that fit, drafts first, then the newest; retired ones only if asked for."""
    rows = seen_lessons(user, on=on)
    rows = rows.filter(state=asked.state) if asked.state else rows.exclude(state="retired")
    for word in asked.words:
        rows = rows.filter(searched__contains=word)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.focus_area:
        rows = rows.filter(focus_areas__code=asked.focus_area)
    if asked.country:
        rows = rows.filter(countries__iso3=asked.country)
    if asked.tag:
        rows = rows.filter(tags__code=asked.tag)
    return whole(rows).order_by(F("published_at").desc(nulls_first=True), "-pk")


@dataclass(frozen=True)
class Choices:
    """By what the lessons that a person may read can be narrowed down."""

    focus_areas: Sequence[FocusArea]
    countries: Sequence[Country]
    tags: Sequence[Tag]


def choices(user: Person, *, on: date) -> Choices:
    """What the filters offer: only what some lesson that the person may read has. Three queries."""
    keys = seen_lessons(user, on=on).order_by().values("pk")

    def theirs(link: type, name: str) -> QuerySet[Lesson]:
        return link.objects.filter(lesson__in=keys).values(name)  # type: ignore[attr-defined,no-any-return]

    areas = theirs(Lesson.focus_areas.through, "focusarea")
    countries = theirs(Lesson.countries.through, "country")
    tags = theirs(Lesson.tags.through, "tag")
    return Choices(
        list(FocusArea.objects.filter(pk__in=areas)),
        list(Country.objects.filter(pk__in=countries)),
        list(Tag.objects.filter(pk__in=tags)),
    )


def one_lesson(number: int, user: Person, *, on: date) -> Lesson | None:
    """The lesson, if the person may read it. Four queries."""
    return whole(seen_lessons(user, on=on).filter(pk=number)).first()


def retirement(lesson: Lesson) -> AuditEntry | None:
    """When, by whom and why a lesson was retired; for the secretariat."""
    return (
        AuditEntry.objects.filter(
            subject_type=Lesson._meta.label_lower,
            subject_id=str(lesson.pk),
            action="retire lesson",
        )
        .order_by("number")
        .last()
    )


@dataclass(frozen=True)
class Offered:
    """A lesson that fits a place, and why: `BY_BOTH`, `BY_AREA` or `BY_WORDS`."""

    lesson: Lesson
    fits: int


def fitting(
    *,
    focus_areas: Collection[str],
    countries: Collection[int],
    words: str,
    user: Person,
    on: date,
    most: int = MOST,
) -> list[Offered]:
    """Published lessons that fit focus areas (codes), countries (ids) and words, the best first.

    First those that share a focus area and a country, then those that share a focus area, then
    those that hold every word; within each the newest first. Four queries at most.
    """
    has_area = _has(Lesson.focus_areas.through, focusarea__code__in=sorted(focus_areas))
    has_country = _has(Lesson.countries.through, country__in=sorted(countries))
    asked = words_of(words)
    ranks = []
    if focus_areas and countries:
        ranks.append(When(has_area & has_country, then=Value(BY_BOTH)))
    if focus_areas:
        ranks.append(When(has_area, then=Value(BY_AREA)))
    if asked:
        holds_all = Q(*(Q(searched__contains=word) for word in asked))
        ranks.append(When(holds_all, then=Value(BY_WORDS)))
    if not ranks:
        return []
    rows = (
        Lesson.objects.filter(_open_to(user, on), state=Lesson.State.PUBLISHED)
        .annotate(fits=Case(*ranks, default=Value(NOT_AT_ALL), output_field=IntegerField()))
        .filter(fits__gt=NOT_AT_ALL)
        .order_by("-fits", "-published_at", "-pk")
    )
    return [Offered(one, one.fits) for one in whole(rows)[:most]]  # type: ignore[attr-defined]


def _has(link: type, **wanted: object) -> Q:
    rows = link.objects.filter(lesson=OuterRef("pk"), **wanted)  # type: ignore[attr-defined]
    return Q(Exists(rows))
