"""Checks 18 and 19: files made to eat memory and time, and XML that reaches out."""

import json
import os
import random
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from table_files import HEADINGS, MAIN, package, sheet_xml, zipped

MEGABYTE = 1024 * 1024
SECONDS, GROWTH = 2.0, 150
ROW = '<row r="2"><c r="A2" t="inlineStr"><is><t>FA2.1</t></is></c><c r="B2"><v>1</v></c></row>'
GOOD_SHEET = sheet_xml(HEADINGS + ROW)


def padding(size: int) -> str:
    """Text that hardly packs, to keep the ratio of a file innocent."""
    return random.Random(7).randbytes(size // 2).hex()  # noqa: S311


def padded(before: str, repeated: str, times: int, after: str) -> bytes:
    """A sheet whose ratio stays below the limit, thanks to a comment of noise."""
    size = len(repeated) * times
    return package(f"{before}<!--{padding(size // 40)}-->{repeated * times}{after}")


def sheet_of(size: int) -> str:
    return sheet_xml(HEADINGS + ROW, after=" " * size)


@cache
def large() -> bytes:
    """A sheet of 60 MB."""
    return package(sheet_of(60 * MEGABYTE))


def lying(size: int) -> bytes:
    """A sheet of 60 MB whose directory says that it has so many bytes."""
    content = bytearray(large())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.find(b"xl/worksheets/sheet1.xml", content.find(mark))
        while place >= 0:
            head = content.rfind(mark, 0, place)
            if head >= 0 and place - head in (30, 46):
                struct.pack_into("<L", content, head + at, size)
            place = content.find(b"xl/worksheets/sheet1.xml", place + 1)
    return bytes(content)


def overlapping() -> bytes:
    """A thousand entries that all unpack the same packed bytes."""
    out = BytesIO(package(GOOD_SHEET, {"xl/media/a.bin": b"0" * (90 * 1024)}))
    with zipfile.ZipFile(out, "a") as archive:
        whole = archive.getinfo("xl/media/a.bin")
        for number in range(1_000):
            entry = zipfile.ZipInfo(f"xl/media/{number}.bin")
            for name in ("header_offset", "compress_size", "file_size", "CRC", "compress_type"):
                setattr(entry, name, getattr(whole, name))
            archive.filelist.append(entry)
        archive._didModify = True
    return out.getvalue()


def many_parts(declared: int | None = None) -> bytes:
    parts: dict[str, str | bytes] = {f"{number:x}": b"" for number in range(15_000)}
    content = bytearray(zipped(parts))
    if declared is not None:
        struct.pack_into("<HH", content, content.rfind(b"PK\x05\x06") + 8, declared, declared)
    return bytes(content)


def far_cell() -> bytes:
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return package(sheet_xml(HEADINGS + ROW + row))


def far_row() -> bytes:
    row = ROW.replace('"2"', '"1048576"').replace("A2", "A1048576").replace("B2", "B1048576")
    return package(sheet_xml(HEADINGS + ROW + row))


def shared_strings() -> bytes:
    noise, text = padding(3 * MEGABYTE), padding(5_000)
    entries = "".join(
        f"<si><t>{text}{noise[n * 200 : n * 200 + 200]}</t></si>" for n in range(11_000)
    )
    shared = f'<sst xmlns="{MAIN}">{entries}</sst>'
    return package(GOOD_SHEET, {"xl/sharedStrings.xml": shared})


def nested() -> bytes:
    inner = zipped({"0": b"\0" * (20 * MEGABYTE)})
    return package(GOOD_SHEET, {"xl/embeddings/inner.zip": zipped({"a": inner, "b": inner})})


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "ratio": (large, "unpacks_too_much"),
    "unpacked": (lambda: package(sheet_of(201 * MEGABYTE)), "unpacks_too_large"),
    "says 100 bytes": (lambda: lying(100), "file_broken"),
    "says nothing": (lambda: lying(0), "file_broken"),
    "says 1 MB": (lambda: lying(MEGABYTE), "file_broken"),
    "nested": (nested, "read 1"),
    "overlapping": (overlapping, "file_broken"),
    "many parts": (many_parts, "too_many_parts"),
    "many parts, says 1": (lambda: many_parts(1), "too_many_parts"),
    "far cell": (far_cell, "too_many_columns"),
    "far row": (far_row, "read 2"),
    "repeated rows": (
        lambda: package(sheet_xml(HEADINGS + '<row r="2"><c r="A2"><v>1</v></c></row>' * 10**6)),
        "unpacks_too_much",
    ),
    "shared strings": (shared_strings, "too_much_text"),
    "long comment": (
        lambda: padded(sheet_xml("")[:-12] + "<!--", "a", 40 * MEGABYTE, "-->"),
        "file_broken",
    ),
    "long attribute": (
        lambda: padded(f'<worksheet xmlns="{MAIN}">', " ", 1, f'<a b="{"c" * 9 * MEGABYTE}"'),
        "unpacks_too_much",
    ),
    "deep": (lambda: padded(f'<worksheet xmlns="{MAIN}">', "<a>", 10**6, ""), "file_broken"),
    "many elements": (
        lambda: padded(f'<worksheet xmlns="{MAIN}">', "<a/>", 45 * 10**5, "</worksheet>"),
        "too_many_cells",
    ),
    "styles": (
        lambda: package(GOOD_SHEET, {"xl/styles.xml": f"<a>{padding(20 * MEGABYTE)}</a>"}),
        "file_broken",
    ),
    "separators": (lambda: b"," * (20 * MEGABYTE), "not_a_table"),
    "one line": (lambda: b"a" * (20 * MEGABYTE), "not_a_table"),
    "quoted line ends": (lambda: b"Code,Value\n" + b'"\nab",' * (3 * MEGABYTE), "not_a_table"),
    "line ends": (lambda: b"Code,Value\n" + b"\n" * (19 * MEGABYTE), "too_many_rows"),
    "quotation mark": (lambda: b'Code,Value\n"' + b"a\n" * (9 * MEGABYTE), "quotation_mark"),
    "high letters": (lambda: b"\xe9" * (20 * MEGABYTE), "encoding_unknown"),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What became of each bomb in a process that cannot grow by more than the limit."""
    folder = tmp_path_factory.mktemp("bombs")
    for name, (make, _code) in BOMBS.items():
        (folder / name).write_bytes(make())
    reader = Path(__file__).with_name("read_elsewhere.py")
    done = subprocess.run(
        [sys.executable, str(reader), str(folder), str(GROWTH)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONWARNINGS": "default"},
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {line["file"]: line for line in lines}


@pytest.mark.drill
class TestBombs:
    def test_are_met_with_a_sentence_in_little_time_and_memory(
        self, outcomes: dict[str, dict[str, object]], tell: Callable[[str], None]
    ) -> None:
        # One test, not one for each: two processes that share the tests would both make them all.
        assert set(outcomes) == set(BOMBS)
        met = {name: found["code"] for name, found in outcomes.items()}
        assert met == {name: code for name, (_make, code) in BOMBS.items()}
        seconds = {name: float(str(found["seconds"])) for name, found in outcomes.items()}
        assert {name: took for name, took in seconds.items() if took >= SECONDS} == {}
        grown = {name: int(str(found["megabytes"])) for name, found in outcomes.items()}
        assert {name: size for name, size in grown.items() if size >= GROWTH} == {}
        slowest, largest = max(seconds, key=seconds.__getitem__), max(grown, key=grown.__getitem__)
        tell(
            f"check 18: {len(outcomes)} bombs; slowest {seconds[slowest]:.2f} s ({slowest}), "
            f"largest growth {grown[largest]} MB ({largest})"
        )
