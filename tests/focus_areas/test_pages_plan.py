"""The page of the plan, and all wordings of one of its texts."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils.html import escape

from focus_areas import queries
from focus_areas.models import PlanText

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The plan, loaded once for this module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plan", verbosity=0)
        yield
        transaction.set_rollback(True)


class TestPlan:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_answers_in_every_language_with_one_heading(self, loaded, db, client, language):
        html = client.get(f"/{language}/plan/").content.decode()
        assert html.count("<h1") == 1

    def test_shows_both_wordings_of_the_strategic_result(self, loaded, db, client):
        html = client.get("/en/plan/").content.decode()
        assert "national, regional and local authorities" in html
        assert "national, local and other subnational authorities" in html

    def test_adds_up_the_posts_of_annex_three(self, loaded, db, client):
        html = client.get("/en/plan/").content.decode()
        for number in (70, 75, 66, 211):
            assert f">{number}<" in html

    def test_shows_every_milestone_and_obligation(self, loaded, db, client):
        page = queries.plan_page()
        assert [len(milestones) for _phase, _text, milestones in page.phases] == [5, 3, 7, 3]
        assert len(page.sections["obligations"]) == 33
        html = client.get("/en/plan/").content.decode()
        for text in PlanText.objects.filter(kind__in=["milestone", "obligation"]):
            assert escape(text.wording.texts["en"].text) in html

    def test_only_reads(self, loaded, db, client):
        assert client.post("/en/plan/").status_code == 405
        assert client.post("/en/plan/wordings/SR.result/").status_code == 405

    def test_each_entry_of_the_contents_leads_to_a_part(self, loaded, db, client):
        html = client.get("/en/plan/").content.decode()
        for part in ("frame", "result", "phases", "obligations", "risks", "swot", "posts"):
            assert f'href="#{part}"' in html
            assert f'id="{part}"' in html

    def test_each_risk_stands_with_what_is_done_about_it(self, loaded, db):
        risks = {one.text.code: one.below for one in queries.plan_page().sections["risks"]}
        assert list(risks) == ["K1", "K2", "K3", "K4", "K5", "K6"]
        assert risks["K1"][0].code == "K1.mitigation.a"

    def test_reads_everything_in_six_queries(self, loaded, db, django_assert_num_queries):
        with django_assert_num_queries(6):
            queries.plan_page()


class TestWordings:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_shows_all_six_languages_of_both_revisions(self, loaded, db, client, language):
        html = client.get(f"/{language}/plan/wordings/SR.result/").content.decode()
        for shown in LANGUAGES:
            assert html.count(f'<bdi lang="{shown}"') >= 2
        assert "HSP/GC/26/6/Add.3" in html

    def test_says_of_each_language_whether_it_is_official(self, loaded, db, client):
        """English is official for 2013, Chinese for 2017; the other ten are ours."""
        html = client.get("/en/plan/wordings/SR.result/").content.decode()
        assert html.count("Official wording") == 2
        assert html.count("Working translation") == 10
        said = {
            one.revision.code: [local.language for local in one.wording if not local.is_working]
            for one in queries.wordings_of("SR.result")
        }
        assert said == {"2013": ["en"], "2017": ["zh"]}

    @pytest.mark.parametrize("code", ["NOPE", "%00", "<b>"])
    def test_an_unknown_text_is_not_found(self, loaded, db, client, code):
        assert client.get(f"/en/plan/wordings/{code}/").status_code == 404
