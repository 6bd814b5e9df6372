"""Check 26: what people write stands in every file as they wrote it, and is never run."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx.oxml.ns import qn
from hostile_document import OFFICE, PAYLOADS, TYPST, hostile_document
from lxml import etree, html
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject
from sample_document import listed_document

from habitat_plan.kit.tables.guard import guarded, unguarded
from reporting.document import to_json
from reporting.rendering import render
from reporting.rendering.reading import clean

ROOT = Path(__file__).resolve().parents[2]
WATCHED = Path(__file__).with_name("render_watched.py")
FIELDS = re.compile(r"PAGE|NUMPAGES|TOC \\o \"1-2\" \\n \\h \\z \\u|NOTEREF _Note\d+ \\f \\h")
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer", "section",
    "div", "p", "a", "span", "b", "strong", "em", "small", "sup", "bdi", "code", "br", "ol", "ul",
    "li", "h1", "h2", "h3", "h4", "table", "caption", "thead", "tbody", "tr", "th", "td", "figure",
    "figcaption", "svg", "g", "path", "circle", "text",
}  # fmt: skip
ACTIONS = ("/URI", "/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA", "/EmbeddedFiles",
           "/SubmitForm", "/ImportData", "/GoToR", "/RichMedia", "/AcroForm")  # fmt: skip


REACHING = re.compile(r"//|/etc/|include|import|plugin|json\(|HYPERLINK|Launch|cmd")


def bare(text: str) -> str:
    return re.sub(r"\s|\u200e", "", clean(text))


def objects(node: Any, seen: set[int]) -> Iterator[DictionaryObject]:
    """Every dictionary of a PDF."""
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting += found.values()
        elif isinstance(found, ArrayObject):
            waiting += found


def check_pdf(content: bytes, payload: str) -> int:
    reader = PdfReader(io.BytesIO(content))
    for found in objects(reader.trailer, set()):
        assert [name for name in ACTIONS if name in found] == []
        assert found.get("/S") not in ACTIONS
    text = bare("".join(page.extract_text() for page in reader.pages))
    return text.count(bare(payload))


def check_docx(content: bytes, payload: str) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        body = etree.fromstring(archive.read("word/document.xml"))
        for name in names:
            if name.endswith(".rels"):
                assert b"External" not in archive.read(name), name
    codes = [node.text.strip() for node in body.iter(qn("w:instrText"))]
    assert [code for code in codes if not FIELDS.fullmatch(code)] == []
    foreign = (
        "w:object",
        "w:altChunk",
        "w:fldSimple",
        "w:control",
        "w:subDoc",
        "w:attachedTemplate",
    )
    assert [name for name in foreign if next(body.iter(qn(name)), None) is not None] == []
    assert {link.get(qn("r:id")) for link in body.iter(qn("w:hyperlink"))} == {None}
    assert [name for name in names if re.search(r"vba|activeX|embeddings|ole", name)] == []
    return bare("".join(body.itertext())).count(bare(payload))


def check_xlsx(content: bytes, payload: str) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert not re.search(r"vba|externalLink|connections|embeddings", name)
            if name.endswith((".rels", ".xml")):
                assert b'TargetMode="External"' not in archive.read(name)
                assert b"<f>" not in archive.read(name) and b"<f " not in archive.read(name)
    cells = [
        cell for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows() for cell in row
    ]  # fmt: skip
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s", "n"}
    assert {cell.hyperlink.target for cell in cells if cell.hyperlink} <= {None}
    return sum(bare(payload) in bare(str(cell.value)) for cell in cells)


def check_html(content: bytes, payload: str) -> int:
    found = html.document_fromstring(content.decode())
    tags = {node.tag for node in found.iter() if isinstance(node.tag, str)}
    assert tags <= ELEMENTS, tags - ELEMENTS
    assert [node for node in found.iter() if not isinstance(node.tag, str)] == []
    for node in found.iter():
        for name, value in node.attrib.items():
            assert name not in {"src", "style", "srcset", "action"} and name[:2] != "on", name
            assert name != "href" or value[0] == "#", value
    metas = [node.get("http-equiv") for node in found.iter("meta") if node.get("http-equiv")]
    assert metas == ["Content-Security-Policy"]
    return bare(found.text_content()).count(bare(payload))


def check_json(content: bytes, payload: str) -> int:
    def strings(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from strings(one)
        elif isinstance(value, list):
            for one in value:
                yield from strings(one)

    return sum(bare(text).count(bare(payload)) for text in strings(json.loads(content)))


def check_csv(content: bytes, payload: str) -> int:
    count = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            assert Path(name).name == name
            text = archive.read(name).decode("utf-8-sig")
            for row in csv.reader(io.StringIO(text, newline="")):
                for cell in row:
                    number = re.fullmatch(r"-?\d+(\.\d+)?", cell)
                    assert number or cell == guarded(unguarded(cell)), cell
                    count += bare(payload) in bare(unguarded(cell))
    return count


CHECKS: dict[str, Callable[[bytes, str], int]] = {
    "pdf": check_pdf, "docx": check_docx, "xlsx": check_xlsx,
    "html": check_html, "json": check_json, "csv": check_csv,
}  # fmt: skip
# In how many places each format prints the payload at the least.
LEAST = {"pdf": 20, "docx": 20, "xlsx": 20, "html": 40, "json": 40, "csv": 5}


@pytest.mark.drill
def test_sixty_payloads_stand_literally_in_every_format(
    rounds: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    languages = ("en", "ar", "zh", "fr", "ru", "es")[: rounds(1, 6)]
    assert len(set(PAYLOADS)) == 60
    found, made = dict.fromkeys(CHECKS, 0), dict.fromkeys(CHECKS, 0)
    for number, payload in enumerate(PAYLOADS):
        document = hostile_document(payload)
        formats = CHECKS if rounds(0, 1) else quickly(number, payload)
        for language in languages:
            for format in formats:
                count = CHECKS[format](render(document, language, format), payload)
                assert count >= LEAST[format], (format, language, payload, count)
                found[format] += count
                made[format] += 1
    assert min(made.values()) >= 26
    told = ", ".join(f"{format} {count}" for format, count in found.items())
    tell(
        f"check 26: {len(PAYLOADS)} payloads, {len(languages)} languages, {len(CHECKS)} formats; "
        f"found literally: {told}; actions, links outside, fields, formulas, elements: 0"
    )


def quickly(number: int, payload: str) -> list[str]:
    """The formats for a payload where not all of them are made for each.

    PDF and DOCX take nine tenths of the time. So what is made for typst goes into the PDF, what is
    made for Word into the DOCX, and the others into each of the two in turn.
    """
    left = {"docx"} if payload in TYPST else {"pdf"} if payload in OFFICE else set()
    if not left:
        left = {"docx"} if number % 2 else {"pdf"}
    return [format for format in CHECKS if format not in left]


@pytest.mark.drill
def test_renderers_reach_no_network_and_no_other_file(
    tmp_path: Path, rounds: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    # All of them in `make drills`, else every third of those that name a file or an address.
    reaching = [payload for payload in PAYLOADS if REACHING.search(payload)]
    assert len(reaching) >= 20
    payloads = PAYLOADS if rounds(0, 1) else reaching[::3]
    folder, job, trace = tmp_path / "documents", tmp_path / "job", tmp_path / "trace"
    folder.mkdir()
    job.mkdir()
    (folder / "00.json").write_bytes(to_json(listed_document()))
    for number, payload in enumerate(payloads, 1):
        (folder / f"{number:02}.json").write_bytes(to_json(hostile_document(payload)))
    strace = shutil.which("strace")
    traced = [strace, "-f", "-qq", "-e", "trace=open,openat,connect", "-o", str(trace)] if strace else []  # fmt: skip
    done = subprocess.run(
        [*traced, sys.executable, str(WATCHED), str(folder)],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "TMPDIR": str(job), "HOME": str(job)},
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    allowed = (*allowed_folders(tmp_path), "/the-watch-begins-here")
    other = [path for path in seen["opened"] if not os.path.normpath(path).startswith(allowed)]
    assert seen["connected"] == []
    assert other == []
    told = "strace is not here"
    if strace:
        reached = system_calls(trace.read_text(errors="replace"))
        outside = [path for path in reached if not os.path.normpath(path).startswith(allowed)]
        assert outside == []
        told = f"strace: {len(reached)} files opened, {len(outside)} outside, 0 connections"
    tell(
        f"check 26: {len(payloads)} hostile documents, {seen['files']} files rendered, "
        f"{len(seen['opened'])} opened by the interpreter, {len(other)} outside fonts, templates "
        f"and the job's folder, {len(seen['connected'])} sockets; {told}"
    )


def allowed_folders(tmp_path: Path) -> tuple[str, ...]:
    """Fonts and templates of ours, the stock files of the Word writer, the job's own folder.

    The converter of pictures looks through the fonts of the system for characters that ours lack;
    the pictures are the same where there are none.
    """
    import docx

    stock = Path(docx.__file__).parent / "templates"
    return (
        str(ROOT / "reporting" / "fonts"), str(ROOT / "reporting" / "rendering"), str(stock),
        str(tmp_path / "job"), "/usr/share/fonts", "/usr/local/share/fonts",
    )  # fmt: skip


def system_calls(trace: str) -> list[str]:
    """What was opened after the watch began; nothing may have been connected to."""
    lines = trace.split("/the-watch-begins-here", 1)[1].splitlines()
    assert [line for line in lines if "connect(" in line] == []
    found = (re.search(r'open(?:at)?\((?:AT_FDCWD, )?"([^"]*)"', line) for line in lines)
    return [match.group(1) for match in found if match]
