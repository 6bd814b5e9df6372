"""What was frozen stays: the same bytes everywhere, and no change upstream or in the database."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from demonstration_data import ASSEMBLED_AT
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from focus_areas.models import PlanText
from habitat_plan.kit.wording import Wording
from indicators.models import Achievement, Figure, Indicator, Target
from organization.models import Office
from reporting import services
from reporting.assembly import compose, take
from reporting.document import Document, fingerprint, from_json
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Rendering, ReportDocument
from reporting.rendering import FORMATS, render

ROOT = Path(__file__).resolve().parents[2]
# Baseline, 2015, 2017 and target of the focus areas whose figures are printed.
PRINTED = (
    "30 47 64 80", "42 61 86 110", "18 27 33 60", "25 44 76 75", "20 31 45 56", "12 12 13 48",
)  # fmt: skip


@pytest.fixture
def document(biennium) -> Document:
    return compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=ASSEMBLED_AT))


@pytest.fixture
def row(biennium, officer) -> ReportDocument:
    return services.assemble_now(
        kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=ASSEMBLED_AT
    )


def elsewhere(folder: Path, *languages: str) -> dict[str, str]:
    """The hashes that another process finds: another zone, locale, hash seed, year, database."""
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


class TestSameBytes:
    def test_in_another_process_zone_locale_year_and_database(self, document, tmp_path):
        assert elsewhere(tmp_path, "en", "ar", "zh") == hashes_of(document, "en", "ar", "zh")

    def test_after_the_document_was_stored_and_read(self, row, document):
        stored = ReportDocument.objects.get(pk=row.pk)
        assert hashlib.sha256(stored.content.encode()).hexdigest() == stored.sha256
        assert hashes_of(from_json(stored.content.encode()), "en") == hashes_of(document, "en")


class TestPrintedPdf:
    @pytest.mark.parametrize("language", ["ar", "zh", "en"])
    def test_holds_the_known_numbers(self, document, language):
        pages = PdfReader(BytesIO(render(document, language, "pdf"))).pages
        words = [page.extract_text(extraction_mode="layout").split() for page in pages]
        found = {word for page in words for word in page}
        for row in PRINTED:
            assert set(row.split()) <= found, row
        table = "\n".join(page.extract_text() for page in pages)
        for share in ("102", "68", "63", "69", "11.2" if language != "fr" else "11,2"):
            assert share in table

    def test_shows_a_footnote_on_the_page_that_cites_it_first(self, document):
        pages = PdfReader(BytesIO(render(document, "en", "pdf"))).pages
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


class TestDatabase:
    @pytest.fixture
    def rendering(self, row, shelf_folder) -> Rendering:
        return services.render_one(row=row, language="en", format="xlsx", at=ASSEMBLED_AT)

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
