"""The kinds of report: which levels they may print, for which periods, to whom, in which form.

A report kind is one declaration here and a composer in `assembly`; p.91-93 of the plan say which
level is reported where. Plan-level indicators stand in the mid-term and final reports only (p.93).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period, Result


@dataclass(frozen=True)
class ReportKind:
    """A declared kind of report.

    `levels`: the levels of result whose indicators it prints. `periods`: the kinds of period it is
    made for. `obligation`: the reporting obligation of the plan it meets. `languages`: those its
    files are made in.
    """

    code: str
    title: str | Promise
    levels: tuple[str, ...]
    periods: tuple[str, ...]
    obligation: str
    paragraph: str
    languages: tuple[str, ...] = ("ar", "en", "zh")


BIENNIAL_PROGRESS = ReportKind(
    code="biennial_progress",
    title=_("Biennial progress report on the implementation of the strategic plan"),
    levels=(Result.Level.FOCUS_AREA, Result.Level.SUPPORT),
    periods=(Period.Kind.BIENNIUM,),
    obligation="R3",
    paragraph="p.92",
)

KINDS: Mapping[str, ReportKind] = {kind.code: kind for kind in (BIENNIAL_PROGRESS,)}

# The kinds of job that reports are made by.
ASSEMBLE, RENDER = "assemble_report", "render_report"

PLAN_LEVEL_PERIODS = (Period.Kind.MID_TERM, Period.Kind.FINAL)


def may_print(kind: ReportKind, level: str) -> bool:
    """True if indicators of this level may stand in this kind of report (p.91-93)."""
    if level == Result.Level.PLAN:
        return set(kind.periods) <= set(PLAN_LEVEL_PERIODS)
    return level in kind.levels
