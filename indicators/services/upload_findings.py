"""What a file would change, row by row: the same words for the preview, the file and the check.

The lines go through the services that the pages call, so that every rule holds here as there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator, Upload
from indicators.services import authorities, entry, target_lines
from indicators.services.upload_lines import Placed
from indicators.spreadsheets.words import choices
from organization.models import User
from organization.services import audit

NEW, CHANGED, UNCHANGED, REFUSED, BLANK = "new", "changed", "unchanged", "refused", "blank"
STATES = (NEW, CHANGED, UNCHANGED, REFUSED, BLANK)
KEPT = 500
"""Rows of each state that a preview lists; the counts are of all."""
KEPT_REFUSED = 5_000

Lines = Mapping[str, Sequence[Placed]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of a file: where it stands, what it is about, what becomes of it.

    `changes` holds field, earlier and new value in words; `code` and `sentence` the refusal;
    `title` is that of the indicator, if it is known.
    """

    sheet: str
    row: int
    cell: str
    field: str
    label: str
    state: str
    changes: tuple[tuple[str, str, str], ...] = ()
    code: str = ""
    sentence: str = ""
    title: str = ""


@dataclass(frozen=True)
class Found:
    """What a whole file would do, or did. `marks` has one for each row: what it does, exactly."""

    findings: tuple[Finding, ...]
    marks: tuple[bytes, ...]

    @property
    def fingerprint(self) -> str:
        """The same for two files, or two moments, that do the same."""
        return hashlib.sha256(b"".join(self.marks)).hexdigest()

    @property
    def done(self) -> tuple[bytes, ...]:
        """The marks of the rows that are not refused."""
        return tuple(
            mark
            for one, mark in zip(self.findings, self.marks, strict=True)
            if one.state != REFUSED
        )

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each state."""
        found = dict.fromkeys(STATES, 0)
        for one in self.findings:
            found[one.state] += 1
        return found

    @property
    def changes_something(self) -> bool:
        """True if at least one row is new or changed."""
        return any(one.state in {NEW, CHANGED} for one in self.findings)

    @property
    def refused(self) -> frozenset[int]:
        """The places of the refused lines, counted through all sheets from zero."""
        return frozenset(n for n, one in enumerate(self.findings) if one.state == REFUSED)

    def kept(self) -> dict[str, Any]:
        """What is stored for the preview: of each state the first rows, of the refused more."""
        room = dict.fromkeys((NEW, CHANGED, UNCHANGED), KEPT) | {REFUSED: KEPT_REFUSED, BLANK: 0}
        rows = []
        for one in self.findings:
            if room[one.state]:
                room[one.state] -= 1
                rows.append(asdict(one))
        return {"fingerprint": self.fingerprint, "counts": self.counts, "rows": rows}


def compare(*, lines: Lines, language: str, by: User, at: datetime) -> Found:
    """What the lines of a file would change; writes nothing."""
    return _found(
        lines,
        {kind: _compare(kind, _ready(placed), language, by, at) for kind, placed in lines.items()},
    )


def enter(
    *, lines: Lines, language: str, upload: Upload, reason: str, by: User, at: datetime
) -> Found:
    """Saves lines of which none is refused, in the caller's transaction; what they changed.

    Raises RuleBroken if one is refused by now: nothing is saved then.
    """
    return _found(
        lines,
        {
            kind: _enter(kind, _ready(placed), language, upload, reason, by, at)
            for kind, placed in lines.items()
        },
    )


def without(lines: Lines, left_out: frozenset[int]) -> Lines:
    """The lines but those left out, which are counted through all sheets (see `Found.refused`)."""
    kept, first = {}, 0
    for kind, placed in lines.items():
        kept[kind] = [one for place, one in enumerate(placed, first) if place not in left_out]
        first += len(placed)
    return kept


def _found(lines: Lines, outcomes: Mapping[str, Sequence[Any]]) -> Found:
    findings, marks = [], []
    for kind, placed in lines.items():
        told = iter(outcomes[kind])
        for one in placed:
            outcome = None if one.refusal is not None else next(told)
            finding = _finding(one, outcome)
            findings.append(finding)
            marks.append(_mark(finding, outcome))
    return Found(tuple(findings), tuple(marks))


def _ready(placed: Sequence[Placed]) -> list[Any]:
    return [one.line for one in placed if one.refusal is None]


def _enter(
    kind: str,
    lines: list[Any],
    language: str,
    upload: Upload,
    reason: str,
    by: User,
    at: datetime,
) -> Sequence[Any]:
    if kind == "figures":
        return entry.enter_figures(
            lines=lines, language=language, by=by, at=at, upload=upload, reason=reason
        )
    if kind == "achievements":
        return authorities.enter_achievements(
            lines=lines, by=by, at=at, upload=upload, reason=reason
        )
    if kind == "authorities":
        return authorities.enter_authorities(
            lines=lines, by=by, at=at, upload=upload, reason=reason
        )
    if kind == "baselines":
        return target_lines.enter_baselines(lines=lines, language=language, by=by, at=at)
    return target_lines.enter_targets(lines=lines, language=language, by=by, at=at)


def _compare(kind: str, lines: list[Any], language: str, by: User, at: datetime) -> Sequence[Any]:
    if kind == "figures":
        return entry.compare(lines=lines, language=language, by=by, at=at)
    if kind == "achievements":
        return authorities.compare_achievements(lines=lines, by=by, at=at)
    if kind == "authorities":
        return authorities.compare_authorities(lines=lines, by=by, at=at)
    if kind == "baselines":
        return target_lines.compare_baselines(lines=lines, language=language, by=by, at=at)
    return target_lines.compare_targets(lines=lines, language=language, by=by, at=at)


def _finding(one: Placed, outcome: Any) -> Finding:
    refusal: RuleBroken | None = one.refusal if outcome is None else outcome.refusal
    sheet, row, cell = one.place_of(refusal.field if refusal else None)
    indicator = getattr(one.line, "indicator", None)
    title = str(indicator.title) if isinstance(indicator, Indicator) else ""
    if refusal is not None:
        sentences = " ".join(str(text) for text in (refusal.message, *refusal.details))
        field = refusal.field or ""
        code = refusal.code
        return Finding(sheet, row, cell, field, one.label, REFUSED, (), code, sentences, title)
    changes = tuple(
        (name, _shown(before, name, indicator), _shown(after, name, indicator))
        for name, (before, after) in outcome.changes.items()
    )
    return Finding(sheet, row, cell, "", one.label, outcome.state, changes, title=title)


def _mark(finding: Finding, outcome: Any) -> bytes:
    """What of a row must be the same when it is confirmed; sentences may be worded anew."""
    changes = {
        name: [audit.plain(before), audit.plain(after)]
        for name, (before, after) in (outcome.changes.items() if outcome else ())
    }
    told = [finding.sheet, finding.row, finding.state, finding.code, changes]
    written = json.dumps(told, sort_keys=True, default=str)
    return hashlib.blake2b(written.encode(), digest_size=16).digest()


def _shown(value: Any, name: str, indicator: Any) -> str:
    """A value in words of the active language."""
    language = get_language() or "en"
    if value is None or value is False or value == "":
        return ""
    if isinstance(value, Decimal):
        return formats.figure(value, _decimals(value), language)
    if isinstance(value, date):
        return formats.day(value, language)
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    return _in_words(str(value), name, indicator)


def _in_words(value: str, name: str, indicator: Any) -> str:
    """The words for a code that stands in this field; else the text itself."""
    if name == "choice" and isinstance(indicator, Indicator):
        return dict(choices(indicator)).get(value, value)
    if name == "cause" and value in Figure.Cause.values:
        return str(Figure.Cause(value).label)
    return _("Yes") if name == "not_applicable" else value


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0
