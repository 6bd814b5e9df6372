"""The annual report to Member States (p.91), the biennial one to the Governing Council (p.92)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from focus_areas.models import Period, Result
from reporting.kinds.declaring import OutlineSection, ReportKind
from reporting.models.calendar import Body

METHOD = (
    gettext_noop(
        "Branches and regional offices enter each figure once. A person other than the one who "
        "submitted it approves it; only approved figures are printed here."
    ),
    gettext_noop(
        "A local, other subnational or national authority counts once, however many offices "
        "worked with it."
    ),
)

MISSING = OutlineSection("missing", _("Figures not reported"), ("missing",))

BIENNIAL_PROGRESS = ReportKind(
    code="biennial_progress",
    title=_("Biennial progress report on the implementation of the strategic plan"),
    heading=gettext_noop(
        "Implementation of the strategic plan for the period 2014–2019: progress in %(period)s"
    ),
    levels=(Result.Level.FOCUS_AREA, Result.Level.SUPPORT),
    periods=(Period.Kind.BIENNIUM,),
    obligation="R3",
    paragraph="p.92",
    body=Body.GOVERNING_COUNCIL,
    mandate=(
        gettext_noop(
            "The strategic plan asks that progress towards the results of the seven focus areas "
            "be reported to the Governing Council every two years (paragraph 92)."
        ),
        gettext_noop("The present report covers the biennium %(period)s."),
    ),
    summary="areas_in_short",
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate", "method", "how_rated")),
        OutlineSection(
            "highlights",
            _("Highlights of the biennium"),
            ("text",),
            prompt=_(
                "What the biennium changed for authorities and residents: three to five results, "
                "each with its figure. Say what did not work as well."
            ),
            words=400,
            writer="QAU",
        ),
        OutlineSection(
            "results",
            _("Results by focus area"),
            ("areas_table",),
            sections=(
                OutlineSection(
                    "",
                    blocks=("area_promise", "area_results", "text"),
                    prompt=_(
                        "What changed for authorities and residents, where, and by whose work; "
                        "what stood in the way."
                    ),
                    words=250,
                    writer="branch",
                    asks=("explanations",),
                    each="focus_area",
                ),
            ),
        ),
        OutlineSection(
            "cross_cutting",
            _("Cross-cutting issues"),
            ("markers", "text"),
            prompt=_(
                "How gender, youth, climate change and human rights were brought into the work, "
                "and what shows it."
            ),
            words=300,
            writer="PO",
        ),
        OutlineSection(
            "support",
            _("Lead and support functions"),
            ("support_table", "support_results", "text"),
            prompt=_("What the lead and support functions made possible, and what they lacked."),
            words=250,
            writer="MOD",
        ),
        MISSING,
        OutlineSection("tables", _("Indicator tables"), ("area_tables",), annex=True),
    ),
)

ANNUAL_PROGRESS = ReportKind(
    code="annual_progress",
    title=_("Annual progress report on the implementation of the strategic plan"),
    heading=gettext_noop(
        "Implementation of the strategic plan for the period 2014–2019: annual progress report "
        "for %(period)s"
    ),
    levels=(Result.Level.ACCOMPLISHMENT, Result.Level.FOCUS_AREA, Result.Level.SUPPORT),
    periods=(Period.Kind.YEAR,),
    obligation="R2",
    paragraph="p.91",
    body=Body.COMMITTEE,
    mandate=(
        gettext_noop(
            "The strategic plan asks that the indicators of the expected accomplishments be "
            "reported to Member States every year (paragraph 91)."
        ),
        gettext_noop("The present report covers the year %(period)s."),
    ),
    summary="accomplishments_in_short",
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate", "method", "how_rated")),
        OutlineSection(
            "highlights",
            _("Highlights of the year"),
            ("text",),
            prompt=_("Three to five results of the year, each with its figure."),
            words=400,
            writer="QAU",
        ),
        OutlineSection(
            "portfolio",
            _("Portfolio of projects"),
            ("portfolio", "text"),
            prompt=_(
                "Value and growth of the portfolio, where it was acquired, and how normative and "
                "operational work fit together."
            ),
            words=250,
            writer="PO",
        ),
        OutlineSection(
            "budget",
            _("Budget performance"),
            ("budget", "text"),
            prompt=_("Sources of funds, allocation and spending, and what shortfalls meant."),
            words=250,
            writer="MOD",
        ),
        OutlineSection("performance", _("Programme performance"), ("accomplishments_table",)),
        OutlineSection(
            "areas",
            _("Progress by focus area"),
            ("areas_table",),
            sections=(
                OutlineSection(
                    "",
                    blocks=("area_promise", "area_accomplishments"),
                    each="focus_area",
                    sections=(
                        OutlineSection(
                            "results",
                            _("Country, regional and global results"),
                            ("text",),
                            prompt=_(
                                "Begin with the main result. Then results in countries, in "
                                "regions, and worldwide."
                            ),
                            words=250,
                            writer="branch",
                        ),
                        OutlineSection(
                            "challenges",
                            _("Challenges and lessons"),
                            ("text",),
                            prompt=_(
                                "What stood in the way, what was done about it, and what others "
                                "can learn from it."
                            ),
                            words=150,
                            writer="branch",
                            asks=("explanations",),
                        ),
                    ),
                ),
            ),
        ),
        OutlineSection(
            "cross_cutting",
            _("Cross-cutting issues"),
            ("markers", "text"),
            prompt=_(
                "How gender, youth, climate change and human rights were brought into the work, "
                "and what shows it."
            ),
            words=300,
            writer="PO",
        ),
        OutlineSection(
            "support", _("Lead and support functions"), ("support_table", "support_results")
        ),
        OutlineSection(
            "evaluation",
            _("Evaluations and follow-up"),
            (
                "evaluated_share",
                "evaluations",
                "evaluated_areas",
                "lessons",
                "follow_up",
                "text",
            ),
            prompt=_("Which evaluations were used for which decisions."),
            words=200,
            writer="EVU",
        ),
        MISSING,
        OutlineSection("tables", _("Indicator tables"), ("accomplishment_tables",), annex=True),
    ),
)
