"""Tables whose rows can be added but never changed: guarded by the database itself.

On SQLite a REPLACE deletes without firing the delete trigger unless `recursive_triggers` is on,
so a BEFORE INSERT trigger also refuses a key that exists, and any other unique value that exists:
a REPLACE with a new key removes the row it clashes with. On PostgreSQL TRUNCATE is refused too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

MESSAGE = "rows of {table} cannot be changed or removed"


@dataclass(frozen=True, order=True)
class Unique:
    """Columns that no two rows have the same in; with a condition, no two rows that meet it."""

    columns: tuple[str, ...]
    condition: str = ""


def unique_columns(connection: BaseDatabaseWrapper, table: str) -> list[Unique]:
    """The unique constraints of a table. Conditions are read on SQLite, where they are needed."""
    conditions = {}
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = %s",
                [table],
            )
            conditions = {
                name: sql.partition(" WHERE ")[2] for name, sql in cursor.fetchall() if sql
            }
    return sorted(
        Unique(tuple(rule["columns"]), conditions.get(name, ""))
        for name, rule in found.items()
        if rule["unique"]
    )


def guard(
    table: str,
    key: str,
    vendor: str,
    unique: Iterable[Unique] = (),
    final: tuple[str, str] | None = None,
) -> list[str]:
    """The statements that put the guard on; `unique` are further columns that identify a row.

    With `final`, a column and a value, only rows that hold that value are guarded.
    """
    message = MESSAGE.format(table=table)
    is_final = f"OLD.\"{final[0]}\" = '{final[1]}'" if final else ""
    when = f"WHEN ({is_final}) " if final else ""
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        present = " OR ".join(
            " AND ".join(
                [
                    *(f'"{column}" = NEW."{column}"' for column in identity.columns),
                    *([f"({identity.condition})"] if identity.condition else []),
                ]
            )
            for identity in (Unique((key,)), *unique)
        )
        if final:
            present = f"({present}) AND \"{final[0]}\" = '{final[1]}'"
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}{refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {when}{refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  # own names
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {present}) {refuse}",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW {when}EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ]


def unguard(table: str, vendor: str) -> list[str]:
    """The statements that take the guard off: for reversing a migration and clearing test data."""
    if vendor == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_no_{what}" for what in ("update", "delete", "replace")
        ]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{what} ON {table}" for what in ("change", "truncate")
    ]


class Unchangeable(Operation):
    """Migration operation: from here on, the rows of a table can only be added.

    With `final=("state", "issued")` rows can be changed until they hold that value, and then no
    more.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, key: str = "id", final: tuple[str, str] | None = None) -> None:
        self.table = table
        self.key = key
        self.final = final

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are not part of Django's model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Puts the guard on."""
        connection = schema_editor.connection
        unique = unique_columns(connection, self.table)
        for statement in guard(self.table, self.key, connection.vendor, unique, self.final):
            schema_editor.execute(statement, params=None)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Takes the guard off."""
        for statement in unguard(self.table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Shown by `migrate --plan`."""
        rows = f"rows of {self.table}" + (f" that are {self.final[1]}" if self.final else "")
        return f"Refuse any change to {rows}"
