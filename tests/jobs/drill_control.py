"""Run as a script in a drill: does what it is told on standard input, a line of JSON each.

It has everything loaded, so a worker that it forks works at once: a drill that kills workers
spends its time on the work, not on starting. Each answer is a line of JSON.
"""

import contextlib
import json
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

import drill_kinds  # noqa: F401  # registers the kinds of the drill
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from habitat_plan.celery import app
from habitat_plan.kit.errors import RuleBroken
from jobs import embedded, services
from jobs.models import Job

ANSWERS_WITHIN = 120
"""Seconds that a worker has for what rings; one that takes longer is taken for dead."""
COMMANDS: dict[str, Callable[..., Any]] = {}
RINGING: set[str] = set()
LINES: dict[int, socket.socket] = {}
"""Embedded, the bell is heard in its own process only: worker → the line on which it is told to
do what rings, as the pages of the same server would."""


def command(does: Callable[..., Any]) -> Callable[..., Any]:
    COMMANDS[does.__name__] = does
    return does


def ringing(does: Callable[..., Any]) -> Callable[..., Any]:
    """A command that rings."""
    RINGING.add(does.__name__)
    return command(does)


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """What a command gives, or the code of the rule that it broke."""
    options = {name: value for name, value in asked.items() if name != "do"}
    try:
        return {"is": COMMANDS[asked["do"]](**options)}
    except RuleBroken as broken:
        return {"refused": broken.code}
    except OperationalError:
        # The database was restarted; this process lives on and connects anew.
        connection.close()
        return {"is": COMMANDS[asked["do"]](**options)}


def answer_where_it_is_heard(asked: dict[str, Any]) -> dict[str, Any]:
    """Sends what rings to the embedded worker, if one is alive."""
    if settings.EMBEDDED and asked["do"] in RINGING:
        for number, line in list(LINES.items()):
            try:
                line.settimeout(ANSWERS_WITHIN)
                line.sendall(json.dumps(asked).encode() + b"\n")
                if told := line.makefile().readline():
                    return dict(json.loads(told))
            except OSError:
                pass
            LINES.pop(number).close()
    return answer(asked)


@ringing
def enqueue(kind: str, keys: list[str], payload: dict[str, Any]) -> list[int]:
    asked = dict.fromkeys(keys, payload)
    jobs = services.enqueue_all(kind=kind, asked=asked, by=None, at=timezone.now())
    return [job.pk for job in jobs]


@command
def jobs() -> list[dict[str, Any]]:
    fields = ("pk", "kind", "key", "state", "attempts", "error_code", "error_message",
              "lease_owner", "queued_at", "started_at", "finished_at")  # fmt: skip
    rows = Job.objects.order_by("pk").values(*fields)
    return [{name: plain(value) for name, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


@command
def rows(sql: str) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [[plain(value) for value in row] for row in cursor.fetchall()]


@command
def cancel(job: int) -> None:
    services.cancel(job_id=job, by=None, at=timezone.now())


@ringing
def retry(job: int) -> None:
    services.retry(job_id=job, by=None, at=timezone.now())


@ringing
def sweep() -> int:
    """Rings at once for what waits half a minute after an error of ours."""
    return services.sweep(at=timezone.now(), ring_after=timedelta(0)).rung


@command
def forget() -> None:
    """Removes all jobs and messages: the next scenario begins anew."""
    Job.objects.all().delete()
    app.control.purge()


@command
def migrate(*, app: str = "") -> None:
    call_command(
        "migrate", *([app] if app else []), verbosity=0, interactive=False, skip_checks=True
    )


@command
def worker(**options: Any) -> int:
    """Forks a worker, the leader of a process group of its own; its number."""
    ours, theirs = socket.socketpair()
    number = forked(lambda: serve(theirs, **options))
    theirs.close()
    LINES[number] = ours
    return number


@command
def work(*, once: bool = False) -> int:
    """Forks a process that does what `manage.py work` does, in a group of its own; its number."""

    def does() -> None:
        os.setsid()
        call_command("work", once=once)

    return forked(does)


def serve(
    line: socket.socket,
    *,
    queues: str = "entry,reports",
    megabytes: int = 0,
    limits: dict[str, Any] | None = None,
) -> None:
    """Works until it is killed; `megabytes` is how much address space it may still take."""
    os.setsid()
    for name, value in (limits or {}).items():
        setattr(settings, name, value)
        app.conf[name.removeprefix("CELERY_").lower()] = value
    if megabytes:
        taken = status(os.getpid(), "VmSize")
        resource.setrlimit(resource.RLIMIT_AS, ((taken + megabytes) << 20, resource.RLIM_INFINITY))
    if settings.EMBEDDED:
        embedded.start(scheduled=False)
        for told in line.makefile():
            line.sendall(json.dumps(answer(json.loads(told))).encode() + b"\n")
        return
    # The sweep rings each second, and nothing else is scheduled.
    app.conf.beat_schedule = {"sweep": {"task": "jobs.sweep", "schedule": 1.0}}
    name = f"{queues.replace(',', '-')}-{os.getpid()}"
    folder = settings.DATA_DIR
    options = f"--concurrency=1 --beat --schedule={folder}/beat-{name} --loglevel=WARNING"
    app.worker_main(["worker", *options.split(), f"--queues={queues}", f"--hostname={name}@drill"])


def forked(does: Callable[[], object]) -> int:
    """Does it in a process of its own, whose words go to a file."""
    connection.close()
    sys.stdout.flush()
    if number := os.fork():
        return number
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(settings.DATA_DIR / "drill.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for mine, theirs in ((0, nothing), (1, log), (2, log)):
        os.dup2(theirs, mine)
    ended = 1
    try:
        does()
        ended = 0
    finally:
        os._exit(ended)


@command
def kill(number: int, name: str = "SIGKILL", group: bool = False) -> None:
    """Ends a process or its whole group, and waits until it is gone if it is a child of ours."""
    # One that was forked a moment ago leads no group yet.
    for end in (os.killpg, os.kill) if group else (os.kill,):
        with contextlib.suppress(ProcessLookupError):
            end(number, getattr(signal, name))
    with contextlib.suppress(ChildProcessError):
        os.waitpid(number, 0)


@command
def ended(number: int) -> int | None:
    """What a child of ours ended with, asked until it says so once; None while it lives."""
    process, status = os.waitpid(number, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if process else None


@command
def is_alive(number: int) -> bool:
    try:
        return os.waitpid(number, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return False


@command
def status(number: int, name: str) -> int:
    """What the system says of a process's memory, in MB: VmSize, VmHWM (the most it ever held)."""
    lines = Path(f"/proc/{number}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith(name))


def main() -> None:
    """Answers until the end of the input."""
    for line in sys.stdin:
        began = time.time()
        told = answer_where_it_is_heard(json.loads(line)) | {"seconds": time.time() - began}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
