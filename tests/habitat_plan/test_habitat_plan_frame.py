"""The frame of every page: headers, languages, navigation, rules in words, errors.

Tests without the database mark also prove that the page in question reads no database.
"""

import re

import pytest
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path

from habitat_plan import views
from habitat_plan.context import navigation
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import User

pytestmark = pytest.mark.urls(__name__)


def page(request, **_kwargs):
    return render(request, "base.html", {"illustrative": "illustrative" in request.GET})


def raising(error):
    def view(request):
        raise error

    return view


def names(*routes):
    return [path(f"{name}/", page, name=name) for name in routes]


LOCKED = RuleBroken("period_closed", "2017 was closed on <2 March>.", details=("Ask first.",))
FORBIDDEN = NotAllowed("role_needed", "This is for: approver.")
urlpatterns = [
    path("", views.best_language),
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("api/v1/locked", raising(LOCKED)),
    *i18n_patterns(
        path("", page, name="home"),
        path("plain/", lambda request: HttpResponse("plain")),
        path("locked/", raising(LOCKED)),
        path("forbidden/", raising(FORBIDDEN)),
        path("denied/", raising(PermissionDenied("Only <editors>."))),
        path("failing/", raising(ZeroDivisionError())),
        path("offices/<slug:office>/<slug:period>/", page, name="office-period"),
        *names("results", "reports", "work", "overview", "submissions", "periods"),
        *names("authorities", "evidence", "queries", "account", "sign-in", "sign-out"),
        *names("my-sections", "questions", "recommendations", "evaluations", "evaluation-plan"),
    ),
]
handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error


def text(response):
    return response.content.decode()


@pytest.fixture
def person(db):
    return User.objects.create_user("amina@example.org", "a long pass phrase", name="Amina Odera")


class TestHeaders:
    ADDRESSES = ("/en/", "/", "/en/nowhere/", "/en/locked/", "/en/denied/", "/en/failing/")

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_stand_on_every_answer(self, address):
        response = Client(raise_request_exception=False).get(address)
        assert "camera=()" in response["Permissions-Policy"]
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert {"Cookie", "HX-Request"} <= set(re.split(", ?", response["Vary"]))

    def test_let_public_pages_be_kept(self, client):
        assert "no-store" not in client.get("/en/").get("Cache-Control", "")

    def test_keep_pages_of_a_person_out_of_caches(self, client, person):
        client.force_login(person)
        assert client.get("/en/plain/")["Cache-Control"] == "no-store"

    def test_keep_errors_shown_to_a_person_out_of_caches(self, client, person):
        client.force_login(person)
        assert client.get("/en/nowhere/")["Cache-Control"] == "no-store"

    def test_give_the_public_no_cookie(self, client):
        assert client.get("/en/").cookies == {}


class TestPage:
    @pytest.mark.parametrize(("code", "direction"), [("en", "ltr"), ("ar", "rtl"), ("zh", "ltr")])
    def test_says_its_language_and_direction(self, client, code, direction):
        assert f'<html lang="{code}" dir="{direction}">' in text(client.get(f"/{code}/"))

    def test_has_no_script_and_no_inline_style_for_the_public(self, client):
        content = text(client.get("/en/"))
        assert "<script" not in content
        assert "<style" not in content
        assert " style=" not in content

    def test_begins_with_a_way_past_the_navigation(self, client):
        body = text(client.get("/en/")).partition("<body>")[2].lstrip()
        assert body.startswith('<a class="skip" href="#main">')
        assert 'id="main"' in body

    def test_shows_the_illustrative_band_only_when_told(self, client):
        assert 'class="demo"' not in text(client.get("/en/"))
        assert 'class="demo"' in text(client.get("/en/?illustrative=1"))

    def test_offers_the_public_to_sign_in(self, client):
        assert 'href="/en/sign-in/"' in text(client.get("/en/"))

    def test_signs_out_by_a_form(self, client, person):
        client.force_login(person)
        content = text(client.get("/en/"))
        assert '<form method="post" action="/en/sign-out/">' in content
        assert "csrfmiddlewaretoken" in content
        assert "hx-headers" in content
        assert "Amina Odera" in content


class TestLanguageSwitch:
    def test_leads_to_the_same_page_with_its_query(self, client):
        content = text(client.get("/en/results/?period=2017&by=office"))
        assert 'href="/ar/results/?period=2017&amp;by=office" lang="ar"' in content
        assert 'href="/zh/results/?period=2017&amp;by=office" lang="zh"' in content

    def test_marks_the_language_of_the_page(self, client):
        content = text(client.get("/fr/results/"))
        assert re.search(r'lang="fr"[^>]*aria-current="true"', content)
        assert not re.search(r'lang="en"[^>]*aria-current', content)

    def test_lists_the_six_in_the_order_of_the_united_nations(self, client):
        switch = text(client.get("/en/")).partition('class="lang wide"')[2].partition("</nav>")[0]
        assert re.findall(r'hreflang="(\w+)"', switch) == ["ar", "zh", "en", "fr", "ru", "es"]

    def test_leads_home_from_an_address_without_language(self, client):
        assert 'href="/fr/" lang="fr"' in text(client.get("/nowhere"))

    def test_never_leads_to_another_host(self, client):
        response = client.get("/en//evil.example/")
        assert 'href="//' not in text(response)
        assert 'href="/fr//evil.example/"' in text(response)

    @pytest.mark.parametrize(
        ("asked", "given"), [("fr-CA,en;q=0.5", "/fr/"), ("zh-CN", "/zh/"), ("de", "/en/")]
    )
    def test_the_root_leads_to_the_language_of_the_browser(self, client, asked, given):
        response = client.get("/", HTTP_ACCEPT_LANGUAGE=asked)
        assert (response.status_code, response["Location"]) == (302, given)


