"""Which function does which kind of job, and how it tells how far it is."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.functional import Promise

from jobs import services
from jobs.models import Job


class Progress:
    """Given to a handler: `progress("collecting", 2, 6)` says that two of six steps are done.

    Each call renews the lease and raises `services.LeaseLost` or `services.Cancelled` if the
    handler must stop; let them pass. Call it outside transactions, or nobody sees it before the
    commit. Raises SoftTimeLimitExceeded past `seconds`: a worker within the server has no
    other clock that could stop it.
    """

    def __init__(self, *, job_id: int, owner: str, seconds: float) -> None:
        self.job_id = job_id
        self.owner = owner
        self.deadline = time.monotonic() + seconds

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() > self.deadline:
            raise SoftTimeLimitExceeded
        services.progress(
            job_id=self.job_id,
            owner=self.owner,
            at=timezone.now(),
            step=step,
            done=done,
            total=total,
        )


Handle = Callable[[Job, Progress], Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of job: what does it, what people call it, and the words for its steps by code."""

    handle: Handle
    title: str | Promise = ""
    steps: Mapping[str, str | Promise] = field(default_factory=dict)


KINDS: dict[str, Kind] = {}


def handler(
    kind: str, *, title: str | Promise = "", steps: Mapping[str, str | Promise] | None = None
) -> Callable[[Handle], Handle]:
    """Registers `handle(job, progress) -> result` for a kind; register in `AppConfig.ready`.

    A handler may be started again from the beginning after any of its steps, so its effect must
    be the same once or twice: a file under a temporary name and then renamed, a row under a
    unique key. It checks the rights of `job.requested_by` anew, since they may have ended since
    the work was asked for. It raises RuleBroken for what another try cannot mend.

    Raises ValueError if the kind is taken.
    """

    def register(handle: Handle) -> Handle:
        if kind in KINDS:
            raise ValueError(f"the kind of job {kind!r} has a handler already")
        KINDS[kind] = Kind(handle=handle, title=title, steps=dict(steps or {}))
        return handle

    return register


def find(kind: str) -> Kind:
    """The kind; raises LookupError naming it if no handler is registered."""
    if kind not in KINDS:
        raise LookupError(f"no handler is registered for the kind of job {kind!r}")
    return KINDS[kind]
