"""The fonts: which characters they lack, and what is said when a file is gone."""

import io
import shutil
from dataclasses import replace
from pathlib import Path

import django
import pytest
from django.apps import apps
from pypdf import PdfReader
from sample_document import sample_document

from habitat_plan.kit.errors import RuleBroken
from reporting.document import Heading, Paragraph, Run, Text
from reporting.rendering import render
from reporting.rendering.fonts import FILES, FOLDER, characters, check_fonts, missing_characters

# A refusal's sentence is translated, which needs the apps even where no test uses a database.
if not apps.ready:
    django.setup()


class TestMissingCharacters:
    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_the_sample_can_be_printed_whole(self, language: str) -> None:
        assert missing_characters(sample_document(), language) == set()

    def test_names_a_place_name_outside_the_chinese_subset(self) -> None:
        heading = Heading(1, "I", Text.of(en="Place", zh="㙍村"))
        document = replace(sample_document(), blocks=(heading,))
        assert missing_characters(document, "zh") == {"㙍"}
        assert missing_characters(document, "en") == set()

    def test_names_a_script_no_font_holds(self) -> None:
        heading = Heading(1, "I", Text.of(en="ไทย"))
        document = replace(sample_document(), blocks=(heading,))
        assert missing_characters(document, "en") == set("ไทย")


class TestBoxes:
    def test_stand_for_what_no_font_holds_so_that_the_pdf_is_made_all_the_same(self) -> None:
        sentence = Paragraph(1, {"en": (Run("Smile \U0001f600\ufe0f in ไทย."),)})
        document = replace(sample_document(), blocks=(sentence,))
        reader = PdfReader(io.BytesIO(render(document, "en", "pdf")))
        text = " ".join(page.extract_text() for page in reader.pages)
        assert "Smile □ in □□□." in text


class TestCharacters:
    def test_are_those_that_the_font_holds(self) -> None:
        arabic = characters(FOLDER / "NotoNaskhArabic-Regular.ttf")
        chinese = characters(FOLDER / "NotoSansSC-Bold.ttf")
        assert {ord("ب"), ord("7"), ord("٧")} <= arabic
        assert ord("中") not in arabic
        assert {ord("中"), ord("。"), ord("A")} <= chinese
        assert ord("ب") not in chinese


class TestCheckFonts:
    @pytest.mark.parametrize("name", FILES)
    def test_names_the_file_that_is_gone_and_what_to_do(self, name: str, tmp_path: Path) -> None:
        for file in FILES:
            shutil.copy(FOLDER / file, tmp_path)
        (tmp_path / name).unlink()
        with pytest.raises(RuleBroken) as refused:
            check_fonts(tmp_path)
        assert refused.value.code == "font-missing"
        assert str(refused.value.message) == (
            f"The font file {name} is missing from the folder reporting/fonts. Restore it from "
            "the version control system, then render the document again."
        )

    @pytest.mark.parametrize("format", ["pdf", "docx"])
    def test_nothing_is_rendered_without_them(self, format: str, tmp_path: Path) -> None:
        with pytest.raises(RuleBroken) as refused:
            render(sample_document(), "en", format, fonts=tmp_path)
        assert refused.value.code == "font-missing"
