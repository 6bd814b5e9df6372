"""Lists that are downloaded, changed and uploaded again: one sheet each, as XLSX or CSV."""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import get_language

from habitat_plan.kit.tables import write
from indicators.models import Achievement, Authority, Baseline, Indicator, Target
from indicators.queries.entry import EntryPage
from indicators.spreadsheets.book import Book, Value
from indicators.spreadsheets.office import (
    achievement_row,
    due_rows,
    figure_row,
    illustrative_mark,
    yes_if,
)
from indicators.spreadsheets.sheets import FIGURES, Sheet
from organization.models import Country

EMPTY_ROWS = 100
Row = Mapping[str, Value]


def authority_rows(found: Iterable[Authority]) -> list[Row]:
    """The register, a row each."""
    return [
        {
            "name": one.name,
            "type": one.get_type_display(),
            "country": str(one.country.name),
            "other_names": "; ".join(other.name for other in one.names.all()),
            "key": str(one.pk),
            "illustrative": yes_if(one.illustrative),
        }
        for one in found
    ]


def achievement_rows(found: Iterable[Achievement]) -> list[Row]:
    """Achievements, a row each."""
    return [achievement_row(one, one.indicator, one.office, one.period) for one in found]


def baseline_rows(found: Iterable[tuple[Indicator, Baseline | None]]) -> list[Row]:
    """A row for each indicator; blank where the baseline is missing."""
    return [
        {
            "code": indicator.code,
            "title": str(indicator.title),
            "value": one.value if one else None,
            "year": one.year if one else None,
            "source": one.source if one else None,
            "illustrative": yes_if(one.illustrative) if one else None,
        }
        for indicator, one in found
    ]


def target_rows(found: Iterable[Target]) -> list[Row]:
    """The versions in force, a row each."""
    return [
        {
            "code": one.indicator.code,
            "title": str(one.indicator.title),
            "office": one.office.code if one.office else None,
            "year": one.year,
            "value": one.value,
            "decided_on": one.decided_on,
            "decision": one.decision,
            "reason": one.reason,
            "source": one.source,
            "illustrative": yes_if(one.illustrative),
        }
        for one in found
    ]


def list_workbook(
    shape: Sheet, rows: Sequence[Row], *, illustrative: bool, countries: Sequence[Country] = ()
) -> bytes:
    """A list as a workbook, every column but the helping ones open, with empty rows below."""
    book = Book(str(shape.title))
    table = book.table(shape, str(shape.title), illustrative_mark(illustrative=illustrative))
    first = table.next_row
    for row in rows:
        table.row(dict(row), decimals=4 if "value" in row else None)
    for _number in range(EMPTY_ROWS):
        table.row({})
    last = table.next_row - 1
    if shape.column("type"):
        table.choose(first, "type", [str(label) for label in Authority.Type.labels], last)
        table.choose(first, "country", [str(one.name) for one in countries], last)
    return book.bytes()


def list_csv(shape: Sheet, rows: Iterable[Row]) -> bytes:
    """A list as plain CSV."""
    table = write.Sheet(
        name=str(shape.title),
        headings=[str(column.title) for column in shape.columns],
        rows=([row.get(column.key) for column in shape.columns] for row in rows),
    )
    return b"".join(write.write_csv(table, language=get_language() or "en"))


def office_csv(page: EntryPage) -> bytes:
    """The figures of an office and year as plain CSV; disaggregation is for the workbook."""
    return list_csv(FIGURES, (figure_row(row, page) for row in due_rows(page)))
