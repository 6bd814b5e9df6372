"""The door of one cell: what it saves, how it refuses, what it costs."""

import gzip
import json
from pathlib import Path
from typing import Any

import factories
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import CheckAnswer, Figure, FigurePart, Indicator
from organization.models import AuditEntry, User

PAGE = "/en/offices/BR1/2016/"
CELL = f"{PAGE}AA1/cell/"
ROWS = f"{PAGE}rows/"
BACKEND = "django.contrib.auth.backends.ModelBackend"
STATIC = Path(__file__).resolve().parents[2] / "static"
TRANSACTIONS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def statements(captured: CaptureQueriesContext) -> int:
    """Statements that read or write rows; beginning and ending a transaction does neither."""
    return sum(1 for query in captured if not query["sql"].startswith(TRANSACTIONS))


@pytest.fixture
def number(house: factories.House) -> Indicator:
    return factories.indicator("AA1", offices=[house.branch, house.region])


@pytest.fixture
def ratio(house: factories.House) -> Indicator:
    return factories.indicator("AA2", kind="ratio", offices=[house.branch])


@pytest.fixture
def contributor(house: factories.House, number: Indicator) -> Client:
    return signed_in(house.contributor)


class TestSaves:
    def test_one_value_and_says_how_it_is_stored_and_when(self, contributor):
        answer = contributor.post(CELL, {"value": "1234.5", "version": "0"})
        assert answer.status_code == 200
        content = answer.json()
        assert (content["version"], content["texts"]) == (1, {"value": "1,234.5"})
        assert content["said"].startswith("Saved ")
        assert Figure.objects.get().value == 1234.5

    def test_zero_and_says_that_it_counts(self, contributor):
        assert "Zero counts as a value." in contributor.post(CELL, {"value": "0"}).json()["said"]

    def test_a_blank_as_nothing(self, contributor):
        content = contributor.post(CELL, {"value": "", "version": "0"}).json()
        assert (content["version"], content["said"]) == (0, "")
        assert not Figure.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_both_numbers_of_a_ratio_in_the_language_of_the_page(self, contributor, ratio):
        address = f"{PAGE}AA2/cell/".replace("/en/", "/fr/")
        content = contributor.post(address, {"numerator": "8,5", "denominator": "1 000"}).json()
        assert content["texts"] == {"numerator": "8,5", "denominator": "1\u202f000"}

    def test_any_of_the_other_fields_and_leaves_the_rest(self, house, number, contributor):
        number.axes.add(factories.axis("sex", "women", "men"))
        for version, form in enumerate(
            (
                {"value": "7"},
                {"part:sex:women": "4"},
                {"answer:no_evidence": "It is with the city."},
                {"cause": "staff"},
                {"explanation": "Two posts were vacant.", "measures": "Both are filled now."},
            )
        ):
            answer = contributor.post(CELL, form | {"version": str(version)})
            assert (answer.status_code, answer.json()["version"]) == (200, version + 1)
        figure = Figure.objects.get()
        assert (figure.value, figure.cause) == (7, "staff")
        assert figure.explanation == "Two posts were vacant."
        assert figure.measures == "Both are filled now."
        assert FigurePart.objects.get().value == 4
        assert CheckAnswer.objects.get().sentence == "It is with the city."

    def test_not_applicable_with_its_reason_and_takes_it_back(self, house, number, contributor):
        factories.figure(number, house.branch, value="7")
        form = {"not_applicable": "1", "reason": "No coast.", "version": "1"}
        assert contributor.post(CELL, form).status_code == 200
        assert Figure.objects.get().not_applicable
        back = contributor.post(CELL, {"not_applicable": "", "version": "2"})
        assert back.status_code == 200
        assert not Figure.objects.get().not_applicable

    def test_the_same_twice_with_one_effect(self, contributor):
        for _try in range(2):
            answer = contributor.post(CELL, {"value": "7", "version": "0"})
            assert (answer.status_code, answer.json()["version"]) == (200, 1)
        assert AuditEntry.objects.count() == 1


