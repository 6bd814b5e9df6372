"""Three reports for tests of pages: one issued, one assembled, one cleared. All of it is made up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import factories
from django.conf import settings as django_settings
from sample_document import sample_document

from jobs.models import Job
from organization.models import User
from reporting.document import SCHEMA_VERSION, fingerprint, to_json
from reporting.kinds import ASSEMBLE
from reporting.models import Report, ReportDocument
from reporting.services import render_one

AT = datetime(2018, 2, 2, 9, 0, tzinfo=UTC)
ISSUED, ASSEMBLED, CLEARED = (
    f"biennial-progress-{years}" for years in ("2014-2015", "2016-2017", "2018-2019")
)
SYMBOL = "HSP/GC/26/5"


@dataclass(frozen=True)
class Shelf:
    """The reports with those who work on them."""

    officer: User
    editor: User
    committee: User
    contributor: User
    issued: Report
    assembled: Report
    cleared: Report


def stored_in(folder: Path) -> dict[str, Any]:
    """The setting under which files of reports are written to this folder."""
    storage = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": storage, "OPTIONS": {"location": folder}}
    return django_settings.STORAGES | {"default": default}


def keep_files_in(folder: Path, settings: Any) -> None:
    """Lets files of reports be written to this folder."""
    settings.STORAGES = stored_in(folder)


def make_shelf() -> Shelf:
    """The three reports; the issued one has an English spreadsheet."""
    unit = factories.office("QAU", kind="unit")
    officer = factories.person("Olga Officer", quality_assurance=unit)
    editor = factories.person("Eli Editor", report_editor=unit)
    shelf = Shelf(
        officer=officer,
        editor=editor,
        committee=factories.person("Mia Mission", committee=factories.office("M", kind="mission")),
        contributor=factories.person("Cem Contributor", contributor=factories.office("BR1")),
        issued=_report(ISSUED, officer),
        assembled=_report(ASSEMBLED, officer),
        cleared=_report(CLEARED, officer),
    )
    word = {"cleared_at": AT, "cleared_by": editor}
    out = {"symbol": SYMBOL, "issued_on": date(2016, 5, 3), "issued_by": editor}
    _change(shelf.cleared, state="cleared", **word)
    _change(shelf.issued, state="issued", **word, **out)
    render_one(row=shelf.issued.document, language="en", format="xlsx", at=AT)
    return shelf


def _report(slug: str, officer: User) -> Report:
    period = factories.period(slug.removeprefix("biennial-progress-"))
    report = Report.objects.create(kind="biennial_progress", period=period, slug=slug)
    document = sample_document()
    row = ReportDocument.objects.create(
        report=report,
        number=1,
        schema_version=SCHEMA_VERSION,
        content=to_json(document).decode(),
        sha256=fingerprint(document),
        assembled_at=AT,
        assembled_by=officer,
    )
    return _change(report, state="assembled", document=row)


def _change(report: Report, **values: Any) -> Report:
    for name, value in values.items():
        setattr(report, name, value)
    report.save()
    return report


def job(slug: str, by: User, **values: Any) -> Job:
    """A job that assembles this report."""
    defaults = {"state": "queued", "queued_at": AT, "rung_at": AT, "requested_by": by}
    return Job.objects.create(kind=ASSEMBLE, key=f"{ASSEMBLE}:{slug}:2", **(defaults | values))
