"""Files of more than five thousand rows: read and saved by jobs, stopped, refused as a whole.

One is as long as that. The others are a tenth as long, and so is whatever makes a file a long one; `make drills` sends all of them at full length.
"""

import html
import re
from collections.abc import Callable
from pathlib import Path

import factories
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from long_files import INDICATORS, ROWS, limits_for, long_file, rows_of, world

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Submission, Upload
from indicators.services import entry, upload_files, upload_findings, uploads
from jobs import runner
from jobs.models import Job
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.drill
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A folder of its own for the files of uploads."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path


@pytest.fixture
def measures(
    request: pytest.FixtureRequest, rounds: Callable[[int, int], int], monkeypatch: pytest.MonkeyPatch
) -> int:
    """Indicators that the files are about."""
    number: int = getattr(request, "param", rounds(5, INDICATORS))
    for limit in limits_for(number):
        monkeypatch.setattr(*limit)
    return number


@pytest.fixture
def content(measures: int) -> bytes:
    """A long file with sevens."""
    return long_file(7, measures=measures)


@pytest.fixture
def person(db: None, measures: int) -> User:
    return world(measures)


@pytest.fixture
def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def send(client: Client, content: bytes):
    form = {"file": SimpleUploadedFile("all.csv", content), "language": "en"}
    return client.post("/en/uploads/new/?kind=figures", form, follow=True)


def work(kind: str) -> str | None:
    """One worker does the job that waits."""
    job = Job.objects.get(kind=kind, state="queued")
    return runner.run(job_id=job.pk, owner=runner.new_owner())


def press(client: Client, button: str):
    path = f"/en/uploads/{Upload.objects.latest('pk').pk}/"
    found = re.search(r'name="seen" value="([0-9a-f]+)"', client.get(path).content.decode())
    form = {"do": button, "seen": found[1] if found else ""}
    return client.post(path, form, follow=True)