class TestRefuses:
    def test_words_with_a_sentence(self, contributor):
        answer = contributor.post(CELL, {"value": "few", "version": "0"})
        assert answer.status_code == 422
        content = answer.json()
        assert (content["refusal"], content["field"]) == ("not_a_number", "value")
        assert content["said"].startswith("“few” is not a number.")
        assert not Figure.objects.exists()

    def test_half_a_ratio(self, contributor, ratio):
        answer = contributor.post(f"{PAGE}AA2/cell/", {"numerator": "8", "denominator": ""})
        assert (answer.status_code, answer.json()["field"]) == (422, "denominator")

    def test_what_somebody_else_changed_and_says_who_to_what_and_when(
        self, house, number, contributor
    ):
        factories.figure(number, house.branch, value="9", version=3, changed_by=house.approver)
        answer = contributor.post(CELL, {"value": "8", "version": "2"})
        assert answer.status_code == 409
        content = answer.json()
        assert content["said"] == "Bo Approver changed this to 9 at 12:00."
        assert (content["version"], content["texts"]) == (3, {"value": "9"})
        assert content["mine"] is False
        assert Figure.objects.get().value == 9
        again = contributor.post(CELL, {"value": "8", "version": "3"})
        assert (again.status_code, Figure.objects.get().value) == (200, 8)

    def test_says_that_it_was_oneself(self, house, number, contributor):
        factories.figure(number, house.branch, value="9", version=3, changed_by=house.contributor)
        assert contributor.post(CELL, {"value": "8", "version": "2"}).json()["mine"] is True

    @pytest.mark.parametrize("version", ["x", "-1", "9" * 30, "1.5", ""])
    def test_reads_no_version_that_is_none(self, house, number, contributor, version):
        answer = contributor.post(CELL, {"value": "7", "version": version})
        assert answer.status_code == 200

    def test_a_locked_year_with_the_sentence_of_the_lock(self, house, contributor):
        row = factories.submission(house.branch, state="approved")
        answer = contributor.post(CELL, {"value": "8", "version": "0"})
        assert answer.status_code == 423
        assert answer.json()["said"] == (
            f"These figures were approved by {row.approved_by} on 7 January 2017. "
            "Ask for a correction, with the reason."
        )

    def test_who_is_signed_out_in_json_with_the_way_back(self, house, number):
        answer = Client().post(CELL, {"value": "8"})
        assert answer.status_code == 401
        assert answer.json()["sign_in"] == f"/en/sign-in/?next={PAGE}"
        assert Client().get(ROWS).status_code == 401
        assert not Figure.objects.exists()

    def test_a_reader_who_may_not_enter(self, house, number):
        answer = signed_in(house.approver).post(CELL, {"value": "8"})
        assert answer.status_code == 403
        assert "contributor" in answer.json()["said"]

    @pytest.mark.parametrize(
        "address",
        [CELL.replace("BR1", "RO1"), CELL.replace("BR1", "XX9"), CELL.replace("AA1", "AA9"),
         CELL.replace("2016", "2030")],
    )  # fmt: skip
    def test_what_is_not_there_or_not_to_be_seen_alike(self, contributor, address):
        assert contributor.post(address, {"value": "8"}).status_code == 404
        assert not Figure.objects.exists()

    def test_the_rows_of_another_office(self, contributor):
        assert contributor.get(ROWS.replace("BR1", "RO1")).status_code == 404

    def test_reading(self, contributor):
        assert contributor.get(CELL).status_code == 405

    def test_a_form_of_another_site(self, house, number):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(house.contributor, backend=BACKEND)
        assert strict.post(CELL, {"value": "1"}).status_code == 403
        assert not Figure.objects.exists()

    @pytest.mark.parametrize("field", ["value", "part:sex:women", "answer:x", "cause", "reason"])
    def test_odd_texts_without_an_error_of_ours(self, contributor, field):
        for text in ("9" * 400, "1e9999999", "NaN", "=1+1", "<b>", "\u202e12"):
            answer = contributor.post(CELL, {field: text})
            assert answer.status_code in {200, 422}, text


class TestRows:
    def test_come_as_pieces_with_counts_and_what_is_left(self, house, number, ratio, contributor):
        factories.figure(number, house.branch, value="7")
        factories.target(number, 2016, "14", office=house.branch)
        content = contributor.get(ROWS, {"code": "AA1"}).json()
        assert list(content["rows"]) == ["AA1"]
        assert "50" in content["rows"]["AA1"]
        assert 'data-version="1"' in content["rows"]["AA1"]
        assert "1 of 2 in" in content["counts"]
        assert "AA2" in content["left"]
        assert content["ready"] is False
        assert len(content["token"]) == 64

    def test_say_when_all_is_in(self, house, number, contributor):
        factories.figure(number, house.branch, not_applicable=True, reason="No coast.")
        content = contributor.get(ROWS).json()
        assert content["ready"] is True
        assert "Everything is in. You can submit." in content["left"]

    def test_escape_what_was_typed(self, house, number, contributor):
        reason = "<script>alert(1)</script>"
        factories.figure(number, house.branch, not_applicable=True, reason=reason)
        row = contributor.get(ROWS, {"code": "AA1"}).json()["rows"]["AA1"]
        assert reason not in row
        assert "&lt;script&gt;" in row


