"""Office documents are zip archives: which kind this is, and that it holds nothing that runs.

Every part is unpacked once, in pieces, against one allowance, since the sizes that an archive
states may be lies. Nothing is written to disk and no XML is parsed.
Sources: APPNOTE 6.3 (zip), ECMA-376 part 2 (OOXML), OASIS OpenDocument 1.3 part 2.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from habitat_plan.kit.refusals import refusal

ARCHIVE_START = b"PK\x03\x04"
UNPACKED_LIMIT = 100_000_000
MEMBERS_LIMIT = 5_000
RATIO_LIMIT = 200
RATIO_FROM = 10_000_000
NESTED_LIMIT = 10_000_000

_END, _END_LENGTH, _LOCAL_LENGTH = b"PK\x05\x06", 22, 30
_PIECE = 1 << 16
_ENCRYPTED = 0x1
_TYPES = "[Content_Types].xml"
_OOXML = {
    b"wordprocessingml.document.main+xml": "docx",
    b"spreadsheetml.sheet.main+xml": "xlsx",
    b"presentationml.presentation.main+xml": "pptx",
}
_ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_MACRO_NAMES = ("vbaproject", "vbadata", "vbasignature")
_MACRO_FOLDERS = {"basic", "scripts", "macrosheets", "activex", "dialogsheets"}
_PROGRAM_STARTS = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"L\0\0\0\x01\x14\x02\0",
)  # fmt: skip
_PROGRAM_ENDINGS = {
    ".bat", ".class", ".cmd", ".com", ".cpl", ".dll", ".exe", ".hta", ".jar", ".js", ".jse",
    ".lnk", ".msi", ".pif", ".ps1", ".py", ".reg", ".scr", ".sh", ".vbe", ".vbs", ".wsf",
}  # fmt: skip
_PROGRAM_INSIDE = b"This program cannot be run in DOS mode"
_BROKEN = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error, ValueError,
    struct.error,
)  # fmt: skip


@dataclass
class _Allowance:
    """How many bytes may still be unpacked."""

    left: int = UNPACKED_LIMIT

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise refusal("file_unpacks")


def office_kind(content: bytes) -> str:
    """`docx`, `xlsx`, `pptx`, `odt` or `ods`.

    Raises RuleBroken `file_kind`, `file_two_kinds`, `file_damaged`, `file_protected`,
    `file_macros`, `file_programs`, `file_unpacks`.
    """
    return _kind(content, _Allowance(), is_nested=False)


def _kind(content: bytes, allowance: _Allowance, *, is_nested: bool) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            _check_structure(content, members)
            _check_names(members)
            before = allowance.left
            for member in members:
                _check_member(content, member, allowance, is_nested=is_nested)
            unpacked = before - allowance.left
            if unpacked > RATIO_FROM and unpacked > RATIO_LIMIT * len(content):
                raise refusal("file_unpacks")
            return _declared(archive, members)
    except _BROKEN as error:
        raise refusal("file_damaged") from error


def _check_structure(content: bytes, members: list[zipfile.ZipInfo]) -> None:
    """The archive begins and ends with the file, and its parts do not overlap."""
    if content.rfind(_END) != len(content) - _END_LENGTH:
        raise refusal("file_two_kinds")
    if not members or len(members) > MEMBERS_LIMIT:
        raise refusal("file_unpacks" if members else "file_kind")
    free_from = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < free_from or (not free_from and member.header_offset):
            raise refusal("file_damaged" if free_from else "file_two_kinds")
        name, extra = struct.unpack_from("<HH", content, member.header_offset + 26)
        free_from = member.header_offset + _LOCAL_LENGTH + name + extra + member.compress_size
    if sum(member.file_size for member in members) > UNPACKED_LIMIT:
        raise refusal("file_unpacks")


def _check_names(members: list[zipfile.ZipInfo]) -> None:
    names = [member.filename for member in members]
    if len({name.casefold() for name in names}) != len(names):
        raise refusal("file_damaged")
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise refusal("file_protected")
        path = PurePosixPath(member.orig_filename.casefold())
        if path.is_absolute() or ".." in path.parts or set("\\\0:") & set(member.orig_filename):
            raise refusal("file_damaged")
        if path.name.startswith(_MACRO_NAMES) or _MACRO_FOLDERS & set(path.parts[:-1]):
            raise refusal("file_macros")
        if path.suffix in _PROGRAM_ENDINGS:
            raise refusal("file_programs")
        if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise refusal("file_kind")


def _check_member(
    content: bytes, member: zipfile.ZipInfo, allowance: _Allowance, *, is_nested: bool
) -> None:
    """Refuses a part that is a program, and looks into one that is an archive."""
    end_of_last = first = b""
    for piece in _unpacked(content, member):
        first = first or piece
        allowance.spend(len(piece))
        if _PROGRAM_INSIDE in end_of_last + piece:
            raise refusal("file_programs")
        end_of_last = piece[-len(_PROGRAM_INSIDE) :]
    if first.startswith(_PROGRAM_STARTS):
        raise refusal("file_programs")
    if first.startswith(ARCHIVE_START):
        # A chart keeps its workbook inside the document; an archive deeper than that is a bomb.
        if is_nested or member.file_size > NESTED_LIMIT:
            raise refusal("file_unpacks")
        _kind(b"".join(_unpacked(content, member)), allowance, is_nested=True)


def _unpacked(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in pieces, to the end of what is packed and not only to the size that it states."""
    name, extra = struct.unpack_from("<HH", content, member.header_offset + 26)
    start = member.header_offset + _LOCAL_LENGTH + name + extra
    packed = content[start : start + member.compress_size]
    size, check = 0, 0
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    is_packed = member.compress_type == zipfile.ZIP_DEFLATED
    while packed and not unpack.eof:
        piece = unpack.decompress(packed, _PIECE) if is_packed else packed[:_PIECE]
        packed = unpack.unconsumed_tail if is_packed else packed[_PIECE:]
        size, check = size + len(piece), zlib.crc32(piece, check)
        if size > member.file_size:
            break
        yield piece
    is_whole = unpack.eof and not unpack.unused_data if is_packed else not packed
    if not is_whole or (size, check) != (member.file_size, member.CRC):
        raise refusal("file_damaged")


def _declared(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> str:
    """The kind that the document itself states."""
    names = {member.filename for member in members}
    if _TYPES in names:
        types = archive.read(_TYPES)
        if b"macroenabled" in types.lower() or b"vbaproject" in types.lower():
            raise refusal("file_macros")
        found = [kind for words, kind in _OOXML.items() if words in types]
    elif "mimetype" in names:
        found = [kind for words, kind in _ODF.items() if words == archive.read("mimetype").strip()]
    else:
        found = []
    if len(found) != 1:
        raise refusal("file_kind")
    return found[0]
