"""The public site of evaluations: which there are, what may be chosen, and what is new."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.timezone import get_current_timezone, make_aware

from evaluations.models import Evaluation, EvaluationFile, Recommendation, Scope
from evaluations.permissions import Person, seen_by
from evaluations.queries.board_asked import paged
from evaluations.queries.searching import holding
from evaluations.rules.follow_up import Standing
from evaluations.rules.tallies import OPEN
from focus_areas.models import FocusArea
from focus_areas.queries import texts
from habitat_plan.kit.wording import Wording

PAGE_ROWS = 25
NEWS = 30
"""Entries of the feed."""
REPORT = EvaluationFile.Kind.REPORT
PUBLISHED, AT_WORK = "published", "at_work"
STATES = (PUBLISHED, AT_WORK)


@dataclass(frozen=True)
class SiteAsked:
    """What a reader asks of the list. `state` is published, at work, or empty for both."""

    words: tuple[str, ...] = ()
    year: int | None = None
    kind: str = ""
    focus_area: str = ""
    language: str = ""
    state: str = ""
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """True if not all evaluations are asked for."""
        chosen = (self.words, self.year, self.kind, self.focus_area, self.language, self.state)
        return any(chosen)


@dataclass(frozen=True)
class Recommendations:
    """How many recommendations an evaluation has, where they are, and how many are made up."""

    given: int = 0
    open: int = 0
    implemented: int = 0
    illustrative: int = 0


@dataclass(frozen=True)
class Listed:
    """An evaluation in the list, with the files of its report and what it looks at."""

    evaluation: Evaluation
    files: Sequence[EvaluationFile]
    scopes: Sequence[Scope]
    recommendations: Recommendations


@dataclass(frozen=True)
class Shelf:
    """One page of the list. `published` and `at_work` count all that fits, not this page alone."""

    rows: Sequence[Listed]
    published: int
    at_work: int
    latest: int | None
    page: int
    pages: int


def site(user: Person, asked: SiteAsked, *, on: date) -> Shelf:
    """The evaluations that a person may see, those at work first, then the latest. Five queries."""
    rows = _fitting(user, asked, on=on)
    is_out = Q(state=Evaluation.State.PUBLISHED)
    counts = rows.aggregate(
        published=Count("pk", filter=is_out), at_work=Count("pk", filter=~is_out)
    )
    years = rows.filter(is_out).exclude(report_year=None).order_by("-report_year")
    page, pages = paged(asked.page, counts["published"] + counts["at_work"])
    found = list(
        rows.order_by(
            F("report_year").desc(nulls_first=True),
            F("report_number").desc(nulls_last=True),
            "code",
        )[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    )
    return Shelf(
        rows=_listed(found),
        published=counts["published"],
        at_work=counts["at_work"],
        latest=years.values_list("report_year", flat=True).first(),
        page=page,
        pages=pages,
    )


def _fitting(user: Person, asked: SiteAsked, *, on: date) -> QuerySet[Evaluation]:
    rows = Evaluation.objects.filter(seen_by(user, on=on), holding(asked.words))
    if asked.year is not None:
        rows = rows.filter(report_year=asked.year)
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    if asked.focus_area:
        area = Scope.objects.filter(focus_area__code=asked.focus_area, evaluation=OuterRef("pk"))
        rows = rows.filter(Exists(area))
    if asked.language:
        reports = EvaluationFile.objects.filter(kind=REPORT, language=asked.language)
        rows = rows.filter(Exists(reports.filter(evaluation=OuterRef("pk"))))
    if asked.state == PUBLISHED:
        rows = rows.filter(state=Evaluation.State.PUBLISHED)
    if asked.state == AT_WORK:
        rows = rows.exclude(state=Evaluation.State.PUBLISHED)
    return rows


def _listed(rows: Sequence[Evaluation]) -> list[Listed]:
    keys = [row.pk for row in rows]
    files: dict[int, list[EvaluationFile]] = {}
    for file in EvaluationFile.objects.filter(evaluation__in=keys, kind=REPORT):
        files.setdefault(file.evaluation_id, []).append(file)
    scopes: dict[int, list[Scope]] = {}
    named = ("focus_area", "project", "country", "region", "office")
    for scope in Scope.objects.filter(evaluation__in=keys).select_related(*named):
        scopes.setdefault(scope.evaluation_id, []).append(scope)
    counts = recommendations_of(keys)
    return [
        Listed(
            evaluation=row,
            files=files.get(row.pk, ()),
            scopes=scopes.get(row.pk, ()),
            recommendations=counts.get(row.pk, Recommendations()),
        )
        for row in rows
    ]


def recommendations_of(evaluations: Collection[int]) -> Mapping[int, Recommendations]:
    """How many recommendations each evaluation has and where they stand today. One query."""
    rows = Recommendation.objects.filter(evaluation__in=evaluations).order_by()
    counted = rows.values_list("evaluation").annotate(
        given=Count("pk"),
        open=Count("pk", filter=Q(stand__standing__in=OPEN)),
        implemented=Count("pk", filter=Q(stand__standing=Standing.IMPLEMENTED)),
        illustrative=Count("pk", filter=Q(illustrative=True)),
    )
    return {key: Recommendations(*numbers) for key, *numbers in counted}


@dataclass(frozen=True)
class SiteChoices:
    """What the filters of the list offer: only what leads to something."""

    years: Sequence[int]
    kinds: Sequence[str]
    focus_areas: Mapping[str, Wording | None]
    """Code of a focus area → its title."""
    languages: Sequence[str]


def site_choices(user: Person, *, on: date) -> SiteChoices:
    """What can be chosen among the evaluations that the person may see. Four queries."""
    rows = Evaluation.objects.filter(seen_by(user, on=on))
    pairs = set(rows.order_by().values_list("report_year", "kind").distinct())
    seen = seen_by(user, on=on, prefix="evaluation__")
    scopes = Scope.objects.filter(seen, focus_area=OuterRef("pk"))
    files = EvaluationFile.objects.filter(seen, kind=REPORT).order_by()
    return SiteChoices(
        years=sorted({year for year, _kind in pairs if year}, reverse=True),
        kinds=[kind for kind in Evaluation.Kind.values if kind in {one for _year, one in pairs}],
        focus_areas=titles_of(area.code for area in FocusArea.objects.filter(Exists(scopes))),
        languages=list(files.values_list("language", flat=True).distinct()),
    )


def titles_of(focus_areas: Iterable[str]) -> Mapping[str, Wording | None]:
    """The titles of focus areas by their codes, None where the plan gives none. One query."""
    codes = list(focus_areas)
    found = texts(codes=[f"{code}.title" for code in codes])
    titles = {code: found.get(f"{code}.title") for code in codes}
    return {code: title.wording if title else None for code, title in titles.items()}


@dataclass(frozen=True)
class News:
    """An evaluation and the moment from which everybody could read it."""

    evaluation: Evaluation
    since: datetime


def news(*, on: date) -> list[News]:
    """What was published last, for everybody the same. One query.

    The day is that of publication, or the one on which the embargo ended.
    """
    zone = get_current_timezone()
    published = Coalesce("published_on", TruncDate("published_at", tzinfo=zone))
    rows = Evaluation.objects.filter(seen_by(AnonymousUser(), on=on)).annotate(
        since=Greatest(published, Coalesce("embargo_until", published))
    )
    return [
        News(row, make_aware(datetime.combine(row.since, time.min)))
        for row in rows.order_by("-since", "code")[:NEWS]
    ]
