"""What becomes of each line, by every rule of the page. Writes nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator
from indicators.services.entry.desk import Desk, Held
from indicators.services.entry.lines import EntryLine, Outcome, Typed
from indicators.services.entry.reading import (
    REPORTED,
    apply,
    contents,
    differences,
    read_number,
    read_values,
    refuse_clash,
    refuse_negative,
)

Changes = dict[str, tuple[Any, Any]]
ANSWER = "answer to "
BLANK: Mapping[str, Any] = {
    **{column.attname: column.get_default() for column in Figure._meta.concrete_fields},
    "version": 0,
}
UNTYPED = frozenset({Indicator.Kind.COUNT, Indicator.Kind.STATISTIC})


def judged(
    desk: Desk, lines: Sequence[EntryLine], *, language: str, at: datetime
) -> list[Outcome]:
    """What becomes of each line. Changes are put on what the desk holds, and saved nowhere."""
    desk.read([line for line in lines if desk.may_not(line.office) is None])
    return [_judged(desk, line, language, at) for line in lines]


def _judged(desk: Desk, line: EntryLine, language: str, at: datetime) -> Outcome:
    key = (line.indicator.pk, line.office.pk, line.period.pk)
    held = desk.held.get(key) or Held()
    before = _before(held)
    try:
        changes = _changes(desk, line, held, language)
    except RuleBroken as refusal:
        return Outcome(line, held.figure, {}, refusal, before)
    if changes:
        if held.figure is None:
            held.figure = _fresh(line)
        apply(held.figure, changes, desk.by, at)
        _apply_below(held, changes)
        desk.held[key] = held
    return Outcome(line, held.figure, changes, None, before)


def _before(held: Held) -> Mapping[str, Any]:
    figure = held.figure
    if figure is None:
        return {}
    return {
        **contents(figure),
        **held.parts,
        "version": figure.version,
        "changed_at": figure.changed_at,
        "changed_by": str(figure.changed_by or ""),
    }


def _fresh(line: EntryLine) -> Figure:
    """A figure that nobody has saved yet; its first change makes it version 1."""
    values = {
        **BLANK,
        "indicator_id": line.indicator.pk,
        "office_id": line.office.pk,
        "period_id": line.period.pk,
        "illustrative": line.indicator.illustrative,
    }
    # In the order of the columns: a model is made twice as fast as by name.
    make: Callable[..., Figure] = Figure
    figure = make(*values.values())
    figure.indicator, figure.office, figure.period = line.indicator, line.office, line.period
    return figure


def _changes(desk: Desk, line: EntryLine, held: Held, language: str) -> Changes:
    """What the line changes. Raises RuleBroken if a rule forbids it."""
    if refusal := desk.may_not(line.office):
        raise refusal
    typed = line.typed
    _refuse_untyped(line.indicator, typed)
    if refusal := desk.refusal(line):
        raise refusal
    figure = held.figure
    values = read_values(line.indicator, typed, language, figure, desk.options(line.indicator))
    changes = differences(figure, values)
    excused = values.get("not_applicable", figure is not None and figure.not_applicable)
    if held.parts or typed.parts:
        changes |= _parts(desk, line, held, language, excused=excused)
    if typed.answers and (figure is not None or changes):
        changes |= _answers(typed, held)
    refuse_clash(figure, typed.version, changes)
    return changes


def _refuse_untyped(indicator: Indicator, typed: Typed) -> None:
    """Counts and statistics are never typed; a count may be explained."""
    if indicator.kind not in UNTYPED:
        return
    reports = typed.not_applicable or any(
        (text := getattr(typed, name)) and text.strip() for name in REPORTED
    )
    if indicator.kind == Indicator.Kind.COUNT:
        if reports or any(map(str.strip, typed.parts.values())):
            raise RuleBroken(
                "counted",
                _(
                    "%(code)s is counted from the register and never typed. "
                    "Add the authority instead."
                )
                % {"code": indicator.code},
            )
    elif reports or typed.explanation or typed.measures or typed.cause:
        raise RuleBroken(
            "from_custodian",
            _("%(code)s comes from the custodian's series. There is nothing to enter.")
            % {"code": indicator.code},
        )


def _parts(
    desk: Desk, line: EntryLine, held: Held, language: str, *, excused: bool
) -> Changes:
    """Changed disaggregated parts, keyed `axis:category`; to None where one is taken out."""
    typed = dict.fromkeys(held.parts, "") if excused else line.typed.parts
    changes: Changes = {}
    for key, text in typed.items():
        number = read_number(text, language, f"part:{key}")
        refuse_negative(number, f"part:{key}")
        before: Decimal | None = held.parts.get(key)
        if number == before:
            continue
        if number is not None and key not in desk.categories(line.indicator):
            raise RuleBroken(
                "unknown_part",
                _("%(code)s is not divided in this way. Load the page again.")
                % {"code": line.indicator.code},
                f"part:{key}",
            )
        changes[key] = (before, number)
    return changes


def _answers(typed: Typed, held: Held) -> Changes:
    """Changed sentences that answer open checks; to None where one is taken back."""
    changes: Changes = {}
    for code, text in typed.answers.items():
        sentence, before = text.strip() or None, held.answers.get(code)
        if sentence != before:
            changes[f"{ANSWER}{code}"] = (before, sentence)
    return changes


def _apply_below(held: Held, changes: Changes) -> None:
    """Puts changed parts and answers on what the desk holds."""
    for name, (_before, after) in changes.items():
        if name.startswith(ANSWER):
            _put(held.answers, name.removeprefix(ANSWER), after)
        elif ":" in name:
            _put(held.parts, name, after)


def _put(kept: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        kept.pop(key, None)
    else:
        kept[key] = value
