"""Where a report stands in each language. Fixed query counts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from habitat_plan.kit.wording import NATIVE_NAMES
from reporting import permissions_narrative as permissions
from reporting.kinds import KINDS
from reporting.models import Report, Section, SectionText
from reporting.queries import reports
from reporting.queries.narrative import SectionRow, rows_of, title_of, translation_state

TRANSLATED, IN_PART, OUT_OF_DATE, MISSING = "translated", "in_part", "out_of_date", "missing"
STATES = (TRANSLATED, IN_PART, OUT_OF_DATE, MISSING)
HANDED_OFF = (Section.State.SENT, Section.State.CLEARED)
"""What an office still has in hand is not given to translators."""


@dataclass(frozen=True)
class Count:
    """Sections and the words of their originals."""

    sections: int
    words: int


@dataclass(frozen=True)
class LanguageRow:
    """One language of a report: its sections by state, and what may be handed off into it.

    `sources`: the languages that sections to be translated are written in.
    """

    language: str
    name: str
    counts: Mapping[str, Count]
    open: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    all_sources: tuple[str, ...]

    @property
    def is_original(self) -> bool:
        """True if every section is written in it."""
        return not any(count.sections for count in self.counts.values())


@dataclass(frozen=True)
class TranslationPage:
    """A report's translations as one person sees them.

    `moving`: titles of sections that are handed off but not accepted yet, `in_hand`: those that an
    office still writes, with their states; `unwritten`: those without a word.
    """

    report: Report
    kind_title: str
    languages: tuple[LanguageRow, ...]
    moving: tuple[tuple[str, str], ...]
    in_hand: tuple[tuple[str, str], ...]
    unwritten: tuple[str, ...]
    written: int
    may_take: bool
    may_return: bool
    is_frozen: bool

    @property
    def incomplete(self) -> int:
        """Languages in which something is missing."""
        return sum(bool(row.open) for row in self.languages)


def state_in(row: SectionRow, language: str) -> str:
    """Of one section: original, translated, in_part, out_of_date or missing."""
    state = translation_state(row, language)
    is_part = state == OUT_OF_DATE and row.texts[language].translates == 0
    return IN_PART if is_part else state


def untranslated(report: Report) -> dict[str, list[str]]:
    """Language → codes of the sections whose text does not stand in it, or not as it is now.

    In these the document prints the original, with a note. A language that lacks nothing is left
    out. One query.
    """
    texts: dict[str, dict[str, SectionText]] = {}
    originals: dict[str, str] = {}
    for text in SectionText.objects.filter(section__report=report).select_related("section"):
        texts.setdefault(text.section.code, {})[text.language] = text
        originals[text.section.code] = text.section.original
    found: dict[str, list[str]] = {}
    for code, languages in texts.items():
        original = languages.get(originals[code])
        if original is None or not original.body.strip():
            continue
        for language in KINDS[report.kind].languages:
            held = languages.get(language)
            is_now = held is not None and held.body.strip() and held.translates == original.revision
            if language != originals[code] and not is_now:
                found.setdefault(language, []).append(code)
    return found


def translation_page(report: Report, user: reports.Person, *, today: date) -> TranslationPage:
    """Where the report stands in each language. The caller sees to who may see it."""
    rows = rows_of(report, None, today=today)
    written = [row for row in rows if row.is_written and row.section]
    handed = [row for row in written if row.section and row.section.state in HANDED_OFF]
    accepted = [row for row in handed if row.section and row.section.state == Section.State.CLEARED]
    return TranslationPage(
        report=report,
        kind_title=reports.title_of(report.kind),
        languages=tuple(
            _language(language, written, handed) for language in KINDS[report.kind].languages
        ),
        moving=_stated(row for row in handed if row not in accepted),
        in_hand=_stated(row for row in written if row not in handed),
        unwritten=tuple(str(title_of(row.place)) for row in rows if not row.is_written),
        written=len(written),
        may_take=permissions.reads_sent(user),
        may_return=permissions.edits(user),
        is_frozen=permissions.is_frozen(report),
    )


def _stated(rows: Iterable[SectionRow]) -> tuple[tuple[str, str], ...]:
    """Title and state of sections."""
    return tuple(
        (str(title_of(row.place)), row.section.get_state_display()) for row in rows if row.section
    )


def _language(
    language: str, written: Sequence[SectionRow], handed: Sequence[SectionRow]
) -> LanguageRow:
    """How much of the report stands in one language."""
    states = {
        row.code: state
        for row in written
        if (state := state_in(row, language)) != "original"
    }
    return LanguageRow(
        language=language,
        name=NATIVE_NAMES[language],
        counts={
            state: _count(row for row in written if states.get(row.code) == state)
            for state in STATES
        },
        open=tuple(
            (str(title_of(row.place)), states[row.code])
            for row in written
            if states.get(row.code, TRANSLATED) != TRANSLATED
        ),
        sources=sources_of(row for row in handed if states.get(row.code, TRANSLATED) != TRANSLATED),
        all_sources=sources_of(row for row in handed if row.code in states),
    )


def sources_of(rows: Iterable[SectionRow]) -> tuple[str, ...]:
    """The languages that sections are written in, in order."""
    return tuple(dict.fromkeys(row.section.original for row in rows if row.section))


def _count(rows: Iterable[SectionRow]) -> Count:
    found = list(rows)
    return Count(len(found), sum(row.words for row in found))
