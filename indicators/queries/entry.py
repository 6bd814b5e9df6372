"""What an office enters for a year, what is open, and what waits for a decision."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from focus_areas.models import Period
from indicators import messages
from indicators.models import (
    Achievement,
    Assignment,
    Evidence,
    Figure,
    Indicator,
    PeriodException,
    PeriodWindow,
    Submission,
    Target,
)
from indicators.queries.standing import entry_of
from indicators.rules import locks
from indicators.rules.aggregation import Entry
from indicators.rules.checks import Check, Severity, check_entry
from indicators.rules.kinds import EntryMeaning, Kind, Nothing
from indicators.rules.periods import BASELINE_YEAR, Frequency, due, next_due
from indicators.rules.workflow import State
from organization.models import Office


@dataclass(frozen=True)
class OpenCheck:
    """A finding of the checks with its sentence and the office's answer, if it gave one."""

    check: Check
    sentence: str
    answer: str

    @property
    def is_open(self) -> bool:
        """True if it must be corrected or answered before submission."""
        return self.check.severity is Severity.ERROR or not self.answer


@dataclass(frozen=True)
class EntryRow:
    """One indicator on an office's entry page."""

    indicator: Indicator
    figure: Figure | None
    previous: Entry | None
    target: Decimal | None
    achievements: tuple[Achievement, ...]
    count_to_date: int
    count_before: int
    evidence: tuple[Evidence, ...]
    checks: tuple[OpenCheck, ...]
    is_due: bool
    next_due: int | None

    @property
    def nothing(self) -> Nothing | None:
        """Which of the kinds of nothing the row is; None if it has a value."""
        if self.indicator.kind == Indicator.Kind.COUNT:
            return None
        if self.figure is not None and self.figure.not_applicable:
            return Nothing.NOT_APPLICABLE
        if self.figure is not None and entry_of(self.figure).has_value:
            return None
        return Nothing.NOT_REPORTED if self.is_due else Nothing.NOT_DUE

    @property
    def is_open(self) -> bool:
        """True if the row keeps the office from submitting."""
        missing = self.nothing is Nothing.NOT_REPORTED and self.needs_entry
        return missing or any(check.is_open for check in self.checks)

    @property
    def needs_entry(self) -> bool:
        """True if somebody types the figure (not counted, not from a custodian)."""
        return self.indicator.kind not in {Indicator.Kind.COUNT, Indicator.Kind.STATISTIC}


@dataclass(frozen=True)
class EntryPage:
    """Everything on the entry page of one office and year. A fixed number of queries."""

    office: Office
    period: Period
    submission: Submission
    window: PeriodWindow | None
    lock: locks.Lock | None
    rows: tuple[EntryRow, ...]

    @property
    def done(self) -> int:
        """Rows that are due and hold a value or a reason."""
        return sum(1 for row in self.due_rows if row.nothing is not Nothing.NOT_REPORTED)

    @property
    def due_rows(self) -> tuple[EntryRow, ...]:
        """Rows that are due for this year and that somebody types."""
        return tuple(row for row in self.rows if row.is_due and row.needs_entry)

    @property
    def open_rows(self) -> tuple[EntryRow, ...]:
        """Rows that keep the office from submitting."""
        return tuple(row for row in self.rows if row.is_open)


def _window(window: PeriodWindow | None) -> locks.Window | None:
    if window is None:
        return None
    return locks.Window(
        opened_on=localdate(window.opened_at),
        due_on=window.due_on,
        closed_on=localdate(window.closed_at) if window.closed_at else None,
        opened_by=str(window.opened_by),
        closed_by=str(window.closed_by or ""),
    )


def _state_since(submission: Submission) -> tuple[str, date | None]:
    by, at = {
        "submitted": (submission.submitted_by, submission.submitted_at),
        "approved": (submission.approved_by, submission.approved_at),
        "verified": (submission.verified_by, submission.verified_at),
    }.get(submission.state, (None, None))
    return str(by or ""), localdate(at) if at else None


def lock_on(submission: Submission, *, today: date) -> locks.Lock | None:
    """Why this office's figures of the year cannot be written; None if they can."""
    window = (
        PeriodWindow.objects.filter(period=submission.period_id)
        .select_related("opened_by", "closed_by")
        .first()
    )
    exception = (
        PeriodException.objects.filter(period=submission.period_id, office=submission.office_id)
        .select_related("granted_by")
        .order_by("-until")
        .first()
    )
    exemption = exception and locks.Exemption(
        exception.until, exception.reason, str(exception.granted_by)
    )
    who, since = _state_since(submission)
    return locks.lock(
        _window(window), exemption or None, State(submission.state), who, since, today=today
    )


def _parts(figure: Figure) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for part in figure.parts.all():
        found[part.category.axis.code][part.category.code] = part.value
    return found


