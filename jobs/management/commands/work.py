"""Runs the embedded worker in the foreground, or drains the queue once."""

import signal
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs import embedded, rules, runner, services
from jobs.models import Job


class Command(BaseCommand):
    """The worker of an installation without a broker, apart from the server."""

    help = "Works on background jobs until interrupted; with --once, until none is left."
    # A worker needs no addresses, and a drill restarts it many times.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """The one option."""
        parser.add_argument(
            "--once", action="store_true", help="do every job that waits or runs, then exit"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        """Drains, or serves until a signal comes."""
        if once:
            self.drain()
        elif settings.EMBEDDED:
            self.serve()
        else:
            raise CommandError(
                "With a broker, start the workers with: celery -A habitat_plan worker"
            )

    def drain(self) -> None:
        """Does the oldest waiting job until none waits and no lease is left to run out."""
        while Job.objects.filter(state__in=rules.OPEN).exists():
            services.sweep(at=timezone.now())
            waiting = Job.objects.filter(state=rules.QUEUED).order_by("queued_at", "pk")
            job_id = waiting.values_list("pk", flat=True).first()
            if job_id is None:
                time.sleep(0.1)
            else:
                state = runner.run(job_id=job_id, owner=runner.new_owner())
                self.stdout.write(f"job {job_id}: {state}")

    def serve(self) -> None:
        """Works until interrupted, then lets the job under way end."""
        interrupted = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: interrupted.set())
        embedded.start()
        self.stdout.write("working")
        self.stdout.flush()
        interrupted.wait()
        if not embedded.stop():
            self.stderr.write("a job did not end in time; its lease runs out by itself")
