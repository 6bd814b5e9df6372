"""Baselines and targets as many rows of typed text: what would change, and carrying it out.

The rules are those of `targets`; here texts are read and compared with what is stored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Baseline, Indicator, Target
from indicators.services.entry.reading import read_number
from indicators.services.targets import set_baseline, set_target
from organization.models import Office, Role, User
from organization.permissions import require

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"
FIRST_YEAR, LAST_YEAR = 1990, 2030
"""Years that a baseline or a target of this plan can name."""


@dataclass(frozen=True)
class BaselineLine:
    """A baseline as typed: code of the indicator, value, year, source."""

    code: str
    value: str
    year: str
    source: str


@dataclass(frozen=True)
class TargetLine:
    """A target as typed. `office` is its code, empty for the whole plan; the day is ISO."""

    code: str
    office: str
    year: str
    value: str
    decided_on: str = ""
    decision: str = ""
    reason: str = ""
    source: str = ""


@dataclass(frozen=True)
class LineOutcome:
    """What becomes of a line: what changes from what to what, or why it is refused."""

    line: BaselineLine | TargetLine
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    refusal: RuleBroken | None = None
    is_new: bool = False
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """One of new, changed, unchanged, refused."""
        if self.refusal is not None:
            return REFUSED
        if not self.changes:
            return UNCHANGED
        return NEW if self.is_new else CHANGED


def _indicator(code: str, known: Mapping[str, Indicator]) -> Indicator:
    found = known.get(code.strip().casefold())
    if found is None:
        raise unknown_indicator(code)
    return found


def unknown_indicator(code: str) -> RuleBroken:
    """The refusal of a line whose code no indicator has."""
    sentence = _("No indicator has the code “%(code)s”. Copy the code from the list.")
    return RuleBroken("unknown_indicator", sentence % {"code": code}, "code")


def _year(text: str, language: str) -> int:
    number = read_number(text, language, "year")
    if number is None or number != int(number) or not FIRST_YEAR <= number <= LAST_YEAR:
        raise RuleBroken("not_a_year", _("Write the year in four figures, such as 2017."), "year")
    return int(number)


def _value(text: str, language: str) -> Decimal:
    number = read_number(text, language, "value")
    if number is None:
        raise RuleBroken("empty", _("Write a number. Zero counts as a value."), "value")
    return number


def read_day(text: str, name: str) -> date:
    """A day written as year-month-day. Raises RuleBroken `not_a_day`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise RuleBroken(
            "not_a_day", _("Write the day as year-month-day, such as 2017-06-30."), name
        ) from error


def _indicators() -> dict[str, Indicator]:
    return {one.code.casefold(): one for one in Indicator.objects.all()}


def compare_baselines(
    *, lines: Iterable[BaselineLine], language: str, by: User, at: datetime
) -> list[LineOutcome]:
    """What these baselines would change; writes nothing. Two queries."""
    require(by, Role.QUALITY_ASSURANCE)
    known, seen = _indicators(), set[str]()
    stored = {one.indicator_id: one for one in Baseline.objects.all()}
    outcomes = []
    for line in lines:
        try:
            indicator = _indicator(line.code, known)
            _refuse_twice(indicator.code, seen)
            if not line.source.strip():
                raise RuleBroken("source_needed", _("Name the source of the baseline."), "source")
            values = {
                "value": _value(line.value, language),
                "year": _year(line.year, language),
                "source": line.source.strip(),
            }
        except RuleBroken as broken:
            outcomes.append(LineOutcome(line, refusal=broken))
            continue
        before = stored.get(indicator.pk)
        changes = _differences(before, values)
        outcomes.append(
            LineOutcome(line, changes, None, before is None, {"indicator": indicator, **values})
        )
    return outcomes


def _refuse_twice(key: str, seen: set[str]) -> None:
    if key in seen:
        raise RuleBroken(
            "twice_in_file", _("This stands in the file twice. Keep one of the rows."), "code"
        )
    seen.add(key)


