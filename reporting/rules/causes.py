"""Why an issued report would read otherwise today, and which differences later figures explain.

Words change for other reasons too (a revised plan, a better translation). These are no corrections:
what was issued was right, and both wordings stay.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from reporting.document import NO_TEXT, Rating, Text
from reporting.rules.comparison import Difference

CauseKind = Literal["correction", "merge", "undone_merge", "approval"]


@dataclass(frozen=True)
class Cause:
    """One change of approved figures after a report was assembled.

    `codes` are the indicators whose figures it may change, from the year `year` on. `subject` is
    the office, or the authority whose entries were merged. `reason` is as it was typed.
    """

    kind: CauseKind
    at: datetime
    codes: frozenset[str]
    year: int
    subject: Text = NO_TEXT
    reason: str = ""


@dataclass(frozen=True)
class Explained:
    """A difference with what caused it, the earliest first."""

    difference: Difference
    causes: tuple[Cause, ...] = ()


def is_indicator(code: str) -> bool:
    """True for `FA2.1`; a report counts under names of its own (`summary`)."""
    return code[:2].isalpha() and code[:2].isupper()


def explained(differences: Iterable[Difference], causes: Iterable[Cause]) -> tuple[Explained, ...]:
    """The differences that later figures account for, each with its causes.

    What prints figures belongs to them if one of its indicators was touched. What prints none, or
    only what the report itself counts, belongs to them if more than its words differ.
    """
    told = tuple(sorted(causes, key=lambda cause: cause.at))
    touched = frozenset().union(*(cause.codes for cause in told))
    kept = [one for one in differences if _belongs(one, touched)]
    concerned = frozenset().union(*(one.codes for one in kept)) & touched
    graded = [one for one in kept if isinstance(one.was, Rating) or isinstance(one.now, Rating)]
    rated = frozenset().union(*(one.codes for one in graded)) & touched
    return tuple(
        Explained(one, _causes(one, told, touched, rated or concerned, concerned)) for one in kept
    )


def _causes(
    one: Difference,
    told: tuple[Cause, ...],
    touched: Set[str],
    rated: Set[str],
    concerned: Set[str],
) -> tuple[Cause, ...]:
    """By its own indicators; what a report counts, by those rated anew; else by late approvals."""
    codes = one.codes & touched or (rated if one.figures else concerned)
    found = tuple(cause for cause in told if cause.codes & codes)
    if one.codes & touched or one.figures:
        return found
    return tuple(cause for cause in found if cause.kind == "approval") or found


def _belongs(one: Difference, touched: Set[str]) -> bool:
    indicators = frozenset(filter(is_indicator, one.codes))
    return bool(indicators & touched) if indicators else not one.is_of_words
