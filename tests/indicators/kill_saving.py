"""Saves long files over and over while the worker is killed; prints what is found each time.

Arguments: how many kills, the seed, how many indicators the files are about. Runs in an installation of its own.
"""

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection
from django.utils import timezone
from long_files import limits_for, long_file, world

from indicators.models import Figure, Upload
from indicators.services import upload_files, uploads
from jobs import runner, services
from jobs.models import Job
from organization.models import User
from organization.services import audit


def ready(value: int, by: User, measures: int) -> Upload:
    """A file that was sent, read and confirmed: its job waits."""
    at = timezone.now()
    upload = uploads.receive(
        kind="figures", office=None, period=None, file_name="all.csv",
        content=long_file(value, measures=measures), language="en", by=by, at=at,
    )  # fmt: skip
    uploads.read(upload=upload, by=by, at=at, in_background=True)
    seen = upload_files.findings_of(upload)["fingerprint"]
    return uploads.confirm(upload=upload, seen=seen, only_right=False, by=by, at=at)


def worked(job: Job) -> None:
    """Takes the job back from whoever died over it, and does it."""
    services.sweep(at=timezone.now() + timedelta(hours=1))
    if Job.objects.get(pk=job.pk).state == "parked":
        services.retry(job_id=job.pk, by=None, at=timezone.now())
    runner.run(job_id=job.pk, owner=runner.new_owner())


def killed_over(job: Job, seconds: float) -> None:
    """A worker of its own does the job and is killed after so many seconds."""
    connection.close()
    child = os.fork()
    if child == 0:
        worked(job)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def main(kills: int, seed: int, measures: int) -> None:
    """Each round kills one worker, looks, and after a whole save begins the next file."""
    for module, name, lower in limits_for(measures):
        setattr(module, name, lower)
    chance, by = random.Random(seed), world(measures)  # noqa: S311
    longest = 0.0
    # The first file makes figures, the second changes them, as all files after it do.
    for value in (1, 2):
        job = Job.objects.get(kind=uploads.SAVE, key=str(ready(value, by, measures).pk))
        began = time.monotonic()
        worked(job)
        longest = max(longest, time.monotonic() - began)
    # A process of its own has to warm up first, so that some kills come after the end.
    latest, value = 1.8 * longest, 3
    upload = ready(value, by, measures)
    found = []
    for _round in range(kills):
        job = Job.objects.get(kind=uploads.SAVE, key=str(upload.pk))
        killed_over(job, chance.uniform(0, latest))
        upload.refresh_from_db()
        found.append([Figure.objects.filter(value=value).count(), upload.state])
        if upload.state == Upload.State.DONE:
            value += 1
            upload = ready(value, by, measures)
    worked(Job.objects.get(kind=uploads.SAVE, key=str(upload.pk)))
    upload.refresh_from_db()
    last = [Figure.objects.filter(value=value).count(), upload.state]
    print(json.dumps({"found": found, "last": last, "broken": audit.verify()}))


main(*map(int, sys.argv[1:]))
