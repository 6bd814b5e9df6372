"""Files made by code: good ones of every kind that is taken, and several hundred hostile ones.

A hostile file has a name, a content and the code it must be refused with; "" means that it is
harmless once its name and type are taken from its content, so that it may be kept.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SECRET = b"Nairobi S 1.2921 E 36.8219"
TEXT = b"Town,Decree\nAlba,12/2016\n"
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PE = b"MZ\x90\0" + b"\0" * 60 + b"This program cannot be run in DOS mode.\r\r\n$" + b"\0" * 100
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>"
    b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def chunk(name: bytes, data: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int = 1, height: int = 1, *extra: bytes, drawing: bytes | None = None) -> bytes:
    """A grey PNG; `extra` chunks stand before the drawing."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\0\x7f")) if drawing is None else drawing
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + drawn + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def exif(orientation: int = 1) -> bytes:
    """An Exif note with an orientation, a place (GPS) and a name in it."""
    entries = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    entries += struct.pack("<HHII", 0x8825, 4, 1, 60)
    body = b"II*\0" + struct.pack("<IH", 8, 2) + entries + struct.pack("<I", 0)
    return b"Exif\0\0" + body.ljust(60, b"\0") + SECRET


def jpeg(*extra: bytes, width: int = 8, height: int = 8, behind: bytes = b"") -> bytes:
    """A grey square as baseline JPEG; `extra` segments stand after the first."""
    table = b"\0" + bytes([1]) * 64
    codes = bytes([1]) + b"\0" * 15 + b"\0"
    frame = struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\0"
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
            *extra,
            segment(0xDB, table),
            segment(0xC0, frame),
            segment(0xC4, b"\0" + codes),
            segment(0xC4, b"\x10" + codes),
            segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x3f",
            b"\xff\xd9",
            behind,
        ]
    )


