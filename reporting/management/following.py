"""Shows the work on a report at a terminal until it is over."""

import time

from django.core.management.base import CommandError, OutputWrapper
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import User
from reporting.document import from_json
from reporting.models import Report
from reporting.pages.work import WorkView, shown_work
from reporting.queries.work import ReportWork, work_on

WIDTH = 30
LOOK_EVERY = 0.05
"""Seconds between two looks at the jobs."""


class Following:
    """A bar drawn over itself on a terminal; elsewhere a line each time something is done."""

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.on_terminal = bool(out.isatty())
        self.last = ""
        self.languages: dict[int, tuple[str, ...]] = {}

    def follow(self, report: Report, by: User) -> None:
        """Returns once all files are made.

        Raises CommandError with a sentence for each thing that could not be done.
        """
        while True:
            view = shown_work(self.work(report.pk, by), at=timezone.now())
            self.say(view)
            if view.is_over:
                break
            time.sleep(LOOK_EVERY)
        if self.on_terminal:
            self.out.write("")
        if view.whole.state != "done":
            lines = [view.sentence]
            lines += [f"  {', '.join(one.parts)}: {one.sentence}" for one in view.troubles]
            raise CommandError("\n".join(lines))

    def work(self, number: int, by: User) -> ReportWork:
        """The work as it stands; the languages of a document are read once."""
        # Looked at many times in a second: not with the megabytes of its document each time.
        found = Report.objects.select_related("document").defer("document__content")
        report = found.get(pk=number)
        row = report.document
        if row is not None and row.pk not in self.languages:
            self.languages[row.pk] = tuple(from_json(row.content.encode()).languages)
        languages = self.languages[row.pk] if row else ()
        return work_on(report, row, row.renderings.all() if row else (), languages, by)

    def say(self, view: WorkView) -> None:
        """Writes the state of the work if it changed."""
        step = next((one for one in view.steps if one.state != "done"), None)
        line = step.label if step else _("All files are made.")
        if self.on_terminal:
            done = WIDTH * view.percent // 100
            line = f"\r[{'#' * done}{'.' * (WIDTH - done)}] {line}\x1b[K"
        if line != self.last:
            self.out.write(line, ending="" if self.on_terminal else "\n")
            self.out.flush()
            self.last = line
