"""What is stored where lines would be written: read for many lines in a few queries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import F, FilteredRelation, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators import messages, queries
from indicators.models import (
    Assignment,
    Category,
    CheckAnswer,
    Figure,
    FigurePart,
    Indicator,
    IndicatorOption,
    PeriodWindow,
    Submission,
)
from indicators.rules import locks
from indicators.rules.periods import reports_in
from indicators.rules.workflow import State
from indicators.services.entry.lines import EntryLine
from organization.models import Office, Role, User
from organization.permissions import require

Key = tuple[int, int, int]
"""Indicator, office and period."""

Group = tuple[int, int]
"""Office and period: what is submitted and locked as a whole."""

COLUMNS = [field.attname for field in Figure._meta.concrete_fields]
RANKED = frozenset({Indicator.Kind.SCALE, Indicator.Kind.MILESTONE})


@dataclass(slots=True)
class Held:
    """A stored figure with its parts by `axis:category` and its answers by check."""

    figure: Figure | None = None
    parts: dict[str, Decimal] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """Reads for the lines of one write, chunk by chunk; with `locking`, for writing.

    Whoever writes figures of an office and year holds the row of its submission, so that nobody
    else writes, submits or closes meanwhile. Definitions and locks are read once and kept.
    """

    by: User
    today: date
    locking: bool
    submissions: dict[Group, Submission] = field(default_factory=dict)
    held: dict[Key, Held] = field(default_factory=dict)
    _people: dict[int, User] = field(default_factory=dict)
    _offices: dict[int, RuleBroken | None] = field(default_factory=dict)
    _groups: dict[Group, RuleBroken | None] = field(default_factory=dict)
    _assigned: dict[tuple[int, int], tuple[int, int | None]] = field(default_factory=dict)
    _options: dict[int, set[str]] = field(default_factory=dict)
    _categories: dict[int, set[str]] = field(default_factory=dict)
    _category_ids: dict[str, int] = field(default_factory=dict)

    def read(self, lines: Sequence[EntryLine]) -> None:
        """Reads all that these lines touch. Locks first: what is read after stays true."""
        self.held = {}
        if not lines:
            return
        self._read_groups(lines)
        self._read_figures(lines)
        self._read_options(lines)
        self._read_parts(lines)
        self._read_answers(lines)

    def overtaken(self, groups: set[Group], lines: Sequence[EntryLine]) -> bool:
        """Locks drafts that were made only now; True if somebody else was there meanwhile."""
        for group in groups:
            del self._groups[group]
        self._read_groups(lines)
        if any(self._groups[group] is not None for group in groups):
            return True
        entered = Figure.objects.filter(
            office__in={office for office, _period in groups},
            period__in={period for _office, period in groups},
        )
        return not groups.isdisjoint(entered.values_list("office_id", "period_id").distinct())

    def refusal(self, line: EntryLine) -> RuleBroken | None:
        """Why nobody can enter this indicator here and now; None if it can be entered."""
        return self._not_assigned(line) or self._groups.get((line.office.pk, line.period.pk))

    def may_not(self, office: Office) -> RuleBroken | None:
        """Why the person may not enter this office's figures; asked before anything is read."""
        if office.pk not in self._offices:
            self._offices[office.pk] = self._not_allowed(office)
        return self._offices[office.pk]

    def options(self, indicator: Indicator) -> set[str]:
        """The codes of the indicator's answers."""
        return self._options.get(indicator.pk, set())

    def categories(self, indicator: Indicator) -> set[str]:
        """The categories that the indicator is divided into, as `axis:category`."""
        return self._categories.get(indicator.pk, set())

    def category(self, name: str) -> int:
        """The id of a category that a part was read or typed for."""
        return self._category_ids[name]

    def _not_allowed(self, office: Office) -> RuleBroken | None:
        try:
            require(self.by, Role.CONTRIBUTOR, office=office)
        except NotAllowed as refusal:
            return refusal
        return None

    def _not_assigned(self, line: EntryLine) -> RuleBroken | None:
        years = self._assigned.get((line.indicator.pk, line.office.pk))
        if years is not None and reports_in(line.period.year, *years):
            return None
        return RuleBroken(
            "not_assigned",
            _("%(office)s does not report on %(code)s. Ask the Quality Assurance Unit.")
            % {"office": line.office.name, "code": line.indicator.code},
        )

    def _read_groups(self, lines: Sequence[EntryLine]) -> None:
        fresh = {
            (line.office.pk, line.period.pk): line
            for line in lines
            if (line.office.pk, line.period.pk) not in self._groups
        }
        if not fresh:
            return
        windows = self._lock_rows(fresh)
        for group, line in fresh.items():
            submission = self.submissions.get(group) or Submission(period=line.period)
            submission.office = line.office
            self._groups[group] = self._locked(submission, windows.get(group[1]))

    def _lock_rows(self, groups: Iterable[Group]) -> dict[int, PeriodWindow]:
        """The submissions, with their windows in the same query; windows alone where none is."""
        wanted = set(groups)
        periods = {period for _office, period in wanted}
        rows = Submission.objects.filter(
            office__in={office for office, _period in wanted},
            period__in=periods,
            period__window__isnull=False,
        ).select_related("period__window")
        windows = PeriodWindow.objects.all()
        if self.locking:
            rows = rows.select_for_update(of=("self", "period__window"))
            windows = windows.select_for_update(of=("self",))
        found: dict[int, PeriodWindow] = {}
        for row in rows.order_by("pk"):
            if (row.office_id, row.period_id) in wanted:
                self.submissions[row.office_id, row.period_id] = row
                found[row.period_id] = row.period.window
        alone = periods - set(found)
        if alone:
            found |= {row.period_id: row for row in windows.filter(period__in=alone)}
        return found

    def _locked(self, submission: Submission, window: PeriodWindow | None) -> RuleBroken | None:
        """The lock in words. Only one that bites is read with names and exceptions."""
        times = None
        if window is not None:
            closed = localdate(window.closed_at) if window.closed_at else None
            times = locks.Window(opened_on=localdate(window.opened_at), closed_on=closed)
        if locks.lock(times, None, State(submission.state), today=self.today) is None:
            return None
        lock = queries.lock_on(submission, today=self.today)
        return RuleBroken("locked", messages.lock(lock, submission.period)) if lock else None

    def _read_figures(self, lines: Sequence[EntryLine]) -> None:
        """Assignments and the figures under them in one query."""
        rows = (
            Assignment.objects.filter(
                indicator__in={line.indicator.pk for line in lines},
                office__in={line.office.pk for line in lines},
            )
            .annotate(
                held=FilteredRelation(
                    "indicator__figures",
                    condition=Q(
                        indicator__figures__office=F("office"),
                        indicator__figures__period__in={line.period.pk for line in lines},
                    ),
                )
            )
            .values_list(
                "indicator_id",
                "office_id",
                "since_year",
                "until_year",
                "held__changed_by__name",
                "held__changed_by__email",
                *(f"held__{column}" for column in COLUMNS),
            )
        )
        by_key = {
            (line.indicator.pk, line.office.pk, line.period.pk): line for line in lines
        }
        for indicator, office, since, until, name, email, *values in rows:
            self._assigned[indicator, office] = (since, until)
            if values[0] is not None:
                self._hold(by_key, values, name, email)

    def _hold(
        self, by_key: dict[Key, EntryLine], values: list[Any], name: str | None, email: str | None
    ) -> None:
        figure = Figure.from_db(DEFAULT_DB_ALIAS, COLUMNS, values)
        key = (figure.indicator_id, figure.office_id, figure.period_id)
        line = by_key.get(key)
        if line is None:
            return
        figure.indicator, figure.office, figure.period = line.indicator, line.office, line.period
        if figure.changed_by_id is not None:
            known = self._people.get(figure.changed_by_id)
            if known is None:
                known = User(pk=figure.changed_by_id, name=name or "", email=email or "")
                self._people[figure.changed_by_id] = known
            figure.changed_by = known
        self.held[key] = Held(figure)

    def _read_options(self, lines: Sequence[EntryLine]) -> None:
        ids = {line.indicator.pk for line in lines if line.indicator.kind in RANKED}
        fresh = ids - set(self._options)
        if not fresh:
            return
        self._options |= {identity: set() for identity in fresh}
        rows = IndicatorOption.objects.filter(indicator__in=fresh)
        for identity, code in rows.values_list("indicator_id", "code"):
            self._options[identity].add(code)

    def _read_parts(self, lines: Sequence[EntryLine]) -> None:
        divided = [line for line in lines if line.typed.parts or line.typed.not_applicable]
        figures = self._stored(divided)
        if figures:
            rows = FigurePart.objects.filter(figure__in=figures)
            for identity, axis, code, category, value in rows.values_list(
                "figure_id", "category__axis__code", "category__code", "category_id", "value"
            ):
                figures[identity].parts[f"{axis}:{code}"] = value
                self._category_ids[f"{axis}:{code}"] = category
        typed = [line for line in divided if any(map(str.strip, line.typed.parts.values()))]
        self._read_categories({line.indicator.pk for line in typed})

    def _read_categories(self, indicators: set[int]) -> None:
        fresh = indicators - set(self._categories)
        if not fresh:
            return
        self._categories |= {identity: set() for identity in fresh}
        categories = Category.objects.filter(axis__indicators__in=fresh)
        for indicator, axis, code, category in categories.values_list(
            "axis__indicators", "axis__code", "code", "pk"
        ):
            self._categories.setdefault(indicator, set()).add(f"{axis}:{code}")
            self._category_ids[f"{axis}:{code}"] = category

    def _read_answers(self, lines: Sequence[EntryLine]) -> None:
        figures = self._stored([line for line in lines if line.typed.answers])
        if figures:
            rows = CheckAnswer.objects.filter(figure__in=figures)
            for identity, code, sentence in rows.values_list(
                "figure_id", "check_code", "sentence"
            ):
                figures[identity].answers[code] = sentence

    def _stored(self, lines: Iterable[EntryLine]) -> dict[int, Held]:
        """What is held for the lines that have a stored figure, by the figure's id."""
        found = {}
        for line in lines:
            held = self.held.get((line.indicator.pk, line.office.pk, line.period.pk))
            if held is not None and held.figure is not None:
                found[held.figure.pk] = held
        return found
