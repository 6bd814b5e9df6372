"""Runs one job from claim to end; the same in a Celery worker, in the server and in tests."""

import logging
import os
import socket
import uuid
from dataclasses import dataclass

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from habitat_plan.kit.errors import RuleBroken
from jobs import registry, rules, services
from jobs.heartbeat import Heartbeat
from jobs.models import Job
from jobs.progress import Progress

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """Why a try did not succeed, in words for the person who asked."""

    code: str
    message: str | Promise
    can_help: bool


def new_owner() -> str:
    """A name for one claim, never used twice: host, process, and a random part."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{uuid.uuid4().hex[:12]}"


def run(*, job_id: int, owner: str) -> str | None:
    """Claims and does a job; returns its state, or None if there was nothing to claim or keep."""
    job = services.claim(job_id=job_id, owner=owner, at=timezone.now())
    if job is None:
        return None
    try:
        failure = _attempt(job=job, owner=owner)
        if failure is None:
            return rules.DONE
        return services.fail(
            job_id=job.pk,
            owner=owner,
            at=timezone.now(),
            code=failure.code,
            message=failure.message,
            can_help=failure.can_help,
        )
    except (services.LeaseLost, services.Cancelled) as gone:
        logger.info("stopped working: %s", gone)
        return None


def _attempt(*, job: Job, owner: str) -> Failure | None:
    """One try: the handler, then the end of the job; what went wrong, if something did."""
    try:
        with (
            Heartbeat(job_id=job.pk, owner=owner, seconds=settings.CELERY_TASK_TIME_LIMIT),
            override(job.language),
        ):
            progress = Progress(
                job_id=job.pk, owner=owner, seconds=settings.CELERY_TASK_SOFT_TIME_LIMIT
            )
            result = registry.find(job.kind).handle(job, progress)
        services.finish(job_id=job.pk, owner=owner, at=timezone.now(), result=result)
    except (services.LeaseLost, services.Cancelled):
        raise
    except SoftTimeLimitExceeded:
        return Failure(
            rules.TOO_LONG,
            _(
                "This work took longer than %(minutes)d minutes and was stopped. Ask for a "
                "smaller part of it."
            )
            % {"minutes": settings.CELERY_TASK_SOFT_TIME_LIMIT // 60},
            can_help=False,
        )
    except RuleBroken as broken:
        with override(job.language):
            sentences = "\n".join(str(text) for text in (broken.message, *broken.details))
        return Failure(broken.code, sentences, can_help=False)
    except Exception:  # whatever a handler raises, the job must not stay "running"
        logger.exception("job %s of kind %s failed", job.reference, job.kind)
        return _unexpected(job)
    return None


def _unexpected(job: Job) -> Failure:
    """The sentence for an error of ours: a reference, and never what the error itself says."""
    state = rules.after_failure(attempts=job.attempts, can_help=True)
    message = (
        _(
            "Something went wrong on our side each time this work was tried, so it was set "
            "aside. Tell support the reference %(reference)s."
        )
        if state == rules.PARKED
        else _(
            "Something went wrong on our side (reference %(reference)s). The work is tried "
            "again within a minute."
        )
    )
    return Failure(rules.UNEXPECTED, message % {"reference": job.reference}, can_help=True)
