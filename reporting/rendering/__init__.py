"""Renders a frozen document: the same document, language and format always give the same bytes."""

from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from reporting.document import Document
from reporting.rendering.docx import render_docx
from reporting.rendering.fonts import FOLDER, check_fonts, missing_characters
from reporting.rendering.labels import fixed_labels
from reporting.rendering.pdf import render_pdf
from reporting.rendering.reading import Reader
from reporting.rendering.xlsx import render_xlsx

FORMATS = ("pdf", "docx", "xlsx")
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

__all__ = ["CONTENT_TYPES", "FORMATS", "fixed_labels", "missing_characters", "render"]


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
    if format == "xlsx":
        return render_xlsx(reader)
    check_fonts(fonts)
    return render_pdf(reader, fonts) if format == "pdf" else render_docx(reader)
