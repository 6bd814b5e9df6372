"""What is handed to translators: sections with what of earlier translations still serves."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from focus_areas.queries import plan, texts
from reporting.exchange import HandedPassage, HandedSection, HandOff, SourcePassage, passages_of
from reporting.exchange.memory import Kept, aligned, carried
from reporting.models import Report, SectionText, SectionVersion
from reporting.queries import reports
from reporting.queries.bound import Bound
from reporting.queries.narrative import SectionRow, rows_of, title_of
from reporting.queries.translation import HANDED_OFF, IN_PART, TRANSLATED, sources_of, state_in
from reporting.rendering.numbers import Numbers
from reporting.rules.markup import Narrative, parse
from reporting.rules.words import FORMS

GLOSSARY = ("title", "addressee")
"""Kinds of texts of the plan whose words are terms."""

Glossary = Sequence[tuple[str, str]]
Versions = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Memory:
    """What is held of a section in one language, by passage.

    `current` says what the source says now; `earlier` is of other words, and to be looked at.
    """

    current: Kept
    earlier: Kept


def hand_off(
    report: Report, *, target: str, source: str = "", everything: bool = False, today: date
) -> HandOff | None:
    """The sections of a report that are to be translated into a language; None if there are none.

    `source`: the language they are written in, by default the one of the first of them.
    `everything`: also those that are translated already.
    """
    rows = [
        row
        for row in rows_of(report, None, today=today)
        if row.is_written and row.section and row.section.state in HANDED_OFF
        and row.section.original != target
        and (everything or state_in(row, target) != TRANSLATED)
    ]  # fmt: skip
    source = source or next(iter(sources_of(rows)), "")
    rows = [row for row in rows if row.section and row.section.original == source]
    if not rows:
        return None
    versions, glossary = versions_of(rows, target), glossary_of(source, target)
    return HandOff(
        report=report.slug,
        title=f"{reports.title_of(report.kind)}, {report.period}",
        source=source,
        target=target,
        sections=tuple(_section(row, target, versions, glossary) for row in rows),
        shown=shown_figures((one for row in rows for one in row.bound), target),
    )


def shown_figures(bound: Iterable[Bound], language: str) -> dict[str, str]:
    """Reference → the number as it would be printed today. One query."""
    is_indic = plan().arabic_digits == "arabic_indic"
    numbers = Numbers(language, "arabic_indic" if is_indic else "western")
    return {
        one.reference: numbers.figure(one.figure, sign=False)
        for one in bound
        if one.figure is not None and one.figure.value is not None
    }


def glossary_of(source: str, target: str) -> Glossary:
    """Terms of the plan in both languages, the longest first. One query."""
    found = {}
    for text in texts(kinds=GLOSSARY).values():
        ours, theirs = text.wording.local(source), text.wording.local(target)
        if (ours.language, theirs.language) == (source, target):
            found[ours.text.strip()] = theirs.text.strip()
    return sorted(found.items(), key=lambda pair: (-len(pair[0]), pair[0]))


def terms_in(words: str, glossary: Glossary) -> tuple[tuple[str, str], ...]:
    """The terms that stand in some words, whatever the size of their letters."""
    folded = words.casefold()
    return tuple(
        (term, other)
        for term, other in glossary
        if term.casefold() in folded
        and re.search(rf"(?<!\w){re.escape(term.casefold())}(?!\w)", folded)
    )


def versions_of(rows: Iterable[SectionRow], target: str) -> Versions:
    """(Text, revision) → its words then, of originals that translations were made from. One query.

    Not every revision is kept: only what stood when a sitting ended.
    """
    wanted = {
        row.original.pk: text.translates
        for row in rows
        if row.original and (text := row.texts.get(target)) and text.translates
    }
    found = SectionVersion.objects.filter(text__in=wanted).values_list(
        "text_id", "revision", "body"
    )
    return {
        (text, revision): body for text, revision, body in found if wanted[text] == revision
    }


def memory_of(row: SectionRow, target: str, versions: Versions) -> Memory:
    """What of a section's translation still serves."""
    original, text = row.original, row.texts.get(target)
    if original is None or text is None or not text.body.strip():
        return Memory({}, {})
    now, held = parse(original.body), parse(text.body)
    whole = aligned(now, held)
    if text.translates == original.revision:
        return Memory(whole, {})
    if state_in(row, target) == IN_PART:
        return _part(now, whole, original, text)
    before = versions.get((original.pk, text.translates or 0))
    current = carried(now, parse(before), held) if before is not None else {}
    return Memory(current, {key: one for key, one in whole.items() if key not in current})


def _part(now: Narrative, whole: Kept, original: SectionText, text: SectionText) -> Memory:
    """Of a translation with gaps: what stands in the words of the source was never translated."""
    source = {one.key: one.inlines for one in passages_of(now)}
    found = {key: one for key, one in whole.items() if one != source[key]}
    if original.written_at <= text.written_at:
        return Memory(found, {})
    return Memory({}, found)


def _section(
    row: SectionRow, target: str, versions: Versions, glossary: Glossary
) -> HandedSection:
    if row.original is None:
        raise ValueError(f"Section {row.code} has no original")
    memory = memory_of(row, target, versions)
    passages = tuple(
        HandedPassage(
            source=one,
            target=memory.current.get(one.key, memory.earlier.get(one.key)),
            is_current=one.key in memory.current,
            terms=terms_in(one.words, glossary),
            note=forms_note(one, target) if one.kind == "forms" else "",
        )
        for one in passages_of(parse(row.original.body))
    )
    return HandedSection(
        code=row.code,
        title=str(title_of(row.place)),
        revision=row.original.revision,
        body=row.original.body,
        passages=passages,
        prompt=str(row.outline.prompt),
        words=row.outline.words,
    )


def forms_note(passage: SourcePassage, target: str) -> str:
    """What a translator is asked for where a word changes with the number before it."""
    key, place = passage.of
    names = FORMS[target]
    said = {"figure": place, "passage": key, "count": len(names), "names": " | ".join(names)}
    if len(names) == 1:
        return _("The word after figure %(figure)s of passage %(passage)s.") % said
    return (
        _(
            "The word after figure %(figure)s of passage %(passage)s, which changes with the "
            "number. Give its %(count)s forms in this order: %(names)s. One alone stands for all."
        )
        % said
    )
