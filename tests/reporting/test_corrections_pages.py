"""The pages of corrections and comparisons: who sees what, what they say, and in how many queries."""

import re
from collections.abc import Iterator

import factories
import pytest
from corrected import CORRECTED_AT, LATER_AT, SYMBOL, correct, issue, issue_biennial, merge, person
from demonstration_data import ASSEMBLED_AT
from django.db import connection
from django.test.utils import CaptureQueriesContext
from once import undone

from focus_areas.models import Period
from organization.models import Office
from reporting import services
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report
from reporting.services import corrections
from reporting.views.corrections_page import pieces

SLUG, EARLIER = "biennial-progress-2016-2017", "biennial-progress-2014-2015"


@pytest.fixture(scope="class")
def both_once(issued_once) -> Iterator[None]:
    with undone():
        issue_biennial("2014-2015", "HSP/GC/26/9")
        yield


@pytest.fixture
def both(both_once, issued) -> Report:
    """The earlier biennium's report is issued as well."""
    return issued


@pytest.fixture(scope="class")
def corrected_once(issued_once) -> Iterator[Report]:
    with undone():
        correct("FA2.1")
        draft = corrections.draft_corrigendum(report=issued_once, by=person("editor"), at=LATER_AT)
        yield issue(draft, f"{SYMBOL}/Corr.1")


@pytest.fixture
def corrigendum(corrected_once, db) -> Report:
    """The issued corrigendum of the report."""
    return Report.objects.get(pk=corrected_once.pk)


def text_of(response) -> str:
    return response.content.decode()


def plain(response) -> str:
    """The words of a page, without marks."""
    body = text_of(response).partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


class TestTouched:
    @pytest.mark.parametrize("role", ["contributor", "approver", "committee"])
    def test_looks_to_others_like_a_page_that_is_not_there(self, client, issued, role):
        client.force_login(factories.person(**{role: Office.objects.get(code="QAU")}))
        assert client.get("/en/corrections/issued/").status_code == 404
        assert client.post(f"/en/reports/{SLUG}/corrigendum/").status_code == 404

    def test_asks_strangers_to_sign_in(self, client, issued):
        assert client.get("/en/corrections/issued/").status_code == 302

    def test_lists_paragraph_was_is_and_why(self, client, issued):
        correct("FA2.1")
        client.force_login(person("editor"))
        page = client.get("/en/corrections/issued/")
        words = plain(page)
        assert "Later corrections touch 1 issued report" in words
        assert "7 places would read otherwise today" in words
        assert "Figure 2, 2017 86 85 FA2.1 of Regional Office for Arab States for 2017 was corrected" in words
        assert f'href="/en/reports/{SLUG}/#p8">Paragraph 8</a>' in text_of(page)
        assert "Draft the corrigendum" in words

    def test_offers_no_draft_to_a_manager(self, client, issued):
        correct("FA2.1")
        client.force_login(factories.person(manager=Office.objects.get(code="QAU")))
        assert "Draft the corrigendum" not in plain(client.get("/en/corrections/issued/"))
        answer = client.post(f"/en/reports/{SLUG}/corrigendum/")
        assert answer.status_code == 403
        assert "report editor" in text_of(answer)

    def test_says_so_where_nothing_is_touched(self, client, issued):
        client.force_login(person("editor"))
        assert "No later correction touches an issued report" in plain(client.get("/en/corrections/issued/"))

    def test_drafts_and_leads_to_the_draft(self, client, issued):
        correct("FA2.1")
        client.force_login(person("qa"))
        answer = client.post(f"/en/reports/{SLUG}/corrigendum/", follow=True)
        assert answer.redirect_chain == [(f"/en/reports/{SLUG}-corr-1/", 302)]
        words = plain(answer)
        assert f"Corrigendum to {SYMBOL}" in words
        assert "The corrigendum is drafted." in words
        assert "Assemble again" not in words
        assert "A corrigendum is in work: Corr.1" in plain(client.get("/en/corrections/issued/"))

    def test_refuses_a_draft_where_nothing_differs_in_a_sentence(self, client, issued):
        client.force_login(person("editor"))
        answer = client.post(f"/en/reports/{SLUG}/corrigendum/")
        assert answer.status_code == 409
        assert "There is nothing to correct." in plain(answer)

    def test_a_page_of_a_refusal_loaded_again_leads_to_the_list(self, client, issued):
        client.force_login(person("editor"))
        answer = client.get(f"/en/reports/{SLUG}/corrigendum/")
        assert (answer.status_code, answer["Location"]) == (302, "/en/corrections/issued/")

    def test_asks_as_much_whatever_was_corrected(self, client, issued):
        client.force_login(person("editor"))

        def counted() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/en/corrections/issued/").status_code == 200
            return len(queries)

        merge("FA1.1")
        correct("FA2.1")
        one = counted()
        for code in ("FA2.1", "FA1.1", "FA4.1"):
            correct(code)
        assert counted() == one


class TestOnTheReport:
    def test_names_figures_corrected_and_keeps_the_issued_ones(self, client, issued, corrigendum):
        page = client.get(f"/en/reports/{SLUG}/")
        words = plain(page)
        assert "Corrected by Corr.1" in words
        assert "86, corrected to 85 by Corr.1" in words
        assert '<a href="#p8">Paragraph 8</a>' in text_of(page)
        assert 'id="p8"' in text_of(page)
        assert "plans drawn from best practice: 86 at the end of 2017" in words

    def test_the_corrigendum_leads_back(self, client, corrigendum):
        page = text_of(client.get(f"/en/reports/{SLUG}-corr-1/"))
        assert f'<a href="/en/reports/{SLUG}/"><bdi dir="ltr">{SYMBOL}</bdi></a>' in page


