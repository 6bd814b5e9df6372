"""What was learned: the biennial evaluation report (p.101) and the state of recommendations (p.99).

Everything stands as on the last day of the period. The status of recommendations has two views: by
office for senior management, who act, and one by one for the Committee, who ask.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from focus_areas.models import Period
from reporting.kinds.declaring import OutlineSection, ReportKind
from reporting.models.calendar import Body

BIENNIAL_EVALUATION = ReportKind(
    code="biennial_evaluation",
    title=_("Biennial evaluation report"),
    heading=gettext_noop("Evaluations of the biennium %(period)s"),
    levels=(),
    periods=(Period.Kind.BIENNIUM,),
    obligation="R11",
    paragraph="p.101",
    body=Body.GOVERNING_COUNCIL,
    mandate=(
        gettext_noop(
            "The strategic plan asks for a report to the Governing Council every two years on the "
            "evaluations of the past biennium: results, lessons, recommendations and the action "
            "taken (paragraph 101)."
        ),
        gettext_noop("The present report covers the biennium %(period)s."),
    ),
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate",)),
        OutlineSection(
            "coverage",
            _("What was evaluated"),
            ("evaluated_share", "evaluations", "evaluated_areas", "text"),
            prompt=_("Which projects, subprogrammes and strategies were evaluated, and by whom."),
            words=300,
            writer="EVU",
        ),
        OutlineSection(
            "lessons",
            _("Results and lessons"),
            ("lessons", "text"),
            prompt=_("What the evaluations found, and what others can learn from it."),
            words=500,
            writer="EVU",
        ),
        OutlineSection(
            "recommendations",
            _("Recommendations and action taken"),
            ("recommendations", "rates_of_evaluations", "text"),
            prompt=_("What was recommended, what management answered, and what was done."),
            words=400,
            writer="EVU",
        ),
        OutlineSection(
            "next_plan", _("Evaluation plan of the next biennium"), ("evaluation_plan",)
        ),
    ),
)

RECOMMENDATION_STATUS = ReportKind(
    code="recommendation_status",
    title=_("Status of evaluation recommendations"),
    heading=gettext_noop("Status of evaluation recommendations at the end of %(period)s"),
    levels=(),
    periods=(Period.Kind.YEAR,),
    obligation="R9",
    paragraph="p.99",
    body=Body.COMMITTEE,
    audience="committee",
    mandate=(
        gettext_noop(
            "The strategic plan asks that evaluation recommendations be tracked and that their "
            "implementation be reported on regularly (paragraph 99)."
        ),
    ),
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate",)),
        OutlineSection("status", _("Open, overdue and implemented"), ("recommendations",)),
        OutlineSection(
            "by_office",
            _("For senior management: where action is due"),
            ("recommendations_by_office", "late_recommendations"),
        ),
        OutlineSection("open", _("For the Committee: what is open"), ("open_recommendations",)),
        OutlineSection(
            "comment",
            _("Comment of the Evaluation Unit"),
            ("text",),
            prompt=_("What moves, what does not, and who should act."),
            words=300,
            writer="EVU",
        ),
    ),
)
