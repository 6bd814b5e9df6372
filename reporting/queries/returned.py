"""What a returned translation would change, section by section: nothing is saved by looking."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.wording import NATIVE_NAMES
from organization.models import User
from reporting import returned_files
from reporting.exchange import (
    CheckedSection,
    Problem,
    Returned,
    ReturnedSection,
    SourcePassage,
    check_section,
    digest_of,
    passages_of,
    read_returned,
)
from reporting.exchange.memory import aligned
from reporting.kinds import KINDS
from reporting.models import Report, SectionText
from reporting.queries import reports
from reporting.queries import returned_words as words
from reporting.queries.hand_off import Memory, Versions, memory_of, shown_figures, versions_of
from reporting.queries.narrative import SectionRow, rows_of, title_of
from reporting.rules.markup import Footnote, Inline, Words, parse

State = Literal["new", "changed", "unchanged", "left", "refused"]


@dataclass(frozen=True)
class ShownPassage:
    """A passage in the preview: what stands now and what would stand. Figures are printed."""

    name: str
    source: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """True if saving would change it."""
        return self.before != self.after


@dataclass(frozen=True)
class ReturnedRow:
    """A section of the file: what saving would do, and why it cannot be saved if it cannot.

    `told`: what the person should know, such as an original that has gone on. `missing`: passages
    without a translation. `translates`, `body` and `seen` are what would be saved.
    """

    code: str
    title: str
    state: State
    problems: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    passages: tuple[ShownPassage, ...] = ()
    body: str = ""
    translates: int = 0
    seen: int = 0

    @property
    def is_saved(self) -> bool:
        """True if saving would write this section."""
        return self.state in {"new", "changed"}


@dataclass(frozen=True)
class Preview:
    """A whole file. It is saved whole or not at all. `absent`: sections it could have held."""

    report: Report
    kind_title: str
    source: str
    language: str
    rows: tuple[ReturnedRow, ...]
    absent: tuple[str, ...]

    @property
    def name(self) -> str:
        """The language in its own script."""
        return NATIVE_NAMES[self.language]

    @property
    def is_refused(self) -> bool:
        """True if something must be put right before anything can be saved."""
        return any(row.problems for row in self.rows)

    @property
    def is_asking(self) -> bool:
        """True if somebody must say that what looks wrong is meant."""
        return any(row.questions for row in self.rows if row.is_saved)

    @property
    def to_save(self) -> tuple[ReturnedRow, ...]:
        """The sections that saving would write."""
        return tuple(row for row in self.rows if row.is_saved)

    @property
    def fingerprint(self) -> str:
        """Changes with everything that saving would do."""
        done = [[row.code, row.state, row.body, row.translates, row.seen] for row in self.rows]
        return hashlib.sha256(json.dumps(done, sort_keys=True).encode()).hexdigest()


def preview(report: Report, key: str, user: User, *, today: date) -> Preview | None:
    """What a file that this person sent would change; None if it is no longer kept.

    Raises RuleBroken as `read_returned` does.
    """
    content = returned_files.read(key, report=report.pk, person=user.pk)
    return None if content is None else compare(report, read_returned(content), today=today)


def compare(report: Report, returned: Returned, *, today: date) -> Preview:
    """Compares the file with what is held now. Raises RuleBroken `other_report`, `no_language`."""
    if returned.report != report.slug:
        raise RuleBroken("other_report", words.other_report(returned.report), "file")
    if returned.target not in KINDS[report.kind].languages:
        raise RuleBroken("no_language", words.no_language(returned.target), "file")
    rows = {row.code: row for row in rows_of(report, None, today=today)}
    versions = versions_of(rows.values(), returned.target)
    shown = shown_figures((one for row in rows.values() for one in row.bound), returned.target)
    held = {section.code for section in returned.sections}
    return Preview(
        report=report,
        kind_title=reports.title_of(report.kind),
        source=returned.source,
        language=returned.target,
        rows=tuple(
            _Comparison(returned, section, rows.get(section.code), versions, shown).row()
            for section in returned.sections
        ),
        absent=tuple(
            str(title_of(row.place))
            for row in rows.values()
            if row.is_written and row.code not in held and row.section
            and row.section.original != returned.target
        ),
    )  # fmt: skip


class _Comparison:
    """One section of a file beside what is held of it."""

    def __init__(
        self,
        returned: Returned,
        section: ReturnedSection,
        row: SectionRow | None,
        versions: Versions,
        shown: Mapping[str, str],
    ) -> None:
        self.returned, self.section, self.held = returned, section, row
        self.versions, self.shown = versions, shown
        self.title = str(title_of(row.place)) if row else section.code

    def row(self) -> ReturnedRow:
        """The section in the preview."""
        held = self.held
        if held is None or held.section is None or held.original is None:
            return self.refused(words.unknown_section(self.section.code))
        original = held.section.original
        if self.returned.source != original or self.returned.target == original:
            return self.refused(words.other_original(self.title, original))
        source, is_now = self.source_of(held.original)
        if source is None:
            return self.refused(words.source_gone(self.title))
        return self.compared(held, held.original, source, is_now=is_now)

    def refused(self, *sentences: str) -> ReturnedRow:
        """A section that cannot be saved."""
        return ReturnedRow(self.section.code, self.title, "refused", problems=sentences)

    def source_of(self, original: SectionText) -> tuple[str | None, bool]:
        """The words that were translated, and whether they are those of today.

        They are known by their fingerprint: today's, or those that the file carries itself.
        """
        if digest_of(original.body) == self.section.digest:
            return original.body, True
        body = self.section.body
        return (body if digest_of(body) == self.section.digest else None), False

    def compared(
        self, held: SectionRow, original: SectionText, source: str, *, is_now: bool
    ) -> ReturnedRow:
        """A section whose source is known."""
        text = held.texts.get(self.returned.target)
        memory = memory_of(held, self.returned.target, self.versions)
        found = check_section(
            self.section,
            parse(source),
            original=self.returned.source,
            target=self.returned.target,
            kept=memory.current if is_now else {},
        )
        passages = tuple(one.source for one in found.passages)
        # A translation of an earlier text is never said to be of the present one.
        revision = original.revision if is_now else min(
            self.section.revision, original.revision - 1
        )
        translates = 0 if found.missing else revision
        state, told = self.state_of(found, text, original, translates, is_now=is_now)
        return ReturnedRow(
            code=self.section.code,
            title=self.title,
            state=state,
            problems=tuple(self.sentence(one, passages) for one in found.problems),
            questions=tuple(
                self.sentence(one, passages)
                for one in (*found.questions, *self.not_revised(found, memory))
            ),
            told=told,
            missing=tuple(words.passage_name(one) for one in found.missing),
            passages=self.shown_passages(found, text, source),
            body=found.body,
            translates=translates,
            seen=text.revision if text else 0,
        )

    def state_of(
        self,
        found: CheckedSection,
        text: SectionText | None,
        original: SectionText,
        translates: int,
        *,
        is_now: bool,
    ) -> tuple[State, tuple[str, ...]]:
        """What saving would do, and what the person is told."""
        if found.problems:
            return "refused", ()
        if all(one.target is None for one in found.passages):
            return "left", (words.nothing_translated(),)
        if not is_now and text is not None and (text.translates or 0) > self.section.revision:
            return "left", (words.newer_held(),)
        was, now = self.section.revision, original.revision
        told = () if is_now else (words.outdated(self.returned.source, was, now),)
        if text is None or not text.body.strip():
            return "new", told
        is_same = passages_of(parse(text.body)) == passages_of(parse(found.body))
        return "unchanged" if is_same and text.translates == translates else "changed", told

    def not_revised(self, found: CheckedSection, memory: Memory) -> tuple[Problem, ...]:
        """Passages that stayed as they were although their source may have changed."""
        return tuple(
            Problem("not_revised", one.source.key)
            for one in found.passages
            if one.source.key in self.section.targets
            and one.target is not None
            and memory.earlier.get(one.source.key) == one.target
        )

    def sentence(self, problem: Problem, passages: Sequence[SourcePassage]) -> str:
        """A problem in words."""
        passage = next((one for one in passages if one.key == problem.passage), None)
        language = self.returned.target
        return words.problem_sentence(problem, self.title, passage, self.shown, language)

    def shown_passages(
        self, found: CheckedSection, text: SectionText | None, source: str
    ) -> tuple[ShownPassage, ...]:
        """The passages that the file brings, beside what stands now."""
        before = aligned(parse(source), parse(text.body)) if text else {}
        return tuple(
            ShownPassage(
                name=one.source.key,
                source=self.said(one.source.inlines),
                before=self.said(before.get(one.source.key, ())),
                after=self.said(one.target),
            )
            for one in found.passages
            if one.target is not None
        )

    def said(self, inlines: Sequence[Inline]) -> str:
        """A passage as it would be read, figures as they are printed now."""
        return "".join(map(self.part, inlines)).strip()

    def part(self, inline: Inline) -> str:
        """Words, a figure, or the mark of a footnote."""
        if isinstance(inline, Words):
            return inline.text
        if isinstance(inline, Footnote):
            return f"[{inline.key}]"
        face = self.shown.get(inline.reference) or f"[{inline.reference}]"
        return " ".join((face, *inline.forms[-1:]))
