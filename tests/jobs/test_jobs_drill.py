"""Real workers on a real SQLite file, killed, interrupted and racing.

What starts them has everything loaded and forks them, so that the drill spends its time on the
work; one is started as people start it, from a shell.
"""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from drill_site import PATIENCE, ROOT, Site

SEED = 20_131_018
JOBS = 20

ENQUEUE = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jobs import queries, services
services.enqueue(kind="rehearsal", key="drill", by=None, at=timezone.now(),
                 payload={"steps": 3, "seconds": 0.5})
from jobs.models import Job
job = Job.objects.get()
print(job.state)
print(queries.status_of(job, at=timezone.now() + timedelta(seconds=5)).sentence)
"""

LINE_DOWN = (
    "The line to the workers is down at the moment. The work is kept and starts by itself when "
    "the line is back."
)


@pytest.fixture
def site(embedded: Site) -> Iterator[Site]:
    """The site without a job, as each test leaves it."""
    yield embedded
    for worker in list(embedded.workers):
        embedded.kill(worker)
    embedded.do("forget")
    for path in (embedded.folder / "rehearsals").glob("*"):
        path.unlink()


def ask(site: Site, jobs: int, *, steps: int, seconds: float) -> None:
    keys = [f"drill {number}" for number in range(jobs)]
    site.do("enqueue", kind="rehearsal", keys=keys, payload={"steps": steps, "seconds": seconds})


def finish(site: Site) -> int:
    """Does all that is left. A job that was killed three times is set aside, and is neither lost
    nor done: it is asked for again. How many tries of such jobs are no longer counted at them."""
    assert site.end_of(site.work(once=True)) == 0
    aside = site.jobs(state="parked")
    assert [(job["attempts"], job["error_code"]) for job in aside] == [(3, "worker-lost")] * len(aside)
    for job in aside:
        site.do("retry", job=job["pk"])
    if aside:
        assert site.end_of(site.work(once=True)) == 0
    return 3 * len(aside)


@pytest.mark.drill
class TestKilledWorker:
    def test_loses_nothing_and_does_nothing_twice(self, site, tell, rounds):
        chance, kills = random.Random(SEED), rounds(4, 50)  # noqa: S311
        jobs = 2 * kills
        ask(site, jobs, steps=4, seconds=0.1)
        for _ in range(kills):
            worker = site.work()
            site.wait_until_at_work(worker)
            time.sleep(chance.uniform(0, 0.5))
            site.kill(worker)
        before = finish(site)

        rows = site.jobs()
        assert [row["state"] for row in rows] == ["done"] * jobs
        assert site.effects() == {f"{row['pk']}.txt": f"{row['key']}\n" for row in rows}
        tries = before + sum(row["attempts"] for row in rows)
        tell(
            f"check 42, jobs: embedded, seed {SEED}, {kills} workers killed over {jobs} jobs: "
            f"{tries} tries, each done once"
        )
        # The kills must have hit work, or the drill shows nothing.
        assert tries > jobs


class TestInterruptedWorker:
    def test_ends_its_job_before_it_stops(self, site):
        ask(site, 1, steps=4, seconds=0.3)
        worker = subprocess.Popen(
            [sys.executable, "manage.py", "work"],
            cwd=ROOT,
            env=site.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            site.wait_until_at_work(worker.pid)
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(timeout=PATIENCE) == 0
        finally:
            worker.kill()
            worker.wait(timeout=PATIENCE)
        assert site.rows("SELECT state, attempts FROM jobs_job") == [["done", 1]]


class TestTwoWorkers:
    def test_never_do_the_same_job(self, site):
        ask(site, JOBS, steps=2, seconds=0.02)
        workers = [site.work(once=True) for _ in range(2)]
        assert [site.end_of(worker) for worker in workers] == [0, 0]
        rows = site.rows("SELECT state, attempts, count(*) FROM jobs_job GROUP BY 1, 2")
        assert rows == [["done", 1, JOBS]]
        assert len(site.effects()) == JOBS


class TestBrokerDown:
    def told(self, site: Site, address: str) -> list[str]:
        """Asks for a job where the broker is at this address; its state, and what a page says."""
        done = subprocess.run(
            [sys.executable, "-c", ENQUEUE],
            cwd=ROOT,
            env=site.environment | {"CELERY_BROKER_URL": address},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def test_keeps_the_job_and_says_when_it_starts(self, site):
        # Port 1 of this machine: nothing listens there.
        assert self.told(site, "redis://127.0.0.1:1/0") == ["queued", LINE_DOWN]
        worker = site.work()
        site.wait_until_at_work(worker)
        os.kill(worker, signal.SIGTERM)
        assert site.end_of(worker) == 0
        assert site.rows("SELECT state FROM jobs_job") == [["done"]]

    def test_does_not_wait_for_a_broker_that_never_answers(self, site):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
            assert self.told(site, address) == ["queued", LINE_DOWN]
