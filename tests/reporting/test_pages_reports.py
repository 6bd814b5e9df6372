"""The pages of reports: who sees which, the issued report, its files, the steps to issue."""

import hashlib
import re
from io import BytesIO

import factories
import pytest
from openpyxl import load_workbook
from report_shelf import ASSEMBLED, CLEARED, ISSUED, SYMBOL

from jobs.models import Job
from reporting.models import Report

NEVER = "biennial-progress-2008-2009"
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")


def text_of(response) -> str:
    return response.content.decode()


class TestBeforeAssembly:
    def test_the_officer_finds_a_report_that_nobody_assembled(self, client, db):
        factories.period("2018-2019")
        client.force_login(factories.person(quality_assurance=factories.office()))
        page = client.get(f"/en/reports/{CLEARED}/")
        assert page.status_code == 200
        assert "Assemble the report" in text_of(page)


class TestWhoSeesWhat:
    @pytest.mark.parametrize("rest", ["", "en.xlsx", "progress/"])
    @pytest.mark.parametrize("slug", [ASSEMBLED, CLEARED])
    @pytest.mark.parametrize("who", ["the public", "committee", "contributor"])
    def test_a_report_in_work_looks_like_one_that_never_was(self, client, shelf, who, slug, rest):
        if who != "the public":
            client.force_login(getattr(shelf, who))
        hidden = client.get(f"/en/reports/{slug}/{rest}")
        absent = client.get(f"/en/reports/{NEVER}/{rest}")
        assert hidden.status_code == absent.status_code == 404
        cleaned = [
            re.sub('name="csrf[^>]*>|X-CSRFToken": "[^"]*', "", text_of(one)).replace(name, "")
            for one, name in ((hidden, slug), (absent, NEVER))
        ]
        assert cleaned[0] == cleaned[1]

    def test_the_list_names_issued_reports_to_everybody(self, client, shelf):
        page = text_of(client.get("/en/reports/"))
        assert "1 report issued" in page
        assert SYMBOL in page
        assert f"/en/reports/{ASSEMBLED}/" not in page
        assert "in work" not in page

    def test_the_list_names_reports_in_work_to_the_officer(self, client, shelf):
        client.force_login(shelf.officer)
        page = text_of(client.get("/en/reports/"))
        assert "2 reports in work" in page
        assert f"/en/reports/{ASSEMBLED}/" in page

    def test_the_committee_reads_what_is_issued(self, client, shelf):
        client.force_login(shelf.committee)
        page = client.get(f"/en/reports/{ISSUED}/")
        assert page.status_code == 200
        assert "On the way to issue" not in text_of(page)


