"""Reports, what is written in them, when they are due, and what is asked about them."""

from reporting.models.calendar import LeadTime, Session, Slot
from reporting.models.narrative import (
    BoundFigure,
    Section,
    SectionComment,
    SectionText,
    SectionVersion,
)
from reporting.models.questions import Question
from reporting.models.reports import Rendering, Report, ReportDocument

__all__ = [
    "BoundFigure",
    "LeadTime",
    "Question",
    "Rendering",
    "Report",
    "ReportDocument",
    "Section",
    "SectionComment",
    "SectionText",
    "SectionVersion",
    "Session",
    "Slot",
]
