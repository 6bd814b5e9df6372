"""A migrated database as a file, for whatever runs in an installation of its own.

Migrating takes seven seconds, copying none: each process of the tests makes one file.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parents[1]
NAME = "habitat.sqlite3"


@pytest.fixture(scope="session")
def migrated(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Callable[[Path], None]:
    """`migrated(folder)` puts an empty database into the folder, as `manage.py migrate` makes it.

    On SQLite it is a copy of the database of the tests, which holds no row between two of them.
    """
    made = tmp_path_factory.mktemp("migrated") / NAME
    if connection.vendor == "sqlite":
        # Not an argument of the fixture: `--other-database` keeps what asks for the database.
        request.getfixturevalue("django_db_setup")
        # It made none if no test of this run asks for one; then the name is that of a real site.
        if connection.is_in_memory_db():
            with django_db_blocker.unblock(), closing(sqlite3.connect(made)) as file:
                connection.ensure_connection()
                assert not connection.in_atomic_block, "rows of other tests would be copied too"
                connection.connection.backup(file)

    def put(folder: Path) -> None:
        if not made.exists():
            _migrate(made.parent)
        shutil.copyfile(made, folder / NAME)

    return put


def _migrate(folder: Path) -> None:
    """Where the tests themselves run on another database."""
    services = {"DATABASE_URL", "REDIS_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in services}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
        cwd=ROOT,
        env=kept | {"HABITAT_DATA_DIR": str(folder)},
        timeout=300,
        check=True,
    )
    # What stands in its log comes into the file that is copied.
    with closing(sqlite3.connect(folder / NAME)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
