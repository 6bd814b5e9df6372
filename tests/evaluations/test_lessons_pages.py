"""The pages of lessons: to the public what is published, to writers their forms, to all what fits."""

import re
from datetime import timedelta
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import NOW

from evaluations.models import Lesson, Link, Tag
from focus_areas.models import Result
from habitat_plan.kit.wording import Wording
from organization.models import AuditEntry, User
from organization.services import audit

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "practice",
    "language": "en",
    "title": "Agree first",
    "context": "Three offices opened.",
    "text": "Sign before opening.",
    "evidence": "Finding 12.",
    "tags": "land, finance",
}


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVAL"))


@pytest.fixture
def proposer() -> User:
    return factories.person("Paul", contributor=factories.office("ROAF"))


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


def page(client: Client, address: str, status: int = 200) -> str:
    response = client.get(f"/en/{address}")
    assert response.status_code == status
    return response.content.decode()


def heading(html: str) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found).split())


def send(client: Client, address: str, **typed: Any) -> Any:
    return client.post(f"/en/{address}", typed)


class TestList:
    def test_says_how_many_there_are_and_how_many_fit(self, client):
        assert heading(page(client, "lessons/")) == "No lesson is published yet"
        rows.lesson("Water networks")
        factories.saved(Tag(code="land", name=factories.say("land")))
        audit_something()
        assert heading(page(client, "lessons/")) == "1 lesson or good practice to learn from"
        assert heading(page(client, "lessons/?q=water")) == "1 lesson fits"
        assert heading(page(client, "lessons/?q=trams")) == "No lesson fits"

    @pytest.mark.parametrize(
        "query",
        [
            "focus_area=FA99",
            "country=XXX",
            "tag=%27",
            "page=abc",
            "page=999",
            "kind=x",
            "state=draft",
            "unknown=1",
        ],
    )
    def test_what_no_filter_offers_is_not_asked_for(self, client, query):
        rows.lesson("Water networks")
        assert "Water networks" in page(client, f"lessons/?{query}")

    def test_twenty_stand_on_a_page(self, client):
        for number in range(21):
            rows.lesson(f"Lesson {number}.")
        assert page(client, "lessons/").count("<li><h3>") == 20
        second = page(client, "lessons/?page=2&q=lesson")
        assert second.count("<li><h3>") == 1
        assert 'href="?page=1&amp;q=lesson"' in second

    def test_a_page_of_twenty_asks_the_queries_of_a_page_of_one(self, client, officer):
        area, land = factories.focus_area(2), factories.country()
        tag = factories.saved(Tag(code="land", name=factories.say("land")))

        def more(count: int) -> None:
            for _one in range(count):
                lesson = rows.lesson(evaluation=rows.evaluation(state="published"))
                lesson.focus_areas.add(area)
                lesson.countries.add(land)
                lesson.tags.add(tag)

        def asked() -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                page(client, "lessons/")
            return len(captured)

        more(1)
        before = asked()
        more(18)
        assert asked() == before
        client.force_login(officer)
        asked()
        signed_in = asked()
        more(10)
        assert asked() == signed_in

    @pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
    def test_answers_in_every_language(self, client, language):
        lesson = rows.lesson("Water networks")
        for address in ("lessons/", f"lessons/{lesson.pk}/", "lessons/offered/"):
            response = client.get(f"/{language}/{address}")
            assert response.status_code == 200
            assert response.content.decode().count("<h1") == 1

    def test_an_address_with_nul_is_refused(self, client):
        assert client.get("/en/lessons/?q=a%00b").status_code == 400


def audit_something() -> None:
    """An entry of the trail, as every write leaves one: pages that are kept are made anew."""
    entry = {"action": "test", "subject": rows.lesson("Other", state="draft"), "by": None}
    audit.record(at=NOW, **entry)


