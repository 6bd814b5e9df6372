"""The rows behind an entry page, in seven queries: what hangs on a row comes with it as JSON."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import FilteredRelation, Model, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast

from focus_areas.models import Period
from habitat_plan.kit.json_rows import JSONRows
from habitat_plan.kit.wording import Wording
from indicators.models import (
    Achievement,
    Assignment,
    Axis,
    Category,
    CheckAnswer,
    Evidence,
    Figure,
    FigurePart,
    Indicator,
    IndicatorOption,
    PeriodException,
    PeriodWindow,
    RatingScale,
    Remark,
    Submission,
    Target,
)
from indicators.queries.locks import lock_of
from indicators.queries.remarks import Thread
from indicators.rules import locks
from indicators.rules.periods import BASELINE_YEAR
from indicators.rules.ratings import Scale
from organization.models import Office

# Long texts of the reference sheet that the grid does not show.
NOT_SHOWN = ("method", "source", "verification", "limits")
PEOPLE = ("submitted_by", "approved_by", "verified_by", "returned_by")


def with_whole_sheet(indicator: Indicator) -> Indicator:
    """Reads what an entry page leaves out of the reference sheet. One query."""
    indicator.refresh_from_db(fields=NOT_SHOWN)
    return indicator


def given_below(row: Model, name: str, rows: Sequence[Any]) -> None:
    """Lets `row.<name>.all()` give these rows without asking, as after `prefetch_related`."""
    row.__dict__.setdefault("_prefetched_objects_cache", {})[name] = rows


@dataclass(frozen=True)
class Frame:
    """What holds for the whole page: submission, window, exemption, thresholds."""

    period: Period
    submission: Submission
    window: PeriodWindow | None
    exemption: locks.Exemption | None
    scale: Scale

    def lock(self, today: date) -> locks.Lock | None:
        """What stops the office from entering today."""
        return lock_of(self.submission, self.window, self.exemption, today=today)


def frame_of(office: Office, period: Period) -> Frame:
    """The submission of an office and year and its window, whether there are any. One query."""
    exceptions = PeriodException.objects.filter(period=OuterRef("pk"), office=office)
    scale = RatingScale.objects.filter(code="default")
    found = (
        Period.objects.annotate(
            own=FilteredRelation("submissions", condition=Q(submissions__office=office)),
            exemptions=JSONRows(exceptions, "until", "reason", "granted_by__name"),
            on_track_from=Subquery(scale.values("on_track_from")[:1]),
            no_progress_below=Subquery(scale.values("no_progress_below")[:1]),
        )
        .select_related(
            "window__opened_by", "window__closed_by", *(f"own__{who}" for who in PEOPLE)
        )
        .get(pk=period.pk)
    )
    submission: Submission = getattr(found, "own", None) or Submission()
    submission.office, submission.period = office, period
    window: PeriodWindow | None = getattr(found, "window", None)
    return Frame(period, submission, window, _latest(found.exemptions), _scale(found))


def _latest(exemptions: Sequence[tuple[str, str, str]] | None) -> locks.Exemption | None:
    """The exemption that lasts longest."""
    if not exemptions:
        return None
    until, reason, who = max(exemptions)
    return locks.Exemption(date.fromisoformat(until), reason, who)


def _scale(row: Any) -> Scale:
    if row.on_track_from is None:
        return Scale()
    return Scale(on_track_from=row.on_track_from, no_progress_below=row.no_progress_below)


@dataclass(frozen=True)
class Asked:
    """An indicator that the office reports on, and its own target for the year."""

    indicator: Indicator
    target: Decimal | None


def asked(office: Office, period: Period) -> list[Asked]:
    """What the office is asked for in a year, in the plan's order, with options and axes.

    Two queries, the second only if a figure can be divided.
    """
    of_indicator = {"indicator": OuterRef("indicator")}
    label = Cast("label", TextField())
    targets = Target.objects.filter(office=office, year=period.year, **of_indicator)
    rows = list(
        Assignment.objects.filter(
            office=office, since_year__lte=max(period.year, BASELINE_YEAR + 1)
        )
        .filter(Q(until_year__isnull=True) | Q(until_year__gte=period.year))
        .select_related("indicator__result__focus_area")
        .defer(*(f"indicator__{name}" for name in NOT_SHOWN))
        .annotate(
            own_target=Subquery(targets.order_by("-version").values("value")[:1]),
            options=JSONRows(
                IndicatorOption.objects.filter(**of_indicator), "rank", "code", label, "pk"
            ),
            axes=JSONRows(Indicator.axes.through.objects.filter(**of_indicator), "axis_id"),
        )
        .order_by("indicator__result__ordinal", "indicator__ordinal", "indicator__code")
    )
    axes = _axes({axis for row in rows for (axis,) in row.axes or ()})
    for row in rows:
        own = {axis for (axis,) in row.axes or ()}
        given_below(row.indicator, "options", _options(row.indicator, row.options or ()))
        given_below(row.indicator, "axes", [axis for axis in axes if axis.pk in own])
    return [Asked(row.indicator, row.own_target) for row in rows]


def _options(
    indicator: Indicator, rows: Iterable[tuple[int, str, str, int]]
) -> list[IndicatorOption]:
    return [
        IndicatorOption(
            pk=pk, indicator=indicator, code=code, label=Wording.stored(label), rank=rank
        )
        for rank, code, label, pk in sorted(rows)
    ]


def _axes(ids: set[int]) -> list[Axis]:
    """The axes with their categories, in order. One query, none if there are no axes."""
    if not ids:
        return []
    categories: dict[int, list[Category]] = defaultdict(list)
    axes: dict[int, Axis] = {}
    rows = Category.objects.filter(axis__in=ids).select_related("axis")
    for category in rows.order_by("axis__ordinal", "axis__code", "ordinal"):
        category.axis = axes.setdefault(category.axis_id, category.axis)
        categories[category.axis_id].append(category)
    for identity, axis in axes.items():
        given_below(axis, "categories", categories[identity])
    return list(axes.values())


@dataclass(frozen=True)
class Rows:
    """What was entered and said for one office up to a year, by indicator id."""

    figures: Mapping[int, list[Figure]]
    achievements: Mapping[int, list[Achievement]]
    evidence: Mapping[int, list[Evidence]]
    remarks: Mapping[int, list[Thread]]


def rows_of(office: Office, period: Period, indicators: Sequence[Indicator]) -> Rows:
    """Figures to date with what hangs on those of the year, achievements, evidence, remarks.

    Four queries.
    """
    achievements: dict[int, list[Achievement]] = defaultdict(list)
    for achievement in Achievement.objects.filter(
        office=office, period__end__lte=period.end
    ).select_related("authority__country", "authority__merged_into", "period"):
        achievements[achievement.indicator_id].append(achievement)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for one in Evidence.objects.filter(office=office, period=period, retired_at__isnull=True):
        evidence[one.indicator_id].append(one)
    figures = _figures(office, period, {one.pk: one for one in indicators})
    return Rows(figures, achievements, evidence, _remarks(office, period))


def _figures(
    office: Office, period: Period, indicators: Mapping[int, Indicator]
) -> dict[int, list[Figure]]:
    of_year = {"figure": OuterRef("pk"), "figure__period": period}
    number = Cast("value", TextField())
    rows = (
        Figure.objects.filter(office=office, period__end__lte=period.end, indicator__in=indicators)
        .select_related("period", "changed_by")
        .annotate(
            parts_below=JSONRows(
                FigurePart.objects.filter(**of_year),
                "pk", "category_id", "category__code", "category__axis__code", number,
            ),
            answers_below=JSONRows(
                CheckAnswer.objects.filter(**of_year), "pk", "check_code", "sentence"
            ),
        )
        .order_by("period__end")
    )  # fmt: skip
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in rows:
        figure.office, figure.indicator = office, indicators[figure.indicator_id]
        given_below(figure, "parts", _parts(figure, figure.parts_below or ()))
        given_below(
            figure,
            "answers",
            [
                CheckAnswer(pk=pk, figure=figure, check_code=code, sentence=sentence)
                for pk, code, sentence in figure.answers_below or ()
            ],
        )
        found[figure.indicator_id].append(figure)
    return found


def _parts(
    figure: Figure, rows: Iterable[tuple[int, int, str, str, str]]
) -> list[FigurePart]:
    """The parts with category and axis by their codes."""
    return [
        FigurePart(
            pk=pk,
            figure=figure,
            category=Category(pk=category, code=code, axis=Axis(code=axis)),
            value=Decimal(value),
        )
        for pk, category, code, axis, value in sorted(rows)
    ]


def _remarks(office: Office, period: Period) -> dict[int, list[Thread]]:
    """What nobody settled yet about the figures of the year, with its answers. One query."""
    answers: dict[int, list[Remark]] = defaultdict(list)
    roots: list[Remark] = []
    rows = Remark.objects.filter(office=office, period=period).select_related(
        "made_by", "settled_by"
    )
    for remark in rows:
        if remark.answers_to_id is not None:
            answers[remark.answers_to_id].append(remark)
        elif remark.settled_at is None:
            roots.append(remark)
    found: dict[int, list[Thread]] = defaultdict(list)
    for remark in roots:
        found[remark.indicator_id].append(Thread(remark, tuple(answers[remark.pk])))
    return found
