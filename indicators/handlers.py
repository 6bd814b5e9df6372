"""The jobs of this app: reading and saving files too long for a page."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Upload
from indicators.services import uploads
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import handler
from organization.models import User

STEPS = {
    "reading": _("Reading the file"),
    "saving": _("Saving all rows at once"),
}


def _upload(job: Job) -> tuple[Upload, User]:
    rows = Upload.objects.select_related("office", "period")
    return rows.get(pk=job.payload["upload"]), User.objects.get(jobs=job)


@handler(uploads.READ, title=_("Reading a long file"), steps=STEPS)
def read_upload(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Reads the file and keeps its preview; one that was read already is left as it is."""
    upload, by = _upload(job)
    if upload.state == Upload.State.READING:
        progress("reading", 0, 2)
        upload = uploads.read(
            upload=upload,
            by=by,
            at=timezone.now(),
            in_background=True,
            told=lambda: progress("reading", 1, 2),
        )
    return {"state": upload.state, "counts": upload.counts}


@handler(uploads.SAVE, title=_("Saving a long file"), steps=STEPS)
def save_upload(job: Job, progress: Progress) -> Mapping[str, Any]:
    """Saves the file whole or not at all; one that was saved already is left as it is.

    What a rule forbids brings the file back to its preview.
    """
    upload, by = _upload(job)
    if upload.state != Upload.State.CONFIRMED:
        return {"state": upload.state}
    progress("reading", 0, 2)
    try:
        upload = uploads.save(
            upload=upload, by=by, at=timezone.now(), told=lambda: progress("saving", 1, 2)
        )
    except RuleBroken as broken:
        uploads.give_back(upload=upload, sentence=str(broken.message), by=by, at=timezone.now())
        raise
    return {"state": upload.state, "counts": upload.counts}
