"""A worker killed at random moments while a report is assembled and its files are made."""

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_jobs_drill import ROOT, Installation

from jobs.rules import MAX_ATTEMPTS

SEED = 20_140_101
KILLS = 10
LEASE = 2.1  # seconds until the lease of a killed worker has run out
SCRIPT = "tests/reporting/ask_for_report.py"


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own with the demonstration loaded and no broker."""
    made = Installation(tmp_path)
    made.environment["PYTHONPATH"] = f"{ROOT}:{ROOT / 'tests' / 'reporting'}"
    made.python(SCRIPT, "load")
    yield made
    made.end()


def stored_files(folder: Path) -> dict[str, bytes]:
    """Every stored file with its name, temporary ones left out."""
    found = (folder / "files").rglob("*.*")
    return {path.name: path.read_bytes() for path in found if path.is_file()}


class TestKilledWorker:
    def test_makes_one_document_and_each_file_once(self, installation):
        chance = random.Random(SEED)  # noqa: S311
        print(f"seed {SEED}, {KILLS} kills")  # to repeat the drill
        installation.python(SCRIPT, "ask")
        asked = 1
        for _ in range(KILLS):
            state, tries = installation.rows("SELECT state, attempts FROM jobs_job ORDER BY id")[-1]
            if state == "done":
                installation.python(SCRIPT, "ask")
                asked += 1
            elif tries == MAX_ATTEMPTS:
                # Set aside after the third try; a person tries again.
                time.sleep(LEASE)
                installation.python(SCRIPT, "go-on")
            worker = installation.worker()
            installation.wait_until_at_work(worker)
            time.sleep(chance.uniform(0, 1.5))
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=10)
        time.sleep(LEASE)
        installation.python(SCRIPT, "go-on")
        installation.python("manage.py", "work", "--once")

        jobs = installation.rows("SELECT state, attempts FROM jobs_job ORDER BY id")
        print(f"{asked} requests, jobs: {jobs}")
        assert [state for state, _ in jobs] == ["done"] * asked
        documents = installation.rows(
            "SELECT id, number, sha256 FROM reporting_reportdocument ORDER BY number"
        )
        assert [number for _, number, _ in documents] == list(range(1, asked + 1))
        # The same data, so the same document, however often a worker was killed over it.
        assert len({sha256 for _, _, sha256 in documents}) == 1
        renderings = installation.rows(
            "SELECT document_id, language, format FROM reporting_rendering ORDER BY 1, 2, 3"
        )
        assert renderings == [
            (document, "en", format)
            for document, _, _ in documents
            for format in ("docx", "pdf", "xlsx")
        ]
        recorded = installation.rows(
            "SELECT DISTINCT sha256, format, size FROM reporting_rendering"
        )
        files = stored_files(installation.folder)
        assert {name: len(content) for name, content in files.items()} == {
            f"{sha256}.{format}": size for sha256, format, size in recorded
        }


class TestBrokerClosed:
    def test_keeps_the_request_and_makes_the_report_later(self, installation):
        # Port 1 of this machine: nothing listens there.
        closed = {"CELERY_BROKER_URL": "redis://127.0.0.1:1/0"}
        assert installation.python(SCRIPT, "ask", **closed).split() == ["queued"]
        assert installation.rows("SELECT count(*) FROM reporting_reportdocument") == [(0,)]
        installation.python("manage.py", "work", "--once")
        assert installation.rows("SELECT state FROM jobs_job") == [("done",)]
        assert installation.rows("SELECT count(*) FROM reporting_reportdocument") == [(1,)]
