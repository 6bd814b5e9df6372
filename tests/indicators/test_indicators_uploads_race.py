"""Two people, or one person twice, confirm at the same moment: what is saved is saved once."""

from collections.abc import Iterator
from pathlib import Path

import factories
import pytest
from racing import at_once

from indicators.models import Figure, Upload
from indicators.services import upload_files, uploads
from organization.models import AuditEntry, User
from organization.services import audit

NOW = factories.NOW
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> Iterator[None]:
    """A folder of its own for the files of uploads."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return


def sent(house: factories.House, code: str, value: int, by: User) -> tuple[int, str]:
    """A file with one figure, read; its number and what its preview showed."""
    upload = uploads.receive(
        kind="figures", office=house.branch, period=house.year, file_name="a.csv",
        content=f"code,value\n{code},{value}\n".encode(), language="en", by=by, at=NOW,
    )  # fmt: skip
    uploads.read(upload=upload, by=by, at=NOW)
    return upload.pk, upload_files.findings_of(upload)["fingerprint"]


def confirm(number: int, seen: str, who: int) -> str:
    upload = Upload.objects.select_related("office", "period").get(pk=number)
    by = User.objects.get(pk=who)
    return uploads.confirm(upload=upload, seen=seen, only_right=False, by=by, at=NOW).state


def test_one_file_confirmed_twice_is_saved_once(on_file, tell, rounds):
    count = rounds(5, 50)
    house = factories.make_house()
    codes = [f"RA{n}" for n in range(count)]
    for code in codes:
        factories.indicator(code, offices=[house.branch])
    on_file()
    for code in codes:
        number, seen = sent(house, code, 7, house.contributor)
        answers = at_once(
            *(lambda n=number, s=seen: confirm(n, s, house.contributor.pk) for _time in range(2))
        )
        assert sorted(answers) == ["done", "upload_over"]
        assert Figure.objects.get(indicator__code=code).version == 1
    entries = AuditEntry.objects.filter(action="save file").count()
    assert entries == count
    assert audit.verify() is None
    tell(f"check 22: {count} files confirmed twice at once: {entries} saved, each once")


def save(number: int, who: int) -> str:
    """What the job does with a long file."""
    upload = Upload.objects.select_related("office", "period").get(pk=number)
    return uploads.save(upload=upload, by=User.objects.get(pk=who), at=NOW).state


@pytest.mark.parametrize("by_a_job", [False, True])
def test_two_files_on_one_figure_never_overwrite_each_other_unseen(on_file, tell, rounds, by_a_job):
    count = rounds(5, 50)
    house = factories.make_house()
    people = [house.contributor, factories.person("Gus", contributor=house.branch)]
    codes = [f"RB{n}" for n in range(count)]
    for code in codes:
        factories.indicator(code, offices=[house.branch])
    on_file()
    for code in codes:
        files = [sent(house, code, value, by) for value, by in zip((7, 8), people, strict=True)]
        numbers = [number for number, _seen in files]
        if by_a_job:
            for number, seen in files:
                Upload.objects.filter(pk=number).update(
                    state="confirmed", confirmed_at=NOW, counts={"new": 1, "seen": seen}
                )
            at_once(
                *(lambda n=n, by=by: save(n, by.pk) for n, by in zip(numbers, people, strict=True))
            )
        else:
            at_once(
                *(
                    lambda f=f, by=by: confirm(*f, by.pk)
                    for f, by in zip(files, people, strict=True)
                )
            )
        states = Upload.objects.filter(pk__in=numbers).values_list("state", flat=True)
        assert sorted(states) == ["done", "read"]
        assert Figure.objects.get(indicator__code=code).version == 1
    assert audit.verify() is None
    who = "jobs" if by_a_job else "pages"
    tell(f"check 22: {count} pairs of files on one figure by {who} at once: one saved, one shown")
