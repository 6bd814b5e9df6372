"""The public results pages: the list, a focus area, indicators of each kind, arithmetic."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import factories
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from indicators import rating_words
from indicators.models import Achievement
from indicators.queries import results
from indicators.rules.kinds import Direction, Nothing
from indicators.rules.ratings import Rating, Status, rate
from indicators.rules.targets import TargetPoint
from indicators.rules.totals import Coverage, Total

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
PAGES = (
    "results/",
    "results/?level=plan&period=mid-term",
    "results/SR/",
    "results/FA2/",
    "results/LS1/",
)


@pytest.fixture
def page(source: Callable[..., str]) -> Callable[..., str]:
    """Reads a page as text, with no-break spaces as plain ones."""
    return source


class TestEveryPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("path", PAGES)
    def test_answers_in_every_language_with_one_heading(self, page, path, language):
        html = page(path, language)
        assert html.count("<h1") == 1
        assert f'<html lang="{language}"' in html

    @pytest.mark.parametrize("path", ["results/FA9/", "results/FA2.9/", "results/FA2.9/history/"])
    def test_an_unknown_code_is_not_found(self, loaded, db, client, path):
        assert client.get(f"/en/{path}").status_code == 404

    def test_demonstration_carries_its_band_and_published_statistics_do_not(self, page):
        band = '<section class="demo"'
        assert band in page("results/FA2.1/")
        assert band in page("results/")
        assert band not in page("results/SR.a/")


class TestList:
    def test_shows_the_levels_of_the_plan_with_their_figures(self, page):
        html = page("results/?period=2017")
        for code in ("SR.a", "SR.c5", "FA1.1", "FA7.1", "LS4.1", "EA7.b.1"):
            assert f"/en/results/{code}/" in html
        assert ">86<" in html

    def test_a_level_shows_that_level_only(self, page):
        html = page("results/?period=2017&level=support")
        assert "/en/results/LS1.1/" in html
        assert "/en/results/FA1.1/" not in html

    def test_a_result_that_is_not_due_says_so_and_shows_no_zero(self, page):
        html = page("results/?period=2017&level=plan")
        assert 'class="nil"' in html

    def test_a_level_or_period_that_is_not_known_falls_back_to_the_latest(self, page):
        assert "/en/results/FA1.1/" in page("results/?period=1999&level=none")

    def test_the_heading_says_how_many_are_where_they_should_be(self, page):
        html = page("results/?period=2017")
        assert "Four of seven focus areas are where they should be; two are behind" in html

    def test_the_heading_is_plain_where_no_focus_area_is_shown(self, page):
        assert "<h1>Results</h1>" in page("results/?period=2017&level=plan")

    def test_a_rating_carries_its_reason(self, page):
        html = page("results/?period=2017")
        assert "Not rated: 3 of 5 offices have approved figures" in html


class TestStatistic:
    def test_world_and_its_comparison_over_the_same_countries(self, page):
        html = page("results/SR.a/")
        for known in ("29.5", "94", "29.9", "31.5", "123"):
            assert known in html

    def test_arithmetic_of_one_region_shows_both_sums_and_their_quotient(self, page):
        html = page("results/SR.a/?region=latin_america_caribbean&year=2018")
        for known in ("104,543,672", "501,282,048", "20.86", "26 countries", "178,163,387"):
            assert known in html

    def test_a_region_or_year_that_is_not_known_gives_all_countries(self, page):
        html = page("results/SR.a/?region=atlantis&year=99999999")
        assert "29.5" in html

    def test_says_which_year_covers_too_little_to_compare(self, page):
        html = page("results/SR.a/")
        assert "The countries that reported in 2016 hold 57 % of the urban population" in html

    def test_shows_the_change_of_each_region_since_2014(self, page):
        html = page("results/SR.a/")
        for change in ("\N{MINUS SIGN}1.2", "+0.9", "+2.7", "\N{MINUS SIGN}0.4"):
            assert f">{change}<" in html

    def test_a_statistic_without_a_series_is_not_reported(self, page):
        assert "not reported" in page("results/SR.b/?period=mid-term")


class TestCount:
    def test_counts_each_authority_once_and_says_what_overlaps(self, page):
        html = page("results/FA2.1/?period=2017")
        assert "86; 87 expected by now" in html
        for known in (">100<", ">\N{MINUS SIGN}14<", ">86<", "110", "<del>120</del>"):
            assert known in html

    def test_divides_the_distinct_authorities_by_type_and_by_region(self, page):
        html = page("results/FA2.1/?period=2017")
        for known in (">54<", ">22<", ">21<", "never added across"):  # 54+16+16, 22+22+21+21
            assert known in html

    def test_an_office_that_is_not_approved_keeps_its_earlier_years(self, page):
        assert "2017 not approved; its earlier years stand" in page("results/FA2.1/?period=2017")

    def test_the_arithmetic_says_who_approved(self, page):
        assert "Head, UPDB" in page("results/FA2.1/arithmetic/?period=2017")

    @pytest.mark.parametrize("number", range(1, 8))
    def test_what_a_returned_submission_holds_is_nowhere(self, page, number):
        """The Regional Office for Asia and the Pacific got its 2017 figures back."""
        rows = Achievement.objects.filter(indicator__code=f"FA{number}.1")
        approved = set(
            rows.exclude(office__code="ROAP", period__code="2017")
            .exclude(office__code="URCDB", period__code="2017")
            .values_list("authority__name", flat=True)
        )
        returned = rows.filter(office__code="ROAP", period__code="2017")
        canaries = set(returned.values_list("authority__name", flat=True)) - approved
        assert canaries
        for path in (f"results/FA{number}.1/", f"results/FA{number}.1/arithmetic/"):
            html = page(path)
            assert not [name for name in canaries if name in html]

    def test_approved_authorities_are_named(self, page):
        assert "Invented municipality" in page("results/FA2.1/")


class TestOtherKinds:
    def test_a_milestone_names_its_stage(self, page):
        assert "dopted" in page("results/EA2.a.1/?period=2017")

    def test_a_ratio_shows_its_quotient(self, page):
        assert "40.0 %" in page("results/LS3.1/?period=2015")  # 84 ÷ 210


class TestElement:
    def test_a_focus_area_shows_its_words_tools_and_accomplishments(self, page):
        html = page("results/FA2/")
        for known in ("Urban planning and design", "/en/results/FA2.1/", "EA2.a", "p.28"):
            assert known in html


READS = {
    "indicator": lambda today: results.indicator_page("FA1.1", period="2017", today=today),
    "result": lambda today: results.result_page("FA1", today=today),
    "list": lambda today: results.results_list(period="2017", level="", today=today),
}


class TestQueries:
    @pytest.mark.parametrize("read", READS)
    def test_more_rows_ask_no_more_queries(self, loaded, db, read):
        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert READS[read](date(2018, 2, 2)) is not None
            return len(captured)

        before = count()
        achieved = Achievement.objects.filter(indicator__code="FA1.1").first()
        for number in range(5):
            factories.saved(
                Achievement(
                    indicator=achieved.indicator, office=achieved.office, period=achieved.period,
                    authority=factories.authority(f"Another municipality {number}"),
                    achieved_on=date(2014, 1, 1), added_at=timezone.now(),
                )
            )  # fmt: skip
        factories.target(achieved.indicator, 2016, "50")
        assert count() == before


class TestRatingWords:
    def test_every_reason_and_step_of_the_rules_has_its_sentence(self):
        points = [TargetPoint(2019, Decimal(110))]
        total = Total(
            number=Decimal(86), nothing=None, rule="distinct_count", coverage=Coverage(9, 12)
        )
        rating = rate(
            baseline=Decimal(42), baseline_year=2013, points=points, actual=total, year=2017,
            direction=Direction.UP, period_ended=True,
        )  # fmt: skip
        with translation.override("en"):
            lines = [f"{line.words} = {line.result}" for line in rating_words.arithmetic(rating)]
        assert "Change so far: 86 − 42 = 44" in lines
        assert "Part of the way to the target: 44 ÷ 68 = 64.7\N{NO-BREAK SPACE}%" in lines

    def test_says_in_the_reader_s_language_why_there_is_no_grade(self):
        rating = Rating(
            Status.NOT_RATED, "too_few_offices",
            {"reporting": 5, "expected": 12, "needed": Decimal("0.6667")},
        )  # fmt: skip
        with translation.override("en"):
            assert "5 of 12 offices" in rating_words.reason(rating)

    def test_no_figure_and_no_target_are_said_apart(self):
        nothing = Rating(Status.NOT_RATED, "no_figure", {"nothing": Nothing.NOT_DUE.value})
        no_target = Rating(Status.NOT_RATED, "no_target")
        assert rating_words.reason(nothing) != rating_words.reason(no_target)
