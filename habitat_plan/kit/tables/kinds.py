"""What a file is, by its first bytes. Its name says nothing."""

from typing import BinaryIO, Literal

from django.utils.translation import gettext as _

from habitat_plan.kit.tables.limits import TableRefused
from habitat_plan.kit.tables.xlsx import not_a_workbook

_BEGINNING = 4096
_COMPOUND = bytes.fromhex("D0CF11E0A1B11AE1")
"""The file of older office programs, and of newer ones when protected by a password."""
_COMPOUND_LOOKED_AT = 1 << 20
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<meta", b"<div")
_OTHERS = (
    b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"{\\rtf", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
    b"BM", b"II*\0", b"MM\0*", b"\x7fELF", b"MZ", b"PAR1", b"SQLite format 3\0",
)  # fmt: skip
_SHORT_MARKS = (b"BM", b"MZ")
"""Two letters are also how a text may begin; then a zero byte must follow."""


def kind_of(content: BinaryIO) -> Literal["xlsx", "delimited"]:
    """A workbook or delimited text. Raises TableRefused, saying how to save what it is instead."""
    content.seek(0)
    beginning = content.read(_BEGINNING)
    content.seek(0)
    if beginning.startswith(b"PK\x03\x04"):
        return "xlsx"
    if beginning.startswith(_COMPOUND):
        raise _older_workbook(content)
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(_MARKUP):
        raise TableRefused(
            "web_page",
            _(
                "This is a web page, whatever its name says. Open it in your spreadsheet program, "
                "save it as .xlsx and send that."
            ),
        )
    if any(_is_other(beginning, mark) for mark in _OTHERS) or beginning.startswith(b"PK"):
        raise not_a_workbook()
    return "delimited"


def _is_other(beginning: bytes, mark: bytes) -> bool:
    return beginning.startswith(mark) and (mark not in _SHORT_MARKS or b"\0" in beginning)


def _older_workbook(content: BinaryIO) -> TableRefused:
    looked_at = content.read(_COMPOUND_LOOKED_AT)
    content.seek(0)
    if _PASSWORD in looked_at:
        return TableRefused(
            "password", _("The file is protected by a password. Take the password off and send it.")
        )
    return TableRefused(
        "older_workbook",
        _("This is an older workbook (.xls), whatever its name says. Save it as .xlsx."),
    )
