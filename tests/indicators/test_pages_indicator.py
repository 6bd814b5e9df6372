"""One indicator's page, its arithmetic and history, against numbers checked by hand.

Statistics come from the fixtures of the application through `load_plan`; counts of authorities
are counted again here from the rows, without the rules.
"""

import re
from collections import Counter
from datetime import date
from decimal import Decimal

import factories
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from focus_areas.models import PlanRevision, PlanText
from habitat_plan.kit.wording import Wording
from indicators.models import Achievement, Authority, Figure, Indicator, Observation, Submission
from indicators.queries.statistics import RegionalSeries, SeriesPage, regional_series
from organization.models import Country, Region

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
REGION = "latin_america_caribbean"
APPROVED = ("approved", "verified")
EVERY_INDICATOR = (
    "SR.a", "SR.b", "SR.c1", "SR.c2", "SR.c3", "SR.c4", "SR.c5", "SR.d", "SR.e", "FA1.1", "FA2.1",
    "FA3.1", "FA4.1", "FA5.1", "FA6.1", "FA7.1", "LS1.1", "LS2.1", "LS3.1", "LS4.1", "EA1.b.1",
    "EA2.a.1", "EA2.b.1", "EA3.a.1", "MK.1", "EV.1",
)  # fmt: skip
ARITHMETIC = f"results/SR.a/arithmetic/?region={REGION}&year=2018"
MINUS = "\N{MINUS SIGN}"


@pytest.fixture
def slums(loaded: None, db: None) -> SeriesPage:
    found = regional_series(Indicator.objects.get(code="SR.a"))
    assert found is not None
    return found


@pytest.fixture
def region(slums: SeriesPage) -> RegionalSeries:
    """Latin America and the Caribbean."""
    return next(one for one in slums.regions if one.region and one.region.code == REGION)


def approved_claims(code: str, until: int = 2017) -> list[tuple[str, int]]:
    """(office, authority) of each achievement whose submission is approved; counted by nobody."""
    submitted = set(
        Submission.objects.filter(state__in=APPROVED).values_list("office_id", "period_id")
    )
    rows = Achievement.objects.filter(indicator__code=code, period__end__year__lte=until)
    return [
        (row.office.code, row.authority.merged_into_id or row.authority_id)
        for row in rows.select_related("office", "authority")
        if (row.office_id, row.period_id) in submitted
    ]


class TestLatinAmericaAndTheCaribbean:
    @pytest.mark.parametrize(
        ("year", "share", "countries", "coverage"),
        [
            (2014, "21.22", 25, "97.4"),
            (2016, "20.50", 24, "98.4"),
            (2018, "20.86", 26, "99.2"),
        ],
    )
    def test_mean_countries_and_coverage(self, region, year, share, countries, coverage):
        total = region.totals[year]
        assert f"{total.number:.2f}" == share
        assert total.coverage.reporting == countries
        assert f"{total.coverage.share * 100:.1f}" == coverage

    def test_both_sums_of_2018(self, region):
        total = region.totals[2018]
        assert f"{total.numerator / 100:,.0f}" == "104,543,672"
        assert f"{total.denominator:,.0f}" == "501,282,048"

    def test_both_sums_added_up_again_from_the_observations(self, region):
        members = Region.objects.get(scheme="un_habitat", code=REGION).countries.all()
        rows = Observation.objects.filter(country__in=members, year=2018)
        people = dict(
            rows.filter(series__code="urban_population").values_list("country_id", "value")
        )
        shares = dict(
            rows.filter(series__indicator__code="SR.a").values_list("country_id", "value")
        )
        both = people.keys() & shares.keys()
        assert len(both) == 26
        assert sum(people[one] for one in both) == region.totals[2018].denominator
        assert sum(people[one] * shares[one] for one in both) == region.totals[2018].numerator

    def test_has_the_countries_of_the_group_419_of_the_m49_list(self, loaded, db):
        def members(scheme: str, code: str) -> set[str]:
            group = Region.objects.get(scheme=scheme, code=code)
            return set(group.countries.filter(illustrative=False).values_list("iso3", flat=True))

        assert members("un_habitat", REGION) == members("m49", "419")
        assert len(members("m49", "419")) == 52

    def test_the_custodian_s_own_aggregate_stands_beside(self, region):
        assert region.published[2018] == Decimal("20.9")


