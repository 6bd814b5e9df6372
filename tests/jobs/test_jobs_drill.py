"""Real workers on a real SQLite file, killed, interrupted and racing."""

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_131_018
JOBS = 20

ENQUEUE = """
import django; django.setup()
import sys
from django.utils import timezone
from jobs import services
for number in range(int(sys.argv[1])):
    services.enqueue(kind="rehearsal", key=f"drill {number}", by=None, at=timezone.now(),
                     payload={"steps": int(sys.argv[2]), "seconds": float(sys.argv[3])})
"""

TELL = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jobs import queries
from jobs.models import Job
job = Job.objects.get()
print(job.state)
print(queries.status_of(job, at=timezone.now() + timedelta(seconds=5)).sentence)
"""

LINE_DOWN = (
    "The line to the workers is down at the moment. The work is kept and starts by itself when "
    "the line is back."
)


class Installation:
    """An installation of its own in a temporary folder, without a broker."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workers: list[subprocess.Popen[bytes]] = []
        kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "HABITAT_DATA_DIR": str(folder),
            "JOB_LEASE_SECONDS": "2",
            # The drill is of the jobs; a worker started twenty times need not check addresses.
            "CELERY_SKIP_CHECKS": "1",
        }

    def python(self, *arguments: str, **environment: str) -> str:
        """Runs Python to its end and gives what it printed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def enqueue(self, jobs: int, *, steps: int, seconds: float) -> None:
        self.python("-c", ENQUEUE, str(jobs), str(steps), str(seconds))

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work", *options],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.workers.append(worker)
        return worker

    def end(self) -> None:
        """Leaves no process behind, whatever the test found."""
        for worker in self.workers:
            worker.kill()
            worker.wait(timeout=10)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "habitat.sqlite3", timeout=20)) as database:
            return database.execute(sql).fetchall()

    def wait_until_at_work(self, worker: subprocess.Popen[bytes]) -> None:
        """Until the worker holds a job, at most half a minute."""
        held = f"SELECT 1 FROM jobs_job WHERE lease_owner LIKE '%:{worker.pid}:%'"
        for _ in range(600):
            if self.rows(held):
                return
            time.sleep(0.05)
        pytest.fail("the worker took no job within half a minute")

    def effects(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.folder / "rehearsals").iterdir()}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    made.python("manage.py", "migrate", "jobs", "--skip-checks", "--verbosity=0")
    yield made
    made.end()


@pytest.mark.drill
class TestKilledWorker:
    def test_loses_nothing_and_does_nothing_twice(self, installation, tell, rounds):
        chance, kills = random.Random(SEED), rounds(4, 50)  # noqa: S311
        jobs = 2 * kills
        installation.enqueue(jobs, steps=4, seconds=0.1)
        for _ in range(kills):
            worker = installation.worker()
            installation.wait_until_at_work(worker)
            time.sleep(chance.uniform(0, 0.5))
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=10)
        installation.python("manage.py", "work", "--once")

        rows = installation.rows("SELECT id, key, state, attempts FROM jobs_job")
        assert [row[2] for row in rows] == ["done"] * jobs
        assert installation.effects() == {f"{row[0]}.txt": f"{row[1]}\n" for row in rows}
        tries = sum(row[3] for row in rows)
        tell(
            f"check 42, jobs: embedded, seed {SEED}, {kills} workers killed over {jobs} jobs: "
            f"{tries} tries, each done once"
        )
        # The kills must have hit work, or the drill shows nothing.
        assert tries > jobs


class TestInterruptedWorker:
    def test_ends_its_job_before_it_stops(self, installation):
        installation.enqueue(1, steps=4, seconds=0.3)
        worker = installation.worker()
        installation.wait_until_at_work(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
        assert installation.rows("SELECT state, attempts FROM jobs_job") == [("done", 1)]


class TestTwoWorkers:
    def test_never_do_the_same_job(self, installation):
        installation.enqueue(JOBS, steps=2, seconds=0.02)
        workers = [installation.worker("--once") for _ in range(2)]
        assert [worker.wait(timeout=120) for worker in workers] == [0, 0]
        rows = installation.rows("SELECT state, attempts, count(*) FROM jobs_job GROUP BY 1, 2")
        assert rows == [("done", 1, JOBS)]
        assert len(installation.effects()) == JOBS


class TestBrokerDown:
    def test_keeps_the_job_and_says_when_it_starts(self, installation):
        # Port 1 of this machine: nothing listens there.
        closed = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}
        installation.python("-c", ENQUEUE, "1", "3", "0.5", **closed)
        assert installation.python("-c", TELL, **closed).splitlines() == ["queued", LINE_DOWN]
        worker = installation.worker()
        installation.wait_until_at_work(worker)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=30) == 0
        assert installation.rows("SELECT state FROM jobs_job") == [("done",)]

    def test_does_not_wait_for_a_broker_that_never_answers(self, installation):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = {"CELERY_BROKER_URL": f"redis://127.0.0.1:{silent.getsockname()[1]}/0"}
            installation.python("-c", ENQUEUE, "1", "1", "0", **address)
        assert installation.python("-c", TELL).splitlines() == ["queued", LINE_DOWN]
