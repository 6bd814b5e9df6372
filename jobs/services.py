"""Writes on jobs: ask, claim, hold, finish, fail, cancel, try again, sweep.

What a worker does to its job is one conditional UPDATE each time, so that two workers, a page
and the sweep may act at the same moment. Nothing here reads the clock; doors and workers give
`at`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from jobs import bell, registry, rules
from jobs.models import Job
from organization.models import User
from organization.permissions import holds

SWEEP_AT_MOST = 100
"""Rows one sweep takes back, and rings for in each queue, so that none floods the broker."""

NO_LEASE: dict[str, Any] = {"lease_owner": "", "lease_until": None}
NO_PROGRESS: dict[str, Any] = {"step": "", "steps_done": 0, "steps_total": 0}
NO_ERROR: dict[str, Any] = {"error_code": "", "error_message": ""}


class LeaseLost(Exception):  # told to a worker, not an error
    """The worker no longer holds the job: it must stop and write nothing more."""


class Cancelled(Exception):  # told to a worker, not an error
    """A person cancelled the job: the worker must stop and write nothing more."""


@dataclass(frozen=True)
class Swept:
    """What one sweep did, in jobs."""

    requeued: int
    parked: int
    rung: int


def lease() -> timedelta:
    """How long a claim holds without a sign of life."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def enqueue(
    *,
    kind: str,
    key: str,
    payload: Mapping[str, Any],
    by: User | None,
    at: datetime,
    language: str = "en",
) -> Job:
    """The job of this kind and key, made or started anew if it failed, was cancelled or parked."""
    asked = {key: payload}
    return enqueue_all(kind=kind, asked=asked, by=by, at=at, language=language)[0]


@transaction.atomic
def enqueue_all(
    *,
    kind: str,
    asked: Mapping[str, Mapping[str, Any]],
    by: User | None,
    at: datetime,
    language: str = "en",
) -> list[Job]:
    """The jobs of these keys (key → payload), in their order; those not there are made.

    A job that waits, runs or is done stays as it is; one that failed, was cancelled or parked
    starts anew. The rows are written in the caller's transaction; the bell rings after the commit,
    and for those it does not ring for, since the broker cannot be reached, the sweep rings again.
    `by` is empty for work the system asks for itself.
    """
    known = set(Job.objects.filter(kind=kind, key__in=asked).values_list("key", flat=True))
    values: dict[str, Any] = {"requested_by": by, "language": language, "queued_at": at}
    Job.objects.bulk_create(
        (
            Job(kind=kind, key=key, payload=dict(payload), **values)
            for key, payload in asked.items()
            if key not in known
        ),
        ignore_conflicts=True,
    )
    rows = {job.key: job for job in Job.objects.filter(kind=kind, key__in=asked)}
    jobs = [rows[key] for key in asked]
    waiting = []
    for job in jobs:
        restarted = job.state in rules.RESTARTABLE and _restart(
            job_id=job.pk, asked=values | {"payload": dict(asked[job.key])}
        )
        if restarted:
            job.refresh_from_db()
        if restarted or job.key not in known:
            waiting.append(job.pk)
    _ring_on_commit(job_ids=waiting, kind=kind, at=at)
    return jobs


def claim(*, job_id: int, owner: str, at: datetime) -> Job | None:
    """The job, now running under this owner's lease; None if there is nothing to claim.

    The condition is `rules.may_claim` as one UPDATE.
    """
    claimable = Q(state=rules.QUEUED) | Q(state=rules.RUNNING, lease_until__lte=at)
    claimed = Job.objects.filter(claimable, pk=job_id, attempts__lt=rules.MAX_ATTEMPTS).update(
        state=rules.RUNNING,
        attempts=F("attempts") + 1,
        lease_owner=owner,
        lease_until=rules.lease_end(at=at, lease=lease()),
        heartbeat_at=at,
        started_at=at,
        **NO_PROGRESS,
        **NO_ERROR,
    )
    return Job.objects.get(pk=job_id) if claimed else None


def beat(*, job_id: int, owner: str, at: datetime) -> None:
    """A sign of life: renews the lease. Raises LeaseLost or Cancelled."""
    _hold(job_id=job_id, owner=owner, at=at, changes={})


