"""The public site of evaluations: the list, its feed, and one evaluation, each on each day."""

from datetime import date, timedelta

import evaluation_rows as rows
import factories
import pytest
from board_rows import make_board
from defusedxml import ElementTree
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evaluations.models import (
    Amendment,
    CriterionRating,
    Evaluation,
    EvaluationFile,
    EvaluationStep,
    Finding,
    ManagementResponse,
    TeamMember,
)
from evaluations.queries.site import SiteAsked, news, site
from habitat_plan.kit.wording import Wording

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()
PAGE, FEED = "/en/evaluations/", "/en/evaluations/feed/"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
TODAY = factories.TODAY


@pytest.fixture
def officer():
    return factories.person("Eva Officer", evaluation_officer=factories.office("EVU", kind="unit"))


def published(code: str, number: int, year: int, title: str = "", **fields) -> Evaluation:
    if title:
        fields["title"] = factories.say(title)
    return rows.evaluation(
        code, state="published", report_number=number, report_year=year, **fields
    )


def add_file(to: Evaluation, language: str, kind: str = "report", size: int = 2048):
    return factories.saved(
        EvaluationFile(
            evaluation=to, kind=kind, language=language, name=f"{kind}.pdf", size=size,
            media_type="application/pdf", sha256="0" * 64, added_at=factories.NOW,
            added_by=factories.person(), state="published" if to.is_published else "draft",
        )
    )  # fmt: skip


def text_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def forms_of(client, code: str) -> list[str]:
    """Which of the forms about recommendations and the response its page leads to."""
    page, forms = text_of(client, f"/en/evaluations/{code}/"), ("recommendations/new/", "response/")
    return [form for form in forms if f'href="/en/evaluations/{code}/{form}"' in page]


def codes(asked: SiteAsked, user=PUBLIC, on: date = TODAY) -> list[str]:
    return [line.evaluation.code for line in site(user, asked, on=on).rows]