def archive(members: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """A zip of these members."""
    made = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(made, "w", method) as file:
        for name, content in members.items():
            file.writestr(zipfile.ZipInfo(name), content, method)
    return made.getvalue()


OOXML = "application/vnd.openxmlformats-officedocument."
MAIN = {"docx": "wordprocessingml.document", "xlsx": "spreadsheetml.sheet", "pptx": "presentationml.presentation"}


def office(kind: str = "docx", extra: Mapping[str, bytes] | None = None, main: str = "") -> bytes:
    """An office document with further members."""
    if kind in {"odt", "ods"}:
        word = {"odt": "text", "ods": "spreadsheet"}[kind]
        members = {"mimetype": f"application/vnd.oasis.opendocument.{word}".encode(), "content.xml": b"<x/>"}
    else:
        main = main or f"{OOXML}{MAIN[kind]}.main+xml"
        types = f'<?xml version="1.0"?><Types><Override ContentType="{main}"/></Types>'
        members = {"[Content_Types].xml": types.encode(), "main.xml": b"<x/>"}
    return archive(members | dict(extra or {}))


def good() -> dict[str, bytes]:
    """A file of each kind that is taken."""
    return {
        "pdf": PDF,
        "jpeg": jpeg(),
        "png": png(),
        "text": TEXT,
        **{kind: office(kind) for kind in ("docx", "xlsx", "pptx", "odt", "ods")},
    }


@dataclass(frozen=True)
class Hostile:
    """A file somebody might send, and the code it is refused with ("" if it may be kept)."""

    name: str
    content: bytes
    code: str


def hostile() -> Iterator[Hostile]:
    """Several hundred of them."""
    yield from _markup()
    yield from _polyglots()
    yield from _programs()
    yield from _archives()
    yield from _pictures()
    yield from _others()
    yield from _names()


def _markup() -> Iterator[Hostile]:
    script = b"<script>alert(1)</script>"
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + script + b"</svg>"
    entity = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'
    pages = {
        "svg": svg,
        "declared": b'<?xml version="1.0"?>' + svg,
        "entity": entity,
        "html": b"<html><body>" + script,
        "doctype": b"<!DOCTYPE html><title>x</title>" + script,
        "upper": b"<HTML><SCRIPT>alert(1)</SCRIPT>",
        "comment": b"<!-- picture -->" + svg,
        "bare": script,
        "image": b'<img src=x onerror="alert(1)">',
        "anchor": b'<a href="javascript:alert(1)">x</a>',
        "late": b"Minutes of the meeting\n\n" + script,
        "php": b"Minutes <?php system($_GET[0]); ?>",
        "frame": b"see <iframe src=javascript:alert(1)>",
    }
    fronts = {"": b"", "bom": b"\xef\xbb\xbf", "blank": b" \r\n\t \n"}
    for name, page in pages.items():
        for front, mark in fronts.items():
            for ending in ("pdf", "csv", "svg"):
                yield Hostile(f"{name}{front}.{ending}", mark + page, "file_markup")
    for coding in ("utf-16", "utf-16-le", "utf-32"):
        yield Hostile(f"{coding}.svg", svg.decode().encode(coding), "file_kind")


def _polyglots() -> Iterator[Hostile]:
    docx = office()
    yield Hostile("later.pdf", b"GIF89a" + PDF, "file_two_kinds")
    yield Hostile("blank-first.pdf", b"\n" + PDF, "file_two_kinds")
    yield Hostile("bom.pdf", b"\xef\xbb\xbf" + PDF, "file_two_kinds")
    yield Hostile("text-first.pdf", b"hello " * 20 + PDF, "file_two_kinds")
    yield Hostile("page.pdf", b"%PDF-1.4\n<html><script>alert(1)</script>\n%%EOF", "file_two_kinds")
    yield Hostile("drawing.pdf", b"%PDF-1.7\n<svg onload=alert(1)>\n%%EOF", "file_two_kinds")
    yield Hostile("archive.pdf", PDF + docx + b"%%EOF", "file_two_kinds")
    yield Hostile("jar.pdf", PDF + archive({"A.class": b"\xca\xfe\xba\xbe"}) + b"\n%%EOF", "file_two_kinds")
    yield Hostile("no-end.pdf", PDF[:-7], "file_damaged")
    yield Hostile("endless.pdf", PDF + b"\0" * 2000, "file_damaged")
    yield Hostile("wrong-number.pdf", b"%PDF-9.x" + PDF[8:], "file_two_kinds")
    for name, front in {"gif": b"GIF89a", "mz": b"MZ", "text": b"x = 1\n", "pdf": PDF, "png": png()}.items():
        code = "" if name == "png" else "file_two_kinds" if name == "pdf" else "file_kind"
        yield Hostile(f"{name}-first.docx", front + docx, code)
    yield Hostile("shifted.docx", docx[:4] + b"\0" * 40 + docx, "file_two_kinds")
    yield Hostile("script-behind.docx", docx + b"<script>alert(1)</script>", "file_two_kinds")
    yield Hostile("program-behind.xlsx", office("xlsx") + PE, "file_two_kinds")
    commented = bytearray(docx)
    commented[-2:] = struct.pack("<H", 9)
    yield Hostile("comment.docx", bytes(commented) + b"<script>x", "file_two_kinds")
    for kind, picture in {"png": png(), "jpg": jpeg()}.items():
        for word, behind in {"zip": docx, "exe": PE, "page": b"<script>", "pdf": PDF}.items():
            yield Hostile(f"{word}-behind.{kind}", picture + behind, "")


def _programs() -> Iterator[Hostile]:
    programs = {
        "windows": PE, "linux": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
        "mac": b"\xcf\xfa\xed\xfe" + b"\0" * 60, "java": b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 60,
        "shell": b"#!/bin/sh\nrm -rf /\n", "python": b"#!/usr/bin/env python\nimport os\n",
        "shortcut": b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, "wasm": b"\0asm\x01\0\0\0",
        "pickle": b"\x80\x04\x95\x0b\0\0\0\0\0\0\0.", "cab": b"MSCF\0\0\0\0" + b"\0" * 40,
    }  # fmt: skip
    for name, content in programs.items():
        for ending in ("exe", "pdf", "png", "jpg.exe", "docx"):
            yield Hostile(f"{name}.{ending}", content, "file_kind")
    yield Hostile("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "file_protected")
    yield Hostile("setup.msi", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + PE, "file_protected")
    yield Hostile("password.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1EncryptedPackage", "file_protected")


def _archives() -> Iterator[Hostile]:
    for kind in ("docx", "xlsx", "pptx"):
        yield Hostile(f"macro.{kind}", office(kind, {"word/vbaProject.bin": b"x"}), "file_macros")
        enabled = f"application/vnd.ms-{kind}.document.macroEnabled.main+xml"
        yield Hostile(f"enabled.{kind}", office(kind, main=enabled), "file_macros")
        yield Hostile(f"control.{kind}", office(kind, {"word/activeX/activeX1.bin": b"x"}), "file_macros")
    yield Hostile("sheet.xlsx", office("xlsx", {"xl/macrosheets/sheet1.xml": b"x"}), "file_macros")
    for kind in ("odt", "ods"):
        yield Hostile(f"basic.{kind}", office(kind, {"Basic/Standard/Module1.xml": b"x"}), "file_macros")
        yield Hostile(f"script.{kind}", office(kind, {"Scripts/python/a.py": b"x"}), "file_macros")
    for ending in ("exe", "js", "vbs", "bat", "ps1", "lnk", "jar", "hta", "scr", "com", "cmd", "dll"):
        yield Hostile(f"{ending}.docx", office(extra={f"word/embeddings/a.{ending}": b"x"}), "file_programs")
    yield Hostile("hidden.docx", office(extra={"word/embeddings/oleObject1.bin": b"\0" * 70_000 + PE}), "file_programs")
    yield Hostile("renamed.docx", office(extra={"word/media/image1.png": PE}), "file_programs")
    yield Hostile("elf.docx", office(extra={"word/media/a.emf": b"\x7fELF" + b"\0" * 50}), "file_programs")
    for name in ("../evil.xml", "a/../../evil.xml", "/etc/passwd", "..\\evil.xml", "C:\\x.xml"):
        yield Hostile("traversal.docx", office(extra={name: b"x"}), "file_damaged")
    yield Hostile("twice.docx", office(extra={"MAIN.xml": b"x"}), "file_damaged")
    yield Hostile("plain.zip", archive({"a.txt": b"x"}), "file_kind")
    yield Hostile("epub.zip", archive({"mimetype": b"application/epub+zip"}), "file_kind")
    yield Hostile("both.docx", office(main=f"{OOXML}{MAIN['docx']}.main+xml {OOXML}{MAIN['xlsx']}.main+xml"), "file_kind")
    yield Hostile("template.dotx", office(main=f"{OOXML}wordprocessingml.template.main+xml"), "file_kind")
    yield Hostile("nothing.zip", b"PK\x05\x06" + b"\0" * 18, "file_kind")
    yield Hostile("cut.docx", office()[:-30], "file_damaged")
    yield from _bombs()


def _bombs() -> Iterator[Hostile]:
    zeros = b"\0" * 101_000_000
    yield Hostile("ratio.docx", office(extra={"word/a.xml": zeros}), "file_unpacks")
    yield Hostile("small-ratio.xlsx", office("xlsx", {"xl/a.xml": zeros[:30_000_000]}), "file_unpacks")
    inner = office("xlsx", {"xl/a.xml": zeros[:9_000_000]})
    yield Hostile("nested.docx", office(extra={f"word/embeddings/{n}.xlsx": inner for n in range(20)}), "file_unpacks")
    yield Hostile("deep.docx", office(extra={"a.docx": office(extra={"b.docx": office()})}), "file_unpacks")
    yield Hostile("many.docx", office(extra={f"x/{n}": b"" for n in range(6_000)}), "file_unpacks")
    honest = archive({"[Content_Types].xml": b"x", "word/a.xml": b"\0" * 50_000_000})
    lying = honest.replace(struct.pack("<I", 50_000_000), struct.pack("<I", 50))
    yield Hostile("lying.docx", lying, "file_damaged")
    true, stated = (struct.pack("<I", zlib.crc32(b"\0" * size)) for size in (50_000_000, 50))
    yield Hostile("lying-well.docx", lying.replace(true, stated), "file_damaged")
    damaged = bytearray(office(extra={"word/a.xml": b"abc" * 5000}))
    damaged[60] ^= 0xFF
    yield Hostile("damaged.docx", bytes(damaged), "file_damaged")
    yield Hostile("overlap.docx", overlapping(), "file_damaged")
    locked = bytearray(office())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = locked.find(mark)
        while place >= 0:
            locked[place + at] |= 1
            place = locked.find(mark, place + 4)
    yield Hostile("password.docx", bytes(locked), "file_protected")


def overlapping() -> bytes:
    """Two entries of the directory point at one and the same part."""
    whole = archive({"a.xml": b"\0" * 5000, "b.xml": b"\0" * 5000})
    second = whole.find(b"PK\x01\x02", whole.find(b"PK\x01\x02") + 4)
    return whole[: second + 42] + struct.pack("<I", 0) + whole[second + 46 :]


def _pictures() -> Iterator[Hostile]:
    yield Hostile("flood.png", png(60_000, 60_000), "file_pixels")
    yield Hostile("long.png", png(2**31 - 1, 1), "file_pixels")
    yield Hostile("flat.png", png(0, 5), "file_damaged")
    yield Hostile("flood.jpg", jpeg(width=65_535, height=65_535), "file_pixels")
    yield Hostile("flat.jpg", jpeg(height=0), "file_damaged")
    yield Hostile("cut.png", png()[:-5], "file_damaged")
    yield Hostile("cut.jpg", jpeg()[:-3], "file_damaged")
    yield Hostile("head.jpg", jpeg()[:40], "file_damaged")
    yield Hostile("no-drawing.png", png(drawing=b""), "file_damaged")
    yield Hostile("no-drawing.jpg", b"\xff\xd8\xff\xe0\0\x02\xff\xd9", "file_damaged")
    yield Hostile("twice.jpg", jpeg(segment(0xC0, struct.pack(">BHHB", 8, 9, 9, 1) + b"\x01\x11\0")), "file_damaged")
    wrong = bytearray(png())
    wrong[20] ^= 1
    yield Hostile("checksum.png", bytes(wrong), "file_damaged")
    lies = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 0xFFFFFFFF, b"IHDR") + b"\0" * 50
    yield Hostile("length.png", lies, "file_damaged")
    yield Hostile("header.png", b"\x89PNG\r\n\x1a\n" + chunk(b"tEXt", b"a\0b"), "file_damaged")
    for name, data in {"text": b"Comment\0<script>", "php": b"x\0<?php system(1) ?>", "place": b"GPS\0" + SECRET}.items():
        yield Hostile(f"{name}.png", png(1, 1, chunk(b"tEXt", data)), "")
        yield Hostile(f"{name}.jpg", jpeg(segment(0xFE, data)), "")
    for name, start in {
        "gif": b"GIF89a", "tiff": b"II*\0", "bmp": b"BM", "webp": b"RIFF\0\0\0\0WEBP", "ico": b"\0\0\x01\0",
        "heic": b"\0\0\0\x18ftypheic", "psd": b"8BPS", "mp4": b"\0\0\0\x18ftypmp42", "wmf": b"\xd7\xcd\xc6\x9a",
    }.items():  # fmt: skip
        yield Hostile(f"{name}.png", start + b"\0" * 60, "file_kind")


def _others() -> Iterator[Hostile]:
    yield Hostile("nothing.pdf", b"", "file_empty")
    yield Hostile("large.txt", b"a" * 10_000_001, "file_too_large")
    yield Hostile("rich.rtf", rb"{\rtf1 {\object x}}", "file_kind")
    yield Hostile("print.ps", b"%!PS-Adobe-3.0\n(/etc/passwd) run", "file_kind")
    yield Hostile("latin.txt", "Décret".encode("latin-1"), "file_kind")
    yield Hostile("wide.txt", "Décret".encode("utf-16"), "file_kind")
    yield Hostile("nul.txt", b"a\0b", "file_kind")
    yield Hostile("bell.txt", b"a\x07b\x1b[31m", "file_kind")
    yield Hostile("terminal.txt", b"\x1b]0;x\x07", "file_kind")
    for name, start in {"gz": b"\x1f\x8b\x08", "7z": b"7z\xbc\xaf\x27\x1c", "rar": b"Rar!\x1a\x07", "xz": b"\xfd7zXZ\0", "sqlite": b"SQLite format 3\0"}.items():
        yield Hostile(f"{name}.pdf", start + b"\0" * 60, "file_kind")


def _names() -> Iterator[Hostile]:
    names = [
        "report.pdf.exe", "report.exe.pdf", "photo.jpg.html", "page.html", "drawing.svg", "run.bat", "x.php",
        "../../../etc/passwd", "..\\..\\windows\\system32\\a.exe", "/etc/passwd", "C:\\boot.ini", "a/b/c.pdf",
        "\u202efdp.exe", "invoice\u202egpj.exe", "\u2066a\u2069.pdf", "a\u200b.pdf", "\ufeffa.pdf", "a\u2028b.pdf",
        "a\rb.pdf", "a\nSet-Cookie: x=1.pdf", 'a"; filename="b.exe', "a;b.pdf", "a%00.pdf", "a%2e%2e%2f.pdf",
        "a<script>.pdf", "<img src=x>.png", "CON.pdf", ".htaccess", ".pdf", "...", " ", "a. . .", "-rf", "~", "$(reboot).pdf",
        "`id`.pdf", "a|b.pdf", "a?b*c.pdf", "名前.pdf", "مرسوم.pdf", "Décret n° 3.pdf", "e\u0301.pdf", "\ud800.pdf",
        "n" * 255, "n" * 255 + ".pdf", "名" * 255 + ".pdf", "n.pdf" * 60, "=cmd|' /C calc'!A0.csv", "@sum.csv", "a:stream.pdf",
    ]  # fmt: skip
    files = list(good().values())
    for number, name in enumerate(names):
        yield Hostile(name, files[number % len(files)], "")
    for kind, content in good().items():
        for ending in ("exe", "html", "svg", "docm", "hta", "js"):
            yield Hostile(f"{kind}.{ending}", content, "")
