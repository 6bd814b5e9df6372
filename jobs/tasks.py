"""The two messages workers hear: one job waits; look for jobs nobody came for."""

from celery import shared_task
from django.utils import timezone

from jobs import runner, services


@shared_task(  # type: ignore[untyped-decorator]  # Celery has no types
    name="jobs.run",
    acks_late=True,
    # A killed child gives its message back; the lease keeps the job from running twice at once.
    reject_on_worker_lost=True,
    ignore_result=True,
)
def run(job_id: int) -> None:
    """Claims and does one job; nothing happens if another worker was quicker."""
    runner.run(job_id=job_id, owner=runner.new_owner())


@shared_task(name="jobs.sweep", ignore_result=True, expires=60)  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Takes expired leases back and rings again; each 15 seconds by Celery's beat."""
    services.sweep(at=timezone.now())
