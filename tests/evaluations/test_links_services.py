"""A recommendation is linked to what it touches or led to; links are taken back, never deleted."""

from datetime import timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from factories import NOW, TODAY
from hypothesis import given
from hypothesis import strategies as st

from evaluations.models import Link, Recommendation
from evaluations.queries import links as queries
from evaluations.services import links as services
from focus_areas.models import PlanText
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVAL"))


@pytest.fixture
def advice() -> Recommendation:
    one = rows.evaluation("2-2017", state="published")
    return rows.recommendation(one, office=factories.office("ROAF"), number=4)


@pytest.fixture
def plan_data() -> None:
    """Two indicators, targets, two wordings of one risk, a project, two revisions."""
    revisions = [
        factories.revision("2013"),
        factories.revision("2015", dated=TODAY - timedelta(days=600)),
    ]
    for one in revisions:
        factories.saved(
            PlanText(
                revision=one, code="K1", kind="risk", paragraph="p.116",
                source="HSP", wording=factories.say(f"Risk of {one.code}"),
            )
        )  # fmt: skip
    measure = factories.indicator("FA2.1")
    factories.indicator("FA2.2")
    factories.target(measure, 2017, "10")
    factories.target(measure, 2017, "12", version=2, reason="New register")
    factories.target(measure, 2017, "3", office=Office.objects.get(code="ROAF"))
    rows.project("slum-kenya", office=Office.objects.get(code="ROAF"))


def link(advice: Recommendation, kind: str, thing: Any, by: User, **fields: Any) -> Link:
    given = {"note": "", "language": "en", "at": NOW} | fields
    return services.link(recommendation=advice, kind=kind, thing=thing, by=by, **given)


