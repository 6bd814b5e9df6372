"""Standings as bound figures of a document: each with its unit, source and arithmetic."""

from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal
from typing import cast

from indicators.models import Indicator
from indicators.queries import Standing
from indicators.rules.aggregation import Line, Total
from indicators.rules.exact import HUNDRED, difference, quotient
from indicators.rules.kinds import Kind, PlaceRule
from indicators.rules.kinds import Nothing as NoFigure
from indicators.rules.targets import TargetPoint
from reporting.assembly import words
from reporting.assembly.snapshot import Snapshot
from reporting.document import NO_TEXT, Figure, LineageLine, Nothing, Source, Text
from reporting.rules.references import Reference

PLAN_SOURCE = "plan"


def rule_text(rule: str) -> Text:
    """How the offices' figures are put together, in words."""
    return {
        PlaceRule.SUM: words.said("Sum of the offices"),
        PlaceRule.RATIO_OF_SUMS: words.said("Ratio of the sums of the offices"),
        PlaceRule.WEIGHTED_MEAN: words.said("Mean weighted by urban population"),
        PlaceRule.DISTINCT_COUNT: words.said("Each authority counted once, to date"),
        PlaceRule.NONE: words.said("Figure of the one office that reports it"),
    }[PlaceRule(rule)]


def key(standing: Standing, what: str, *, period: str | int = "", office: str = "") -> str:
    """The reference of a figure, as a writer types it: `FA2.1@2016-2017:actual`."""
    at = str(period) or standing.period.code
    return str(Reference(standing.indicator.code, at, what, office))


def _own(line: Line) -> Decimal | None:
    """What one office has of its own: its number, or the quotient of its ratio in per cent."""
    if line.numerator is None or not line.denominator:
        return line.number
    return quotient(line.numerator, line.denominator, HUNDRED)


