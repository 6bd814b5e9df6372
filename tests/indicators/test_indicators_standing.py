"""Totals from approved figures, by literals that can be checked by hand."""

from datetime import date
from decimal import Decimal

import factories
import pytest
from django.db import IntegrityError, transaction

from indicators import queries
from indicators.models import Authority, Figure, Submission
from indicators.rules.kinds import Nothing
from indicators.services import authorities, submissions

NOW = factories.NOW
TODAY = factories.TODAY


def standing(code: str, period: str = "2016"):
    (found,) = queries.standings(codes=[code], period=factories.period(period), today=TODAY)
    return found


def count_of(code: str, period: str = "2016"):
    return standing(code, period).counted


class TestApproval:
    @pytest.mark.parametrize(
        ("state", "number"),
        [("draft", None), ("submitted", None), ("returned", None), ("approved", 7), ("verified", 7)],
    )
    def test_keeps_a_figure_out_of_totals(self, house, state, number):
        measure = factories.indicator("FA1.1", offices=[house.branch])
        factories.figure(measure, house.branch, value="7")
        factories.submission(house.branch, state=state)
        total = standing("FA1.1").actual
        assert total.number == number
        assert total.nothing is (None if number else Nothing.NOT_REPORTED)

    @pytest.mark.parametrize(
        ("state", "number"), [("draft", None), ("submitted", None), ("approved", 1)]
    )
    def test_keeps_an_achievement_out_of_counts(self, house, state, number):
        measure = factories.indicator("FA1.1", kind="count", offices=[house.branch])
        factories.achievement(measure, factories.authority(), house.branch)
        factories.submission(house.branch, state=state)
        assert standing("FA1.1").actual.number == number

    def test_of_one_year_does_not_let_another_in(self, house):
        measure = factories.indicator("FA1.1", offices=[house.branch])
        factories.figure(measure, house.branch, "2015", "5")
        factories.figure(measure, house.branch, "2016", "7")
        factories.submission(house.branch, "2015", state="approved")
        factories.submission(house.branch, "2016", state="submitted")
        by_year = standing("FA1.1").by_year
        assert (by_year[2015].number, by_year[2016].number) == (5, None)

    def test_lets_a_figure_in_at_the_moment_of_approval(self, house):
        measure = factories.indicator("FA1.1", offices=[house.branch])
        factories.figure(measure, house.branch, value="0")
        waiting = submissions.submit(
            office=house.branch, period=house.year, by=house.contributor, at=NOW
        )
        assert standing("FA1.1").actual.number is None
        submissions.approve(submission=waiting, by=house.approver, at=NOW)
        assert standing("FA1.1").actual.number == 0


class TestNothing:
    def test_tells_zero_blank_and_not_applicable_apart(self, house):
        factories.submission(house.branch)
        for code, given in {
            "ZE1": {"value": "0"},
            "BL1": {"explanation": "Later."},
            "NA1": {"not_applicable": True, "reason": "No coast."},
        }.items():
            measure = factories.indicator(code, offices=[house.branch])
            factories.figure(measure, house.branch, **given)
        assert (standing("ZE1").actual.number, standing("ZE1").actual.nothing) == (0, None)
        assert standing("BL1").actual.nothing is Nothing.NOT_REPORTED
        excused = standing("NA1").actual
        assert excused.nothing is Nothing.NOT_APPLICABLE
        assert [(gap.key, gap.note) for gap in excused.left_out] == [("BR1", "No coast.")]

    def test_says_not_due_in_a_year_without_a_report(self, house):
        factories.indicator("FA1.1", offices=[house.branch], frequency="biennial")
        assert standing("FA1.1", "2016").actual.nothing is Nothing.NOT_DUE
        assert standing("FA1.1", "2017").actual.nothing is Nothing.NOT_REPORTED


