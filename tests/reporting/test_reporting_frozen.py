"""What was frozen stays: the same bytes everywhere, and no change upstream or in the database."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from corrected import (
    DATED,
    LATER_AT,
    SYMBOL,
    approve_late,
    correct,
    counted_once,
    issue_biennial,
    merge,
    person,
)
from demonstration_data import ASSEMBLED_AT
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from made_database import copy_database
from once import undone
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from focus_areas.models import Period, PlanRevision, PlanText, Result
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import Wording
from indicators.models import Achievement, Correction, Figure, Indicator, Target
from indicators.services.authorities import remove_achievement
from organization.models import Office, User
from reporting import services
from reporting.assembly import compose, recompose, take
from reporting.document import Document, fingerprint, from_json, to_json
from reporting.kinds import BIENNIAL_PROGRESS, KINDS
from reporting.models import Rendering, Report, ReportDocument
from reporting.queries.corrections import touched_report
from reporting.rendering import FORMATS, render
from reporting.services import corrections

ROOT = Path(__file__).resolve().parents[2]
# Baseline, 2015, 2017 and target of the focus areas whose figures are printed.
PRINTED = (
    "30 47 64 80", "42 61 86 110", "18 27 33 60", "25 44 76 75", "20 31 45 56", "12 12 13 48",
)  # fmt: skip


# Renderings that a reader can ask for, in three scripts.
READ_IN = ("en", "ar", "zh")


@contextmanager
def shelf_in(folder: Path) -> Iterator[None]:
    """Files of reports go to this folder."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": folder}}
    with override_settings(STORAGES=settings.STORAGES | {"default": default}):
        yield


@pytest.fixture(scope="module")
def document(loaded: None, django_db_blocker: DjangoDbBlocker) -> Document:
    with django_db_blocker.unblock():
        period = Period.objects.get(code="2016-2017")
        return compose(take(kind=BIENNIAL_PROGRESS, period=period, at=ASSEMBLED_AT))


@pytest.fixture(scope="module")
def files(document: Document) -> dict[str, bytes]:
    """The document in three languages and all formats, made once."""
    return {
        f"{language}.{format}": render(document, language, format)
        for language in READ_IN
        for format in FORMATS
    }


@pytest.fixture(scope="class")
def assembled(loaded: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ReportDocument]:
    """The report, assembled once for the tests of a class."""
    with django_db_blocker.unblock(), undone():
        yield services.assemble_now(
            kind=BIENNIAL_PROGRESS, period=Period.objects.get(code="2016-2017"), confirm_gaps=True,
            by=person("qa"), at=ASSEMBLED_AT,
        )  # fmt: skip


@pytest.fixture
def row(assembled: ReportDocument, db: None) -> ReportDocument:
    return ReportDocument.objects.get(pk=assembled.pk)


