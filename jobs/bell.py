"""The bell: tells the workers that a job waits. Losing a ring loses no job."""

import logging
from collections.abc import Sequence
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError

from jobs import rules

logger = logging.getLogger(__name__)

IMPATIENT = {
    # A person waits for the page: kombu would try for six seconds, and on a connection that
    # died without a word it would wait for ever.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
}


def ring(job_ids: Sequence[int], *, queue: str) -> int:
    """Sends numbers of jobs to the workers of a queue, one after the other; how many went out.

    It stops at the first that does not reach the broker: whoever waits for thirty rings waits for
    one that fails, not for thirty.
    """
    rung = 0
    try:
        with _line() as line:
            for job_id in job_ids:
                _send(line, "jobs.run", (job_id,), queue=queue)
                rung += 1
    except (OperationalError, OSError) as error:
        logger.warning("the bell did not ring for %d jobs: %s", len(job_ids) - rung, _name(error))
    return rung


def ring_for(task: str, *, expires: float | None = None) -> bool:
    """Asks the workers for a scheduled task; False if the broker cannot be reached.

    A worker that comes to it more than `expires` seconds later drops it.
    """
    try:
        with _line() as line:
            _send(line, task, (), queue=rules.ENTRY, expires=expires)
    except (OperationalError, OSError) as error:
        logger.warning("the bell for %s did not ring: %s", task, _name(error))
        return False
    return True


def _line() -> Any:
    return current_app.connection_for_write(transport_options=IMPATIENT)


def _send(
    line: Any, task: str, numbers: tuple[int, ...], *, queue: str, expires: float | None = None
) -> None:
    current_app.send_task(
        task, args=numbers, expires=expires, queue=queue, retry=False, connection=line
    )


def _name(error: Exception) -> str:
    return type(error).__name__
