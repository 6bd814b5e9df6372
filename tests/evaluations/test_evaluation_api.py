"""The API of evaluations: what is published, for everybody; follow-up, for who owns an action."""

import json
from datetime import date, timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.test import Client
from django.utils import timezone

from evaluations.models import Action, Evaluation, FollowUp
from organization.models import Office, User
from organization.services import access_keys

pytestmark = pytest.mark.django_db
API = "/api/v1/"
FOLLOW_UPS = f"{API}recommendations/2-2017-4/actions/1/follow-ups/"


@pytest.fixture
def quality() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def midterm() -> Evaluation:
    return rows.evaluation(
        "2-2017", state="published", report_number=2, report_year=2017, symbol="HS/060/17E"
    )


@pytest.fixture
def action(midterm: Evaluation, quality: Office) -> Action:
    one = rows.recommendation(
        midterm, office=quality, number=4, text="Keep a register.", illustrative=True
    )
    rows.answer(one)
    found = rows.action(one, due_on=date(2017, 9, 30))
    rows.follow_ups(found, ["in_progress"])
    return found


@pytest.fixture
def owner(quality: Office) -> User:
    return factories.person("Olga", contributor=quality)


def get(client: Client, address: str, **query: Any) -> Any:
    return client.get(API + address, query).json()


def post(client: Client, body: Any, address: str = FOLLOW_UPS, **headers: str) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(address, text, content_type="application/json", headers=headers)