def progress(*, job_id: int, owner: str, at: datetime, step: str, done: int, total: int) -> None:
    """Says which step goes on and renews the lease. Raises LeaseLost or Cancelled."""
    changes = {"step": step, "steps_done": done, "steps_total": total}
    _hold(job_id=job_id, owner=owner, at=at, changes=changes)


def finish(*, job_id: int, owner: str, at: datetime, result: Mapping[str, Any]) -> None:
    """The work is done. Raises LeaseLost or Cancelled if this worker may no longer say so."""
    finished = _held(job_id=job_id, owner=owner).update(
        state=rules.DONE,
        finished_at=at,
        heartbeat_at=at,
        steps_done=F("steps_total"),
        result=dict(result),
        **NO_LEASE,
    )
    if not finished:
        _refuse(job_id)


def fail(
    *, job_id: int, owner: str, at: datetime, code: str, message: str | Promise, can_help: bool
) -> str:
    """A try did not succeed; returns the next state.

    `can_help` says that another try can help: then the job is queued again until its third try
    has failed, and the sweep rings for it half a minute later, so that what went wrong has time
    to pass. `message` is kept in the language of the person who asked. Raises LeaseLost or
    Cancelled if this worker no longer holds the job.
    """
    job = Job.objects.get(pk=job_id)
    state = rules.after_failure(attempts=job.attempts, can_help=can_help)
    with override(job.language):
        text = str(message)
    again = {"queued_at": at, "rung_at": None} if state == rules.QUEUED else {"finished_at": at}
    failed = _held(job_id=job_id, owner=owner).update(
        state=state, error_code=code, error_message=text, **again, **NO_LEASE
    )
    if not failed:
        _refuse(job_id)
    return state


def cancel(*, job_id: int, by: User | None, at: datetime) -> None:
    """Stops a job that waits or runs; a running worker hears of it at its next sign of life.

    Raises NotAllowed `job-not-yours`, RuleBroken `job-over`.
    """
    require_steering(job=Job.objects.get(pk=job_id), by=by)
    cancelled = Job.objects.filter(pk=job_id, state__in=rules.OPEN).update(
        state=rules.CANCELLED, finished_at=at, **NO_LEASE
    )
    if not cancelled:
        raise RuleBroken("job-over", _("This work is over already, so it cannot be cancelled."))


@transaction.atomic
def retry(*, job_id: int, by: User | None, at: datetime) -> None:
    """Starts a failed, cancelled or parked job anew.

    Raises NotAllowed `job-not-yours`, RuleBroken `job-not-stopped`.
    """
    job = Job.objects.get(pk=job_id)
    require_steering(job=job, by=by)
    if not _restart(job_id=job_id, asked={"queued_at": at}):
        raise RuleBroken(
            "job-not-stopped",
            _("Only work that failed, was cancelled or was set aside can be tried again."),
        )
    _ring_on_commit(job_ids=[job_id], kind=job.kind, at=at)


def require_steering(*, job: Job, by: User | None) -> None:
    """A person steers what they asked for, or what their role steers; the system everything.

    Raises NotAllowed `job-not-yours`.
    """
    roles = registry.steered_by(job.kind)
    if by is None or job.requested_by_id == by.pk or (roles and holds(by, *roles)):
        return
    raise NotAllowed(
        "job-not-yours",
        _("Only the person who asked for this work, or %(roles)s, can cancel or restart it.")
        % {"roles": ", ".join(str(role.label) for role in roles)}
        if roles
        else _("Only the person who asked for this work can cancel or restart it."),
    )


def sweep(*, at: datetime, ring_after: timedelta = rules.RING_AGAIN_AFTER) -> Swept:
    """Takes expired leases back, and rings again for jobs that nobody came for.

    A job whose lease ran out is queued again, or parked after its third try. A queued job whose
    bell last rang `ring_after` ago or earlier is rung for again, the longest unrung first and
    queue by queue, so that no long queue hides a lost ring in it or in the other; ringing stops
    at the first ring that does not reach the broker.
    """
    requeued = parked = 0
    expired = Job.objects.filter(state=rules.RUNNING, lease_until__lte=at)
    for job in expired.order_by("lease_until")[:SWEEP_AT_MOST]:
        state = _take_back(job=job, at=at)
        requeued += state == rules.QUEUED
        parked += state == rules.PARKED
    rung = 0
    for queue in rules.QUEUES:
        overdue = _overdue(queue=queue, at=at, ring_after=ring_after)
        went_out = _ring(job_ids=overdue, queue=queue, at=at)
        rung += went_out
        if went_out < len(overdue):
            break
    return Swept(requeued=requeued, parked=parked, rung=rung)


