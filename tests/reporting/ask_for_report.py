"""Run as a script in a drill: loads, asks for the report or tries again, prints how things stand."""

import sys

import django

django.setup()

from demonstration_data import AT, load  # Django comes first
from django.core.management import call_command
from django.utils import timezone

from focus_areas.models import Period
from jobs.models import Job
from jobs.services import retry, sweep
from organization.models import User
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.services import request_assembly

if "load" in sys.argv:
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    load(AT)
if "ask" in sys.argv:
    request_assembly(
        kind=BIENNIAL_PROGRESS.code,
        period=Period.objects.get(code="2016-2017"),
        by=User.objects.get(email="qa@demo.example.org"),
        at=timezone.now(),
        language="en",
        confirm_gaps=True,
    )
if "go-on" in sys.argv:
    # What the sweep does every few seconds, and a person once a job was set aside.
    sweep(at=timezone.now())
    for stopped in Job.objects.filter(state=Job.State.PARKED):
        retry(job_id=stopped.pk, by=stopped.requested_by, at=timezone.now())
print(*Job.objects.order_by("pk").values_list("state", flat=True))