class TestPublished:
    def test_evaluations_are_listed_with_their_facts(self, client, midterm):
        found = get(client, "evaluations/")
        assert (found["count"], found["next"], found["previous"]) == (1, None, None)
        [one] = found["results"]
        assert (one["code"], one["number"], one["symbol"]) == ("2-2017", "2/2017", "HS/060/17E")
        assert one["illustrative"] is False
        assert one["conducted_by"] is None

    def test_one_evaluation_has_its_parts(self, client, action, midterm):
        factories.focus_area(2)
        found = get(client, "evaluations/2-2017/")
        assert [one["code"] for one in found["recommendations"]] == ["2-2017-4"]
        assert found["recommendations"][0]["standing"] == "in_progress"
        assert found["recommendations"][0]["illustrative"] is True
        assert found["response"] is None

    def test_a_recommendation_says_answer_and_actions_and_no_more(self, client, action):
        found = get(client, "recommendations/2-2017-4/")
        assert (found["standing"], found["office"], found["due_on"]) == (
            "in_progress", "QAU", "2017-09-30",
        )  # fmt: skip
        late = (timezone.localdate() - date(2017, 9, 30)).days
        assert found["days_late"] == late
        assert found["answer"]["decision"] == "accepted"
        assert found["illustrative"] is True
        [one] = found["actions"]
        assert set(one) == {
            "number", "text", "office", "planned_on", "agreed_due_on", "due_on", "phase", "state",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("query", "codes"),
        [
            ({}, ["2-2017-4", "2-2017-5"]),
            ({"evaluation": "2-2017"}, ["2-2017-4", "2-2017-5"]),
            ({"evaluation": "9-2099"}, []),
            ({"office": "QAU"}, ["2-2017-4"]),
            ({"standing": "awaiting"}, ["2-2017-5"]),
            ({"updated": "2017-01-16"}, ["2-2017-4", "2-2017-5"]),
            ({"updated": "2017-01-17"}, []),
            ({"limit": "1"}, ["2-2017-4"]),
            ({"limit": "1", "offset": "1"}, ["2-2017-5"]),
        ],
    )
    def test_recommendations_are_narrowed(self, client, action, midterm, query, codes):
        rows.recommendation(midterm, office=factories.office(), number=5)
        found = get(client, "recommendations/", **query)
        assert [one["code"] for one in found["results"]] == codes

    def test_what_was_followed_up_since_a_day_was_updated(self, client, action):
        day = factories.NOW + timedelta(days=40)
        FollowUp.objects.create(
            action=action, number=2, kind="progress", before=action.state, after=action.state,
            on=day.date(), at=day,
        )  # fmt: skip
        assert get(client, "recommendations/", updated=day.date().isoformat())["count"] == 1

    @pytest.mark.parametrize(
        ("address", "query"),
        [
            ("evaluations/", {"languge": "fr"}),
            ("evaluations/", {"language": "de"}),
            ("evaluations/", {"limit": "many"}),
            ("evaluations/", {"offset": "-1"}),
            ("evaluations/2-2017/", {"limit": "1"}),
            ("recommendations/", {"standing": "late"}),
            ("recommendations/", {"updated": "yesterday"}),
            ("recommendations/", {"updated": "0001-01-01"}),
            ("recommendations/2-2017-4/", {"language": "xx"}),
            ("lessons/", {"kind": "rumour"}),
        ],
    )
    def test_what_is_not_understood_is_refused_in_words(self, client, action, address, query):
        answer = client.get(API + address, query)
        assert answer.status_code == 400
        assert answer.json()["code"] == "parameter"

    def test_texts_keep_to_one_language_if_asked_else_english(self, client, action):
        found = get(client, "recommendations/2-2017-4/", language="fr")
        assert found["text"] == {"en": "Keep a register."}

    def test_lessons_are_listed_once_they_are_published(self, client):
        rows.lesson("Start with a register")
        rows.lesson("A thought", state="draft")
        found = get(client, "lessons/")
        assert [one["title"] for one in found["results"]] == [{"en": "Start with a register"}]
        assert found["results"][0]["illustrative"] is False

    def test_whoever_asks_gets_what_the_public_gets(self, client, quality):
        hidden = rows.evaluation("land-2018", state="reported")
        held = rows.evaluation(
            "9-2018",
            state="published",
            embargo_until=timezone.localdate() + timedelta(days=1),
        )
        for one in (hidden, held):
            rows.recommendation(one, office=quality, number=1)
        factories.person()
        client.force_login(factories.person("Eva", evaluation_officer=quality))
        assert get(client, "evaluations/")["count"] == 0
        assert get(client, "recommendations/")["count"] == 0
        absent = client.get(f"{API}recommendations/none-1/")
        for address in (
            "evaluations/land-2018/", "evaluations/9-2018/",
            "recommendations/land-2018-1/", "recommendations/9-2018-1/",
        ):  # fmt: skip
            answer = client.get(API + address)
            assert (answer.status_code, answer.content) == (404, absent.content)

    def test_a_list_costs_the_same_for_one_and_for_many(
        self, client, action, midterm, quality, django_assert_num_queries
    ):
        rows.lesson()
        for address, cost in (("evaluations/", 2), ("recommendations/", 6), ("lessons/", 5)):
            with django_assert_num_queries(cost):
                client.get(API + address)
        for number in range(10, 30):
            one = rows.recommendation(midterm, office=quality, number=number)
            rows.answer(one)
            rows.action(one)
            rows.evaluation(state="published")
            rows.lesson()
        for address, cost in (("evaluations/", 2), ("recommendations/", 6), ("lessons/", 5)):
            with django_assert_num_queries(cost):
                assert client.get(API + address).json()["count"] > 20


