"""The read API over published figures: approved ones only, for everybody, in fixed queries.

Numbers are decimal strings, so that no digit is lost; texts are objects by language.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from focus_areas.models import Period, Result
from habitat_plan.kit.wording import Wording
from indicators.queries.latest import latest_year
from indicators.queries.standing import Standing, standings
from indicators.rules.totals import Total


class PublishedView(APIView):  # type: ignore[misc]  # the framework has no types
    """A read-only endpoint that knows its parameters and refuses any other.

    A misspelt filter must not quietly answer with everything.
    """

    parameters: tuple[str, ...] = ()

    def refusal(self, request: Request) -> Response | None:
        """400 with a sentence for a parameter that is not known here."""
        unknown = sorted(set(request.query_params) - set(self.parameters))
        if not unknown:
            return None
        if not self.parameters:
            return refused(_("%(unknown)s: this address takes no parameters.")
                           % {"unknown": ", ".join(unknown)})  # fmt: skip
        return refused(
            _("%(unknown)s is not a parameter of this address. Use: %(known)s.")
            % {"unknown": ", ".join(unknown), "known": ", ".join(self.parameters)}
        )


def refused(message: str) -> Response:
    """400 with the sentence."""
    return Response({"code": "parameter", "message": message}, status=400)


class IndicatorList(PublishedView):
    """All indicators of a level with their standing at the end of a period."""

    parameters = ("period", "level")

    def get(self, request: Request) -> Response:
        """`?period=2017` or `2016-2017` (the latest year by default), `?level=focus_area`."""
        level = request.query_params.get("level", "")
        if response := self.refusal(request) or _unknown_level(level):
            return response
        period, today = asked_period(request), timezone.localdate()
        if period is None:
            return _unknown_period()
        found = standings(levels=[level] if level else Result.Level.values,
                          period=period, today=today)  # fmt: skip
        return Response({"period": period.code, "indicators": [standing_data(s) for s in found]})


class IndicatorDetail(PublishedView):
    """One indicator with its totals by year and where each comes from."""

    parameters = ("period",)

    def get(self, request: Request, code: str) -> Response:
        """The standing at the end of a period, and all years up to it."""
        if response := self.refusal(request):
            return response
        period = asked_period(request)
        if period is None:
            return _unknown_period()
        found = standings(codes=[code], period=period, today=timezone.localdate())
        if not found:
            raise Http404
        years = {str(year): total_data(total) for year, total in found[0].by_year.items()}
        content = {"period": period.code, **standing_data(found[0]), "years": years}
        return Response(content | {"lineage": lineage_data(found[0])})


def asked_period(request: Request) -> Period | None:
    """The period asked for; by default the latest year with approved figures, else the first."""
    code = request.query_params.get("period")
    if code is not None:
        return Period.objects.filter(code=code).first()
    first = Period.objects.filter(kind=Period.Kind.YEAR).first()
    return latest_year(timezone.localdate()) or first


def _unknown_period() -> Response:
    codes = Period.objects.values_list("code", flat=True)
    return refused(_("There is no such period. Use one of: %(codes)s.")
                   % {"codes": ", ".join(codes)})  # fmt: skip


def _unknown_level(level: str) -> Response | None:
    if not level or level in Result.Level.values:
        return None
    return refused(_("There is no level %(level)s. Use one of: %(levels)s.")
                   % {"level": level, "levels": ", ".join(Result.Level.values)})  # fmt: skip


def text_data(wording: Wording) -> dict[str, str]:
    """A text by language."""
    return {local.language: local.text for local in wording}


def number_data(value: Decimal | None) -> str | None:
    """A decimal as a plain string without trailing zeros."""
    return None if value is None else f"{value.normalize() + 0:f}"


def total_data(total: Total) -> dict[str, Any]:
    """A total: its number, or which kind of nothing it is and why."""
    return {
        "value": number_data(total.number),
        "nothing": str(total.nothing) if total.nothing else None,
        "reason": total.reason,
        "choice": total.choice,
        "rule": str(total.rule),
        "reporting": total.coverage.reporting,
        "expected": total.coverage.expected,
        "coverage": number_data(total.coverage.share),
        "illustrative": total.illustrative,
    }


def standing_data(standing: Standing) -> dict[str, Any]:
    """One indicator at the end of a period."""
    indicator, baseline, rating = standing.indicator, standing.baseline, standing.rating
    return {
        "code": indicator.code,
        "level": indicator.result.level,
        "result": indicator.result.code,
        "title": text_data(indicator.title),
        "unit": text_data(indicator.unit),
        "kind": indicator.kind,
        "decimals": indicator.decimals,
        "is_due": standing.is_due,
        "illustrative": standing.illustrative,
        "baseline": baseline and _baseline(number_data(baseline.value), baseline.year,
                                           baseline.source),
        "targets": [
            {"year": target.year, "value": number_data(target.value), "version": target.version}
            for target in standing.targets
        ],
        "actual": total_data(standing.actual),
        "rating": {
            "status": str(rating.status),
            "reason": rating.reason,
            "achievement": number_data(rating.achievement),
            "expected": number_data(rating.expected),
        },
    }  # fmt: skip


def _baseline(value: str | None, year: int, source: str) -> dict[str, Any]:
    return {"value": value, "year": year, "source": source}


def lineage_data(standing: Standing) -> Mapping[str, Any]:
    """The lines of the total and what was left out; countries or offices by their codes."""
    total = standing.actual
    return {
        "lines": [
            {
                "key": line.key,
                "year": line.year,
                "value": number_data(line.number),
                "numerator": number_data(line.numerator),
                "denominator": number_data(line.denominator),
                "weight": number_data(line.weight),
                "choice": line.choice,
                "illustrative": line.illustrative,
            }
            for line in total.lines
        ],
        "left_out": [
            {"key": left.key, "reason": str(left.reason), "note": left.note}
            for left in total.left_out
        ],
        "numerator": number_data(total.numerator),
        "denominator": number_data(total.denominator),
        "sources": list(standing.sources),
    }