class TestWorld:
    @pytest.mark.parametrize(
        ("year", "share", "countries"),
        [(2014, "29.9", 94), (2016, "31.1", 118), (2018, "29.5", 123)],
    )
    def test_mean_of_the_countries_that_report(self, slums, year, share, countries):
        total = slums.world.totals[year]
        assert f"{total.number:.1f}" == share
        assert total.coverage.reporting == countries

    def test_the_same_countries_went_up(self, slums):
        like = slums.like_with_like
        assert (f"{like.first.number:.1f}", f"{like.second.number:.1f}") == ("29.9", "31.5")
        assert like.first.coverage.reporting == like.second.coverage.reporting == 94

    def test_the_custodian_s_aggregate_is_another_number(self, slums):
        assert slums.world.published[2018] == 24
        assert f"{slums.world.totals[2018].number:.1f}" == "29.5"


class TestStatisticPage:
    def test_heading_and_deck_say_what_the_numbers_say(self, source):
        html = source("results/SR.a/")
        assert (
            "<h1>People living in slums: 29.5 per cent in 2018, in the 123 countries that report"
            in html
        )
        assert (
            "In the 94 countries that reported in both years the figure went from 29.9 per cent in "
            "2014 to 31.5 per cent in 2018." in html
        )

    def test_the_custodian_s_24_is_named_as_published_and_never_as_ours(self, words):
        said = words("results/SR.a/")
        assert "Published by the custodian 24 % world, all countries modelled" in said
        assert "not the custodian’s published aggregate" in said
        assert said.count("24 %") == 1

    def test_warns_of_the_year_whose_coverage_is_another(self, words):
        """68, 57 and 78 per cent: 2016 is more than ten points from each of the others."""
        said = words("results/SR.a/")
        assert "Do not compare 2016 with the other years." in said
        assert "The countries that reported in 2016 hold 57 % of the urban population" in said

    def test_warns_of_nothing_where_coverage_is_the_same(self, words):
        """Safe drinking water: 49, 50 and 50 per cent."""
        assert "Do not compare" not in words("results/SR.c1/")

    def test_change_of_each_region_in_points(self, words):
        said = words("results/SR.a/")
        for row in (
            f"Africa 53.8 52.6 {MINUS}1.2 43 99 %",
            "Arab States 28.6 29.6 +0.9 11 77 %",
            "Asia and the Pacific 27.6 30.4 +2.7 21 88 %",
            f"Latin America and the Caribbean 21.2 20.9 {MINUS}0.4 26 99 %",
        ):
            assert row in said

    def test_series_of_basic_services_begin_in_2000(self, source, words):
        said = words("results/SR.c1/")
        assert re.search(r"All countries that report 2000 82\.\d+ \d+ \d+ %", said)
        assert " 1999 " not in said

    def test_a_series_that_is_not_held_has_no_number(self, words):
        said = words("results/SR.b/?period=mid-term")
        assert "not reported" in said
        assert "Show the arithmetic of the rating" not in said.split("Reference sheet")[1]


class TestStatisticArithmetic:
    def test_shows_both_sums_the_quotient_and_how_many_countries(self, words):
        said = words(ARITHMETIC)
        assert "= 104,543,672 ÷ 501,282,048 = 20.86 %" in said
        assert "26 countries 20.86 501,282,048 104,543,672" in said
        assert "Coverage: 99.2 % of urban population" in said

    def test_shows_the_country_lines_the_most_people_first(self, words):
        said = words(ARITHMETIC)
        brazil, mexico, haiti = (
            said.index("Brazil 16.3 178,163,387 29,040,632"),
            said.index("Mexico 16.0 97,201,282 15,552,205"),
            said.index("Haiti 65.9 5,631,902 3,711,423"),
        )
        assert brazil < mexico < haiti

    @pytest.mark.parametrize(("year", "share"), [(2014, "21.22"), (2016, "20.50")])
    def test_earlier_years_open_too(self, words, year, share):
        said = words(f"results/SR.a/arithmetic/?region={REGION}&year={year}")
        assert f"= {share} %" in said

    @pytest.mark.parametrize(
        "query",
        ["", "?region=atlantis", "?year=1", "?year=abc", "?year=99999999999999999999", "?year=",
         "?region=&year=&period="],
    )  # fmt: skip
    def test_a_region_or_year_that_is_not_known_gives_the_latest_of_all(self, words, query):
        assert "3,337,482,415" in words(f"results/SR.a/arithmetic/{query}")


