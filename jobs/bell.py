"""The bell: tells the workers that a job waits. Losing a ring loses no job."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

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


def ring(job_id: int) -> bool:
    """Sends the job's number to the broker; False if the broker cannot be reached."""
    return ring_for("jobs.run", job_id)


def ring_for(task: str, *numbers: int, expires: float | None = None) -> bool:
    """Asks the workers for a task; False if the broker cannot be reached.

    A worker that comes to it more than `expires` seconds later drops it.
    """
    try:
        with current_app.connection_for_write(transport_options=IMPATIENT) as connection:
            current_app.send_task(
                task, args=numbers, expires=expires, retry=False, connection=connection
            )
    except (OperationalError, OSError) as error:
        logger.warning("the bell for %s %s did not ring: %s", task, numbers, type(error).__name__)
        return False
    return True
