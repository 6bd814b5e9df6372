"""The read API of reports: issued ones only, figures as frozen."""

import pytest
from report_shelf import ASSEMBLED, CLEARED, ISSUED, SYMBOL


class TestReports:
    def test_lists_issued_reports_only_even_to_the_officer(self, client, shelf):
        client.force_login(shelf.officer)
        answer = client.get("/api/v1/reports/").json()
        assert [report["slug"] for report in answer["reports"]] == [ISSUED]
        assert answer["reports"][0]["symbol"] == SYMBOL

    def test_names_the_files_with_hash_and_address(self, client, shelf):
        [file] = client.get("/api/v1/reports/").json()["reports"][0]["files"]
        rendering = shelf.issued.document.renderings.get()
        assert file == {
            "language": "en",
            "format": "xlsx",
            "size": rendering.size,
            "sha256": rendering.sha256,
            "url": f"/en/reports/{ISSUED}/en.xlsx",
        }

    def test_gives_the_figures_as_frozen(self, client, shelf):
        answer = client.get(f"/api/v1/reports/{ISSUED}/").json()
        figures = {figure["key"]: figure for figure in answer["figures"]}
        assert answer["sha256"] == shelf.issued.document.sha256
        assert figures["FA2.1@2016-2017:actual"]["value"] == "1086"
        assert figures["slum@2014"]["value"] == "29.85"
        assert figures["zero@2017"]["value"] == "0"
        assert figures["zero@2017"]["nothing"] is None
        assert figures["FA7.1@2016-2017:actual"]["value"] is None
        assert figures["FA7.1@2016-2017:actual"]["nothing"] == "not_reported"
        assert figures["FA2.1@2016-2017:actual"]["lineage"][0]["value"] == "3"

    @pytest.mark.parametrize("slug", [ASSEMBLED, CLEARED])
    def test_a_report_in_work_looks_like_one_that_never_was(self, client, shelf, slug):
        client.force_login(shelf.officer)
        hidden = client.get(f"/api/v1/reports/{slug}/")
        absent = client.get("/api/v1/reports/biennial-progress-2008-2009/")
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content

    @pytest.mark.parametrize("address", ["/api/v1/reports/", f"/api/v1/reports/{ISSUED}/"])
    def test_refuses_a_parameter_that_it_does_not_know(self, client, shelf, address):
        answer = client.get(address, {"langauge": "fr"})
        assert answer.status_code == 400
        assert answer.json() == {
            "code": "parameter",
            "message": "langauge is not a parameter of this address. Use: language.",
        }

    def test_says_how_much_evidence_an_office_holds_and_who_approved(self, client, shelf):
        answer = client.get(f"/api/v1/reports/{ISSUED}/").json()
        lines = [line for figure in answer["figures"] for line in figure["lineage"]]
        assert lines
        assert {"label", "value", "note", "evidence", "approval"} == set(lines[0])

    def test_keeps_to_one_language_if_asked(self, client, shelf):
        french = client.get(f"/api/v1/reports/{ISSUED}/", {"language": "fr"}).json()
        assert french["files"] == []
        assert list(french["title"]) == ["fr"]
        english = client.get("/api/v1/reports/", {"language": "en"}).json()["reports"][0]
        assert [file["format"] for file in english["files"]] == ["xlsx"]

    def test_names_the_languages_that_there_are(self, client, shelf):
        answer = client.get("/api/v1/reports/", {"language": "de"})
        assert answer.status_code == 400
        assert answer.json()["message"] == (
            "There is no language de here. Use one of: ar, zh, en, fr, ru, es."
        )

    @pytest.mark.parametrize("address", ["/api/v1/reports/", f"/api/v1/reports/{ISSUED}/"])
    def test_is_read_only_and_in_two_queries(
        self, client, shelf, address, django_assert_num_queries
    ):
        with django_assert_num_queries(2):
            assert client.get(address).status_code == 200
        assert client.post(address).status_code == 405
