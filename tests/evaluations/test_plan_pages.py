"""The pages of the evaluation plan: who sees what of it, its versions, its files, its approval."""

import hashlib
import io
from datetime import date, timedelta
from typing import Any

import factories
import pytest
from django.db import DatabaseError
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from evaluation_rows import biennium, criterion, evaluation, mandate, scope
from factories import person, say
from openpyxl import load_workbook

from evaluations.models import Evaluation, PlanVersion
from evaluations.services import plans
from focus_areas.models import Period
from organization.models import AuditEntry, User

pytestmark = pytest.mark.django_db
PLAN = "/en/evaluation-plan/?biennium=2016-2017"
VERSION = "/en/evaluation-plan/2016-2017/versions/1/"
APPROVE = "/en/evaluation-plan/2016-2017/approve/"


@pytest.fixture
def officer() -> User:
    """The evaluation officer."""
    return person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def desk(officer: User) -> Client:
    """A browser in which the evaluation officer is signed in."""
    client = Client()
    client.force_login(officer)
    return client


@pytest.fixture
def delegate() -> Client:
    """A browser in which a Committee representative is signed in."""
    client = Client()
    client.force_login(person("Del Egate", committee=factories.office("XAA", kind="mission")))
    return client


@pytest.fixture
def period() -> Period:
    """The biennium 2016-2017, with a mandated evaluation and another in its plan."""
    found: Period = biennium()
    asked = mandate("m-1", reference="Agreement with a partner")
    evaluation("review", plan=found, title=say("Partner review"), mandate=asked)
    evaluation("land", plan=found, title=say("Land and governance"), conducted_by="external")
    return found


@pytest.fixture
def version(period: Period, officer: User) -> PlanVersion:
    """The plan as it was approved on 10 January 2017."""
    return plans.approve_plan(
        biennium=period,
        decision="Decision 25/6",
        approved_on=date(2017, 1, 10),
        reason="",
        by=officer,
        at=factories.NOW,
    )


def words(page: HttpResponse) -> str:
    """The page as text."""
    assert page.status_code == 200
    return page.content.decode()


def test_mandated_evaluations_stand_before_the_others(desk: Client, period: Period) -> None:
    text = words(desk.get(PLAN))
    assert "<h1>Two evaluations are planned for 2016–2017</h1>" in text
    order = [text.index(one) for one in ("Mandated evaluations", "Partner review", "Land and gov")]
    assert order == sorted(order)
    assert "Agreement with a partner" in text
    assert "only the secretariat sees it" in text


def test_the_numbers_are_those_of_the_plan(desk: Client, period: Period) -> None:
    Evaluation.objects.filter(code="land").update(budget="90000")
    evaluation("unit", plan=period, conducted_by="unit", budget="1234567.50")
    evaluation("gone", plan=period, conducted_by="unit", budget="1", state="cancelled")
    text = words(desk.get(PLAN))
    assert "50\u00a0%" in text
    assert "1 of 2 of which it is known" in text
    assert "1,324,568" in text
    assert "not known of 1" in text


def test_without_an_approved_version_strangers_see_no_plan(
    client: Client, delegate: Client, period: Period
) -> None:
    for browser in (client, delegate):
        text = words(browser.get(PLAN))
        assert "<h1>No evaluation plan for 2016–2017 is approved yet</h1>" in text
        assert "Land and governance" not in text
        assert browser.get("/en/evaluation-plan/2016-2017/plan.csv").status_code == 404


def test_strangers_see_the_approved_version_alone(
    client: Client, delegate: Client, version: PlanVersion
) -> None:
    land = Evaluation.objects.get(code="land")
    Evaluation.objects.filter(pk=land.pk).update(
        title=say("Changed title").to_json(), state="cancelled"
    )
    evaluation("secret", plan=version.biennium, title=say("Secret addition"))
    for browser in (client, delegate):
        text = words(browser.get(PLAN))
        assert "<h1>Two evaluations are planned for 2016–2017</h1>" in text
        assert "Land and governance" in text
        for hidden in ("Changed title", "Secret addition", "ancelled", "Late", "What came of"):
            assert hidden not in text
        table = browser.get("/en/evaluation-plan/2016-2017/plan.csv").content.decode()
        assert "Land and governance" in table
        assert "Secret" not in table


def test_what_is_published_is_told_to_all_once_its_embargo_is_over(
    client: Client, version: PlanVersion
) -> None:
    today = timezone.localdate()
    published = {
        "state": "published",
        "published_at": timezone.now(),
        "published_on": today - timedelta(1),
        "report_year": today.year,
    }
    Evaluation.objects.filter(code="land").update(**published, embargo_until=today)
    Evaluation.objects.filter(code="review").update(**published, embargo_until=today + timedelta(1))
    text = words(client.get(PLAN))
    assert "<h1>Two evaluations are planned for 2016–2017; one is published</h1>" in text
    assert text.count("Published</span>") == 1
    assert 'href="/en/evaluations/land/"' in text
    assert 'href="/en/evaluations/review/"' not in text


def test_the_secretariat_sees_what_came_of_it(desk: Client, version: PlanVersion) -> None:
    day = date(2017, 1, 5)
    Evaluation.objects.filter(code="land").update(state="reported", completed_on=day)
    Evaluation.objects.filter(code="review").update(state="cancelled")
    evaluation("more", plan=version.biennium, title=say("One more"))
    text = words(desk.get(PLAN))
    assert "<h1>Two evaluations are planned for 2016–2017; one is made</h1>" in text
    for told in ("Added since the approval.", "Approved, and in the plan no more", "Cancelled"):
        assert told in text
    assert "It changed since; the public sees the approved version." in text


