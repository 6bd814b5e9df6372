"""The page on which a recommendation is linked, and the plan's revisions with what led to them."""

from datetime import timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.template import engines
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import NOW

from evaluations.models import Link, Recommendation
from evaluations.queries.links import links_of
from organization.models import User

pytestmark = pytest.mark.django_db
HERE = "/en/recommendations/2-2017-4/links/"


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVAL"))


@pytest.fixture
def advice() -> Recommendation:
    one = rows.evaluation("2-2017", state="published")
    return rows.recommendation(one, office=factories.office("ROAF"), number=4)


@pytest.fixture
def at_work(client: Client, advice: Recommendation, officer: User) -> Client:
    client.force_login(officer)
    return client


def send(client: Client, **typed: Any) -> Any:
    return client.post(HERE, {"language": "en", **typed})


class TestPage:
    def test_a_link_is_added_once_and_taken_back_with_a_reason(self, at_work):
        factories.indicator("FA2.1")
        typed = {"do": "link", "kind": "indicator", "code": "fa2.1", "note": "Its definition."}
        assert send(at_work, **typed).status_code == 302
        again = send(at_work, **typed)
        assert again.status_code == 422
        assert "has that link already" in again.content.decode()
        shown = at_work.get(HERE).content.decode()
        assert "The recommendation has 1 link<" in shown
        assert "Its definition." in shown
        link = Link.objects.get()
        refused = send(at_work, do="unlink", link=link.pk, reason=" ")
        assert refused.status_code == 422
        assert "Give the reason" in refused.content.decode()
        for _time in range(2):
            assert send(at_work, do="unlink", link=link.pk, reason="Wrong.").status_code == 302
        assert "is not linked yet" in at_work.get(HERE).content.decode()

    def test_an_unknown_code_keeps_what_was_typed_and_names_what_is_near(self, at_work):
        factories.indicator("FA2.1")
        answer = send(at_work, do="link", kind="indicator", code="FA2.9", note="My note")
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert "There is no indicator FA2.9." in shown
        assert "Near it: FA2.1." in shown
        assert "My note" in shown
        assert 'value="FA2.9"' in shown

    @pytest.mark.parametrize(
        "typed, status",
        [
            ({}, 422),
            ({"do": "delete"}, 422),
            ({"do": "link"}, 422),
            ({"do": "link", "kind": "story", "code": "x"}, 422),
            ({"do": "link", "kind": "paragraph", "code": "p.100", "language": "de"}, 422),
            ({"do": "unlink", "link": "x", "reason": "y"}, 422),
            ({"do": "unlink", "link": "999999", "reason": "y"}, 404),
            ({"do": "link", "kind": "paragraph", "code": "p.1\x000"}, 400),
        ],
    )
    def test_bad_input_is_answered_in_words(self, at_work, typed, status):
        assert send(at_work, **typed).status_code == status
        assert not Link.objects.exists()

    def test_the_link_of_another_recommendation_is_not_there(self, at_work, advice):
        other = rows.recommendation(advice.evaluation, office=advice.office, number=5)
        link = factories.saved(
            Link(recommendation=other, kind="paragraph", paragraph="p.100", made_at=NOW)
        )
        assert send(at_work, do="unlink", link=link.pk, reason="Mine.").status_code == 404
        link.refresh_from_db()
        assert link.removed_at is None

    def test_who_sees_it_but_may_not_is_told_and_who_does_not_see_it_is_not(self, client, advice):
        assert client.get(HERE).status_code == 302
        client.force_login(factories.person(approver=advice.office))
        assert client.get(HERE).status_code == 403
        assert send(client, do="link").status_code == 403
        quiet = rows.recommendation(
            rows.evaluation("quiet", state="reported"), office=advice.office, number=1
        )
        client.force_login(factories.person(committee=factories.office(kind="mission")))
        assert client.get(f"/en/recommendations/{quiet.code}/links/").status_code == 404
        assert client.get(HERE).status_code == 403

    def test_a_page_with_ten_links_asks_the_queries_of_one_with_one(self, at_work, advice):
        def asked(number: int) -> int:
            measure = factories.indicator(f"FA2.{number}")
            factories.saved(
                Link(recommendation=advice, kind="indicator", indicator=measure, made_at=NOW)
            )
            with CaptureQueriesContext(connection) as captured:
                assert at_work.get(HERE).status_code == 200
            return len(captured)

        asked(1)
        counts = {asked(number) for number in range(2, 11)}
        assert len(counts) == 1


class TestPartOfARecommendation:
    def test_shows_what_it_touches_and_offers_adding_to_whoever_may(self, advice):
        factories.saved(
            Link(recommendation=advice, kind="paragraph", paragraph="p.100", made_at=NOW)
        )
        links = links_of(advice, user=AnonymousUser(), on=timezone.localdate())
        template = engines["django"].get_template("evaluations/links.html")
        content = {"recommendation": advice, "links": links}
        public = template.render(content | {"may_link": False})
        assert "p.100" in public
        assert HERE not in public
        assert HERE in template.render(content | {"may_link": True})
        assert "not linked" in template.render(content | {"links": [], "may_link": False})


class TestRevisions:
    @pytest.fixture
    def led(self) -> Any:
        revisions = [factories.revision("2013"), factories.revision("2015")]
        today = timezone.localdate()
        held_back = rows.evaluation(state="published", embargo_until=today + timedelta(days=1))
        for text, one, revision in (
            ("Open advice", rows.evaluation("2-2016", state="published"), revisions[1]),
            ("Held back advice", held_back, revisions[0]),
        ):
            advice = rows.recommendation(one, office=factories.office(), text=text)
            factories.saved(
                Link(recommendation=advice, kind="revision", revision=revision, made_at=NOW)
            )
        return revisions

    def render(self, revisions: Any, user: Any) -> str:
        request = RequestFactory().get("/")
        request.user = user
        template = engines["django"].from_string(
            "{% load learned %}{% for one in revisions %}<p>{{ one.code }}{% led_to one %}{% endfor %}"
        )
        return template.render({"revisions": revisions}, request)

    def test_each_revision_has_its_own_by_who_may_see_them(self, led, officer):
        public = self.render(led, AnonymousUser())
        assert "Open advice" in public.split("<p>2015")[1]
        assert "Held back advice" not in public
        staff = self.render(led, officer)
        assert "Held back advice" in staff.split("<p>2015")[0]

    def test_one_query_serves_all_revisions(self, led):
        with CaptureQueriesContext(connection) as captured:
            self.render(led, AnonymousUser())
        assert len([one for one in captured if "evaluations_link" in one["sql"]]) == 1

    def test_the_page_of_the_plan_keeps_no_secret_and_shows_it_on_its_day(
        self, client, led, officer, monkeypatch
    ):
        cache.clear()
        staff = Client()
        staff.force_login(officer)
        assert "Held back advice" in staff.get("/en/plan/").content.decode()
        shown = client.get("/en/plan/").content.decode()
        assert "Open advice" in shown
        assert "Held back advice" not in shown
        tomorrow = timezone.now() + timedelta(days=1)
        monkeypatch.setattr(timezone, "now", lambda: tomorrow)
        assert "Held back advice" in client.get("/en/plan/").content.decode()
