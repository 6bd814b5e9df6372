"""The home page, how figures are made, and the list of reports."""

from datetime import date
from decimal import Decimal

import factories
import pytest

from focus_areas.models import PlanText
from indicators.rules.ratings import Status
from reporting.views.front_page import front_page, heading

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
TODAY = date(2018, 2, 2)
GOOD, BAD, NONE = Status.ON_TRACK, Status.OFF_TRACK, Status.NOT_RATED


def text_of(response) -> str:
    return response.content.decode()


def area(house: factories.House, number: int, value: str | None) -> None:
    """A focus area from 0 to 10 in 2019, with the branch's figure of 2016."""
    result = factories.result(
        area=factories.focus_area(number, branch=house.branch), code=f"FA{number}", ordinal=number
    )
    measure = factories.indicator(f"FA{number}.1", offices=[house.branch], result=result)
    factories.baseline(measure, "0")
    factories.target(measure, 2019, "10")
    if value is not None:
        factories.figure(measure, house.branch, value=value)


def plan_text(code: str, words: str, revision: str, dated: date) -> None:
    factories.saved(
        PlanText(
            revision=factories.revision(revision, dated=dated), code=code, kind="result",
            source=f"HSP/{revision}", wording=factories.say(words),
        )
    )  # fmt: skip


@pytest.fixture
def year() -> object:
    return type("Year", (), {"year": 2016})()


class TestHeading:
    @pytest.mark.parametrize(
        ("well", "sentence"),
        [
            (0, "Seven focus areas: none is where it should be"),
            (1, "Seven focus areas: one is where it should be"),
            (4, "Seven focus areas: four are where they should be"),
            (7, "Seven focus areas: all are where they should be"),
        ],
    )
    def test_counts_in_words_those_where_they_should_be(self, year, well, sentence):
        assert heading([GOOD] * well + [BAD] * (7 - well), year) == sentence

    def test_an_achieved_one_is_where_it_should_be(self, year):
        statuses = [Status.ACHIEVED, Status.NO_PROGRESS, BAD, BAD, BAD, BAD, NONE]
        assert heading(statuses, year) == "Seven focus areas: one is where it should be"

    def test_without_a_rating_says_of_when_the_standing_is(self, year):
        assert heading([NONE] * 7, year) == "Standing of the focus areas at the end of 2016"

    def test_before_the_first_figures_says_what_stands_here(self):
        assert heading([], None) == "Seven focus areas and what each of them is to achieve"

    def test_another_number_of_areas_is_counted_in_figures(self, year):
        assert heading([GOOD, BAD, BAD], year) == "1 of 3 focus areas is where it should be"


class TestHome:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("path", ["", "about/figures/", "reports/"])
    def test_stands_in_six_languages_on_an_empty_database(self, client, db, language, path):
        page = client.get(f"/{language}/{path}")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in text_of(page)

    def test_before_the_first_figures_shows_the_aims_alone(self, client, house):
        area(house, 1, "5")
        page = text_of(client.get("/en/"))
        assert "Seven focus areas and what each of them is to achieve" in page
        assert "Figures stand here as soon as the first of them is approved." in page
        assert "On track" not in page

    def test_shows_what_was_approved_and_how_far_it_is(self, client, house):
        factories.submission(house.branch)
        area(house, 1, "5")
        page = text_of(client.get("/en/"))
        assert "1 of 1 focus areas is where it should be" in page
        assert "<b>5</b>" in page
        assert "50\xa0%" in page
        assert "On track" in page

    def test_what_was_returned_is_not_shown(self, client, house):
        factories.submission(house.branch, state="returned")
        area(house, 1, "7777")
        assert "7777" not in text_of(client.get("/en/")).replace(",", "")

    def test_the_promise_stands_in_its_first_words_and_leads_to_both(self, client, db):
        plan_text("SR.result", "Cities are better", "2013", date(2013, 4, 19))
        plan_text("SR.result", "Towns are better", "2017", date(2017, 2, 20))
        page = text_of(client.get("/en/"))
        assert "Cities are better" in page
        assert "Towns are better" not in page
        assert "/en/plan/wordings/SR.result/" in page

    def test_needs_no_script_and_sets_no_cookie(self, client, db):
        page = client.get("/en/")
        assert "<script" not in text_of(page)
        assert not page.cookies

    def test_areas_do_not_add_queries(self, client, house, django_assert_max_num_queries):
        factories.submission(house.branch)
        area(house, 1, "5")
        with django_assert_max_num_queries(20) as few:
            client.get("/en/")
        for number in range(2, 8):
            area(house, number, "5")
        with django_assert_max_num_queries(len(few)):
            client.get("/en/")


class TestSlums:
    @pytest.fixture
    def series(self, db):
        """Two countries of one million each; in 2014 both report, in 2016 one."""
        measure = factories.indicator("SR.a", kind="statistic", result=factories.result("plan"))
        weight = factories.series("people")
        found = factories.series("slums", measure=measure, weight=weight)
        for year in (2014, 2016, 2018):
            for country in ("XAA", "XAB"):
                factories.observation(weight, country, year, "1000000")
        factories.observation(found, "XAA", 2014, "40")
        factories.observation(found, "XAB", 2014, "20")
        factories.observation(found, "XAA", 2016, "90")
        return found

    def test_a_year_with_thin_coverage_is_weak(self, series):
        [region] = front_page(today=TODAY).slums.regions
        assert [(p.x, p.y, p.weak) for p in region.points] == [
            ("2014", Decimal(30), False),
            ("2016", Decimal(90), True),
        ]

    def test_one_solid_year_makes_no_statement(self, series):
        heading = front_page(today=TODAY).slums.heading
        assert heading == "The share of urban residents living in slums"

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ("20", "The share of urban residents living in slums fell from 30.0\xa0% in 2014 "
             "to 20.0\xa0% in 2018"),
            ("35", "The share of urban residents living in slums rose from 30.0\xa0% in 2014 "
             "to 35.0\xa0% in 2018"),
            ("29.5", "Slums have hardly shrunk: 30.0\xa0% of urban residents lived there in 2014, "
             "29.5\xa0% in 2018"),
        ],
    )  # fmt: skip
    def test_the_heading_says_what_the_solid_years_say(self, series, value, sentence):
        for country in ("XAA", "XAB"):
            factories.observation(series, country, 2018, value)
        assert front_page(today=TODAY).slums.heading == sentence


class TestMarkers:
    def test_the_chart_shows_approved_years_and_the_aim(self, house):
        measure = factories.indicator(
            "MK.1", offices=[house.branch], period_rule="latest", place_rule="none",
            result=factories.result("support"), is_per_cent=True,
        )  # fmt: skip
        factories.submission(house.branch)
        factories.submission(house.branch, "2017", state="draft")
        factories.figure(measure, house.branch, value="58", source="Published page")
        factories.figure(measure, house.branch, "2017", value="69")
        factories.target(measure, 2019, "85")
        markers = front_page(today=TODAY).markers
        assert [(p.x, p.y) for p in markers.points] == [("2016", Decimal(58))]
        assert [(m.x, m.y, m.label) for m in markers.marks] == [("2019", Decimal(85), "85 aim")]
        assert markers.sources == ("Published page",)
        assert markers.heading.startswith("58\xa0% of projects")
