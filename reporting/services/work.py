"""Writes on the work in the background: asking for files, cancelling all of it, trying again."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from jobs import services as jobs
from jobs.models import Job
from organization.models import User
from organization.permissions import require
from organization.services import audit
from reporting.document import from_json
from reporting.kinds import KINDS, RENDER
from reporting.models import Report, ReportDocument
from reporting.permissions import STEERS_WORK
from reporting.queries.work import ReportWork, file_key, work_on


def request_files(
    *,
    row: ReportDocument,
    languages: Sequence[str],
    by: User | None,
    at: datetime,
    language: str = "en",
) -> list[Job]:
    """One job for each file of a frozen document in these languages; asking twice is as once.

    The formats are those of the kind. `language` is the one in which a failure is told.
    """
    report = row.report
    return jobs.enqueue_all(
        kind=RENDER,
        asked={
            file_key(report.slug, row.number, one, format): {
                "document": row.pk,
                "language": one,
                "format": format,
            }
            for one in languages
            for format in KINDS[report.kind].formats
        },
        by=by,
        at=at,
        language=language,
    )


@transaction.atomic
def cancel_work(*, report: Report, by: User, at: datetime) -> int:
    """Cancels all that waits or runs for a report; how many jobs that were.

    What is frozen or made by then stays. Raises NotAllowed `job-not-yours` and RuleBroken
    `nothing_under_way`.
    """
    cancelled = sum(_steer(jobs.cancel, job, by, at) for job in _work(report, by).open)
    if not cancelled:
        raise RuleBroken(
            "nothing_under_way", _("No work on this report is under way, so none was cancelled.")
        )
    _record("cancel work", report, cancelled, by, at)
    return cancelled


@transaction.atomic
def retry_work(*, report: Report, by: User, at: datetime, language: str = "en") -> int:
    """Starts anew what failed, was cancelled or was set aside; how many jobs that were.

    What is done is not done again. Files of an issued report that nobody asked for yet, such as
    those of a format that is new, are asked for. Raises NotAllowed `job-not-yours`, `role_needed`
    and RuleBroken `nothing_stopped`.
    """
    work = _work(report, by)
    started = sum(_steer(jobs.retry, job, by, at) for job in work.stopped)
    if work.missing and report.document is not None:
        require(by, *STEERS_WORK)
        languages = sorted({file.language for file in work.missing})
        request_files(row=report.document, languages=languages, by=by, at=at, language=language)
        started += len(work.missing)
    if not started:
        raise RuleBroken(
            "nothing_stopped",
            _("Nothing of the work on this report failed or was cancelled. Reload the page."),
        )
    _record("try work again", report, started, by, at)
    return started


def _work(report: Report, by: User) -> ReportWork:
    """The work on a report as it stands now."""
    row = report.document
    languages = from_json(row.content.encode()).languages if row else ()
    renderings = row.renderings.all() if row else ()
    return work_on(report, row, renderings, languages, by)


def _steer(verb: Callable[..., None], job: Job, by: User, at: datetime) -> bool:
    """Cancels or restarts one job; False if it came to its end, or was restarted, meanwhile."""
    try:
        verb(job_id=job.pk, by=by, at=at)
    except RuleBroken as broken:
        if broken.code in {"job-over", "job-not-stopped"}:
            return False
        raise
    return True


def _record(action: str, report: Report, number: int, by: User, at: datetime) -> None:
    audit.record(action=action, subject=report, by=by, at=at, changes={"jobs": (None, number)})
