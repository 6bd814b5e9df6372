"""Words of a document in all six languages: from the catalogue, the plan's wordings, and figures.

Everything is put into words once, at assembly, and frozen; renderers translate nothing.
"""

import functools
import gettext
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

from habitat_plan.kit import formats
from habitat_plan.kit.wording import LANGUAGES, Wording
from reporting.document import FALLBACK, Figure, FigureRef, Inline, NoteRef, Paragraph, Run, Text

WORKING = tuple(language for language in LANGUAGES if language != FALLBACK)
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BETWEEN = {"ar": "؛ ", "zh": "；"}
# Numbers up to nine are words in English documents of the United Nations.
NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


@dataclass(frozen=True)
class Count:
    """A small number that the document itself counts: in English in words up to nine."""

    key: str
    number: int


Part = FigureRef | NoteRef | Count | Text | str | int
Sentence = Mapping[str, tuple[Inline, ...]]


class _Absent(gettext.NullTranslations):
    """Answers for what a catalogue lacks."""

    def gettext(self, message: str) -> str:
        """Nothing: gettext itself would answer with the English words."""
        return ""


@functools.cache
def _catalogue(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, which tells a missing translation from one like English."""
    found = gettext.translation("django", settings.LOCALE_PATHS[0], [language])
    found.add_fallback(_Absent())
    return found


def _messages(message: str) -> Iterator[tuple[str, str]]:
    """The message in each language of the catalogue that has it; English always.

    A language without it is left out, so that the document says that it falls back to English.
    """
    for language in LANGUAGES:
        if language == FALLBACK:
            yield language, message
        elif found := _catalogue(language).gettext(message):
            yield language, found


def said(message: str, **parts: str | int) -> Text:
    """A message of the catalogue in all languages, with plain parts filled in."""
    texts = {language: found % parts if parts else found for language, found in _messages(message)}
    return Text(texts, WORKING)


def in_all(words: Callable[[], str]) -> Text:
    """What `words` says in each language that says it otherwise than English; English always."""
    texts: dict[str, str] = {}
    for language in (FALLBACK, *WORKING):
        with translation.override(language):
            found = words()
        if language == FALLBACK or found != texts[FALLBACK]:
            texts[language] = found
    return Text(texts, WORKING)


def whole(text: Text) -> Sentence:
    """A text that is a sentence of its own."""
    return {language: (Run(found),) for language, found in text.texts.items()}


def plain(text: str) -> Text:
    """The same characters in every language: a code, a year, a symbol."""
    return Text(dict.fromkeys(LANGUAGES, text))


def of(wording: Wording) -> Text:
    """A wording of the plan or a reference list, with its working translations marked."""
    return Text(
        {local.language: local.text for local in wording},
        tuple(local.language for local in wording if local.is_working),
    )


def listed(texts: Sequence[Text]) -> Text:
    """Several names one after the other; a name missing in a language stands there in English."""
    joined = {
        language: BETWEEN.get(language, "; ").join(str(one.in_language(language)) for one in texts)
        for language in LANGUAGES
    }
    return Text(joined, tuple({language for one in texts for language in one.working}))


def run_together(*texts: Text) -> Text:
    """Texts one after the other with nothing between; a missing language stands in English."""
    joined_up = {
        language: "".join(str(one.in_language(language)) for one in texts) for language in LANGUAGES
    }
    return Text(joined_up, tuple({language for one in texts for language in one.working}))


def spoken(sentences: Sequence[Sentence], figures: Mapping[str, Figure]) -> Text:
    """Sentences as text alone, their figures in the language's format: for a cell of an extract."""
    whole_text = joined(*sentences)
    return Text(
        {
            language: "".join(_said(run, language, figures) for run in runs)
            for language, runs in whole_text.items()
        },
        WORKING,
    )


def _said(run: Inline, language: str, figures: Mapping[str, Figure]) -> str:
    if isinstance(run, Run):
        return run.text
    if isinstance(run, NoteRef):
        return ""
    figure = figures[run.key]
    if run.words or figure.value is None:
        return run.words
    shown = formats.figure(figure.value, figure.decimals, language)
    return shown.replace(formats.LEFT_TO_RIGHT, "")


def _inline(part: Part, language: str) -> Inline:
    if isinstance(part, Count):
        in_words = language == FALLBACK and part.number < len(NUMBER_WORDS)
        return FigureRef(part.key, NUMBER_WORDS[part.number] if in_words else "")
    if isinstance(part, (FigureRef, NoteRef)):
        return part
    if isinstance(part, Text):
        local = part.in_language(language)
        return Run(local.text, language=local.language if local.is_fallback else "")
    return Run(str(part))


def _runs(template: str, parts: Mapping[str, Part], language: str) -> tuple[Inline, ...]:
    runs: list[Inline] = []
    at = 0
    for found in PLACEHOLDER.finditer(template):
        if before := template[at : found.start()]:
            runs.append(Run(before.replace("%%", "%")))
        runs.append(_inline(parts[found.group(1)], language))
        at = found.end()
    if rest := template[at:]:
        runs.append(Run(rest.replace("%%", "%")))
    return tuple(runs)


def sentence(message: str, *notes: str, **parts: Part) -> Sentence:
    """A message of the catalogue with figures bound into it, in each language.

    `%(name)s` takes the part of that name: a figure, a text, a year. `notes` are keys of sources
    whose marks follow the sentence.
    """
    marks = tuple(NoteRef(source) for source in notes)
    return {
        language: (*_runs(template, parts, language), *marks)
        for language, template in _messages(message)
    }


class Numbering:
    """Paragraph, table and chart numbers running through a document."""

    def __init__(self) -> None:
        self.paragraphs = self.tables = self.charts = 0

    def paragraph(self, *sentences: Sentence) -> Paragraph:
        """The next numbered paragraph, of one or more sentences."""
        self.paragraphs += 1
        return Paragraph(self.paragraphs, joined(*sentences), WORKING)

    def table(self) -> int:
        """The next table number."""
        self.tables += 1
        return self.tables

    def chart(self) -> int:
        """The next chart number."""
        self.charts += 1
        return self.charts


def joined(*sentences: Sentence) -> Sentence:
    """Sentences one after the other; Chinese sets no space between them.

    A language that lacks one of them is left out: half a paragraph in English is worse than all.
    """
    found = {}
    for language in LANGUAGES:
        if not all(language in one for one in sentences):
            continue
        runs: list[Inline] = []
        for number, one in enumerate(sentences):
            if number and language != "zh":
                runs.append(Run(" "))
            runs += one[language]
        found[language] = tuple(runs)
    return found