class TestRules:
    @pytest.fixture
    def offices(self, house):
        for office in (house.branch, house.region):
            for year in ("2014", "2015", "2016"):
                factories.submission(office, year)
        return [house.branch, house.region]

    def test_gives_the_ratio_of_sums_and_not_the_mean_of_ratios(self, offices):
        measure = factories.indicator("FA1.1", kind="ratio", offices=offices)
        factories.figure(measure, offices[0], numerator="8", denominator="10")
        factories.figure(measure, offices[1], numerator="1", denominator="90")
        total = standing("FA1.1").actual
        # 9 of 100, where the mean of 80 % and 1.1 % would be above 40 %.
        assert (total.numerator, total.denominator, total.number) == (9, 100, 9)

    def test_adds_the_years_of_a_biennium(self, offices):
        measure = factories.indicator("FA1.1", offices=offices)
        for office, first, second in ((offices[0], "1", "2"), (offices[1], "10", "20")):
            factories.figure(measure, office, "2014", first)
            factories.figure(measure, office, "2015", second)
        assert standing("FA1.1", "2014-2015").actual.number == 33

    def test_takes_the_latest_of_a_running_total_and_never_adds_it(self, offices):
        measure = factories.indicator(
            "FA1.1", offices=offices, entry_meaning="to_date", period_rule="latest"
        )
        for office, first, second in ((offices[0], "5", "7"), (offices[1], "1", "1")):
            factories.figure(measure, office, "2014", first)
            factories.figure(measure, office, "2015", second)
        assert standing("FA1.1", "2014-2015").actual.number == 8

    def test_refuses_to_define_a_running_total_that_is_summed(self, offices):
        measure = factories.indicator("FA1.1", offices=offices)
        with pytest.raises(IntegrityError), transaction.atomic():
            type(measure).objects.update(entry_meaning="to_date")

    def test_counts_the_offices_that_say_yes(self, offices):
        measure = factories.indicator("FA1.1", kind="yes_no", offices=offices)
        factories.figure(measure, offices[0], choice="yes")
        factories.figure(measure, offices[1], choice="no")
        assert standing("FA1.1").actual.number == 1

    def test_joins_no_scales_of_two_offices(self, offices):
        measure = factories.indicator("FA1.1", kind="scale", offices=offices)
        for office in offices:
            factories.figure(measure, office, choice="drafted")
        total = standing("FA1.1").actual
        assert (total.number, total.nothing, total.reason) == (
            None,
            Nothing.NOT_APPLICABLE,
            "no_rule",
        )

    def test_weighs_a_statistic_by_its_weight(self, house):
        measure = factories.indicator("SR.a", kind="statistic")
        weight = factories.series("POP")
        values = factories.series("SLUM", measure=measure, weight=weight)
        for iso3, share, people in (("XAA", "10", "300"), ("XAB", "50", "100")):
            factories.observation(values, iso3, 2016, share)
            factories.observation(weight, iso3, 2016, people)
        total = standing("SR.a").actual
        # (10 × 300 + 50 × 100) ÷ 400
        assert total.number == 20
        assert (total.coverage.reporting, total.coverage.expected) == (2, 2)


