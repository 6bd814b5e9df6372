"""Evidence: who may add and take out, when, and what is kept of a file."""

import hashlib
import sys
import threading
import time
from pathlib import Path

import factories
import pytest
import sample_files as files

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Evidence, Indicator
from indicators.queries.evidence import path_of, submitted_among
from indicators.services import evidence, submissions
from organization.models import AuditEntry

NOW = factories.NOW
PATIENCE = 180


@pytest.fixture
def measure(house: factories.House) -> Indicator:
    return factories.indicator("AA1", offices=[house.branch])


@pytest.fixture
def count(house: factories.House) -> Indicator:
    return factories.indicator("FA2.1", kind="count", offices=[house.branch])


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings) -> Path:
    """A folder of its own for the files of each test."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def add(house: factories.House, measure: Indicator, **given):
    values = {
        "indicator": measure, "office": house.branch, "period": house.year, "name": "Decree.pdf",
        "content": files.PDF, "title": "", "note": "", "by": house.contributor, "at": NOW,
    }  # fmt: skip
    return evidence.add_file(**values | given)


def code_of(call, *args, **given) -> str:
    with pytest.raises(RuleBroken) as refused:
        call(*args, **given)
    return refused.value.code


class TestAddFile:
    def test_keeps_it_under_its_hash_with_what_it_is(self, house, measure, shelf):
        piece = add(house, measure, name="..\\Decree\u202e.exe")
        assert (piece.title, piece.file_name) == ("Decree.exe.pdf", "Decree.exe.pdf")
        assert (piece.media_type, piece.size, piece.scanned) == (
            "application/pdf",
            len(files.PDF),
            False,
        )
        assert path_of(piece.sha256) == shelf / "evidence" / piece.sha256[:2] / piece.sha256
        assert path_of(piece.sha256).read_bytes() == files.PDF

    def test_keeps_a_picture_without_its_place(self, house, measure):
        photograph = files.jpeg(files.segment(0xE1, files.exif()))
        piece = add(house, measure, name="site.jpg", content=photograph)
        assert path_of(piece.sha256).read_bytes() == files.jpeg()
        assert piece.size == len(files.jpeg())

    def test_keeps_equal_content_once_and_both_pieces(self, house, measure, shelf):
        first, second = add(house, measure), add(house, measure, name="Again.pdf")
        assert first.sha256 == second.sha256
        assert [p.name for p in shelf.rglob("*") if p.is_file()] == [first.sha256]

    def test_is_in_the_trail_with_its_hash(self, house, measure):
        piece = add(house, measure)
        entry = AuditEntry.objects.get(action="add evidence")
        assert entry.changes["sha256"] == [None, piece.sha256]
        assert entry.by == house.contributor

    def test_stores_nothing_that_is_refused(self, house, measure, shelf):
        assert code_of(add, house, measure, content=b"<svg/>") == "file_markup"
        assert not Evidence.objects.exists()
        assert not list(shelf.iterdir())

    def test_is_for_contributors_of_the_office(self, house, measure, shelf):
        for person in (house.approver, house.regional, house.officer, house.administrator):
            with pytest.raises(NotAllowed):
                add(house, measure, by=person)
        assert not list(shelf.iterdir())

    def test_stores_nothing_once_the_figures_are_locked(self, house, measure, shelf):
        factories.submission(house.branch, state="submitted")
        assert code_of(add, house, measure) == "locked"
        assert not list(shelf.iterdir())

    def test_is_refused_for_an_indicator_of_others(self, house):
        assert (
            code_of(add, house, factories.indicator("ZZ1", offices=[house.region]))
            == "not_assigned"
        )

    def test_may_belong_to_an_achievement_of_the_same_figure_only(self, house, count, measure):
        own = factories.achievement(count, factories.authority(), house.branch)
        assert add(house, count, achievement=own).achievement == own
        assert code_of(add, house, measure, achievement=own) == "other_achievement"

    def test_has_an_end(self, house, measure, monkeypatch):
        monkeypatch.setattr(evidence, "PIECES_LIMIT", 2)
        add(house, measure)
        second = add(house, measure)
        assert code_of(add, house, measure) == "too_much_evidence"
        evidence.retire_evidence(evidence=second, reason="", by=house.contributor, at=NOW)
        assert add(house, measure)

    def test_leaves_no_row_if_the_folder_cannot_be_written(self, house, measure, shelf):
        (shelf / "evidence").write_bytes(b"a file where the folder should be")
        assert code_of(add, house, measure) == "file_not_kept"
        assert not Evidence.objects.exists()
        assert [p.name for p in shelf.iterdir()] == ["evidence"]

    def test_says_that_it_was_scanned_and_refuses_the_test_virus(
        self, house, measure, settings, tmp_path
    ):
        program = tmp_path / "scanner.py"
        program.write_text("import sys\nsys.exit(1 if b'EICAR' in sys.stdin.buffer.read() else 0)")
        settings.SCANNER = [sys.executable, str(program)]
        assert add(house, measure).scanned is True
        assert code_of(add, house, measure, content=files.EICAR) == "file_infected"


class TestRetire:
    def test_before_the_first_submission_needs_no_reason(self, house, measure):
        piece = add(house, measure)
        evidence.retire_evidence(evidence=piece, reason="", by=house.contributor, at=NOW)
        piece.refresh_from_db()
        assert (piece.retired_by, piece.retired_at) == (house.contributor, NOW)
        assert path_of(piece.sha256).exists()

    def test_after_a_submission_needs_one(self, house, measure):
        piece = add(house, measure)
        factories.figure(measure, house.branch, value="5")
        row = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        submissions.return_to_office(submission=row, note="Which one?", by=house.approver, at=NOW)
        give = {"evidence": piece, "by": house.contributor, "at": NOW}
        assert code_of(evidence.retire_evidence, reason=" ", **give) == "reason_needed"
        evidence.retire_evidence(reason="The wrong decree", **give)
        assert AuditEntry.objects.get(action="retire evidence").reason == "The wrong decree"

    def test_what_was_added_after_the_return_was_never_submitted(self, house, measure):
        row = factories.submission(house.branch, state="returned")
        before = factories.evidence(measure, house.branch)
        Evidence.objects.filter(pk=before.pk).update(added_at=row.submitted_at)
        after = add(house, measure)
        assert submitted_among([before, after]) == {before.pk}

    def test_after_a_submission_that_was_withdrawn_needs_one_too(self, house, measure):
        piece = add(house, measure)
        factories.figure(measure, house.branch, value="5")
        row = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        submissions.withdraw(submission=row, by=house.contributor, at=NOW)
        give = {"evidence": piece, "reason": "", "by": house.contributor, "at": NOW}
        assert code_of(evidence.retire_evidence, **give) == "reason_needed"

    def test_happens_once(self, house, measure):
        piece = add(house, measure)
        give = {"evidence": piece, "reason": "x", "by": house.contributor, "at": NOW}
        evidence.retire_evidence(**give)
        assert code_of(evidence.retire_evidence, **give) == "retired_already"

    def test_is_for_contributors_of_the_office(self, house, measure):
        piece = add(house, measure)
        for person in (house.approver, house.regional, house.officer):
            with pytest.raises(NotAllowed):
                evidence.retire_evidence(evidence=piece, reason="x", by=person, at=NOW)

    def test_waits_while_the_figures_are_locked(self, house, measure):
        piece = factories.evidence(measure, house.branch)
        factories.submission(house.branch, state="approved")
        assert (
            code_of(
                evidence.retire_evidence, evidence=piece, reason="x", by=house.contributor, at=NOW
            )
            == "locked"
        )


@pytest.mark.drill
def test_equal_files_at_the_same_moment_are_one_file(shelf, tell, rounds):
    threads, turns = 8, rounds(25, 1_000)
    together, failures = threading.Barrier(threads), []

    def send() -> None:
        for turn in range(turns):
            together.wait(PATIENCE)
            try:
                evidence.keep(files.PDF + b"\n" * turn)
            except RuleBroken as broken:
                failures.append(broken.code)

    workers = [threading.Thread(target=send, daemon=True) for _ in range(threads)]
    deadline = time.monotonic() + PATIENCE
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(max(0, deadline - time.monotonic()))
    assert not any(worker.is_alive() for worker in workers), f"not done within {PATIENCE} seconds"
    kept = [path for path in shelf.rglob("*") if path.is_file()]
    whole = [path for path in kept if hashlib.sha256(path.read_bytes()).hexdigest() == path.name]
    tell(
        f"check 17: {threads * turns} files, {turns} different, sent by {threads} at once: {len(kept)} kept, {len(kept) - len(whole)} half"
    )
    assert failures == []
    assert len(kept) == len(whole) == turns
