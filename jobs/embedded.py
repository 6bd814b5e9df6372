"""A worker within the server's own process, for an installation without a broker.

One thread hears the bell (a Celery worker on the in-memory broker), another sweeps. One process
only: a second one would not hear the bell of the first and would find its jobs by the sweep.
"""

import atexit
import logging
import threading
from datetime import timedelta

from celery import current_app
from celery.worker import WorkController, state
from django.db import DatabaseError, connection
from django.utils import timezone

from jobs import rules, services

logger = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=15)


class _Worker:
    """The two threads of one process."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.celery = WorkController(
            app=current_app._get_current_object(),
            hostname="embedded@localhost",
            pool="solo",
            concurrency=1,
            without_heartbeat=True,
            without_mingle=True,
            without_gossip=True,
        )
        self.threads = [
            threading.Thread(target=self.celery.start, name="jobs-worker", daemon=True),
            threading.Thread(target=self._sweep_until_stopped, name="jobs-sweep", daemon=True),
        ]

    def start(self) -> None:
        """Starts listening and sweeping."""
        for thread in self.threads:
            thread.start()

    def stop(self, *, seconds: float) -> bool:
        """Lets the job under way end; False if it did not within the time given."""
        self.stopping.set()
        # Celery's own sign for a warm shutdown, read by its loop between two messages.
        state.should_stop = 0
        try:
            for thread in self.threads:
                thread.join(timeout=seconds)
        finally:
            state.should_stop = None
        return not any(thread.is_alive() for thread in self.threads)

    def is_alive(self) -> bool:
        """True while a job can be heard of and a lost one found."""
        return all(thread.is_alive() for thread in self.threads)

    def _sweep_until_stopped(self) -> None:
        """First takes up whatever the last process left, then sweeps at intervals."""
        interval = min(SWEEP_EVERY, services.lease()).total_seconds()
        ring_after = timedelta(0)
        while True:
            try:
                services.sweep(at=timezone.now(), ring_after=ring_after)
                ring_after = rules.RING_AGAIN_AFTER
            except DatabaseError as error:
                # Busy, restarting or not migrated yet: the next sweep tries again.
                logger.warning("a sweep was missed: %s", type(error).__name__)
            finally:
                connection.close()
            if self.stopping.wait(interval):
                return


_lock = threading.Lock()
_worker: _Worker | None = None


def start() -> None:
    """Starts the worker of this process, once; called again it does nothing."""
    global _worker  # noqa: PLW0603  # one worker for each process is the point
    with _lock:
        if _worker is None:
            _worker = _Worker()
            _worker.start()
            atexit.register(stop)


def stop(*, seconds: float = 10.0) -> bool:
    """Stops the worker; False if a job did not end in time, and then its lease runs out."""
    global _worker
    with _lock:
        if _worker is None:
            return True
        worker, _worker = _worker, None
        atexit.unregister(stop)
        return worker.stop(seconds=seconds)


def is_running() -> bool:
    """True if the worker of this process hears the bell and sweeps; for the health page."""
    with _lock:
        return _worker is not None and _worker.is_alive()
