"""The sign-off sheet as a reader finds it: figures, words, people, marks; and who may have it."""

import hashlib
import io
from datetime import timedelta

import factories
import pytest
from django.test import Client
from django.utils import translation
from pypdf import PdfReader

from indicators.models import CheckAnswer, Figure, Indicator, Submission
from organization.models import User
from reporting.rendering.sign_off import render_sign_off
from reporting.sign_off import sheet_of

NOW = factories.NOW


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(content: bytes) -> str:
    """The text of the file, with every run of white space as one space."""
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def sheet(submission: Submission, language: str = "en") -> str:
    with translation.override(language):
        return read(render_sign_off(sheet_of(submission)))


@pytest.fixture
def measure(house: factories.House) -> Indicator:
    made = factories.indicator("AA1", offices=[house.branch])
    factories.target(made, 2016, "400", office=house.branch)
    return made


@pytest.fixture
def figure(house: factories.House, measure: Indicator) -> Figure:
    made = factories.figure(
        measure, house.branch, value="1234", changed_by=house.contributor, cause="funding",
        explanation="The grant came in October.", measures="The course is held in March.",
    )  # fmt: skip
    CheckAnswer.objects.create(
        figure=made, check_code="no_evidence", sentence="The gazette is in print.",
        answered_at=NOW, answered_by=house.contributor,
    )  # fmt: skip
    return made


class TestSheet:
    def test_says_everything_on_the_figures_and_who_decided(self, house, figure):
        count = factories.indicator("FA2.1", kind="count", offices=[house.branch])
        factories.achievement(count, factories.authority("Alba"), house.branch)
        ratio = factories.indicator("AA2", kind="ratio", offices=[house.branch])
        factories.figure(ratio, house.branch, numerator="8", denominator="10")
        factories.indicator("AA3", offices=[house.branch])
        row = factories.submission(house.branch, state="approved")
        text = sheet(row)
        for words in (
            "Sign-off sheet", "Office BR1 · 2016", "State: approved", "AA1 Indicator AA1", "1,234 400 309 %", "8 of 10",
            "not reported", "FA2.1 Indicator FA2.1 1", "Authorities added this year: 1", "Cause: funding came late or fell short",
            "What happened: The grant came in October.", "What is done about it: The course is held in March.",
            "Answer: The gazette is in print.", "Entered Ana Contributor", f"Submitted {row.submitted_by} 6 January 2017",
            f"Approved {row.approved_by} 7 January 2017", "Verified",
        ):  # fmt: skip
            assert words in text, words
        assert "Draft" not in text and "Illustrative" not in text

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
    def test_of_what_nobody_approved_says_so_on_it(self, house, figure, state):
        assert "Draft, not approved" in sheet(factories.submission(house.branch, state=state))

    def test_of_made_up_figures_carries_their_mark(self, house, figure):
        Figure.objects.update(illustrative=True)
        text = sheet(factories.submission(house.branch))
        assert "Illustrative" in text and "They are not results of UN-Habitat." in text

    def test_of_an_office_without_figures_is_a_sheet(self, house):
        assert "Figures: 0" in sheet(factories.submission(house.branch, state="draft"))

    def test_counts_evidence_that_still_counts(self, house, figure, measure):
        factories.evidence(measure, house.branch)
        out = factories.evidence(measure, house.branch)
        out.retired_at, out.retired_by = NOW, house.contributor
        out.save()
        assert "Evidence: 0 files, 1 links and notes" in sheet(factories.submission(house.branch))

    @pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
    def test_is_read_back_in_every_language(self, house, figure, language):
        row = factories.submission(house.branch)
        text = sheet(row, language)
        with translation.override(language):
            made = sheet_of(row)
        assert made.language == language
        for words in ("AA1", "The grant came in October.", made.fingerprint):
            assert words in text

    def test_keeps_what_people_wrote_letter_by_letter(self, house, figure):
        typst = '#read("/etc/passwd") $x$ *bold* // not a comment'
        Figure.objects.update(explanation=typst, measures="وصلت المنحة في تشرين الأول.")
        CheckAnswer.objects.update(sentence="Fin. ሀ")
        text = sheet(factories.submission(house.branch))
        assert typst in text
        assert "root:" not in text
        # The reader of the test sets the words of a line from the left; each is whole.
        assert all(word in text for word in ("وصلت", "المنحة", "تشرين"))
        assert "Fin. □" in text

    def test_is_tagged_for_screen_readers(self, house, figure):
        with translation.override("ar"):
            reader = PdfReader(
                io.BytesIO(render_sign_off(sheet_of(factories.submission(house.branch))))
            )
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert reader.trailer["/Root"]["/Lang"].startswith("ar")


class TestSameBytes:
    def test_come_twice_for_the_same_data(self, house, figure):
        row = factories.submission(house.branch)
        first, second = (render_sign_off(sheet_of(row)) for _ in range(2))
        assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()

    def test_fingerprint_is_one_in_all_languages_and_another_after_a_change(
        self, house, figure, measure
    ):
        row = factories.submission(house.branch)
        prints = set()
        for language in ("en", "ar", "zh"):
            with translation.override(language):
                prints.add(sheet_of(row).fingerprint)
        assert len(prints) == 1
        for change in (
            lambda: Figure.objects.update(value=5),
            lambda: CheckAnswer.objects.update(sentence="Another"),
            lambda: factories.evidence(measure, house.branch),
            lambda: factories.target(
                measure, 2016, "9", office=house.branch, version=2, reason="Revised"
            ),
            lambda: Submission.objects.update(approved_at=NOW + timedelta(days=1)),
        ):
            change()
            row = Submission.objects.get(pk=row.pk)
            prints.add(sheet_of(row).fingerprint)
        assert len(prints) == 6


class TestDownload:
    def test_is_for_readers_of_the_office_in_the_language_of_the_page(self, house, figure):
        row = factories.submission(house.branch)
        for person in (house.contributor, house.approver, house.officer):
            answer = signed_in(person).get(f"/fr/submissions/{row.pk}/sign-off.pdf")
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
            assert (
                answer.headers["Content-Disposition"]
                == 'attachment; filename="sign-off-BR1-2016-fr.pdf"'
            )
            assert "no-store" in answer.headers["Cache-Control"]

    def test_looks_to_others_as_if_there_was_none(self, house, figure):
        row = factories.submission(house.branch)
        client = signed_in(house.regional)
        address = "/en/submissions/{}/sign-off.pdf"
        foreign, none = (client.get(address.format(pk)) for pk in (row.pk, 999_999))
        assert (foreign.status_code, none.status_code) == (404, 404)
        same = foreign.content.decode().replace(f"/{row.pk}/", "/999999/")
        assert same == none.content.decode()
        assert Client().get(f"/en/submissions/{row.pk}/sign-off.pdf").status_code == 302
