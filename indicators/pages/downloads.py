"""Files that people take away to fill in: the content, its type and its name."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import get_language

from focus_areas.models import Period
from habitat_plan.kit.tables import write
from indicators.models import Upload
from indicators.permissions import READS_EVERYTHING, may_upload
from indicators.queries import uploads as found
from indicators.queries.entry import entry_page
from indicators.resources import FigureResource
from indicators.services import upload_files
from indicators.services.upload_findings import STATES
from indicators.services.uploads import PAGE_LIMITS, PAGE_ROWS, content_of, read_rows
from indicators.spreadsheets import lists, marking, sheets
from indicators.spreadsheets.office import office_workbook
from organization.models import Country, Office, User
from organization.permissions import holds

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class File:
    """A file to be saved by the browser."""

    content: bytes
    content_type: str
    name: str


def office_file(office: Office, period: Period, format: str, *, today: date) -> File | None:
    """The figures of an office and year; None for a format that there is none of."""
    page = entry_page(office=office, period=period, today=today)
    name = f"{office.code}-{period.code}.{format}"
    if format == "xlsx":
        countries = sorted(Country.objects.all(), key=str)
        return File(office_workbook(page, countries), XLSX, name)
    return File(lists.office_csv(page), CSV, name) if format == "csv" else None


def _may_read(user: User, kind: str) -> bool:
    return may_upload(user, kind) or holds(user, *READS_EVERYTHING)


def _achievements(user: User) -> tuple[list[lists.Row], bool]:
    rows = list(found.achievements_for(user))
    return lists.achievement_rows(rows), any(one.illustrative for one in rows)


def _authorities(_user: User) -> tuple[list[lists.Row], bool]:
    rows = list(found.register())
    return lists.authority_rows(rows), any(one.illustrative for one in rows)


def _baselines(_user: User) -> tuple[list[lists.Row], bool]:
    rows = list(found.baselines())
    return lists.baseline_rows(rows), any(one.illustrative for _of, one in rows if one)


def _targets(_user: User) -> tuple[list[lists.Row], bool]:
    rows = found.current_targets()
    return lists.target_rows(rows), any(one.illustrative for one in rows)


LISTS: dict[str, tuple[sheets.Sheet, Callable[[User], tuple[list[lists.Row], bool]]]] = {
    "achievements": (sheets.ACHIEVEMENTS, _achievements),
    "authorities": (sheets.AUTHORITIES, _authorities),
    "baselines": (sheets.BASELINES, _baselines),
    "targets": (sheets.TARGETS, _targets),
}


def _figures_file(user: User, format: str) -> File | None:
    """All figures that the person may read, in columns that an upload reads."""
    resource = FigureResource()
    columns = [str(field.column_name) for field in resource.get_export_fields()]
    rows = resource.values(found.figures_for(user))
    table = write.Sheet("figures", columns, ([row[name] for name in columns] for row in rows))
    if format == "csv":
        return File(b"".join(write.write_csv(table)), CSV, "figures.csv")
    if format != "xlsx":
        return None
    out = io.BytesIO()
    write.write_xlsx(out, [table], made_at=timezone.now())
    return File(out.getvalue(), XLSX, "figures.xlsx")


def list_file(user: User, kind: str, format: str) -> File | None:
    """A list to be changed and uploaded again; None if there is none or the person may not."""
    if kind == "figures" and _may_read(user, kind):
        return _figures_file(user, format)
    if kind not in LISTS or not _may_read(user, kind):
        return None
    shape, read = LISTS[kind]
    rows, illustrative = read(user)
    if format == "csv":
        return File(lists.list_csv(shape, rows), CSV, f"{kind}.csv")
    if format != "xlsx":
        return None
    countries = sorted(Country.objects.all(), key=str)
    content = lists.list_workbook(shape, rows, illustrative=illustrative, countries=countries)
    return File(content, XLSX, f"{kind}.xlsx")


def marked_file(upload: Upload) -> File | None:
    """The file of an upload with its faults in it; None if it has none or is gone."""
    rows = [
        row for row in upload_files.findings_of(upload).get("rows", ()) if row["state"] == "refused"
    ]
    if not rows or upload_files.content_of(upload) is None:
        return None
    if sum(upload.counts.get(state, 0) for state in STATES) > PAGE_ROWS:
        listed = [
            (row["sheet"], str(row["row"]), row["cell"], row["label"], row["sentence"])
            for row in rows
        ]
        content = marking.refused_csv(listed, get_language() or "en")
        return File(content, CSV, f"upload-{upload.pk}.csv")
    faults = [marking.Fault(row["sheet"], row["row"], row["cell"], row["sentence"]) for row in rows]
    read = read_rows(upload, PAGE_LIMITS)
    if read.is_workbook:
        content = marking.marked_workbook(content_of(upload), read.heads, faults)
        return File(content, XLSX, f"upload-{upload.pk}.xlsx")
    return File(
        marking.marked_csv(content_of(upload), read, faults), CSV, f"upload-{upload.pk}.csv"
    )
