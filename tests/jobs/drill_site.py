"""A site of its own for a drill, with SQLite and no broker or with PostgreSQL and Redis.

The same drill runs on both: what differs is how a worker is started, and which process does a job.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO, Any

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LEASE = 2
PATIENCE = 240
"""Seconds that anything may take; a machine may be many times slower than ours."""


class Refused(Exception):
    """A rule was broken; its code."""


class Site:
    """A folder and a database, and a process in it that does what it is told."""

    script = HERE / "drill_control.py"

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        services = {"DATABASE_URL", "REDIS_URL", "HABITAT_DATA_DIR"}
        kept = {name: value for name, value in os.environ.items() if name not in services}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "HABITAT_DATA_DIR": str(folder),
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, HERE, self.script.parent))),
            "JOB_LEASE_SECONDS": str(LEASE),
            "SECRET_KEY": "known to the drill only",
            "CELERY_SKIP_CHECKS": "1",
            "HABITAT_HTTPS": "0",
            **environment,
        }
        self.is_embedded = "DATABASE_URL" not in environment
        self.workers: set[int] = set()
        self.control: subprocess.Popen[str] | None = None
        self.answers: SimpleQueue[str] = SimpleQueue()
        self.seconds = 0.0

    def open(self) -> None:
        """Starts the process that does what it is told."""
        with (self.folder / "control.log").open("a") as log:
            self.control = subprocess.Popen(
                [sys.executable, str(self.script)],
                cwd=ROOT, env=self.environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip
        # A thread waits for the answers, so that whoever asked need not wait for ever.
        self.answers = SimpleQueue()
        given = (self.control.stdout, self.answers)
        self.listener = Thread(target=_listen, args=given, daemon=True)
        self.listener.start()

    def close(self) -> None:
        """Leaves no process behind, whatever the test found."""
        for worker in self.workers:
            # Not by the process that was told to start them: it may have come to its end.
            with suppress(ProcessLookupError):
                os.killpg(worker, signal.SIGKILL)
        if self.control is not None:
            with suppress(BrokenPipeError):
                self.control.stdin.close()
            try:
                self.control.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.control.kill()
                self.control.wait(timeout=PATIENCE)
            self.listener.join(timeout=PATIENCE)
            self.control = None

    def do(self, what: str, **options: Any) -> Any:
        """What the process answers; raises Refused with the code of a broken rule."""
        assert self.control is not None
        self.control.stdin.write(json.dumps({"do": what, **options}) + "\n")
        self.control.stdin.flush()
        log = self.folder / "control.log"
        try:
            line = self.answers.get(timeout=PATIENCE)
        except Empty:
            pytest.fail(f"no answer to “{what}” within {PATIENCE} seconds\n{log.read_text()}")
        assert line, log.read_text()
        answer = json.loads(line)
        self.seconds = answer["seconds"]
        if "refused" in answer:
            raise Refused(answer["refused"])
        return answer["is"]

    def start(self, **options: Any) -> int:
        """Starts a worker."""
        worker = self.do("worker", **options)
        self.workers.add(worker)
        return worker

    def work(self, *, once: bool = False) -> int:
        """Starts what `manage.py work` is; its number."""
        worker = self.do("work", once=once)
        self.workers.add(worker)
        return worker

    def end_of(self, worker: int) -> int:
        """Waits until a worker comes to its end; what it ended with."""
        ended: list[int] = []

        def has_ended() -> bool:
            code = self.do("ended", number=worker)
            ended.extend([] if code is None else [code])
            return bool(ended)

        self.wait(has_ended)
        self.workers.discard(worker)
        return ended[0]

    def kill(self, worker: int) -> None:
        """Kills a worker with all its processes at one blow."""
        self.do("kill", number=worker, group=True)
        self.workers.discard(worker)

    def jobs(self, **like: Any) -> list[dict[str, Any]]:
        """The jobs with these values."""
        return [
            job
            for job in self.do("jobs")
            if all(job[name] == value for name, value in like.items())
        ]

    def states(self) -> list[str]:
        return [job["state"] for job in self.jobs()]

    def is_busy(self) -> bool:
        return any(state in {"queued", "running"} for state in self.states())

    def running(self, seen: set[str], kind: str = "") -> tuple[str, int] | None:
        """A lease that was not seen before, and the process that holds it."""
        for job in self.jobs(state="running"):
            if job["lease_owner"] not in seen and kind in {"", job["kind"]}:
                seen.add(job["lease_owner"])
                return job["lease_owner"], int(job["lease_owner"].split(":")[1])
        return None

    def wait(self, until: Callable[[], Any], seconds: float = PATIENCE, each: float = 0.03) -> Any:
        """What it says once it says anything; asked `each` so many seconds."""
        deadline = time.monotonic() + seconds
        while not (found := until()):
            if time.monotonic() > deadline:
                log = self.folder / "drill.log"
                told = log.read_text()[-3000:] if log.exists() else ""
                pytest.fail(f"nothing within {seconds} seconds; jobs: {self.do('jobs')}\n{told}")
            time.sleep(each)
        return found

    def wait_until_at_work(self, worker: int) -> None:
        """Until that worker holds a job."""
        held = f"SELECT 1 FROM jobs_job WHERE lease_owner LIKE '%:{worker}:%'"
        self.wait(lambda: self.rows(held))

    def rows(self, sql: str) -> list[list[Any]]:
        """What a statement finds."""
        return list(self.do("rows", sql=sql))

    def effects(self) -> dict[str, str]:
        """The files that rehearsals left, by their names."""
        return {path.name: path.read_text() for path in (self.folder / "rehearsals").iterdir()}

    def journal(self) -> list[tuple[int, str, float, int]]:
        """What the kinds of the drill wrote: job, begin or end, moment, process."""
        path = self.folder / "journal.txt"
        lines = path.read_text().splitlines() if path.exists() else []
        fields = [line.split() for line in lines]
        return [(int(job), what, float(at), int(process)) for job, what, at, process in fields]


def _listen(lines: IO[str], answers: "SimpleQueue[str]") -> None:
    """Passes on each line, and an empty one when no more come."""
    with lines:
        for line in lines:
            answers.put(line)
    answers.put("")


@contextmanager
def embedded_site(folder: Path, kind: type[Site] = Site) -> Iterator[Site]:
    """A site with SQLite and no broker; its database is made by the caller."""
    with _opened(kind(folder)) as site:
        yield site


@contextmanager
def celery_site(
    folder: Path, database: str, broker: str, kind: type[Site] = Site, template: str = ""
) -> Iterator[Site]:
    """A site with a database of its own on the server of the tests, and a broker."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
    execute(f"CREATE DATABASE {database}" + (f" TEMPLATE {template}" if template else ""))
    try:
        with _opened(kind(folder, DATABASE_URL=f"{server}/{database}", REDIS_URL=broker)) as site:
            yield site
    finally:
        execute(f"DROP DATABASE {database} WITH (FORCE)")


@contextmanager
def _opened(site: Site) -> Iterator[Site]:
    try:
        yield site
    finally:
        site.close()


def own_broker(plus: int) -> str:
    """A number on the broker of the tests that no other test uses, nor a second process of them.

    That has the next number itself, so `plus` is even.
    """
    front, _, number = os.environ["REDIS_URL"].rpartition("/")
    return f"{front}/{(int(number or 0) + plus) % 16}"


def execute(sql: str) -> None:
    """A statement that stands outside transactions."""
    limits = {"connect_timeout": 60, "options": f"-c statement_timeout={PATIENCE}s"}
    with closing(psycopg2.connect(os.environ["DATABASE_URL"], **limits)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql)
