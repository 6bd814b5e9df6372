"""Check 57: every printed figure is the same in PDF, DOCX, XLSX, HTML and JSON."""

import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from demonstration_data import ASSEMBLED_AT
from read_back import Read, number_of, packed, rounded, tables_of
from sample_document import listed_document

from focus_areas.models import Period
from reporting.assembly import compose, take
from reporting.document import Chart, Document, Table
from reporting.kinds import BIENNIAL_PROGRESS, RECOMMENDATION_STATUS
from reporting.rendering import render

FORMATS = ("pdf", "docx", "xlsx", "html", "json")


@pytest.fixture
def documents(biennium) -> dict[str, Document]:
    """The sample, which has every kind of block, and two reports of the demonstration."""
    report = compose(take(kind=BIENNIAL_PROGRESS, period=biennium, at=ASSEMBLED_AT))
    year = Period.objects.get(code="2017")
    status = compose(take(kind=RECOMMENDATION_STATUS, period=year, at=ASSEMBLED_AT))
    return {"sample": listed_document(), "biennial report": report, "recommendations": status}


def check_json(document: Document, read: Read) -> int:
    """Each printed figure has the exact value of the document, and is rounded half up."""
    printed = read.in_sentences() + read.in_cells()
    for one in printed:
        figure = document.figures[one.key]
        assert (None if one.value is None else Decimal(one.value)) == figure.value, one
        number = number_of(one.shown, one.language)
        # Some are printed as words ("Ten"), or as one of the signs for nothing.
        assert number is None or number == rounded(figure), one
    return len(printed)


def check_docx(document: Document, read: Read) -> int:
    """Each sentence and each cell is that of the JSON file."""
    body = read.docx_paragraphs()
    for paragraph in read.json["paragraphs"]:
        sentence = packed(paragraph["mark"] + paragraph["text"])
        assert any(text.startswith(sentence) for text in body), sentence
    checked, tables = 0, read.docx_tables()
    blocks = tables_of(document)
    assert len(tables) == len(blocks)
    named = {table["number"]: table for table in read.json["tables"]}
    for block, rows in zip(blocks, tables, strict=True):
        if isinstance(block, Chart):
            continue
        for cells, row in zip(rows, named[block.number]["rows"], strict=True):
            for cell, found in zip(row["cells"], cells, strict=True):
                if "figure" in cell:
                    assert found == packed(cell["shown"]), cell
                    checked += 1
    return checked + len(read.in_sentences())


def check_html(document: Document, read: Read) -> int:
    """Each figure in a sentence or cell is there, under its own key, in printed order."""
    found = Counter(read.html_figures())
    wanted = Counter(
        (one.key, packed(one.shown)) for one in read.in_sentences() + read.in_cells() if one.shown
    )
    assert wanted - found == Counter()
    return sum(wanted.values())


def check_xlsx(document: Document, read: Read) -> int:
    """Exact values among the figures and in the tables; what is printed beside them."""
    known = {one["key"]: one for one in read.json["figures"]}
    found = read.xlsx_figures()
    assert set(found) == set(known)
    for key, (value, shown) in found.items():
        figure = document.figures[key]
        assert shown == packed(known[key]["shown"]), key
        if figure.value is not None:
            assert Decimal(str(value)) == figure.value, key
    checked, blocks = 0, tables_of(document)
    for block, rows in zip(blocks, read.xlsx_tables(len(blocks)), strict=True):
        if not isinstance(block, Table):
            continue
        table = next(one for one in read.json["tables"] if one["number"] == block.number)
        for row, cells in zip(table["rows"], rows[: len(table["rows"])], strict=True):
            for cell, value in zip(row["cells"], cells, strict=False):
                if cell.get("value") is not None:
                    assert Decimal(str(value)) == Decimal(cell["value"]), cell
                    checked += 1
    return len(found) + checked


def check_pdf(document: Document, read: Read) -> int:
    """Each figure stands between the words of its sentence, each row of a table is there.

    A page may end on one side of a figure. Arabic words are copied from a PDF in the order in which
    they are seen, so there each number must stand as often as sentences and cells have it.
    """
    if read.language == "ar":
        wanted = Counter(
            one.shown.removesuffix("%").strip() for one in read.in_sentences() + read.in_cells()
            if number_of(one.shown, one.language) is not None
        )  # fmt: skip
        assert wanted - read.pdf_numbers() == Counter()
        return sum(wanted.values())
    checked = 0
    for before, shown, after in read.sentences():
        assert before + shown in read.pdf or shown + after in read.pdf, (before, shown, after)
        checked += 1
    for row in read.rows():
        # What stands in a row follows each other, but for signs and bars.
        figures = [packed(cell["shown"]) for cell in row if "figure" in cell]
        assert "".join(figures) in read.pdf, figures
        checked += len(figures)
    return checked


CHECKS: dict[str, Callable[[Document, Read], int]] = {
    "PDF": check_pdf, "DOCX": check_docx, "XLSX": check_xlsx, "HTML": check_html, "JSON": check_json,
}  # fmt: skip


@pytest.mark.drill
def test_every_figure_is_the_same_in_all_formats(
    documents: dict[str, Document],
    tmp_path: Path,
    rounds: Callable[[int, int], int],
    tell: Callable[[str], None],
) -> None:
    languages = ("en", "ar", "zh", "fr", "ru", "es")[: rounds(3, 6)]
    compared, whole = dict.fromkeys(CHECKS, 0), 0
    for name, document in documents.items():
        for language in languages:
            files = {format: render(document, language, format) for format in FORMATS}
            read = Read(files, language)
            for format, check in CHECKS.items():
                count = check(document, read)
                assert count > 0, (name, language, format)
                compared[format] += count
            whole += qpdf_finds_nothing(tmp_path, files["pdf"])
    told = ", ".join(f"{format} {count}" for format, count in compared.items())
    tell(
        f"check 57: {len(documents)} documents, {len(languages)} languages; figures compared and "
        f"equal: {told} (100 %); PDFs that qpdf finds whole: {whole}"
    )


def qpdf_finds_nothing(folder: Path, content: bytes) -> int:
    """1 if qpdf is here and the file is whole."""
    program = shutil.which("qpdf")
    if program is None:
        return 0
    (folder / "file.pdf").write_bytes(content)
    done = subprocess.run(
        [program, "--check", str(folder / "file.pdf")],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return 1
