"""A file that a translator sends back, of either format."""

from collections.abc import Sequence

from habitat_plan.kit.archives import ARCHIVE_START
from reporting.document import LANGUAGES
from reporting.exchange.handoff import Returned, ReturnedSection
from reporting.exchange.place import Place
from reporting.exchange.refusing import refused
from reporting.exchange.safe_xml import parse_xml
from reporting.exchange.word_reading import read_word
from reporting.exchange.xliff_reading import read_xliff

FILE_LIMIT = 5 * 1024 * 1024
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_returned(content: bytes) -> Returned:
    """The sections of an XLIFF or DOCX file, which is told by its content.

    Raises RuleBroken with one of the codes of `refusing.SENTENCES` and of `kit.refusals`.
    """
    if not content:
        raise refused("file_empty")
    if len(content) > FILE_LIMIT:
        raise refused("file_too_large")
    if content.startswith(ARCHIVE_START):
        found = read_word(content)
    elif content.lstrip()[:1] == b"<" or content.startswith(_BYTE_ORDER_MARKS):
        found = read_xliff(parse_xml(content))
    else:
        raise refused("file_not_translation")
    return _whole(*found)


def _whole(
    languages: tuple[str, str], sections: Sequence[tuple[Place, ReturnedSection]]
) -> Returned:
    """The file as one. Raises RuleBroken if it is of two reports, of none, or says one twice."""
    source, target = languages
    if source not in LANGUAGES or target not in LANGUAGES:
        raise refused("file_languages")
    if not sections:
        raise refused("file_no_places")
    if len({place.report for place, _section in sections}) > 1:
        raise refused("file_two_reports")
    if len({place.code for place, _section in sections}) < len(sections):
        raise refused("file_section_twice")
    report = sections[0][0].report
    return Returned(report, source, target, tuple(section for _place, section in sections))
