"""Renders a frozen document: the same document, language and format always give the same bytes."""

from collections.abc import Callable, Mapping
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from reporting.document import Document
from reporting.rendering.csv_files import render_csv
from reporting.rendering.docx import render_docx
from reporting.rendering.fonts import FOLDER, check_fonts, missing_characters
from reporting.rendering.html_file import page_policy, render_html
from reporting.rendering.json_file import render_json
from reporting.rendering.labels import fixed_labels
from reporting.rendering.pdf import render_pdf
from reporting.rendering.reading import Reader
from reporting.rendering.xlsx import render_xlsx

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "application/zip",
}
FORMATS = tuple(CONTENT_TYPES)
"""Every format there is; `reporting.kinds` says which of them a kind of report is made in."""
EXTENSIONS = {format: format for format in FORMATS} | {"csv": "zip"}
"""Format → how the name of its file ends: the tables as CSV are one zip file."""
_SET_IN_FONTS = {"pdf", "docx"}
_RENDERERS: Mapping[str, Callable[[Reader], bytes]] = {
    "docx": render_docx,
    "xlsx": render_xlsx,
    "html": render_html,
    "json": render_json,
    "csv": render_csv,
}

__all__ = [
    "CONTENT_TYPES",
    "EXTENSIONS",
    "FORMATS",
    "Reader",
    "fixed_labels",
    "missing_characters",
    "page_policy",
    "render",
]


def render(document: Document, language: str, format: str, *, fonts: Path = FOLDER) -> bytes:
    """The document's bytes in one language and format.

    Raises RuleBroken `unknown-format`, `unknown-language` (the document is not issued in it),
    `font-missing` (names the file) or `rendering-refused` (the PDF would not be accessible).
    """
    if format not in FORMATS:
        message = format_lazy(
            _("{format} is not a format of documents. Choose one of {formats}."),
            format=format,
            formats=", ".join(FORMATS),
        )
        raise RuleBroken("unknown-format", message)
    if language not in document.languages:
        message = format_lazy(
            _("This document is not issued in the language {language}. Choose one of {languages}."),
            language=language,
            languages=", ".join(document.languages),
        )
        raise RuleBroken("unknown-language", message)
    reader = Reader(document, language)
    if format in _SET_IN_FONTS:
        check_fonts(fonts)
    return render_pdf(reader, fonts) if format == "pdf" else _RENDERERS[format](reader)
