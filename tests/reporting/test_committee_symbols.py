"""The permanent address of a report by its symbol."""

import re
from html import unescape
from urllib.parse import quote

import pytest
from report_shelf import CLEARED, ISSUED, SYMBOL
from test_committee_audience import report_of

from reporting.models import Report


def masked(answer) -> str:
    return re.sub('name="csrf[^>]*>|X-CSRFToken": "[^"]*', "", answer.content.decode())


class TestSymbol:
    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_leads_to_the_report_in_each_language(self, client, shelf, language):
        answer = client.get(f"/{language}/symbols/{SYMBOL}")
        assert (answer.status_code, answer["Location"]) == (302, f"/{language}/reports/{ISSUED}/")

    def test_without_a_language_leads_to_the_one_that_the_reader_asks_for(self, client, shelf):
        answer = client.get(f"/symbols/{SYMBOL}", headers={"Accept-Language": "ar;q=0.9, en;q=0.1"})
        assert (answer.status_code, answer["Location"]) == (302, f"/ar/symbols/{SYMBOL}")
        assert "Accept-Language" in answer["Vary"]

    def test_without_a_language_says_nothing_of_whether_it_exists(self, client, shelf):
        answer = client.get("/symbols/HSP/GC/99/9")
        assert (answer.status_code, answer["Location"]) == (302, "/en/symbols/HSP/GC/99/9")

    def test_may_end_with_a_stroke(self, client, shelf):
        assert client.get(f"/en/symbols/{SYMBOL}/").status_code == 302

    def test_stands_on_the_page_of_the_report(self, client, shelf):
        page = client.get(f"/fr/reports/{ISSUED}/").content.decode()
        assert f'href="http://testserver/symbols/{SYMBOL}"' in page

    def test_of_no_report_is_the_ordinary_page_that_is_not_found(self, client, shelf):
        missing = client.get("/en/symbols/HSP/GC/99/9")
        absent = client.get("/en/nothing/HSP/GC/99/9")
        assert missing.status_code == absent.status_code == 404
        assert masked(missing).replace("symbols", "nothing") == masked(absent)

    def test_of_a_corrigendum_leads_to_the_corrigendum(self, client, shelf):
        issued = Report.objects.get(slug=ISSUED)
        correction = report_of("corrigendum", shelf, corrects=issued)
        answer = client.get(f"/en/symbols/{correction.symbol}")
        assert answer["Location"] == f"/en/reports/{correction.slug}/"
        assert f'href="/en/reports/{correction.slug}/"' in client.get(
            f"/en/reports/{ISSUED}/"
        ).content.decode()
        assert f'href="/en/reports/{ISSUED}/"' in client.get(
            f"/en/reports/{correction.slug}/"
        ).content.decode()

    @pytest.mark.parametrize(
        "symbol",
        ["HSP/GC/26/5 (Part I)", "HSP?x=1#y", "100%/a%2Fb", "//other.example/a", "a\nb", "<b>&\"'", "ش/٥"],
    )
    def test_with_odd_characters_is_safe(self, client, shelf, symbol):
        Report.objects.filter(slug=CLEARED).update(
            state="issued", symbol=symbol, issued_on="2020-01-01", issued_by=shelf.editor
        )
        page = client.get(f"/en/reports/{CLEARED}/")
        assert page.status_code == 200
        [written] = re.findall(r'href="http://testserver(/symbols/[^"]*)"', page.content.decode())
        address = unescape(written)
        assert not re.search(r"[<>\s?#]", address)
        away = client.get(address)
        assert away["Location"].startswith("/en/symbols/")
        answer = client.get(away["Location"])
        assert (answer.status_code, answer["Location"]) == (302, f"/en/reports/{CLEARED}/")
        assert client.get(f"/en/symbols/{quote(symbol)}").status_code == 302
