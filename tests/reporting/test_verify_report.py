"""`verify_report` at a shell: what an issued report is, and what a forger or a bad disk leaves."""

import hashlib
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from demonstration_data import ASSEMBLED_AT
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from focus_areas.models import Period
from habitat_plan.kit.unchangeable import unguard
from organization.models import User
from reporting import services, storage
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Rendering, Report, ReportDocument

SYMBOL = "HSP/GC/27/9"
ALL = ["ar json", "en pdf", "en xlsx"]


@pytest.fixture(scope="module")
def made(
    loaded: None,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Path:
    """The biennial report, issued, with three of its files; the folder they lie in."""
    folder = tmp_path_factory.mktemp("made")
    backend = "django.core.files.storage.FileSystemStorage"
    kept = {"default": {"BACKEND": backend, "OPTIONS": {"location": folder}}}
    officer, editor = (
        User.objects.get(email=f"{name}@demo.example.org") for name in ("qa", "editor")
    )
    biennium = Period.objects.get(code="2016-2017")
    row = services.assemble_now(
        kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=ASSEMBLED_AT
    )
    services.clear(report=row.report, by=editor, at=ASSEMBLED_AT, confirm_open=True)
    services.issue(
        report=row.report, symbol=SYMBOL, dated=date(2019, 3, 4), by=editor, at=ASSEMBLED_AT
    )
    document = ReportDocument.objects.get(number=2)
    with override_settings(STORAGES=django_settings.STORAGES | kept):
        for name in ALL:
            language, format = name.split()
            services.render_one(row=document, language=language, format=format, at=ASSEMBLED_AT)
    return folder


@pytest.fixture
def issued(made: Path, db: None, shelf_folder: Path) -> Report:
    """The issued report, for one test to damage."""
    shutil.copytree(made, shelf_folder, dirs_exist_ok=True)
    return Report.objects.select_related("document").get(symbol=SYMBOL)


@pytest.fixture
def forge(unguarded):
    """Changes a row of a table that cannot be changed, as somebody who owns the database may."""

    def change(row, **values):
        type(row).objects.filter(pk=row.pk).update(**values)

    return change


@pytest.fixture
def unguarded(db, unchangeable):
    """The guards of the database taken off, until the test undoes its changes."""
    tables = [table for table in unchangeable if table.startswith("reporting_")]
    with connection.cursor() as cursor:
        for table in tables:
            for statement in unguard(table, connection.vendor):
                cursor.execute(statement)


def verify(*options: str) -> list[str]:
    out = StringIO()
    call_command("verify_report", *options, stdout=out, skip_checks=True)
    return out.getvalue().splitlines()


def refused(*options: str) -> list[str]:
    with pytest.raises(CommandError) as refusal:
        verify(*options)
    return str(refusal.value).splitlines()


def english(report: Report, format: str) -> Rendering:
    return report.document.renderings.get(language="en", format=format)


class TestVerifyReport:
    def test_says_of_each_file_that_it_is_as_it_was_issued(self, issued):
        lines = verify(SYMBOL)
        assert lines[0] == "HSP/GC/27/9 (biennial-progress-2016-2017)"
        size = len(issued.document.content.encode())
        assert lines[1] == f"  document: as it was issued, {size:,} bytes"
        told = dict(line.strip().split(": ", 1) for line in lines[2:-1])
        assert [name for name, line in told.items() if line.startswith("as it was")] == ALL
        assert [name for name, line in told.items() if line == "not made yet"] == [
            f"{language} {format}"
            for language in ("ar", "zh", "en", "fr", "ru", "es")
            for format in ("pdf", "docx", "xlsx", "html", "json")
            if f"{language} {format}" not in ALL
        ]
        assert lines[-1] == "All is as it was issued: reports 1, files 3."

    def test_names_a_document_that_was_forged(self, issued, forge):
        row = issued.document
        forge(row, content=row.content.replace("Arab States", "Arabs States", 1))
        told = refused(SYMBOL)
        assert told[0].startswith("Not all is as it was issued.")
        assert told[1] == "HSP/GC/27/9 document: its SHA-256 is not the recorded one"
        assert "HSP/GC/27/9 ar json: made again it gives other bytes" in told

    def test_names_a_document_that_was_forged_together_with_its_hash(self, issued, forge):
        content = issued.document.content.replace("Arab States", "Arabs States", 1)
        forge(issued.document, content=content, sha256=hash_of(content.encode()))
        assert refused(SYMBOL)[1] == (
            "HSP/GC/27/9 document: the audit trail kept another SHA-256 when it was issued"
        )

    def test_names_a_document_written_in_another_way(self, issued, forge):
        content = issued.document.content.replace('{"', '{ "', 1)
        forge(issued.document, content=content, sha256=hash_of(content.encode()))
        assert "; written again it gives other bytes" in refused(SYMBOL)[1]

    def test_names_a_document_that_cannot_be_read(self, issued, forge):
        forge(issued.document, content=issued.document.content[:-1])
        [_first, line] = refused(SYMBOL)
        assert line.startswith(
            "HSP/GC/27/9 document: its SHA-256 is not the recorded one; it cannot be read: "
        )

    def test_names_a_report_that_bears_another_symbol_than_its_document(self, issued, forge):
        forge(issued, symbol="HSP/GC/27/10")
        assert refused("HSP/GC/27/10")[1] == (
            "HSP/GC/27/10 document: it bears another symbol or date than the report"
        )

    def test_names_files_that_were_damaged_or_lost(self, issued):
        pdf, xlsx = english(issued, "pdf"), english(issued, "xlsx")
        path = storage.path_of(pdf.sha256, "pdf")
        path.write_bytes(path.read_bytes().replace(b"%PDF-1", b"%PDF-2", 1))
        storage.path_of(xlsx.sha256, "xlsx").unlink()
        assert refused(SYMBOL)[1:] == [
            "HSP/GC/27/9 en pdf: the stored file was altered",
            "HSP/GC/27/9 en xlsx: the stored file is missing",
        ]

    def test_names_a_file_that_was_exchanged_together_with_its_record(self, issued, forge):
        exchanged = storage.keep(b"another report", "pdf")
        forge(english(issued, "pdf"), sha256=exchanged, size=14)
        assert refused(SYMBOL)[1:] == [
            "HSP/GC/27/9 en pdf: made again it gives other bytes; "
            "the audit trail kept another SHA-256 when it was made"
        ]

    def test_checks_every_issued_report_if_asked(self, issued):
        assert verify("--all")[-1] == "All is as it was issued: reports 1, files 3."

    def test_refuses_a_symbol_that_was_never_given(self, issued):
        assert refused("HSP/GC/1/1") == [
            "No report was issued as HSP/GC/1/1. With --all, every issued report is checked."
        ]

    def test_asks_for_a_symbol(self, db):
        assert refused() == ["Name the symbol of an issued report, or write --all."]


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
