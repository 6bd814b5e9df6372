"""The facts of an evaluation as they are typed: read, checked, and held against each other."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from evaluations.models import Evaluation
from evaluations.services import typed
from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.services.links import read_link

CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_CODE = 40
NOT_CODES = frozenset({"new", "feed", "lists", "plan", "files", "search"})
"""Words that lead elsewhere in addresses."""


@dataclass(frozen=True)
class Text:
    """A text in six languages: how long it may be, and whether it is one line."""

    longest: int
    is_line: bool = False


TEXTS: Mapping[str, Text] = {
    "title": Text(300, is_line=True),
    "purpose": Text(5_000),
    "terms": Text(10_000),
    "summary": Text(10_000),
}


MOST_MONEY = Decimal(10) ** 10
"""What a column of twelve digits with two decimals does not hold any more."""


def short(given: str, *, field: str, longest: int, needed: str = "") -> str:
    """A text of at most so many signs. Raises as `typed.written` does."""
    said = typed.written(given, field, needed=needed)
    if len(said) > longest:
        raise RuleBroken(
            "text_too_long",
            _("This text has %(length)s characters; %(longest)s are the most. Shorten it.")
            % {"length": len(said), "longest": longest},
            field,
        )
    return said


def line(given: str, *, field: str, longest: int, needed: str = "") -> str:
    """The same in one line: a title, a name, a symbol."""
    return " ".join(short(given, field=field, longest=longest, needed=needed).split())


def money(given: Decimal | None) -> Decimal | None:
    """A sum in dollars and cents, for the field `budget`. Raises RuleBroken `not_a_sum`."""
    if given is None:
        return None
    if not given.is_finite() or not 0 <= given < MOST_MONEY or given != round(given, 2):
        raise RuleBroken(
            "not_a_sum",
            _("Give dollars and cents, 0 or more and less than ten thousand million."),
            "budget",
        )
    return given


def code(given: str) -> str:
    """The word that stands in the address. Raises RuleBroken `code_needed`."""
    found = given.strip().lower()
    if not CODE.fullmatch(found) or len(found) > LONGEST_CODE or found in NOT_CODES:
        raise RuleBroken(
            "code_needed",
            _(
                "Write a short word of letters a to z, digits and hyphens, such as "
                "land-governance-2018; it stands in the address until the report has a number."
            ),
            "code",
        )
    return found


def _kind(given: Any) -> str:
    if given not in Evaluation.Kind.values:
        raise RuleBroken("kind_unknown", _("Choose what kind of evaluation it is."), "kind")
    return str(given)


def _conduct(given: Any) -> str:
    if given not in ("", *Evaluation.Conduct.values):
        raise RuleBroken("conduct_unknown", _("Choose who makes it."), "conducted_by")
    return str(given)


def _biennium(given: Any) -> Period | None:
    if given is not None and given.kind != Period.Kind.BIENNIUM:
        raise RuleBroken(
            "not_a_biennium", _("Evaluations are planned for two years. Choose a biennium."), "plan"
        )
    found: Period | None = given
    return found


def _as_given(given: Any) -> Any:
    return given


FACTS: Mapping[str, Callable[[Any], Any]] = {
    "kind": _kind,
    "plan": _biennium,
    "mandate": _as_given,
    "conducted_by": _conduct,
    "budget": money,
    "starts_on": _as_given,
    "ends_on": _as_given,
    "response_due_on": _as_given,
    "symbol": lambda given: line(given, field="symbol", longest=60),
    "source": lambda given: line(given, field="source", longest=300),
    "link": read_link,
}


def read(given: Mapping[str, Any]) -> dict[str, Any]:
    """The facts as they are kept; texts without blank ends.

    Raises RuleBroken `text_too_long`, `text_damaged`, `kind_unknown`,
    `conduct_unknown`, `not_a_biennium`, `not_a_sum`, `not_an_address`; TypeError for a fact that
    there is none of.
    """
    if unknown := given.keys() - TEXTS.keys() - FACTS.keys():
        raise TypeError(f"an evaluation has no {', '.join(sorted(unknown))}")
    found = {name: check(given[name]) for name, check in FACTS.items() if name in given}
    for name, rule in TEXTS.items():
        if name in given:
            found[name] = _text(name, rule, given[name])
    return found


def _text(name: str, rule: Text, given: str) -> str:
    read_as = line if rule.is_line else short
    return read_as(given, field=name, longest=rule.longest)


def require_order(evaluation: Evaluation) -> None:
    """An evaluation has a title and ends after it starts.

    Raises RuleBroken `title_needed`, `ends_before_start`.
    """
    if not evaluation.title:
        raise RuleBroken("title_needed", _("Write the title of the evaluation."), "title")
    starts_on, ends_on = evaluation.starts_on, evaluation.ends_on
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        raise RuleBroken(
            "ends_before_start",
            _("The last day lies before the first. Correct one of the two."),
            "ends_on",
        )
