"""The kinds of report: which levels they may print, for which periods, to whom, in which form.

A report kind is one declaration in this folder; its outline names blocks of
`reporting.assembly.blocks`. p.91-93 of the plan say which level is reported where. Plan-level
indicators stand in the mid-term and final reports only (p.93).
"""

from collections.abc import Mapping

from focus_areas.models import Period, Result
from reporting.kinds.accountability import BIENNIAL_PERFORMANCE, IMDIS
from reporting.kinds.corrigendum import CORRIGENDUM
from reporting.kinds.declaring import OutlineSection, ReportKind, walk
from reporting.kinds.evaluation import BIENNIAL_EVALUATION, RECOMMENDATION_STATUS
from reporting.kinds.progress import ANNUAL_PROGRESS, BIENNIAL_PROGRESS
from reporting.kinds.strategic_result import STRATEGIC_RESULT

__all__ = [
    "ANNUAL_PROGRESS",
    "ASSEMBLE",
    "BIENNIAL_EVALUATION",
    "BIENNIAL_PERFORMANCE",
    "BIENNIAL_PROGRESS",
    "CORRIGENDUM",
    "IMDIS",
    "KINDS",
    "PLAN_LEVEL_PERIODS",
    "RECOMMENDATION_STATUS",
    "RENDER",
    "STRATEGIC_RESULT",
    "OutlineSection",
    "ReportKind",
    "may_print",
    "walk",
]

KINDS: Mapping[str, ReportKind] = {
    kind.code: kind
    for kind in (
        ANNUAL_PROGRESS,
        BIENNIAL_PROGRESS,
        BIENNIAL_PERFORMANCE,
        IMDIS,
        STRATEGIC_RESULT,
        BIENNIAL_EVALUATION,
        RECOMMENDATION_STATUS,
        CORRIGENDUM,
    )
}

# The kinds of job that reports are made by.
ASSEMBLE, RENDER = "assemble_report", "render_report"

PLAN_LEVEL_PERIODS = (Period.Kind.MID_TERM, Period.Kind.FINAL)


def may_print(kind: ReportKind, level: str) -> bool:
    """True if indicators of this level may stand in this kind of report (p.91-93)."""
    if level == Result.Level.PLAN:
        return bool(kind.periods) and set(kind.periods) <= set(PLAN_LEVEL_PERIODS)
    return level in kind.levels
