"""A SQLite file with the demonstration, made once for a run of the tests and copied where needed.

Run as a script in a folder of its own (HABITAT_DATA_DIR), it makes the two files: to migrate and to
load takes longer than most of what the tests then do with it.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NAME, EMPTY = "habitat.sqlite3", "empty.sqlite3"
"""As the settings name it: with the demonstration; and before that, migrated only."""
SECONDS = 300


def copy_database(
    factory: pytest.TempPathFactory, folder: Path, *, of: str = NAME, to: str = NAME
) -> Path:
    """Puts a database into a folder, and makes it first if no test of this run has done so."""
    source = _made(factory) / of
    # Whoever wrote it has ended and left nothing beside it: the file is all there is.
    assert not source.with_name(f"{source.name}-wal").exists()
    shutil.copyfile(source, folder / to)
    return folder / to


def _made(factory: pytest.TempPathFactory) -> Path:
    """The folder of the run, which its processes share, each with a folder of its own in it."""
    own = factory.getbasetemp()
    run = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    folder = run / "made-database"
    # A lock ends with the process that holds it, which waits for its child no longer than that.
    with (run / "made-database.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _make(folder)
    return folder


def _make(folder: Path) -> None:
    """Makes the files in another folder, which gets its name when all is there."""
    unfinished = folder.with_name("made-database-unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, __file__],
        cwd=ROOT,
        env=kept | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "HABITAT_DATA_DIR": str(unfinished),
            "PYTHONPATH": f"{ROOT}:{Path(__file__).parent}",
        },
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    unfinished.rename(folder)


def main() -> None:
    """In the process of its own: migrates, keeps that, and loads the demonstration."""
    import django

    django.setup()

    from demonstration_data import AT, load
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    connection.close()
    shutil.copyfile(settings.DATA_DIR / NAME, settings.DATA_DIR / EMPTY)
    load(AT)
    connection.close()


if __name__ == "__main__":
    main()
