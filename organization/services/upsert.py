"""Loading reference data: rows are matched by a key, made if new, changed if different.

Loading the same data twice writes nothing the second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Loaded:
    """How many rows a load made and changed."""

    made: int = 0
    changed: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(self.made + other.made, self.changed + other.changed)


def upsert(
    model: type[models.Model], key: tuple[str, ...], rows: Iterable[Mapping[str, Any]]
) -> Loaded:
    """Makes or changes rows so that they equal those given; `key` names the fields that match.

    Foreign keys are given as `<field>_id`. One read, and one write a batch, whatever the number.
    """
    stored = {
        tuple(getattr(row, name) for name in key): row for row in model._default_manager.all()
    }
    new: list[models.Model] = []
    changed: list[models.Model] = []
    fields: set[str] = set()
    for values in rows:
        row = stored.get(tuple(values[name] for name in key))
        if row is None:
            new.append(model(**values))
            continue
        different = {name for name, value in values.items() if getattr(row, name) != value}
        if different:
            for name in different:
                setattr(row, name, values[name])
            changed.append(row)
            fields |= different
    model._default_manager.bulk_create(new, batch_size=500)
    if changed:
        model._default_manager.bulk_update(changed, sorted(fields), batch_size=200)
    return Loaded(len(new), len(changed))
