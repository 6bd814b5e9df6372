"""How a handler tells how far it is."""

import time

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from jobs import services


class Progress:
    """Given to a handler: `progress("collecting", 2, 6)` says that two of six steps are done.

    Each call renews the lease and raises `services.LeaseLost` or `services.Cancelled` if the
    handler must stop; let them pass. Call it outside transactions, or nobody sees it before the
    commit. Raises SoftTimeLimitExceeded past `seconds`: a worker within the server has no
    other clock that could stop it.
    """

    def __init__(self, *, job_id: int, owner: str, seconds: float) -> None:
        self.job_id = job_id
        self.owner = owner
        self.deadline = time.monotonic() + seconds

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() > self.deadline:
            raise SoftTimeLimitExceeded
        services.progress(
            job_id=self.job_id,
            owner=self.owner,
            at=timezone.now(),
            step=step,
            done=done,
            total=total,
        )
