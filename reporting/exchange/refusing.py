"""Why a file from a translator cannot be read, and what to do instead."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.refusals import refusal

SENTENCES: dict[str, str | Promise] = {
    "file_too_large": _(
        "This file is larger than 5 MB, and no translation is. Take pictures and other additions "
        "out, or download a new file and copy the translation into it."
    ),
    "file_not_translation": _(
        "This is neither an XLIFF nor a DOCX file. Choose the file that the translation was "
        "written in: its name ends in .xlf, .xliff or .docx."
    ),
    "file_document_type": _(
        "This file holds a document type or entities, which no translation needs. Save it again "
        "from your translation program, or download a new file and copy the translation into it."
    ),
    "file_too_much": _(
        "This file holds far more than a translation does. Download a new file and copy the "
        "translation into it."
    ),
    "file_other_xml": _(
        "This file is not XLIFF 2.0 or 1.2. Save it from your translation program as XLIFF and "
        "choose the new file."
    ),
    "file_code": _(
        "A translation in this file holds <%(element)s>, which is no text. Take it out in your "
        "translation program and choose the file again."
    ),
    "file_no_places": _(
        "This file does not say which sections it holds: the lines that begin with a report’s "
        "name are gone. Download a new file and copy the translation into it."
    ),
    "file_section_twice": _(
        "This file holds a section twice. Take one of them out and choose the file again."
    ),
    "file_two_reports": _(
        "This file holds sections of two reports. Return one report at a time."
    ),
    "file_languages": _(
        "This file does not say from which language into which it was translated. Download a new "
        "file and copy the translation into it."
    ),
}


def refused(code: str) -> RuleBroken:
    """The broken rule with its sentence, for the field `file`."""
    if code in SENTENCES:
        return RuleBroken(code, SENTENCES[code], "file")
    return refusal(code)