def elsewhere(folder: Path, *languages: str) -> dict[str, str]:
    """The hashes that another process finds: another zone, locale, hash seed, year, database.

    The database is in the folder; another process made it.
    """
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    done = subprocess.run(
        [sys.executable, "tests/reporting/assemble_elsewhere.py", "400", *languages],
        cwd=ROOT,
        env=kept
        | {
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "HABITAT_DATA_DIR": str(folder),
            "PYTHONPATH": f"{ROOT}:{ROOT / 'tests' / 'reporting'}",
            "PYTHONHASHSEED": "4711",
            "TZ": "Pacific/Kiritimati",
            "TIME_ZONE": "America/Caracas",
            "LC_ALL": "C",
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    hashes: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return hashes


def hashes_of(document: Document, *languages: str) -> dict[str, str]:
    return {"document": fingerprint(document)} | {
        f"{language}.{format}": hashlib.sha256(render(document, language, format)).hexdigest()
        for language in languages
        for format in FORMATS
    }


def known_hashes(document: Document, files: dict[str, bytes], *languages: str) -> dict[str, str]:
    """The same of files that are there."""
    return {"document": fingerprint(document)} | {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name.partition(".")[0] in languages
    }


class TestSameBytes:
    def test_in_another_process_zone_locale_year_and_database(
        self, document, files, tmp_path, tmp_path_factory
    ):
        copy_database(tmp_path_factory, tmp_path)
        assert elsewhere(tmp_path, *READ_IN) == known_hashes(document, files, *READ_IN)

    def test_after_the_document_was_stored_and_read(self, row, document, files):
        stored = ReportDocument.objects.get(pk=row.pk)
        assert hashlib.sha256(stored.content.encode()).hexdigest() == stored.sha256
        again = hashes_of(from_json(stored.content.encode()), "en")
        assert again == known_hashes(document, files, "en")


class TestPrintedPdf:
    @pytest.mark.parametrize("language", ["ar", "zh", "en"])
    def test_holds_the_known_numbers(self, files, language):
        pages = PdfReader(BytesIO(files[f"{language}.pdf"])).pages
        words = [page.extract_text(extraction_mode="layout").split() for page in pages]
        found = {word for page in words for word in page}
        for row in PRINTED:
            assert set(row.split()) <= found, row
        table = "\n".join(page.extract_text() for page in pages)
        for share in ("102", "68", "63", "69", "11.2" if language != "fr" else "11,2"):
            assert share in table

    def test_shows_a_footnote_on_the_page_that_cites_it_first(self, files):
        pages = PdfReader(BytesIO(files["en.pdf"])).pages
        texts = ["".join(page.extract_text().split()) for page in pages]
        noted = [number for number, text in enumerate(texts) if "HSP/GC/26/6/Add" in text]
        cited = [number for number, text in enumerate(texts) if "(paragraph92)" in text]
        assert len(noted) == 1
        assert noted == cited


def change_everything_upstream() -> None:
    """Figures, wordings and names as they may be years later."""
    renamed = Wording.of(en="Renamed", ar="Renamed", zh="Renamed")
    Figure.objects.filter(value__isnull=False).update(value=1)
    Achievement.objects.filter(indicator__code="FA1.1").delete()
    Target.objects.all().update(value=7)
    Indicator.objects.all().update(title=renamed, decimals=2)
    Office.objects.all().update(name=renamed)
    PlanText.objects.all().update(wording=renamed)


class TestChangesUpstream:
    def test_change_neither_hash_nor_bytes_of_an_issued_report(self, row, biennium, editor):
        report = services.clear(report=row.report, by=editor, at=ASSEMBLED_AT)
        services.issue(
            report=report,
            symbol="HSP/GC/27/9",
            dated=date(2019, 3, 4),
            by=editor,
            at=ASSEMBLED_AT,
        )
        report.refresh_from_db()
        before = hashes_of(from_json(report.document.content.encode()), "en", "ar")
        change_everything_upstream()
        issued = ReportDocument.objects.get(pk=report.document.pk)
        assert hashes_of(from_json(issued.content.encode()), "en", "ar") == before
        assert issued.sha256 == before["document"]
        # The changes were real: a new assembly would tell another story.
        anew = compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=ASSEMBLED_AT))
        assert fingerprint(anew) != row.sha256
        assert anew.figures["FA1.1@2016-2017:actual"].value == 0


@pytest.fixture(scope="class")
def made(assembled: ReportDocument, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rendering]:
    """A file of the report, made once for the tests of a class."""
    with shelf_in(tmp_path_factory.mktemp("shelf")):
        yield services.render_one(row=assembled, language="en", format="xlsx", at=ASSEMBLED_AT)


