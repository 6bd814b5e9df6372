"""Celery workers killed while a report is made, on Redis and a PostgreSQL database of their own."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from test_jobs_drill_services import ROOT, Workers

pytestmark = pytest.mark.services

SEED = 20_140_101
KILLS = 4
SCRIPT = "tests/reporting/ask_for_report.py"


class Site(Workers):
    """Workers with a database and a broker that no other test touches."""

    def __init__(self, folder: Path, database: str) -> None:
        super().__init__(folder)
        server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        broker, _, number = os.environ["REDIS_URL"].rpartition("/")
        self.environment |= {
            "DATABASE_URL": f"{server}/{database}",
            "REDIS_URL": f"{broker}/{(int(number or 0) + 8) % 16}",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'reporting'}",
        }

    def script(self, *arguments: str) -> list[str]:
        done = subprocess.run(
            [sys.executable, SCRIPT, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(psycopg2.connect(self.environment["DATABASE_URL"])) as database:
            with database.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchall()

    def child_at_work(self, seen: set[str]) -> int:
        """The process that holds a lease not seen before, within a minute."""
        for _ in range(600):
            for (owner,) in self.rows("SELECT lease_owner FROM jobs_job WHERE state = 'running'"):
                if owner not in seen:
                    seen.add(str(owner))
                    return int(str(owner).split(":")[1])
            time.sleep(0.1)
        pytest.fail("no worker took the job within a minute")


def execute(sql: str) -> None:
    """A statement that stands outside transactions."""
    with closing(psycopg2.connect(os.environ["DATABASE_URL"])) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    database = f"habitat_drill_{os.getpid()}"
    execute(f"DROP DATABASE IF EXISTS {database}")
    execute(f"CREATE DATABASE {database}")
    made = Site(tmp_path, database)
    try:
        made.script("load")
        yield made
    finally:
        for worker in made.started:
            made.kill(worker)
        execute(f"DROP DATABASE {database} WITH (FORCE)")


class TestKilledWorkers:
    def test_make_one_document_and_each_file_once(self, site):
        chance = random.Random(SEED)  # noqa: S311
        print(f"seed {SEED}, {KILLS} kills")  # to repeat the drill
        assert site.script("ask") == ["queued"]
        seen: set[str] = set()
        worker = site.start()
        for kill in range(KILLS):
            child = site.child_at_work(seen)
            time.sleep(chance.uniform(0, 0.8))
            if kill % 2:
                site.kill(worker)
                worker = site.start()
            else:
                os.kill(child, signal.SIGKILL)
            time.sleep(2.1)  # until the lease has run out
            site.script("go-on")
            if site.rows("SELECT 1 FROM jobs_job WHERE state = 'done'"):
                break
        for _ in range(300):
            if site.rows("SELECT state FROM jobs_job") == [("done",)]:
                break
            site.script("go-on")
            time.sleep(0.5)

        print(f"{len(seen)} tries were killed")
        assert site.rows("SELECT state FROM jobs_job") == [("done",)]
        assert len(seen) > 1
        assert site.rows("SELECT number FROM reporting_reportdocument") == [(1,)]
        assert site.rows("SELECT language, format FROM reporting_rendering ORDER BY 2") == [
            ("en", "docx"),
            ("en", "pdf"),
            ("en", "xlsx"),
        ]