def refused(advice: Recommendation, kind: str, thing: Any, by: User, **fields: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        link(advice, kind, thing, by, **fields)
    return caught.value


class TestLink:
    @pytest.mark.parametrize(
        "kind, typed, code",
        [
            ("indicator", "FA2.1", "FA2.1"),
            ("indicator", " fa2.1 ", "FA2.1"),
            ("target", "FA2.1@2017", "FA2.1@2017"),
            ("target", "fa2.1 2017", "FA2.1@2017"),
            ("target", "FA2.1@2017/ROAF", "FA2.1@2017/ROAF"),
            ("risk", "k1", "K1"),
            ("project", "SLUM-Kenya", "slum-kenya"),
            ("paragraph", "100", "p.100"),
            ("paragraph", "١٠٠", "p.100"),
            ("paragraph", "p. 10 (G)", "p.10 g"),
            ("revision", "2015", "2015"),
        ],
    )
    def test_a_code_as_people_type_it_names_one_thing(
        self, advice, officer, plan_data, kind, typed, code
    ):
        made = link(advice, kind, typed, officer, note="Changed by it.")
        made.full_clean(exclude=["indicator", "target", "risk", "project", "revision"])
        (shown,) = queries.links_of(advice, user=officer, on=TODAY)
        assert (shown.code, str(shown.link.note)) == (code, "Changed by it.")
        entry = AuditEntry.objects.get(action="link recommendation")
        assert entry.changes["recommendation"] == [None, "2-2017-4"]
        assert entry.office == advice.office

    def test_the_latest_version_and_the_latest_wording_are_meant(self, advice, officer, plan_data):
        target = link(advice, "target", "FA2.1@2017", officer).target
        risk = link(advice, "risk", "K1", officer).risk
        assert (target.version, risk.revision.code) == (2, "2015")

    @pytest.mark.parametrize(
        "kind, typed, near",
        [
            ("indicator", "FA2.9", "FA2.1, FA2.2"),
            ("indicator", "FA", "FA2.1, FA2.2"),
            ("target", "FA2.1@2016", "FA2.1@2017, FA2.1@2017/ROAF"),
            ("risk", "K7", "K1"),
            ("project", "slum-keny", "slum-kenya"),
            ("revision", "2016", "2015, 2013"),
        ],
    )
    def test_an_unknown_code_gets_a_sentence_with_what_is_near(
        self, advice, officer, plan_data, kind, typed, near
    ):
        broken = refused(advice, kind, typed, officer)
        assert (broken.code, broken.field) == ("code_unknown", "code")
        assert typed in str(broken.message)
        assert set(str(broken.details[0]).removeprefix("Near it: ").rstrip(".").split(", ")) == set(
            near.split(", ")
        )

    @pytest.mark.parametrize("typed", ["0", "119", "p.1000", "p.x", "p.10 gg", "-1", "p.1 ſ"])
    def test_a_paragraph_that_the_plan_does_not_have_is_refused(self, advice, officer, typed):
        assert refused(advice, "paragraph", typed, officer).code == "code_unknown"

    @pytest.mark.parametrize(
        "kind, typed, fields, code",
        [
            ("indicator", "  ", {}, "code_needed"),
            ("story", "FA2.1", {}, "kind_unknown"),
            ("indicator", "x" * 5000, {}, "code_unknown"),
            ("paragraph", "p.100", {"note": "x" * 501}, "text_too_long"),
            ("paragraph", "p.100", {"note": "a\x00"}, "text_damaged"),
            ("paragraph", "p.100", {"language": "de"}, "language_unknown"),
        ],
    )
    def test_bad_input_is_refused_in_words(self, advice, officer, kind, typed, fields, code):
        broken = refused(advice, kind, typed, officer, **fields)
        assert broken.code == code
        assert len(str(broken.message)) < 300
        assert not Link.objects.exists()

    def test_a_row_of_another_kind_is_refused(self, advice, officer, plan_data):
        revision = factories.revision("2018")
        assert refused(advice, "indicator", revision, officer).code == "kind_unknown"

    def test_the_same_link_twice_is_refused_until_it_is_taken_back(
        self, advice, officer, plan_data
    ):
        made = link(advice, "indicator", "FA2.1", officer)
        assert refused(advice, "indicator", "FA2.1", officer).code == "linked_already"
        services.unlink(link=made, reason="A mistake.", by=officer, at=NOW)
        assert link(advice, "indicator", "FA2.1", officer) != made
        assert Link.objects.count() == 2

    @pytest.mark.parametrize(
        "role", ["contributor", "approver", "manager", "committee", "quality_assurance"]
    )
    def test_others_do_not_link(self, advice, role):
        somebody = factories.person(**{role: factories.office()})
        with pytest.raises(NotAllowed):
            link(advice, "indicator", "", somebody)
        assert not AuditEntry.objects.filter(action="link recommendation").exists()


class TestUnlink:
    def test_a_link_taken_back_stays_with_its_reason_and_is_shown_no_more(self, advice, officer):
        made = link(advice, "paragraph", "p.100", officer)
        for _time in range(2):
            services.unlink(link=made, reason="Another paragraph.", by=officer, at=NOW)
        made.refresh_from_db()
        assert made.removed_at == NOW
        assert queries.links_of(advice, user=officer, on=TODAY) == []
        entry = AuditEntry.objects.get(action="unlink recommendation")
        assert (entry.reason, entry.changes["paragraph"]) == ("Another paragraph.", ["p.100", None])

    @pytest.mark.parametrize(
        "reason, code", [("  ", "reason_needed"), ("x" * 501, "text_too_long")]
    )
    def test_needs_a_reason(self, advice, officer, reason, code):
        made = link(advice, "paragraph", "p.100", officer)
        with pytest.raises(RuleBroken) as caught:
            services.unlink(link=made, reason=reason, by=officer, at=NOW)
        assert (caught.value.code, caught.value.field) == (code, "reason")

    def test_others_do_not_take_back(self, advice, officer):
        made = link(advice, "paragraph", "p.100", officer)
        approver = factories.person(approver=advice.office)
        with pytest.raises(NotAllowed):
            services.unlink(link=made, reason="", by=approver, at=NOW)


class TestReads:
    def test_projects_are_for_the_secretariat(self, advice, officer, plan_data):
        link(advice, "project", "slum-kenya", officer)
        link(advice, "indicator", "FA2.1", officer)
        assert [one.code for one in queries.links_of(advice, user=PUBLIC, on=TODAY)] == ["FA2.1"]
        assert len(queries.links_of(advice, user=officer, on=TODAY)) == 2

    def test_an_indicator_is_touched_through_its_targets_too(self, advice, officer, plan_data):
        measure = link(advice, "indicator", "FA2.1", officer).indicator
        link(advice, "target", "FA2.1@2017", officer)
        link(advice, "indicator", "FA2.2", officer)
        found = queries.touching(measure, user=PUBLIC, on=TODAY)
        assert sorted(one.kind for one in found) == ["indicator", "target"]

    def test_each_read_is_one_query_whatever_the_number(
        self, advice, officer, plan_data, django_assert_num_queries
    ):
        measure = link(advice, "indicator", "FA2.1", officer).indicator
        link(advice, "revision", "2015", officer)
        for number in range(6):
            if number:
                other = rows.recommendation(
                    advice.evaluation, office=advice.office, number=number + 9
                )
                link(other, "indicator", "FA2.1", officer)
                link(other, "revision", "2015", officer)
            if number in {0, 5}:
                with django_assert_num_queries(3):
                    assert len(queries.links_of(advice, user=PUBLIC, on=TODAY)) == 2
                    assert len(queries.touching(measure, user=PUBLIC, on=TODAY)) == number + 1
                    (led,) = queries.led_to(user=PUBLIC, on=TODAY).values()
                    assert len(led) == number + 1
                    [one.recommendation.code for one in led]

    @pytest.mark.parametrize(
        "code", ["2-2017-5", "2-2017", "2-2017-", "nothing", "2-2017-٤", "2-2017-99999"]
    )
    def test_an_address_that_names_no_recommendation_finds_none(self, advice, officer, code):
        assert queries.seen_recommendation(code, user=officer, on=TODAY) is None
        assert queries.seen_recommendation("2-2017-4", user=PUBLIC, on=TODAY) == advice


class TestNear:
    @given(st.text(max_size=8), st.lists(st.text(min_size=1, max_size=6), max_size=12, unique=True))
    def test_names_at_most_four_of_the_codes_and_none_only_if_there_is_none(self, typed, codes):
        found = queries.near(typed, codes)
        assert len(found) <= 4
        assert set(found) <= set(codes)
        assert bool(found) == bool(codes)
