"""Subparagraphs, paragraphs in another language and counted evidence, in each format."""

import io
import json
from dataclasses import replace
from decimal import Decimal
from html import unescape

import docx
import openpyxl
import pytest
from pypdf import PdfReader
from rendered_sample import listed_file
from sample_document import listed_document, sample_document

from reporting.document import FigureRef, Paragraph
from reporting.rendering import render
from reporting.rendering.labels import fixed_labels
from reporting.rendering.marks import item_mark
from reporting.rendering.reading import Reader
from reporting.rendering.widths import column_widths

MARKED = {
    "en": "not translated yet", "fr": "pas encore traduit", "es": "aún sin traducir",
    "ru": "пока не переведено", "zh": "尚未翻译", "ar": "لم يُترجم بعد",
}  # fmt: skip


class TestItemMark:
    @pytest.mark.parametrize(
        ("language", "place", "mark"),
        [("en", 1, "(a)"), ("fr", 2, "b)"), ("es", 26, "z)"), ("zh", 27, "(aa)"),
         ("ru", 1, "а)"), ("ru", 10, "к)"), ("ar", 1, "(أ)"), ("ar", 5, "(هـ)")],
    )  # fmt: skip
    def test_is_written_as_the_language_does(self, language: str, place: int, mark: str) -> None:
        assert item_mark(place, language) == mark


class TestSubparagraph:
    @pytest.mark.parametrize(("language", "words"), [("en", "(a)\tPlans for 64"), ("ru", "б)\tПланы для 33"), ("ar", "(أ)\tخطط لأجل 64")])  # fmt: skip
    def test_is_indented_and_marked_in_the_docx(self, language: str, words: str) -> None:
        word = docx.Document(io.BytesIO(listed_file(language, "docx")))
        found = [p.text for p in word.paragraphs if p.style.name == "Subparagraph"]
        assert len(found) == 2
        assert any(text.startswith(words) for text in found)

    def test_is_a_list_in_the_pdf(self) -> None:
        reader = PdfReader(io.BytesIO(listed_file("en", "pdf")))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        assert "(a) Plans for 64" in text
        assert "(b) Plans for 33" in text

    def test_is_indented_and_marked_in_the_html(self) -> None:
        page = listed_file("ar", "html").decode()
        assert '<div class="para item" id="p1-1"><span class="no">(أ)</span>' in page


class TestFallback:
    @pytest.mark.parametrize("language", ["fr", "es", "ru", "zh", "ar"])
    def test_is_noted_once_and_marked_at_the_paragraph(self, language: str) -> None:
        document = listed_document()
        note = document.masthead.fallback_note.in_language(language).text
        word = docx.Document(io.BytesIO(listed_file(language, "docx")))
        texts = [paragraph.text for paragraph in word.paragraphs]
        assert texts.count(note) == 1
        page = unescape(listed_file(language, "html").decode())
        assert page.count(note) == 1
        marked = next(text for text in texts if "Only in English" in text)
        assert marked.endswith(f"[{MARKED[language]}]")
        assert f'lang="{language}"' in page[page.index("Only in English") :][:300]
        assert MARKED[language] in page[page.index("Only in English") :][:300]
        cover = openpyxl.load_workbook(io.BytesIO(listed_file(language, "xlsx"))).worksheets[0]
        assert [row[1].value for row in cover.iter_rows()].count(note) == 1

    @pytest.mark.parametrize("language", ["fr", "ru"])
    def test_stands_in_the_pdf(self, language: str) -> None:
        reader = PdfReader(io.BytesIO(listed_file(language, "pdf")))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        note = listed_document().masthead.fallback_note.in_language(language).text
        assert text.count(note) == 1
        assert f"Only in English: 1,086. [{MARKED[language]}]" in text

    @pytest.mark.parametrize("format", ["docx", "html", "xlsx", "json"])
    def test_is_not_spoken_of_to_who_reads_the_original(self, format: str) -> None:
        content = listed_file("en", format)
        if format in {"docx", "xlsx"}:
            assert Reader(listed_document(), "en").fallback_note().text == ""
            return
        assert b"Some paragraphs are not translated yet." not in content

    def test_nothing_is_said_where_nothing_is_missing(self) -> None:
        bare = replace(listed_document(), blocks=(), masthead=replace(listed_document().masthead, summary=()))  # fmt: skip
        assert Reader(bare, "fr").fallback_note().text == ""


class TestEvidence:
    @pytest.mark.parametrize(
        ("language", "count", "words"),
        [("en", 0, "no evidence"), ("en", 1, "1 piece of evidence"), ("en", 3, "3 pieces of evidence"),
         ("fr", 1, "1 justificatif"), ("fr", 2, "2 justificatifs"), ("es", 1, "1 prueba"),
         ("ru", 1, "1 подтверждение"), ("ru", 3, "3 подтверждения"), ("ru", 5, "5 подтверждений"),
         ("ru", 21, "21 подтверждение"), ("zh", 4, "4项佐证"), ("ar", 1, "دليل واحد"), ("ar", 2, "دليلان"),
         ("ar", 3, "3 أدلة"), ("ar", 11, "11 دليلا"), ("ar", 100, "100 دليل")],
    )  # fmt: skip
    def test_is_counted_as_the_language_does(self, language: str, count: int, words: str) -> None:
        assert Reader(sample_document(), language).evidence(count) == words

    def test_where_none_is_asked_for_nothing_is_said(self) -> None:
        assert Reader(sample_document(), "en").evidence(None) == ""


class TestYoungerWords:
    @pytest.mark.parametrize("format", ["pdf", "docx", "xlsx", "html", "json"])
    def test_a_document_older_than_a_fixed_word_is_still_rendered(self, format: str) -> None:
        sample = listed_document()
        young = ("evidence_few", "origins", "fallback_mark", "follow_note", "skip", "mark_target")
        assert set(young) <= set(fixed_labels())
        labels = {name: text for name, text in sample.labels.items() if name not in young}
        old = replace(sample, labels=labels)
        assert render(old, "fr", format) == render(old, "fr", format)
        assert Reader(old, "fr").label("fallback_mark") == "pas encore traduit"


class TestTurnedText:
    def test_marks_that_turn_the_order_of_letters_are_left_out(self) -> None:
        from reporting.document import Run

        sentence = Paragraph(1, {"en": (Run("pay \u202e001\u202c \u2066now\u2069 "), FigureRef("zero@2017"))})  # fmt: skip
        document = replace(sample_document(), blocks=(sentence,))
        text = json.loads(render(document, "en", "json"))["paragraphs"][-1]["text"]
        assert text == "pay 001 now 0.0"


class TestWidths:
    def test_follow_the_weights_where_all_words_fit(self) -> None:
        assert column_widths([1, 1, 2], ["text"] * 3, ["a", "b", "c"], [["x", "y", "z"]]) == [161, 161, 322]  # fmt: skip

    def test_a_number_gets_what_it_needs(self) -> None:
        found = column_widths([20, 1], ["text", "number"], ["Name", "n"], [["x", "1,234,567,890"]])
        assert found[1] > 90
        assert sum(found) in range(642, 645)

    def test_words_give_way_before_numbers(self) -> None:
        long = "Ответственность" * 4
        found = column_widths([1, 1], ["text", "number"], [long, long], [["x", "1,234,567"]])
        narrow = column_widths([1, 1], ["text", "number"], ["a", "b"], [["x", "1,234,567"]])
        assert found[1] >= Decimal("0.8") * 90
        assert sum(found) in range(642, 645)
        assert sum(narrow) in range(642, 645)
