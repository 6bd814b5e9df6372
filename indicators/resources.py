"""Figures in and out by way of django-import-export, with our services behind it.

An import through the resource obeys every rule that the page obeys: its rows become the lines of
`services.entry`, and a dry run is a comparison that writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from import_export import fields, resources
from import_export.results import Error, Result, RowResult
from tablib import Dataset

from focus_areas.models import Period
from indicators.models import Figure, Upload
from indicators.services import entry
from indicators.services.entry import Outcome
from indicators.services.upload_lines import Placed, lines_of
from indicators.spreadsheets.reading import FileContent, FileRow
from organization.models import Office, User

TYPES: Mapping[str, str] = {
    "new": RowResult.IMPORT_TYPE_NEW,
    "changed": RowResult.IMPORT_TYPE_UPDATE,
    "unchanged": RowResult.IMPORT_TYPE_SKIP,
    "blank": RowResult.IMPORT_TYPE_SKIP,
    "refused": RowResult.IMPORT_TYPE_ERROR,
}


class FigureResource(resources.ModelResource):  # type: ignore[misc]  # no types there
    """One row a figure. The columns are those of the sheet of figures, named by their keys."""

    code = fields.Field(attribute="indicator__code", column_name="code")
    office = fields.Field(attribute="office__code", column_name="office")
    period = fields.Field(attribute="period__code", column_name="period")

    class Meta:
        model = Figure
        fields = (
            "code", "office", "period", "value", "numerator", "denominator", "choice",
            "not_applicable", "reason", "cause", "explanation", "measures", "version",
            "illustrative",
        )  # fmt: skip
        export_order = fields

    def values(self, figures: Iterable[Figure]) -> Iterator[Mapping[str, Any]]:
        """The columns of figures as values, for a writer that keeps numbers numbers."""
        columns = self.get_export_fields()
        for figure in figures:
            yield {column.column_name: column.get_value(figure) for column in columns}

    def import_data(
        self,
        dataset: Dataset,
        dry_run: bool = False,
        *,
        by: User,
        at: datetime,
        language: str,
        office: Office | None = None,
        period: Period | None = None,
        **_kwargs: Any,
    ) -> Result:
        """What becomes of each row; whole or nothing: one refused row keeps all from being saved.

        `office` and `period` stand for rows that name none. A refused row carries the RuleBroken
        of the service as its error. Raises RuleBroken `other_office`.
        """
        upload = Upload(kind=Upload.Kind.FIGURES, office=office, period=period)
        placed = list(lines_of(FileContent(rows={"figures": _rows(dataset)}), upload)["figures"])
        lines = [one.line for one in placed if one.refusal is None]
        with transaction.atomic():
            outcomes = entry.compare(lines=lines, language=language, by=by, at=at)
            result = _result(placed, outcomes)
            if not dry_run and not result.has_errors():
                entry.enter_figures(lines=lines, language=language, by=by, at=at)
        return result


def _rows(dataset: Dataset) -> list[FileRow]:
    """The rows as texts. None leaves a field as stored, an empty text blanks it.

    A column `row` says where the row stood in a file; else the first is row 2, below the headings.
    """
    found = []
    for number, row in enumerate(dataset.dict, start=2):
        texts = {key: str(value).strip() for key, value in row.items() if value is not None}
        found.append(FileRow("figures", int(texts.pop("row", number)), texts, {}))
    return found


def _result(placed: list[Placed], outcomes: list[Outcome]) -> Result:
    result, told = Result(), iter(outcomes)
    for one in placed:
        row = RowResult()
        refusal, state = one.refusal, "refused"
        if refusal is None:
            outcome = next(told)
            refusal, state = outcome.refusal, outcome.state
        row.import_type = TYPES[state]
        row.row_values = dict(one.row.texts)
        if refusal is not None:
            row.errors.append(Error(refusal, row=one.row.texts, number=one.row.number))
        result.append_row_result(row)
        result.increment_row_result_total(row)
    result.total_rows = len(placed)
    return result
