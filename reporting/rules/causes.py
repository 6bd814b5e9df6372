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

CauseKind = Literal[
    "correction", "merge", "undone_merge", "approval", "published", "recommended", "followed"
]
OF_EVALUATIONS = ("evaluation", "recommendation", "lesson")
"""How names begin under which a report counts evaluations, what they recommend and teach."""


@dataclass(frozen=True)
class Cause:
    """One change of approved figures, or of evaluations, after a report was assembled.

    `codes` are the indicators whose figures it may change, from the year `year` on; of evaluations
    the names that their figures are counted under. `subject` is the office, the authority whose
    entries were merged, the evaluation or its recommendations. `reason` is as it was typed.
    """

    kind: CauseKind
    at: datetime
    codes: frozenset[str]
    year: int
    subject: Text = NO_TEXT
    reason: str = ""


RECORDED_LATER = frozenset({"published", "recommended", "followed"})
"""Causes that correct nothing: something of evaluations was recorded late."""


@dataclass(frozen=True)
class Explained:
    """A difference with what caused it, the earliest first."""

    difference: Difference
    causes: tuple[Cause, ...] = ()


def is_recorded(code: str) -> bool:
    """True for `FA2.1` and for `recommendations`; a report counts under names of its own too.

    What it counts under those (`summary`) follows from figures of indicators.
    """
    is_indicator = code[:2].isalpha() and code[:2].isupper()
    return is_indicator or code.startswith(OF_EVALUATIONS)


def explained(differences: Iterable[Difference], causes: Iterable[Cause]) -> tuple[Explained, ...]:
    """The differences that later figures account for, each with its causes.

    What prints figures belongs to them if what they are of was touched. What prints none, or only
    what the report itself counts, belongs to them if more than its words differ.
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
    recorded = frozenset(filter(is_recorded, one.codes))
    return bool(recorded & touched) if recorded else not one.is_of_words
