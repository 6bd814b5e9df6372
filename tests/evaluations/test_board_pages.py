"""The pages of the recommendation board: what each reader is shown, and never an error."""

import csv
import io
from datetime import date, timedelta

import evaluation_rows as rows
import factories
import openpyxl
import pytest
from board_rows import DAY, Shown, accepted
from django.utils import timezone

pytestmark = pytest.mark.django_db
PAGE = "/en/recommendations/"
ON = f"on={DAY.isoformat()}"
EVERYBODY = ("public", "delegate", "contributor", "manager", "officer")


def text_of(client, shown: Shown, who: str, query: str = "", page: str = PAGE) -> str:
    if who != "public":
        client.force_login(getattr(shown, who))
    answer = client.get(f"{page}?{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


class TestBoard:
    def test_says_in_its_heading_how_many_are_open_and_late(self, client, shown):
        page = text_of(client, shown, "public", ON)
        assert (
            "<h1>Eight recommendations are open; five are late, one by more than a year</h1>"
            in page
        )
        assert "From 1 evaluation since 2016, on 16 January 2017." in page
        assert "A recommendation is closed when the Evaluation Unit has verified it" in page

    def test_says_the_implementation_rate_in_words(self, client, shown):
        page = text_of(client, shown, "public", ON)
        assert "Implementation rate: 1 implemented of 8 accepted or partly accepted, 13 %." in page
        assert "One more was overtaken by events and is in neither number." in page

    def test_shows_the_ages(self, client, shown):
        page = text_of(client, shown, "public", ON)
        assert '<th scope="row">Late up to 90 days</th><td class="num">2</td>' in page
        assert '<th scope="row">More than a year</th><td class="num">1</td>' in page
        assert "382 days late" in page

    @pytest.mark.parametrize("view", ["list", "management"])
    @pytest.mark.parametrize(("language", "days"), [("en", "1,001"), ("fr", "1\u202f001")])
    def test_groups_the_digits_of_many_days(self, client, shown, view, language, days):
        client.force_login(shown.officer)
        page = client.get(f"/{language}/recommendations/?on=2018-09-27&view={view}")
        assert f'<b class="late">{days} ' in page.content.decode()

    def test_leads_to_each_recommendation_and_to_its_evaluation(self, client, shown):
        page = text_of(client, shown, "public", ON)
        assert 'href="/en/recommendations/2-2016-10/"' in page
        assert 'href="/en/evaluations/2-2016/"' in page

    def test_offers_verification_to_the_officer_alone(self, client, shown):
        for who in EVERYBODY:
            page = text_of(client, shown, who, f"{ON}&view=list")
            assert (">Verify<" in page) == (who == "officer"), who

    def test_offers_no_verification_to_an_officer_who_owns_the_action(self, client, shown):
        factories.grant(shown.officer, "contributor", shown.even)
        assert ">Verify<" not in text_of(client, shown, "officer", f"{ON}&view=list")

    def test_offers_no_verification_to_who_proposed_the_closure(self, client, shown):
        of = rows.evaluation("9-2016", state="published", report_number=9)
        one = rows.recommendation(of, office=shown.odd)
        rows.answer(one)
        rows.follow_ups(rows.action(one), ["in_progress", "proposed"], by=shown.officer)
        page = text_of(client, shown, "officer", "view=list&evaluation=9-2016")
        assert "closure not verified" in page
        assert ">Verify<" not in page

    def test_names_persons_and_reports_to_the_secretariat_alone(self, client, shown):
        action = shown.one(1).actions.get()
        rows.follow_ups(action, ["in_progress"])
        for who in EVERYBODY:
            page = text_of(client, shown, who, f"{ON}&view=list")
            assert ("Olga Owner" in page) == (who not in {"public", "delegate"}), who

    def test_shows_what_was_reported_last_to_the_secretariat_alone(self, client, shown):
        for who in ("public", "delegate", "contributor"):
            page = text_of(client, shown, who, f"{ON}&view=list&state=overtaken")
            assert ("Events." in page) == (who == "contributor"), who

    def test_is_narrowed_in_its_numbers_by_office(self, client, shown):
        page = text_of(client, shown, "public", f"{ON}&office=EVEN")
        assert "<h1>Three recommendations are open; three are late</h1>" in page
        assert "Only: Office EVEN." in page

    def test_on_a_past_day_says_so(self, client, shown):
        page = text_of(client, shown, "public", "on=2017-01-09")
        assert "The board as it stood at the end of 9 January 2017" in page
        assert "on 9 January 2017." in page

    def test_says_that_a_day_cannot_be_read(self, client, shown):
        page = text_of(client, shown, "public", "on=yesterday")
        assert "The day cannot be read." in page

    def test_a_search_answers_with_the_list(self, client, shown):
        page = text_of(client, shown, "public", f"{ON}&q=THING+10&state=all")
        assert "<h1>One recommendation fits</h1>" in page
        assert "Implementation rate" not in page
        assert "No recommendation fits" in text_of(client, shown, "public", "q=100%25")

    def test_rates_by_year_and_evaluation(self, client, shown):
        assert "Implementation rate by office" in text_of(client, shown, "public", ON)
        assert "rate by year of the report" in text_of(client, shown, "public", f"{ON}&by=year")
        page = text_of(client, shown, "public", f"{ON}&by=evaluation")
        assert "Implementation rate by evaluation" in page

    def test_marks_what_is_made_up(self, client, shown):
        assert "Illustrative" not in text_of(client, shown, "public", ON)
        rows.recommendation(shown.evaluation, office=shown.odd, number=12, illustrative=True)
        page = text_of(client, shown, "public", f"{ON}&by=evaluation")
        assert '<section class="demo"' in page
        # Two tables, the rates and their one evaluation, and the recommendation itself.
        assert page.count('<span class="illus">') == 5

    def test_of_reports_not_published_says_so_to_the_secretariat(self, client, shown):
        of = rows.evaluation("draft-one", state="reported")
        rows.recommendation(of, office=shown.odd, text="Not for the public yet")
        assert "Not for the public yet" not in text_of(client, shown, "public", "state=all")
        assert "draft-one" not in text_of(client, shown, "delegate", "view=list&state=all")
        page = text_of(client, shown, "contributor", "state=all&view=list")
        assert "Not for the public yet" in page
        assert "not published" in page


class TestViews:
    def test_by_role(self, client, shown):
        for who, sign in (
            ("public", 'id="list"'), ("officer", 'id="list"'), ("contributor", 'id="list"'),
            ("manager", 'id="offices"'), ("delegate", 'id="committee"'),
        ):  # fmt: skip
            assert sign in text_of(client, shown, who, ON), who

    def test_senior_management_sees_what_is_late_and_who_acts(self, client, shown):
        page = text_of(client, shown, "manager", ON)
        assert "Two offices are late with recommendations, the longest by 382 days" in page
        assert "rec. 1</a>: " in page
        assert "<bdi>Olga Owner</bdi>, <bdi>Office ODD</bdi>" in page
        assert "rec. 10</a>: " in page

    def test_nobody_else_sees_the_view_of_senior_management(self, client, shown):
        for who in ("public", "delegate"):
            page = text_of(client, shown, who, f"{ON}&view=management")
            assert 'id="offices"' not in page
            assert "Olga Owner" not in page

    def test_the_view_of_the_committee_is_of_what_is_published_for_everybody(self, client, shown):
        rows.recommendation(rows.evaluation("secret-one", state="reported"), office=shown.odd)
        for who in EVERYBODY:
            page = text_of(client, shown, who, f"{ON}&view=committee")
            assert "<h1>One of eight accepted recommendations is implemented</h1>" in page
            assert "secret-one" not in page
            assert "Olga Owner" not in page


BAD = (
    "page=abc", "page=-1", "page=0", "page=999999999999999999999", "page=2&page=x", "state=nothing",
    "state=", "by=color", "view=secret", "year=0", "year=abc", "year=99999999", "on=2018-02-30",
    "on=0001-01-01", "on=9999-12-31", "on=20180202", "office=%27%3B--", "office=%F0%9F%98%80",
    "evaluation=../../etc", "evaluation=" + "x" * 500, "q=" + "a+" * 400, "q=%25_%5C%27%22",
    "q=%F0%9F%98%80", "q=%ED%A0%80", "q=%3Cscript%3Ealert(1)%3C/script%3E", "year=%D9%A2%D9%A0%D9%A1%D9%A6",
)  # fmt: skip


@pytest.mark.parametrize("query", BAD)
def test_a_bad_query_string_never_fails(client, shown, query):
    for address in (PAGE, "/ar/recommendations/", "/en/recommendations.csv"):
        assert client.get(f"{address}?{query}").status_code == 200, address
    client.force_login(shown.officer)
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.content


def test_nul_is_refused(client, shown):
    assert client.get(f"{PAGE}?q=a%00b").status_code == 400


@pytest.mark.parametrize("who", ["public", "officer", "manager", "delegate"])
def test_fifty_recommendations_cost_the_queries_of_eleven(
    client, shown, who, django_assert_num_queries
):
    if who != "public":
        client.force_login(getattr(shown, who))
    asked = [f"{PAGE}?view={view}" for view in ("list", "management", "committee")]
    asked += [f"{PAGE}?view=list&by=evaluation", f"{PAGE}?q=thing", f"{PAGE}?view=list&{ON}"]
    before = [_queries(client, address) for address in asked]
    with rows.at_once():
        for number in range(1, 40):
            if number % 4 == 1:
                of = rows.evaluation(state="published", report_number=None)
            accepted(of, factories.office(), number, date(2017, 1, 1), "in_progress", owner=shown.owner)
    assert [_queries(client, address) for address in asked] == before


def _queries(client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
        return len(captured)


class TestFiles:
    def rows_of(self, client, query: str) -> list[dict[str, str]]:
        answer = client.get(f"/en/recommendations.csv?{query}")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))

    def test_csv_holds_the_whole_list_that_was_asked_for(self, client, shown):
        with rows.at_once():
            for number in range(12, 42):
                accepted(shown.evaluation, shown.odd, number, date(2017, 1, 1))
        found = self.rows_of(client, f"{ON}&state=late")
        assert len(found) == 35
        first = found[0]
        assert first["Evaluation"] == "2/2016"
        assert first["Recommendation"] == "1"
        assert first["Response"] == "Accepted"
        assert first["Due"] == "2015-12-31"
        assert first["Days late"] == "382"
        assert first["State"] == "In progress"
        assert first["Illustrative"] == "no"
        assert first["As it stood on"] == "2017-01-16"

    def test_says_why_something_was_rejected_and_when_it_was_closed(self, client, shown):
        (found,) = self.rows_of(client, f"{ON}&state=rejected")
        assert (found["Reason"], found["Closed on"]) == ("It is done already.", "2015-01-01")
        assert (found["Due"], found["Days late"]) == ("", "")

    def test_no_text_is_a_formula(self, client, shown):
        of = rows.evaluation("5-2016", state="published", report_number=5, illustrative=True)
        text = '=HYPERLINK("http://example.org","x")'
        rows.recommendation(of, office=shown.odd, text=text)
        (found,) = self.rows_of(client, "evaluation=5-2016")
        assert found["Text"] == f"'{text}"
        assert found["Illustrative"] == "yes"
        answer = client.get("/en/recommendations.xlsx?evaluation=5-2016")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet["E2"].value == text
        assert sheet["E2"].data_type == "s"

    def test_strangers_take_away_what_they_may_see(self, client, shown):
        of = rows.evaluation("draft-one", state="reported")
        rows.recommendation(of, office=shown.odd, text="Not for the public yet")
        held = rows.evaluation(
            "held",
            state="published",
            report_number=None,
            embargo_until=timezone.localdate() + timedelta(days=1),
        )
        rows.recommendation(held, office=shown.odd, text="Held back")
        assert {row["Evaluation"] for row in self.rows_of(client, "state=all")} == {"2/2016"}
        client.force_login(shown.contributor)
        assert "draft-one" in {row["Evaluation"] for row in self.rows_of(client, "state=all")}

    def test_there_is_no_other_format(self, client, shown):
        assert client.get("/en/recommendations.pdf").status_code == 404
        assert client.post("/en/recommendations.csv").status_code == 405

    def test_in_arabic_from_right_to_left(self, client, shown):
        answer = client.get("/ar/recommendations.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        assert sheet.sheet_view.rightToLeft
