"""What changed between two states of an office's figures of one year.

A state is kept with each submission as plain values by indicator code, so that what comes back can
be read as differences from what was handed in before. Nothing is kept of what was left empty.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Content = Mapping[str, Row]

GROUPS = ("parts", "answers", "achievements", "evidence")
"""What a row holds several of, each under a key of its own."""
VALUES = frozenset({"value", "numerator", "denominator", "choice", "not_applicable", "reason"})
"""The fields that are the figure itself; the others say something about it."""


@dataclass(frozen=True)
class FieldChange:
    """One field that differs. `group` is empty for the figure's own; None is nothing."""

    group: str
    name: str
    before: Any
    after: Any


def row_changes(before: Row | None, after: Row | None) -> tuple[FieldChange, ...]:
    """What differs between two states of one row, in the order of names within each group."""
    return tuple(_changes(before or {}, after or {}))


def _changes(before: Row, after: Row) -> Iterator[FieldChange]:
    for name in _names(before, after):
        if name not in GROUPS and before.get(name) != after.get(name):
            yield FieldChange("", name, before.get(name), after.get(name))
    for group in GROUPS:
        old, new = before.get(group, {}), after.get(group, {})
        for name in _names(old, new):
            if old.get(name) != new.get(name):
                yield FieldChange(group, name, old.get(name), new.get(name))


def _names(before: Row, after: Row) -> list[str]:
    return sorted({*before, *after})


def content_changes(
    before: Content | None, after: Content | None
) -> dict[str, tuple[FieldChange, ...]]:
    """What differs between two states, by code; rows that are the same are left out."""
    old, new = before or {}, after or {}
    found = {code: row_changes(old.get(code), new.get(code)) for code in sorted({*old, *new})}
    return {code: changes for code, changes in found.items() if changes}
