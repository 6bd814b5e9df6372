"""The overview: its heading composed from data, approved figures only, a fixed number of queries."""

import html
from collections.abc import Iterator
from pathlib import Path

import factories
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from once import undone
from pytest_django import DjangoDbBlocker

from indicators.models import Achievement, Authority, Indicator, Submission
from indicators.pages.headlines import standing_heading
from indicators.pages.number_words import in_words
from indicators.rules.ratings import Status
from indicators.services.demonstration import load_demonstration
from organization.models import User

PAGE = "/en/overview/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response) -> str:
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def heading(*statuses: str, level: str = "focus_area") -> str:
    with translation.override("en"):
        return standing_heading([Status(status) for status in statuses], level, "2017")


class TestHeading:
    def test_counts_those_where_they_should_be_and_those_behind(self):
        assert heading(
            "on_track", "on_track", "off_track", "achieved", "on_track", "no_progress", "not_rated"
        ) == "Four of seven focus areas are where they should be; two are behind"

    def test_leaves_out_what_nobody_is(self):
        assert heading("achieved", "on_track") == "Two of two focus areas are where they should be"

    def test_speaks_of_one_in_the_singular(self):
        assert (
            heading("achieved", "off_track", "not_rated")
            == "One of three focus areas is where it should be; one is behind"
        )

    def test_says_none(self):
        assert (
            heading("off_track", "off_track")
            == "None of two focus areas is where it should be; two are behind"
        )

    @pytest.mark.parametrize("statuses", [(), ("not_rated", "not_rated")])
    def test_says_only_when_if_nothing_is_rated(self, statuses):
        assert heading(*statuses) == "Standing at the end of 2017"

    def test_counts_indicators_on_other_levels_in_figures_from_ten(self):
        assert (
            heading(*["on_track"] * 10, "off_track", level="accomplishment")
            == "10 of 11 indicators are where they should be; one is behind"
        )

    def test_writes_zero_to_nine_in_words(self):
        with translation.override("en"):
            words = [in_words(n) for n in (0, 1, 5, 9, 10, 1284)]
        assert words == ["zero", "one", "five", "nine", "10", "1,284"]


class TestWhoMay:
    def test_names_the_roles_that_may(self, house):
        response = signed_in(house.contributor).get(PAGE)
        assert response.status_code == 403
        assert "manager" in text(response)

    def test_says_so_when_no_year_was_opened(self, db):
        unit = factories.office("OED", kind="executive")
        response = signed_in(factories.person("Gil", manager=unit)).get(PAGE)
        assert response.status_code == 200
        assert "No year has been opened yet" in text(response)


@pytest.fixture(scope="class")
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plan and the demonstration, in a transaction around all tests of a class."""
    with django_db_blocker.unblock(), undone():
        call_command("load_plan", verbosity=0)
        load_demonstration(
            fixtures=Path(settings.BASE_DIR) / "fixtures", password="demonstration-1",
            at=timezone.now(),
        )
        yield


@pytest.fixture
def manager(demonstration: None, db: None) -> Client:
    return signed_in(User.objects.get(email="manager@demo.example.org"))


class TestDemonstration:
    def test_says_the_message_and_shows_the_arithmetic_of_the_design(self, manager):
        body = text(manager.get(PAGE))
        assert "Four of seven focus areas are where they should be; two are behind" in body
        assert "Not rated yet: Research and capacity development." in body
        assert "not approved" in body
        for share in ("68 %", "65 %", "36 %", "102 %", "69 %", "3 %"):
            assert f"<b>{share}</b>" in body
        assert '<del class="was"><span class="visually-hidden">was </span>120</del>' in body
        assert "made up for demonstration" in body
        assert "14 <small>of 17</small>" in body
        assert "69 %" in body
        assert "85 %" in body
        for language in ("ar", "zh", "fr", "ru", "es"):
            assert manager.get(PAGE.replace("/en/", f"/{language}/")).status_code == 200

    def test_shows_no_figure_that_is_not_approved(self, manager):
        before = text(manager.get(PAGE)).partition("<main")[2]
        indicator = Indicator.objects.get(code="FA1.1")
        waiting = Submission.objects.get(office__code="ROAP", period__code="2017")
        add(indicator, waiting, 5)
        assert text(manager.get(PAGE)).partition("<main")[2] == before
        add(indicator, Submission.objects.get(office__code="ROAF", period__code="2017"), 5)
        assert "<b>69</b>" in text(manager.get(PAGE))

    def test_asks_the_same_number_of_queries_with_fifty_achievements_more(self, manager):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert manager.get(PAGE).status_code == 200
            return len(captured)

        before = queries()
        add(
            Indicator.objects.get(code="FA1.1"),
            Submission.objects.get(office__code="ROAF", period__code="2017"),
            50,
        )
        assert queries() == before
        assert before <= 22

    def test_narrows_by_level_period_and_office(self, manager):
        body = text(manager.get(PAGE, {"level": "accomplishment", "period": "2016-2017"}))
        assert "EA2.b.1" in body
        assert "FA2.1</bdi>" not in body
        only = text(manager.get(PAGE, {"office": "ULLGB"}))
        assert "FA7.1</bdi>" not in only

    @pytest.mark.parametrize(
        "asked", [{"period": "1999"}, {"level": "x"}, {"office": "'\"<"}, {"period": ""}]
    )
    def test_falls_back_for_what_it_does_not_know(self, manager, asked):
        assert manager.get(PAGE, asked).status_code == 200


def add(indicator: Indicator, submission: Submission, number: int) -> None:
    """Achievements of new authorities, straight into an office's year."""
    country = Authority.objects.first().country
    for place in range(number):
        name = f"extra {submission.pk} {place}"
        authority = Authority.objects.create(
            name=name, match_key=name, type="local", country=country, illustrative=True
        )
        Achievement.objects.create(
            indicator=indicator, authority=authority, office=submission.office,
            period=submission.period, achieved_on=submission.period.end, evidence="Gazette",
            illustrative=True, added_at=timezone.now(),
        )