class TestCountPage:
    def test_facts(self, words):
        said = words("results/FA2.1/?period=2017")
        assert "End of 2017 86 On track Baseline 2013 42 Target 2019 110" in said
        assert "Progress 65 % 66 % expected Offices approved 4 of 5" in said

    def test_the_first_target_is_struck_through_and_said_in_words(self, source, words):
        assert "<del>120</del>" in source("results/FA2.1/?period=2017")
        assert "110 first set at 120" in words("results/FA2.1/?period=2017")

    def test_offices_and_overlap_agree_with_the_rows(self, words):
        claims = set(approved_claims("FA2.1"))
        offices = Counter(office for office, _authority in claims)
        times = Counter(authority for _office, authority in claims)
        shared = sum(1 for number in times.values() if number > 1)
        assert (sum(offices.values()), shared, len(times)) == (100, 14, 86)
        assert offices == {"ROAF": 15, "ROAP": 12, "ROAS": 8, "ROLAC": 7, "UPDB": 58}
        said = words("results/FA2.1/?period=2017")
        assert "Counted by the offices 100" in said
        assert f"Less: counted by more than one office {MINUS}14" in said
        assert "14 authorities are counted by more than one of them" in said
        assert "Each authority counted once 86" in said
        assert re.search(r"Urban Planning and Design Branch approved \d+ \w+ \d{4} 58 14", said)
        assert "2017 not approved; its earlier years stand 12 6" in said

    def test_axes_add_up_to_the_distinct_authorities(self, words):
        said = words("results/FA2.1/?period=2017")
        assert "Local 54 Other subnational 16 National 16" in said  # 54 + 16 + 16 = 86
        assert "Share of 86" in said

    def test_the_arithmetic_divides_what_is_said(self, words):
        said = words("results/FA2.1/arithmetic/?period=2017")
        assert "Change so far: 86 − 42 44" in said
        assert "Part of the way to the target: 44 ÷ 68 64.7 %" in said

    def test_a_changed_wording_is_said(self, words):
        """Only the wording of 2017 is held; with the earlier one beside it, the page says so."""
        assert "The wording changed in 2017" not in words("results/FA2.1/")
        factories.saved(
            PlanText(
                revision=PlanRevision.objects.get(code="2013"), code="FA2.1", kind="indicator",
                wording=Wording.of(en="An earlier wording"), ordinal=1, paragraph="p.1",
            )
        )  # fmt: skip
        assert "The wording changed in 2017" in words("results/FA2.1/")

    def test_too_few_offices_give_no_number_and_no_rating(self, words):
        """The branch and one of the four regional offices are not approved: 3 of 5."""
        said = words("results/FA7.1/?period=2017")
        assert "urban policies: no figure yet, 3 of 5 offices are approved" in said
        assert "End of 2017 not approved Not rated" in said
        assert "Not rated: 3 of 5 offices have approved figures, fewer than two thirds." in said
        assert "66" not in re.findall(r"\d+", said.split("The authorities")[0])

    def test_the_same_count_is_shown_for_the_year_before(self, words):
        assert "End of 2016 58 On track" in words("results/FA7.1/?period=2016")


class TestNotApproved:
    @pytest.mark.parametrize(("code", "number"), [("FA2.1", 86), ("FA6.1", 13), ("FA1.1", 64)])
    def test_returned_achievements_are_in_no_count(self, words, code, number):
        everything = Achievement.objects.filter(indicator__code=code).values("authority").distinct()
        assert everything.count() > number
        assert len({authority for _office, authority in approved_claims(code)}) == number
        assert f"End of 2017 {number} " in words(f"results/{code}/?period=2017")

    def test_names_that_only_a_returned_submission_holds_are_nowhere(self, source):
        approved = {authority for _office, authority in approved_claims("FA6.1")}
        returned = Achievement.objects.filter(
            indicator__code="FA6.1", office__code="ROAP", period__code="2017"
        ).exclude(authority__in=approved)
        names = set(returned.values_list("authority__name", flat=True))
        assert len(names) == 12
        for path in ("", "arithmetic/", "history/"):
            html = source(f"results/FA6.1/{path}")
            assert not [name for name in names if name in html]
        approved_name = Authority.objects.filter(pk__in=approved).first().name
        assert approved_name in source("results/FA6.1/")

    def test_a_figure_in_a_draft_is_not_shown(self, source):
        """The External Relations Division still enters 2017."""
        office = Indicator.objects.get(code="LS3.1").responsible_office
        assert Submission.objects.get(office=office, period__code="2017").state == "draft"
        factories.saved(
            Figure(
                indicator=Indicator.objects.get(code="LS3.1"), office=office,
                period=Submission.objects.get(office=office, period__code="2017").period,
                numerator=777, denominator=888, changed_at=timezone.now(),
                changed_by=Submission.objects.filter(submitted_by__isnull=False).first().submitted_by,
            )
        )  # fmt: skip
        for path in ("", "arithmetic/"):
            html = source(f"results/LS3.1/{path}?period=2017")
            assert "777" not in html
            assert "87.5" not in html


