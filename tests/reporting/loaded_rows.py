"""The rows of the demonstration: loaded once for each process of the tests, and copied after that.

Loading runs every service and takes over a second; SQLite copies what it wrote in a tenth of it.
On PostgreSQL, where rows that bear their number do not move the sequence on, it is loaded anew.
"""

from demonstration_data import AT, load
from django.db import connection

Rows = list[tuple[object, ...]]

_kept: dict[str, Rows] = {}


def load_or_copy() -> None:
    """The plan and the demonstration, in a database that holds nothing of them."""
    if connection.vendor != "sqlite":
        load(AT)
    elif _kept:
        copy()
    else:
        before = rows_by_table()
        load(AT)
        after = rows_by_table()
        changed = {table for table, rows in after.items() if rows != before[table]}
        if touched := sorted(table for table in changed if before[table]):
            raise AssertionError(f"The load changes rows that were there: {', '.join(touched)}")
        _kept.update({table: after[table] for table in changed})


def copy() -> None:
    """Every row that the load made, as it was."""
    with connection.cursor() as cursor:
        for table, rows in _kept.items():
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)


def rows_by_table() -> dict[str, Rows]:
    """All rows of all tables as SQLite holds them: `+` keeps its driver from making dates of them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'PRAGMA table_info("{table}")')
            columns = ", ".join(f'+"{name}"' for _number, name, *_rest in cursor.fetchall())
            cursor.execute(f'SELECT {columns} FROM "{table}"')
            found[table] = cursor.fetchall()
    return found
