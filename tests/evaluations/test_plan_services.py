"""Approving an evaluation plan: what is frozen, what is refused, and what the trail keeps."""

from datetime import date, timedelta
from typing import Any

import factories
import pytest
from evaluation_rows import biennium, criterion, evaluation, mandate, scope
from factories import NOW, TODAY, person, say

from evaluations.models import Evaluation, PlanVersion
from evaluations.queries.plans import drafted, plan_page
from evaluations.rules import plans as rules
from evaluations.rules.plans import Outcome
from evaluations.services import plans as services
from focus_areas.models import Period
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def period() -> Period:
    """The biennium 2016-2017 with two evaluations in its plan, one of them mandated."""
    found: Period = biennium()
    land = evaluation("land", plan=found, title=say("Land"), ends_on=date(2016, 12, 31))
    land.criteria.add(criterion())
    scope(land, focus_area=factories.focus_area(1))
    evaluation("mid-term", plan=found, kind="mid_term", mandate=mandate("m-1"))
    return found


def approved(period: Period, officer: User, **other: Any) -> PlanVersion:
    """The plan approved by a decision on 10 January 2017."""
    given: dict[str, Any] = {
        "decision": "Decision 25/6",
        "approved_on": date(2017, 1, 10),
        "reason": "",
        "at": NOW,
    } | other
    return services.approve_plan(biennium=period, by=officer, **given)


def refused(period: Period, officer: User, **other: Any) -> str:
    """The code by which an approval was refused."""
    before = PlanVersion.objects.count()
    with pytest.raises(RuleBroken) as broken:
        approved(period, officer, **other)
    assert PlanVersion.objects.count() == before
    return broken.value.code


def test_the_plan_is_frozen_with_mandated_evaluations_first(period: Period, officer: User) -> None:
    evaluation("gone", plan=period, state="cancelled")
    version = approved(period, officer)
    version.refresh_from_db()
    assert [one["code"] for one in version.content["evaluations"]] == ["mid-term", "land"]
    land = version.content["evaluations"][1]
    assert (land["ends_on"], land["criteria"][0]["code"]) == ("2016-12-31", "relevance")
    assert [(one["kind"], one["code"]) for one in land["scope"]] == [("focus_area", "FA1")]
    assert version.sha256 == rules.digest(version.content)
    assert (version.number, version.reason, version.illustrative) == (1, "", False)
    entry = AuditEntry.objects.get(action="approve evaluation plan")
    assert entry.changes["sha256"] == [None, version.sha256]
    assert entry.changes["decision"] == [None, "Decision 25/6"]


def test_what_was_approved_stays_when_the_evaluations_change(period: Period, officer: User) -> None:
    first = approved(period, officer)
    Evaluation.objects.filter(code="land").update(title=say("Land and governance").to_json())
    second = approved(period, officer, decision="Decision 26/1", reason="Governance is looked at.")
    first.refresh_from_db()
    assert first.content["evaluations"][1]["title"]["en"]["text"] == "Land"
    assert (second.number, second.reason) == (2, "Governance is looked at.")
    assert first.sha256 != second.sha256
    entry = AuditEntry.objects.filter(action="approve evaluation plan").last()
    assert entry.changes["sha256"] == [first.sha256, second.sha256]
    assert entry.reason == "Governance is looked at."


def test_the_same_form_sent_twice_is_one_version(period: Period, officer: User) -> None:
    assert approved(period, officer).pk == approved(period, officer).pk
    assert AuditEntry.objects.filter(action="approve evaluation plan").count() == 1


def test_an_unchanged_plan_is_not_approved_again(period: Period, officer: User) -> None:
    approved(period, officer)
    assert refused(period, officer, decision="Decision 26/1", reason="Again.") == "plan_unchanged"


def test_a_report_number_is_no_change_of_the_plan(period: Period, officer: User) -> None:
    approved(period, officer)
    Evaluation.objects.filter(code="land").update(code="2-2017")
    assert refused(period, officer, decision="Decision 26/1", reason="Again.") == "plan_unchanged"


def test_a_second_version_says_why(period: Period, officer: User) -> None:
    approved(period, officer)
    evaluation("more", plan=period)
    assert refused(period, officer, reason=" ") == "reason_needed"


def test_a_form_made_from_an_older_plan_is_refused(period: Period, officer: User) -> None:
    seen = services.digest_of_draft(period)
    Evaluation.objects.filter(code="land").update(ends_on=date(2017, 6, 30))
    assert refused(period, officer, seen=seen) == "changed_elsewhere"
    assert approved(period, officer, seen=services.digest_of_draft(period)).number == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"decision": "  "}, "decision_needed"),
        ({"decision": "x" * 201}, "text_too_long"),
        ({"decision": "Decision\x0025"}, "text_damaged"),
        ({"reason": "Why\x00"}, "text_damaged"),
        ({"approved_on": TODAY + timedelta(1)}, "day_in_future"),
    ],
)
def test_what_cannot_be_is_refused(
    period: Period, officer: User, typed: dict[str, Any], code: str
) -> None:
    assert refused(period, officer, **typed) == code


def test_a_version_is_not_approved_before_the_last_one(period: Period, officer: User) -> None:
    approved(period, officer)
    evaluation("more", plan=period)
    earlier = {"approved_on": date(2017, 1, 9), "reason": "Earlier."}
    assert refused(period, officer, **earlier) == "day_too_early"


def test_an_empty_plan_and_a_single_year_are_not_approved(officer: User) -> None:
    assert refused(biennium("2018-2019"), officer) == "plan_empty"
    assert refused(factories.period("2016"), officer) == "not_a_biennium"


@pytest.mark.parametrize("role", ["manager", "quality_assurance", "administrator", "committee"])
def test_others_do_not_approve(period: Period, role: str) -> None:
    other = person("Other", **{role: factories.office("OED", kind="executive")})
    with pytest.raises(NotAllowed):
        # The right is asked for before what was typed.
        approved(period, other, decision="")


def test_demonstration_in_a_plan_marks_its_version(period: Period, officer: User) -> None:
    evaluation("made-up", plan=period, illustrative=True)
    assert approved(period, officer).illustrative


def test_progress_is_told_as_of_the_day_asked_for(period: Period, officer: User) -> None:
    approved(period, officer, approved_on=date(2016, 1, 5))
    land = Evaluation.objects.get(code="land")
    made_at = NOW - timedelta(days=400)
    Evaluation.objects.update(made_at=made_at)
    Evaluation.objects.filter(pk=land.pk).update(state="reported", completed_on=date(2017, 1, 8))
    day, found = date(2017, 1, 8), {}
    for on in (day - timedelta(1), day):
        found[on] = {row.planned.code: row.outcome for row in plan_page(period, officer, on=on).rows}
    assert found[day - timedelta(1)]["land"] == Outcome.LATE
    assert found[day]["land"] == Outcome.DONE
    assert [row.outcome for row in plan_page(period, officer, on=date(2016, 1, 4)).rows] == [Outcome.ADDED] * 2


def test_a_plan_of_ten_is_read_with_the_queries_of_one(
    period: Period, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        assert len(drafted(period)) == 2
    area = factories.focus_area(2)
    for number in range(8):
        one = evaluation(f"e{number}", plan=period, mandate=mandate(f"n-{number}"))
        scope(one, focus_area=area)
        one.criteria.add(criterion(f"c-{number}"))
    with django_assert_num_queries(4):
        assert len(drafted(period)) == 10
