"""Standings as bound figures of a document: each with its unit, source and arithmetic."""

from collections.abc import Iterable
from datetime import UTC
from decimal import Decimal
from typing import cast

from indicators.queries import Standing
from indicators.rules.aggregation import Line, Total
from indicators.rules.exact import HUNDRED
from indicators.rules.kinds import Nothing as NoFigure
from indicators.rules.kinds import PlaceRule
from indicators.rules.targets import TargetPoint
from reporting.assembly import words
from reporting.assembly.snapshot import Snapshot
from reporting.document import Figure, LineageLine, Nothing, Source, Text

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


def key(standing: Standing, what: str) -> str:
    """The reference of a figure, as a writer types it: `FA2.1@2016-2017:actual`."""
    return f"{standing.indicator.code}@{standing.period.code}:{what}"


class FigureBook:
    """The figures and sources of a document while it is being assembled."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.offices = snapshot.offices
        self.approvals = snapshot.approvals
        self.invented_targets = snapshot.invented_targets
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
            self._add(standing, str(year), total.number, total.nothing, source, total=total)
        self._add(
            standing,
            "actual",
            standing.actual.number,
            standing.actual.nothing,
            source,
            total=standing.actual,
        )
        baseline = standing.baseline
        self._add(
            standing,
            "baseline",
            baseline.value if baseline else None,
            None if baseline else NoFigure.NOT_APPLICABLE,
            self._cite(baseline.source) if baseline and not baseline.illustrative else "",
            illustrative=bool(baseline and baseline.illustrative),
        )
        self._targets(standing)
        self._shares(standing)
        if standing.counted:
            for office, count in standing.counted.by_office.items():
                self._office(standing, office, count)

    def _targets(self, standing: Standing) -> None:
        for target in standing.targets:
            self._target(standing, f"target-{target.year}", target)
        for first in standing.first_targets:
            self._target(standing, f"first-{first.year}", first)
        self._target(standing, "target", standing.final_target)

    def _target(self, standing: Standing, what: str, target: TargetPoint | None) -> None:
        found = (standing.indicator.code, target.year) if target else None
        self._add(
            standing,
            what,
            target.value if target else None,
            None if target else NoFigure.NOT_APPLICABLE,
            "",
            illustrative=found in self.invented_targets,
        )

    def _shares(self, standing: Standing) -> None:
        """How far the result has come from baseline to target, and how far was expected."""
        rated = standing.rating
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
                    label=label,
                )

    def _office(self, standing: Standing, office: str, count: int) -> None:
        missing = any(gap.key == office for gap in standing.actual.left_out)
        self._add(
            standing,
            f"office-{office}",
            None if missing else Decimal(count),
            NoFigure.NOT_REPORTED if missing else None,
            "",
            illustrative=standing.illustrative,
            decimals=0,
        )

    def count(self, reference: str, number: int, label: Text) -> words.Count:
        """A number that the document itself counts (how many focus areas are on track)."""
        self.figures[reference] = Figure(reference, Decimal(number), label=label)
        return words.Count(reference, number)

    def _add(
        self,
        standing: Standing,
        what: str,
        value: Decimal | None,
        nothing: NoFigure | None,
        source: str,
        *,
        total: Total | None = None,
        illustrative: bool | None = None,
        decimals: int | None = None,
    ) -> None:
        indicator, reference = standing.indicator, key(standing, what)
        shown = illustrative
        if shown is None:
            shown = bool(total and total.illustrative) or indicator.illustrative
        self.figures[reference] = Figure(
            key=reference,
            value=value,
            nothing="" if value is not None else cast(Nothing, str(nothing or "not_reported")),
            decimals=indicator.decimals if decimals is None else decimals,
            unit=words.of(indicator.unit),
            per_cent=indicator.is_per_cent,
            illustrative=shown,
            source=source,
            lineage=tuple(self._lineage(total)) if total and what == "actual" else (),
            rule=self._rule(indicator.place_rule),
            label=words.of(indicator.title),
        )

    def _source(self, standing: Standing) -> str:
        published = [
            figure.source
            for figure in standing.figures
            if figure.source and not figure.illustrative
        ]
        return self._cite(published[-1]) if published else ""

    def _cite(self, citation: str) -> str:
        for source in self.sources.values():
            if source.citation.texts.get("en") == citation:
                return source.key
        reference = f"source-{len(self.sources)}"
        self.sources[reference] = Source(reference, Text.of(en=citation))
        return reference

    def _name(self, code: str) -> Text:
        office = self.offices.get(code)
        return words.of(office.name) if office else words.plain(code)

    def _lineage(self, total: Total) -> Iterable[LineageLine]:
        for line in total.lines:
            name, note = self._name(line.key), self._note(line)
            if line.numerator is not None and line.denominator is not None:
                yield LineageLine(name, line.numerator, words.said("numerator"))
                yield LineageLine(name, line.denominator, words.said("denominator"))
                yield LineageLine(name, None, note)
            else:
                yield LineageLine(name, line.number, note)
        for gap in total.left_out:
            yield LineageLine(self._name(gap.key), None, self._left_out(gap.reason))

    def _note(self, line: Line) -> Text:
        """The year of a line and when its office's figures were approved (day in UTC)."""
        approved = self.approvals.get((line.key, line.year))
        if approved is not None:
            return words.said(
                "%(year)s, approved on %(date)s",
                year=line.year,
                date=approved.astimezone(UTC).date().isoformat(),
            )
        if line.key in self.offices:
            return words.said("approved for years before %(year)s", year=line.year)
        return words.plain(str(line.year))

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
