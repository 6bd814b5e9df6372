"""`assemble_report` and `demo` at a shell: sentences instead of stack traces, whole files or none."""

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from made_database import EMPTY, copy_database

from reporting.models import Report, ReportDocument

ROOT = Path(__file__).resolve().parents[2]
QA = "qa@demo.example.org"


class Site(NamedTuple):
    folder: Path
    said: subprocess.CompletedProcess[str]


def assemble(folder: Path, *options: str, kind: str = "biennial_progress") -> str:
    out = StringIO()
    call_command(
        "assemble_report",
        kind,
        *(options if "--period" in options else ("--period", "2016-2017", *options)),
        *(() if "--output" in options else ("--output", str(folder / "report.pdf"))),
        stdout=out,
        skip_checks=True,
    )
    return out.getvalue()


def manage(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own without a terminal, on its own SQLite file."""
    kept = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=kept | {"HABITAT_DATA_DIR": str(folder)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.usefixtures("demonstration")
class TestAssembleReport:
    def test_writes_the_file_and_says_so(self, tmp_path):
        said = assemble(tmp_path, "--confirm-gaps", "--by", QA)
        written = (tmp_path / "report.pdf").read_bytes()
        row = ReportDocument.objects.get()
        assert said == (
            f"{tmp_path}/report.pdf: {len(written):,} bytes, document {row.sha256[:16]}\n"
        )
        assert written.startswith(b"%PDF-")
        assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]

    def test_writes_the_same_bytes_again(self, tmp_path):
        options = ("--confirm-gaps", "--by", QA, "--format", "xlsx", "--language", "zh")
        assemble(tmp_path, *options, "--output", str(tmp_path / "one"))
        assemble(tmp_path, *options, "--output", str(tmp_path / "two"))
        assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()

    @pytest.mark.parametrize(
        ("options", "sentence"),
        [
            (
                ("--period", "2031"),
                "2031 is not a period of the plan. Write a biennium, such as 2016-2017. "
                "If no plan is loaded yet, run: manage.py load_plan",
            ),
            (
                ("--period", "2017"),
                "Biennial progress report on the implementation of the strategic plan is not made "
                "for 2017. Choose one of these periods: 2014–2015, 2016–2017, 2018–2019.",
            ),
            (
                ("--language", "tlh"),
                "tlh is not a language. Choose one of: ar, zh, en, fr, ru, es.",
            ),
            (
                ("--format", "odt"),
                "odt is not a format. Choose one of: pdf, docx, xlsx, html, json, csv.",
            ),
            (
                ("--confirm-gaps",),
                "Say who assembles the report: --by ADDRESS of the officer.",
            ),
            (
                ("--confirm-gaps", "--by", "nobody@example.org"),
                "Say who assembles the report: --by ADDRESS of the officer.",
            ),
            (
                ("--confirm-gaps", "--by", "manager@demo.example.org"),
                "This is for: quality assurance officer. "
                "Ask an administrator if you should hold that role.",
            ),
        ],
    )
    def test_refuses_in_a_sentence_and_freezes_nothing(self, tmp_path, options, sentence):
        with pytest.raises(CommandError) as refusal:
            assemble(tmp_path, *options)
        assert str(refusal.value) == sentence
        assert list(tmp_path.iterdir()) == []
        assert not ReportDocument.objects.exists()

    def test_refuses_a_kind_that_nobody_declared(self, tmp_path):
        with pytest.raises(CommandError) as refusal:
            assemble(tmp_path, kind="annual_poem")
        assert str(refusal.value) == (
            "annual_poem is not a kind of report. Choose one of: annual_progress, "
            "biennial_progress, biennial_performance, imdis, strategic_result, "
            "biennial_evaluation, recommendation_status."
        )

    def test_lists_what_is_missing_and_how_to_confirm(self, tmp_path):
        with pytest.raises(CommandError) as refusal:
            assemble(tmp_path)
        lines = str(refusal.value).splitlines()
        assert lines[0].startswith("Not all figures are approved.")
        assert (
            lines[1] == "  Urban Research and Capacity Development Branch, 2017 (submitted): FA7.1"
        )
        assert len(lines) == 5
        assert lines[-1] == "To confirm, add: --confirm-gaps --by ADDRESS"
        assert not Report.objects.exists()

    @pytest.mark.parametrize("place", ["missing/report.pdf", "a-file/report.pdf", "a-folder"])
    def test_refuses_a_place_it_cannot_write_to_and_freezes_nothing(self, tmp_path, place):
        (tmp_path / "a-file").touch()
        (tmp_path / "a-folder").mkdir()
        output = tmp_path / place
        with pytest.raises(CommandError) as refusal:
            assemble(tmp_path, "--confirm-gaps", "--by", QA, "--output", str(output))
        assert str(refusal.value) == (
            f"{output} cannot be written. Name a file in a folder that exists."
        )
        assert sorted(path.name for path in tmp_path.rglob("*")) == ["a-file", "a-folder"]
        assert not ReportDocument.objects.exists()

    def test_says_so_if_the_system_refuses_the_file(self, tmp_path):
        # The kernel lets nobody make a file here, not even root.
        with pytest.raises(CommandError, match=r"/proc/report\.pdf cannot be written: "):
            assemble(tmp_path, "--confirm-gaps", "--by", QA, "--output", "/proc/report.pdf")


class TestVerifyReport:
    def test_is_content_if_no_report_was_issued(self, db):
        out = StringIO()
        call_command("verify_report", "--all", stdout=out, skip_checks=True)
        assert out.getvalue() == "All is as it was issued: reports 0, files 0.\n"


class TestAtAShell:
    def test_a_refusal_ends_with_a_sentence_and_exit_code_1(self, tmp_path, tmp_path_factory):
        copy_database(tmp_path_factory, tmp_path, of=EMPTY)
        done = manage(
            tmp_path,
            *("assemble_report", "biennial_progress", "--period", "2016-2017"),
            *("--output", str(tmp_path / "x.pdf"), "--skip-checks"),
        )
        assert done.returncode == 1
        assert done.stderr == (
            "CommandError: 2016-2017 is not a period of the plan. Write a biennium, such as "
            "2016-2017. If no plan is loaded yet, run: manage.py load_plan\n"
        )
        assert done.stdout == ""
        assert not (tmp_path / "x.pdf").exists()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """What `demo` made in an empty folder: the folder, and what the command said."""
    folder = tmp_path_factory.mktemp("demo")
    return Site(folder, manage(folder, "demo"))


class TestDemo:
    def test_makes_the_issued_report_and_is_harmless_again(self, site):
        folder, first = site
        assert first.returncode == 0, first.stderr
        assert "\x1b" not in first.stdout
        assert "\r" not in first.stdout
        assert "Not approved, printed as not reported: External Relations Division" in first.stdout
        files = {path.name: path.read_bytes() for path in (folder / "demo").iterdir()}
        assert sorted(files) == [
            f"biennial-progress-2016-2017.{language}.{format}"
            for language in ("ar", "en", "es", "fr", "ru", "zh")
            for format in ("docx", "html", "json", "pdf", "xlsx")
        ]
        (folder / "demo" / "biennial-progress-2016-2017.en.pdf").unlink()

        second = manage(folder, "demo")
        assert second.returncode == 0, second.stderr
        assert "Making files" not in second.stdout
        assert {p.name: p.read_bytes() for p in (folder / "demo").iterdir()} == files
        password = (folder / "demo-password").read_text()
        for run in (first, second):
            assert f"Sign in with the password {password} as" in run.stdout

    def test_shows_each_file_of_all_languages_in_one_count(self, site):
        lines = site.said.stdout.splitlines()
        last = max(number for number, line in enumerate(lines) if line == "All files are made.")
        counted = [line for line in lines[:last] if line.endswith(" of 30")]
        assert len(counted) == len(set(counted)) > 10
        assert counted[-1] in {f"Making files: {made} of 30" for made in range(27, 31)}

    def test_every_file_it_made_is_made_again_byte_for_byte_elsewhere(self, site):
        done = manage(site.folder, "verify_report", "--all")
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert lines[0] == "DEMO/HSP/GC/2018/1 (biennial-progress-2016-2017)"
        assert len([line for line in lines if ": as it was issued" in line]) == 1 + 30
        assert lines[-1] == "All is as it was issued: reports 1, files 30."

    def test_is_refused_with_a_database_server(self, settings):
        settings.EMBEDDED = False
        with pytest.raises(CommandError, match="The demonstration runs with SQLite"):
            call_command("demo")


class TestFollow:
    def test_shows_the_work_until_all_files_are_made(self, site):
        shutil.copytree(site.folder, another := site.folder.parent / "followed")
        done = manage(
            another,
            *("assemble_report", "annual_progress", "--period", "2016", "--language", "fr"),
            *("--by", QA, "--confirm-gaps"),
        )
        assert (done.returncode, done.stderr) == (0, "")
        lines = done.stdout.splitlines()
        assert lines[-1] == "All files are made."
        assert [line for line in lines if line.endswith("of 5")]

    def test_refuses_an_issued_report_in_a_sentence(self, site):
        done = manage(
            site.folder,
            *("assemble_report", "biennial_progress", "--period", "2016-2017"),
            *("--by", QA, "--confirm-gaps"),
        )
        assert done.returncode == 1
        assert done.stdout == ""
        assert "CommandError: This report was issued as DEMO/HSP/GC/2018/1" in done.stderr
