"""What holds for all formats: the same bytes always, the same figures everywhere, text is text."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

import docx
import openpyxl
import pytest
from pypdf import PdfReader
from rendered_sample import sample_file
from sample_document import sample_document

from habitat_plan.kit.errors import RuleBroken
from reporting.document import FigureRef, NoteRef, Paragraph, Run, figures_of, fingerprint, to_json
from reporting.rendering import FORMATS, render
from reporting.rendering.reading import Reader

HOSTILE = (
    '=1+1 #import "x": * $a$ *b* _c_ `d` <script>alert(1)</script> \\e [f] @g {{ h }} &amp; \x07'
)
LITERAL = HOSTILE.replace("\x07", "")
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from hashlib import sha256
from pathlib import Path
from reporting.document import from_json
from reporting.rendering import FORMATS, render
document = from_json(Path(sys.argv[1]).read_bytes())
for format in FORMATS:
    for language in ("en", "ar"):
        print(format, language, sha256(render(document, language, format)).hexdigest())
"""


def pdf_text(data: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())  # fmt: skip


def docx_text(data: bytes) -> str:
    word = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in word.paragraphs] + cells)


class TestSameBytes:
    @pytest.mark.parametrize("format", FORMATS)
    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_twice_in_one_process(self, format: str, language: str) -> None:
        again = render(sample_document(), language, format)
        assert sample_file(language, format) == again
        assert sample_file(language, format) is not again

    def test_elsewhere_at_another_time_zone_hash_seed_and_folder(self, tmp_path: Path) -> None:
        from_here = sample_document()
        (tmp_path / "document.json").write_bytes(to_json(from_here))
        for folder in ("reporting", "habitat_plan"):
            shutil.copytree(ROOT / folder, tmp_path / "elsewhere" / folder)
        printed = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "document.json")],
            cwd=tmp_path,
            env={
                "PYTHONPATH": str(tmp_path / "elsewhere"),
                "TZ": "Pacific/Auckland",
                "PYTHONHASHSEED": "4711",
                "LC_ALL": "C",
                "PATH": os.environ["PATH"],
            },
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        ).stdout.split("\n")
        here = [
            f"{format} {language} {sha256(sample_file(language, format)).hexdigest()}"
            for format in FORMATS
            for language in ("en", "ar")
        ]
        assert printed[:-1] == here


class TestSameFigures:
    @pytest.mark.parametrize("language", ["en", "zh", "ar", "fr"])
    def test_in_all_three_formats(self, language: str) -> None:
        document = sample_document()
        reader = Reader(document, language)
        pdf = pdf_text(sample_file(language, "pdf"))
        word = docx_text(sample_file(language, "docx"))
        book = openpyxl.load_workbook(io.BytesIO(sample_file(language, "xlsx")))
        sheet = book[reader.label("figures")]
        rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
        keys = figures_of(document)
        assert len(keys) == 32
        for key in keys:
            figure, shown = document.figures[key], reader.figure(key, sign=False)
            assert shown in word
            assert rows[key][3].value in {reader.figure(key, sign=True), None}
            if figure.value is not None:
                assert " ".join(shown.split()) in pdf
                assert Decimal(repr(rows[key][2].value)) == figure.value

    @pytest.mark.parametrize("format", ["pdf", "docx", "xlsx"])
    def test_and_the_same_fingerprint(self, format: str) -> None:
        document = sample_document()
        data = sample_file("en", format)
        shown = {
            "pdf": pdf_text,
            "docx": docx_text,
            "xlsx": lambda found: " ".join(
                str(cell.value) for row in openpyxl.load_workbook(io.BytesIO(found)).worksheets[0]
                for cell in row
            ),
        }[format](data)  # fmt: skip
        assert fingerprint(document) in shown


class TestHostileText:
    @pytest.mark.parametrize("language", ["en", "ar"])
    def test_stands_literally_in_the_pdf(self, language: str) -> None:
        text = pdf_text(sample_file(language, "pdf", HOSTILE))
        assert text.replace(" ", "").count(LITERAL.replace(" ", "")) >= 4

    def test_stands_literally_in_the_docx(self) -> None:
        word = docx.Document(io.BytesIO(sample_file("en", "docx", HOSTILE)))
        assert [p.text for p in word.paragraphs if p.style.name == "Heading 1"][-2] == (
            f"III. {LITERAL}"
        )
        assert word.tables[-1].cell(1, 0).text == LITERAL

    def test_stands_as_text_in_the_xlsx(self) -> None:
        book = openpyxl.load_workbook(io.BytesIO(sample_file("en", "xlsx", HOSTILE)))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
        assert {cell.data_type for cell in cells} == {"s", "n"}
        found = [cell for cell in cells if cell.value == LITERAL]
        assert len(found) == 2
        assert {cell.data_type for cell in found} == {"s"}
        # Links stay within the workbook: from a figure to its arithmetic.
        assert {cell.hyperlink.target for cell in cells if cell.hyperlink} == {None}


class TestRefusals:
    def test_an_unknown_format(self) -> None:
        with pytest.raises(RuleBroken) as refused:
            render(sample_document(), "en", "odt")
        assert refused.value.code == "unknown-format"

    def test_a_language_the_document_is_not_issued_in(self) -> None:
        with pytest.raises(RuleBroken) as refused:
            render(sample_document(), "de", "pdf")
        assert refused.value.code == "unknown-language"


class TestFallback:
    def test_an_english_sentence_in_a_french_document_keeps_english_numbers(self) -> None:
        sample = sample_document()
        sentence = Paragraph(1, {"en": (Run("It was "), FigureRef("FA2.1@2016-2017:actual"))})
        document = replace(sample, blocks=(sentence,))
        assert "1. It was 1,086" in pdf_text(render(document, "fr", "pdf"))
        assert "1.\tIt was 1,086" in docx_text(render(document, "fr", "docx"))


class TestSecondCitation:
    def test_repeats_the_mark_and_not_the_note(self) -> None:
        note = NoteRef("register")
        blocks = tuple(Paragraph(n, {"en": (Run(f"Words {n}."), note)}) for n in (1, 2))
        document = replace(sample_document(), blocks=blocks)
        text = pdf_text(render(document, "en", "pdf"))
        assert text.count("Register of partner authorities") == 1
        assert "Words 1.1 2. Words 2.1" in text
        word = render(document, "en", "docx")
        body = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml")
        assert body.count(b"w:footnoteReference ") == 1
        assert body.count(b"NOTEREF _Note1 ") == 1
        assert body.count(b'w:name="_Note1"') == 1
