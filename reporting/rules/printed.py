"""What a reader sees of a document's parts: values as rounded for print, sentence by sentence.

Pure: formats are those of the renderers, so a printed part is a token here that is equal exactly
when what is printed is equal.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from reporting.document import (
    FALLBACK,
    LANGUAGES,
    Cell,
    Document,
    Figure,
    FigureRef,
    Inline,
    NoteRef,
    Paragraph,
    Progress,
    Rating,
    Run,
    Text,
)

Passage = Mapping[str, tuple[Inline, ...]]
"""Runs by language: a paragraph, or the sentences of it that are concerned."""

Token = tuple[str, ...]

BETWEEN_SENTENCES = Run(" […] ")
_SENTENCE = re.compile(r".*?(?:[.!?؟][”\"’»)\]]*(?=\s|$)|[。！？][”’」』）]*|$)", re.DOTALL)
_ENDS = re.compile(r"(?:[.!?؟。！？][”\"’»)\]」』）]*)\s*$")


def figure(found: Figure | None) -> str:
    """A figure as printed: rounded half up to its decimals, or the kind of nothing."""
    if found is None:
        return ""
    if found.value is None:
        return found.nothing
    return number(found.value, found.decimals) + ("%" if found.per_cent else "")


def number(value: Decimal, decimals: int) -> str:
    """A number as rounded for print; what rounds to zero has no sign."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return format(rounded if rounded else abs(rounded), "f")


def inline(part: Inline, document: Document, language: str) -> str:
    """A run as printed: words, a figure, or the source that a footnote cites."""
    if isinstance(part, FigureRef):
        return part.words or figure(document.figures[part.key])
    if isinstance(part, NoteRef):
        return f"[{document.sources[part.source].citation.in_language(language)}]"
    return part.text


def passage(runs: Passage, document: Document) -> Token:
    """A passage as printed in all languages."""
    return tuple(
        f"{language}: " + "".join(inline(part, document, language) for part in runs[language])
        for language in sorted(runs)
    )


def cell(found: Cell | None, document: Document) -> Token:
    """A cell as printed in all languages."""
    if found is None:
        return ()
    if isinstance(found, FigureRef):
        return (found.words or figure(document.figures[found.key]),)
    if isinstance(found, Rating):
        return (found.status, *words(found.word))
    if isinstance(found, Progress):
        return (found.status, _share(found.achievement), _share(found.expected))
    return words(found)


def _share(ratio: Decimal | None) -> str:
    return "" if ratio is None else number(ratio * 100, 0)


def words(text: Text) -> Token:
    """Words in all languages."""
    return tuple(f"{language}: {found}" for language, found in text.texts.items() if found)


def plain(runs: Iterable[Inline]) -> str:
    """The words around figures and notes: what a sentence says whatever its figures are."""
    return "".join(run.text if isinstance(run, Run) else " ‹› " for run in runs)


def sentences(runs: Sequence[Inline]) -> list[tuple[Inline, ...]]:
    """A paragraph's runs, sentence by sentence; a footnote belongs to the sentence before it."""
    found: list[list[Inline]] = [[]]
    for run in runs:
        if isinstance(run, Run):
            for piece in _pieces(run):
                if _is_over(found[-1]):
                    found.append([])
                if piece.text.strip() or found[-1]:
                    found[-1].append(piece)
        else:
            if isinstance(run, FigureRef) and _is_over(found[-1]):
                found.append([])
            found[-1].append(run)
    return [tuple(sentence) for sentence in found if sentence]


def _pieces(run: Run) -> Iterator[Run]:
    for found in _SENTENCE.findall(run.text):
        if found:
            yield Run(found, run.emphasis, run.language)


def _is_over(sentence: Sequence[Inline]) -> bool:
    """True if the last words of the sentence end it, whatever notes follow."""
    told = [run for run in sentence if not isinstance(run, NoteRef)]
    last = told[-1] if told else None
    return isinstance(last, Run) and _ENDS.search(last.text) is not None


def joined(chosen: Sequence[tuple[int, tuple[Inline, ...]]], language: str) -> tuple[Inline, ...]:
    """Sentences with their places one after the other, what is left out between them marked."""
    runs: list[Inline] = []
    last = -1
    for place, sentence in chosen:
        if runs and place != last + 1:
            runs.append(BETWEEN_SENTENCES)
        elif runs and language != "zh":
            runs.append(Run(" "))
        runs += _stripped(sentence)
        last = place
    return tuple(runs)


def _stripped(sentence: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """A sentence without the space before it and after it."""
    runs = list(sentence)
    for place, side in ((0, str.lstrip), (-1, str.rstrip)):
        if runs and isinstance(edge := runs[place], Run):
            text = side(edge.text)
            if text:
                runs[place] = Run(text, edge.emphasis, edge.language)
            else:
                runs.pop(place)
    return tuple(runs)


def keys(paragraph_runs: Passage) -> set[str]:
    """The figures bound into a passage, in any language."""
    return {
        run.key for runs in paragraph_runs.values() for run in runs if isinstance(run, FigureRef)
    }


def read(paragraph: Paragraph, language: str) -> tuple[Inline, ...]:
    """What a reader of a language reads: the paragraph in it, or the fallback."""
    return paragraph.in_language(language).runs


def languages_of(*paragraphs: Paragraph | None) -> list[str]:
    """The languages in which any of the paragraphs is written."""
    written = {language for one in paragraphs if one is not None for language in one.runs}
    return [language for language in LANGUAGES if language in written]


def in_fallback(paragraph: Paragraph) -> tuple[Inline, ...]:
    """The paragraph in English, or in whichever language there is."""
    return read(paragraph, FALLBACK)
