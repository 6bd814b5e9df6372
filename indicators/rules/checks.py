"""Checks at entry: an error must be corrected, a question answered with a sentence.

None of them stops a draft. What stays open must be answered before submission.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter

from indicators.rules.aggregation import NO, Entry, breakdown
from indicators.rules.exact import HUNDRED, quotient, total_of
from indicators.rules.kinds import EntryMeaning, Kind
from indicators.rules.ratings import Params, Status
from indicators.rules.variance import BEHIND, is_sentence

TWICE = 2
IN_A_ROW = 3
MEASURED = frozenset({Kind.COUNT, Kind.NUMBER, Kind.RATIO})
"""Kinds that number things, and so are never below zero; a statistic may be."""


class Severity(StrEnum):
    """ERROR: cannot be right, correct it. QUESTION: may be right, say why."""

    ERROR = "error"
    QUESTION = "question"


@dataclass(frozen=True)
class Check:
    """One finding about an entry: a code that the page words, and the numbers that stand in it."""

    code: str
    severity: Severity
    params: Params = field(default_factory=dict)


def check_entry(
    entry: Entry,
    *,
    kind: Kind,
    meaning: EntryMeaning,
    previous: Sequence[Entry] = (),
    target: Decimal | None = None,
    parts: Mapping[str, Mapping[str, Decimal]] | None = None,
    evidence_count: int = 0,
    status: Status = Status.NOT_RATED,
    unexplained: Sequence[str] = (),
) -> tuple[Check, ...]:
    """What there is to say about one office's entry, errors first.

    `previous` are the office's earlier entries on the same indicator. `target` is the target for
    the year, for a ratio in per cent. `parts` are keyed by axis, then category; for a ratio they
    divide the numerator. `status` is where the entry stands beside `target`, and `unexplained` what
    the office's explanation lacks (`variance.missing_words`).

    Errors: `negative`, `numerator_above_denominator`, `no_reason` (not applicable without a
    reason). Questions: `below_last_total`, `above_twice_target`, `parts_above_total`,
    `same_three_times`, `no_evidence`, `off_track_unexplained`. A blank entry has none; zero needs
    no evidence. An answer closes a question (`is_closed_by`), except for `off_track_unexplained`,
    which ends when cause, explanation and measures are there.
    """
    earlier = sorted(
        (e for e in previous if e.year < entry.year and e.has_value), key=attrgetter("year")
    )
    found = [
        *_impossible(entry, kind),
        *_against_earlier(entry, meaning, earlier),
        *_against_target(entry, target),
        *_against_parts(entry, parts or {}),
        *_without_evidence(entry, evidence_count),
        *off_track(status, unexplained),
    ]
    return tuple(sorted(found, key=lambda check: check.severity is not Severity.ERROR))


def _amount(entry: Entry) -> Decimal | None:
    """The number that grows: the number itself, or the numerator of a ratio."""
    if not entry.has_value:
        return None
    return entry.number if entry.number is not None else entry.numerator


def value_of(entry: Entry) -> Decimal | None:
    """The number as a target states it: the number itself, or a ratio in per cent."""
    if not entry.has_value or entry.number is not None:
        return _amount(entry)
    if entry.numerator is None or not entry.denominator:
        return None
    return quotient(entry.numerator, entry.denominator, HUNDRED)


def _impossible(entry: Entry, kind: Kind) -> Iterator[Check]:
    if entry.not_applicable:
        if not entry.reason.strip():
            yield Check("no_reason", Severity.ERROR)
        return
    for number in (entry.number, entry.numerator, entry.denominator):
        if kind in MEASURED and number is not None and number < 0:
            yield Check("negative", Severity.ERROR, {"number": number})
    numerator, denominator = entry.numerator, entry.denominator
    if numerator is not None and denominator is not None and numerator > denominator:
        params = {"numerator": numerator, "denominator": denominator}
        yield Check("numerator_above_denominator", Severity.ERROR, params)


def _against_earlier(
    entry: Entry, meaning: EntryMeaning, earlier: Sequence[Entry]
) -> Iterator[Check]:
    amount = _amount(entry)
    if amount is None or not earlier:
        return
    last = _amount(earlier[-1])
    if meaning is EntryMeaning.TO_DATE and last is not None and amount < last:
        params: Params = {"number": amount, "last": last, "year": earlier[-1].year}
        yield Check("below_last_total", Severity.QUESTION, params)
    row = [_measure(e) for e in (*earlier[1 - IN_A_ROW :], entry)]
    if len(row) == IN_A_ROW and len(set(row)) == 1:
        yield Check("same_three_times", Severity.QUESTION, {"number": amount})


def _measure(entry: Entry) -> tuple[Decimal | None, ...]:
    return entry.number, entry.numerator, entry.denominator


def _against_target(entry: Entry, target: Decimal | None) -> Iterator[Check]:
    value = value_of(entry)
    if value is not None and target is not None and value > TWICE * target > 0:
        params = {"number": value, "target": target}
        yield Check("above_twice_target", Severity.QUESTION, params)


def _against_parts(entry: Entry, parts: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Check]:
    amount = _amount(entry)
    if amount is None:
        return
    for axis, categories in parts.items():
        divided = breakdown(amount, categories, axis=axis)
        if divided.exceeds:
            parts_sum = total_of(divided.parts.values())
            params: Params = {"axis": axis, "parts": parts_sum, "number": amount}
            yield Check("parts_above_total", Severity.QUESTION, params)


def claims_something(amount: Decimal | None, choice: str) -> bool:
    """Whether an entry needs evidence: zero, "no" and nothing claim nothing."""
    return bool(amount) or choice not in {"", NO}


def _without_evidence(entry: Entry, evidence_count: int) -> Iterator[Check]:
    claims = claims_something(_amount(entry), entry.choice)
    if claims and not entry.not_applicable and not evidence_count:
        yield Check("no_evidence", Severity.QUESTION)


def off_track(status: Status, unexplained: Sequence[str]) -> tuple[Check, ...]:
    """The question to an office that is behind its target and has not said why in full."""
    if status not in BEHIND or not unexplained:
        return ()
    params: Params = {"status": str(status), "missing": ", ".join(unexplained)}
    return (Check("off_track_unexplained", Severity.QUESTION, params),)


def is_closed_by(check: Check, answer: str) -> bool:
    """Whether the office's answer settles what was found: a question, by a sentence."""
    if check.severity is Severity.ERROR or check.code == "off_track_unexplained":
        return False
    return is_sentence(answer)


def needs_sentence(check: Check, answer: str) -> bool:
    """Whether there is an answer and it is too short to be one."""
    answerable = check.severity is Severity.QUESTION and check.code != "off_track_unexplained"
    return answerable and bool(answer.strip()) and not is_sentence(answer)