class TestNavigation:
    def labels(self, *roles):
        return [str(item.label) for item in navigation("/en/results/", frozenset(roles))]

    def test_of_the_public_has_no_pages_of_work(self):
        items = navigation("/en/", None)
        promised = ["What the plan promises", "Results"]
        assert [str(i.label) for i in items] == [*promised, "Evaluations", "Reports"]

    def test_of_an_approver_has_what_waits_for_approval(self):
        work = ["My work", "To approve", "Authorities", "Evidence"]
        assert self.labels("approver") == [*work, "Results", "Reports", "My sections"]

    def test_of_an_evaluation_officer_has_recommendations_first(self):
        work = ["My work", "Recommendations", "Evaluations", "Plan and coverage"]
        assert self.labels("evaluation_officer") == [*work, "Results", "Reports"]

    def test_of_quality_assurance_has_periods(self):
        work = ["My work", "To verify", "Periods", "Queries"]
        expected = [*work, "Results", "Reports", "Questions and answers"]
        assert self.labels("quality_assurance") == expected

    def test_of_several_roles_names_each_page_once_and_seven_at_most(self):
        labels = self.labels("approver", "quality_assurance", "manager")
        work = ["My work", "To approve", "Periods", "Overview"]
        assert labels == [*work, "Results", "Reports", "My sections"]

    def test_marks_the_part_of_the_site_one_is_in(self):
        items = navigation("/en/results/FA2.1/", frozenset())
        assert [str(item.label) for item in items if item.current] == ["Results"]


class TestBrokenRule:
    def test_is_a_page_with_its_sentence(self, client):
        response = client.get("/en/locked/")
        assert response.status_code == 409
        assert "2017 was closed on &lt;2 March&gt;." in text(response)
        assert "Ask first." in text(response)
        assert "period_closed" in text(response)

    def test_that_someone_else_may_is_403_and_names_the_role(self, client):
        response = client.get("/en/forbidden/")
        assert response.status_code == 403
        assert "This is for: approver." in text(response)

    def test_joins_the_messages_when_a_part_of_a_page_asked(self, client):
        response = client.get("/en/locked/", headers={"hx-request": "true"})
        assert response.status_code == 409
        assert text(response).startswith('<div class="alert noprogress message" role="alert">')
        assert response["HX-Retarget"] == "#messages"
        assert 'id="messages"' in text(client.get("/en/"))

    def test_is_data_under_the_api(self, client):
        response = client.get("/api/v1/locked")
        assert response.status_code == 409
        assert response.json() == {
            "code": "period_closed",
            "message": "2017 was closed on <2 March>.",
            "details": ["Ask first."],
        }


class TestErrors:
    def test_404_leads_to_results_and_reports(self, client):
        response = client.get("/en/nowhere/")
        assert response.status_code == 404
        assert 'href="/en/results/"' in text(response)
        assert 'href="/en/reports/"' in text(response)

    def test_403_says_what_the_view_said_escaped(self, client):
        response = client.get("/en/denied/")
        assert response.status_code == 403
        assert "Only &lt;editors&gt;." in text(response)

    def test_500_gives_the_number_that_stands_in_the_log(self, caplog):
        response = Client(raise_request_exception=False).get("/en/failing/")
        assert response.status_code == 500
        reference = re.search(r"<bdi>([0-9a-f]{8})</bdi>", text(response)).group(1)
        assert f"Reference {reference}: GET /en/failing/" in caplog.text

    def test_400_is_designed(self, client):
        response = client.get("/en/", HTTP_HOST="evil.example")
        assert response.status_code == 400
        assert "evil.example" not in text(response)
        assert 'class="mast"' in text(response)

    @pytest.mark.parametrize("code", ["ar", "zh", "fr", "ru", "es"])
    def test_stand_in_each_language(self, client, code):
        assert f'<html lang="{code}"' in text(client.get(f"/{code}/nowhere/"))

    def test_offer_their_work_to_who_carries_a_session(self, client, settings):
        client.cookies[settings.SESSION_COOKIE_NAME] = "unreadable"
        assert 'class="btn" href="/en/work/"' in text(client.get("/en/nowhere/"))

    def test_a_form_without_its_token_is_refused_with_a_page(self):
        response = Client(enforce_csrf_checks=True).post("/en/")
        assert response.status_code == 403
        assert "The form was open too long" in text(response)


class TestProbes:
    def test_live_asks_nothing(self, client):
        response = client.get("/healthz")
        assert (response.status_code, text(response)) == (200, "live\n")

    @pytest.mark.django_db
    def test_ready_names_each_thing_it_needs(self, client):
        response = client.get("/readyz")
        assert response.status_code == 200
        broker = "embedded" if settings.EMBEDDED else "ok"
        assert response.json() == {"database": "ok", "migrations": "ok", "broker": broker}

    @pytest.mark.django_db
    def test_not_ready_while_the_broker_is_away(self, client, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["broker"] == "failed"

    def test_take_no_post(self, client):
        assert client.post("/healthz").status_code == 405