class TestFilters:
    @pytest.fixture(autouse=True)
    def figures(self, house, number, ratio):
        factories.figure(number, house.branch, not_applicable=True, reason="No coast.")

    def test_show_what_is_to_do(self, contributor):
        body = contributor.get(PAGE, {"show": "todo"}).content.decode()
        assert 'id="row-AA2"' in body
        assert 'id="row-AA1"' not in body
        assert "To do (1)" in body
        assert "Changed today (0)" in body

    def test_say_so_when_they_leave_nothing(self, contributor):
        body = contributor.get(PAGE, {"show": "today"}).content.decode()
        assert "Nothing was changed today." in body
        assert 'href="?"' in body

    def test_show_what_was_changed_today(self, contributor):
        contributor.post(f"{PAGE}AA2/cell/", {"numerator": "1", "denominator": "2"})
        body = contributor.get(PAGE, {"show": "today"}).content.decode()
        assert 'id="row-AA2"' in body
        assert 'id="row-AA1"' not in body


class TestPanel:
    def test_is_the_piece_of_a_page_with_what_can_be_said_of_a_row(
        self, house, number, contributor
    ):
        number.axes.add(factories.axis("sex", "women", "men"))
        factories.figure(number, house.branch, value="7")
        body = contributor.get(f"{PAGE}AA1/", {"part": "panel"}).content.decode()
        assert "<html" not in body
        for name in (
            "answer:no_evidence",
            "part:sex:women",
            "cause",
            "explanation",
            "measures",
            "not_applicable",
            "reason",
        ):
            assert f'name="{name}"' in body
        assert 'name="value"' not in body

    def test_of_a_locked_row_has_no_fields(self, house, number, contributor):
        factories.submission(house.branch, state="approved")
        body = contributor.get(f"{PAGE}AA1/", {"part": "panel"}).content.decode()
        assert "<textarea" not in body


class TestSubmitTwice:
    def test_has_one_effect_and_no_complaint(self, house, number, contributor):
        factories.figure(number, house.branch, not_applicable=True, reason="No coast.")
        for _press in range(2):
            assert contributor.post(f"{PAGE}submit/").status_code == 302
        assert AuditEntry.objects.filter(action="submit submission").count() == 1


class TestCost:
    """Statements of whole requests, with those that find out who asks (session, person, roles)."""

    def filled(self, house: factories.House, first: int, last: int) -> None:
        area = factories.focus_area(branch=house.branch)
        for number in range(first, last):
            kind = ("number", "ratio", "count", "milestone")[number % 4]
            measure = factories.indicator(
                f"CO{number}",
                kind=kind,
                offices=[house.branch],
                result=factories.result(area=area),
                definition=factories.say("What is counted here, and what is not. " * 4),
            )
            factories.target(measure, 2016, "20", office=house.branch)
            measure.axes.add(factories.axis(f"axis{number}", "one", "two"))
            if kind == "milestone":
                factories.option(measure, "drafted", 1)
            if kind == "count":
                factories.achievement(measure, factories.authority(), house.branch)
            if kind == "number":
                factories.figure(measure, house.branch, "2015", "6")
                figure = factories.figure(measure, house.branch, value="7")
                axis = measure.axes.get()
                FigurePart.objects.create(figure=figure, category=axis.categories.all()[0], value=1)
                factories.evidence(measure, house.branch)

    def cost(self, client: Client, method: str, address: str, form: Any = None) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = getattr(client, method)(address, form)
        assert answer.status_code == 200, answer.content[:200]
        return statements(captured)

    def test_of_saving_a_cell_is_the_same_for_one_row_and_for_sixty(self, house, contributor):
        contributor.post(CELL, {"value": "1", "version": "0"})
        few = self.cost(contributor, "post", CELL, {"value": "2", "version": "1"})
        self.filled(house, 0, 60)
        many = self.cost(contributor, "post", CELL, {"value": "3", "version": "2"})
        assert few == many <= 8

    @pytest.mark.parametrize("address", [PAGE, f"{ROWS}?code=CO0&code=CO1"])
    def test_of_the_page_is_the_same_for_five_rows_and_for_sixty(self, house, contributor, address):
        self.filled(house, 0, 5)
        few = self.cost(contributor, "get", address)
        self.filled(house, 5, 60)
        many = self.cost(contributor, "get", address)
        assert few == many <= 12

    def test_of_the_first_load_of_sixty_rows_is_under_sixty_kilobytes(self, house, contributor):
        self.filled(house, 0, 60)
        page = contributor.get(PAGE).content
        assert page.count(b'id="row-CO') == 60
        files = [(STATIC / name).read_bytes() for name in ("app.css", "entry.js")]
        assert sum(len(gzip.compress(one)) for one in (page, *files)) < 60 * 1024

    def test_of_an_answer_to_a_save_is_a_few_hundred_bytes(self, contributor):
        answer = contributor.post(CELL, {"value": "2", "version": "0"})
        assert len(json.dumps(answer.json())) < 300