def text(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def confirmed(client: Client, content: bytes) -> Upload:
    send(client, content)
    assert work(uploads.READ) == "done"
    press(client, "confirm")
    return Upload.objects.latest("pk")


class TestLongFile:
    @pytest.mark.parametrize("measures", [INDICATORS], indirect=True)
    def test_is_read_and_saved_by_jobs(self, client_of, content, measures):
        assert rows_of(measures) == ROWS == 6_000
        page = send(client_of, content)
        assert "The file is being read" in text(page)
        assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in (
            page.content.decode()
        )
        assert work(uploads.READ) == "done"
        upload = Upload.objects.get()
        assert (upload.state, upload.counts["new"]) == ("read", ROWS)
        preview = client_of.get(f"/en/uploads/{upload.pk}/")
        assert "6,000 rows would change; nothing is saved yet" in text(preview)
        assert "And 5500 more rows like these." in text(preview)
        assert "The file is being saved" in text(press(client_of, "confirm"))
        assert not Figure.objects.exists()
        assert work(uploads.SAVE) == "done"
        assert Upload.objects.get().state == "done"
        assert Figure.objects.filter(value=7).count() == ROWS
        assert AuditEntry.objects.filter(action__contains="figures").count() == 120

    def test_that_is_put_away_while_it_is_read_leaves_nothing(self, client_of, content):
        send(client_of, content)
        assert "put away" in text(press(client_of, "discard"))
        assert Job.objects.get().state == "cancelled"
        assert Upload.objects.get().state == "discarded"

    def test_that_is_stopped_before_the_worker_comes_saves_nothing(self, client_of, content):
        confirmed(client_of, content)
        assert "Stopped. Nothing was saved." in text(press(client_of, "stop"))
        assert Job.objects.get(kind=uploads.SAVE).state == "cancelled"
        assert Upload.objects.get().state == "read"
        assert not Figure.objects.exists()

    def test_that_is_stopped_under_way_saves_nothing(self, client_of, person, content):
        upload = confirmed(client_of, content)
        stopped = Upload.objects.get(pk=upload.pk)

        def stop() -> None:
            uploads.stop(upload=stopped, by=person, at=timezone.now())

        with pytest.raises(RuleBroken) as refused:
            uploads.save(upload=upload, by=person, at=timezone.now(), told=stop)
        assert refused.value.code == "upload_over"
        assert not Figure.objects.exists()
        assert not Submission.objects.exists()

    def test_can_be_confirmed_again_after_it_was_stopped(self, client_of, content, measures):
        confirmed(client_of, content)
        press(client_of, "stop")
        press(client_of, "confirm")
        assert work(uploads.SAVE) == "done"
        assert Figure.objects.count() == rows_of(measures)

    def test_that_was_saved_is_not_saved_twice_by_a_second_worker(self, client_of, person, content):
        upload = confirmed(client_of, content)
        again = Upload.objects.get(pk=upload.pk)
        assert work(uploads.SAVE) == "done"
        entries = AuditEntry.objects.count()
        # The second worker had read the row before the first one was done.
        with pytest.raises(RuleBroken):
            uploads.save(upload=again, by=person, at=timezone.now())
        assert AuditEntry.objects.count() == entries
        assert set(Figure.objects.values_list("version", flat=True)) == {1}


class TestErrorInTheLastRow:
    def test_lets_nothing_be_saved(self, client_of, measures):
        send(client_of, long_file(7, last="seven", measures=measures))
        assert work(uploads.READ) == "done"
        upload = Upload.objects.get()
        assert (upload.counts["refused"], upload.counts["new"]) == (1, rows_of(measures) - 1)
        press(client_of, "confirm")
        assert Upload.objects.get().state == "read"
        assert not Figure.objects.exists()
        listed = client_of.get(f"/en/uploads/{upload.pk}/errors/").content.decode("utf-8-sig")
        assert len(listed.splitlines()) == 2
        assert "“seven” is not a number." in listed

    def test_that_comes_up_after_the_preview_shows_it_again(
        self, client_of, content, measures
    ):
        confirmed(client_of, content)
        factories.submission(Office.objects.get(code="LO19"), "2019", state="submitted")
        assert work(uploads.SAVE) == "done"
        upload = Upload.objects.get()
        assert (upload.state, upload.counts["refused"]) == ("read", measures)
        assert "Something changed after you looked" in upload.sentence
        assert not Figure.objects.exists()


class TestColleagueBetweenTheLookAndTheLocks:
    def test_keeps_the_file_from_being_saved_and_shows_it_again(self, client_of):
        one = "code,office,period,value\nMK.1,LO1,2016,{}\n"
        send(client_of, one.format(7).encode())
        press(client_of, "confirm")
        send(client_of, one.format(9).encode())
        looks = []

        def meddle(execute, sql, params, many, context):
            """Changes the figure before it is read for the second time, now to be written."""
            if sql.startswith("SELECT") and 'FROM "indicators_assignment"' in sql:
                looks.append(sql)
                if len(looks) == 2:
                    Figure.objects.update(value=8)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(meddle):
            upload = Upload.objects.latest("pk")
            seen = upload_files.findings_of(upload)["fingerprint"]
            form = {"do": "confirm", "seen": seen}
            client_of.post(f"/en/uploads/{upload.pk}/", form)
        upload.refresh_from_db()
        assert len(looks) >= 2
        assert upload.state == "read"
        assert "Something changed after you looked" in upload.sentence
        assert not Figure.objects.filter(value=9).exists()


class TestRefusedRows:
    def test_are_told_from_the_right_ones_across_batches(self, client_of, content, measures):
        rows = content.decode().splitlines()
        # The first batch is refused whole, of the others each third row.
        batch, batches = entry.CHUNK, rows_of(measures) // entry.CHUNK
        assert batches == 6
        for place in range(1, len(rows)):
            if place <= batch or place % 3 == 0:
                rows[place] = "NO.1" + rows[place][rows[place].index(",") :]
        refused = sum(row.startswith("NO.1") for row in rows)
        send(client_of, "\n".join(rows).encode())
        assert work(uploads.READ) == "done"
        upload = Upload.objects.get()
        assert upload.counts["refused"] == refused == {1_000: 2_667, 100: 267}[batch]
        assert upload.counts["new"] == rows_of(measures) - refused
        listed = upload_files.findings_of(upload)["rows"]
        new = [row for row in listed if row["state"] == "new"]
        assert len(new) == upload_findings.KEPT
        assert all(rows[row["row"] - 1].startswith(row["label"].split()[0]) for row in new)
        assert {row["row"] for row in listed if row["state"] == "refused"} == {
            place + 1 for place, row in enumerate(rows) if row.startswith("NO.1")
        }
        press(client_of, "right")
        assert work(uploads.SAVE) == "done"
        assert Figure.objects.filter(value=7).count() == rows_of(measures) - refused
        saved = AuditEntry.objects.get(action="save file")
        assert f"{refused} refused rows were left out" in saved.reason

    def test_of_a_figure_that_stands_in_the_file_twice_may_lie_far_apart(
        self, client_of, content, measures
    ):
        rows = content.decode().splitlines()
        send(client_of, "\n".join([*rows, rows[1]]).encode())
        assert work(uploads.READ) == "done"
        upload = Upload.objects.get()
        assert (upload.counts["refused"], upload.counts["new"]) == (1, rows_of(measures))
        (refused,) = (
            row for row in upload_files.findings_of(upload)["rows"] if row["state"] == "refused"
        )
        assert (refused["row"], refused["code"]) == (rows_of(measures) + 2, "twice_in_file")


class TestWhatIsSaidOfTheReading:
    def test_stands_on_the_preview(self, client_of):
        rows = "code,office,period,value,reason,colour\nMK.1,LO1,2016,7,Tempête à l’école,red\n"
        page = send(client_of, rows.encode("cp1252"))
        assert "Not read from this file: Column F, “colour”, is not used." in text(page)
        assert "The text was read as Windows-1252. Check that names are spelled rightly." in (
            text(page)
        )