class TestDatabase:
    @pytest.fixture
    def rendering(self, made, db) -> Rendering:
        return Rendering.objects.get(pk=made.pk)

    @pytest.mark.parametrize("table", ["reporting_reportdocument", "reporting_rendering"])
    @pytest.mark.parametrize("statement", [
        "UPDATE {table} SET sha256 = 'forged'",
        "DELETE FROM {table}",
        "INSERT INTO {table} SELECT * FROM {table}",
        "REPLACE INTO {table} SELECT * FROM {table}",
        "INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
        "TRUNCATE {table} CASCADE",
    ])  # fmt: skip
    def test_refuses_to_change_or_remove_what_is_frozen(self, rendering, table, statement):
        before = (rendering.document.sha256, rendering.sha256)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(table=table))
        assert ReportDocument.objects.get().sha256 == before[0]
        assert Rendering.objects.get().sha256 == before[1]

    def test_takes_a_file_once_for_each_language_and_format(self, rendering, row):
        again = services.render_one(row=row, language="en", format="xlsx", at=ASSEMBLED_AT)
        assert again == rendering
        assert Rendering.objects.count() == 1


@pytest.fixture(scope="class")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="class")
def issued(loaded: None, folder: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Report]:
    """The report with its files, issued once for the tests of a class."""
    with shelf_in(folder), django_db_blocker.unblock(), undone():
        found = issue_biennial()
        for language in READ_IN:
            for format in KINDS[found.kind].formats:
                services.render_one(row=found.document, language=language, format=format, at=LATER_AT)
        yield found


@pytest.fixture(scope="class")
def before(issued: Report) -> dict[str, bytes]:
    """What readers get while nothing has changed."""
    return given_out(Client(), issued)


def given_out(client: Client, report: Report) -> dict[str, bytes]:
    """Every file, page and answer by which a reader gets the report."""
    found = {
        f"{file.language}.{file.format}": client.get(
            f"/en/reports/{report.slug}/{file.language}.{file.format}"
        ).content
        for file in report.document.renderings.all()
    }
    for language in READ_IN:
        page = client.get(f"/{language}/reports/{report.slug}/").content
        body = page.partition(b'class="docmast"')[2].partition(b"<aside")[0]
        found[f"{language} page"] = body
    found["api"] = client.get(f"/api/v1/reports/{report.slug}/").content
    found["document"] = ReportDocument.objects.get(pk=report.document.pk).content.encode()
    assert all(found.values())
    return found