class TestList:
    def test_the_latest_comes_first(self, db):
        published("1-2015", 1, 2015)
        published("2-2017", 2, 2017)
        published("6-2017", 6, 2017)
        published("x-2016", None, 2016)
        assert codes(SiteAsked()) == ["6-2017", "2-2017", "x-2016", "1-2015"]

    def test_says_how_many_are_published(self, client):
        published("1-2015", 1, 2015)
        published("2-2017", 2, 2017)
        assert "<h1>Two evaluations are published, the latest in 2017</h1>" in text_of(client, PAGE)

    def test_with_nothing_published_says_so(self, client):
        assert "<h1>No evaluation is published yet</h1>" in text_of(client, PAGE)

    def test_the_board_with_nothing_recorded_says_so(self, client):
        answer = client.get("/en/recommendations/")
        assert b"<h1>No recommendation fits</h1>" in answer.content
        assert answer.status_code == 200

    def test_is_narrowed_by_year_kind_focus_area_and_language(self, db):
        area = factories.focus_area(2)
        one = published("1-2015", 1, 2015, kind="project")
        two = published("2-2017", 2, 2017, kind="project")
        published("6-2017", 6, 2017, kind="country")
        rows.scope(one, focus_area=area)
        rows.scope(two, focus_area=area)
        add_file(two, "fr")
        add_file(one, "fr", kind="summary")
        for asked, expected in (
            (SiteAsked(year=2017), ["6-2017", "2-2017"]),
            (SiteAsked(kind="project"), ["2-2017", "1-2015"]),
            (SiteAsked(focus_area=area.code), ["2-2017", "1-2015"]),
            (SiteAsked(language="fr"), ["2-2017"]),
            (SiteAsked(focus_area=area.code, year=2015, kind="project"), ["1-2015"]),
            (SiteAsked(language="ar"), []),
            (SiteAsked(focus_area="FA9"), []),
        ):
            assert codes(asked) == expected, asked

    @pytest.mark.parametrize(
        ("language", "title", "asked"),
        [
            ("ar", "تقييم الأراضي في المدينة", "الاراضي+مدينه"),
            ("zh", "城市规划与设计战略", "规划"),
            ("ru", "Оценка учёта жилья", "УЧЕТА"),
            ("fr", "Évaluation à l’échelle", "echelle+EVALUATION"),
        ],
    )
    def test_is_searched_in_six_languages(self, client, language, title, asked):
        published("1-2015", 1, 2015, "Something else")
        words = Wording.of(**{"en": "Found", language: title})
        rows.evaluation("2-2017", state="published", title=words)
        page = text_of(client, f"{PAGE}?q={asked}")
        assert "<h1>One evaluation fits</h1>" in page
        assert "/en/evaluations/2-2017/" in page

    @pytest.mark.parametrize(("asked", "found"), [("100%25", 1), ("%25", 1), ("_", 0), ("1_0", 0)])
    def test_signs_stand_for_themselves(self, client, asked, found):
        published("1-2015", 1, 2015, "All 100% of it")
        published("2-2015", 2, 2015, "All 1000 of it")
        heading = "One evaluation fits" if found else "No evaluation fits"
        assert f"<h1>{heading}</h1>" in text_of(client, f"{PAGE}?q={asked}")

    def test_a_number_finds_its_report(self, db):
        published("1-2015", 1, 2015)
        published("2-2017", 2, 2017)
        assert codes(SiteAsked(words=("2/2017",))) == ["2-2017"]

    def test_shows_files_with_their_size_and_else_where_the_report_is(self, client):
        one = published("2-2017", 2, 2017)
        file = add_file(one, "ar", size=2048)
        published("1-2015", 1, 2015, link="https://example.org/report")
        published("1-2012", 1, 2012, source="Evaluation Report 1/2012")
        page = text_of(client, PAGE)
        assert f'href="/en/evaluations/2-2017/files/{file.pk}/" hreflang="ar"' in page
        assert "2.0 KB" in page
        assert 'href="https://example.org/report" rel="noreferrer"' in page
        assert "Evaluation Report 1/2012</bdi>" in page

    def test_counts_recommendations_where_they_stand(self, client):
        make_board()
        page = text_of(client, PAGE)
        assert "11 recommendations: 1 implemented, 8 open" in page
        assert "Illustrative" not in page

    def test_labels_counts_of_what_is_made_up(self, client):
        one = published("2-2017", 2, 2017)
        rows.recommendation(one, office=factories.office(), illustrative=True)
        page = text_of(client, PAGE)
        assert page.count('<span class="illus">') == 1
        assert '<section class="demo"' in page

    def test_shows_what_is_at_work_to_the_secretariat(self, client, officer):
        published("1-2015", 1, 2015)
        rows.evaluation("at-work", state="under_way", title=factories.say("Being made"))
        assert "Being made" not in text_of(client, PAGE)
        delegate = factories.person(committee=factories.office("M1", kind="mission"))
        client.force_login(delegate)
        assert "Being made" not in text_of(client, f"{PAGE}?state=at_work")
        client.force_login(factories.person(contributor=factories.office()))
        page = text_of(client, PAGE)
        assert "Being made" in page
        assert "Under way" in page
        assert "/edit/" not in page
        client.force_login(officer)
        assert 'href="/en/evaluations/at-work/edit/"' in text_of(client, PAGE)
        assert codes(SiteAsked(state="at_work"), officer) == ["at-work"]
        assert codes(SiteAsked(state="published"), officer) == ["1-2015"]

    def test_offers_only_what_strangers_may_see(self, client):
        published("1-2015", 1, 2015, kind="country")
        hidden = rows.evaluation("at-work", state="reported", kind="impact", report_year=2031)
        rows.scope(hidden, focus_area=factories.focus_area(3))
        add_file(hidden, "ru")
        page = text_of(client, PAGE)
        for sign in ("impact", "2031", "FA3", "Русский</option>"):
            assert sign not in page

    @pytest.mark.parametrize(
        "query",
        [
            "page=x", "page=99999999999", "year=x", "kind=x", "area=x", "area=FA99999", "state=x",
            "language=xx", "q=%25%27%22", "q=" + "a+" * 300, "q=%ED%A0%80", "year=1&kind=&area=",
        ],
    )  # fmt: skip
    def test_a_bad_query_string_never_fails(self, client, officer, query):
        published("1-2015", 1, 2015)
        assert client.get(f"{PAGE}?{query}").status_code == 200
        client.force_login(officer)
        assert client.get(f"{PAGE}?{query}").status_code == 200

    def test_thirty_evaluations_cost_the_queries_of_two(self, client):
        def fill(first: int, last: int) -> None:
            for number in range(first, last):
                one = published(f"{number}-2016", number, 2016)
                rows.scope(one, focus_area=area)
                add_file(one, "en")
                rows.recommendation(one, office=office)

        area, office = factories.focus_area(1), factories.office()
        fill(1, 3)
        before = queries(client, PAGE)
        fill(3, 31)
        assert queries(client, PAGE) == before
        assert len(site(PUBLIC, SiteAsked(), on=TODAY).rows) == 25
        assert len(site(PUBLIC, SiteAsked(page=2), on=TODAY).rows) == 5


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
        return len(captured)


