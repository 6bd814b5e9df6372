"""Biennial evaluation plans (p.96): what one lists, how it is frozen, and what came of it.

Mandated evaluations come first. An approved version is kept as canonical JSON, so that anybody can
compute its SHA-256 again; progress compares it with what the evaluations are on a day.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from evaluations.rules.evaluation_states import COMPLETED, EvaluationState

SCHEMA = 1
Texts = Mapping[str, Mapping[str, str]]
"""A text in six languages, in its stored form."""


@dataclass(frozen=True)
class Named:
    """Something that a plan names: a mandate, a criterion, what an evaluation looks at.

    `kind` says what it is, `code` which one; `reference` and `paragraph` are those of a mandate.
    """

    kind: str
    code: str
    name: Texts
    reference: str = ""
    paragraph: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class Planned:
    """An evaluation as a plan lists it. `key` stays the same; `code` may change with its report."""

    key: int
    code: str
    title: Texts
    kind: str
    conducted_by: str = ""
    budget: Decimal | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    mandate: Named | None = None
    criteria: tuple[Named, ...] = ()
    scope: tuple[Named, ...] = ()
    illustrative: bool = False

    @property
    def is_mandated(self) -> bool:
        """True if something asks for it: these come first (p.96)."""
        return self.mandate is not None

    @property
    def is_external(self) -> bool:
        """True if external evaluators make it, alone or with the Unit."""
        return self.conducted_by in {"external", "mixed"}


def in_order(planned: Iterable[Planned]) -> list[Planned]:
    """Mandated evaluations first, then by the day on which they begin; without a day last."""
    return sorted(
        planned,
        key=lambda one: (not one.is_mandated, one.starts_on or date.max, one.code, one.key),
    )


def total_budget(planned: Iterable[Planned]) -> tuple[Decimal, int]:
    """The sum of the budgets that are known, and of how many none is known."""
    budgets = [one.budget for one in planned]
    known = [budget for budget in budgets if budget is not None]
    return sum(known, Decimal(0)), len(budgets) - len(known)


def content_of(biennium: str, planned: Iterable[Planned]) -> dict[str, Any]:
    """What a decision approves, as JSON keeps it."""
    return {
        "schema": SCHEMA,
        "biennium": biennium,
        "evaluations": [_plain(asdict(one)) for one in in_order(planned)],
    }


def _plain(value: Any) -> Any:
    """Money without zeros at its end, days in ISO form, so that equal plans are equal bytes."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def canonical(content: Mapping[str, Any]) -> bytes:
    """The content as bytes: names in order, no spaces, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def planned_of(content: Mapping[str, Any]) -> list[Planned]:
    """The evaluations of a frozen plan, in its order. Names that are not known are passed over."""
    return [_planned(one) for one in content["evaluations"]]


def _planned(raw: Mapping[str, Any]) -> Planned:
    given = {one.name: raw[one.name] for one in fields(Planned) if one.name in raw}
    budget, mandate = given.get("budget"), given.get("mandate")
    return Planned(
        **given
        | {
            "budget": None if budget is None else Decimal(budget),
            "starts_on": _day(given.get("starts_on")),
            "ends_on": _day(given.get("ends_on")),
            "mandate": Named(**mandate) if mandate else None,
            "criteria": tuple(Named(**one) for one in given.get("criteria", ())),
            "scope": tuple(Named(**one) for one in given.get("scope", ())),
        }
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@dataclass(frozen=True)
class Standing:
    """An evaluation as it is on a day: how it is planned now, in which biennium, and its state."""

    planned: Planned
    biennium: str
    state: EvaluationState
    completed_on: date | None = None


class Outcome(StrEnum):
    """What came of an evaluation of the plan; each has exactly one."""

    DONE = "done"
    LATE = "late"
    """Not made by the day that the approved version names."""
    UNDER_WAY = "under_way"
    WAITING = "waiting"
    """Not begun, and not late."""
    ADDED = "added"
    """Not in the approved version. Its state is told beside it."""
    CANCELLED = "cancelled"
    DROPPED = "dropped"
    """In the approved version, and in the plan of this biennium no more."""


FACTS = ("title", "kind", "conducted_by", "budget", "mandate", "criteria", "scope")
"""What may be changed in an evaluation of the plan, other than its days."""


def _told(one: Planned, fact: str) -> Any:
    """What is compared of a fact; of what is named, which one it is and not how it is worded."""
    value = getattr(one, fact)
    if isinstance(value, Named):
        return value.kind, value.code
    if isinstance(value, tuple):
        return {(named.kind, named.code) for named in value}
    return value


def changed_facts(before: Planned, now: Planned) -> tuple[str, ...]:
    """Names of the facts that differ."""
    return tuple(name for name in FACTS if _told(before, name) != _told(now, name))


def is_moved(before: Planned, now: Planned) -> bool:
    """True if the days are others."""
    return (before.starts_on, before.ends_on) != (now.starts_on, now.ends_on)


def is_same_plan(before: Iterable[Planned], now: Iterable[Planned]) -> bool:
    """True if two plans list the same evaluations with the same facts and days."""
    first, second = ({one.key: one for one in plan} for plan in (before, now))
    return first.keys() == second.keys() and not any(
        changed_facts(one, second[key]) or is_moved(one, second[key]) for key, one in first.items()
    )


@dataclass(frozen=True)
class Progress:
    """One evaluation of a biennium: as approved, as it is now, and what came of it.

    `approved` is None for one that was added, `now` for one of which nothing is known any more.
    `changed` names the facts that differ from what was approved.
    """

    outcome: Outcome
    approved: Planned | None
    now: Standing | None
    changed: tuple[str, ...] = ()

    @property
    def planned(self) -> Planned:
        """The evaluation as it is planned now; as approved if it is not planned any more."""
        known = self.now.planned if self.now else self.approved
        if known is None:
            raise ValueError("a row of progress is of an evaluation")
        return known

    @property
    def is_moved(self) -> bool:
        """True if its days are others than those approved."""
        before, now = self.approved, self.now
        if before is None or now is None or self.outcome == Outcome.DROPPED:
            return False
        return is_moved(before, now.planned)

    @property
    def is_done_late(self) -> bool:
        """True if it was made, but after the day that was approved."""
        before, now = self.approved, self.now
        if self.outcome != Outcome.DONE or before is None or now is None:
            return False
        return bool(before.ends_on and now.completed_on and now.completed_on > before.ends_on)


def progress(
    biennium: str, approved: Sequence[Planned], now: Iterable[Standing], day: date
) -> list[Progress]:
    """What came of the plan of a biennium by a day: those of the version in its order, then others.

    `now` are all evaluations that stand in the biennium or in the approved version. One that was
    added and cancelled again is passed over.
    """
    standings = {one.planned.key: one for one in now}
    rows = [_of_approved(biennium, one, standings.pop(one.key, None), day) for one in approved]
    added = {
        key: one
        for key, one in standings.items()
        if one.biennium == biennium and one.state != EvaluationState.CANCELLED
    }
    ordered = in_order(one.planned for one in added.values())
    return [*rows, *(Progress(Outcome.ADDED, None, added[one.key]) for one in ordered)]


def _of_approved(biennium: str, approved: Planned, now: Standing | None, day: date) -> Progress:
    outcome = _outcome(biennium, approved, now, day)
    if now is None:
        return Progress(outcome, approved, None)
    return Progress(outcome, approved, now, changed_facts(approved, now.planned))


def _outcome(biennium: str, approved: Planned, now: Standing | None, day: date) -> Outcome:
    if now is None:
        return Outcome.DROPPED
    if now.state == EvaluationState.CANCELLED:
        return Outcome.CANCELLED
    if now.state in COMPLETED:
        return Outcome.DONE
    if now.biennium != biennium:
        return Outcome.DROPPED
    if approved.ends_on is not None and approved.ends_on < day:
        return Outcome.LATE
    started = {EvaluationState.PREPARED, EvaluationState.UNDER_WAY}
    return Outcome.UNDER_WAY if now.state in started else Outcome.WAITING
