"""The bell: tells the workers that a job waits. Losing a ring loses no job."""

import logging

from celery import current_app
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def ring(job_id: int) -> bool:
    """Sends the job's number to the broker; False if the broker cannot be reached.

    One try only: a person waits for the page, and the sweep rings again.
    """
    try:
        current_app.send_task("jobs.run", args=[job_id], retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("the bell for job %d did not ring: %s", job_id, type(error).__name__)
        return False
    return True
