"""The evaluation plan as a file: a table for spreadsheets, or the frozen JSON of a version."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from evaluations.models import PlanVersion
from evaluations.pages import plan_rows
from evaluations.pages.plan_rows import PlanRow
from evaluations.permissions import Person
from evaluations.queries import plans as found
from evaluations.rules import plans as rules
from focus_areas.models import Period
from habitat_plan.kit.tables.write import Sheet, Value, write_csv, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True)
class File:
    """A file to be saved by the browser."""

    content: bytes
    content_type: str
    name: str


def plan_file(user: Person, biennium: Period, format: str, *, at: datetime) -> File:
    """The plan as the person sees it. 404 where there is none, or none in that format."""
    page = found.plan_page(biennium, user, on=localdate(at))
    rows = [plan_rows.row_of(one, page) for one in page.rows]
    if not rows:
        raise Http404
    return _file(rows, f"evaluation-plan-{biennium.code}", format, at)


def version_file(version: PlanVersion, format: str, *, at: datetime) -> File:
    """An approved version; as JSON the very bytes of which the SHA-256 is given."""
    name = f"evaluation-plan-{version.biennium.code}-{version.number}"
    if format == "json":
        return File(rules.canonical(version.content), JSON, f"{name}.json")
    rows = [plan_rows.frozen_row(one) for one in rules.planned_of(version.content)]
    return _file(rows, name, format, at)


def _file(rows: Sequence[PlanRow], name: str, format: str, at: datetime) -> File:
    language = get_language() or "en"
    sheet = Sheet(_("Evaluation plan")[:31], _headings(), (_cells(one) for one in rows))
    if format == "csv":
        content = b"".join(write_csv(sheet, language=language))
        return File(content, CSV, f"{name}.csv")
    if format != "xlsx":
        raise Http404
    out = io.BytesIO()
    write_xlsx(out, [sheet], made_at=at, right_to_left=language == "ar")
    return File(out.getvalue(), XLSX, f"{name}.xlsx")


def _headings() -> list[str]:
    return [
        _("Code"),
        _("Evaluation"),
        _("Kind"),
        _("Mandate"),
        _("Reference of the mandate"),
        _("Paragraph"),
        _("What it looks at"),
        _("Criteria"),
        _("Made by"),
        _("Budget, United States dollars"),
        pgettext("day", "Begins"),
        pgettext("day", "Ends"),
        _("State"),
        _("Illustrative"),
    ]


def _cells(row: PlanRow) -> list[Value]:
    planned, mandate = row.planned, row.mandate
    return [
        planned.code,
        str(row.title),
        row.kind,
        str(mandate.name) if mandate else "",
        mandate.reference if mandate else "",
        mandate.paragraph if mandate else "",
        _joined(_scope(row)),
        _joined(str(one) for one in row.criteria),
        row.conducted,
        planned.budget,
        planned.starts_on,
        planned.ends_on,
        row.state,
        _("Illustrative") if planned.illustrative else "",
    ]


def _scope(row: PlanRow) -> Iterable[str]:
    return (str(one.name) or one.kind for one in row.scope)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(text for text in texts if text)
