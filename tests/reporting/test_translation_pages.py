"""The pages of translation: who sees what, files taken away, and a return that is looked at."""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from demonstration_data import AT
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from once import undone

from focus_areas.models import Period
from organization.models import User
from reporting.exchange import read_returned
from reporting.kinds import BIENNIAL_PROGRESS
from reporting.models import Report, SectionText
from reporting.queries.translation import untranslated
from reporting.services import narrative, plan_report, section_steps

BODY = "In 2017 the target was [[FA2.1@2017:target]]."
PAGE = "/en/reports/biennial-progress-2016-2017/translation/"

pytestmark = pytest.mark.usefixtures("shelf_folder")


@pytest.fixture(scope="module")
def report_once(loaded: None) -> Iterator[Report]:
    with undone():
        yield make_report(
            Period.objects.get(code="2016-2017"), User.objects.get(email="editor@demo.example.org")
        )


@pytest.fixture
def report(report_once: Report, db: None) -> Report:
    """A report whose highlights are sent and not yet accepted."""
    return Report.objects.select_related("period").get(pk=report_once.pk)


def make_report(biennium: Period, editor: User) -> Report:
    found = plan_report(kind=BIENNIAL_PROGRESS, period=biennium, by=editor, at=AT)
    narrative.open_sections(report=found, by=editor, at=AT)
    SectionText.objects.update(body="")
    section = found.sections.get(code="highlights")
    narrative.save(
        section=section, language="en", body=BODY, seen_revision=0, by=editor, at=AT
    )
    section_steps.send(section=section, by=editor, at=AT)
    return found


@pytest.fixture
def edits(client: Client, report: Report, editor: User) -> Client:
    client.force_login(editor)
    return client


