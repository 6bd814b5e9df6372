"""What a file would change, row by row: the same words for the preview, the file and the check.

The lines go through the services that the pages call, so that every rule holds here as there.
"""

import hashlib
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator, Upload
from indicators.services import authorities, entry, target_lines
from indicators.services.upload_lines import Place, Placed
from indicators.spreadsheets.reading import Anew
from indicators.spreadsheets.words import choices
from organization.models import User
from organization.services import audit

NEW, CHANGED, UNCHANGED, REFUSED, BLANK = "new", "changed", "unchanged", "refused", "blank"
STATES = (NEW, CHANGED, UNCHANGED, REFUSED, BLANK)
KEPT = 500
"""Rows of each state that a preview lists; the counts are of all."""
KEPT_REFUSED = 5_000
ROOM = {NEW: KEPT, CHANGED: KEPT, UNCHANGED: KEPT, REFUSED: KEPT_REFUSED, BLANK: 0}

Lines = Mapping[str, Iterable[Placed]]


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


@dataclass
class Found:
    """What a whole file would do, or did, gathered row by row; a long file leaves no more here.

    `rows` are those that a preview lists: the first of each state. `refused` are the places of the
    refused lines of each kind, from zero. What each row does, exactly, goes into the hashes.
    """

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STATES, 0))
    rows: list[Finding] = field(default_factory=list)
    refused: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        self._all, self._done = hashlib.sha256(), hashlib.sha256()

    @property
    def fingerprint(self) -> str:
        """The same for two files, or two moments, that do the same."""
        return self._all.hexdigest()

    @property
    def done(self) -> str:
        """The fingerprint of the rows that are not refused, as if they were the whole file."""
        return self._done.hexdigest()

    @property
    def changes_something(self) -> bool:
        """True if at least one row is new or changed."""
        return bool(self.counts[NEW] or self.counts[CHANGED])

    def add(self, kind: str, place: int, one: Placed, outcome: Any) -> None:
        """Takes what becomes of a line: the outcome of a service, or None if it is refused."""
        refusal: RuleBroken | None = one.refusal if outcome is None else outcome.refusal
        state = REFUSED if refusal is not None else outcome.state
        where = one.place_of(refusal.field if refusal is not None else None)
        mark = _mark(where, state, refusal, outcome)
        self._all.update(mark)
        if state == REFUSED:
            self.refused[kind].add(place)
        else:
            self._done.update(mark)
        if self.counts[state] < ROOM[state]:
            self.rows.append(_finding(one, where, state, refusal, outcome))
        self.counts[state] += 1

    def kept(self) -> dict[str, Any]:
        """What is stored for the preview."""
        rows = [asdict(one) for one in self.rows]
        return {"fingerprint": self.fingerprint, "counts": self.counts, "rows": rows}


def compare(*, lines: Lines, language: str, by: User, at: datetime) -> Found:
    """What the lines of a file would change; writes nothing."""
    found = Found()
    for kind, placed in lines.items():
        waiting: deque[list[Placed]] = deque()
        batches = _batches(placed, waiting)
        place = 0
        for outcomes in _compared(kind, batches, language, by, at):
            told = iter(outcomes)
            for one in waiting.popleft():
                found.add(kind, place, one, None if one.refusal is not None else next(told))
                place += 1
    return found


def _batches(placed: Iterable[Placed], waiting: deque[list[Placed]]) -> Iterator[list[Any]]:
    """The lines that are none refused, in batches; each is left in `waiting` with the refused."""
    source = iter(placed)
    while batch := list(islice(source, entry.CHUNK)):
        waiting.append(batch)
        yield [one.line for one in batch if one.refusal is None]


def _compared(
    kind: str, batches: Iterator[list[Any]], language: str, by: User, at: datetime
) -> Iterator[Sequence[Any]]:
    """What becomes of each batch. Figures are compared batch by batch, all else at once."""
    if kind == "figures":
        yield from entry.compare_chunks(chunks=batches, language=language, by=by, at=at)
        return
    all_batches = list(batches)
    lines = [line for batch in all_batches for line in batch]
    told = iter(_compare(kind, lines, language, by, at))
    for batch in all_batches:
        yield list(islice(told, len(batch)))


def _compare(kind: str, lines: list[Any], language: str, by: User, at: datetime) -> Sequence[Any]:
    if kind == "achievements":
        return authorities.compare_achievements(lines=lines, by=by, at=at)
    if kind == "authorities":
        return authorities.compare_authorities(lines=lines, by=by, at=at)
    if kind == "baselines":
        return target_lines.compare_baselines(lines=lines, language=language, by=by, at=at)
    return target_lines.compare_targets(lines=lines, language=language, by=by, at=at)


def enter(
    *, lines: Lines, language: str, upload: Upload, reason: str, by: User, at: datetime
) -> Found:
    """Saves lines of which none is refused, in the caller's transaction; what they changed.

    Raises RuleBroken if one is refused by now: nothing is saved then.
    """
    found = Found()
    for kind, placed in lines.items():
        waiting: deque[tuple[int, Placed]] = deque()
        told = partial(_tell, found, kind, waiting)
        ready = _ready(placed, waiting)
        if kind == "figures":
            entry.import_figures(
                lines=ready, language=language, by=by, at=at, upload=upload, reason=reason,
                told=told,
            )  # fmt: skip
            continue
        for outcome in _enter(kind, list(ready), language, upload, reason, by, at):
            told(outcome)
    return found


def _ready(placed: Iterable[Placed], waiting: deque[tuple[int, Placed]]) -> Iterator[Any]:
    for place, one in enumerate(placed):
        waiting.append((place, one))
        yield one.line


def _tell(found: Found, kind: str, waiting: deque[tuple[int, Placed]], outcome: Any) -> None:
    place, one = waiting.popleft()
    found.add(kind, place, one, outcome)


def _enter(
    kind: str,
    lines: list[Any],
    language: str,
    upload: Upload,
    reason: str,
    by: User,
    at: datetime,
) -> Sequence[Any]:
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


def without(lines: Lines, left_out: Mapping[str, set[int]]) -> Lines:
    """The lines but those left out, by their places in each kind (see `Found.refused`)."""
    return {
        kind: Anew(partial(_but, placed, left_out.get(kind, set())))
        for kind, placed in lines.items()
    }


def _but(placed: Iterable[Placed], left_out: set[int]) -> Iterator[Placed]:
    return (one for place, one in enumerate(placed) if place not in left_out)


def _finding(
    one: Placed, where: Place, state: str, refusal: RuleBroken | None, outcome: Any
) -> Finding:
    indicator = getattr(one.line, "indicator", None)
    title = str(indicator.title) if isinstance(indicator, Indicator) else ""
    if refusal is not None:
        sentences = " ".join(str(text) for text in (refusal.message, *refusal.details))
        name = refusal.field or ""
        return Finding(*where, name, one.label, state, (), refusal.code, sentences, title)
    changes = tuple(
        (name, _shown(before, name, indicator), _shown(after, name, indicator))
        for name, (before, after) in outcome.changes.items()
    )
    return Finding(*where, "", one.label, state, changes, title=title)


def _mark(where: Place, state: str, refusal: RuleBroken | None, outcome: Any) -> bytes:
    """What of a row must be the same when it is confirmed; sentences may be worded anew."""
    changes = {
        name: [audit.plain(before), audit.plain(after)]
        for name, (before, after) in (outcome.changes.items() if outcome else ())
    }
    sheet, row, _cell = where
    told = [sheet, row, state, refusal.code if refusal is not None else "", changes]
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
