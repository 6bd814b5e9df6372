"""The API door of entry: the same rules as the pages, exact numbers, nothing set by accident."""

import json

import factories
import pytest
from django.test import Client

from indicators.models import Figure, Indicator, Submission
from organization.models import AuditEntry


@pytest.fixture
def house(house):
    """The branch reports EA3.a (number) and EA2.b (ratio) for 2016, which is open."""
    factories.indicator("EA3.a", offices=[house.branch])
    factories.indicator("EA2.b", kind="ratio", offices=[house.branch])
    return house


def measure(code):
    return Indicator.objects.get(code=code)


@pytest.fixture
def address(house):
    return f"/api/v1/offices/{house.branch.code}/2016/"


@pytest.fixture
def put(house, address):
    client = Client()
    client.force_login(house.contributor)

    def send(code="EA3.a", text=None, **fields):
        body = json.dumps(fields) if text is None else text
        return client.put(f"{address}{code}/", body, content_type="application/json")

    return send


class TestOfficeYear:
    def test_gives_the_rows_with_versions_for_those_who_may_read(self, client, house, address):
        factories.figure(measure("EA3.a"), house.branch, value="212.5")
        client.force_login(house.approver)
        found = client.get(address).json()
        assert (found["state"], found["due"], found["done"]) == ("draft", 2, 1)
        rows = {row["code"]: row for row in found["rows"]}
        assert (rows["EA3.a"]["value"], rows["EA3.a"]["version"]) == ("212.5", 1)
        assert (rows["EA2.b"]["nothing"], rows["EA2.b"]["version"]) == ("not_reported", 0)

    def test_says_401_to_strangers_and_404_to_other_offices(self, client, house, address):
        assert client.get(address).status_code == 401
        client.force_login(factories.person(contributor=house.region))
        assert client.get(address).status_code == 404
        assert client.get("/api/v1/offices/NONE/2016/").status_code == 404

    @pytest.mark.parametrize("period", ["2016-2017", "1999", "x"])
    def test_knows_years_only(self, client, house, address, period):
        factories.period("2016-2017")
        client.force_login(house.contributor)
        assert client.get(address.replace("2016", period)).status_code == 404


class TestOfficeFigure:
    def test_enters_a_number_exactly(self, put):
        answer = put(value="212.1250", version="0")
        assert answer.status_code == 200
        assert (answer.json()["value"], answer.json()["version"]) == ("212.125", 1)
        assert str(Figure.objects.get().value) == "212.1250"

    def test_reads_json_numbers_by_their_digits(self, put):
        assert put(text='{"value": 0.1}').json()["value"] == "0.1"
        assert put("EA2.b", text='{"numerator": 1, "denominator": 3}').json()["numerator"] == "1"

    def test_leaves_what_is_not_sent(self, put):
        put(value="212", explanation="Two rounds were held online.")
        put(value="213")
        assert Figure.objects.get().explanation == "Two rounds were held online."
        put(explanation="")
        assert Figure.objects.get().explanation == ""
        assert Figure.objects.get().value == 213

    def test_tells_the_second_of_two_what_is_stored_and_who_changed_it(self, put, house):
        put(value="212", version="0")
        answer = put(value="300", version="0")
        assert answer.status_code == 409
        assert answer.json()["code"] == "changed_elsewhere"
        assert answer.json()["stored"]["value"] == "212"
        assert str(house.contributor) in answer.json()["message"]
        assert Figure.objects.get().value == 212

    @pytest.mark.parametrize("text", ["1,5", "1 000", "٣", "1e3", "+1", ">95", "NaN", "1" * 31])
    def test_refuses_numbers_that_need_a_language(self, put, text):
        answer = put(value=text)
        assert (answer.status_code, answer.json()["code"]) == (422, "not_plain_number")
        assert not Figure.objects.exists()

    @pytest.mark.parametrize(
        "text",
        [
            "", "{}", '{"version": 0}', "[]", "3", '"x"', "{", '{"value": NaN}', "null", '{"version": "x"}', '{"value": []}',
            '{"not_applicable": "yes"}', '{"parts": []}', '{"version": true}', "\xff",
            "[" * 100_000,
        ],
    )  # fmt: skip
    def test_refuses_what_cannot_be_understood(self, put, text):
        answer = put(text=text)
        assert answer.status_code in {400, 422}
        assert answer.json().get("message") or answer.json().get("detail")
        assert not Figure.objects.exists()

    @pytest.mark.parametrize(
        "field", ["office", "illustrative", "changed_by", "id", "indicator_id", "source", "state"]
    )
    def test_refuses_fields_that_nobody_types(self, put, field):
        answer = put(value="1", **{field: "1"})
        assert answer.status_code == 400
        assert field in answer.json()["message"]
        assert not Figure.objects.exists()

    def test_says_423_when_the_year_is_locked(self, put, house):
        factories.submission(house.branch, state="submitted")
        answer = put(value="1")
        assert (answer.status_code, answer.json()["code"]) == (423, "locked")

    def test_is_for_contributors_of_the_office(self, client, house, address):
        client.force_login(house.approver)
        answer = client.put(f"{address}EA3.a/", "{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (403, "role_needed")

    def test_does_not_know_indicators_of_others(self, put, house):
        factories.indicator("EA9.e", offices=[house.region])
        assert put("EA9.e", value="1").status_code == 404

    def test_needs_the_token_where_a_session_opens_the_door(self, house, address):
        client = Client(enforce_csrf_checks=True)
        client.force_login(house.contributor)
        answer = client.put(f"{address}EA3.a/", "{}", content_type="application/json")
        assert answer.status_code == 403
        assert not Figure.objects.exists()


class TestOfficeSubmission:
    def send(self, client, address, **content):
        return client.post(f"{address}submission/", json.dumps(content), "application/json")

    def test_hands_in_and_takes_back(self, client, house, address):
        client.force_login(house.contributor)
        for code in ("EA3.a", "EA2.b"):
            factories.figure(measure(code), house.branch, not_applicable=True, reason="No programme here.")
        assert self.send(client, address, action="submit").json()["state"] == "submitted"
        assert self.send(client, address, action="withdraw").json()["state"] == "draft"
        assert AuditEntry.objects.filter(action__endswith="submission").count() == 2

    def test_says_what_is_missing(self, client, house, address):
        client.force_login(house.contributor)
        answer = self.send(client, address, action="submit")
        assert (answer.status_code, answer.json()["code"]) == (422, "not_ready")
        assert len(answer.json()["details"]) == 2
        assert not Submission.objects.filter(state="submitted").exists()

    def test_knows_no_other_step(self, client, house, address):
        client.force_login(house.contributor)
        for content in ({"action": "approve"}, {}, {"action": "submit", "state": "approved"}):
            assert self.send(client, address, **content).status_code == 400
