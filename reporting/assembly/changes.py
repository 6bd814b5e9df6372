"""A change of a report in words: where it stands, what it says, why. For documents and pages."""

from collections.abc import Iterable, Mapping
from datetime import date

from habitat_plan.kit import formats
from reporting.assembly import words
from reporting.assembly.words import Sentence, sentence
from reporting.document import (
    LANGUAGES,
    NO_TEXT,
    Cell,
    Document,
    FigureRef,
    Paragraph,
    Progress,
    Rating,
    Text,
)
from reporting.rendering.reading import Reader
from reporting.rules.causes import RECORDED_LATER, Cause
from reporting.rules.comparison import Content
from reporting.rules.places import Place

_COMMA = {"ar": "، ", "zh": "，"}


def place_text(place: Place) -> Text:
    """`Paragraph 34`; `Table 2, FA2.1, 2017`; `Figure 3, 2017`; `Heading “Results”`."""
    return _listed([block_text(place), *(part for part in (place.row, place.column) if part)])


def block_text(place: Place) -> Text:
    """The paragraph, table, chart or heading alone."""
    if place.kind == "summary":
        return words.said("Summary")
    if place.kind == "table":
        return words.said("Table %(number)s", number=place.number)
    if place.kind == "chart":
        return words.said("Figure %(number)s", number=place.number)
    if place.kind == "heading":
        return words.spoken([sentence("Heading “%(words)s”", words=place.words)], {})
    return _paragraph(place)


def _paragraph(place: Place) -> Text:
    number = str(place.number)
    if place.item:
        number = f"{number} ({chr(ord('a') + place.item - 1)})"
    if place.is_after:
        return words.said("After paragraph %(number)s", number=number)
    return words.said("Paragraph %(number)s", number=number)


def within_text(place: Place) -> Text:
    """The row and column of a cell, or the mark and point of a chart; empty for all of it."""
    return _listed([part for part in (place.row, place.column) if part])


def _listed(texts: Iterable[Text]) -> Text:
    parts = list(texts)
    joined = {
        language: _COMMA.get(language, ", ").join(str(one.in_language(language)) for one in parts)
        for language in LANGUAGES
    }
    if not parts:
        return NO_TEXT
    return Text(joined, tuple({language for one in parts for language in one.working}))


def shown(content: Content | None, document: Document, language: str) -> str:
    """What stands at a place as a reader of one language reads it; empty if nothing does."""
    if content is None:
        return ""
    reader = Reader(document, language)
    if isinstance(content, Mapping):
        pieces = reader.pieces(Paragraph(0, content))
        return "".join(piece.text for piece in pieces if piece.kind != "note")
    if isinstance(content, FigureRef) and not content.words:
        nothing = document.figures[content.key].nothing
        if nothing:
            return reader.label(f"{nothing}_words")
    return reader.cell(content, "text")


def content_text(content: Content | None, document: Document) -> Text:
    """The same in all languages that have it."""
    if content is None:
        return NO_TEXT
    languages = _languages(content)
    texts = {language: shown(content, document, language) for language in languages}
    return Text(texts, words.WORKING if isinstance(content, (Mapping, Rating)) else ())


def _languages(content: Content) -> Iterable[str]:
    if isinstance(content, Mapping):
        return content
    text = content.word if isinstance(content, Rating) else content
    return text.texts if isinstance(text, Text) else LANGUAGES


def is_numeric(content: Content | None) -> bool:
    """True if one figure or a share stands there."""
    return isinstance(content, (FigureRef, Progress))


def cell_of(content: Content | None, document: Document) -> Cell:
    """The content as a cell: a figure stays bound, all else is put into words."""
    if isinstance(content, FigureRef):
        return content
    return content_text(content, document)


def why_said(causes: Iterable[Cause]) -> Sentence:
    """What caused a change, a sentence for each cause; reasons stay in the language they are in."""
    told = [_why(cause) for cause in causes]
    return words.joined(
        *(told or [sentence("Figures were changed after the report was assembled.")])
    )


def why(causes: Iterable[Cause]) -> Text:
    """The same as text alone, for a cell."""
    return words.spoken([why_said(causes)], {})


def _why(cause: Cause) -> Sentence:
    """One cause in a sentence."""
    parts: dict[str, words.Part] = {
        "codes": _listed([words.plain(code) for code in sorted(cause.codes)]),
        "who": cause.subject,
        "year": cause.year,
        "date": day_text(cause.at.date()),
        "reason": Text.of(en=cause.reason.rstrip(".")),
    }
    if cause.kind == "approval":
        return sentence(
            "The figures of %(who)s for %(year)s were approved on %(date)s only.", **parts
        )
    if cause.kind == "merge":
        return sentence(
            "%(who)s was found on %(date)s to be the same as another entry and counts once "
            "(quality assurance officer: “%(reason)s”).",
            **parts,
        )
    if cause.kind == "undone_merge":
        return sentence(
            "%(who)s was found on %(date)s to be an authority of its own and counts by itself "
            "(quality assurance officer: “%(reason)s”).",
            **parts,
        )
    if cause.kind in RECORDED_LATER:
        return _recorded(cause, parts)
    return sentence(
        "%(codes)s of %(who)s for %(year)s was corrected on %(date)s (quality assurance "
        "officer: “%(reason)s”).",
        **parts,
    )


def _recorded(cause: Cause, parts: Mapping[str, words.Part]) -> Sentence:
    """What was recorded of evaluations only after the report was assembled."""
    if cause.kind == "published":
        return sentence(
            "%(who)s, published by the end of %(year)s, was recorded on %(date)s only.", **parts
        )
    if cause.kind == "recommended":
        return sentence("%(who)s were recorded on %(date)s only.", **parts)
    return sentence(
        "%(who)s: what was answered or done in %(year)s was recorded on %(date)s only.", **parts
    )


def day_text(day: date) -> Text:
    """A day in full in all languages."""
    return Text({language: formats.day(day, language) for language in LANGUAGES})
