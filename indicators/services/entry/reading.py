"""From typed texts to the values of a figure, and what differs from what is stored. No query."""

from collections.abc import Container, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from habitat_plan.kit.errors import RuleBroken
from indicators import messages
from indicators.models import Figure, Indicator
from indicators.models.definitions import PLACES
from indicators.rules import numbers
from indicators.services.entry.lines import FIELDS, NUMBERS, WORDS, Typed
from organization.models import User

WHOLE_DIGITS = 11
TOO_LARGE = Decimal(10) ** WHOLE_DIGITS
CHOSEN = frozenset({Indicator.Kind.YES_NO, Indicator.Kind.SCALE, Indicator.Kind.MILESTONE})
YES_OR_NO = frozenset({"yes", "no"})
CAUSES = frozenset({"", *Figure.Cause.values})
REPORTED = (*NUMBERS, "choice")
HOW_TO_ANSWER = {
    ("numerator", "denominator"): gettext_lazy("Enter both numbers, so that the share is known."),
    ("choice",): gettext_lazy("Choose one of the answers in the list."),
    ("value",): messages.NUMBERS["empty"],
}
NOTHING: Mapping[str, Any] = {**dict.fromkeys(NUMBERS), "choice": ""}
"""The fields of a figure that hold what is reported, empty."""


def read_number(text: str, language: str, name: str) -> Decimal | None:
    """A typed number; None if blank. Raises RuleBroken naming the field."""
    if not text.strip():
        return None
    try:
        number = numbers.parse(text, language)
    except numbers.NotANumber as error:
        raise RuleBroken(error.code, messages.number(error), name) from error
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES and number != round(number, PLACES):
        raise RuleBroken("too_fine", messages.NUMBERS["too_fine"], name)
    if abs(number) >= TOO_LARGE:
        raise RuleBroken("too_long", messages.NUMBERS["too_long"], name)
    return number


def read_values(
    indicator: Indicator,
    typed: Typed,
    language: str,
    stored: Figure | None,
    options: Container[str],
) -> dict[str, Any]:
    """The fields that the typed texts set, as values; a field that was not given is not in it.

    `options` are the codes of the indicator's answers, for scales and milestones. Raises
    RuleBroken `reason_needed`, `both_parts_needed`, `negative`, `unknown_choice`, `unknown_cause`,
    and the codes of `rules.numbers`.
    """
    values: dict[str, Any] = {}
    for name in WORDS:
        text = getattr(typed, name)
        if text is not None:
            values[name] = text.strip()
    if values.get("cause", "") not in CAUSES:
        raise RuleBroken("unknown_cause", HOW_TO_ANSWER["choice",], "cause")
    was_excused = stored is not None and stored.not_applicable
    excused = typed.not_applicable
    if excused is None:
        excused = was_excused and not _says_something(typed)
    if excused:
        reason = values.get("reason", stored.reason if stored is not None else "")
        if not reason:
            raise RuleBroken("reason_needed", messages.CHECKS["no_reason"], "reason")
        return {**values, **NOTHING, "not_applicable": True}
    if was_excused:
        values["not_applicable"] = False
        values.setdefault("reason", "")
    values.update(_reported(indicator, typed, language, stored, options))
    return values


def _says_something(typed: Typed) -> bool:
    return any((text := getattr(typed, name)) and text.strip() for name in REPORTED)


def _reported(
    indicator: Indicator,
    typed: Typed,
    language: str,
    stored: Figure | None,
    options: Container[str],
) -> dict[str, Any]:
    """The number, the two numbers or the answer that the indicator's kind asks for."""
    _refuse_stray(indicator, typed)
    if indicator.kind == Indicator.Kind.RATIO:
        return _ratio(typed, language, stored)
    if indicator.kind in CHOSEN:
        if typed.choice is None:
            return {}
        known = YES_OR_NO if indicator.kind == Indicator.Kind.YES_NO else options
        choice = typed.choice.strip()
        if choice and choice not in known:
            raise RuleBroken("unknown_choice", HOW_TO_ANSWER["choice",], "choice")
        return {"choice": choice}
    return {} if typed.value is None else {"value": read_number(typed.value, language, "value")}


def _refuse_stray(indicator: Indicator, typed: Typed) -> None:
    """A number typed where an answer is asked, or the other way round, is never dropped."""
    asked = asked_fields(indicator.kind)
    for name in REPORTED:
        text = getattr(typed, name)
        if text and name not in asked and text.strip():
            raise RuleBroken("not_asked", HOW_TO_ANSWER[asked], asked[0])


def asked_fields(kind: str) -> tuple[str, ...]:
    """The fields in which an indicator of this kind is typed."""
    if kind == Indicator.Kind.RATIO:
        return ("numerator", "denominator")
    return ("choice",) if kind in CHOSEN else ("value",)


def _ratio(typed: Typed, language: str, stored: Figure | None) -> dict[str, Any]:
    """Both numbers, one of them perhaps as stored."""
    given = {
        name: read_number(text, language, name)
        for name in ("numerator", "denominator")
        if (text := getattr(typed, name)) is not None
    }
    if not given:
        return {}
    both = {
        name: given[name] if name in given else getattr(stored, name, None)
        for name in ("numerator", "denominator")
    }
    if (both["numerator"] is None) != (both["denominator"] is None):
        empty = "numerator" if both["numerator"] is None else "denominator"
        raise RuleBroken("both_parts_needed", HOW_TO_ANSWER["numerator", "denominator"], empty)
    for name, number in both.items():
        refuse_negative(number, name)
    return both


def refuse_negative(number: Decimal | None, name: str) -> None:
    """Raises RuleBroken `negative` for a number below zero."""
    if number is not None and number < 0:
        sentence = str(messages.CHECKS["negative"]) % messages.shown({"number": number})
        raise RuleBroken("negative", sentence, name)


def is_given(value: Any) -> bool:
    """True for anything but nothing. Zero is a value, though Python holds it equal to False."""
    return value is not None and value is not False and value != ""


def differences(stored: Figure | None, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Field → (from, to) where the values differ from the stored figure."""
    if stored is None:
        return {name: (None, value) for name, value in values.items() if is_given(value)}
    return {
        name: (before, value)
        for name, value in values.items()
        if (before := getattr(stored, name)) != value
    }


def contents(figure: Figure) -> dict[str, Any]:
    """All fields that somebody types, as they are stored."""
    return {name: getattr(figure, name) for name in FIELDS}


def refuse_clash(
    figure: Figure | None, version: int | None, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    """Raises RuleBroken `changed_elsewhere` if somebody else wrote since the person looked.

    Sending again what is stored already is no clash: somebody only tried twice.
    """
    if version is None or figure is None or figure.version == version or not changes:
        return
    raise RuleBroken(
        "changed_elsewhere",
        _("%(who)s changed this after you opened the page. Compare, then save again.")
        % {"who": figure.changed_by or _("A colleague")},
        "value",
    )


def apply(figure: Figure, changes: Mapping[str, tuple[Any, Any]], by: User, at: datetime) -> None:
    """Puts changed fields on the figure, with who and when, as its next version. Saves nothing."""
    for name, (_before, after) in changes.items():
        if name in FIELDS:
            setattr(figure, name, after)
    figure.version += 1
    figure.changed_at, figure.changed_by = at, by