def file_of(content: bytes, name: str = "translated.xlf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def french(client: Client) -> bytes:
    content = client.get(f"{PAGE}fr.xlf").content
    return re.sub(
        rb"<source>In 2017 the target was (.*?)</source>",
        lambda found: found[0] + b"<target>En 2017, l'objectif etait " + found[1] + b"</target>",
        content,
    )


class TestPage:
    def test_shows_a_row_for_each_language_with_its_files(self, edits: Client) -> None:
        page = edits.get(PAGE).content.decode()
        assert "5 languages are not translated in full" in page
        for language in ("ar", "zh", "fr", "ru", "es"):
            assert f"{PAGE}{language}.xlf?from=en" in page
            assert f"{PAGE}{language}.docx?from=en" in page
        assert f"{PAGE}en.xlf" not in page
        assert "Highlights of the biennium: sent for clearance" in page

    def test_says_that_the_original_is_frozen(
        self, edits: Client, report: Report, editor: User
    ) -> None:
        section_steps.accept(section=report.sections.get(code="highlights"), by=editor, at=AT)
        assert "the original is frozen for translation" in edits.get(PAGE).content.decode()

    def test_says_when_nothing_is_written(self, edits: Client) -> None:
        SectionText.objects.update(body="")
        page = edits.get(PAGE).content.decode()
        assert "Nothing is written yet that could be translated" in page


class TestWho:
    @pytest.mark.parametrize(
        ("email", "page", "file", "returned"),
        [
            ("editor@demo.example.org", 200, 200, 422),
            ("qa@demo.example.org", 200, 200, 403),
            ("administrator@demo.example.org", 200, 404, 403),
            ("updb.enter@demo.example.org", 404, 404, 404),
            ("committee@demo.example.org", 404, 404, 404),
        ],
    )
    def test_sees_takes_and_returns(
        self, client: Client, report: Report, email: str, page: int, file: int, returned: int
    ) -> None:
        client.force_login(User.objects.get(email=email))
        assert client.get(PAGE).status_code == page
        assert client.get(f"{PAGE}fr.xlf").status_code == file
        assert client.post(PAGE, {"file": file_of(b"x")}).status_code == returned
        key = "0" * 64
        expected = {422: 302}.get(returned, returned)
        assert client.get(f"{PAGE}returned/{key}/").status_code == expected
        assert client.post(f"{PAGE}returned/{key}/").status_code == expected

    def test_nobody_without_signing_in(self, client: Client, report: Report) -> None:
        for address in (PAGE, f"{PAGE}fr.xlf", f"{PAGE}returned/{'0' * 64}/"):
            assert "/sign-in/" in client.get(address).headers["Location"]

    def test_only_the_form_is_missing_for_who_may_not_return(
        self, client: Client, report: Report, officer: User
    ) -> None:
        client.force_login(officer)
        page = client.get(PAGE).content.decode()
        assert "fr.xlf" in page
        assert 'type="file"' not in page

    @pytest.mark.parametrize(
        "address",
        [
            "/en/reports/no-such-report/translation/",
            f"{PAGE}xx.xlf",
            f"{PAGE}fr.pdf",
        ],
    )
    def test_what_is_not_there_is_not_found(self, edits: Client, address: str) -> None:
        assert edits.get(address).status_code == 404


class TestFiles:
    def test_are_named_by_report_and_languages_and_never_shown(self, edits: Client) -> None:
        response = edits.get(f"{PAGE}fr.docx")
        assert response.headers["Content-Disposition"] == (
            'attachment; filename="biennial-progress-2016-2017.en-fr.docx"'
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert read_returned(response.content).target == "fr"
        assert edits.get(f"{PAGE}fr.xlf").headers["Content-Type"] == "application/xliff+xml"

    def test_that_hold_nothing_are_not_made(self, edits: Client) -> None:
        response = edits.get(f"{PAGE}en.xlf", follow=True)
        assert "Nothing of this report is to be translated into this language." in (
            response.content.decode()
        )


class TestReturn:
    def test_is_shown_then_saved(
        self,
        edits: Client,
        report: Report,
        django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    ) -> None:
        shown = edits.post(PAGE, {"file": file_of(french(edits))}, follow=True)
        address = shown.redirect_chain[-1][0]
        page = shown.content.decode()
        assert "1 section would be saved" in page
        assert "En 2017, l&#x27;objectif etait" in page
        assert untranslated(report)["fr"] == ["highlights"]
        seen = re.search(r'name="seen" value="(\w+)"', page)
        assert seen
        with django_capture_on_commit_callbacks(execute=True):
            done = edits.post(address, {"do": "confirm", "seen": seen[1]}, follow=True)
        assert "Saved into Français. Sections: 1." in done.content.decode()
        assert "fr" not in untranslated(report)
        assert edits.get(address, follow=True).redirect_chain[-1][0] == PAGE

    def test_that_does_not_fit_says_what_to_do_and_can_be_sent_again(
        self, edits: Client, report: Report
    ) -> None:
        broken = re.sub(rb"(etait )<ph [^>]*/>", rb"\1", french(edits))
        shown = edits.post(PAGE, {"file": file_of(broken)}, follow=True)
        page = shown.content.decode()
        assert "This file does not fit the report yet" in page
        assert "Copy its mark from the source to where it belongs." in page
        assert 'value="confirm"' not in page
        address = shown.redirect_chain[-1][0]
        seen = re.search(r'name="seen" value="(\w+)"', page)
        assert seen
        refused = edits.post(address, {"do": "confirm", "seen": seen[1]})
        assert refused.status_code == 409
        assert "Some of this file does not fit the report." in refused.content.decode()
        again = edits.post(PAGE, {"file": file_of(french(edits))}, follow=True)
        assert "1 section would be saved" in again.content.decode()

    def test_can_be_put_away(self, edits: Client, report: Report) -> None:
        shown = edits.post(PAGE, {"file": file_of(french(edits))}, follow=True)
        address = shown.redirect_chain[-1][0]
        done = edits.post(address, {"do": "discard"}, follow=True)
        assert "Put away. Nothing was saved" in done.content.decode()
        assert untranslated(report)["fr"] == ["highlights"]

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"", "This file is empty. Choose the file again."),
            (b"Dear all", "This is neither an XLIFF nor a DOCX file."),
            (b"<" + b"x" * 5_300_000, "This file is larger than 5 MB"),
            (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "holds a document type or entities"),
        ],
        ids=["empty", "letter", "large", "entities"],
    )
    def test_of_what_is_no_translation_is_refused_at_the_field(
        self, edits: Client, content: bytes, sentence: str
    ) -> None:
        response = edits.post(PAGE, {"file": file_of(content)})
        assert response.status_code == 422
        page = response.content.decode()
        assert sentence in page
        assert 'role="alert"' in page

    def test_without_a_file_asks_for_one(self, edits: Client) -> None:
        response = edits.post(PAGE, {})
        assert response.status_code == 422
        assert "Choose a file." in response.content.decode()

    def test_words_of_a_translator_are_never_run(self, edits: Client) -> None:
        content = french(edits).replace(b"l'objectif", b"&lt;b onclick=x&gt;l'objectif")
        page = edits.post(PAGE, {"file": file_of(content)}, follow=True).content.decode()
        assert "<b onclick" not in page
        assert "&lt;b onclick=x&gt; looks like code of a web page. Take it out." in page

    def test_a_word_file_is_taken_as_well(self, edits: Client) -> None:
        content = edits.get(f"{PAGE}fr.docx").content
        response = edits.post(PAGE, {"file": io.BytesIO(content)}, follow=True)
        assert "There is nothing to save in this file" in response.content.decode()
        assert "Nothing is translated in this section of the file." in response.content.decode()