class FigureBook:
    """The figures and sources of a document while it is being assembled."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.offices = snapshot.offices
        self.rules: dict[str, Text] = {}
        self.figures: dict[str, Figure] = {}
        self.sources: dict[str, Source] = {
            PLAN_SOURCE: Source(
                PLAN_SOURCE,
                words.said(
                    "Draft revised strategic plan of the United Nations Human Settlements "
                    "Programme for the period 2014-2019 (HSP/GC/26/6/Add.3)"
                ),
            )
        }

    def add_standing(self, standing: Standing) -> None:
        """All figures of one indicator: years, period, baseline, targets, office counts."""
        source = self._source(standing)
        for year, total in standing.by_year.items():
            self._total(standing, key(standing, "actual", period=year), total, source)
        self._total(standing, key(standing, "actual"), standing.actual, source)
        self._baseline(standing)
        for target in standing.targets:
            self._target(standing, key(standing, "target", period=target.year), target)
        for first in standing.first_targets:
            self._target(standing, key(standing, "first", period=first.year), first)
        current = {target.year: target for target in standing.targets}
        self._target(standing, key(standing, "target"), current.get(standing.period.year))
        self._final_target(standing)
        self._way(standing)
        self._change(standing)
        self._offices(standing)

    def final(self, standing: Standing) -> str:
        """The reference of the plan's last target of an indicator."""
        last = standing.final_target
        return key(standing, "target", period=last.year if last else "final")

    def _final_target(self, standing: Standing) -> None:
        if standing.final_target is None:
            self._target(standing, self.final(standing), None)

    def _baseline(self, standing: Standing) -> None:
        baseline = standing.baseline
        self._add(
            standing,
            key(standing, "baseline"),
            baseline.value if baseline else None,
            None if baseline else NoFigure.NOT_APPLICABLE,
            source=self.cite(baseline.source) if baseline and not baseline.illustrative else "",
            illustrative=bool(baseline and baseline.illustrative),
            lineage=(LineageLine(words.plain(str(baseline.year)), baseline.value),)
            if baseline
            else (),
        )

    def _target(self, standing: Standing, reference: str, target: TargetPoint | None) -> None:
        found = (standing.indicator.code, target.year) if target else None
        lines: tuple[LineageLine, ...] = ()
        if target:
            note = Text.of(en=target.reason) if target.reason else NO_TEXT
            named = words.said("Version %(number)s of the target", number=target.version)
            lines = (LineageLine(named, target.value, note),)
        self._add(
            standing,
            reference,
            target.value if target else None,
            None if target else NoFigure.NOT_APPLICABLE,
            illustrative=found in self.snapshot.invented_targets,
            lineage=lines,
        )

    def _way(self, standing: Standing) -> None:
        """How far the result has come from baseline to target, and how far was expected."""
        rated, baseline, target = standing.rating, standing.baseline, standing.final_target
        lines = tuple(
            LineageLine(name, value)
            for name, value in (
                (words.said("Actual"), standing.actual.number),
                (words.said("Baseline"), baseline.value if baseline else None),
                (words.said("Target"), target.value if target else None),
                (words.said("Expected by then"), rated.expected),
            )
            if value is not None
        )
        for what, share, label in (
            ("progress", rated.achievement, words.said("Way from baseline to target")),
            ("expected", rated.expected_share, words.said("Way expected by then")),
        ):
            if share is not None:
                reference = key(standing, what)
                self.figures[reference] = Figure(
                    reference,
                    share * HUNDRED,
                    per_cent=True,
                    illustrative=standing.illustrative,
                    lineage=lines,
                    rule=words.said("(actual − baseline) ÷ (target − baseline)"),
                    label=label,
                )

    def _change(self, standing: Standing) -> None:
        """Actual less baseline, where there are both."""
        number, baseline = standing.actual.number, standing.baseline
        if number is None or baseline is None:
            return
        self._add(
            standing,
            key(standing, "change"),
            difference(number, baseline.value),
            None,
            illustrative=standing.illustrative,
            lineage=(
                LineageLine(words.said("Actual"), number),
                LineageLine(words.said("Baseline"), baseline.value),
            ),
        )

    def _offices(self, standing: Standing) -> None:
        """What each office has of its own."""
        lines = {line.key: line for line in standing.actual.lines}
        own: dict[str, Decimal] = {}
        if standing.counted:
            own = {code: Decimal(count) for code, count in standing.counted.by_office.items()}
        elif standing.indicator.kind != Kind.STATISTIC:
            own = {code: found for code, line in lines.items() if (found := _own(line)) is not None}
        missing = {gap.key for gap in standing.actual.left_out}
        for code, number in own.items():
            is_missing = code in missing
            self._add(
                standing,
                key(standing, "actual", office=code),
                None if is_missing else number,
                NoFigure.NOT_REPORTED if is_missing else None,
                illustrative=standing.illustrative,
                lineage=tuple(self._lines(standing.indicator, lines[code]))
                if code in lines
                else (),
            )

    def count(self, reference: str, number: int, label: Text) -> words.Count:
        """A number that the document itself counts (how many focus areas are on track)."""
        self.figures[reference] = Figure(reference, Decimal(number), label=label)
        return words.Count(reference, number)

    def _total(self, standing: Standing, reference: str, total: Total, source: str) -> None:
        self._add(
            standing,
            reference,
            total.number,
            total.nothing,
            source=source,
            illustrative=total.illustrative or standing.indicator.illustrative,
            lineage=tuple(self._lineage(standing, total, reference)),
        )

    def _add(
        self,
        standing: Standing,
        reference: str,
        value: Decimal | None,
        nothing: NoFigure | None,
        *,
        source: str = "",
        illustrative: bool,
        lineage: tuple[LineageLine, ...] = (),
    ) -> None:
        indicator = standing.indicator
        self.figures[reference] = Figure(
            key=reference,
            value=value,
            nothing="" if value is not None else cast(Nothing, str(nothing or "not_reported")),
            decimals=indicator.decimals,
            unit=words.of(indicator.unit),
            per_cent=indicator.is_per_cent,
            illustrative=illustrative,
            source=source,
            lineage=lineage,
            rule=self._rule(indicator.place_rule),
            label=words.of(indicator.title),
        )

    def _source(self, standing: Standing) -> str:
        published = [
            figure.source
            for figure in standing.figures
            if figure.source and not figure.illustrative
        ]
        return self.cite(published[-1]) if published else ""

    def cite(self, citation: str) -> str:
        """The key of the source with this English citation."""
        for source in self.sources.values():
            if source.citation.texts.get("en") == citation:
                return source.key
        return self.note(Text.of(en=citation))

    def note(self, citation: Text) -> str:
        """The key of a new source: a footnote of its own."""
        reference = f"source-{len(self.sources)}"
        self.sources[reference] = Source(reference, citation)
        return reference

    def _name(self, code: str) -> Text:
        office = self.offices.get(code)
        if office:
            return words.of(office.name)
        country = self.snapshot.countries.get(code)
        return words.of(country) if country else words.plain(code)

    def _lineage(self, standing: Standing, total: Total, reference: str) -> Iterable[LineageLine]:
        """The lines of a sum. Countries are listed for the report's own period alone."""
        is_statistic = standing.indicator.kind == Kind.STATISTIC
        if is_statistic and reference != key(standing, "actual"):
            return
        for line in total.lines:
            yield from self._lines(standing.indicator, line)
        for gap in total.left_out:
            yield LineageLine(self._name(gap.key), None, self._left_out(gap.reason))

    def _lines(self, indicator: Indicator, line: Line) -> Iterable[LineageLine]:
        """What one office or country put in: a number, or the two parts of a ratio."""
        name, year = self._name(line.key), words.plain(str(line.year))
        if line.numerator is not None and line.denominator is not None:
            yield LineageLine(name, line.numerator, words.said("numerator"))
            yield LineageLine(name, line.denominator, words.said("denominator"))
        elif line.weight is not None:
            yield LineageLine(name, line.weight, words.said("weight"))
        yield LineageLine(
            name,
            line.number,
            year,
            evidence=self._evidence(indicator, line),
            approval=self._approval(line),
        )

    def _evidence(self, indicator: Indicator, line: Line) -> int | None:
        """Pieces of evidence an office holds: to date for counts, else of the year itself."""
        if line.key not in self.offices:
            return None
        pieces = self.snapshot.evidence
        first = 0 if indicator.kind == Kind.COUNT else line.year
        return sum(
            found
            for (identity, office, year), found in pieces.items()
            if identity == indicator.pk and office == line.key and first <= year <= line.year
        )

    def _approval(self, line: Line) -> Text:
        """When an office's figures of the year were approved (day in UTC), by function."""
        approved = self.snapshot.approvals.get((line.key, line.year))
        if approved is not None:
            return words.said(
                "approved on %(date)s by the approver of the office",
                date=approved.astimezone(UTC).date().isoformat(),
            )
        if line.key in self.offices:
            return words.said("approved for years before %(year)s", year=line.year)
        return NO_TEXT

    def _rule(self, rule: str) -> Text:
        if rule not in self.rules:
            self.rules[rule] = rule_text(rule)
        return self.rules[rule]

    def _left_out(self, reason: NoFigure | str) -> Text:
        if reason == NoFigure.NOT_APPLICABLE:
            return words.said("not applicable")
        if reason == NoFigure.NOT_REPORTED:
            return words.said("not reported")
        return words.said("not due")
