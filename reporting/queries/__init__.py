"""Reads of reports: what a person may see, and nothing else."""

from reporting.queries.reports import (
    Person,
    RenderedFile,
    ReportPage,
    ReportRow,
    rendering_file,
    report_page,
    title_of,
    visible_report,
    visible_reports,
)

__all__ = [
    "Person",
    "RenderedFile",
    "ReportPage",
    "ReportRow",
    "rendering_file",
    "report_page",
    "title_of",
    "visible_report",
    "visible_reports",
]
