"""The read API over figures: approved ones only, exact, with where they come from."""

import factories
import pytest

LIST, ONE = "/api/v1/indicators/", "/api/v1/indicators/FA1.1/"


@pytest.fixture
def house(house: factories.House) -> factories.House:
    """Two offices report on FA1.1: 12 approved, 30 returned; aim 20 by 2019, baseline 4."""
    measure = factories.indicator("FA1.1", offices=[house.branch, house.region])
    factories.submission(house.branch)
    factories.submission(house.region, state="returned")
    factories.figure(measure, house.branch, value="12.50")
    factories.figure(measure, house.region, value="30")
    factories.baseline(measure, "4")
    factories.target(measure, 2019, "20")
    return house


class TestIndicators:
    def test_gives_baseline_target_and_standing(self, client, house):
        [found] = client.get(LIST, {"period": "2016"}).json()["indicators"]
        assert found["code"] == "FA1.1"
        assert found["level"] == "focus_area"
        assert found["baseline"] == {"value": "4", "year": 2013, "source": "Survey of 2013"}
        assert found["targets"] == [{"year": 2019, "value": "20", "version": 1}]
        assert found["actual"]["reporting"] == 1
        assert found["actual"]["expected"] == 2
        assert found["rating"]["status"] == "not_rated"
        assert found["rating"]["reason"] == "too_few_offices"

    def test_a_returned_figure_is_nowhere_in_the_answer(self, client, house):
        answer = client.get(ONE, {"period": "2016"}).json()
        values = [line["value"] for line in answer["lineage"]["lines"]]
        assert "30" not in values
        assert answer["years"]["2016"]["value"] not in {"30", "42.5"}

    def test_the_total_of_approved_offices_is_exact_and_shows_its_lines(self, client, house):
        factories.submission(house.region, "2015")
        factories.submission(house.branch, "2015")
        measure = house.branch.indicators.get().indicator
        factories.figure(measure, house.branch, "2015", value="7.25")
        factories.figure(measure, house.region, "2015", value="2")
        answer = client.get(ONE, {"period": "2015"}).json()
        assert answer["actual"]["value"] == "9.25"
        lines = {line["key"]: line["value"] for line in answer["lineage"]["lines"]}
        assert lines == {"BR1": "7.25", "RO1": "2"}

    def test_shows_the_latest_year_with_approved_figures_if_none_is_asked(self, client, house):
        assert client.get(LIST).json()["period"] == "2016"

    def test_an_indicator_that_is_not_there_is_not_found(self, client, house):
        assert client.get("/api/v1/indicators/FA9.9/").status_code == 404

    @pytest.mark.parametrize(
        ("query", "sentence"),
        [
            ({"perod": "2016"}, "perod is not a parameter of this address. Use: period, level."),
            ({"period": "2099"}, "There is no such period. Use one of: 2016."),
            ({"level": "city"}, "There is no level city. Use one of: "
             "plan, focus_area, accomplishment, support."),
        ],
    )  # fmt: skip
    def test_says_in_a_sentence_what_it_does_not_know(self, client, house, query, sentence):
        answer = client.get(LIST, query)
        assert answer.status_code == 400
        assert answer.json() == {"code": "parameter", "message": sentence}

    def test_keeps_to_the_level_asked_for(self, client, house):
        factories.indicator("LS1.1", result=factories.result("support"))
        codes = [
            found["code"]
            for found in client.get(LIST, {"level": "support"}).json()["indicators"]
        ]
        assert codes == ["LS1.1"]

    def test_rows_do_not_add_queries(self, client, house, django_assert_num_queries):
        with django_assert_num_queries(11) as few:
            client.get(LIST)
        for number in range(2, 6):
            factories.indicator(f"FA{number}.1", offices=[house.branch])
        with django_assert_num_queries(len(few)):
            client.get(LIST)

    @pytest.mark.parametrize("address", [LIST, ONE])
    def test_is_read_only_json_without_a_page_to_browse(self, client, house, address):
        assert client.post(address).status_code == 405
        answer = client.get(address, headers={"Accept": "text/html"})
        assert answer["Content-Type"] in {"application/json", "application/json; charset=utf-8"}