class TestOne:
    def test_shows_context_lesson_and_evidence_in_their_own_language(self, client):
        lesson = rows.lesson(text=Wording.of(ar="إصلاح الشبكات"))
        shown = page(client, f"lessons/{lesson.pk}/")
        assert '<bdi lang="ar" dir="rtl">إصلاح الشبكات</bdi>' in shown
        assert "What shows it." in shown

    def test_words_are_shown_as_words(self, client):
        lesson = rows.lesson("<script>alert(1)</script>", text=factories.say("one\n<b>two</b>"))
        shown = page(client, f"lessons/{lesson.pk}/")
        assert "<script>alert" not in shown
        assert "one<br>&lt;b&gt;two&lt;/b&gt;" in shown

    def test_what_is_made_up_carries_the_label(self, client):
        lesson = rows.lesson("Made up", illustrative=True)
        for address in ("lessons/", f"lessons/{lesson.pk}/"):
            shown = page(client, address)
            assert 'class="demo"' in shown
            assert 'class="illus"' in shown

    @pytest.mark.parametrize("state", ["draft", "retired"])
    def test_drafts_and_retired_ones_are_not_there_for_the_public(self, client, officer, state):
        lesson = rows.lesson("Quiet matter", state=state)
        page(client, f"lessons/{lesson.pk}/", 404)
        assert "Quiet matter" not in page(client, f"lessons/?state={state}")
        client.force_login(officer)
        assert "Quiet matter" in page(client, f"lessons/{lesson.pk}/")
        assert "Quiet matter" in page(client, f"lessons/?state={state}")

    def test_an_unknown_number_is_not_found(self, client):
        for number in ("999999", "0", "99999999999999999999999"):
            page(client, f"lessons/{number}/", 404)

    def test_what_staff_sees_is_not_kept_for_the_public(self, client, officer):
        rows.lesson("Quiet matter", state="draft")
        staff = Client()
        staff.force_login(officer)
        assert "Quiet matter" in page(staff, "lessons/")
        assert "Quiet matter" not in page(client, "lessons/")
        assert "Quiet matter" not in page(client, "lessons/")
        assert "Quiet matter" in page(staff, "lessons/")

    def test_what_is_held_back_comes_on_its_day_without_a_write(
        self, client, monkeypatch, settings
    ):
        today = timezone.localdate()
        one = rows.evaluation(state="published", embargo_until=today + timedelta(days=1))
        lesson = rows.lesson("Held back", evaluation=one)
        assert "Held back" not in page(client, "lessons/")
        page(client, f"lessons/{lesson.pk}/", 404)
        tomorrow = timezone.now() + timedelta(days=1)
        monkeypatch.setattr(timezone, "now", lambda: tomorrow)
        assert "Held back" in page(client, "lessons/")
        assert "Held back" in page(client, f"lessons/{lesson.pk}/")


class TestWriting:
    def test_a_proposal_is_kept_and_published_by_the_officer(self, client, proposer, officer):
        factories.focus_area(2)
        client.force_login(proposer)
        assert heading(page(client, "lessons/new/")) == "Propose a lesson or a good practice"
        for _time in range(2):
            sent = send(client, "lessons/new/", **TYPED)
        lesson = Lesson.objects.get()
        assert (sent.status_code, sent.url) == (302, f"/en/lessons/{lesson.pk}/")
        assert [tag.code for tag in lesson.tags.all()] == ["finance", "land"]
        move = f"lessons/{lesson.pk}/state/"
        assert send(client, move, do="publish", revision=0).status_code == 403
        client.force_login(officer)
        assert send(client, move, do="publish", revision=0).status_code == 302
        assert "Agree first" in page(Client(), "lessons/")
        assert send(client, move, do="retire", revision=1, reason="").status_code == 422
        assert send(client, move, do="retire", revision=0, reason="Old.").status_code == 409
        assert send(client, move, do="retire", revision=1, reason="Out of date.").status_code == 302
        assert "Out of date." in page(client, f"lessons/{lesson.pk}/")

    def test_strangers_are_asked_to_sign_in_and_others_told_who_may(self, client, officer):
        lesson = rows.lesson()
        addresses = ("lessons/new/", f"lessons/{lesson.pk}/change/")
        for address in addresses:
            assert client.get(f"/en/{address}").status_code == 302
        assert send(client, f"lessons/{lesson.pk}/state/").status_code == 302
        client.force_login(factories.person(committee=factories.office(kind="mission")))
        for address in addresses:
            page(client, address, 403)
            assert send(client, address).status_code == 403
        assert send(client, f"lessons/{lesson.pk}/state/", do="x").status_code == 403
        draft = rows.lesson(state="draft")
        page(client, f"lessons/{draft.pk}/change/", 404)
        assert send(client, f"lessons/{draft.pk}/change/").status_code == 404
        assert send(client, f"lessons/{draft.pk}/state/").status_code == 404

    @pytest.mark.parametrize(
        "changed",
        [{"title": ""}, {"title": "x" * 201}, {"kind": "story"}, {"language": "de"},
         {"evaluation": "nothing"}, {"focus_areas": "FA99"}, {"countries": "XXX"},
         {"tags": ",".join(f"tag {n}" for n in range(30))}],
    )  # fmt: skip
    def test_what_cannot_be_kept_is_refused_with_the_words_still_there(
        self, client, proposer, changed
    ):
        client.force_login(proposer)
        answer = send(client, "lessons/new/", **(TYPED | changed))
        assert answer.status_code == 422
        assert "Sign before opening." in answer.content.decode()
        assert "field-error" in answer.content.decode()
        assert not Lesson.objects.exists()

    def test_a_stale_form_keeps_what_was_typed_and_shows_what_stands(self, client, officer):
        lesson = rows.lesson("Old title")
        client.force_login(officer)
        address = f"lessons/{lesson.pk}/change/"
        first = send(client, address, **TYPED, revision=0, reason="Better.")
        assert first.status_code == 302
        mine = TYPED | {"title": "My own title"}
        answer = send(client, address, **mine, revision=0, reason="Best.")
        shown = answer.content.decode()
        assert answer.status_code == 409
        assert 'value="My own title"' in shown
        assert "Agree first" in shown
        (seen,) = re.findall(r'name="revision" value="(\d+)"', shown)
        assert send(client, address, **mine, revision=seen, reason="Best.").status_code == 302
        assert str(Lesson.objects.get().title) == "My own title"

    def test_one_language_at_a_time(self, client, officer):
        lesson = rows.lesson("Old title", state="draft")
        client.force_login(officer)
        shown = page(client, f"lessons/{lesson.pk}/change/?in=fr")
        assert "Old title" not in re.findall(r'<input[^>]*name="title"[^>]*>', shown)[0]
        typed = TYPED | {"language": "fr", "title": "Convenir", "tags": ""}
        assert send(client, f"lessons/{lesson.pk}/change/", **typed, revision=0).status_code == 302
        lesson.refresh_from_db()
        assert {one: str(text) for one, text in lesson.title.texts.items()} == {
            "en": "Old title",
            "fr": "Convenir",
        }

    @pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 30])
    def test_a_form_that_names_no_revision_changes_nothing(self, client, officer, revision):
        lesson = rows.lesson("Old title", state="draft")
        client.force_login(officer)
        answer = send(client, f"lessons/{lesson.pk}/change/", **TYPED, revision=revision)
        assert answer.status_code in {409, 422}
        answer = send(client, f"lessons/{lesson.pk}/state/", do="publish", revision=revision)
        assert answer.status_code in {409, 422}
        lesson.refresh_from_db()
        assert (str(lesson.title), lesson.state) == ("Old title", "draft")


