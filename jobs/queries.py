"""Reads on jobs, for pages that follow one and for the health page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django.utils.translation import gettext as _

from jobs import registry, rules
from jobs.models import Job
from organization.models import User

LINE_DOWN_AFTER = timedelta(seconds=5)
"""A job that waits so long without one ring that went out waits for the broker."""


@dataclass(frozen=True)
class JobStatus:
    """What a page says of a job, in the language of the reader.

    `percent` is a whole number from 0 to 100, None while the steps are not known. `sentence`
    says what goes on or what went wrong and what to do (a failure is told in the language in
    which the work was asked for).
    """

    job_id: int
    kind: str
    title: str
    state: str
    state_label: str
    step_label: str
    steps_done: int
    steps_total: int
    percent: int | None
    sentence: str
    reference: str
    queued_at: datetime
    finished_at: datetime | None
    result: dict[str, Any]

    @property
    def is_over(self) -> bool:
        """True if nothing more happens by itself, so a page need not ask again."""
        return self.state not in rules.OPEN

    @property
    def may_cancel(self) -> bool:
        """True while the job waits or runs."""
        return self.state in rules.OPEN

    @property
    def may_retry(self) -> bool:
        """True if the job stopped without being done."""
        return self.state in rules.RESTARTABLE


@dataclass(frozen=True)
class Backlog:
    """How much work waits; `oldest` is how long the longest-waiting job has waited."""

    queued: int
    running: int
    parked: int
    oldest: timedelta | None


def status(*, job_id: int, user: User, at: datetime) -> JobStatus:
    """The status of a job this person asked for.

    Raises Job.DoesNotExist for any other job, as for a number that was never given.
    """
    return status_of(Job.objects.get(pk=job_id, requested_by=user), at=at)


def status_of(job: Job, *, at: datetime) -> JobStatus:
    """The status of a job whose subject the reader may see, which the caller has checked."""
    kind = registry.find(job.kind)
    return JobStatus(
        job_id=job.pk,
        kind=job.kind,
        title=str(kind.title),
        state=job.state,
        state_label=str(Job.State(job.state).label),
        step_label=str(kind.steps.get(job.step, "")),
        steps_done=job.steps_done,
        steps_total=job.steps_total,
        percent=job.steps_done * 100 // job.steps_total if job.steps_total else None,
        sentence=_sentence(job, at=at),
        reference=job.reference,
        queued_at=job.queued_at,
        finished_at=job.finished_at,
        result=job.result,
    )


def backlog(*, at: datetime) -> Backlog:
    """Counts for the health page, in one query."""
    found = Job.objects.aggregate(
        queued=Count("pk", filter=Q(state=rules.QUEUED)),
        running=Count("pk", filter=Q(state=rules.RUNNING)),
        parked=Count("pk", filter=Q(state=rules.PARKED)),
        since=Min("queued_at", filter=Q(state=rules.QUEUED)),
    )
    since = found.pop("since")
    return Backlog(**found, oldest=at - since if since else None)


def _sentence(job: Job, *, at: datetime) -> str:
    """What goes on, in one sentence or two."""
    if job.error_message:
        return job.error_message
    if job.state == rules.QUEUED and job.rung_at is None and job.queued_at + LINE_DOWN_AFTER <= at:
        return _(
            "The line to the workers is down at the moment. The work is kept and starts by "
            "itself when the line is back."
        )
    if job.state == rules.RUNNING and job.steps_total:
        return _("%(done)d of %(total)d steps are done.") % {
            "done": job.steps_done,
            "total": job.steps_total,
        }
    return {
        rules.QUEUED: _("The work waits for a free worker."),
        rules.RUNNING: _("The work has started."),
        rules.DONE: _("The work is done."),
        rules.CANCELLED: _("The work was cancelled. Nothing was made."),
    }.get(job.state, "")