def _overdue(*, queue: str, at: datetime, ring_after: timedelta) -> list[int]:
    """Jobs of a queue that nobody came for: a bounded number, the longest unrung first."""
    waiting = Job.objects.filter(state=rules.QUEUED).alias(since=Coalesce("rung_at", "queued_at"))
    overdue = waiting.filter(
        Q(since__lte=at - ring_after) | Q(error_code=rules.WORKER_LOST, rung_at=None)
    ).order_by("since", "queued_at", "pk")
    reports = Q(kind__in=registry.kinds_in(rules.REPORTS))
    of_queue = overdue.filter(reports if queue == rules.REPORTS else ~reports)
    return list(of_queue.values_list("pk", flat=True)[:SWEEP_AT_MOST])


def _restart(*, job_id: int, asked: Mapping[str, Any]) -> bool:
    """Queues a stopped job anew with all its tries before it; False if it is not stopped."""
    restarted = Job.objects.filter(pk=job_id, state__in=rules.RESTARTABLE).update(
        state=rules.QUEUED,
        attempts=0,
        rung_at=None,
        started_at=None,
        finished_at=None,
        heartbeat_at=None,
        result={},
        **NO_PROGRESS,
        **NO_ERROR,
        **asked,
    )
    return bool(restarted)


def _take_back(*, job: Job, at: datetime) -> str | None:
    """Ends an expired lease; None if the worker renewed it or another claimed it meanwhile."""
    state = rules.after_failure(attempts=job.attempts, can_help=True)
    with override(job.language):
        text = str(
            _(
                "The worker stopped in the middle of this work each time it was tried, so the "
                "work was set aside. Tell support the reference %(reference)s."
            )
            % {"reference": job.reference}
            if state == rules.PARKED
            else _("The worker stopped in the middle of this work. It starts again by itself.")
        )
    again = {"queued_at": at, "rung_at": None} if state == rules.QUEUED else {"finished_at": at}
    taken = Job.objects.filter(
        pk=job.pk, state=rules.RUNNING, lease_owner=job.lease_owner, lease_until__lte=at
    ).update(state=state, error_code=rules.WORKER_LOST, error_message=text, **again, **NO_LEASE)
    return state if taken else None


def _held(*, job_id: int, owner: str) -> Any:
    """The job, if this owner holds it."""
    return Job.objects.filter(pk=job_id, state=rules.RUNNING, lease_owner=owner)


def _hold(*, job_id: int, owner: str, at: datetime, changes: Mapping[str, Any]) -> None:
    """Renews the lease and writes the changes with it."""
    until = rules.lease_end(at=at, lease=lease())
    held = _held(job_id=job_id, owner=owner).update(lease_until=until, heartbeat_at=at, **changes)
    if not held:
        _refuse(job_id)


def _refuse(job_id: int) -> None:
    """Tells the worker why the job is no longer its own."""
    state = Job.objects.values_list("state", flat=True).get(pk=job_id)
    if state == rules.CANCELLED:
        raise Cancelled(f"job {job_id} was cancelled")
    raise LeaseLost(f"job {job_id} is {state} and held by another or by nobody")


def _ring_on_commit(*, job_ids: Sequence[int], kind: str, at: datetime) -> None:
    """Rings once the rows are there for a worker to find; a bell that fails breaks nothing."""
    if job_ids:
        queue = registry.queue_of(kind)
        ring = partial(_ring, job_ids=job_ids, queue=queue, at=at)
        transaction.on_commit(ring, robust=True)


def _ring(*, job_ids: Sequence[int], queue: str, at: datetime) -> int:
    """Rings, and notes on the jobs still waiting that a ring went out; how many went out."""
    rung = bell.ring(job_ids, queue=queue) if job_ids else 0
    Job.objects.filter(pk__in=job_ids[:rung], state=rules.QUEUED).update(rung_at=at)
    return rung
