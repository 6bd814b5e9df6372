"""The report on the plan's strategic result: at mid-term and at the end, and never else (p.93)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from focus_areas.models import Period, Result
from reporting.kinds.declaring import OutlineSection, ReportKind
from reporting.kinds.progress import MISSING
from reporting.models.calendar import Body

STRATEGIC_RESULT = ReportKind(
    code="strategic_result",
    title=_("Report on the indicators of the strategic result"),
    heading=gettext_noop(
        "Strategic result of the plan for the period 2014–2019: report on its indicators, "
        "%(period)s"
    ),
    levels=(Result.Level.PLAN,),
    periods=(Period.Kind.MID_TERM, Period.Kind.FINAL),
    obligation="R6",
    paragraph="p.93",
    body=Body.GOVERNING_COUNCIL,
    mandate=(
        gettext_noop(
            "The strategic plan asks that the indicators of its strategic result be reported "
            "twice: with the mid-term evaluation and with the final evaluation (paragraph 93)."
        ),
        gettext_noop("The present report gives their standing at the end of %(year)s."),
    ),
    summary="strategic_in_short",
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate", "how_weighted")),
        OutlineSection(
            "result",
            _("The strategic result"),
            ("plan_promise", "strategic_table", "strategic_results", "text"),
            prompt=_(
                "What the indicators say of cities and of those who live in them, and what the "
                "plan can and cannot claim of it."
            ),
            words=500,
            writer="URCDB",
        ),
        OutlineSection(
            "limits",
            _("Limits of the data"),
            ("text",),
            prompt=_("Countries without data, thin coverage, changes of method."),
            words=250,
            writer="URCDB",
        ),
        MISSING,
        OutlineSection("tables", _("Indicator tables"), ("strategic_tables",), annex=True),
    ),
)
