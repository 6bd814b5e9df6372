"""Word and spreadsheet files as LibreOffice understands them: opened, converted and read back."""

import csv
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from rendered_sample import listed_file
from sample_document import listed_document

LANGUAGES = ("en", "ar", "zh")
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
# Every sheet to a file of its own, numbers with all their digits, in UTF-8.
ALL_SHEETS = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Converts files with LibreOffice; without it the test is left out, but not in CI."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing; CI needs it (apt-get install libreoffice-writer)")
        pytest.skip("LibreOffice is not installed here; CI opens the files with it")
    folder = tmp_path_factory.mktemp("office")

    def convert(to: str, *files: Path) -> Path:
        done = subprocess.run(
            [program, f"-env:UserInstallation=file://{folder}/profile", "--headless",
             "--convert-to", to, "--outdir", str(folder), *map(str, files)],
            cwd=folder, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "Error" not in done.stdout + done.stderr
        return folder

    return convert


@pytest.fixture(scope="module")
def opened(office: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the DOCX of three languages converted to ODT and PDF, the XLSX to CSV."""
    folder = tmp_path_factory.mktemp("files")
    for language in LANGUAGES:
        for format in ("docx", "xlsx"):
            content = listed_file(language, format)
            (folder / f"{language}.{format}").write_bytes(content)
    words = [folder / f"{language}.docx" for language in LANGUAGES]
    office("odt", *words)
    office("pdf", *words)
    return office(ALL_SHEETS, *(folder / f"{language}.xlsx" for language in LANGUAGES))


def content(opened: Path, language: str, part: str = "content.xml") -> Any:
    with zipfile.ZipFile(opened / f"{language}.odt") as archive:
        return ElementTree.fromstring(archive.read(part))


def said(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())


def printed(opened: Path, language: str) -> str:
    done = subprocess.run(
        ["pdftotext", "-layout", str(opened / f"{language}.pdf"), "-"],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return " ".join(done.stdout.split())


def sheet(opened: Path, name: str) -> list[list[str]]:
    with (opened / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


class TestDocx:
    def test_headings_have_their_levels(self, opened: Path) -> None:
        found = [
            (node.get(f"{TEXT}outline-level"), said(node))
            for node in content(opened, "en").iter(f"{TEXT}h")
        ]
        assert found == [
            ("1", "I. Mandate and method"),
            ("1", "II. Results by focus area"),
            ("2", "A. Urban legislation, land and governance"),
            ("2", "B. Urban basic services"),
            ("1", "Annex I Indicator tables"),
            ("2", "Focus-area results"),
        ]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_contents_are_a_table_of_contents_with_its_entries(
        self, opened: Path, language: str
    ) -> None:
        tree = content(opened, language)
        table = next(tree.iter(f"{TEXT}table-of-content"))
        entries = [said(node) for node in table.iter(f"{TEXT}p") if said(node)]
        headings = [said(node) for node in tree.iter(f"{TEXT}h")]
        assert len(headings) == 6
        assert [entry for entry in entries if entry in headings] == headings

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_footnotes_are_footnotes(self, opened: Path, language: str) -> None:
        notes = [said(node) for node in content(opened, language).iter(f"{TEXT}note-body")]
        source = listed_document().sources["register"].citation.in_language(language).text
        assert len([note for note in notes if source in note]) == 1

    def test_heads_of_tables_are_repeated(self, opened: Path) -> None:
        tree = content(opened, "en")
        assert len(list(tree.iter(f"{TABLE}table"))) == 3
        assert len(list(tree.iter(f"{TABLE}table-header-rows"))) == 3

    def test_arabic_runs_from_right_to_left(self, opened: Path) -> None:
        tree = content(opened, "ar")
        modes = {
            style.get(f"{STYLE}name"): properties.get(f"{STYLE}writing-mode")
            for style in tree.iter(f"{STYLE}style")
            for properties in style.iter(f"{STYLE}paragraph-properties")
        }
        body = next(tree.iter("{urn:oasis:names:tc:opendocument:xmlns:office:1.0}text"))
        arabic = [
            node for node in body.iter() if node.tag in {f"{TEXT}p", f"{TEXT}h"}
            and re.search("[\u0600-\u06ff]{3}", said(node)) and "Only in English" not in said(node)
        ]  # fmt: skip
        turned = [node for node in arabic if modes.get(node.get(f"{TEXT}style-name")) == "rl-tb"]
        # Paragraphs within notes take their direction from a style of their own.
        assert len(turned) >= len(arabic) - 2
        assert len(arabic) > 60
        tables = {
            style.get(f"{STYLE}writing-mode") for style in tree.iter(f"{STYLE}table-properties")
        }
        assert tables == {"rl-tb"}

    def test_english_and_chinese_do_not(self, opened: Path) -> None:
        for language in ("en", "zh"):
            tree = content(opened, language)
            modes = {node.get(f"{STYLE}writing-mode") for node in tree.iter(f"{STYLE}paragraph-properties")}  # fmt: skip
            assert "rl-tb" not in modes

    @pytest.mark.parametrize(
        ("language", "numbers"),
        [("en", ("1,086", "1,110", "29.9 %", "−1,234.5", "102 %")),
         ("ar", ("1,086", "1,110", "29.9 %", "102 %")),
         ("zh", ("1 086", "1 110", "29.9%", "−1 234.5", "102%"))],
    )  # fmt: skip
    def test_pages_print_the_known_numbers(
        self, opened: Path, language: str, numbers: tuple[str, ...]
    ) -> None:
        text = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", printed(opened, language))
        for number in numbers:
            assert number in text, number

    def test_pages_print_headings_contents_marks_and_notes(self, opened: Path) -> None:
        text = printed(opened, "en")
        assert text.count("II. Results by focus area") == 2
        for words in ("(a) Plans for 64.", "(b) Plans for 33.", "10. Only in English: 1,086.",
                      "Register of partner authorities, invented for demonstration. CC0"):  # fmt: skip
            assert words in text


class TestXlsx:
    def test_sheets_open_with_their_numbers(self, opened: Path) -> None:
        rows = sheet(opened, "en-Table 1")
        assert rows[5][:6] == ["FA2.1", "Urban planning and design", "42", "61", "1086", "1110"]
        assert rows[10][4] == ".."

    @pytest.mark.parametrize(("language", "name"), [("en", "Figures"), ("ar", "الأرقام"), ("zh", "数字")])  # fmt: skip
    def test_figures_are_all_there(self, opened: Path, language: str, name: str) -> None:
        rows = {row[0]: row for row in sheet(opened, f"{language}-{name}")}
        assert set(listed_document().figures) <= set(rows)
        assert rows["FA2.1@2016-2017:actual"][2] == "1086"
        assert rows["slum@2016"][2] == "-1234.5"

    def test_arithmetic_has_its_rows(self, opened: Path) -> None:
        rows = sheet(opened, "en-Where it comes from")
        found = [row for row in rows if row[0] == "FA2.1@2016-2017:actual"]
        assert [row[3:7] for row in found] == [
            ["Regional Office for Africa", "3.5", "partner authorities", "3"],
            ["Urban planning and design", "", "not reported", "0"],
        ]
