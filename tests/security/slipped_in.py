"""Every field name of every model, with values that would do harm, and what a request wrote."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models

from organization.models import User

CANARY = "kingfisher"
OURS = frozenset({"organization", "focus_areas", "indicators", "reporting", "jobs"})
# Not of what was asked: moments, fingerprints and the names that files of ours lie under.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ][\d:.+]+|[0-9a-f]{16,64}|habitat_\w+")


def our_models() -> list[type[models.Model]]:
    """The models of our apps."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def _harm(field: Any) -> str:
    """A value that the field would take."""
    if field.remote_field is not None:
        row = field.remote_field.model._default_manager.order_by("-pk").first()
        return str(row.pk) if row else "1"
    if field.choices:
        return str(list(field.flatchoices)[-1][0])
    if isinstance(field, models.BooleanField):
        return "1"
    if isinstance(field, models.DateField):
        return "2001-01-01"
    if isinstance(field, (models.DecimalField, models.IntegerField)):
        return "77"
    return '{"kingfisher": 1}' if isinstance(field, models.JSONField) else CANARY


def all_names() -> dict[str, list[str]]:
    """Field name → values that would do harm, one for each model that has such a field.

    With `office_id` for `office`, and the names over one relation (`submission__state`).
    """
    found: dict[str, list[str]] = {}
    for model in our_models():
        for field in model._meta.concrete_fields:
            names = {field.name, field.attname, "pk", "id"}
            if field.remote_field is not None:
                far = field.remote_field.model._meta.concrete_fields
                names |= {f"{field.name}__{one.name}" for one in far}
            for name in names:
                found.setdefault(name, []).append(_harm(field))
    for name in ("is_active", "is_staff", "is_superuser", "groups", "user_permissions", "roles"):
        found.setdefault(name, []).append("1")
    return {name: sorted(values) for name, values in sorted(found.items())}


def filled(names: Mapping[str, list[str]], dice: Random) -> dict[str, str]:
    """Each name with one of its values."""
    return {name: dice.choice(values) for name, values in names.items()}


@dataclass(frozen=True)
class Stored:
    """All rows of our tables: model and key → the row in words, and which keys there are."""

    rows: Mapping[tuple[str, str], str]

    @classmethod
    def now(cls) -> "Stored":
        """The rows as they stand."""
        return cls(
            {
                (model._meta.label, str(row[model._meta.pk.attname])): _words(model, row)
                for model in our_models()
                for row in model._default_manager.values()
            }
        )

    def changes_since(self, before: "Stored") -> list[str]:
        """What is new, different or gone."""
        changed = [
            f"{model} {key}: {words}"
            for (model, key), words in self.rows.items()
            if before.rows.get((model, key)) != words
        ]
        gone = [f"{model} {key} gone" for model, key in before.rows if (model, key) not in self.rows]
        return sorted(changed) + sorted(gone)


def number_anew() -> None:
    """Lets new rows get the keys that they got last time: PostgreSQL counts on over a rollback."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), our_models()):
            cursor.execute(statement)


def _words(model: type[models.Model], row: Mapping[str, Any]) -> str:
    left_out = {"password", "last_login"} if model is User else set()
    told = {
        name: value
        for name, value in row.items()
        if name not in left_out and not isinstance(value, datetime)
    }
    return MOMENT.sub("*", repr(told))
