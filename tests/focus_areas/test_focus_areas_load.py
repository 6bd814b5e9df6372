"""Loading the plan from its files: everything is there, and loading again changes nothing."""

from collections import Counter

import factories
import pytest
from django.conf import settings

from focus_areas.models import FocusArea, FundedPosts, Period, PlanText, Result
from focus_areas.services.load import load_plan
from habitat_plan.kit.wording import LANGUAGES
from organization.models import AuditEntry, Country, Office, Region
from organization.services.places import load_organization
from organization.services.upsert import Loaded

FIXTURES = settings.BASE_DIR / "fixtures"
NOW = factories.NOW


@pytest.fixture
def loaded(db):
    load_organization(fixtures=FIXTURES, at=NOW)
    load_plan(fixtures=FIXTURES, at=NOW)


def test_loading_again_writes_nothing(loaded):
    assert load_organization(fixtures=FIXTURES, at=NOW) == Loaded()
    assert load_plan(fixtures=FIXTURES, at=NOW) == Loaded()
    assert AuditEntry.objects.count() == 2


def test_loading_again_mends_what_was_changed(loaded):
    PlanText.objects.filter(code="FA1.title").update(paragraph="wrong")
    assert load_plan(fixtures=FIXTURES, at=NOW) == Loaded(made=0, changed=1)
    assert AuditEntry.objects.last().changes == {"rows made": [0, 0], "rows changed": [0, 1]}


def test_the_results_chain_is_that_of_the_plan(loaded):
    levels = Counter(Result.objects.values_list("level", flat=True))
    assert (levels["plan"], levels["focus_area"], levels["support"]) == (1, 7, 4)
    assert [one.code for one in FocusArea.objects.all()] == [f"FA{n}" for n in range(1, 8)]
    assert not Result.objects.exclude(level="accomplishment").filter(illustrative=True).exists()
    assert not Result.objects.filter(level="accomplishment", illustrative=False).exists()


def test_the_calendar_is_that_of_the_rules(loaded):
    kinds = Counter(Period.objects.values_list("kind", flat=True))
    assert kinds == {"baseline": 1, "year": 6, "biennium": 3, "mid_term": 1, "final": 1}


def test_posts_by_fund_are_those_of_the_chart(loaded):
    # Annex III: 70 + 75 + 66 = 211.
    assert sum(FundedPosts.objects.values_list("posts", flat=True)) == 211


def test_titles_of_focus_areas_are_in_six_languages(loaded):
    titles = PlanText.objects.filter(code__regex=r"^FA[1-7]\.title$")
    assert {title.code for title in titles} == {f"FA{n}.title" for n in range(1, 8)}
    for title in titles:
        assert set(title.wording.texts) == set(LANGUAGES), title.code


def test_every_text_names_its_paragraph_or_source(loaded):
    assert not PlanText.objects.filter(paragraph="", source="").exists()


def test_offices_form_one_tree_with_seven_branches(loaded):
    kinds = Counter(Office.objects.values_list("kind", flat=True))
    assert (kinds["branch"], kinds["regional"], kinds["liaison"]) == (7, 4, 3)
    parents = dict(Office.objects.values_list("pk", "parent_id"))
    for start in parents:
        steps, place = 0, start
        while parents[place] is not None:
            place, steps = parents[place], steps + 1
            assert steps < len(parents), "a circle of offices"


def test_every_country_lies_in_one_region_of_un_habitat_at_most(loaded):
    regions = Region.objects.filter(scheme="un_habitat").prefetch_related("countries")
    assert len(regions) == 4
    members = Counter(country.iso3 for region in regions for country in region.countries.all())
    assert set(members.values()) == {1}
    assert all(region.countries.filter(illustrative=True).count() == 1 for region in regions)
    assert Country.objects.filter(illustrative=True).count() == 4
