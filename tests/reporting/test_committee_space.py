"""The Committee's space: what is issued, what changed, what was asked; three clicks to a file."""

import re
from datetime import date
from decimal import Decimal

import factories
import pytest
from report_shelf import ASSEMBLED, AT, CLEARED, ISSUED
from sample_document import sample_document
from test_committee_audience import report_of

from organization.models import Office, User
from reporting.document import SCHEMA_VERSION, fingerprint, from_json, to_json
from reporting.models import Report, ReportDocument
from reporting.queries.committee import committee_shelves
from reporting.services import questions, render_one

PAGE = "/en/committee/"


@pytest.fixture
def second(shelf) -> Report:
    """A second biennial report, issued two years later: FA2.1 rose from 1,086 to 1,110."""
    later = to_json(sample_document()).decode().replace("2016-2017", "2018-2019")
    document = from_json(later.replace('"1086"', '"1110"').encode())
    report = Report.objects.get(slug=CLEARED)
    report.document = ReportDocument.objects.create(
        report=report, number=2, schema_version=SCHEMA_VERSION, content=to_json(document).decode(),
        sha256=fingerprint(document), assembled_at=AT,
    )  # fmt: skip
    report.state, report.symbol = "issued", "HSP/GC/27/5"
    report.issued_on, report.issued_by = date(2020, 3, 2), shelf.editor
    report.save()
    return report


def text_of(answer) -> str:
    return answer.content.decode()


class TestEmptySpace:
    def test_is_empty_before_the_first_report(self, client, db):
        client.force_login(
            factories.person("Mia Mission", committee=factories.office("M", kind="mission"))
        )
        assert "No report has been issued yet" in text_of(client.get(PAGE))


class TestSpace:
    def test_shows_issued_reports_only(self, client, shelf):
        client.force_login(shelf.committee)
        page = text_of(client.get(PAGE))
        assert "One report is issued" in page
        assert f"/en/reports/{ISSUED}/" in page
        assert ASSEMBLED not in page
        assert CLEARED not in page

    def test_gives_the_figures_as_a_spreadsheet_with_their_size(self, client, shelf):
        client.force_login(shelf.committee)
        page = text_of(client.get(PAGE))
        size = shelf.issued.document.renderings.get().size / 1024
        assert f'href="/en/reports/{ISSUED}/en.xlsx">Figures as a spreadsheet, {size:.1f}\xa0KB' in page

    def test_reaches_a_document_from_the_home_page_in_three_clicks(self, client, shelf):
        render_one(row=shelf.issued.document, language="ar", format="pdf", at=AT)
        client.force_login(shelf.committee)
        home = text_of(client.get("/ar/"))
        assert 'href="/ar/committee/"' in home
        space = text_of(client.get("/ar/committee/"))
        assert f'href="/ar/reports/{ISSUED}/ar.pdf"' in space
        file = client.get(f"/ar/reports/{ISSUED}/ar.pdf")
        assert file.content.startswith(b"%PDF")

    def test_says_what_changed_since_the_report_before(self, client, shelf, second):
        client.force_login(shelf.committee)
        page = text_of(client.get(PAGE))
        assert f'href="/en/reports/{CLEARED}/compare/?with={ISSUED}"' in page
        assert '<td class="num">1,086</td><td class="num"><b>1,110</b></td>' in page
        assert "1 figure stands otherwise than in 2014–2015" in page

    def test_names_corrigenda_under_their_report(self, client, shelf):
        correction = report_of("corrigendum", shelf, corrects=shelf.issued)
        client.force_login(shelf.committee)
        page = text_of(client.get(PAGE))
        assert "One report is issued" in page
        assert f'<a href="/en/reports/{correction.slug}/">Corrigendum 1' in page

    def test_counts_the_questions_that_the_reader_may_read(self, client, shelf):
        other = factories.person("Noa Other", committee=factories.office("M2", kind="mission"))
        questions.ask(
            report=shelf.issued, paragraph=2, text="Why?", office=Office.objects.get(code="M"),
            by=shelf.committee, at=AT,
        )  # fmt: skip
        client.force_login(shelf.committee)
        assert "1 open question" in text_of(client.get(PAGE))
        client.force_login(other)
        assert "No questions yet" in text_of(client.get(PAGE))

    @pytest.mark.parametrize("who", ["officer", "editor", "contributor"])
    def test_may_be_looked_at_by_staff(self, client, shelf, who):
        client.force_login(getattr(shelf, who))
        assert client.get(PAGE).status_code == 200

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_stands_in_six_languages(self, client, shelf, second, language):
        client.force_login(shelf.committee)
        assert client.get(f"/{language}/committee/").status_code == 200

    def test_takes_the_same_queries_whatever_the_number(
        self, shelf, second, django_assert_num_queries
    ):
        report_of("recommendation_status", shelf)
        delegate = User.objects.get(pk=shelf.committee.pk)
        with django_assert_num_queries(5):  # roles, reports, their files, questions, data version
            found = committee_shelves(delegate)
        assert [len(one.reports) for one in found] == [2, 1]

    def test_is_in_the_navigation_of_a_delegation(self, client, shelf):
        client.force_login(shelf.committee)
        page = text_of(client.get("/en/results/"))
        tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.S)[0]
        assert re.findall(r">([^<]+)</a>", tabs) == [
            "My work", "Committee", "Evaluations", "Results", "Reports", "Questions and answers",
        ]  # fmt: skip

    def test_offers_editors_the_questions_in_the_navigation(self, client, shelf):
        client.force_login(shelf.editor)
        assert 'href="/en/questions/"' in text_of(client.get("/en/results/"))


class TestPublicPage:
    def test_tells_how_a_copy_is_checked(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        rendering = shelf.issued.document.renderings.get()
        assert "The same document always gives the same bytes." in page
        assert rendering.sha256 in page
        assert shelf.issued.document.sha256 in page

    def test_says_nothing_of_questions(self, client, shelf):
        questions.ask(
            report=shelf.issued, paragraph=2, text="Why?", office=Office.objects.get(code="M"),
            by=shelf.committee, at=AT,
        )  # fmt: skip
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert "uestion" not in page


def test_amounts_of_the_sample_are_what_this_file_says():
    assert sample_document().figures["FA2.1@2016-2017:actual"].value == Decimal(1086)