class TestCounts:
    @pytest.fixture
    def measure(self, house):
        for office in (house.branch, house.region):
            factories.submission(office)
        return factories.indicator("FA1.1", kind="count", offices=[house.branch, house.region])

    def test_counts_a_shared_city_once_for_the_agency_and_once_for_each(self, house, measure):
        shared, own = factories.authority("Alba"), factories.authority("Bela")
        factories.achievement(measure, shared, house.branch)
        factories.achievement(measure, shared, house.region)
        factories.achievement(measure, own, house.branch)
        counted = count_of("FA1.1")
        assert counted.total.number == 2
        assert counted.by_office == {"BR1": 2, "RO1": 1}
        assert counted.shared == {"BR1": 1, "RO1": 1}
        assert counted.overlaps == ((str(shared.pk), ("BR1", "RO1")),)

    def test_lowers_by_a_merge_and_rises_again_when_it_is_undone(self, house, measure):
        town, same = factories.authority("Alba"), factories.authority("Alba Town")
        factories.achievement(measure, town, house.branch)
        factories.achievement(measure, same, house.region)
        assert count_of("FA1.1").total.number == 2
        authorities.merge(duplicate=same, into=town, by=house.officer, at=NOW, reason="Same.")
        assert count_of("FA1.1").total.number == 1
        assert count_of("FA1.1").by_office == {"BR1": 1, "RO1": 1}
        same = Authority.objects.get(pk=same.pk)
        authorities.undo_merge(authority=same, by=house.officer, at=NOW, reason="Two.")
        assert count_of("FA1.1").total.number == 2

    def test_counts_to_date(self, house, measure):
        factories.submission(house.branch, "2015")
        factories.achievement(measure, factories.authority(), house.branch, "2015")
        factories.achievement(measure, factories.authority(), house.branch, "2016")
        by_year = standing("FA1.1").by_year
        assert (by_year[2015].lines[0].number, by_year[2016].number) == (1, 2)

    def test_divides_by_region_and_type(self, house, measure):
        factories.country("XAB", within="arab_states")
        factories.achievement(measure, factories.authority(), house.branch)
        factories.achievement(
            measure, factories.authority(type="national", iso3="XAB"), house.branch
        )
        counted = count_of("FA1.1")
        assert counted.by_region == {"africa": 1, "arab_states": 1}
        assert counted.by_type == {"local": 1, "national": 1}


class TestExactness:
    def test_adds_fifteen_digits_to_the_last(self, house):
        other = factories.office("BR2")
        measure = factories.indicator("FA1.1", offices=[house.branch, other])
        factories.figure(measure, house.branch, value="99999999999.9999")
        factories.figure(measure, other, value="0.0001")
        for office in (house.branch, other):
            factories.submission(office)
        assert standing("FA1.1").actual.number == Decimal("100000000000.0000")

    def test_adds_hundreds_of_long_numbers_to_the_last_digit(self, house):
        measure = factories.indicator("FA1.1")
        offices = [factories.office(f"OF{n}") for n in range(300)]
        for office in offices:
            factories.assign(measure, office)
        year = house.year
        Figure.objects.bulk_create(
            Figure(
                indicator=measure,
                office=office,
                period=year,
                value=Decimal("33333333333.3333"),
                changed_at=NOW,
            )
            for office in offices
        )
        who = house.contributor, house.approver
        Submission.objects.bulk_create(
            Submission(
                office=office,
                period=year,
                state="approved",
                submitted_by=who[0],
                submitted_at=NOW,
                approved_by=who[1],
                approved_at=NOW,
            )
            for office in offices
        )
        # 300 × 33,333,333,333.3333: more digits than SQLite's own SUM would keep.
        assert standing("FA1.1").actual.number == Decimal("9999999999999.9900")


class TestRevision:
    def test_shows_first_and_current_targets_side_by_side(self, house):
        measure = factories.indicator("FA1.1", offices=[house.branch])
        factories.baseline(measure, "4")
        factories.target(measure, 2017, "20")
        factories.target(measure, 2017, "25", version=2, reason="More funds.")
        found = standing("FA1.1")
        assert [(t.value, t.version) for t in found.first_targets] == [(Decimal(20), 1)]
        assert [(t.value, t.version, t.reason) for t in found.targets] == [
            (Decimal(25), 2, "More funds.")
        ]
        assert found.baseline.value == 4

    def test_leaves_retired_indicators_out(self, house):
        factories.indicator("FA1.1", retired_on=date(2016, 1, 1))
        factories.indicator("FA1.2")
        found = queries.standings(codes=["FA1.1", "FA1.2"], period=house.year, today=TODAY)
        assert [one.indicator.code for one in found] == ["FA1.2"]
