"""Statements that would make an illegal state of a row that is in order."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models


@dataclass(frozen=True)
class Attempt:
    """A statement that the database must refuse."""

    model: type[models.Model]
    sql: str
    params: tuple[Any, ...]

    def run(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.params)


def quoted(column: str) -> str:
    """A column that may be called like a word of SQL (`end`)."""
    return connection.ops.quote_name(column)


def change(row: models.Model, **columns: Any) -> Attempt:
    """Changes a stored row behind the back of models and services."""
    meta = row._meta
    sets = ", ".join(f"{quoted(name)} = %s" for name in columns)
    sql = f"UPDATE {meta.db_table} SET {sets} WHERE {meta.pk.column} = %s"
    return Attempt(type(row), sql, (*columns.values(), row.pk))


def again(row: models.Model, **columns: Any) -> Attempt:
    """Stores the row a second time, with other values in some columns."""
    meta = row._meta
    names = [f.column for f in meta.fields if not f.primary_key or f.column in columns]
    values = ", ".join("%s" if name in columns else quoted(name) for name in names)
    sql = (
        f"INSERT INTO {meta.db_table} ({', '.join(map(quoted, names))}) "
        f"SELECT {values} FROM {meta.db_table} WHERE {meta.pk.column} = %s"
    )
    return Attempt(type(row), sql, (*(columns[n] for n in names if n in columns), row.pk))
