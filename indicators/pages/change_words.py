"""Changes of a figure in words: what the field is called, what it said, what it says now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.models import Figure, Indicator, Submission
from indicators.pages.entry_form import choices, number_text
from indicators.rules.differences import FieldChange

FIELDS = {
    "value": gettext_lazy("Figure"),
    "numerator": gettext_lazy("Part"),
    "denominator": gettext_lazy("Whole"),
    "choice": gettext_lazy("Answer"),
    "not_applicable": gettext_lazy("Not applicable"),
    "reason": gettext_lazy("Reason"),
    "cause": gettext_lazy("Cause"),
    "explanation": gettext_lazy("Explanation"),
    "measures": gettext_lazy("Measures"),
    "state": gettext_lazy("State"),
    "text": gettext_lazy("Text"),
    "authority": gettext_lazy("Authority"),
    "count": gettext_lazy("Authorities counted"),
    "achieved on": gettext_lazy("Day on which it was in place"),
    "achieved_on": gettext_lazy("Day on which it was in place"),
    "evidence": gettext_lazy("What shows it"),
    "link": gettext_lazy("Link"),
    "title": gettext_lazy("Title"),
    "note": gettext_lazy("Note"),
    "merged into": gettext_lazy("Merged into"),
    "settled at": gettext_lazy("Settled"),
    "period": gettext_lazy("Year"),
}
NUMBERS = frozenset({"value", "numerator", "denominator", "count"})


@dataclass(frozen=True)
class Told:
    """One field of a change: its name, what it said before and after; empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Names:
    """What the keys of changes stand for: parts by `axis:category`, authorities and files by id."""

    parts: Mapping[str, str] = field(default_factory=dict)
    authorities: Mapping[str, str] = field(default_factory=dict)


def part_names(indicator: Indicator) -> dict[str, str]:
    """The parts that an indicator is divided into, in words, keyed `axis:category`."""
    return {
        f"{axis.code}:{category.code}": f"{axis.label}: {category.label}"
        for axis in indicator.axes.all()
        for category in axis.categories.all()
    }


def _number(value: Any) -> str:
    try:
        return number_text(Decimal(str(value)))
    except InvalidOperation:
        return str(value)


def _day(value: str) -> str:
    try:
        return formats.day(date.fromisoformat(value[:10]), get_language() or "en")
    except ValueError:
        return value


def value_words(indicator: Indicator, name: str, value: Any, names: Names) -> str:
    """A stored value in words; empty for nothing."""
    if value is None or value == "" or value is False:
        return ""
    if value is True:
        return _("yes")
    if name in NUMBERS or ":" in name:
        return _number(value)
    worded = {
        "choice": dict(choices(indicator)),
        "cause": {code: str(label) for code, label in Figure.Cause.choices},
        "state": {code: str(label) for code, label in Submission.State.choices},
        "authority": names.authorities,
        "merged into": names.authorities,
    }.get(name)
    if worded is not None:
        return worded.get(str(value), str(value))
    if name in {"achieved on", "achieved_on", "settled at"}:
        return _day(str(value))
    return str(value)


def _called(indicator: Indicator, name: str, names: Names) -> str:
    own = {
        "numerator": str(indicator.numerator_label),
        "denominator": str(indicator.denominator_label),
    }
    if own.get(name):
        return own[name]
    key = name.removeprefix("part:")
    if ":" in key:
        return names.parts.get(key, key)
    if name.startswith(("answer to ", "answer:")):
        return _("Answer to a check")
    return str(FIELDS.get(name, name))


def told(indicator: Indicator, name: str, before: Any, after: Any, names: Names) -> Told:
    """A change of one field as the audit trail and the corrections keep it."""
    return Told(
        _called(indicator, name, names),
        value_words(indicator, name, before, names),
        value_words(indicator, name, after, names),
    )


def told_all(indicator: Indicator, changes: Mapping[str, Any], names: Names) -> tuple[Told, ...]:
    """The fields of an entry of the audit trail; what is not a pair of values is left out."""
    return tuple(
        told(indicator, name, pair[0], pair[1], names)
        for name, pair in changes.items()
        if isinstance(pair, list) and len(pair) == 2  # noqa: PLR2004  # from and to
    )


def told_changes(
    indicator: Indicator, changes: Iterable[FieldChange], names: Names
) -> tuple[Told, ...]:
    """Differences between two states of a row."""
    return tuple(_told_change(indicator, change, names) for change in changes)


def _told_change(indicator: Indicator, change: FieldChange, names: Names) -> Told:
    if change.group == "answers":
        return Told(_("Answer to a check"), change.before or "", change.after or "")
    if change.group == "evidence":
        return Told(_("Evidence"), change.before or "", change.after or "")
    if change.group == "achievements":
        name = names.authorities.get(change.name, change.name)
        return Told(name, _achieved(change.before), _achieved(change.after))
    return told(indicator, change.name, change.before, change.after, names)


def _achieved(kept: Any) -> str:
    """Day, evidence and link of an achievement as a step keeps them."""
    if not kept:
        return ""
    day, *words = kept
    return "; ".join([_day(day), *(word for word in words if word)])
