"""Published results as CSV and XLSX: numbers stay numbers, texts never become formulas."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from import_export.formats.base_formats import CSV, XLSX, Format
from tablib import Dataset

from habitat_plan.kit.tables.guard import guarded
from indicators.queries.results import ResultsList
from indicators.queries.standing import Standing

FORMATS: dict[str, type[Format]] = {"csv": CSV, "xlsx": XLSX}
HEADERS = (
    "code", "title", "level", "period", "baseline", "baseline_year", "actual", "status", "target",
    "target_year", "unit", "rating", "achievement", "coverage", "illustrative", "source",
)  # fmt: skip


def text(value: object) -> str:
    """A text that no spreadsheet takes for a formula."""
    return guarded(str(value))


def number(value: Decimal | None, decimals: int) -> Decimal | str:
    """A number as shown; empty if there is none (the status column says why)."""
    if value is None:
        return ""
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _row(standing: Standing) -> list[Any]:
    indicator, actual, final = standing.indicator, standing.actual, standing.final_target
    baseline = standing.baseline
    return [
        indicator.code,
        text(indicator.title),
        indicator.result.level,
        standing.period.code,
        number(baseline.value if baseline else None, indicator.decimals),
        baseline.year if baseline else "",
        number(actual.number, indicator.decimals),
        (actual.nothing or "reported").upper(),
        number(final.value if final else None, indicator.decimals),
        final.year if final else "",
        text(indicator.unit),
        standing.rating.status.value,
        number(standing.rating.achievement, 4),
        number(actual.coverage.share, 4),
        "yes" if standing.illustrative else "no",
        text("; ".join(standing.sources)),
    ]


def results_file(found: ResultsList, format: str) -> tuple[bytes | str, str]:
    """The file's content and its content type."""
    writer = FORMATS[format]()
    data = Dataset(*[_row(one) for one in found.standings], headers=HEADERS)
    return writer.export_data(data), writer.get_content_type()
