"""What a coming report still lacks, figure by figure: for offices, for focus areas, for reminders.

A fixed number of queries for any number of indicators and offices.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Assignment,
    CheckAnswer,
    Evidence,
    Figure,
    Indicator,
    Remark,
    Submission,
    Target,
)
from indicators.queries.standing import entry_of, rating_scale
from indicators.rules.checks import claims_something
from indicators.rules.exact import HUNDRED, quotient
from indicators.rules.kinds import Direction, Kind
from indicators.rules.periods import BASELINE_YEAR, Frequency, due, years_of
from indicators.rules.ratings import Scale
from indicators.rules.variance import BEHIND, missing_words, status_of
from indicators.rules.workflow import State
from organization.models import Office

# Six languages long, and not shown here.
REFERENCE_SHEET = ("definition", "method", "source", "verification", "limits")
Key = tuple[int, int, int]
"""Office id, indicator id, year."""


class Lack(StrEnum):
    """What keeps a figure from being ready, in the order of its way to the report.

    MISSING: nothing is entered. OPEN: not submitted (what is counted is never missing). RETURNED:
    sent back. WAITING: for approval. UNEXPLAINED: behind the office's target without cause,
    sentence and measures.
    UNPROVED: neither evidence nor a word why there is none. ASKED: a query is open.
    """

    MISSING = "missing"
    OPEN = "open"
    RETURNED = "returned"
    WAITING = "waiting"
    UNEXPLAINED = "unexplained"
    UNPROVED = "unproved"
    ASKED = "asked"


BY_STATE: Mapping[str, Lack] = {
    State.DRAFT: Lack.OPEN,
    State.RETURNED: Lack.RETURNED,
    State.SUBMITTED: Lack.WAITING,
}


@dataclass(frozen=True)
class Item:
    """One figure that is not ready: of which office, indicator and year, and what it lacks."""

    office: Office
    indicator: Indicator
    year: int
    lacks: tuple[Lack, ...]

    @property
    def area(self) -> str:
        """The focus area's code; empty for a lead or support function and for the plan itself."""
        found = self.indicator.result.focus_area
        return found.code if found else ""


@dataclass(frozen=True)
class Readiness:
    """The figures that a report is read from: how many there are, and those that are not ready."""

    expected: int
    items: tuple[Item, ...]

    def counted(self) -> Counter[Lack]:
        """How many figures lack what."""
        return Counter(lack for item in self.items for lack in item.lacks)

    def by_office(self) -> dict[Office, tuple[Item, ...]]:
        """The same by office, in the order of the offices."""
        found: dict[Office, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.office].append(item)
        return {office: tuple(items) for office, items in found.items()}

    def by_area(self) -> dict[str, tuple[Item, ...]]:
        """The same by focus area, in the plan's order; what belongs to none stands last."""
        found: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            found[item.area].append(item)
        return {
            area: tuple(found[area]) for area in sorted(found, key=lambda code: (not code, code))
        }


@dataclass(frozen=True)
class _Rows:
    """What was read for the report's years."""

    states: Mapping[tuple[int, int], str]
    figures: Mapping[Key, Figure]
    counted: Mapping[Key, int]
    targets: Mapping[Key, Decimal]
    proved: frozenset[Key]
    unproved: frozenset[Key]
    asked: frozenset[Key]
    scale: Scale


def readiness(*, levels: Iterable[str], period: Period) -> Readiness:
    """What a report over the period that prints these levels still lacks. Nine queries."""
    years = years_of(period.code)
    assigned = list(_assigned(levels, years))
    rows = _read(years)
    items = [
        Item(row.office, row.indicator, year, lacks)
        for row, year in assigned
        if (lacks := tuple(_lacks(row, year, rows)))
    ]
    return Readiness(len(assigned), tuple(items))


def _assigned(levels: Iterable[str], years: tuple[int, ...]) -> Iterator[tuple[Assignment, int]]:
    """Who reports on what for which of the years; statistics come from their custodians."""
    rows = (
        Assignment.objects.filter(
            indicator__result__level__in=list(levels), indicator__retired_on__isnull=True
        )
        .exclude(indicator__kind=Indicator.Kind.STATISTIC)
        .select_related("office", "indicator__result__focus_area")
        .defer(*(f"indicator__{name}" for name in REFERENCE_SHEET))
        .order_by("office__ordinal", "office__code", "indicator__ordinal", "indicator__code")
    )
    for row in rows:
        for year in years:
            in_force = row.since_year <= max(year, BASELINE_YEAR + 1) and (
                row.until_year is None or year <= row.until_year
            )
            if in_force and due(Frequency(row.indicator.frequency), year):
                yield row, year


