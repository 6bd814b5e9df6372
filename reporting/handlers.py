"""The jobs of this app: assembling a report and making its files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import handler
from organization.models import User
from reporting import services
from reporting.kinds import ASSEMBLE, KINDS, RENDER
from reporting.models import Report, ReportDocument

STEPS = {
    "collecting": _("Collecting approved figures"),
    "frozen": _("Document frozen"),
    "rendering": _("Making files"),
    "done": _("Done"),
}


def _files(
    row: ReportDocument, languages: Sequence[str], progress: Progress, done: int
) -> list[str]:
    """Makes the files one by one; those that are there already are not made again."""
    formats = KINDS[row.report.kind].formats
    wanted = [(language, format) for language in languages for format in formats]
    total = done + len(wanted)
    for number, (language, format) in enumerate(wanted, start=done):
        progress("rendering", number, total)
        services.render_one(row=row, language=language, format=format, at=timezone.now())
    progress("done", total, total)
    return [f"{language}.{format}" for language, format in wanted]


@handler(ASSEMBLE, title=_("Assembling a report"), steps=STEPS)
def assemble_report(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Freezes the document, then makes the working copy in the asker's language."""
    by = User.objects.get(jobs=job)
    report = Report.objects.select_related("period").get(slug=job.payload["report"])
    total = 2 + len(KINDS[report.kind].formats)
    progress("collecting", 0, total)
    row = services.assemble(
        report=report,
        number=job.payload["number"],
        confirm_gaps=job.payload["confirm_gaps"],
        by=by,
        at=timezone.now(),
    )
    progress("frozen", 2, total)
    files = _files(row, [job.language], progress, done=2)
    return {"document": row.pk, "sha256": row.sha256, "files": files}


@handler(RENDER, title=_("Making the files of an issued report"), steps=STEPS)
def render_report(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Makes the files of a frozen document in all its languages."""
    row = ReportDocument.objects.get(pk=job.payload["document"])
    files = _files(row, job.payload["languages"], progress, done=0)
    return {"document": row.pk, "sha256": row.sha256, "files": files}
