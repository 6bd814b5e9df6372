"""The one core for every door that enters figures (decision 0010)."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, Indicator, Upload
from indicators.services.entry.desk import Desk
from indicators.services.entry.judging import judged
from indicators.services.entry.lines import EntryLine, Outcome, Typed
from indicators.services.entry.writing import ImportTrail, Trail, begin_submissions, store
from organization.models import Office, User

CHUNK = 1000
TOLD = 20
"""So many refusals of a file are told one by one."""


@dataclass(frozen=True)
class Tally:
    """How many lines were new, changed, unchanged, blank."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    blank: int = 0


def compare(*, lines: Iterable[EntryLine], language: str, by: User, at: datetime) -> list[Outcome]:
    """What `enter_figures` would do with these lines. Writes nothing and locks nothing."""
    chunks = _chunks(lines)
    return list(chain.from_iterable(compare_chunks(chunks=chunks, language=language, by=by, at=at)))


def compare_chunks(
    *, chunks: Iterable[Sequence[EntryLine]], language: str, by: User, at: datetime
) -> Iterator[list[Outcome]]:
    """`compare` for any number of lines: what becomes of a chunk, before the next is asked for.

    A chunk takes the same number of queries whatever it holds, so a thousand lines are a good one.
    """
    desk = Desk(by=by, today=at.date(), locking=False)
    for chunk in chunks:
        yield judged(desk, chunk, language=language, at=at)


def ignore(_outcome: Outcome) -> None:
    """Nobody asks what became of a line."""


@transaction.atomic
def enter_figures(
    *,
    lines: Iterable[EntryLine],
    language: str,
    by: User,
    at: datetime,
    upload: Upload | None = None,
    reason: str = "",
) -> list[Outcome]:
    """Writes what is not refused, in one transaction; what became of each line, in their order.

    A later line on the same figure is read as typed after the earlier one. With an upload it is
    whole or nothing: any refusal raises RuleBroken `not_whole` with a sentence for each line, and
    the trail gets one entry for each office and year, on the submission. Without, one a figure.
    """
    trail = ImportTrail(upload, reason) if upload else Trail(reason)
    return list(_entered(lines, trail, language=language, by=by, at=at))


@transaction.atomic
def import_figures(
    *,
    lines: Iterable[EntryLine],
    language: str,
    by: User,
    at: datetime,
    upload: Upload,
    reason: str = "",
    told: Callable[[Outcome], None] = ignore,
) -> Tally:
    """`enter_figures` for any number of lines: keeps count of them, not the lines themselves.

    `told` is called with what became of each line, in their order. Lines should come office by
    office and year by year: a chunk then touches little.
    """
    trail = ImportTrail(upload, reason)
    states: Counter[str] = Counter()
    for outcome in _entered(lines, trail, language=language, by=by, at=at):
        states[outcome.state] += 1
        told(outcome)
    return Tally(**states)


@transaction.atomic
def enter_figure(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    typed: Typed,
    language: str,
    by: User,
    at: datetime,
) -> Figure | None:
    """Saves what a person typed for one indicator; None if it was blank and still is.

    Raises RuleBroken `locked`, `counted`, `from_custodian`, `not_assigned`, `changed_elsewhere`,
    `reason_needed`, `both_parts_needed`, `negative`, `unknown_choice`, `unknown_cause`,
    `unknown_part`, `not_asked`, and the codes of `rules.numbers`. Nothing is saved then.
    """
    line = EntryLine(indicator, office, period, typed)
    (outcome,) = _entered([line], Trail(), language=language, by=by, at=at)
    if outcome.refusal is not None:
        raise outcome.refusal
    return outcome.figure


def _chunks(lines: Iterable[EntryLine]) -> Iterator[list[EntryLine]]:
    source = iter(lines)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _entered(
    lines: Iterable[EntryLine], trail: Trail, *, language: str, by: User, at: datetime
) -> Iterator[Outcome]:
    """Writes chunk after chunk, and the trail at the end, when all is known."""
    desk = Desk(by=by, today=at.date(), locking=True)
    for chunk in _chunks(lines):
        outcomes = judged(desk, chunk, language=language, at=at)
        if isinstance(trail, ImportTrail):
            _refuse_parts(outcomes)
        begun = begin_submissions(desk, outcomes)
        if begun and desk.overtaken(begun, chunk):
            outcomes = judged(desk, chunk, language=language, at=at)
        store(desk, outcomes, by=by, at=at)
        trail.note(desk, outcomes)
        yield from outcomes
    trail.write(by=by, at=at)


def _refuse_parts(outcomes: Sequence[Outcome]) -> None:
    """Whole or nothing: raises RuleBroken `not_whole` if any line is refused."""
    refused = [outcome for outcome in outcomes if outcome.refusal is not None]
    if not refused:
        return
    sentence = ngettext(
        "Nothing was saved: %(count)s figure cannot be. Correct the file and send it again.",
        "Nothing was saved: %(count)s figures cannot be. Correct the file and send it again.",
        len(refused),
    ) % {"count": len(refused)}
    raise RuleBroken(
        "not_whole", sentence, details=tuple(_told(outcome) for outcome in refused[:TOLD])
    )


def _told(outcome: Outcome) -> str:
    line = outcome.line
    return _("%(office)s, %(year)s, %(code)s: %(sentence)s") % {
        "office": line.office.code,
        "year": line.period,
        "code": line.indicator.code,
        "sentence": outcome.refusal and outcome.refusal.message,
    }