class TestOffered:
    @pytest.fixture
    def fits(self) -> Lesson:
        area = factories.focus_area(2)
        result = factories.result(area=area, level=Result.Level.FOCUS_AREA)
        factories.indicator("FA2.1", result=result)
        africa = factories.region("africa")
        factories.office("ROAF", kind="regional", region=africa)
        lesson = rows.lesson("Of two")
        lesson.focus_areas.add(area)
        lesson.countries.add(factories.country("XAA"))
        return lesson

    @pytest.mark.parametrize(
        "query, reason",
        [
            ("indicator=FA2.1&office=ROAF", "Same focus area, same region"),
            ("indicator=FA2.1", "Same focus area"),
            ("section=FA2.challenges", "Same focus area"),
            ("section=FA2&office=ROAF", "Same focus area, same region"),
            ("q=TWO", "Has your words"),
        ],
    )
    def test_says_what_fits_and_why(self, client, fits, query, reason):
        shown = page(client, f"lessons/offered/?{query}")
        assert heading(shown) == "1 lesson fits here"
        assert "Of two" in shown
        assert reason in shown

    @pytest.mark.parametrize(
        "query", ["section=highlights", "section=FA3", "section=FA٢", "office=ROAF", ""]
    )
    def test_elsewhere_nothing_is_offered(self, client, fits, query):
        assert heading(page(client, f"lessons/offered/?{query}")) == "No lesson fits here yet"

    def test_a_branch_is_of_its_focus_areas(self, client, fits):
        branch = fits.focus_areas.get().branch
        assert "Of two" in page(client, f"lessons/offered/?office={branch.code}")

    def test_htmx_gets_a_part(self, client, fits):
        answer = client.get("/en/lessons/offered/?section=FA2", headers={"HX-Request": "true"})
        assert "<h1" not in answer.content.decode()
        assert "Of two" in answer.content.decode()
        assert "HX-Request" in answer.headers["Vary"]

    @pytest.mark.parametrize(
        "query", ["indicator=FA9.9", "office=NONE", "indicator=%27--", "office=a/b"]
    )
    def test_a_place_that_is_not_there_is_not_found(self, client, fits, query):
        page(client, f"lessons/offered/?{query}", 404)


class TestBothDirections:
    @pytest.fixture
    def linked(self) -> Link:
        return linked_to(rows.evaluation("2-2016", state="published"))

    def test_the_indicator_shows_what_touches_it_once_it_is_published(self, client, officer, house):
        quiet = rows.evaluation("quiet", state="reported")
        link = linked_to(quiet)
        address = f"results/{link.indicator.code}/"
        assert "Do thing 1" not in page(client, address)
        client.force_login(officer)
        assert "Do thing 1" in page(client, address)
        assert "Do thing 1" not in page(Client(), address)

    def test_fifty_links_ask_no_more_queries(self, client, linked, house):
        address = f"results/{linked.indicator.code}/"

        def asked() -> int:
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                assert "Do thing" in page(client, address)
            return len(captured)

        before = asked()
        for _one in range(10):
            linked_to(linked.recommendation.evaluation, linked.indicator)
        assert asked() == before


def linked_to(one: Any, measure: Any = None) -> Link:
    measure = measure or factories.indicator(kind="number")
    advice = rows.recommendation(one, office=factories.office())
    return factories.saved(
        Link(recommendation=advice, kind="indicator", indicator=measure, made_at=NOW)
    )


def test_nothing_that_was_refused_is_in_the_trail(client, proposer) -> None:
    client.force_login(proposer)
    before = AuditEntry.objects.count()
    send(client, "lessons/new/", **(TYPED | {"evidence": " ", "tags": "new word"}))
    assert AuditEntry.objects.count() == before
    assert not Tag.objects.exists()
