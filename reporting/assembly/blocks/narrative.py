"""What an office wrote, with its figures bound: the same passages in every language."""

from collections.abc import Iterable, Mapping

from reporting.assembly.bound import Refused, look_up
from reporting.assembly.composer import Composer, Place
from reporting.assembly.snapshot import Written
from reporting.document import (
    Block,
    Figure,
    FigureRef,
    Heading,
    Inline,
    NoteRef,
    Paragraph,
    Run,
    Source,
    Text,
)
from reporting.rules.markup import Binding, Footnote, Narrative, Passage, Words, parse
from reporting.rules.words import form_of

DEEPEST = 3
"""The levels of heading that documents know."""

Found = Mapping[str, Figure | Refused]


def text(composer: Composer, place: Place) -> Iterable[Block]:
    """The office's text; nothing if it has not written one."""
    written = composer.snapshot.written.get(place.code)
    if written is None:
        return
    texts = usable(written)
    references = (one for found in texts.values() for one in found.references)
    found = look_up(composer.book, dict.fromkeys(references))
    notes = _notes(composer, place, texts)
    for position, passage in enumerate(texts[written.original].passages):
        runs = {
            language: tuple(_runs(narrative.passages[position], found, notes, language))
            for language, narrative in texts.items()
        }
        yield _block(composer, place, passage, runs)


def usable(written: Written) -> dict[str, Narrative]:
    """The texts by language that have the same passages as the original, one for one.

    A translation with another structure would set sentences beside paragraphs that say something
    else; its language is left to the original, marked as not translated.
    """
    texts = {language: parse(body) for language, body in written.texts.items()}
    shape = [passage.kind for passage in texts[written.original].passages]
    return {
        language: narrative
        for language, narrative in texts.items()
        if [passage.kind for passage in narrative.passages] == shape
    }


def _notes(composer: Composer, place: Place, texts: Mapping[str, Narrative]) -> dict[str, str]:
    """Footnote → the key of its source in the document."""
    keys = dict.fromkeys(key for narrative in texts.values() for key in narrative.footnotes)
    found = {}
    for key in keys:
        reference = f"{place.code}#{key}"
        citation = Text(
            {
                language: narrative.footnotes[key]
                for language, narrative in texts.items()
                if key in narrative.footnotes
            }
        )
        composer.book.sources[reference] = Source(reference, citation)
        found[key] = reference
    return found


def _block(
    composer: Composer, place: Place, passage: Passage, runs: Mapping[str, tuple[Inline, ...]]
) -> Block:
    if passage.kind == "item":
        return Paragraph(0, runs, item=passage.item, section=place.code)
    if passage.kind == "heading":
        if place.level < DEEPEST:
            return Heading(place.level + 1, "", _plain(runs), section=place.code)
        bold = {
            language: tuple(
                Run(run.text, "bold", run.language) if isinstance(run, Run) else run
                for run in found
            )
            for language, found in runs.items()
        }
        return Paragraph(0, bold, section=place.code)
    composer.numbering.paragraphs += 1
    return Paragraph(composer.numbering.paragraphs, runs, section=place.code)


def _plain(runs: Mapping[str, tuple[Inline, ...]]) -> Text:
    """The words of a heading; a heading binds no figures."""
    return Text(
        {
            language: "".join(run.text for run in found if isinstance(run, Run))
            for language, found in runs.items()
        }
    )


def _runs(
    passage: Passage, found: Found, notes: Mapping[str, str], language: str
) -> Iterable[Inline]:
    for inline in passage.inlines:
        if isinstance(inline, Words):
            yield Run(inline.text, inline.emphasis)
        elif isinstance(inline, Footnote):
            yield NoteRef(notes[inline.key])
        else:
            yield from _bound(inline, found[inline.reference], language)


def _bound(binding: Binding, figure: Figure | Refused, language: str) -> Iterable[Inline]:
    """The figure and the words that its number asks for; a reference without one stays as typed."""
    if isinstance(figure, Refused):
        yield Run(f"[[{binding.reference}]]", binding.emphasis)
        return
    yield FigureRef(figure.key)
    form = form_of(binding.forms, figure.value, figure.decimals, language)
    if form:
        yield Run(form if language == "zh" else f" {form}", binding.emphasis)
