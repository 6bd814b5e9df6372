"""How a kind of report is declared: one outline of sections, each a list of blocks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

FILES = ("pdf", "docx", "xlsx", "html", "json")
EXTRACT = ("xlsx", "csv")
LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")

Audience = Literal["public", "committee", "secretariat"]
Words = str | Promise


@dataclass(frozen=True)
class OutlineSection:
    """A section of an outline.

    `blocks` are names of block makers (`reporting.assembly.blocks`), set one after the other;
    the block `text` is what the office writes. `prompt` tells the writer what is asked for, within
    `words`; `writer` is the office that writes: a code, or `branch` for the focus area's own.
    `asks`: what entered data begin the draft with (`explanations`). `each`: once for every focus
    area, whose title is then the heading. `annex`: begins a new page after the numbered chapters.
    """

    code: str
    title: Words = ""
    blocks: tuple[str, ...] = ()
    prompt: Words = ""
    words: int = 0
    writer: str = ""
    asks: tuple[str, ...] = ()
    each: Literal["", "focus_area"] = ""
    annex: bool = False
    sections: tuple["OutlineSection", ...] = ()

    @property
    def is_written(self) -> bool:
        """True if an office writes a text in it."""
        return "text" in self.blocks


@dataclass(frozen=True)
class ReportKind:
    """A declared kind of report.

    `levels`: the levels of result whose indicators it prints. `periods`: the kinds of period it is
    made for. `obligation`: the reporting obligation of the plan it meets. `body`: to whom it goes.
    `heading` is the title of the document, with `%(period)s`. `mandate`: the sentences of why it is
    made. `summary`: the block set in the box under the title. `audience`: who reads it once it is
    issued. `languages` and `formats`: those its files are made in. `for_data`: an extract for
    another system, with a sheet for each table and no masthead.
    """

    code: str
    title: Words
    heading: str
    levels: tuple[str, ...]
    periods: tuple[str, ...]
    obligation: str
    paragraph: str
    body: str
    outline: tuple[OutlineSection, ...]
    mandate: tuple[str, ...] = ()
    summary: str = ""
    audience: Audience = "public"
    languages: tuple[str, ...] = LANGUAGES
    formats: tuple[str, ...] = FILES
    for_data: bool = False
    corrects: bool = False

    def written(self) -> Iterator[OutlineSection]:
        """The sections of the outline that an office writes, in order."""
        yield from (section for section in walk(self.outline) if section.is_written)


def walk(sections: tuple[OutlineSection, ...]) -> Iterator[OutlineSection]:
    """All sections of an outline, each before those within it."""
    for section in sections:
        yield section
        yield from walk(section.sections)
