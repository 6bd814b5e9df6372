"""Baselines and targets: revised by a new version with a reason, never overwritten."""

from datetime import date
from decimal import Decimal

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Baseline, Target
from indicators.services import targets
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def measure(house):
    return factories.indicator("FA1.1", offices=[house.branch])


def baseline(house, measure, **given):
    values = {"value": Decimal(4), "year": 2013, "source": "Survey", "by": house.officer}
    return targets.set_baseline(indicator=measure, at=NOW, **(values | given))


def target(house, measure, **given):
    values = {
        "value": Decimal(20),
        "year": 2017,
        "decided_on": date(2013, 4, 19),
        "by": house.officer,
    }
    return targets.set_target(indicator=measure, at=NOW, **(values | given))


class TestBaseline:
    def test_keeps_value_year_and_source(self, house, measure):
        made = baseline(house, measure, value=Decimal(0))
        assert (made.value, made.year, made.source) == (0, 2013, "Survey")
        assert AuditEntry.objects.get().changes == {"value": [None, "0"], "year": [None, 2013]}

    def test_set_again_says_what_it_was(self, house, measure):
        baseline(house, measure)
        baseline(house, measure, value=Decimal(5))
        assert Baseline.objects.get().value == 5
        assert AuditEntry.objects.last().changes["value"] == ["4", "5"]

    def test_refuses_without_a_source(self, house, measure):
        with pytest.raises(RuleBroken) as caught:
            baseline(house, measure, source=" ")
        assert (caught.value.code, caught.value.field) == ("source_needed", "source")
        assert caught.value.message == "Name the source of the baseline."

    def test_refuses_anybody_but_quality_assurance(self, house, measure):
        with pytest.raises(NotAllowed):
            baseline(house, measure, by=house.approver)


class TestTarget:
    def test_begins_with_the_first_version(self, house, measure):
        baseline(house, measure)
        assert target(house, measure).version == 1

    def test_keeps_earlier_versions_when_revised(self, house, measure):
        baseline(house, measure)
        target(house, measure)
        target(house, measure, value=Decimal(25), reason="More funds.")
        rows = Target.objects.values_list("version", "value", "reason")
        assert list(rows) == [(1, Decimal(20), ""), (2, Decimal(25), "More funds.")]
        last = AuditEntry.objects.last()
        assert (last.changes, last.reason) == ({"value": ["20", "25"]}, "More funds.")

    def test_refuses_a_revision_without_a_reason(self, house, measure):
        baseline(house, measure)
        target(house, measure)
        with pytest.raises(RuleBroken) as caught:
            target(house, measure, value=Decimal(25), reason=" ")
        assert (caught.value.code, caught.value.field) == ("reason_needed", "reason")
        assert Target.objects.get().value == 20

    def test_counts_versions_for_each_office_and_year_apart(self, house, measure):
        baseline(house, measure)
        target(house, measure)
        assert target(house, measure, office=house.branch).version == 1
        assert target(house, measure, year=2019).version == 1

    def test_refuses_without_a_baseline_or_a_reason_for_none(self, house, measure):
        with pytest.raises(RuleBroken) as caught:
            target(house, measure)
        assert caught.value.code == "baseline_needed"
        assert caught.value.message == (
            "FA1.1 has no baseline. Set it first, or state why there is none."
        )
        measure.no_baseline_reason = "First measured in 2015."
        measure.save()
        assert target(house, measure).version == 1

    def test_refuses_anybody_but_quality_assurance(self, house, measure):
        baseline(house, measure)
        with pytest.raises(NotAllowed):
            target(house, measure, by=house.contributor)