def test_the_sha_256_is_that_of_the_json_file(client: Client, version: PlanVersion) -> None:
    text = words(client.get(VERSION))
    assert "Version 1 of the evaluation plan 2016–2017 lists two evaluations" in text
    assert version.sha256 in text
    file = client.get(f"{VERSION}plan.json")
    assert hashlib.sha256(file.content).hexdigest() == version.sha256
    assert "Eva Officer" not in text


def test_the_database_refuses_to_change_a_version(version: PlanVersion) -> None:
    forged = version.content | {"evaluations": version.content["evaluations"][:1]}
    with pytest.raises(DatabaseError):
        PlanVersion.objects.filter(pk=version.pk).update(content=forged)


def test_files_run_no_formula(client: Client, period: Period, officer: User) -> None:
    Evaluation.objects.filter(code="land").update(title=say("=1+1").to_json())
    plans.approve_plan(
        biennium=period, decision="D", approved_on=date(2017, 1, 10), reason="",
        by=officer, at=factories.NOW,
    )  # fmt: skip
    for address in ("/en/evaluation-plan/2016-2017/plan", f"{VERSION}plan"):
        table = client.get(f"{address}.csv").content.decode("utf-8-sig")
        assert "'=1+1" in table
        book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").content))
        cells = [cell for row in book.active.iter_rows() for cell in row]
        assert {cell.data_type for cell in cells if cell.value == "=1+1"} == {"s"}


@pytest.mark.parametrize(
    "address",
    [
        "/en/evaluation-plan/?biennium=2014-2015",
        "/en/evaluation-plan/?biennium=%F0%9F%98%80",
        "/en/evaluation-plan/2016/plan.csv",
        "/en/evaluation-plan/2016-2017/plan.exe",
        "/en/evaluation-plan/2016-2017/versions/9/",
        "/en/evaluation-plan/2016-2017/versions/1/plan.exe",
        "/en/evaluation-plan/2014-2015/versions/1/",
    ],
)
def test_what_there_is_not_is_not_found(client: Client, version: PlanVersion, address: str) -> None:
    assert client.get(address).status_code == 404


class TestApproval:
    TYPED = {"decision": "Decision 25/6", "on": "2017-01-10", "seen": ""}

    def test_the_form_freezes_the_plan_and_leads_to_the_version(
        self, desk: Client, period: Period
    ) -> None:
        page = words(desk.get(APPROVE))
        seen = plans.digest_of_draft(period)
        assert f'value="{seen}"' in page
        assert "Why the approved plan changed" not in page
        answer = desk.post(APPROVE, self.TYPED | {"seen": seen})
        assert (answer.status_code, answer.url) == (302, VERSION)
        assert PlanVersion.objects.get().decision == "Decision 25/6"

    def test_a_stale_form_is_answered_with_what_stands_now(
        self, desk: Client, period: Period
    ) -> None:
        answer = desk.post(APPROVE, self.TYPED | {"seen": "0" * 64})
        assert answer.status_code == 409
        assert "Somebody else changed this meanwhile" in answer.content.decode()
        assert f'value="{plans.digest_of_draft(period)}"' in answer.content.decode()
        assert not PlanVersion.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ({"decision": ""}, "Name the decision"),
            ({"on": "10 January"}, "Write the day as year-month-day"),
            ({"on": "2999-01-01"}, "This day lies in the future"),
        ],
    )
    def test_what_is_refused_is_told_at_its_field(
        self, desk: Client, period: Period, typed: dict[str, str], told: str
    ) -> None:
        answer = desk.post(APPROVE, self.TYPED | typed)
        assert answer.status_code == 422
        assert told in answer.content.decode()
        assert not PlanVersion.objects.exists()

    def test_an_unchanged_plan_has_nothing_to_approve(
        self, desk: Client, version: PlanVersion
    ) -> None:
        assert "Nothing in the plan 2016–2017 waits for approval" in words(desk.get(APPROVE))
        again = self.TYPED | {"decision": "Other", "reason": "Why"}
        assert desk.post(APPROVE, again).status_code == 422

    def test_it_is_for_the_evaluation_officer(
        self, client: Client, delegate: Client, period: Period
    ) -> None:
        assert client.post(APPROVE, self.TYPED).status_code == 302
        assert delegate.post(APPROVE, self.TYPED).status_code == 404
        client.force_login(person("Max Manager", manager=factories.office("OED")))
        for answer in (client.get(APPROVE), client.post(APPROVE, self.TYPED)):
            assert answer.status_code == 403
        assert not PlanVersion.objects.exists()
        assert not AuditEntry.objects.filter(action="approve evaluation plan").exists()


def test_a_plan_of_ten_costs_the_queries_of_two(
    desk: Client, client: Client, period: Period, officer: User, django_assert_max_num_queries: Any
) -> None:
    def counted(browser: Client, number: int) -> int:
        with django_assert_max_num_queries(40) as found:
            browser.get(f"{PLAN}&n={number}")
        return len(found)

    def approve(decision: str, reason: str) -> None:
        plans.approve_plan(
            biennium=period, decision=decision, approved_on=date(2017, 1, 10), reason=reason,
            by=officer, at=factories.NOW,
        )  # fmt: skip

    area = factories.focus_area(1)
    scope(Evaluation.objects.get(code="land"), focus_area=area)
    approve("First", "")
    before = [counted(desk, 1), counted(client, 1)]
    for number in range(8):
        one = evaluation(f"e{number}", plan=period, mandate=mandate(f"n-{number}"))
        scope(one, focus_area=area)
        one.criteria.add(criterion(f"c-{number}"))
    approve("Second", "Eight more.")
    assert [counted(desk, 2), counted(client, 2)] == before
