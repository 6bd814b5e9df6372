"""The round trip of a workbook, as a person makes it: download, fill in, upload, confirm."""

import html
import re
from decimal import Decimal
from pathlib import Path

import factories
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from workbooks import cell, column, fill, opened, row, saved, table

from indicators.models import Achievement, Authority, CheckAnswer, Figure, FigurePart, Upload
from organization.models import AuditEntry, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def shelf(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A folder of its own for the files of uploads."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path



@pytest.fixture
def office(house: factories.House) -> factories.House:
    """Indicators of four kinds, one of them counted, one divided by sex."""
    where = [house.branch]
    number = factories.indicator("FA1.1", offices=where, decimals=1)
    number.axes.add(factories.axis("sex", "women", "men"))
    factories.indicator("FA2.1", kind="ratio", offices=where)
    factories.indicator("FA3.1", kind="yes_no", offices=where)
    factories.indicator("FA4.1", kind="count", offices=where)
    factories.country()
    return house


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def workbook(client: Client, language: str = "en", path: str = "BR1/2016") -> bytes:
    response = client.get(f"/{language}/offices/{path}.xlsx")
    assert response.status_code == 200
    return response.content


def send(
    client: Client,
    content: bytes,
    *,
    query: str = "kind=figures&office=BR1&period=2016",
    name: str = "BR1-2016.xlsx",
    language: str = "en",
):
    file = SimpleUploadedFile(name, content)
    form = {"file": file, "language": language}
    return client.post(f"/{language}/uploads/new/?{query}", form, follow=True)


def seen(response) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]*)"', response.content.decode())
    assert found, text(response)
    return found[1]


def press(client: Client, response, button: str):
    path = response.redirect_chain[-1][0]
    return client.post(path, {"do": button, "seen": seen(response)}, follow=True)


class TestRoundTrip:
    def test_of_a_workbook_ends_on_the_grid(self, office):
        client = signed_in(office.contributor)
        book = opened(workbook(client))
        sheet = book["Figures"]
        fill(sheet, "FA1.1", Value=12.5, What_happened="Two towns joined late.")
        fill(sheet, "FA2.1", Part=3, Whole=8)
        fill(sheet, "FA3.1", Answer="Yes")
        parts = book["Disaggregation"]
        parts.cell(4, column(parts, "Value")).value = 7
        listed = book["Achievements"]
        typed = ["FA4.1", "Alba Town", "Land XAA", "local", "2016-05-03", "Gazette 12"]
        for place, value in enumerate(typed, 1):
            listed.cell(4, place).value = value
        preview = send(client, saved(book))
        print(text(preview)); assert "Four rows would change" in text(preview)
        assert not Figure.objects.exists() and not Achievement.objects.exists()
        done = press(client, preview, "confirm")
        assert "Saved: four rows" in text(done)
        stored = {one.indicator.code: one for one in Figure.objects.all()}
        assert stored["FA1.1"].value == Decimal("12.5")
        assert stored["FA1.1"].explanation == "Two towns joined late."
        assert (stored["FA2.1"].numerator, stored["FA2.1"].denominator) == (3, 8)
        assert stored["FA3.1"].choice == "yes"
        assert FigurePart.objects.get().value == 7
        assert Achievement.objects.get().authority.name == "Alba Town"
        grid = client.get("/en/offices/BR1/2016/").content.decode()
        assert 'value="12.5"' in grid
