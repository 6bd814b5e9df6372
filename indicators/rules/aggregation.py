"""From the figures of offices to one figure: across years first, then across offices.

Only approved figures are handed to these functions; they choose nothing and store nothing.
Counts of authorities are in `counts`, statistics of countries in `statistics`; their names are
offered here too, so that whoever aggregates needs one import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from indicators.rules.counts import Counted, DistinctTotal, distinct_count
from indicators.rules.exact import HUNDRED, ZERO, difference, quotient, total_of
from indicators.rules.kinds import EntryMeaning, Nothing, PeriodRule, PlaceRule
from indicators.rules.statistics import LikeWithLike, Observation, same_countries, weighted_mean
from indicators.rules.totals import Coverage, LeftOut, Line, Total

__all__ = [
    "NO",
    "YES",
    "Breakdown",
    "Counted",
    "Coverage",
    "DistinctTotal",
    "Entry",
    "LeftOut",
    "LikeWithLike",
    "Line",
    "Observation",
    "Total",
    "across_offices",
    "across_periods",
    "breakdown",
    "distinct_count",
    "same_countries",
    "weighted_mean",
]

YES = "yes"
NO = "no"
"""The choices of a yes/no indicator; the sum across offices counts those that say yes."""


@dataclass(frozen=True)
class Entry:
    """One office's figure for one year: a number, the two parts of a ratio, a choice, or a reason.

    An entry with none of them is blank, which is "not reported" and never zero. `years` lists the
    years that an entry for a longer period is made of.
    """

    office: str
    year: int
    number: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    choice: str = ""
    not_applicable: bool = False
    reason: str = ""
    illustrative: bool = False
    years: tuple[int, ...] = ()

    @property
    def is_ratio(self) -> bool:
        """Whether both parts of a ratio are there."""
        return self.numerator is not None and self.denominator is not None

    @property
    def has_value(self) -> bool:
        """Whether something was reported; zero is."""
        if self.not_applicable:
            return False
        return self.number is not None or self.is_ratio or bool(self.choice)


def across_periods(
    entries: Iterable[Entry],
    rule: PeriodRule,
    *,
    years: Sequence[int],
    meaning: EntryMeaning = EntryMeaning.THIS_PERIOD,
) -> Entry | None:
    """One office's entries over the years of a longer period as one entry; None if there are none.

    SUM adds numbers. LATEST takes the entry of the latest year with a value; "not applicable" in
    a later year does not replace it. MAXIMUM takes the greatest number. RATIO_OF_SUMS adds
    numerators and denominators. NONE gives a figure only where the period is one year. The entry's
    `years` name the years it is made of, so that a biennium with one year reported can be seen as
    such.

    Raises ValueError for entries of several offices, two entries for one year, and for adding
    figures to date.
    """
    chosen = sorted((e for e in entries if e.year in years), key=attrgetter("year"))
    _refuse_mixed(chosen)
    if meaning is EntryMeaning.TO_DATE and rule in {PeriodRule.SUM, PeriodRule.RATIO_OF_SUMS}:
        message = "Figures to date hold the earlier years already; they are never added."
        raise ValueError(message)
    if rule is PeriodRule.NONE and len(set(years)) != 1:
        return None
    used = [e for e in chosen if _usable_over_time(e, rule)]
    if not used:
        excused = [e for e in chosen if e.not_applicable]
        return excused[-1] if excused else None
    return _joined(used, rule)


def _refuse_mixed(entries: Sequence[Entry]) -> None:
    if len({e.office for e in entries}) > 1:
        message = "Entries across periods are those of one office."
        raise ValueError(message)
    if len({e.year for e in entries}) < len(entries):
        message = "An office has one entry for a year."
        raise ValueError(message)


def _usable_over_time(entry: Entry, rule: PeriodRule) -> bool:
    if rule is PeriodRule.RATIO_OF_SUMS:
        return entry.has_value and entry.is_ratio
    if rule in {PeriodRule.SUM, PeriodRule.MAXIMUM}:
        return entry.has_value and entry.number is not None
    return entry.has_value


def _joined(entries: Sequence[Entry], rule: PeriodRule) -> Entry:
    last = entries[-1]
    if rule in {PeriodRule.LATEST, PeriodRule.NONE}:
        return replace(last, years=(last.year,))
    if rule is PeriodRule.MAXIMUM:
        highest = max(entries, key=lambda e: e.number or ZERO)
        return replace(highest, years=(highest.year,))
    joined = replace(
        last,
        number=None,
        numerator=None,
        denominator=None,
        choice="",
        reason="",
        illustrative=any(e.illustrative for e in entries),
        years=tuple(e.year for e in entries),
    )
    if rule is PeriodRule.SUM:
        return replace(joined, number=total_of(e.number or ZERO for e in entries))
    return replace(
        joined,
        numerator=total_of(e.numerator or ZERO for e in entries),
        denominator=total_of(e.denominator or ZERO for e in entries),
    )


def across_offices(
    entries: Iterable[Entry],
    rule: PlaceRule,
    *,
    expected: Iterable[str],
    per: Decimal = HUNDRED,
) -> Total:
    """The figures of several offices as one.

    SUM adds the numbers (for yes/no: counts the offices that say yes). RATIO_OF_SUMS adds
    numerators and denominators and gives their quotient times `per` (100: per cent). NONE gives a
    figure only if one single office reported. A denominator of zero gives "not applicable".

    `expected` are the offices asked. Those that sent nothing are left out as "not reported". Those
    excused are left out as "not applicable" with their reason, and coverage does not expect them.
    What an office sent without being asked counts in the total and not in the coverage.

    Raises ValueError for rules that need more than entries: a weighted mean needs weights
    (`weighted_mean`), a distinct count needs achievements (`distinct_count`).
    """
    if rule in {PlaceRule.WEIGHTED_MEAN, PlaceRule.DISTINCT_COUNT}:
        message = f"The rule {rule} cannot be computed from the offices' entries."
        raise ValueError(message)
    sent = sorted(entries, key=_in_order)
    used = [e for e in sent if _usable_across_offices(e, rule)]
    asked = frozenset(expected)
    reporting = {e.office for e in used}
    left_out = _left_out(sent, reporting, asked)
    excused = {gap.key for gap in left_out if gap.reason is Nothing.NOT_APPLICABLE}
    frame = Total(
        number=None,
        nothing=Nothing.NOT_REPORTED,
        reason="none_reported",
        rule=rule,
        coverage=Coverage(len(asked & reporting), len(asked - excused)),
        lines=tuple(_line(e, rule) for e in used),
        left_out=left_out,
        illustrative=any(e.illustrative for e in used),
    )
    return _computed(frame, rule, per) if used else _explained(frame, asked, excused)


def _in_order(entry: Entry) -> tuple[str, int, str]:
    parts = (entry.number, entry.numerator, entry.denominator, entry.choice)
    return entry.office, entry.year, repr(parts)


def _usable_across_offices(entry: Entry, rule: PlaceRule) -> bool:
    if rule is PlaceRule.RATIO_OF_SUMS:
        return entry.has_value and entry.is_ratio
    if rule is PlaceRule.SUM:
        return entry.has_value and (entry.number is not None or bool(entry.choice))
    return entry.has_value


def _left_out(
    sent: Sequence[Entry], reporting: set[str], asked: frozenset[str]
) -> tuple[LeftOut, ...]:
    excuses = {e.office: e.reason for e in sent if e.not_applicable}
    missing = sorted((asked | {e.office for e in sent}) - reporting)
    return tuple(
        LeftOut(office, Nothing.NOT_APPLICABLE, excuses[office])
        if office in excuses
        else LeftOut(office, Nothing.NOT_REPORTED)
        for office in missing
    )


def _line(entry: Entry, rule: PlaceRule) -> Line:
    number = entry.number
    if rule is PlaceRule.SUM and number is None:
        number = Decimal(entry.choice == YES)
    return Line(
        key=entry.office,
        year=entry.year,
        number=number,
        numerator=entry.numerator,
        denominator=entry.denominator,
        choice=entry.choice,
        illustrative=entry.illustrative,
    )


def _explained(frame: Total, asked: frozenset[str], excused: set[str]) -> Total:
    if excused and asked <= excused:
        return replace(frame, nothing=Nothing.NOT_APPLICABLE, reason="all_not_applicable")
    if not asked:
        return replace(frame, nothing=Nothing.NOT_DUE, reason="nobody_expected")
    return frame


def _computed(frame: Total, rule: PlaceRule, per: Decimal) -> Total:
    lines = frame.lines
    if rule is PlaceRule.SUM:
        number = total_of(line.number or ZERO for line in lines)
        return replace(frame, number=number, nothing=None, reason="")
    ratio = rule is PlaceRule.RATIO_OF_SUMS
    if not ratio and len(lines) > 1:
        return replace(frame, nothing=Nothing.NOT_APPLICABLE, reason="no_rule")
    only = lines[0]
    if not ratio and only.number is not None:
        return replace(frame, number=only.number, nothing=None, choice=only.choice, reason="")
    if not ratio and only.choice:
        reason = "no_number"
        return replace(frame, nothing=Nothing.NOT_APPLICABLE, choice=only.choice, reason=reason)
    parts = replace(
        frame,
        numerator=total_of(line.numerator or ZERO for line in lines),
        denominator=total_of(line.denominator or ZERO for line in lines),
    )
    return _divided(parts, per)


def _divided(parts: Total, per: Decimal) -> Total:
    if not parts.denominator or parts.numerator is None:
        return replace(parts, nothing=Nothing.NOT_APPLICABLE, reason="denominator_zero")
    number = quotient(parts.numerator, parts.denominator, per)
    return replace(parts, number=number, nothing=None, reason="")


@dataclass(frozen=True)
class Breakdown:
    """A total divided along one axis: its parts, and the rest that nobody divided.

    `exceeds` is true where the parts are more than the total; the rest is then zero.
    """

    axis: str
    parts: Mapping[str, Decimal]
    not_disaggregated: Decimal
    exceeds: bool


def breakdown(total: Decimal, parts: Mapping[str, Decimal], *, axis: str) -> Breakdown:
    """Divide a total along one axis (plan p.46): sex, age, geographic location and so on.

    A part is keyed by its category ("women"), or by axis and category ("sex:women"). Axes are
    alternatives and are never added across. What is not in a part is shown as "not disaggregated"
    and never spread over the parts.

    Raises ValueError for a part of another axis or of two axes at once, and for a category given
    twice.
    """
    plain: dict[str, Decimal] = {}
    for key, value in parts.items():
        named, _, category = key.rpartition(":")
        if named not in {"", axis}:
            message = f"The part {key!r} is not on the axis {axis!r}; axes are never added across."
            raise ValueError(message)
        if category in plain:
            message = f"The category {category!r} is given twice."
            raise ValueError(message)
        plain[category] = value
    rest = difference(total, total_of(plain.values()))
    return Breakdown(axis, plain, not_disaggregated=max(rest, ZERO), exceeds=rest < 0)
