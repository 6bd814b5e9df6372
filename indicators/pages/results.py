"""The results pages in words: rows of tables, messages, charts, the arithmetic."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from focus_areas.models import Result
from habitat_plan.kit import formats
from habitat_plan.kit.charts import Mark, Point
from habitat_plan.kit.wording import Wording
from indicators import rating_words
from indicators.models import Baseline, Indicator
from indicators.pages.count import count_context
from indicators.pages.headlines import standing_heading
from indicators.pages.overview import Row, Value, choice_words, row_of, value_of
from indicators.pages.statistic import statistic_context
from indicators.queries.results import IndicatorPage, ResultPage, ResultsList
from indicators.queries.standing import Standing
from indicators.rules.totals import LeftOut

REFERENCE_SHEET = (
    ("definition", gettext_lazy("Definition")),
    ("method", gettext_lazy("Method")),
    ("source", gettext_lazy("Source")),
    ("verification", gettext_lazy("Means of verification")),
    ("limits", gettext_lazy("Limits")),
)


LEVEL_TITLES = {
    Result.Level.PLAN: gettext_lazy("The strategic result"),
    Result.Level.FOCUS_AREA: gettext_lazy("The seven focus areas"),
    Result.Level.SUPPORT: gettext_lazy("Lead and support functions"),
    Result.Level.ACCOMPLISHMENT: gettext_lazy("Expected accomplishments"),
}


@dataclass(frozen=True)
class ResultRow(Row):
    """A row with the reason of its rating and the address of its arithmetic."""

    reason: str
    arithmetic: str


@dataclass(frozen=True)
class Section:
    """The rows of one level."""

    level: str
    title: str
    rows: tuple[ResultRow, ...]

    @property
    def illustrative(self) -> bool:
        """True if anything in the section is demonstration."""
        return any(row.illustrative for row in self.rows)


def _language() -> str:
    return get_language() or "en"


def words_of(indicator: Indicator, value: Decimal | None) -> str:
    """A value of the indicator with its per cent sign, if it is a percentage."""
    if value is None:
        return ""
    if indicator.is_per_cent:
        return formats.per_cent(value, indicator.decimals, _language())
    return formats.figure(value, indicator.decimals, _language())


def _row(standing: Standing, title: Wording | None) -> ResultRow:
    row = row_of(standing, title or standing.indicator.title, standing.period.year)
    address = reverse("arithmetic", args=[standing.indicator.code])
    return ResultRow(
        **vars(row),
        reason=rating_words.reason(standing.rating),
        arithmetic=f"{address}?period={standing.period.code}",
    )


def list_heading(found: ResultsList) -> str:
    """How many focus areas are where they should be; a plain heading where none is shown."""
    statuses = [
        one.rating.status
        for one in found.standings
        if one.indicator.result.level == Result.Level.FOCUS_AREA
    ]
    if found.period is None or not statuses:
        return _("Results")
    return standing_heading(statuses, Result.Level.FOCUS_AREA, found.period)


def list_context(found: ResultsList, asked: QueryDict) -> dict[str, Any]:
    """Everything the list of results shows."""
    sections = []
    for level, heading in LEVEL_TITLES.items():
        rows = tuple(
            _row(
                one,
                found.titles.get(f"{one.indicator.result.code}.title")
                if level == Result.Level.FOCUS_AREA
                else None,
            )
            for one in found.standings
            if one.indicator.result.level == level
        )
        if rows:
            sections.append(Section(level, str(heading), rows))
    return {
        "heading": list_heading(found),
        "sections": sections,
        "found": found,
        "year": found.period,
        "baseline_year": 2013,
        "levels": Result.Level.choices,
        "level": asked.get("level", ""),
        "illustrative": any(row.illustrative for section in sections for row in section.rows),
    }


def result_context(found: ResultPage) -> dict[str, Any]:
    """Everything the page of a focus area or support function shows."""
    rows = [_row(one, None) for one in (*found.standings, *found.accomplishments)]
    return {
        "element": found.page.element,
        "texts": found.page.texts,
        "earlier_results": [text for text in found.page.earlier if text.kind == "result"],
        "found": found,
        "year": found.period,
        "baseline_year": 2013,
        "rows": rows[: len(found.standings)],
        "accomplishments": list(
            zip(
                rows[len(found.standings) :],
                [found.statements.get(one.indicator.result.code) for one in found.accomplishments],
                strict=True,
            )
        ),
        "illustrative": any(row.illustrative for row in rows),
    }


@dataclass(frozen=True)
class OfficeLine:
    """One office in the table by office: its own count, what it shares, who approved."""

    name: Wording | str
    value: Value
    number: Decimal | None
    shared: int
    approved: str
    approved_by: str
    note: str


def _office_lines(found: IndicatorPage) -> list[OfficeLine]:
    standing, lines = found.standing, []
    counted = standing.counted
    total = standing.actual
    values = {line.key: line for line in total.lines}
    missing = {gap.key: gap for gap in total.left_out}
    for code in dict.fromkeys([*values, *missing]):
        office, line = found.offices.get(code), values.get(code)
        number = line.number if line else None
        text = words_of(standing.indicator, number)
        if line and line.numerator is not None:
            text = _("%(part)s of %(whole)s") % {
                "part": formats.figure(line.numerator, 0, _language()),
                "whole": formats.figure(line.denominator or 0, 0, _language()),
            }
        elif line and line.choice:
            text = choice_words(standing.indicator, line.choice)
        approval = found.approvals.get(code)
        lines.append(
            OfficeLine(
                name=office.name if office else code,
                value=Value(text) if line else Value("", str(missing[code].reason)),
                number=number,
                shared=counted.shared.get(code, 0) if counted else 0,
                approved=formats.day(approval.approved_at.date(), _language())
                if approval and approval.approved_at
                else "",
                approved_by=str(approval.approved_by) if approval else "",
                note=_office_note(missing.get(code), standing) if line else "",
            )
        )
    return lines


def _office_note(gap: LeftOut | None, standing: Standing) -> str:
    """An office whose latest year is not approved: what it achieved before still stands."""
    if gap is None:
        return ""
    return _("%(year)s not approved; its earlier years stand") % {"year": standing.period.year}


def _points(standing: Standing) -> list[Point]:
    years = [*standing.by_year, *(t.year for t in standing.targets)]
    return [
        Point(
            str(year),
            total.number if (total := standing.by_year.get(year)) else None,
            bool(total and total.number is not None and total.coverage.is_thin),
        )
        for year in sorted(set(years))
    ]


def _baseline_mark(baseline: Baseline, indicator: Indicator) -> Mark:
    label = _("%(value)s baseline") % {"value": words_of(indicator, baseline.value)}
    return Mark(str(baseline.year), baseline.value, "baseline", label)


def _marks(standing: Standing) -> list[Mark]:
    final, indicator = standing.final_target, standing.indicator
    marks = [_baseline_mark(standing.baseline, indicator)] if standing.baseline else []
    marks += [
        Mark(
            str(target.year),
            target.value,
            "target",
            _("%(value)s target") % {"value": words_of(indicator, target.value)}
            if target is final
            else "",
        )
        for target in standing.targets
    ]
    marks += [
        Mark(
            str(first.year),
            first.value,
            "target-old",
            _("%(value)s first") % {"value": words_of(indicator, first.value)},
        )
        for first, now in zip(standing.first_targets, standing.targets, strict=True)
        if first.value != now.value
    ]
    return marks


def _message(found: IndicatorPage, value: Value) -> str:
    """What the figures say, as the heading of the page."""
    standing, title = found.standing, str(found.standing.indicator.title)
    coverage = standing.actual.coverage
    if standing.actual.reason == "too_few_offices":
        return _("%(title)s: no figure yet, %(reporting)s of %(expected)s offices are approved") % {
            "title": title,
            "reporting": coverage.reporting,
            "expected": coverage.expected,
        }
    if not value.text:
        return title
    if standing.rating.expected is not None:
        return _("%(title)s: %(value)s; %(expected)s expected by now") % {
            "title": title,
            "value": value.text,
            "expected": words_of(standing.indicator, standing.rating.expected),
        }
    return _("%(title)s: %(value)s") % {"title": title, "value": value.text}


def indicator_context(found: IndicatorPage, asked: QueryDict) -> dict[str, Any]:
    """Everything the page of one indicator shows."""
    standing, indicator = found.standing, found.standing.indicator
    value = value_of(indicator, standing.actual)
    offices = _office_lines(found)
    counted = standing.counted
    context: dict[str, Any] = {
        "found": found,
        "standing": standing,
        "indicator": indicator,
        "row": _row(standing, None),
        "value": value,
        "message": _message(found, value),
        "statement": found.wordings[-1] if found.wordings else None,
        "sheet": [(label, text) for name, label in REFERENCE_SHEET
                  if (text := getattr(indicator, name))],
        "points": _points(standing),
        "marks": _marks(standing),
        "years": [
            (year, value_of(indicator, total)) for year, total in standing.by_year.items()
        ],
        "offices": offices,
        "most": max((line.number or Decimal(0) for line in offices), default=Decimal(0)),
        "reason": rating_words.reason(standing.rating),
        "arithmetic": rating_words.arithmetic(standing.rating),
        "illustrative": standing.illustrative,
    }  # fmt: skip
    if counted is not None:
        context |= count_context(counted, found.regions)
    if found.series is not None:
        context |= statistic_context(found.series, indicator, asked)
    return context
