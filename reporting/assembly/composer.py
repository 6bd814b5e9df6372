"""From an outline to a document: headings, blocks and numbers that run through it.

A section whose blocks have nothing to say is left out with its heading.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import override

from focus_areas.queries import PlanElement
from reporting.assembly import words
from reporting.assembly.figures import FigureBook
from reporting.assembly.masthead import masthead_of
from reporting.assembly.snapshot import Snapshot
from reporting.assembly.words import Numbering
from reporting.document import LANGUAGES, Annex, Block, Document, Heading, Paragraph, Text
from reporting.kinds import OutlineSection
from reporting.rendering.labels import fixed_labels

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Place:
    """A section where it stands: its code, its focus area, the level of its heading."""

    section: OutlineSection
    code: str
    area: PlanElement | None = None
    level: int = 1

    @property
    def title(self) -> Text:
        """The heading: of the section, or of its focus area if it has none of its own."""
        if self.section.title:
            return titled(self.section.title)
        return words.of(self.area.title) if self.area else words.plain("")


def titled(title: str | Promise) -> Text:
    """A title of a declaration in all languages."""
    with override("en"):
        message = str(title)
    return words.said(message)


def places(
    sections: Iterable[OutlineSection],
    areas: Iterable[PlanElement],
    area: PlanElement | None = None,
) -> Iterable[Place]:
    """The sections as they stand in a report; those of focus areas once for each."""
    for section in sections:
        if section.each == "focus_area":
            yield from (Place(section, _code(one, section), one) for one in areas)
        else:
            yield Place(section, _code(area, section), area)


def _code(area: PlanElement | None, section: OutlineSection) -> str:
    return ".".join(part for part in (area.code if area else "", section.code) if part)


Maker = Callable[["Composer", Place], Iterable[Block]]


class Composer:
    """A document in the making: what was read, the figures it prints, and the running numbers."""

    def __init__(self, snapshot: Snapshot, makers: Mapping[str, Maker]) -> None:
        self.snapshot = snapshot
        self.makers = makers
        self.book = FigureBook(snapshot)
        self.numbering = Numbering()
        for standing in snapshot.standings:
            self.book.add_standing(standing)

    def document(self) -> Document:
        """The whole document."""
        kind, snapshot = self.snapshot.kind, self.snapshot
        whole = Place(OutlineSection(""), "")
        summary = (
            tuple(
                block
                for block in self.makers[kind.summary](self, whole)
                if isinstance(block, Paragraph)
            )
            if kind.summary
            else ()
        )
        blocks = tuple(self.chapters())
        return Document(
            kind=kind.code,
            period=snapshot.period.code,
            as_of=snapshot.as_of.isoformat() if snapshot.as_of else "",
            languages=LANGUAGES,
            masthead=masthead_of(snapshot, self.book, summary),
            blocks=blocks,
            figures=self.book.figures,
            sources=self.book.sources,
            labels=fixed_labels(),
            digits="arabic_indic" if snapshot.plan.arabic_digits == "arabic_indic" else "western",
        )

    def chapters(self) -> Iterable[Block]:
        """The numbered chapters, then the annexes."""
        outline, areas = self.snapshot.kind.outline, self.snapshot.focus_areas
        chapters = [section for section in outline if not section.annex]
        yield from self.sections(places(chapters, areas), level=1)
        annexes = places([section for section in outline if section.annex], areas)
        number = 0
        for place in annexes:
            if blocks := tuple(self.made(place)):
                yield Annex(ROMAN[number], place.title, blocks)
                number += 1

    def sections(self, found: Iterable[Place], *, level: int) -> Iterable[Block]:
        """Sections of one level with what lies within them."""
        number = 0
        for found_at in found:
            place = replace(found_at, level=level)
            blocks = list(self.made(place))
            if not blocks:
                continue
            yield Heading(level, numbered(number, level), place.title, section=place.code)
            number += 1
            yield from blocks

    def made(self, place: Place) -> Iterable[Block]:
        """The blocks of one section and of the sections within it."""
        for name in place.section.blocks:
            yield from self.makers[name](self, place)
        within = places(place.section.sections, self.snapshot.focus_areas, place.area)
        yield from self.sections(within, level=place.level + 1)

    def is_written(self, place: Place) -> bool:
        """True if an office wrote a text for this section or, for a focus area, one within it."""
        return any(
            code == place.code or code.startswith(f"{place.code}.")
            for code in self.snapshot.written
        )


def numbered(position: int, level: int) -> str:
    """The number of a heading: I, A or 1, by its level."""
    if level == 1:
        return ROMAN[position]
    return LETTERS[position] if level == 2 else str(position + 1)  # noqa: PLR2004 - levels
