"""The overview in words: the message, facts, rows of results, who has reported, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from focus_areas.models import Period, Result
from habitat_plan.kit import formats
from habitat_plan.kit.wording import Wording
from indicators.models import Indicator, Submission
from indicators.pages.headlines import standing_heading
from indicators.permissions import readable_offices
from indicators.queries.calendar import Steps
from indicators.queries.overview import LEVELS, Overview, overview, periods_to_choose
from indicators.queries.standing import Standing
from indicators.rules.aggregation import Total
from indicators.rules.kinds import Nothing
from indicators.rules.ratings import Rating, Status
from organization.kept import kept
from organization.models import User

AT_MOST = 7


@dataclass(frozen=True)
class Value:
    """A total in words, or which kind of nothing it is."""

    text: str
    nothing: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Row:
    """One result of the table."""

    code: str
    title: Wording
    url: str
    line: Sequence[Decimal | None]
    baseline: str
    before: Value
    now: Value
    expected: str
    target: str
    target_year: int | None
    first_target: str
    rating: Rating
    offices: str
    illustrative: bool


@dataclass(frozen=True)
class Waits:
    """Something that waits for somebody, and for how many days."""

    days: int
    title: str
    text: str
    url: str
    is_late: bool


def _number(indicator: Indicator, value: Decimal | None) -> str:
    if value is None:
        return ""
    language = get_language() or "en"
    if indicator.is_per_cent:
        return formats.per_cent(value, indicator.decimals, language)
    return formats.figure(value, indicator.decimals, language)


def value_of(indicator: Indicator, total: Total | None) -> Value:
    """A total as the table shows it. One over too few offices is not approved yet."""
    if total is None:
        return Value("", Nothing.NOT_DUE.value)
    if total.number is not None:
        return Value(_number(indicator, total.number))
    if total.choice:
        return Value(choice_words(indicator, total.choice))
    if total.reason == "too_few_offices":
        return Value("", "not_approved")
    return Value("", (total.nothing or Nothing.NOT_REPORTED).value)


def choice_words(indicator: Indicator, choice: str) -> str:
    """The label of an answer: yes, no, or the stage reached."""
    labels = {option.code: str(option.label) for option in indicator.options.all()}
    return labels.get(choice) or {"yes": _("yes"), "no": _("no")}.get(choice, choice)


def _offices(standing: Standing) -> str:
    coverage = standing.actual.coverage
    if standing.indicator.kind == Indicator.Kind.STATISTIC or not coverage.expected:
        return ""
    return _("%(part)s of %(whole)s") % {"part": coverage.reporting, "whole": coverage.expected}


def row_of(standing: Standing, title: Wording, year: int) -> Row:
    """One result in words."""
    indicator, final = standing.indicator, standing.final_target
    first = next((one for one in standing.first_targets if final and one.year == final.year), None)
    revised = first is not None and final is not None and first.value != final.value
    baseline = standing.baseline.value if standing.baseline else None
    return Row(
        code=indicator.code,
        title=title,
        url=reverse("result", args=[indicator.code]),
        line=[total.number for total in standing.by_year.values()],
        baseline=_number(indicator, baseline),
        before=value_of(indicator, standing.by_year.get(year - 1)),
        now=value_of(indicator, standing.actual),
        expected=_number(indicator, standing.rating.expected),
        target=_number(indicator, final.value if final else None),
        target_year=final.year if final else None,
        first_target=_number(indicator, first.value if first and revised else None),
        rating=standing.rating,
        offices=_offices(standing),
        illustrative=standing.illustrative,
    )


def _title(found: Overview, standing: Standing) -> Wording:
    return found.titles.get(f"{standing.indicator.result.code}.title") or standing.indicator.title


def deck(found: Overview, rows: Sequence[Row]) -> str:
    """As of when, and which results cannot be rated yet."""
    sentence = _("Standing at the end of %(period)s, from approved figures only.") % {
        "period": found.period
    }
    unrated = [str(row.title) for row in rows if row.rating.status is Status.NOT_RATED]
    if not unrated or len(unrated) == len(rows) or len(unrated) > AT_MOST:
        return sentence
    return sentence + " " + _("Not rated yet: %(names)s.") % {"names": "; ".join(unrated)}


def waiting(offices: Sequence[Steps], year: Period, today: date) -> list[Waits]:
    """Offices that are late and submissions that wait for approval, longest first."""
    found = []
    for steps in offices:
        progress, submission = steps.progress, steps.progress.submission
        office = progress.office
        if progress.days_late:
            found.append(
                Waits(
                    progress.days_late,
                    _("%(office)s has not submitted") % {"office": office.name},
                    _("%(entered)s of %(due)s figures are entered.")
                    % {"entered": progress.entered, "due": progress.due},
                    reverse("office-period", args=[office.code, year.code]),
                    True,
                )
            )
        elif submission and progress.state == Submission.State.SUBMITTED:
            since = localdate(submission.submitted_at) if submission.submitted_at else today
            found.append(
                Waits(
                    (today - since).days,
                    _("%(office)s waits for approval") % {"office": office.name},
                    _("Submitted on %(day)s.")
                    % {"day": formats.day(since, get_language() or "en")},
                    reverse("submission", args=[submission.pk]),
                    False,
                )
            )
    return sorted(found, key=lambda one: -one.days)[:AT_MOST]


@dataclass(frozen=True)
class Practice:
    """How the agency works: one indicator with its real figures and their sources."""

    title: Wording
    url: str
    values: Sequence[Value]
    target: str
    target_year: int | None
    rating: Rating
    sources: tuple[str, ...]


def _practice(standing: Standing, years: Sequence[int]) -> Practice:
    final = standing.final_target
    return Practice(
        title=standing.indicator.title,
        url=reverse("result", args=[standing.indicator.code]),
        values=[
            replace(value_of(standing.indicator, standing.by_year.get(year)), year=year)
            for year in years
        ],
        target=_number(standing.indicator, final.value if final else None),
        target_year=final.year if final else None,
        rating=standing.rating,
        sources=standing.sources,
    )


def _chosen(asked: QueryDict, periods: Sequence[Period], latest: Period) -> tuple[Period, str]:
    """The period and level that were asked for; the usual ones for what is not known."""
    by_code = {period.code: period for period in periods}
    level = asked.get("level", "")
    known = level if level in LEVELS else Result.Level.FOCUS_AREA.value
    return by_code.get(asked.get("period", ""), latest), known


ASKED = ("period", "level", "office")


def overview_body(user: User, asked: QueryDict, *, today: date) -> dict[str, Any]:
    """The overview as HTML, kept until somebody writes; the same for all who may read it."""

    def make() -> dict[str, Any]:
        context = overview_context(user, asked, today=today)
        return {
            "body": render_to_string("indicators/overview_body.html", context),
            "illustrative": context.get("illustrative", False),
        }

    choices = tuple(asked.get(name, "") for name in ASKED)
    return kept(("overview", readable_offices(user), choices), make)


def overview_context(user: User, asked: QueryDict, *, today: date) -> dict[str, Any]:
    """Everything the template of the overview shows."""
    periods, latest = periods_to_choose()
    if latest is None:
        return {"nothing_opened": True}
    period, level = _chosen(asked, periods, latest)
    year = next(one for one in periods if one.kind == Period.Kind.YEAR and one.year == period.year)
    found = overview(
        period=period,
        year=year,
        level=level,
        office=asked.get("office", "")[:20],
        today=today,
        user=user,
    )
    rows = [row_of(one, _title(found, one), year.year) for one in found.standings]
    years = range(max(2014, year.year - 2), year.year + 1)
    return {
        "heading": standing_heading([row.rating.status for row in rows], level, period),
        "deck": deck(found, rows),
        "rows": rows,
        "found": found,
        "year": year,
        "baseline_year": 2013,
        "periods": periods,
        "levels": [(one.value, one.label) for one in LEVELS],
        "office": asked.get("office", "")[:20],
        "waiting": waiting(found.offices, year, today),
        "facts": facts(found.offices, rows),
        "practices": [_practice(one, years) for one in found.how_we_work],
        "practice_years": years,
        "illustrative": any(row.illustrative for row in rows),
    }


def facts(offices: Sequence[Steps], rows: Sequence[Row]) -> dict[str, int]:
    """The short answers under the heading."""
    late = [one.progress.days_late for one in offices if one.progress.days_late]
    return {
        "offices": len(offices),
        "approved": sum(1 for one in offices if one.approved == "done"),
        "late": len(late),
        "oldest": max(late, default=0),
        "waiting": sum(1 for one in offices if one.approved == "half"),
        "returned": sum(1 for one in offices if one.submitted == "back"),
        "unrated": sum(1 for row in rows if row.rating.status is Status.NOT_RATED),
    }
