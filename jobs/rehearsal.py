"""The drill's job: it does nothing but leave one file, so that workers can be killed over it.

Payload: `steps` (how many), `seconds` (how long each takes), `ends` (empty, or `rule` or
`error` for a drill of failures). Effect: `rehearsals/<job>.txt` in the data folder.
"""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from jobs.models import Job
from jobs.progress import Progress
from jobs.registry import handler

KIND = "rehearsal"


def folder() -> Path:
    """Where the effects of rehearsals lie."""
    return Path(settings.DATA_DIR) / "rehearsals"


@handler(
    KIND,
    title=_("Rehearsal"),
    steps={"rehearsing": _("Rehearsing"), "writing": _("Writing the file")},
)
def rehearse(job: Job, progress: Progress) -> dict[str, Any]:
    """Takes its steps, then writes one file under a temporary name and renames it.

    Raises RuleBroken `rehearsal-refused` and ZeroDivisionError if the payload says so.
    """
    steps, seconds = int(job.payload["steps"]), float(job.payload["seconds"])
    for done in range(steps):
        progress("rehearsing", done, steps + 1)
        time.sleep(seconds)
    ends = job.payload.get("ends", "")
    if ends == "rule":
        raise RuleBroken("rehearsal-refused", _("This rehearsal was asked to be refused."))
    if ends == "error":
        raise ZeroDivisionError("this rehearsal was asked to break")
    progress("writing", steps, steps + 1)
    folder().mkdir(parents=True, exist_ok=True)
    final = folder() / f"{job.pk}.txt"
    unfinished = final.with_suffix(".part")
    unfinished.write_text(f"{job.key}\n", encoding="utf-8")
    unfinished.replace(final)
    return {"file": final.name}
