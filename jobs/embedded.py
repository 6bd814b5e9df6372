"""A worker within the server's own process, for an installation without a broker.

One thread for each queue hears the bell (a Celery worker on the in-memory broker), another sweeps
and rings for what the schedule of Celery's beat names, so that both ways of running do the same at
the same times. One process only: a second one would not hear the bell of the first and would find
its jobs by the sweep.
"""

import atexit
import logging
import math
import threading
import time
from datetime import timedelta

from celery import Celery, current_app
from celery.worker import WorkController, state
from django.db import DatabaseError, connection
from django.utils import timezone

from jobs import bell, rules, services
from jobs.tasks import sweep

logger = logging.getLogger(__name__)

SWEEP_EVERY = timedelta(seconds=15)


class Clock:
    """Rings for the scheduled tasks, but for the sweep, which needs no worker here.

    When a task was rung for last is not kept: a server that starts rings for each at once, so
    that one that runs for minutes only does its work too. A task does nothing twice.
    """

    def __init__(self) -> None:
        self.rung: dict[str, float] = {}

    def tick(self, *, now: float) -> list[str]:
        """Rings for what is due at `now`, in seconds of a clock that never goes back; which."""
        due = [
            entry
            for entry in current_app.conf.beat_schedule.values()
            if entry["task"] != sweep.name
            and now - self.rung.get(entry["task"], -math.inf) >= entry["schedule"]
        ]
        for entry in due:
            bell.ring_for(entry["task"], **entry["options"])
            self.rung[entry["task"]] = now
        return [entry["task"] for entry in due]


def _listener(queue: str) -> WorkController:
    """A worker of one queue.

    It has a Celery application of its own: which queues are listened to is kept there. The
    in-memory broker is one for the whole process.
    """
    application = Celery(f"{current_app.main}.{queue}", set_as_current=False)
    application.config_from_object("django.conf:settings", namespace="CELERY")
    application.autodiscover_tasks()
    return WorkController(
        app=application,
        hostname=f"{queue}@localhost",
        queues=[queue],
        pool="solo",
        concurrency=1,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )


class _Worker:
    """The threads of one process: one for each queue, and the sweep."""

    def __init__(self, *, scheduled: bool) -> None:
        self.stopping = threading.Event()
        self.clock = Clock() if scheduled else None
        self.threads = [
            threading.Thread(target=_listener(queue).start, name=f"jobs-{queue}", daemon=True)
            for queue in rules.QUEUES
        ]
        self.threads.append(
            threading.Thread(target=self._sweep_until_stopped, name="jobs-sweep", daemon=True)
        )

    def start(self) -> None:
        """Starts listening and sweeping."""
        for thread in self.threads:
            thread.start()

    def stop(self, *, seconds: float) -> bool:
        """Lets the jobs under way end; False if it did not within the time given."""
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
                if self.clock is not None:
                    self.clock.tick(now=time.monotonic())
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


def start(*, scheduled: bool = True) -> None:
    """Starts the worker of this process, once; called again it does nothing.

    With `scheduled=False` it does only the jobs that people ask for.
    """
    global _worker  # noqa: PLW0603  # one worker for each process is the point
    with _lock:
        if _worker is None:
            _worker = _Worker(scheduled=scheduled)
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
