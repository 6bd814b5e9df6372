"""What an office enters for a year, what is open, and what waits for a decision."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from focus_areas.models import Period
from indicators import messages
from indicators.models import (
    Achievement,
    Evidence,
    Figure,
    Indicator,
    PeriodWindow,
    Submission,
)
from indicators.queries.entry_rows import Asked, Frame, Rows, asked, frame_of, rows_of
from indicators.queries.locks import lock_on
from indicators.queries.remarks import Thread
from indicators.queries.standing import entry_of
from indicators.rules import locks
from indicators.rules.aggregation import Entry
from indicators.rules.checks import Check, check_entry, is_closed_by, off_track, value_of
from indicators.rules.kinds import Direction, EntryMeaning, Kind, Nothing
from indicators.rules.periods import BASELINE_YEAR, Frequency, due, next_due
from indicators.rules.ratings import Scale, Status
from indicators.rules.variance import BEHIND, missing_words, status_of
from organization.models import Office

__all__ = [
    "EntryPage",
    "EntryRow",
    "OpenCheck",
    "entry_page",
    "lock_on",
    "open_matters",
]


@dataclass(frozen=True)
class OpenCheck:
    """A finding of the checks with its sentence and the office's answer, if it gave one."""

    check: Check
    sentence: str
    answer: str

    @property
    def is_open(self) -> bool:
        """True if it must be corrected, or answered in a sentence, before submission."""
        return not is_closed_by(self.check, self.answer)


@dataclass(frozen=True)
class EntryRow:
    """One indicator on an office's entry page.

    `status` is where the office's own value stands beside its own target of the year; `remarks` are
    the notes on return and the queries about this figure that nobody settled yet.
    """

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
    status: Status = Status.NOT_RATED
    remarks: tuple[Thread, ...] = ()

    @property
    def needs_explanation(self) -> bool:
        """True if the office is behind its target, and so is asked for cause and measures."""
        return self.status in BEHIND

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


def _parts(figure: Figure) -> dict[str, dict[str, Decimal]]:
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for part in figure.parts.all():
        found[part.category.axis.code][part.category.code] = part.value
    return found


def _checks(
    figure: Figure,
    earlier: Sequence[Figure],
    target: Decimal | None,
    evidence: Sequence[Evidence],
    status: Status,
) -> tuple[Check, ...]:
    return check_entry(
        entry_of(figure),
        kind=Kind(figure.indicator.kind),
        meaning=EntryMeaning(figure.indicator.entry_meaning),
        previous=[entry_of(old) for old in earlier],
        target=target,
        parts=_parts(figure),
        evidence_count=len(evidence),
        status=status,
        unexplained=_unexplained(figure),
    )


def _unexplained(figure: Figure | None) -> tuple[str, ...]:
    if figure is None:
        return missing_words("", "", "")
    return missing_words(figure.cause, figure.explanation, figure.measures)


def _opened(found: Iterable[Check], figure: Figure | None) -> tuple[OpenCheck, ...]:
    answers = {one.check_code: one.sentence for one in figure.answers.all()} if figure else {}
    return tuple(
        OpenCheck(check, messages.check(check, answers.get(check.code, "")), answer)
        for check in found
        for answer in (answers.get(check.code, ""),)
    )


def _distinct(achievements: Iterable[Achievement], until: int) -> int:
    return len(
        {
            achievement.authority.merged_into_id or achievement.authority_id
            for achievement in achievements
            if achievement.period.year <= until
        }
    )


def _status(line: Asked, number: Decimal | None, is_due: bool, scale: Scale) -> Status:
    if not is_due:
        return Status.NOT_RATED
    direction = Direction(line.indicator.direction)
    return status_of(number, line.target, direction=direction, scale=scale)


def _row(line: Asked, rows: Rows, frame: Frame) -> EntryRow:
    indicator, year = line.indicator, frame.period.year
    figures = rows.figures.get(indicator.pk, [])
    current = next((figure for figure in figures if figure.period.year == year), None)
    earlier = [figure for figure in figures if figure.period.year < year]
    reported = [figure for figure in earlier if _says_something(figure)]
    evidence = rows.evidence.get(indicator.pk, [])
    achievements = rows.achievements.get(indicator.pk, [])
    frequency = Frequency(indicator.frequency)
    count = _distinct(achievements, year)
    is_due = due(frequency, year) or year == BASELINE_YEAR
    counted = indicator.kind == Indicator.Kind.COUNT
    number = Decimal(count) if counted else value_of(entry_of(current)) if current else None
    status = _status(line, number, is_due, frame.scale)
    found: tuple[Check, ...] = ()
    if counted:
        found = off_track(status, _unexplained(current))
    elif current is not None:
        found = _checks(current, earlier, line.target, evidence, status)
    return EntryRow(
        indicator=indicator,
        figure=current,
        previous=entry_of(reported[-1]) if reported else None,
        target=line.target,
        achievements=tuple(a for a in achievements if a.period.year == year),
        count_to_date=count,
        count_before=_distinct(achievements, year - 1),
        evidence=tuple(evidence),
        checks=_opened(found, current),
        is_due=is_due,
        next_due=next_due(frequency, year),
        status=status,
        remarks=tuple(rows.remarks.get(indicator.pk, ())),
    )


def _says_something(figure: Figure) -> bool:
    """A row that only explains is no earlier value."""
    return figure.not_applicable or entry_of(figure).has_value


def entry_page(*, office: Office, period: Period, today: date) -> EntryPage:
    """The entry page of an office and year; makes nothing. Seven queries at most.

    Of the reference sheets only title, unit and definition are read.
    """
    frame = frame_of(office, period)
    lines = asked(office, period)
    rows = rows_of(office, period, [line.indicator for line in lines])
    return EntryPage(
        office=office,
        period=period,
        submission=frame.submission,
        window=frame.window,
        lock=frame.lock(today),
        rows=tuple(_row(line, rows, frame) for line in lines),
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
