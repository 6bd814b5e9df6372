"""The PDF as a reader, a copyist and a screen reader find it."""

import functools
import io
import unicodedata
from dataclasses import replace
from decimal import Decimal

import django
import pytest
from django.apps import apps
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from rendered_sample import sample_file
from sample_document import sample_document

from habitat_plan.kit.errors import RuleBroken
from reporting.document import (
    Column,
    Document,
    Figure,
    FigureRef,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
    Text,
)
from reporting.rendering import render

# A refusal's sentence is translated, which needs the apps even where no test uses a database.
if not apps.ready:
    django.setup()


def read(document: Document, language: str) -> tuple[PdfReader, str]:
    """The file and its text, with every run of white space as one space."""
    return _read(render(document, language, "pdf"))


@functools.cache
def read_sample(language: str, hostile: str = "", digits: str = "western") -> tuple[PdfReader, str]:
    """The same of the sample; it is read once for all tests."""
    return _read(sample_file(language, "pdf", hostile, digits))


def _read(content: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(content))
    text = " ".join(page.extract_text() for page in reader.pages)
    return reader, " ".join(text.split())


def tags(reader: PdfReader) -> list[DictionaryObject]:
    """Every element of the structure tree."""
    found, waiting = [], [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, DictionaryObject):
            found.append(node)
            children = node.get("/K", [])
            waiting += children if isinstance(children, list) else [children]
    return found


class TestArabic:
    def test_numbers_are_copied_as_whole_western_digits(self) -> None:
        text = read_sample("ar")[1]
        for number in ("1,086", "1,110", "−1,234.5", "29.9", "102"):
            assert number in text

    def test_words_are_copied_letter_by_letter(self) -> None:
        text = read_sample("ar")[1]
        for word in ("الأمم", "التركيز", "الحضري", "المخاطر", "شريكة"):
            assert word in text

    @pytest.mark.parametrize("hostile", ["", "English words (1,234) in brackets"])
    def test_has_no_control_characters_that_spoil_digits(self, hostile: str) -> None:
        text = read_sample("ar", hostile)[1]
        assert {char for char in text if unicodedata.category(char) in {"Cf", "Co"}} == set()

    def test_digits_follow_the_setting_of_the_document(self) -> None:
        text = read_sample("ar", digits="arabic_indic")[1]
        assert "٢ فبراير/ شباط٢٠١٨" in text or "٢٠١٨" in text or "٨١٠٢" in text
        assert "1,086" not in text


class TestAccessibility:
    @pytest.mark.parametrize(
        ("language", "tag"), [("en", "en"), ("ar", "ar"), ("zh", "zh-CN"), ("ru", "ru")]
    )
    def test_file_says_its_language_title_and_standard(self, language: str, tag: str) -> None:
        document = sample_document()
        reader = read_sample(language)[0]
        root = reader.trailer["/Root"]
        assert root["/Lang"] == tag
        assert root["/MarkInfo"]["/Marked"]
        assert reader.metadata.title == document.masthead.title.in_language(language).text
        assert b"pdfuaid:part>1<" in root["/Metadata"].get_object().get_data()

    def test_charts_carry_their_sentence(self) -> None:
        alternatives = {str(tag["/Alt"]) for tag in tags(read_sample("en")[0]) if "/Alt" in tag}  # fmt: skip
        assert alternatives == {
            "Partner authorities: 30 in 2013, 47 in 2015, 64 in 2017; the target for 2019 is 80.",
            "Bars by focus area: from 13 to 76 authorities.",
        }

    def test_tables_have_head_cells(self) -> None:
        kinds = [tag.get("/S") for tag in tags(read_sample("en")[0])]
        assert kinds.count("/Table") == 3
        assert kinds.count("/TH") == 8 + 3 + 5

    def test_a_heading_level_left_out_is_refused_with_a_sentence(self) -> None:
        headings = (Heading(1, "I", Text.of(en="One")), Heading(3, "1", Text.of(en="Three")))
        with pytest.raises(RuleBroken) as refused:
            render(replace(sample_document(), blocks=headings), "en", "pdf")
        assert refused.value.code == "rendering-refused"
        assert str(refused.value.message).startswith("The PDF could not be made: ")


class TestForm:
    def test_begins_as_a_document_of_the_governing_council(self) -> None:
        text = read_sample("en")[1]
        for words in (
            "United Nations HSP/GC/27/5/Add.2",
            "Governing Council of the United Nations Human Settlements Programme",
            "Distr.: General 2 February 2018 Original: English",
            "Twenty-seventh session",
            "Item 5 of the provisional agenda",
            "Report of the Executive Director",
            "Contents I. Mandate and method",
        ):
            assert words in text

    def test_paragraph_has_its_number_and_its_figures(self) -> None:
        text = read_sample("en")[1]
        assert (
            "2. By the end of 2017, 1,086 partner authorities had adopted plans drawn from agreed "
            "principles, against 42 in 2013 and a target of 1,110 for 2019." in text
        )

    def test_source_is_a_footnote_once(self) -> None:
        text = read_sample("en")[1]
        assert text.count("1Register of partner authorities, invented for demonstration. CC0.") == 1

    def test_every_page_has_symbol_and_number(self) -> None:
        pages = [page.extract_text() for page in read_sample("en")[0].pages]
        assert len(pages) == 5
        for number, text in enumerate(pages, 1):
            assert f"{number}/5" in text
            assert "HSP/GC/27/5/Add.2" in text

    def test_working_translation_is_said_but_not_of_the_original(self) -> None:
        assert "本文件为工作译文" in read_sample("zh")[1]
        assert "Working" not in read_sample("en")[1]

    def test_illustrative_data_are_marked_on_every_table_and_chart(self) -> None:
        sample = sample_document()
        text = read(replace(sample, blocks=sample.blocks[4:5]), "en")[1]
        assert text.count("Illustrative") == 2

    def test_one_illustrative_figure_marks_its_table(self) -> None:
        text = read(_one_cell(Figure("x", Decimal(7), illustrative=True)), "en")[1]
        assert text.count("Illustrative") == 2

    def test_data_with_a_source_are_not_marked(self) -> None:
        text = read(_one_cell(Figure("x", Decimal(7))), "en")[1]
        assert text.count("Illustrative") == 1


class TestNothing:
    @pytest.mark.parametrize(
        ("figure", "shown"),
        [
            (Figure("x", None, "not_due"), "Only row A blank means not due"),
            (Figure("x", None, "not_reported"), "Only row .. A blank means"),
            (Figure("x", None, "not_applicable"), "Only row n/a A blank means"),
            (Figure("x", Decimal(0)), "Only row 0 Fingerprint"),
        ],
    )
    def test_four_kinds_differ(self, figure: Figure, shown: str) -> None:
        assert shown in read(_one_cell(figure), "en")[1]


def _one_cell(figure: Figure) -> Document:
    columns = (Column("name", Text.of(en="Row")), Column("value", Text.of(en="Value"), "number"))
    rows = (Row((Text.of(en="Only row"), FigureRef("x"))),)
    blocks = (
        Paragraph(1, {"en": (Run("Words."),)}),
        Table(1, Text.of(en="Table"), columns, rows),
    )
    sample = sample_document()
    return replace(sample, blocks=blocks, figures=dict(sample.figures) | {"x": figure})
