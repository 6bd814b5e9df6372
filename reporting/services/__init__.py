"""Writes on reports: assembling, clearing, issuing, and what is written and asked about them."""

from reporting.services.issuing import clear, issue, refuse_outdated
from reporting.services.reports import (
    assemble,
    assemble_now,
    at_one_moment,
    kind_for,
    plan_report,
    refuse_plan_level,
    render_one,
    request_assembly,
    require_complete,
)
from reporting.services.work import cancel_work, request_files, retry_work

__all__ = [
    "assemble",
    "assemble_now",
    "at_one_moment",
    "cancel_work",
    "clear",
    "issue",
    "kind_for",
    "plan_report",
    "refuse_outdated",
    "refuse_plan_level",
    "render_one",
    "request_assembly",
    "request_files",
    "require_complete",
    "retry_work",
]