class TestIssuedReport:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_stands_in_six_languages(self, client, shelf, language):
        page = client.get(f"/{language}/reports/{ISSUED}/")
        assert page.status_code == 200
        assert f'<html lang="{language}"' in text_of(page)

    def test_says_its_symbol_and_date_and_not_those_of_the_working_copy(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert "<b>HSP</b>/GC/26/5</bdi>" in page
        assert "3 May 2016" in page
        assert "HSP/GC/27/5/Add.2" not in page

    def test_each_figure_in_a_sentence_leads_to_where_it_comes_from(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        bound = re.findall(r'<a class="bf" href="#(f\d+)">([^<]+)</a>', page)
        assert [shown for _anchor, shown in bound] == ["1,086", "42", "1,110", "Thirteen", "−1,234.5"]
        for anchor, _shown in bound:
            assert page.count(f'id="{anchor}"') == 1

    def test_paragraphs_can_be_linked_to_by_number(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert '<div class="para" id="p2"><a class="no" href="#p2">2.</a>' in page

    def test_a_source_is_a_note(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert '<sup id="mark-1-1"><a href="#note-1">1</a></sup>' in page
        assert '<li id="note-1">' in page

    def test_words_not_translated_say_in_which_language_they_are(self, client, shelf):
        page = text_of(client.get(f"/ru/reports/{ISSUED}/"))
        assert '<p lang="en" dir="ltr">By the end of 2017, ' in page
        assert "(еще не переведено)" in page

    def test_a_figure_that_was_not_reported_says_so(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert '<span class="nil-missing">not reported</span>' in page

    def test_names_the_size_of_a_file_and_which_are_still_made(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        size = shelf.issued.document.renderings.get().size / 1024
        assert f'aria-label="English, XLSX, {size:.1f}\xa0KB"' in page
        assert "in preparation" in page

    def test_says_its_fingerprint(self, client, shelf):
        page = text_of(client.get(f"/en/reports/{ISSUED}/"))
        assert shelf.issued.document.sha256 in page

    def test_says_that_it_is_illustrative(self, client, shelf):
        assert '<section class="demo"' in text_of(client.get(f"/en/reports/{ISSUED}/"))

    def test_needs_no_script_and_sets_no_cookie(self, client, shelf):
        page = client.get(f"/en/reports/{ISSUED}/")
        assert "<script" not in text_of(page)
        assert not page.cookies

    def test_is_read_in_three_queries(self, client, shelf, django_assert_num_queries):
        with django_assert_num_queries(3):  # the report, its files, its corrigenda
            client.get(f"/en/reports/{ISSUED}/")


class TestDownload:
    def test_gives_the_bytes_with_their_type_and_a_plain_name(self, client, shelf):
        answer = client.get(f"/en/reports/{ISSUED}/en.xlsx")
        rendering = shelf.issued.document.renderings.get()
        assert answer.status_code == 200
        assert answer["Content-Type"].endswith("spreadsheetml.sheet")
        assert answer["Content-Disposition"] == f'attachment; filename="{ISSUED}.en.xlsx"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["ETag"] == f'"{rendering.sha256}"'
        assert hashlib.sha256(answer.content).hexdigest() == rendering.sha256
        assert load_workbook(BytesIO(answer.content)).sheetnames

    def test_is_not_sent_again_to_somebody_who_has_it(self, client, shelf):
        tag = client.get(f"/en/reports/{ISSUED}/en.xlsx")["ETag"]
        again = client.get(f"/en/reports/{ISSUED}/en.xlsx", headers={"If-None-Match": tag})
        assert again.status_code == 304
        assert again.content == b""

    @pytest.mark.parametrize("name", ["fr.xlsx", "en.pdf", "xx.xlsx", "en.exe"])
    def test_says_which_files_there_are_instead(self, client, shelf, name):
        answer = client.get(f"/en/reports/{ISSUED}/{name}")
        assert answer.status_code == 404
        assert "These are the files that there are:" in text_of(answer)
        assert f'href="/en/reports/{ISSUED}/en.xlsx"' in text_of(answer)


class TestAssemble:
    def test_refuses_gaps_with_a_sentence_for_each_office(self, client, shelf):
        branch = factories.office("BR9")
        factories.indicator("FA9.1", offices=[branch], frequency="biennial")
        client.force_login(shelf.officer)
        answer = client.post(f"/en/reports/{ASSEMBLED}/assemble/")
        assert answer.status_code == 409
        assert "Not all figures are approved." in text_of(answer)
        assert "<li>Office BR9, 2017 (draft): FA9.1</li>" in text_of(answer)
        assert not Job.objects.exists()

    def test_goes_on_when_the_officer_confirms_the_gaps(self, client, shelf):
        factories.indicator("FA9.1", offices=[factories.office("BR9")], frequency="biennial")
        client.force_login(shelf.officer)
        answer = client.post(f"/en/reports/{ASSEMBLED}/assemble/", {"confirm_gaps": "on"})
        assert answer.status_code == 302
        assert answer["Location"] == f"/en/reports/{ASSEMBLED}/"
        asked = Job.objects.get()
        assert asked.requested_by == shelf.officer
        assert asked.payload == {"report": ASSEMBLED, "number": 2, "confirm_gaps": True}

    def test_refuses_an_editor_naming_the_role_that_may(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(f"/en/reports/{ASSEMBLED}/assemble/")
        assert answer.status_code == 403
        assert "quality assurance officer" in text_of(answer)

    def test_refuses_an_issued_report(self, client, shelf):
        client.force_login(shelf.officer)
        answer = client.post(f"/en/reports/{ISSUED}/assemble/")
        assert answer.status_code == 409
        assert f"This report was issued as {SYMBOL}" in text_of(answer)

    @pytest.mark.parametrize("step", ["assemble", "clear", "issue"])
    def test_asks_the_public_to_sign_in(self, client, shelf, step):
        answer = client.post(f"/en/reports/{ASSEMBLED}/{step}/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/en/sign-in/")

    @pytest.mark.parametrize("step", ["assemble", "clear", "issue"])
    def test_only_a_form_takes_a_step(self, client, shelf, step):
        client.force_login(shelf.officer)
        answer = client.get(f"/en/reports/{ASSEMBLED}/{step}/")
        assert answer.status_code == 302
        assert answer["Location"] == f"/en/reports/{ASSEMBLED}/"
        assert Report.objects.get(slug=ASSEMBLED).state == "assembled"


class TestClearAndIssue:
    def test_says_why_a_cleared_report_is_not_cleared_again(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(f"/en/reports/{CLEARED}/clear/")
        assert answer.status_code == 409
        assert "This report is cleared, so it cannot be cleared now." in text_of(answer)

    def test_keeps_what_was_typed_when_the_date_is_missing(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(f"/en/reports/{CLEARED}/issue/", {"symbol": "HSP/GC/27/5"})
        assert answer.status_code == 422
        assert 'value="HSP/GC/27/5"' in text_of(answer)
        assert 'id="id_dated_error" role="alert"' in text_of(answer)
        assert Report.objects.get(slug=CLEARED).state == "cleared"

    def test_keeps_what_was_typed_when_the_symbol_is_taken(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(
            f"/en/reports/{CLEARED}/issue/", {"symbol": SYMBOL, "dated": "2020-03-02"}
        )
        assert answer.status_code == 409
        assert f"Another report was issued as {SYMBOL}." in text_of(answer)
        assert f'value="{SYMBOL}"' in text_of(answer)
        assert 'value="2020-03-02"' in text_of(answer)

    def test_refuses_a_report_that_nobody_cleared(self, client, shelf):
        client.force_login(shelf.editor)
        answer = client.post(
            f"/en/reports/{ASSEMBLED}/issue/", {"symbol": "HSP/GC/27/5", "dated": "2020-03-02"}
        )
        assert answer.status_code == 409
        assert "Clear it before it is issued." in text_of(answer)
