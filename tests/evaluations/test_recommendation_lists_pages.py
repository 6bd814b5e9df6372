"""The pages of lists of recommendations: sending one, looking at its rows, saving it."""

import html
import io
import re
from datetime import date
from typing import Any

import evaluation_rows as rows
import factories
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evaluations.models import Recommendation, RecommendationList
from organization.models import User

pytestmark = pytest.mark.django_db
LISTS = "/en/recommendations/lists/"
HEADINGS = "Evaluation,Number,Recommendation,Office\n"
RIGHT = "2/2017,1,Keep a register.,QAU\n"
WRONG = "2/2017,2,Keep another.,NOBODY\n"


@pytest.fixture
def officer() -> User:
    rows.states()
    factories.office("QAU", kind="unit")
    rows.evaluation(
        "2-2017",
        state="published",
        report_number=2,
        report_year=2017,
        completed_on=date(2017, 4, 30),
        published_on=date(2017, 5, 2),
    )
    return factories.person("Eva", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def desk(officer: User, client: Client) -> Client:
    client.force_login(officer)
    return client


def send(client: Client, content: str, **fields: Any) -> Any:
    file = SimpleUploadedFile("list.csv", content.encode())
    return client.post(LISTS, {"file": file, "language": "en"} | fields)


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(html.unescape(text).split())


def fingerprint(page: Any) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page.content.decode())
    assert found
    return found[1]


def test_a_list_is_sent_shown_and_saved(desk):
    sent = send(desk, HEADINGS + RIGHT)
    page = desk.get(sent["Location"])
    assert "One row is new; nothing is saved yet" in words(page)
    assert not Recommendation.objects.exists()
    done = desk.post(sent["Location"], {"do": "confirm", "seen": fingerprint(page)}, follow=True)
    assert "Saved: one row" in words(done)
    assert Recommendation.objects.get().code == "2-2017-1"
    again = desk.post(sent["Location"], {"do": "confirm", "seen": fingerprint(page)})
    assert again.status_code == 409
    assert "saved already" in words(again)
    assert "list.csv" in words(desk.get(LISTS))


def test_a_refused_row_names_its_row_and_column_and_what_to_do(desk):
    sent = send(desk, HEADINGS + RIGHT + WRONG)
    page = desk.get(sent["Location"])
    text = words(page)
    assert "One row is refused; nothing is saved yet" in text
    assert "Row 3, column D (Office)" in text
    assert "“NOBODY” is no office" in text
    seen = fingerprint(page)
    assert desk.post(sent["Location"], {"do": "confirm", "seen": seen}).status_code == 409
    done = desk.post(sent["Location"], {"do": "right", "seen": seen}, follow=True)
    assert "Row 3, column D (Office)" in words(done)
    assert Recommendation.objects.count() == 1


def test_a_list_is_put_away(desk):
    sent = send(desk, HEADINGS + RIGHT)
    done = desk.post(sent["Location"], {"do": "discard"}, follow=True)
    assert "nothing of it was saved" in words(done)
    assert not Recommendation.objects.exists()


def test_what_no_button_says_does_nothing(desk):
    sent = send(desk, HEADINGS + RIGHT)
    assert desk.post(sent["Location"], {"do": "destroy"}).status_code == 409
    assert desk.post(sent["Location"], {}).status_code == 409
    assert RecommendationList.objects.get().state == "read"


def test_a_file_that_is_no_table_is_told_in_words(desk):
    page = desk.get(send(desk, "%PDF-1.7\n").headers["Location"])
    assert page.status_code == 200
    assert "This file cannot be read" in words(page)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"file": ""}, "Choose a file."),
        ({"file": SimpleUploadedFile("list.csv", b"")}, "The file is empty."),
        ({"file": SimpleUploadedFile("list.csv", b"x" * (5 * 1024 * 1024 + 1))}, "5 MB"),
        ({"language": "de"}, "Select a valid choice"),
    ],
    ids=["none", "empty", "large", "language"],
)
def test_a_form_that_is_not_right_says_so_at_its_field(desk, fields, says):
    response = send(desk, HEADINGS + RIGHT, **fields)
    assert response.status_code == 422
    assert says in words(response)
    assert not RecommendationList.objects.exists()


def test_text_of_a_list_never_becomes_markup(desk):
    sent = send(desk, HEADINGS + "2/2017,1,<script>alert(1)</script>,QAU\n")
    assert b"<script>alert(1)" not in desk.get(sent["Location"]).content


def test_only_evaluation_officers_see_lists(desk, client):
    number = send(desk, HEADINGS + RIGHT).headers["Location"]
    files = [f"{LISTS}recommendations.{ending}" for ending in ("xlsx", "csv")]
    client.force_login(factories.person("Max", manager=factories.office()))
    for address in (LISTS, number, f"{LISTS}999/", *files):
        assert client.get(address).status_code == 403, address
    assert client.post(number, {"do": "discard"}).status_code == 403
    client.logout()
    for address in (LISTS, number, *files):
        assert client.get(address)["Location"].startswith("/en/sign-in/"), address


def test_a_list_that_is_not_there_is_not_found(desk):
    assert desk.get(f"{LISTS}999/").status_code == 404
    assert desk.get(f"{LISTS}recommendations.pdf").status_code == 404


@pytest.mark.parametrize("language", ["en", "ar", "fr", "zh", "ru", "es"])
def test_the_empty_list_of_each_language_comes_back_as_a_list(desk, language):
    address = f"/{language}/recommendations/lists/recommendations.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(desk.get(address).content))
    page = book.worksheets[0]
    for column, text in enumerate(("2/2017", "1", "Keep a register.", "QAU"), 1):
        page.cell(4, column, text)
    out = io.BytesIO()
    book.save(out)
    file = SimpleUploadedFile("list.xlsx", out.getvalue())
    sent = desk.post(f"/{language}/recommendations/lists/", {"file": file, "language": language})
    assert sent.status_code == 302
    assert RecommendationList.objects.get().counts["new"] == 1


def test_the_pages_cost_the_same_for_one_row_and_for_three_hundred(desk, django_assert_num_queries):
    def many(count: int) -> str:
        lines = (f"2/2017,{number},Do {number}.,QAU\n" for number in range(1, count + 1))
        return send(desk, HEADINGS + "".join(lines)).headers["Location"]

    small, large = many(1), many(300)
    desk.get(small)
    with django_assert_num_queries(10):
        desk.get(small)
    with django_assert_num_queries(10):
        desk.get(large)