class TestEmbargo:
    @pytest.mark.parametrize(("days", "seen"), [(1, False), (0, True), (-1, True)])
    def test_ends_on_its_day_in_list_page_and_feed(self, client, days, seen):
        until = timezone.localdate() + timedelta(days=days)
        published("2-2017", 2, 2017, "Held back once", embargo_until=until)
        assert ("Held back once" in text_of(client, PAGE)) == seen
        assert ("Held back once" in text_of(client, FEED)) == seen
        assert client.get("/en/evaluations/2-2017/").status_code == (200 if seen else 404)

    def test_the_secretariat_reads_that_it_is_held_back(self, client, officer):
        until = timezone.localdate() + timedelta(days=1)
        published("2-2017", 2, 2017, embargo_until=until)
        client.force_login(officer)
        assert "held back until" in text_of(client, PAGE)
        assert "only the secretariat sees this page" in text_of(client, "/en/evaluations/2-2017/")


class TestFeed:
    def test_holds_what_is_published_the_latest_first(self, client, officer):
        published("1-2015", 1, 2015, "Earlier", published_on=date(2015, 5, 1))
        published("2-2017", 2, 2017, "Later", published_on=date(2016, 5, 1))
        rows.evaluation("at-work", state="reported", title=factories.say("Not yet"))
        client.force_login(officer)
        answer = client.get(FEED)
        assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = ElementTree.fromstring(answer.content)
        titles = [one.text for one in feed.findall("a:entry/a:title", ATOM)]
        assert titles == ["Evaluation Report 2/2017: Later", "Evaluation Report 1/2015: Earlier"]
        links = [one.get("href") for one in feed.findall("a:entry/a:link", ATOM)]
        assert links[0] == "http://testserver/en/evaluations/2-2017/"
        updated = [one.text for one in feed.findall("a:entry/a:updated", ATOM)]
        assert updated == ["2016-05-01T00:00:00+03:00", "2015-05-01T00:00:00+03:00"]

    def test_dates_an_entry_by_the_end_of_its_embargo(self, db):
        published("1-2015", 1, 2015, published_on=date(2015, 5, 1), embargo_until=date(2016, 7, 1))
        published("2-2015", 2, 2015, published_on=date(2016, 6, 1))
        found = [(one.evaluation.code, one.since.date()) for one in news(on=TODAY)]
        assert found == [("1-2015", date(2016, 7, 1)), ("2-2015", date(2016, 6, 1))]

    def test_says_what_is_made_up_and_survives_any_sign(self, client):
        title = "Odd \x0b & <b>title</b>"
        published("1-2015", 1, 2015, title, illustrative=True)
        feed = ElementTree.fromstring(client.get(FEED).content)
        entry = feed.find("a:entry/a:title", ATOM)
        assert entry.text == "Illustrative: Evaluation Report 1/2015: Odd  & <b>title</b>"

    def test_is_in_the_language_of_its_address(self, client):
        words = Wording.of(en="Something", ar="شيء")
        rows.evaluation("1-2015", state="published", title=words)
        feed = ElementTree.fromstring(client.get("/ar/evaluations/feed/").content)
        assert "شيء" in feed.find("a:entry/a:title", ATOM).text

    def test_without_entries_is_a_feed(self, client):
        feed = ElementTree.fromstring(client.get(FEED).content)
        assert feed.findall("a:entry", ATOM) == []


