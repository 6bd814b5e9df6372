"""A ZIP archive that is opened only as far as it is honest.

Everything is checked before a part is unpacked, and counted again while it is: the directory may
lie. Nothing is written to disk and no name in the archive is used as a path.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from habitat_plan.kit.tables.limits import MEGABYTE, Limits, TableRefused

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_BIG_MARK = b"PK\x06\x07"
_LONGEST_COMMENT = 0xFFFF
_LOCAL_HEADER = 30
_DIRECTORY_BYTES_EACH = 400
_PIECE = 1 << 16
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What the standard library raises for an archive that is not what it says."""
_SMALL = MEGABYTE
"""Below this nothing is a bomb, whatever its ratio."""


def broken() -> TableRefused:
    """The refusal of a file that is damaged or was made to look like what it is not."""
    return TableRefused(
        "file_broken",
        _(
            "The file is damaged. Open it in your spreadsheet program, save it as .xlsx and send "
            "it again."
        ),
    )


def _too_large(code: str, limit: int, unit: str) -> TableRefused:
    sentence = _(
        "The file unpacks to more than can be taken (%(limit)s %(unit)s). Copy the table into a "
        "new workbook and send that."
    )
    return TableRefused(code, sentence % {"limit": limit, "unit": unit}, params={"limit": limit})


class Archive:
    """The parts of an archive by name, without regard to case."""

    def __init__(self, content: BinaryIO, limits: Limits) -> None:
        """Raises TableRefused if the archive is broken, encrypted or larger than the limits."""
        self.limits = limits
        _check_directory(content, limits)
        try:
            self._zip = zipfile.ZipFile(content)
        except _DAMAGE as found:
            raise broken() from found
        entries = self._zip.infolist()
        self._entries = {entry.filename.lower().lstrip("/"): entry for entry in entries}
        if len(self._entries) != len(entries):
            raise broken()
        _check_entries(entries, limits)

    def names(self) -> list[str]:
        """Names of all parts, in small letters."""
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def pieces(self, name: str, most: int = 0) -> Iterator[bytes]:
        """A part's bytes as they are unpacked, counted against the limits and `most`, if given.

        Raises KeyError if there is no such part.
        """
        entry = self._entries[name.lower()]
        size = 0
        try:
            with self._zip.open(entry) as part:
                while piece := part.read(_PIECE):
                    size += len(piece)
                    _check_size(size, entry.compress_size, self.limits)
                    if most and size > most:
                        raise broken()
                    yield piece
        except _DAMAGE as found:
            raise broken() from found


def _check_directory(content: BinaryIO, limits: Limits) -> None:
    """Refuse a directory that would itself be too large to read, before it is read."""
    size = content.seek(0, 2)
    content.seek(max(0, size - _LONGEST_COMMENT - _END.size - 20))
    tail = content.read()
    at = tail.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(tail):
        raise broken()
    fields = _END.unpack_from(tail, at)
    directory_bytes, comment_bytes = fields[5], fields[7]
    if at + _END.size + comment_bytes != len(tail) or tail[at - 20 : at - 16] == _BIG_MARK:
        raise broken()
    if fields[4] > limits.entries or directory_bytes > limits.entries * _DIRECTORY_BYTES_EACH:
        raise _too_large("too_many_parts", limits.entries, _("parts"))


def _check_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the directory says of sizes, methods and places."""
    if len(entries) > limits.entries:
        raise _too_large("too_many_parts", limits.entries, _("parts"))
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise TableRefused(
            "password", _("The file is protected by a password. Take the password off and send it.")
        )
    if any(entry.compress_type not in _METHODS for entry in entries):
        raise broken()
    if sum(entry.file_size for entry in entries) > limits.unpacked_bytes:
        raise _too_large("unpacks_too_large", limits.unpacked_bytes // MEGABYTE, "MB")
    for entry in entries:
        _check_size(entry.file_size, entry.compress_size, limits)
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise broken()
        end = entry.header_offset + _LOCAL_HEADER + entry.compress_size


def _check_size(size: int, packed: int, limits: Limits) -> None:
    if size > limits.unpacked_bytes:
        raise _too_large("unpacks_too_large", limits.unpacked_bytes // MEGABYTE, "MB")
    if size > _SMALL and size > max(packed, 1) * limits.ratio:
        raise _too_large("unpacks_too_much", limits.ratio, _("times its size"))
