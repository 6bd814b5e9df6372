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


def test_two_files_on_one_figure_never_overwrite_each_other_unseen(on_file, tell, rounds):
    count = rounds(5, 50)
    house = factories.make_house()
    colleague = factories.person("Gus", contributor=house.branch)
    codes = [f"RB{n}" for n in range(count)]
    for code in codes:
        factories.indicator(code, offices=[house.branch])
    on_file()
    for code in codes:
        first, second = sent(house, code, 7, house.contributor), sent(house, code, 8, colleague)
        at_once(
            lambda one=first: confirm(*one, house.contributor.pk),
            lambda two=second: confirm(*two, colleague.pk),
        )
        states = sorted(
            Upload.objects.filter(pk__in=(first[0], second[0])).values_list("state", flat=True)
        )
        figure = Figure.objects.get(indicator__code=code)
        assert states == ["done", "read"]
        assert figure.version == 1
    assert audit.verify() is None
    tell(f"check 22: {count} pairs of files on one figure at once: one saved, one shown again")