class TestOneEvaluation:
    def test_shows_recommendations_with_the_two_parts_of_the_response(self, client):
        shown = make_board()
        page = text_of(client, "/en/evaluations/2-2016/")
        assert "Evaluation Report 2/2016: " in page
        assert (
            "11 recommendations: 1 implemented, 8 open. Implementation rate: 1 implemented" in page
        )
        assert "To the evaluation as a whole" in page
        assert "Not given yet." in page
        assert "It is done already." in page
        assert "Closed, verified by the Evaluation Unit on 10 January 2017" in page
        assert "Action 1" in page
        assert "due on 31 December 2015" in page
        assert "Olga Owner" not in page
        assert "Events." not in page
        factories.saved(
            ManagementResponse(
                evaluation=shown.evaluation, version=1, text=factories.say("We thank.\n\nAll agreed."),
                differences=factories.say("On one point we differ."), on=TODAY, at=factories.NOW,
            )
        )  # fmt: skip
        page = text_of(client, "/en/evaluations/2-2016/")
        assert '<p><bdi lang="en" dir="ltr">All agreed.</bdi></p>' in page
        assert "Differences of opinion" in page

    def test_shows_facts_scope_ratings_findings_amendments(self, client, officer):
        one = rows.evaluation(
            "2-2017", state="reported", kind="office", budget=120000,
            conducted_by="external", source="Evaluation Report 2/2017",
            summary=factories.say("What came out of it."), starts_on=date(2016, 1, 1),
        )  # fmt: skip
        rows.scope(one, region=factories.region("africa"))
        grade = rows.grade("good", 1)
        factories.saved(
            CriterionRating(
                evaluation=one, criterion=rows.criterion(), grade=grade,
                reason=factories.say("It fits the need."),
            )
        )  # fmt: skip
        factories.saved(
            Finding(evaluation=one, number=1, text=factories.say("Found it."), illustrative=True)
        )
        factories.saved(TeamMember(evaluation=one, name="Tea Leader", capacity="leader"))
        factories.saved(Amendment(evaluation=one, number=1, text=factories.say("A slip put right."), on=TODAY, at=factories.NOW))  # fmt: skip
        factories.saved(EvaluationStep(evaluation=one, from_state="under_way", to_state="reported", on=TODAY, at=factories.NOW, by=officer))  # fmt: skip
        client.force_login(officer)
        page = text_of(client, "/en/evaluations/2-2017/")
        for sign in (
            "What came out of it.", "It fits the need.", "Found it.", "A slip put right.",
            "Tea Leader", "120,000 United States dollars", "external evaluators",
            "Evaluation Report 2/2017", "Reported, not published", "1 January 2016",
            'href="/en/evaluations/2-2017/edit/"', "an assumption of this system",
        ):  # fmt: skip
            assert sign in page, sign
        assert '<section class="demo"' in page

    def test_names_no_team_and_no_steps_to_strangers(self, client, officer):
        one = published("2-2017", 2, 2017)
        factories.saved(TeamMember(evaluation=one, name="Tea Leader", capacity="leader", state="published"))  # fmt: skip
        factories.saved(EvaluationStep(evaluation=one, to_state="published", on=TODAY, at=factories.NOW, by=officer, reason="Ready"))  # fmt: skip
        page = text_of(client, "/en/evaluations/2-2017/")
        for sign in ("Tea Leader", "Eva Officer", "Ready", "/edit/"):
            assert sign not in page

    @pytest.mark.parametrize("state", ["planned", "prepared", "under_way", "reported", "cancelled"])
    def test_is_not_there_for_others_until_it_is_published(self, client, officer, state):
        rows.evaluation("at-work", state=state)
        address = "/en/evaluations/at-work/"
        assert client.get(address).status_code == 404
        client.force_login(factories.person(committee=factories.office("M1", kind="mission")))
        assert client.get(address).status_code == 404
        client.force_login(factories.person(contributor=factories.office()))
        assert client.get(address).status_code == 200

    @pytest.mark.parametrize("code", ["nothing", "2-2099", "x" * 300, "-"])
    def test_is_not_there_under_another_code(self, client, code):
        assert client.get(f"/en/evaluations/{code}/").status_code == 404

    @pytest.mark.parametrize(
        ("role", "offered"),
        [
            ("evaluation_officer", ["recommendations/new/"]),
            ("manager", ["response/"]),
            ("contributor", []),
            ("committee", []),
        ],
    )
    def test_leads_those_who_may_to_its_forms(self, client, role, offered):
        published("2-2017", 2, 2017)
        client.force_login(factories.person(**{role: factories.office()}))
        assert forms_of(client, "2-2017") == offered

    def test_leads_nobody_to_recommendations_before_there_are_findings(self, client, officer):
        rows.evaluation("land-2019", state="prepared")
        client.force_login(officer)
        assert forms_of(client, "land-2019") == []

    def test_nothing_is_taken_by_post(self, client):
        published("2-2017", 2, 2017)
        for address in (PAGE, FEED, "/en/evaluations/2-2017/"):
            assert client.post(address).status_code == 405

    def test_forty_recommendations_cost_the_queries_of_two(self, client, officer):
        one = published("2-2017", 2, 2017)
        office = factories.office()

        def fill(many: int) -> None:
            for _number in range(many):
                row = rows.recommendation(one, office=office)
                rows.answer(row)
                rows.follow_ups(rows.action(row), ["in_progress"])

        fill(2)
        client.force_login(officer)
        before = queries(client, "/en/evaluations/2-2017/")
        fill(38)
        assert queries(client, "/en/evaluations/2-2017/") == before


class TestLessonsOfAnEvaluation:
    def test_published_ones_are_for_everybody_and_drafts_for_the_secretariat(self, client, officer):
        one = published("3-2016", 3, 2016)
        rows.lesson("Ask who pays", evaluation=one)
        rows.lesson("Ask once more", evaluation=one, state="draft")
        rows.lesson("Ask no more", evaluation=one, state="retired")
        rows.lesson("Another one", evaluation=published("4-2016", 4, 2016))
        page = text_of(client, f"{PAGE}3-2016/")
        assert "Ask who pays" in page
        assert not [word for word in ("Ask once more", "Ask no more", "Another one") if word in page]
        client.force_login(officer)
        page = text_of(client, f"{PAGE}3-2016/")
        assert "Ask once more" in page
        assert "Ask no more" not in page
