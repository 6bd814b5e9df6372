"""Narrative on its way to translators and back: files written and read, nothing looked up.

`HandOff` is what goes out, `Returned` what comes back; `write_xliff` and `write_word` make the
files, `read_returned` reads either of them, and `check_section` says what of a section fits.
"""

from reporting.exchange.checking import CheckedPassage, CheckedSection, Problem, check_section
from reporting.exchange.handoff import (
    HandedPassage,
    HandedSection,
    HandOff,
    Hole,
    Returned,
    ReturnedSection,
    digest_of,
)
from reporting.exchange.passages import SourcePassage, body_of, passages_of
from reporting.exchange.reading import FILE_LIMIT, read_returned
from reporting.exchange.word import write_word
from reporting.exchange.xliff import write_xliff

__all__ = [
    "FILE_LIMIT",
    "CheckedPassage",
    "CheckedSection",
    "HandOff",
    "HandedPassage",
    "HandedSection",
    "Hole",
    "Problem",
    "Returned",
    "ReturnedSection",
    "SourcePassage",
    "body_of",
    "check_section",
    "digest_of",
    "passages_of",
    "read_returned",
    "write_word",
    "write_xliff",
]