class TestInWork:
    def test_is_shown_to_no_stranger_and_proposes_its_symbol(self, client, issued):
        correct("FA2.1")
        draft = corrections.draft_corrigendum(report=issued, by=person("editor"), at=LATER_AT)
        assert "Corr.1" not in text_of(client.get(f"/en/reports/{SLUG}/"))
        assert client.get(f"/en/reports/{SLUG}-corr-1/").status_code == 404
        services.clear(report=draft, by=person("editor"), at=LATER_AT)
        client.force_login(person("editor"))
        assert f'value="{SYMBOL}/Corr.1"' in text_of(client.get(f"/en/reports/{draft.slug}/"))


class TestCompare:
    def test_shows_figures_of_both_periods_with_the_change(self, client, both):
        words = plain(client.get(f"/en/reports/{SLUG}/compare/?with={EARLIER}"))
        assert "FA2.1 Authorities with plans drawn from best practice actual 61 86 +25" in words
        assert "FA1.1 Authorities with land and tenure systems in place actual 47 64 +17" in words

    def test_puts_the_earlier_period_first_whichever_was_asked(self, client, both):
        pages = [
            plain(client.get(f"/en/reports/{one}/compare/?with={other}"))
            for one, other in ((SLUG, EARLIER), (EARLIER, SLUG))
        ]
        assert all("HSP/GC/26/9 and HSP/GC/27/9" in page for page in pages)

    def test_says_in_words_what_was_removed_and_added(self, client, both):
        page = text_of(client.get(f"/en/reports/{SLUG}/compare/?with={EARLIER}"))
        said = (
            'with plans drawn from best practice: <del><span class="visually-hidden">[removed: '
            '</span>61<span class="visually-hidden">end]</span></del><ins><span '
            'class="visually-hidden">[added: </span>86<span class="visually-hidden">end]</span></ins>'
        )
        assert said in page

    def test_names_no_table_that_both_have(self, client, both):
        page = client.get(f"/en/reports/{SLUG}/compare/?with={EARLIER}")
        assert page.context["page"].only_later == ()
        assert page.context["page"].only_earlier == ()

    def test_offers_issued_reports_only(self, client, both):
        page = text_of(client.get(f"/en/reports/{SLUG}/compare/"))
        assert f'<option value="{EARLIER}"' in page
        assert 'value="draft"' not in page

    def test_looks_as_if_it_were_not_there_where_the_other_may_not_be_seen(self, client, both):
        services.assemble_now(
            kind=BIENNIAL_PROGRESS,
            period=Period.objects.get(code="2018-2019"),
            confirm_gaps=True,
            by=person("qa"),
            at=ASSEMBLED_AT,
        )
        for other in ("biennial-progress-2018-2019", SLUG, "never", "draft"):
            answer = client.get(f"/en/reports/{SLUG}/compare/?with={other}")
            assert answer.status_code == 404, other
        assert client.get("/en/reports/biennial-progress-2018-2019/compare/").status_code == 404

    @pytest.mark.parametrize("language", ["ar", "zh", "fr"])
    def test_stands_in_the_language_of_the_reader(self, client, both, language):
        page = client.get(f"/{language}/reports/{SLUG}/compare/?with={EARLIER}")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in text_of(page)

    def test_asks_seven_times(self, client, both):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/reports/{SLUG}/compare/?with={EARLIER}")
        assert len(queries) <= 7


class TestWorkingDocuments:
    def test_are_compared_with_the_one_before(self, client, demonstration, officer, biennium):
        def assemble(at) -> None:
            services.assemble_now(
                kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=at
            )

        assemble(ASSEMBLED_AT)
        correct("FA2.1")
        assemble(CORRECTED_AT)
        client.force_login(officer)
        words = plain(client.get(f"/en/reports/{SLUG}/compare/?with=draft"))
        assert "What changed since the working document before this one" in words
        assert "FA2.1 Authorities with plans drawn from best practice actual 86 85 −1" in words
        assert "Table 6, Regional Office for Arab States, Authorities to date 8 7" in words

    def test_are_not_shown_to_strangers(self, client, demonstration, officer, biennium):
        for _ in range(2):
            services.assemble_now(
                kind=BIENNIAL_PROGRESS, period=biennium, confirm_gaps=True, by=officer, at=ASSEMBLED_AT
            )
        assert client.get(f"/en/reports/{SLUG}/compare/?with=draft").status_code == 404


class TestPieces:
    def test_are_common_removed_and_added(self):
        assert list(pieces("It was 37 in all.", "It was 39 in all.")) == [
            ("", "It was "), ("del", "37"), ("ins", "39"), ("", " in all."),
        ]  # fmt: skip

    def test_leave_punctuation_where_it_is_and_numbers_whole(self):
        assert list(pieces("In 2015, 6.5 %.", "In 2017, 11.2 %.")) == [
            ("", "In "), ("del", "2015"), ("ins", "2017"), ("", ", "), ("del", "6.5"), ("ins", "11.2"), ("", " %."),
        ]  # fmt: skip

    def test_of_chinese_are_characters(self):
        assert ("ins", "九") in list(pieces("三十七个", "三十九个"))