class TestNothing:
    """Four kinds, and each looks different."""

    def test_not_due(self, source):
        html = source("results/LS1.1/?period=2016")
        assert '<span class="nil">not due</span>' in html

    def test_not_reported(self, source):
        html = source("results/LS3.1/?period=2017")
        assert '<span class="nil-missing">not reported</span>' in html

    def test_not_applicable(self, source):
        Figure.objects.filter(indicator__code="LS1.1", period__code="2017").update(
            value=None, not_applicable=True, reason="Nobody was asked"
        )
        assert 'class="nil-na"' in source("results/LS1.1/?period=2017")

    def test_zero_is_a_number(self, source, words):
        Figure.objects.filter(indicator__code="LS1.1", period__code="2017").update(value=0)
        assert "End of 2017 0 " in words("results/LS1.1/?period=2017")
        facts = source("results/LS1.1/?period=2017").split("</dl>")[0]
        assert "nil" not in facts


class TestOtherKinds:
    def test_yes_or_no_shows_its_answer(self, words):
        assert "End of 2017 yes " in words("results/EA1.b.1/?period=2017")
        assert "End of 2016 no " in words("results/EA1.b.1/?period=2016")

    def test_a_milestone_shows_its_stage(self, words):
        assert "End of 2017 Adopted " in words("results/EA2.a.1/?period=2017")

    def test_a_ratio_shows_both_parts_by_office(self, words):
        said = words("results/LS3.1/?period=2015")
        assert "End of 2015 40.0 %" in said
        assert "84 of 210" in said

    def test_a_published_figure_names_its_source(self, words):
        said = words("results/MK.1/?period=2017")
        assert "End of 2017 69" in said
        assert "Source: " in said


class TestIllustrative:
    @pytest.mark.parametrize("code", ["FA1.1", "FA2.1", "FA7.1", "LS1.1", "EA2.a.1"])
    def test_demonstration_is_marked_on_page_and_tables(self, source, code):
        html = source(f"results/{code}/?period=2017")
        assert '<section class="demo"' in html
        assert html.count('<span class="illus">') >= 1

    @pytest.mark.parametrize("code", ["SR.a", "SR.c1", "MK.1", "EV.1"])
    def test_what_has_a_source_is_not(self, source, code):
        html = source(f"results/{code}/")
        assert '<section class="demo"' not in html
        assert '<span class="illus">' not in html

    def test_each_table_of_a_count_is_marked(self, source):
        """Years, offices, types, regions, authorities."""
        assert source("results/FA2.1/").count('<span class="illus">') == 5


class TestEveryIndicator:
    @pytest.mark.drill
    @pytest.mark.parametrize("code", EVERY_INDICATOR)
    def test_page_arithmetic_and_history_answer(self, source, code, rounds):
        """Each in every language, two of them a page; `make drills` reads each page in all six."""
        first = EVERY_INDICATOR.index(code)
        for place, path in enumerate(("", "arithmetic/", "history/")):
            for number in range(rounds(2, len(LANGUAGES))):
                language = LANGUAGES[(first + 2 * place + number) % len(LANGUAGES)]
                html = source(f"results/{code}/{path}", language)
                assert html.count("<h1") == 1
                assert f'<html lang="{language}"' in html

    @pytest.mark.parametrize("period", ["1999", "abc", "", "99999999999999999999", "final"])
    def test_a_period_that_is_not_known_gives_the_latest_year(self, words, period):
        assert "End of 2017 86 " in words(f"results/FA2.1/?period={period}")

    @pytest.mark.parametrize("code", ["FA9.1", "fa2.1", "SR.z", "<b>", "x" * 300, "%00"])
    def test_a_code_that_is_not_known_is_not_found(self, loaded, db, client, code):
        for path in ("", "arithmetic/", "history/"):
            assert client.get(f"/en/results/{code}/{path}").status_code == 404


class TestQueries:
    @pytest.mark.parametrize(
        "path", ["", "arithmetic/", "history/", "?period=2015", "?period=2016-2017"]
    )
    def test_fifty_more_achievements_ask_no_more_queries(self, loaded, db, client, path):
        def count() -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/en/results/FA2.1/{path}").status_code == 200
            return len(captured)

        count()
        before = count()
        one = Achievement.objects.filter(indicator__code="FA2.1", office__code="UPDB").first()
        country = Country.objects.filter(illustrative=True).first()
        authorities = Authority.objects.bulk_create(
            Authority(
                name=f"Further municipality {number}", match_key=f"further municipality {number}",
                type="local", country=country, illustrative=True,
            )
            for number in range(50)
        )  # fmt: skip
        Achievement.objects.bulk_create(
            Achievement(
                indicator=one.indicator, office=one.office, period=one.period, authority=authority,
                achieved_on=date(2014, 1, 1), added_at=timezone.now(), illustrative=True,
            )
            for authority in authorities
        )  # fmt: skip
        assert count() == before
        assert before <= 26