class TestFollowUp:
    def test_the_owner_reports_and_proposes(self, client, action, owner):
        client.force_login(owner)
        seen = client.get(FOLLOW_UPS).json()["revision"]
        answer = post(
            client,
            {"kind": "progress", "state": "in-progress", "text": "Half.", "revision": seen},
        )
        assert answer.status_code == 200
        assert (answer.json()["phase"], answer.json()["revision"]) == ("in_progress", seen + 1)
        answer = post(client, {"kind": "propose", "text": "Done.", "revision": seen + 1})
        assert answer.json()["phase"] == "proposed"
        assert [one["kind"] for one in answer.json()["follow_ups"]] == [
            "progress", "progress", "proposed",
        ]  # fmt: skip
        assert "Olga" not in answer.content.decode()

    def test_an_access_key_is_enough(self, client, action, owner):
        now = timezone.now()
        until = now.date() + timedelta(days=1)
        _key, text = access_keys.make_key(name="Script", expires_on=until, by=owner, at=now)
        seen = client.get(FOLLOW_UPS, headers={"authorization": f"Bearer {text}"}).json()
        body = {"kind": "propose", "text": "Done.", "revision": seen["revision"]}
        answer = post(Client(enforce_csrf_checks=True), body, authorization=f"Bearer {text}")
        assert answer.status_code == 200
        assert FollowUp.objects.latest("pk").by == owner

    def test_sent_twice_it_is_one_entry_and_a_stale_one_is_refused(self, client, action, owner):
        client.force_login(owner)
        body = {"kind": "propose", "text": "Done.", "revision": 0, "on": "2017-02-01"}
        assert post(client, body).status_code == 200
        assert post(client, body).status_code == 200
        assert FollowUp.objects.filter(kind="proposed").count() == 1
        other = post(client, body | {"text": "Quite done."})
        assert (other.status_code, other.json()["code"]) == (409, "changed_elsewhere")

    @pytest.mark.parametrize(
        ("body", "status"),
        [
            ("{", 400),
            ("[]", 400),
            ({}, 400),
            ({"kind": "verify", "text": "Fine.", "revision": 0}, 400),
            ({"kind": "propose", "text": "Done."}, 400),
            ({"kind": "propose", "text": "Done.", "revision": "x"}, 400),
            ({"kind": "propose", "text": "Done.", "revision": -1}, 400),
            ({"kind": "propose", "text": "Done.", "revision": 0, "state": "implemented"}, 400),
            ({"kind": "propose", "text": ["Done."], "revision": 0}, 400),
            ({"kind": "propose", "text": "Done.", "revision": 0, "on": "soon"}, 400),
            ({"kind": "propose", "text": "Done.", "revision": 0, "by": "me"}, 400),
            ({"kind": "progress", "text": "Half.", "revision": 0, "state": "nowhere"}, 400),
            ({"kind": "progress", "text": "Half.", "revision": 0, "state": "implemented"}, 422),
            ({"kind": "propose", "text": " ", "revision": 0}, 422),
            ({"kind": "propose", "text": "a\u0000b", "revision": 0}, 422),
            ({"kind": "propose", "text": "x" * 10_001, "revision": 0}, 422),
            ({"kind": "propose", "text": "Done.", "revision": 0, "on": "2999-01-01"}, 422),
            ({"kind": "propose", "text": "Done.", "revision": 0, "on": "2017-01-01"}, 422),
        ],
    )
    def test_what_is_not_right_changes_nothing(self, client, action, owner, body, status):
        client.force_login(owner)
        assert post(client, body).status_code == status
        assert FollowUp.objects.count() == 1

    def test_who_sees_it_and_does_not_own_it_is_refused_by_role(self, client, action):
        other = factories.office()
        for role in ("contributor", "manager", "evaluation_officer"):
            client.force_login(factories.person(f"Pat {role}", **{role: other}))
            assert client.get(FOLLOW_UPS).status_code == 200
            # The right comes first: what was sent is not even looked at.
            for body in ({"kind": "propose", "text": "Done.", "revision": 0}, "{}"):
                assert post(client, body).status_code == 403
        assert FollowUp.objects.count() == 1

    def test_strangers_sign_in_and_the_committee_finds_nothing(self, client, action):
        assert client.get(FOLLOW_UPS).status_code == 401
        assert post(client, {}).status_code == 401
        client.force_login(factories.person("Amb", committee=factories.office()))
        assert client.get(FOLLOW_UPS).status_code == 404
        assert post(client, {"kind": "propose", "text": "x", "revision": 0}).status_code == 404

    def test_an_action_that_is_not_there_is_not_found(self, client, action, owner):
        client.force_login(owner)
        for address in (FOLLOW_UPS.replace("/1/", "/2/"), FOLLOW_UPS.replace("-4/", "-9/")):
            assert client.get(address).status_code == 404
            assert post(client, {}, address).status_code == 404