def _checks(
    figure: Figure, earlier: Sequence[Figure], target: Decimal | None, evidence: Sequence[Evidence]
) -> tuple[OpenCheck, ...]:
    answers = {answer.check_code: answer.sentence for answer in figure.answers.all()}
    found = check_entry(
        entry_of(figure),
        kind=Kind(figure.indicator.kind),
        meaning=EntryMeaning(figure.indicator.entry_meaning),
        previous=[entry_of(old) for old in earlier],
        target=target,
        parts=_parts(figure),
        evidence_count=len(evidence),
        explanation=figure.explanation,
    )
    return tuple(
        OpenCheck(check, messages.check(check), answers.get(check.code, "")) for check in found
    )


@dataclass(frozen=True)
class _Rows:
    """What was read for one office and year, by indicator id."""

    figures: Mapping[int, list[Figure]]
    targets: Mapping[int, Decimal]
    achievements: Mapping[int, list[Achievement]]
    evidence: Mapping[int, list[Evidence]]


def _read(office: Office, period: Period) -> _Rows:
    figures: dict[int, list[Figure]] = defaultdict(list)
    for figure in (
        Figure.objects.filter(office=office, period__end__lte=period.end)
        .select_related("office", "period", "indicator", "changed_by")
        .prefetch_related("parts__category__axis", "answers")
        .order_by("period__end")
    ):
        figures[figure.indicator_id].append(figure)
    targets: dict[int, Decimal] = {}
    for target in Target.objects.filter(office=office, year=period.year).order_by("version"):
        targets[target.indicator_id] = target.value
    achievements: dict[int, list[Achievement]] = defaultdict(list)
    for achievement in Achievement.objects.filter(
        office=office, period__end__lte=period.end
    ).select_related("authority__country", "authority__merged_into", "period"):
        achievements[achievement.indicator_id].append(achievement)
    evidence: dict[int, list[Evidence]] = defaultdict(list)
    for one in Evidence.objects.filter(office=office, period=period, retired_at__isnull=True):
        evidence[one.indicator_id].append(one)
    return _Rows(figures, targets, achievements, evidence)


def _distinct(achievements: Iterable[Achievement], until: int) -> int:
    return len(
        {
            achievement.authority.merged_into_id or achievement.authority_id
            for achievement in achievements
            if achievement.period.year <= until
        }
    )


def _row(indicator: Indicator, rows: _Rows, year: int) -> EntryRow:
    figures = rows.figures.get(indicator.pk, [])
    current = next((figure for figure in figures if figure.period.year == year), None)
    earlier = [figure for figure in figures if figure.period.year < year]
    target = rows.targets.get(indicator.pk)
    evidence = rows.evidence.get(indicator.pk, [])
    achievements = rows.achievements.get(indicator.pk, [])
    frequency = Frequency(indicator.frequency)
    return EntryRow(
        indicator=indicator,
        figure=current,
        previous=entry_of(earlier[-1]) if earlier else None,
        target=target,
        achievements=tuple(a for a in achievements if a.period.year == year),
        count_to_date=_distinct(achievements, year),
        count_before=_distinct(achievements, year - 1),
        evidence=tuple(evidence),
        checks=_checks(current, earlier, target, evidence) if current else (),
        is_due=due(frequency, year) or year == BASELINE_YEAR,
        next_due=next_due(frequency, year),
    )


def entry_page(*, office: Office, period: Period, today: date) -> EntryPage:
    """The entry page of an office and year; makes nothing. Thirteen queries at most."""
    submission = (
        Submission.objects.filter(office=office, period=period)
        .select_related("submitted_by", "approved_by", "verified_by", "returned_by")
        .first()
    ) or Submission(office=office, period=period)
    indicators = [
        assignment.indicator
        for assignment in Assignment.objects.filter(
            office=office, since_year__lte=max(period.year, BASELINE_YEAR + 1)
        )
        .filter(Q(until_year__isnull=True) | Q(until_year__gte=period.year))
        .select_related("indicator__result__focus_area")
        .prefetch_related("indicator__options", "indicator__axes__categories")
        .order_by("indicator__result__ordinal", "indicator__ordinal", "indicator__code")
    ]
    rows = _read(office, period)
    return EntryPage(
        office=office,
        period=period,
        submission=submission,
        window=PeriodWindow.objects.filter(period=period).select_related("closed_by").first(),
        lock=lock_on(submission, today=today),
        rows=tuple(_row(indicator, rows, period.year) for indicator in indicators),
    )


def open_matters(submission: Submission) -> list[str]:
    """One sentence for each thing that keeps an office from submitting."""
    page = entry_page(
        office=submission.office, period=submission.period, today=submission.period.end
    )
    sentences = []
    for row in page.open_rows:
        code = row.indicator.code
        if row.nothing is Nothing.NOT_REPORTED and row.needs_entry:
            sentences.append(
                _("%(code)s is not reported. Enter it, or say why it does not apply.")
                % {"code": code}
            )
        sentences += [f"{code}: {check.sentence}" for check in row.checks if check.is_open]
    return sentences
