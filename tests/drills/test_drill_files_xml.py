"""Check 19: XML that names other files, addresses or itself reaches none of them."""

import pickle
import socket
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest
from table_files import HEADINGS, MAIN, OFFICE, PACKAGE, package, refusal, sheet_xml, texts_of

ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>{text}</t></is></c><c r="B2"><v>1</v></c></row>'
PARTS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
         "_rels/.rels", "xl/_rels/workbook.xml.rels")  # fmt: skip
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
DOCUMENT_TYPES = {
    "entity": '<!DOCTYPE x [<!ENTITY e "text">]>',
    "laughs": f"<!DOCTYPE x [{LAUGHS}]>",
    "file": '<!DOCTYPE x [<!ENTITY e SYSTEM "file://{file}">]>',
    "address": '<!DOCTYPE x [<!ENTITY e SYSTEM "http://127.0.0.1:{port}/e">]>',
    "definition": '<!DOCTYPE x SYSTEM "http://127.0.0.1:{port}/x.dtd">',
    "parameter": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:{port}/p"> %p;]>',
    "public": '<!DOCTYPE x PUBLIC "-//X//EN" "file://{file}">',
    "empty": "<!DOCTYPE x>",
}


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    file = tmp_path / "canary.txt"
    file.write_text("a text that nobody may read")
    return file


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """An address that XML may want to fetch from."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


@pytest.fixture(scope="module")
def traced() -> Iterator[list[str]]:
    """What the interpreter opens and connects to while a test runs."""
    events: list[str] = []
    listening = [True]

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if listening[0] and event in {"open", "socket.connect", "socket.getaddrinfo"}:
            events.append(f"{event} {arguments[0]} {arguments[-1]}")

    sys.addaudithook(hook)
    yield events
    listening[0] = False


def reached(listener: socket.socket) -> bool:
    try:
        listener.accept()
    except BlockingIOError:
        return False
    return True


def with_document_type(part: str, document_type: str) -> bytes:
    """A workbook with a document type in one part, and a cell that uses its entity."""
    entity = "&e;" if "ENTITY e" in document_type else "&l9;" if "l9" in document_type else "x"
    sheet = sheet_xml(HEADINGS + ROW.format(text=entity))
    if part == PARTS[0]:
        return package(document_type + sheet)
    root = PACKAGE if part.endswith(".rels") else MAIN
    return package(sheet_xml(HEADINGS), {part: f'{document_type}<x xmlns="{root}"/>'})


@pytest.mark.drill
class TestDocumentTypes:
    def test_are_refused_in_every_part_and_nothing_is_fetched(
        self,
        canary: Path,
        listener: socket.socket,
        traced: list[str],
        tell: Callable[[str], None],
    ) -> None:
        port = str(listener.getsockname()[1])
        refused, slowest = 0, 0.0
        traced.clear()
        for part, document_type in product(PARTS, DOCUMENT_TYPES.values()):
            written = document_type.replace("{file}", str(canary)).replace("{port}", port)
            began = time.process_time()
            refused += refusal(with_document_type(part, written)).code == "file_broken"
            slowest = max(slowest, time.process_time() - began)
        opened = [event for event in traced if str(canary) in event or "socket" in event]
        tell(
            f"check 19: {refused} document types refused, slowest {slowest:.2f} s, "
            f"{len(opened)} files or addresses opened"
        )
        assert refused == 48
        assert slowest < 1
        assert opened == []
        assert not reached(listener)

    @pytest.mark.parametrize("encoding", ["utf-7", "cp037", "no-such", "idna", "hex"])
    def test_parts_in_other_encodings_are_refused(self, encoding: str) -> None:
        sheet = f'<?xml version="1.0" encoding="{encoding}"?>{sheet_xml(HEADINGS)}'
        assert refusal(package(sheet)).code == "file_broken"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "ascii"])
    def test_are_refused_in_other_encodings(self, encoding: str) -> None:
        name = encoding.removesuffix("-le")
        text = f'<?xml version="1.0" encoding="{name}"?>{DOCUMENT_TYPES["laughs"]}'
        assert refusal(package((text + sheet_xml("")).encode(encoding))).code == "file_broken"


@pytest.mark.drill
class TestReferences:
    def test_an_inclusion_is_not_carried_out(self, canary: Path, traced: list[str]) -> None:
        include = (
            f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{canary}" parse="text"/>'
        )
        traced.clear()
        rows = texts_of(package(sheet_xml(HEADINGS + ROW.format(text=f"a{include}b"))))
        assert rows == [("ab", "1")]
        assert not [event for event in traced if str(canary) in event]

    @pytest.mark.parametrize(
        "target",
        ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/"],
    )
    @pytest.mark.parametrize("mode", ["", ' TargetMode="External"'])
    def test_a_sheet_is_looked_for_in_the_archive_only(
        self, target: str, mode: str, traced: list[str]
    ) -> None:
        relation = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="{target}"{mode}/>'
        listed = f'<Relationships xmlns="{PACKAGE}">{relation}</Relationships>'
        traced.clear()
        found = refusal(package(sheet_xml(HEADINGS), {"xl/_rels/workbook.xml.rels": listed}))
        assert found.code == "no_headings"
        assert not [event for event in traced if "passwd" in event or "socket" in event]

    @pytest.mark.parametrize("content", [pickle.dumps([1]), b"!!python/object:os.system\n- x\n"])
    def test_what_would_run_in_another_reader_is_only_text(self, content: bytes) -> None:
        assert refusal(content).code in {"no_headings", "not_a_table", "encoding_unknown"}