def _differences(
    before: Baseline | Target | None, values: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    return {
        name: (getattr(before, name, None), value)
        for name, value in values.items()
        if getattr(before, name, None) != value
    }


@transaction.atomic
def enter_baselines(
    *, lines: Sequence[BaselineLine], language: str, by: User, at: datetime
) -> list[LineOutcome]:
    """Saves what differs, whole or nothing. Raises the refusal of the first line refused."""
    outcomes = compare_baselines(lines=lines, language=language, by=by, at=at)
    for outcome in _accepted(outcomes):
        set_baseline(
            **outcome.values,
            illustrative=outcome.values["indicator"].illustrative,
            by=by,
            at=at,
        )
    return outcomes


def _accepted(outcomes: Sequence[LineOutcome]) -> list[LineOutcome]:
    for outcome in outcomes:
        if outcome.refusal is not None:
            raise outcome.refusal
    return [outcome for outcome in outcomes if outcome.changes]


def compare_targets(
    *, lines: Iterable[TargetLine], language: str, by: User, at: datetime
) -> list[LineOutcome]:
    """What these targets would change; writes nothing. Four queries.

    A target that changes needs a reason of its own: that of the version before is not one.
    """
    require(by, Role.QUALITY_ASSURANCE)
    known, seen = _indicators(), set[str]()
    offices = {one.code.casefold(): one for one in Office.objects.all()}
    based = set(Baseline.objects.values_list("indicator_id", flat=True))
    last = {
        (one.indicator_id, one.office_id, one.year): one
        for one in Target.objects.order_by("version")
    }
    outcomes = []
    for line in lines:
        try:
            indicator = _indicator(line.code, known)
            office = _office(line.office, offices)
            year = _year(line.year, language)
            _refuse_twice(f"{indicator.code} {line.office.strip().casefold()} {year}", seen)
            before = last.get((indicator.pk, office.pk if office else None, year))
            values = _target_values(line, language, before)
            _refuse_baseless(indicator, based)
        except RuleBroken as broken:
            outcomes.append(LineOutcome(line, refusal=broken))
            continue
        place = {"indicator": indicator, "office": office, "year": year}
        changes = _differences(before, {"value": values["value"]})
        outcomes.append(LineOutcome(line, changes, None, before is None, place | values))
    return outcomes


def _refuse_baseless(indicator: Indicator, based: set[int]) -> None:
    if indicator.pk not in based and not indicator.no_baseline_reason:
        raise RuleBroken(
            "baseline_needed",
            _("%(code)s has no baseline. Set it first, or state why there is none.")
            % {"code": indicator.code},
            "code",
        )


def _office(code: str, offices: Mapping[str, Office]) -> Office | None:
    if not code.strip():
        return None
    found = offices.get(code.strip().casefold())
    if found is None:
        raise RuleBroken(
            "unknown_office",
            _("No office has the code “%(code)s”. Copy the code from the list.") % {"code": code},
            "office",
        )
    return found


def _target_values(line: TargetLine, language: str, before: Target | None) -> dict[str, Any]:
    value = _value(line.value, language)
    reason = line.reason.strip()
    if before is not None and before.value == value:
        return {"value": value}
    if before is not None and reason in {"", before.reason}:
        raise RuleBroken("reason_needed", _("Say why the target is revised."), "reason")
    return {
        "value": value,
        "decided_on": read_day(line.decided_on, "decided_on"),
        "decision": line.decision.strip(),
        "reason": reason,
        "source": line.source.strip(),
    }


@transaction.atomic
def enter_targets(
    *, lines: Sequence[TargetLine], language: str, by: User, at: datetime
) -> list[LineOutcome]:
    """Saves what differs as new versions, whole or nothing. Raises the first refusal."""
    outcomes = compare_targets(lines=lines, language=language, by=by, at=at)
    for outcome in _accepted(outcomes):
        set_target(
            **outcome.values,
            illustrative=outcome.values["indicator"].illustrative,
            by=by,
            at=at,
        )
    return outcomes
