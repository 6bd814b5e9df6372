"""Real Celery workers on Redis and PostgreSQL: child or worker killed, the broker emptied."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from jobs import services
from jobs.models import Job

pytestmark = [pytest.mark.services, pytest.mark.usefixtures("committed")]

ROOT = Path(__file__).resolve().parents[2]
SEED = 20_131_018
PATIENCE = 240
"""Seconds that anything may take; a machine may be many times slower than ours."""


class Workers:
    """Celery workers with a beat, each the leader of a process group of its own."""

    application = "habitat_plan"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # The database of the tests, not the one the tests were pointed at.
        url, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "DATABASE_URL": f"{url}/{settings.DATABASES['default']['NAME']}",
            "HABITAT_DATA_DIR": str(folder),
            "JOB_LEASE_SECONDS": "2",
            "SECRET_KEY": "known to the drill only",
            "CELERY_SKIP_CHECKS": "1",
        }
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        options = f"--concurrency=1 --beat --schedule={self.folder / 'beat'} --loglevel=WARNING"
        worker = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", self.application, "worker", *options.split()],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started.append(worker)
        return worker

    def kill(self, worker: subprocess.Popen[bytes]) -> None:
        """Kills the worker, its children and its beat at one blow."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(timeout=PATIENCE)

    def effects(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in (self.folder / "rehearsals").iterdir()}


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Workers]:
    current_app.control.purge()
    made = Workers(tmp_path)
    yield made
    for worker in made.started:
        made.kill(worker)
    current_app.control.purge()


def ask(jobs: int, *, steps: int, seconds: float) -> None:
    for number in range(jobs):
        services.enqueue(
            kind="rehearsal",
            key=f"drill {number}",
            payload={"steps": steps, "seconds": seconds},
            by=None,
            at=timezone.now(),
        )


def child_at_work(before: frozenset[str]) -> tuple[str, int]:
    """The name of a new lease and the number of the process that holds it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for owner in Job.objects.filter(state="running").values_list("lease_owner", flat=True):
            if owner not in before:
                return owner, int(owner.split(":")[1])
        time.sleep(0.05)
    pytest.fail(f"no worker took a job within {PATIENCE} seconds")


def wait_until_done() -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not Job.objects.filter(state__in=("queued", "running")).exists():
            return
        time.sleep(0.2)
    pytest.fail(f"jobs were left after {PATIENCE} seconds")


@pytest.mark.drill
class TestKilledWorkers:
    def test_lose_nothing_and_do_nothing_twice(self, workers, tell, rounds):
        chance, kills = random.Random(SEED), rounds(4, 50)  # noqa: S311
        jobs = 2 * kills
        ask(jobs, steps=4, seconds=0.1)
        seen: frozenset[str] = frozenset()
        worker = workers.start()
        for kill in range(kills):
            owner, child = child_at_work(seen)
            seen |= {owner}
            time.sleep(chance.uniform(0, 0.35))
            if kill % 2:
                workers.kill(worker)
                worker = workers.start()
            else:
                os.kill(child, signal.SIGKILL)
        wait_until_done()

        rows = Job.objects.values_list("pk", "key", "state", "attempts")
        assert [row[2] for row in rows] == ["done"] * jobs
        assert workers.effects() == {f"{row[0]}.txt": f"{row[1]}\n" for row in rows}
        tries = sum(row[3] for row in rows)
        tell(
            f"check 42, jobs: Celery, seed {SEED}, {kills} times the child or all of a worker "
            f"killed over {jobs} jobs: {tries} tries, each done once"
        )
        # The kills must have hit work, or the drill shows nothing.
        assert tries > jobs


class TestEmptiedBroker:
    def test_loses_no_job(self, workers):
        ask(3, steps=1, seconds=0)
        assert current_app.control.purge() == 3
        workers.start()
        # The beat's sweep rings again for what waited half a minute; here it has.
        swept = services.sweep(at=timezone.now() + timedelta(seconds=30))
        assert swept.rung == 3
        wait_until_done()
        assert list(Job.objects.values_list("state", "attempts")) == [("done", 1)] * 3
