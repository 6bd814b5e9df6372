"""When a job may be claimed, how long a claim holds, and what follows a failure.

A job is a row with a lease. Whoever holds the lease works; a lease that is not renewed runs out
and another worker may claim the job. So a killed worker, a lost broker, a message delivered
twice and a job that takes an hour are one case.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

QUEUED, RUNNING, DONE = "queued", "running", "done"
FAILED, CANCELLED, PARKED = "failed", "cancelled", "parked"

STATES = (QUEUED, RUNNING, DONE, FAILED, CANCELLED, PARKED)
OPEN = frozenset({QUEUED, RUNNING})
"""States from which the job will still go on by itself."""
RESTARTABLE = frozenset({FAILED, CANCELLED, PARKED})
"""States from which asking again starts the job anew; done work is not done twice."""

ENTRY, REPORTS = "entry", "reports"
QUEUES = (ENTRY, REPORTS)
"""Work on data and mail waits in the one, work on reports in the other: neither waits for both."""

MAX_ATTEMPTS = 3
"""Claims of one job before it is parked: a job that kills its worker must not do so for ever."""

RING_AGAIN_AFTER = timedelta(seconds=30)
"""How long a queued job waits before the bell is rung for it again."""

WORKER_LOST = "worker-lost"
TOO_LONG = "too-long"
UNEXPECTED = "unexpected"


@dataclass(frozen=True)
class Claim:
    """What decides on a claim: the state of the row, its attempts, and the end of its lease."""

    state: str
    attempts: int
    lease_until: datetime | None


def lease_end(*, at: datetime, lease: timedelta) -> datetime:
    """The moment a lease taken or renewed `at` runs out.

    Raises ValueError for a lease of no length: it would be lost when taken.
    """
    if lease <= timedelta(0):
        raise ValueError("a lease must last longer than nothing")
    return at + lease


def heartbeat_interval(lease: timedelta) -> timedelta:
    """A third of the lease, so that two heartbeats may fail before the lease is lost."""
    return lease / 3


def lease_expired(*, lease_until: datetime | None, at: datetime) -> bool:
    """True from the very moment the lease ends; a row without a lease holds none."""
    return lease_until is None or lease_until <= at


def may_claim(claim: Claim, *, at: datetime) -> bool:
    """Queued, or running under a lease that ran out, and attempts are left."""
    if claim.attempts >= MAX_ATTEMPTS:
        return False
    if claim.state == QUEUED:
        return True
    return claim.state == RUNNING and lease_expired(lease_until=claim.lease_until, at=at)


def after_failure(*, attempts: int, can_help: bool) -> str:
    """The next state of a job whose attempt number `attempts` did not succeed.

    `can_help` says that another try can help: true for a lost worker or an unexpected error,
    false for a broken rule or a job that takes too long.
    """
    if not can_help:
        return FAILED
    return PARKED if attempts >= MAX_ATTEMPTS else QUEUED


def reference(*, job_id: int, attempts: int) -> str:
    """What a person tells support and support finds in the log: `J17-2` is job 17's second try."""
    return f"J{job_id}-{attempts}"
