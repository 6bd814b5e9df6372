"""Which function does which kind of job, in which queue it waits, and who may steer it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from jobs import rules
from jobs.models import Job
from organization.models import Role

if TYPE_CHECKING:
    from jobs.progress import Progress

Handle = Callable[[Job, "Progress"], Mapping[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of job: what does it, what people call it, and the words for its steps by code.

    It waits in `queue`. Besides whoever asked for the work, those with a role of `steered_by` may
    cancel it and have it tried again.
    """

    handle: Handle
    title: str | Promise = ""
    steps: Mapping[str, str | Promise] = field(default_factory=dict)
    queue: str = rules.ENTRY
    steered_by: tuple[Role, ...] = ()


KINDS: dict[str, Kind] = {}


def handler(
    kind: str,
    *,
    title: str | Promise = "",
    steps: Mapping[str, str | Promise] | None = None,
    queue: str = rules.ENTRY,
    steered_by: tuple[Role, ...] = (),
) -> Callable[[Handle], Handle]:
    """Registers `handle(job, progress) -> result` for a kind; register in `AppConfig.ready`.

    A handler may be started again from the beginning after any of its steps, so its effect must
    be the same once or twice: a file under a temporary name and then renamed, a row under a
    unique key. It checks the rights of `job.requested_by` anew, since they may have ended since
    the work was asked for. It raises RuleBroken for what another try cannot mend.

    Raises ValueError if the kind is taken or the queue is none that a worker listens to.
    """
    if queue not in rules.QUEUES:
        raise ValueError(f"{queue!r} is not a queue; choose one of {rules.QUEUES}")

    def register(handle: Handle) -> Handle:
        if kind in KINDS:
            raise ValueError(f"the kind of job {kind!r} has a handler already")
        KINDS[kind] = Kind(handle, title, dict(steps or {}), queue, steered_by)
        return handle

    return register


def find(kind: str) -> Kind:
    """The kind; raises LookupError naming it if no handler is registered."""
    if kind not in KINDS:
        raise LookupError(f"no handler is registered for the kind of job {kind!r}")
    return KINDS[kind]


def queue_of(kind: str) -> str:
    """Where a job of this kind waits; with entry if nobody registered it."""
    return KINDS[kind].queue if kind in KINDS else rules.ENTRY


def steered_by(kind: str) -> tuple[Role, ...]:
    """The roles that may cancel and restart jobs of this kind which others asked for."""
    return KINDS[kind].steered_by if kind in KINDS else ()


def kinds_in(queue: str) -> list[str]:
    """The kinds of job that wait in this queue."""
    return [code for code, kind in KINDS.items() if kind.queue == queue]
