"""Pictures without what they tell in secret: where, when, with what and by whom they were taken.

A JPEG or PNG is a row of segments. Those that draw the picture are kept byte by byte, all others
are left out, and so is anything behind the end. Nothing is decoded, so the picture stays the same.
Sources: ITU-T T.81 (JPEG), JFIF 1.02, CIPA DC-008 (Exif), W3C Portable Network Graphics.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from habitat_plan.kit.refusals import refusal

POINTS_LIMIT = 60_000_000
SCANS_LIMIT = 200

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"

# Chunks that draw the picture, its colours and its size; all text, time and Exif chunks are not.
_PNG_KEPT = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT",
             b"bKGD", b"pHYs", b"cICP"}  # fmt: skip
_HEADER_LENGTH = 13
_END_OF_IMAGE, _START_OF_SCAN, _TABLES = 0xD9, 0xDA, {0xC4, 0xCC, 0xDB, 0xDC, 0xDD}
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JFIF, _EXIF, _ADOBE = 0xE0, 0xE1, 0xEE
_ADOBE_LENGTH = 14
# Within a scan a marker is FF and a byte that is neither stuffing nor a restart.
_AFTER_SCAN = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
_ORIENTATION, _SHORT = 0x0112, 3
_UPRIGHT, _LAST_ORIENTATION = 1, 8


def without_metadata(content: bytes) -> bytes:
    """The same picture without its metadata; a turned photograph stays turned.

    Raises RuleBroken `file_damaged`, `file_pixels`.
    """
    try:
        return _png(content) if content.startswith(PNG_START) else _jpeg(content)
    except (struct.error, IndexError) as error:
        raise refusal("file_damaged") from error


def _refuse_flood(width: int, height: int) -> None:
    if not width or not height:
        raise refusal("file_damaged")
    if width * height > POINTS_LIMIT:
        raise refusal("file_pixels")


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, data and whole of each chunk, to the end of the picture."""
    at, name = len(PNG_START), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        (check,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != check:
            raise refusal("file_damaged")
        yield name, content[at + 8 : end - 4], content[at:end]
        at = end


def _png(content: bytes) -> bytes:
    kept: list[bytes] = [PNG_START]
    names: list[bytes] = []
    for name, data, whole in _chunks(content):
        if (name == b"IHDR") != (not names):
            raise refusal("file_damaged")
        if name == b"IHDR":
            if len(data) != _HEADER_LENGTH:
                raise refusal("file_damaged")
            _refuse_flood(*struct.unpack_from(">II", data))
        names.append(name)
        if name in _PNG_KEPT:
            kept.append(whole)
    if b"IDAT" not in names:
        raise refusal("file_damaged")
    return b"".join(kept)


def _segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker, data and, for a scan, the drawing that follows it; to the end of the picture."""
    at, scans = 2, 0
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise refusal("file_damaged")
        while content[at] == 0xFF:  # noqa: PLR2004
            at += 1
        marker = content[at]
        if marker == _END_OF_IMAGE:
            break
        (length,) = struct.unpack_from(">H", content, at + 1)
        data, end = content[at + 3 : at + 1 + length], at + 1 + length
        drawing = b""
        if marker == _START_OF_SCAN:
            after, scans = _AFTER_SCAN.search(content, end), scans + 1
            if after is None or scans > SCANS_LIMIT:
                raise refusal("file_damaged")
            drawing, end = content[end : after.start()], after.start()
        if end > len(content) or length < 2:  # noqa: PLR2004 - the length counts itself
            raise refusal("file_damaged")
        yield marker, data, drawing
        at = end
    if not scans:
        raise refusal("file_damaged")


def _jpeg(content: bytes) -> bytes:
    kept, frames, orientation = [], 0, _UPRIGHT
    for marker, data, drawing in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, 1)
            _refuse_flood(width, height)
            frames += 1
        if marker in _FRAMES or marker in _TABLES or marker == _START_OF_SCAN:
            kept.append(_segment(marker, data) + drawing)
        elif marker == _JFIF and data.startswith(b"JFIF\0"):
            kept.append(_segment(marker, data[:12].ljust(12, b"\0") + b"\0\0"))
        elif marker == _ADOBE and data.startswith(b"Adobe"):
            kept.append(_segment(marker, data[: _ADOBE_LENGTH - 2]))
        elif marker == _EXIF and data.startswith(b"Exif\0\0"):
            orientation = _orientation(data[6:])
    if frames != 1:
        raise refusal("file_damaged")
    turned = [] if orientation == _UPRIGHT else [_segment(_EXIF, _only_orientation(orientation))]
    return b"".join([b"\xff\xd8", *turned, *kept, b"\xff\xd9"])


def _segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def _orientation(exif: bytes) -> int:
    """Which way the photograph is to be turned, 1 to 8; upright if it does not say."""
    order = {b"MM": ">", b"II": "<"}.get(exif[:2])
    if order is None:
        return _UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, at)
        for place in range(count):
            tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + place * 12)
            if (tag, kind) == (_ORIENTATION, _SHORT) and value <= _LAST_ORIENTATION:
                return max(int(value), _UPRIGHT)
    except struct.error:
        pass  # a broken note on the photograph says nothing about the photograph
    return _UPRIGHT


def _only_orientation(value: int) -> bytes:
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, value, 0)
    return b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
