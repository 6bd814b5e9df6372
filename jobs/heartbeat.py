"""Keeps the lease while a handler is in a long step."""

import logging
import threading
import time
from types import TracebackType

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from jobs import rules, services

logger = logging.getLogger(__name__)


class Heartbeat:
    """Renews a job's lease from a thread of its own for as long as the `with` block runs.

    The thread dies with its process, and then the lease runs out. It ends by itself after
    `seconds` (the hard time limit), so that a handler that hangs cannot hold its job for ever,
    and once the job is no longer this worker's.
    """

    def __init__(self, *, job_id: int, owner: str, seconds: float) -> None:
        self.job_id = job_id
        self.owner = owner
        self.seconds = seconds
        self.stopped = threading.Event()
        self.thread = threading.Thread(
            target=self._beat_until_stopped, name=f"heartbeat-{job_id}", daemon=True
        )

    def __enter__(self) -> "Heartbeat":
        self.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stopped.set()
        self.thread.join(timeout=services.lease().total_seconds())

    def _beat_until_stopped(self) -> None:
        """One beat each third of the lease."""
        interval = rules.heartbeat_interval(services.lease()).total_seconds()
        deadline = time.monotonic() + self.seconds
        try:
            while not self.stopped.wait(interval) and time.monotonic() < deadline:
                if not self._beat():
                    return
        finally:
            connection.close()

    def _beat(self) -> bool:
        """False once there is nothing left to hold."""
        try:
            services.beat(job_id=self.job_id, owner=self.owner, at=timezone.now())
        except (services.LeaseLost, services.Cancelled):
            return False
        except (OperationalError, InterfaceError) as error:
            # A busy or restarting database: the lease outlives two missed beats.
            logger.warning("job %d missed a heartbeat: %s", self.job_id, type(error).__name__)
            connection.close()
        return True
