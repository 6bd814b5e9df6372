"""The rows of a submission as an approver reads them, beside what was approved before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.models import Indicator, SubmissionStep
from indicators.pages.change_words import Names, Told, part_names, told_changes
from indicators.pages.entry_form import description, entry_text, measured, number_text, share_text
from indicators.queries.changes import Earlier
from indicators.queries.entry import EntryRow
from indicators.queries.remarks import Thread
from indicators.rules.aggregation import Entry
from indicators.rules.differences import Content, FieldChange, content_changes


@dataclass(frozen=True)
class Difference:
    """One row beside what was approved last, what changed since it was handed in, what is said.

    `note` is what the reader typed on it and could not send.
    """

    row: EntryRow
    description: str
    before: str
    now: str
    change: str
    share: str
    since: tuple[Told, ...]
    threads: tuple[Thread, ...]
    note: str

    @property
    def differs(self) -> bool:
        """True if there is something to read: a new value, a finding, a word on it."""
        return (
            self.before != self.now
            or bool(self.row.checks or self.since or self.note)
            or any(thread.is_open for thread in self.threads)
            or bool(self.row.figure and self.row.figure.explanation)
        )

    @property
    def said(self) -> tuple[Thread, ...]:
        """What is open, and the notes of earlier returns, which the reader follows up."""
        return tuple(t for t in self.threads if t.is_open or not t.is_query)


@dataclass(frozen=True)
class Around:
    """What is read around the rows of one submission."""

    earlier: Earlier
    since: Mapping[str, tuple[FieldChange, ...]]
    threads: Mapping[int, Sequence[Thread]]
    names: Mapping[str, str]
    notes: Mapping[str, str]


def changed_since(
    steps: Sequence[SubmissionStep], now: Content | None
) -> dict[str, tuple[FieldChange, ...]]:
    """What differs from what was handed in before; nothing if nothing was, or it was not kept.

    `now` are the figures as they stand if they can still be changed; None compares the last two
    submissions.
    """
    kept = [step.content for step in steps if step.action == "submit"]
    if now is not None:
        kept.append(now)
    if len(kept) < 2 or kept[-2] is None or kept[-1] is None:  # noqa: PLR2004  # two to compare
        return {}
    return content_changes(kept[-2], kept[-1])


def authorities_in(since: Mapping[str, tuple[FieldChange, ...]]) -> set[int]:
    """The ids of the authorities that the changes speak of."""
    changes = (change for one in since.values() for change in one)
    return {int(change.name) for change in changes if change.group == "achievements"}


def _number(indicator: Indicator, entry: Entry | None) -> Decimal | None:
    if entry is None:
        return None
    if entry.numerator is not None and entry.denominator:
        return entry.numerator * 100 / entry.denominator
    return entry.number


def _change(indicator: Indicator, before: Decimal | None, now: Decimal | None) -> str:
    if before is None or now is None:
        return ""
    language = get_language() or "en"
    if indicator.kind == Indicator.Kind.RATIO:
        points = formats.figure(now - before, 0, language, signed=True)
        return _("%(number)s points") % {"number": points}
    return formats.figure(now - before, indicator.decimals, language, signed=True)


def difference(row: EntryRow, around: Around) -> Difference:
    """A row in words."""
    indicator = row.indicator
    number: Decimal | None
    if indicator.kind == Indicator.Kind.COUNT:
        counted = around.earlier.counts.get(indicator.pk, 0)
        before, number = number_text(counted), Decimal(counted)
        now = number_text(row.count_to_date)
    else:
        entry = around.earlier.entries.get(indicator.pk)
        before, now = entry_text(indicator, entry), entry_text(indicator, row.figure)
        number = _number(indicator, entry)
    names = Names(part_names(indicator), around.names)
    since = around.since.get(indicator.code, ())
    return Difference(
        row=row,
        description=description(indicator),
        before=before,
        now=now,
        change=_("new") if now and not before else _change(indicator, number, measured(row)),
        share=share_text(row),
        since=told_changes(indicator, since, names),
        threads=tuple(around.threads.get(indicator.pk, ())),
        note=around.notes.get(indicator.code, ""),
    )