def _read(years: tuple[int, ...]) -> _Rows:
    key = ("office_id", "indicator_id", "period__end__year")
    in_years = {"period__end__year__in": years}
    targets: dict[Key, Decimal] = {}
    rows = Target.objects.filter(office__isnull=False, year__in=years).order_by("version")
    for office, indicator, year, value in rows.values_list(
        "office_id", "indicator_id", "year", "value"
    ):
        targets[office, indicator, year] = value
    answered = CheckAnswer.objects.filter(
        check_code="no_evidence", figure__period__end__year__in=years
    )
    pieces = list(
        Evidence.objects.filter(retired_at__isnull=True, **in_years).values_list(
            *key, "achievement_id"
        )
    )
    counted, bare = _achievements(years, {piece[3] for piece in pieces if piece[3] is not None})
    return _Rows(
        states={
            (office, year): state
            for office, year, state in Submission.objects.filter(**in_years).values_list(
                "office_id", "period__end__year", "state"
            )
        },
        figures={
            (figure.office_id, figure.indicator_id, figure.period.year): figure
            for figure in Figure.objects.filter(**in_years).select_related("office", "period")
        },
        counted=counted,
        targets=targets,
        proved=frozenset(piece[:3] for piece in pieces)
        | frozenset(
            answered.values_list(
                "figure__office_id", "figure__indicator_id", "figure__period__end__year"
            )
        ),
        unproved=bare,
        asked=frozenset(
            Remark.objects.filter(
                kind=Remark.Kind.QUERY, settled_at__isnull=True, **in_years
            ).values_list(*key)
        ),
        scale=rating_scale(),
    )


def _achievements(
    years: tuple[int, ...], with_pieces: set[int]
) -> tuple[dict[Key, int], frozenset[Key]]:
    """How many authorities an office counts to date, and where an achievement is not shown."""
    found: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    bare: set[Key] = set()
    rows = Achievement.objects.filter(period__end__year__lte=years[-1]).values_list(
        "pk", "office_id", "indicator_id", "period__end__year",
        "authority_id", "authority__merged_into_id", "evidence", "link",
    )  # fmt: skip
    for pk, office, indicator, year, authority, root, evidence, link in rows:
        found[office, indicator].append((year, root or authority))
        if year in years and not (evidence.strip() or link or pk in with_pieces):
            bare.add((office, indicator, year))
    counted = {
        (office, indicator, until): len({root for year, root in members if year <= until})
        for (office, indicator), members in found.items()
        for until in years
    }
    return counted, frozenset(bare)


def _lacks(row: Assignment, year: int, rows: _Rows) -> Iterator[Lack]:
    key = (row.office_id, row.indicator_id, year)
    figure = rows.figures.get(key)
    is_count = row.indicator.kind == Kind.COUNT
    says_something = figure is not None and (figure.not_applicable or entry_of(figure).has_value)
    state = rows.states.get((row.office_id, year), State.DRAFT)
    if not is_count and not says_something:
        yield Lack.MISSING
    elif state in BY_STATE:
        yield BY_STATE[state]
    if _is_unexplained(row.indicator, figure, key, rows):
        yield Lack.UNEXPLAINED
    if key in rows.unproved if is_count else _needs_proof(figure) and key not in rows.proved:
        yield Lack.UNPROVED
    if key in rows.asked:
        yield Lack.ASKED


def _needs_proof(figure: Figure | None) -> bool:
    """True if the figure is there and claims something (`rules.checks`)."""
    if figure is None or figure.not_applicable:
        return False
    return claims_something(figure.value or figure.numerator, figure.choice)


def _is_unexplained(indicator: Indicator, figure: Figure | None, key: Key, rows: _Rows) -> bool:
    """True if the office is behind its own target of the year and did not say why, in full."""
    if figure is not None and figure.not_applicable:
        return False
    value = _value(indicator, figure, key, rows)
    status = status_of(
        value,
        rows.targets.get(key),
        direction=Direction(indicator.direction),
        scale=rows.scale,
    )
    said = (figure.cause, figure.explanation, figure.measures) if figure else ("", "", "")
    return status in BEHIND and bool(missing_words(*said))


def _value(indicator: Indicator, figure: Figure | None, key: Key, rows: _Rows) -> Decimal | None:
    """The value as a target states it: a count to date, a number, or a ratio in per cent."""
    if indicator.kind == Kind.COUNT:
        return Decimal(rows.counted.get(key, 0))
    if figure is None:
        return None
    if figure.numerator is not None and figure.denominator:
        return quotient(figure.numerator, figure.denominator, HUNDRED)
    return figure.value
