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

__all__ = [
    "assemble",
    "assemble_now",
    "at_one_moment",
    "clear",
    "issue",
    "kind_for",
    "plan_report",
    "refuse_outdated",
    "refuse_plan_level",
    "render_one",
    "request_assembly",
    "require_complete",
]
