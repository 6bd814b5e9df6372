"""What doors hand to the core, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator
from organization.models import Office

NUMBERS = ("value", "numerator", "denominator")
WORDS = ("reason", "cause", "explanation", "measures")
FIELDS = (*NUMBERS, "choice", "not_applicable", *WORDS)


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person typed for one indicator, as text in their language.

    A text that is None was not given and stays as it is stored; "" blanks it. `cause` is a code of
    `Figure.Cause`. `parts` are keyed `axis:category`, `answers` by the code of the check; those not
    named stay. A number typed where "not applicable" is stored takes that back, unless
    `not_applicable` says otherwise. `version` is that of the figure the person saw (0 if there was
    none); None asks for no check.
    """

    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    choice: str | None = None
    not_applicable: bool | None = None
    reason: str | None = None
    cause: str | None = None
    explanation: str | None = None
    measures: str | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What was typed for one indicator of an office and year."""

    indicator: Indicator
    office: Office
    period: Period
    typed: Typed


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes, or would become, of a line.

    `changes` maps each field, part (`axis:category`) or answer (`answer to <check>`) to (from, to).
    `before` holds the stored figure's fields, its `version`, `changed_at` and `changed_by` (a
    name), and is empty if there was none. `figure` is the stored figure, None if there is none.
    """

    line: EntryLine
    figure: Figure | None
    changes: dict[str, tuple[Any, Any]]
    refusal: RuleBroken | None
    before: Mapping[str, Any]

    @property
    def state(self) -> str:
        """`refused`, `new`, `changed`, `unchanged`, or `blank` (nothing there, nothing typed)."""
        if self.refusal is not None:
            return "refused"
        if self.changes:
            return "changed" if self.before else "new"
        return "unchanged" if self.before else "blank"
