"""Kinds of job for drills: work of a known length, work that kills, hangs or eats memory.

Each leaves a line when it begins and one when it ends, so that a drill sees what overlapped.
"""

import os
import signal
import time
from pathlib import Path

from django.conf import settings

from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import KINDS, handler
from jobs.rules import ENTRY, REPORTS


def journal() -> Path:
    """Where the lines lie: job, begin or end, moment, process."""
    return Path(settings.DATA_DIR) / "journal.txt"


def note(job: Job, what: str) -> None:
    # One write of a short line: nothing of another process comes between.
    with journal().open("a") as lines:
        lines.write(f"{job.pk} {what} {time.time()} {os.getpid()}\n")


def work(job: Job, progress: Progress) -> dict[str, str]:
    """Takes `seconds`, and says how far it is each quarter unless it is `silent`."""
    note(job, "begin")
    for quarter in range(4):
        if not job.payload.get("silent"):
            progress("working", quarter, 4)
        time.sleep(job.payload["seconds"] / 4)
    note(job, "end")
    return {}


def death(job: Job, progress: Progress) -> dict[str, str]:
    """Kills the process that does it, as the system does with one that needs too much memory."""
    note(job, "begin")
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def memory(job: Job, progress: Progress) -> dict[str, str]:
    """Takes memory until there is none."""
    note(job, "begin")
    taken = []
    while True:
        taken.append(bytearray(50_000_000))


if "drill-work" not in KINDS:
    handler("drill-import", queue=ENTRY)(work)
    handler("drill-work", queue=REPORTS)(work)
    handler("drill-death", queue=REPORTS)(death)
    handler("drill-memory", queue=REPORTS)(memory)