@pytest.mark.drill
class TestIssuedIsFrozen:
    """Check 37: nothing upstream changes what was issued; correction is the only road."""

    @pytest.fixture
    def report(self, issued, before, db) -> Report:
        return Report.objects.select_related("document", "period").get(pk=issued.pk)

    def test_whatever_changes_upstream(self, client, report, before, tell):
        files = {name: found for name, found in before.items() if re.fullmatch(r"..\.\w+", name)}
        figures = len(from_json(before["document"]).figures)
        assert b"86" in before["en page"]
        correct("FA2.1")
        merge("FA1.1")
        approve_late("URCDB", "2017")
        corrections.draft_all(at=LATER_AT)
        assert given_out(client, report) == before
        change_everything_upstream()
        Result.objects.all().update(ordinal=1)
        User.objects.all().update(name="Renamed")
        assert given_out(client, report) == before
        assert hashlib.sha256(before["document"]).hexdigest() == report.document.sha256
        anew = recompose(report, at=LATER_AT)
        assert fingerprint(anew) != report.document.sha256
        tell(
            f"check 37: {len(before)} ways to read an issued report ({len(files)} files, "
            f"{figures} figures), everything upstream changed, 0 bytes differ"
        )

    def test_is_made_again_with_the_same_bytes_once_its_files_are_lost(
        self, client, report, before, folder
    ):
        change_everything_upstream()
        lost = [path for path in folder.rglob("*") if path.is_file()]
        for path in lost:
            path.unlink()
        assert lost
        assert given_out(client, report) == before

    def test_no_step_leads_back(self, report, officer, editor, biennium, tell):
        def assemble() -> None:
            services.assemble_now(
                kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=LATER_AT
            )

        def issue() -> None:
            services.issue(report=report, symbol="HSP/GC/27/10", dated=DATED, by=editor, at=LATER_AT)

        def ask() -> None:
            services.request_assembly(
                kind=report.kind, period=biennium, by=officer, at=LATER_AT, language="en", confirm_gaps=True
            )

        counted = counted_once("FA2.1")
        writer = User.objects.filter(
            assignments__role="contributor", assignments__office=counted.office
        ).first()
        steps = {
            "assembling": assemble,
            "asking": ask,
            "clearing": lambda: services.clear(report=report, by=editor, at=LATER_AT),
            "issuing": issue,
            "taking an approved figure back": lambda: remove_achievement(
                achievement=counted, by=writer, at=LATER_AT
            ),
        }
        for step in steps.values():
            with pytest.raises(RuleBroken):
                step()
        report.refresh_from_db()
        assert (report.state, report.symbol) == ("issued", SYMBOL)
        tell(f"check 37: {len(steps)} steps on an issued report, all refused")

    def test_correction_is_the_only_road_and_keeps_both_values(self, report, editor):
        correct("FA2.1")
        kept = Correction.objects.latest("corrected_at")
        assert kept.before["count"] == kept.after["count"] + 1
        draft = corrections.draft_corrigendum(report=report, by=editor, at=LATER_AT)
        told = from_json(draft.document.content.encode()).figures
        key = "FA2.1@2016-2017:actual"
        assert (told[f"was:{key}"].value, told[key].value) == (86, 85)
        stored = from_json(ReportDocument.objects.get(pk=report.document.pk).content.encode())
        assert stored.figures[key].value == 86

    def test_a_revised_wording_is_no_correction_and_both_are_kept(self, report):
        valid = PlanText.objects.filter(code="FA2.result").latest("revision__dated")
        later = PlanRevision.objects.create(
            plan=valid.revision.plan, code="2018", symbol="HSP/GC/27/L.1", dated=DATED, title=Wording.of(en="Revised")
        )
        again = {"kind": valid.kind, "parent": valid.parent, "paragraph": valid.paragraph, "source": valid.source}
        PlanText.objects.create(
            revision=later, code=valid.code, wording=Wording.of(en="A later promise"), **again
        )
        correct("FA2.1")
        assert b"A later promise" in to_json(recompose(report, at=LATER_AT))
        stored = ReportDocument.objects.get(pk=report.document.pk).content
        assert str(valid.wording) in stored
        assert "A later promise" not in stored
        found = touched_report(report)
        assert "A later promise" not in to_json(found.corrigendum).decode()
        assert PlanText.objects.filter(code=valid.code).count() >= 2

    @pytest.mark.parametrize("way", [
        "UPDATE reporting_report SET {column} = {column}",
        "UPDATE reporting_report SET {column} = NULL",
    ])  # fmt: skip
    def test_the_database_refuses_to_change_any_column(self, report, way):
        columns = [field.column for field in Report._meta.concrete_fields]
        for column in columns:
            self.refused(way.format(column=column))
        assert Report.objects.filter(pk=report.pk, symbol=SYMBOL, issued_on=DATED).exists()

    def test_the_database_refuses_to_replace_or_remove_it(self, report, tell):
        columns = [field.column for field in Report._meta.concrete_fields]
        names = ", ".join(f'"{column}"' for column in columns)
        moved = ", ".join('"id" + 1000' if column == "id" else f'"{column}"' for column in columns)
        renamed = moved.replace('"slug"', "'another'").replace('"symbol"', "'HSP/GC/1/1'")
        planned = renamed.replace('"state"', "'planned'").replace("'HSP/GC/1/1'", "''")
        tried = [
            f"DELETE FROM reporting_report WHERE id = {report.pk}",
            "DELETE FROM reporting_report",
            "TRUNCATE reporting_report CASCADE",
            *(
                f"{verb} INTO reporting_report ({names}) SELECT {chosen} FROM reporting_report"
                for verb in ("INSERT", "REPLACE", "INSERT OR REPLACE", "INSERT OR IGNORE")
                for chosen in (names, moved, renamed, planned)
            ),
        ]
        for statement in tried:
            self.refused(statement)
        tell(f"check 37: {len(tried)} statements of raw SQL on an issued report, all refused")

    def refused(self, statement: str) -> None:
        before = list(Report.objects.order_by("pk").values())
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert list(Report.objects.order_by("pk").values()) == before
