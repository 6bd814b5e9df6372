"""What a file is, by its content: its name and the type its sender states are never believed.

Taken are PDF, JPEG, PNG, text in UTF-8 and five office formats, up to 10 MB. Everything else, and
everything that is two kinds at once, is refused with a sentence that says what to do.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from habitat_plan.kit import archives, pictures
from habitat_plan.kit.refusals import refusal

SIZE_LIMIT = 10_000_000
NAME_LIMIT = 200


@dataclass(frozen=True)
class Kind:
    """A kind of file: its word on pages, the type it is served as, the endings its names have."""

    label: str
    media_type: str
    endings: tuple[str, ...]


@dataclass(frozen=True)
class Recognized:
    """A file that is taken: its kind, and its content as it is to be kept."""

    kind: Kind
    content: bytes


_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
KINDS: Mapping[str, Kind] = {
    "pdf": Kind("PDF", "application/pdf", (".pdf",)),
    "jpeg": Kind("JPEG", "image/jpeg", (".jpg", ".jpeg")),
    "png": Kind("PNG", "image/png", (".png",)),
    "text": Kind("TXT", "text/plain; charset=utf-8", (".txt", ".csv")),
    "docx": Kind("DOCX", f"{_OFFICE}.wordprocessingml.document", (".docx",)),
    "xlsx": Kind("XLSX", f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",)),
    "pptx": Kind("PPTX", f"{_OFFICE}.presentationml.presentation", (".pptx",)),
    "odt": Kind("ODT", f"{_OPEN}.text", (".odt",)),
    "ods": Kind("ODS", f"{_OPEN}.spreadsheet", (".ods",)),
}
BY_MEDIA_TYPE: Mapping[str, Kind] = {kind.media_type: kind for kind in KINDS.values()}

_PDF_START = re.compile(rb"%PDF-[12]\.\d")
_HEAD, _TAIL, _ARCHIVE_END = 1_024, 1_024, 65_557
_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP_START = re.compile(r"\s*<[a-z!?/]", re.IGNORECASE)
_MARKUP = re.compile(
    rb"<(!doctype|\?xml|\?php|html|head|body|script|svg|iframe|object|embed)\b", re.IGNORECASE
)
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
_OTHER_TEXTS = ("#!", "{\\rtf", "%!PS", "MZ")
_NOT_IN_NAMES = re.compile(r'[<>:"|?*%;]')


def recognize(content: bytes) -> Recognized:
    """The kind of a file and what is kept of it (pictures lose their metadata).

    Raises RuleBroken, one of the codes of `refusals.SENTENCES`.
    """
    if not content:
        raise refusal("file_empty")
    if len(content) > SIZE_LIMIT:
        raise refusal("file_too_large")
    if _PDF_START.match(content):
        _check_pdf(content)
        return Recognized(KINDS["pdf"], content)
    if content.startswith(pictures.PNG_START):
        return Recognized(KINDS["png"], pictures.without_metadata(content))
    if content.startswith(pictures.JPEG_START):
        return Recognized(KINDS["jpeg"], pictures.without_metadata(content))
    if content.startswith(archives.ARCHIVE_START):
        return Recognized(KINDS[archives.office_kind(content)], content)
    if content.startswith(_OLE_START):
        raise refusal("file_protected")
    if b"%PDF-" in content[:_HEAD]:
        raise refusal("file_two_kinds")
    _check_text(content)
    return Recognized(KINDS["text"], content)


def _check_pdf(content: bytes) -> None:
    """The file is a PDF to its end, and neither a web page nor an archive besides."""
    if b"%%EOF" not in content[-_TAIL:]:
        raise refusal("file_damaged")
    if _MARKUP.search(content[:_HEAD]) or b"PK\x05\x06" in content[-_ARCHIVE_END:]:
        raise refusal("file_two_kinds")


def _check_text(content: bytes) -> None:
    """Text that a person reads and no program runs."""
    if _MARKUP.search(content[:_HEAD]):
        raise refusal("file_markup")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal("file_kind") from error
    if _MARKUP_START.match(text):
        raise refusal("file_markup")
    if _NOT_TEXT.search(text) or text.startswith(_OTHER_TEXTS):
        raise refusal("file_kind")


def clean_name(name: str, kind: Kind) -> str:
    """A name fit to be shown and to be saved under, with the ending of what the file is.

    Folders, control characters, marks that turn the direction of letters and signs that file
    systems refuse are left out. The name is never used to store the file.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(c for c in last if not unicodedata.category(c).startswith(("C", "Zl", "Zp")))
    plain = _NOT_IN_NAMES.sub("_", re.sub(r"\s+", " ", visible)).strip(" .")
    ending = next((e for e in kind.endings if plain.lower().endswith(e)), "")
    stem = plain[: len(plain) - len(ending)].strip(" .") or "file"
    ending = ending or kind.endings[0]
    return stem[: NAME_LIMIT - len(ending)].rstrip(" .") + ending
