"""Why a file is not taken: one sentence for each reason, which says what to do instead."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken

SENTENCES: dict[str, str | Promise] = {
    "file_empty": _("This file is empty. Choose the file again."),
    "file_too_large": _("This file is larger than 10 MB. Make it smaller, or give a link to it."),
    "file_kind": _(
        "Files of this kind are not kept here. Give a PDF, a picture (JPEG or PNG), a text "
        "(TXT or CSV in UTF-8) or an office document (DOCX, XLSX, PPTX, ODT or ODS)."
    ),
    "file_markup": _(
        "This is a web page or a drawing that can run programs in the reader’s browser. "
        "Save it as PDF and choose the new file."
    ),
    "file_two_kinds": _(
        "This file is two kinds of file at once. Save the document again and choose the new file."
    ),
    "file_damaged": _(
        "This file is damaged or not complete. Open it, save it again, and choose the new file."
    ),
    "file_macros": _(
        "This document holds macros. Save it without macros, as DOCX, XLSX or PPTX, and choose "
        "the new file."
    ),
    "file_programs": _(
        "This document holds a program or an object that may be one. Take it out, save the "
        "document, and choose the new file."
    ),
    "file_protected": _(
        "This file is protected by a password or in an old format. Save it without a password, "
        "as PDF, DOCX, XLSX or PPTX, and choose the new file."
    ),
    "file_unpacks": _(
        "This file unpacks to more than this site reads. Make it smaller, or save it as PDF."
    ),
    "file_pixels": _("This picture has more than 60 million points. Make it smaller."),
    "file_infected": _(
        "The virus scanner found something harmful in this file. The file was not kept."
    ),
    "file_not_scanned": _(
        "The virus scanner does not answer, so the file was not kept. Try again in a few minutes."
    ),
    "file_not_kept": _(
        "The file could not be stored and nothing was saved. Try again later; if it happens "
        "again, tell an administrator."
    ),
}


def refusal(code: str) -> RuleBroken:
    """The broken rule with its sentence, for the field `file`."""
    return RuleBroken(code, SENTENCES[code], "file")
