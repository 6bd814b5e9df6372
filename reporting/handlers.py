"""The jobs of this app: assembling a report, and making one file of its frozen document."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import handler
from jobs.rules import REPORTS
from organization.models import User
from reporting import services
from reporting.kinds import ASSEMBLE, RENDER
from reporting.models import Report, ReportDocument
from reporting.permissions import STEERS_WORK
from reporting.rendering.memory import give_back

ASSEMBLE_STEPS = {
    "collecting": _("Collecting approved figures"),
    "document": _("Freezing the document"),
    "asking": _("Asking for the files"),
}
RENDER_STEPS = {"rendering": _("Making the file")}


@handler(
    ASSEMBLE,
    title=_("Assembling a report"),
    steps=ASSEMBLE_STEPS,
    queue=REPORTS,
    steered_by=STEERS_WORK,
)
def assemble_report(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Freezes the document, then asks for the files of the working copy in the asker's language.

    Each of the two is the same once or twice, so that it goes on where a killed worker stopped.
    """
    by, total = User.objects.get(jobs=job), len(ASSEMBLE_STEPS)
    report = Report.objects.select_related("period").get(slug=job.payload["report"])
    progress("collecting", 0, total)
    row = services.assemble(
        report=report,
        number=job.payload["number"],
        confirm_gaps=job.payload["confirm_gaps"],
        by=by,
        at=timezone.now(),
        told=lambda: progress("document", 1, total),
    )
    # Also the moment to hear that somebody cancelled: nothing is asked for then.
    progress("asking", 2, total)
    services.request_files(
        row=row, languages=[job.language], by=by, at=timezone.now(), language=job.language
    )
    return {"document": row.pk, "sha256": row.sha256}


@handler(
    RENDER,
    title=_("Making a file of a report"),
    steps=RENDER_STEPS,
    queue=REPORTS,
    steered_by=STEERS_WORK,
)
def render_report(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Makes one file of a frozen document; nothing if it is there."""
    row = ReportDocument.objects.get(pk=job.payload["document"])
    progress("rendering", 0, 1)
    rendering = services.render_one(
        row=row,
        language=job.payload["language"],
        format=job.payload["format"],
        at=timezone.now(),
    )
    give_back(job.payload["format"])
    return {"sha256": rendering.sha256}
