"""Standings as bound figures of a document: each with its unit, source and arithmetic."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from django.utils.translation import gettext_noop

from habitat_plan.kit.wording import Wording
from indicators.queries import Standing
from indicators.rules.aggregation import Total
from indicators.rules.kinds import Nothing as NoFigure
from indicators.rules.kinds import PlaceRule
from organization.models import Office
from reporting.assembly import words
from reporting.document import NO_TEXT, Figure, LineageLine, Nothing, Source, Text

PLAN_SOURCE = "plan"
DEMONSTRATION_SOURCE = "demonstration"

RULES: Mapping[str, str] = {
    PlaceRule.SUM: gettext_noop("Sum of the offices"),
    PlaceRule.RATIO_OF_SUMS: gettext_noop("Ratio of the sums of the offices"),
    PlaceRule.WEIGHTED_MEAN: gettext_noop("Mean weighted by urban population"),
    PlaceRule.DISTINCT_COUNT: gettext_noop("Each authority counted once, to date"),
    PlaceRule.NONE: gettext_noop("Figure of the one office that reports it"),
}


def key(standing: Standing, what: str) -> str:
    """The reference of a figure, as a writer types it: `FA2.1@2016-2017:actual`."""
    return f"{standing.indicator.code}@{standing.period.code}:{what}"


class FigureBook:
    """The figures and sources of a document while it is being assembled."""

    def __init__(self, offices: Mapping[str, Office]) -> None:
        self.offices = offices
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
        if standing.counted:
            for office, count in standing.counted.by_office.items():
                self._office(standing, office, count)

    def _targets(self, standing: Standing) -> None:
        illustrative = bool(standing.baseline and standing.baseline.illustrative)
        for target in standing.targets:
            self._add(
                standing, f"target-{target.year}", target.value, None, "", illustrative=illustrative
            )
        final = standing.final_target
        self._add(
            standing,
            "target",
            final.value if final else None,
            None if final else NoFigure.NOT_APPLICABLE,
            "",
            illustrative=illustrative,
        )
        for first in standing.first_targets:
            self._add(
                standing, f"first-{first.year}", first.value, None, "", illustrative=illustrative
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

    def count(self, reference: str, number: int, label: Text) -> str:
        """A number that the document itself counts (how many focus areas are on track)."""
        self.figures[reference] = Figure(reference, Decimal(number), label=label)
        return reference

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
            rule=words.said(RULES[indicator.place_rule]),
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
            note = words.plain(str(line.year))
            if line.numerator is not None and line.denominator is not None:
                yield LineageLine(self._name(line.key), line.numerator, words.said("numerator"))
                yield LineageLine(self._name(line.key), line.denominator, words.said("denominator"))
            else:
                yield LineageLine(self._name(line.key), line.number, note)
        for gap in total.left_out:
            reason = {
                NoFigure.NOT_REPORTED: gettext_noop("not reported"),
                NoFigure.NOT_APPLICABLE: gettext_noop("not applicable"),
            }.get(NoFigure(gap.reason), gettext_noop("not due"))
            yield LineageLine(self._name(gap.key), None, words.said(reason))


def title_of(wording: Wording) -> Text:
    """A title, or nothing if the plan has none."""
    return words.of(wording) if wording else NO_TEXT
