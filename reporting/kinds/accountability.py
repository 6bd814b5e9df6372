"""What goes to the General Assembly and the Secretariat: programme performance and IMDIS (p.92)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from focus_areas.models import Period, Result
from reporting.kinds.declaring import EXTRACT, OutlineSection, ReportKind
from reporting.kinds.progress import MISSING
from reporting.models.calendar import Body

BIENNIAL_PERFORMANCE = ReportKind(
    code="biennial_performance",
    title=_("Biennial programme performance report"),
    heading=gettext_noop("Programme performance of UN-Habitat for the biennium %(period)s"),
    levels=(Result.Level.FOCUS_AREA, Result.Level.SUPPORT, Result.Level.ACCOMPLISHMENT),
    periods=(Period.Kind.BIENNIUM,),
    obligation="R5",
    paragraph="p.92",
    body=Body.GENERAL_ASSEMBLY,
    mandate=(
        gettext_noop(
            "The strategic plan asks that progress towards the results of the focus areas be "
            "reported to the General Assembly in the programme performance report at the end of "
            "each biennium (paragraph 92)."
        ),
        gettext_noop("The present report covers the biennium %(period)s."),
    ),
    summary="areas_in_short",
    outline=(
        OutlineSection("mandate", _("Mandate and method"), ("mandate", "method", "how_rated")),
        OutlineSection(
            "highlights",
            _("Highlights of programme results"),
            ("text",),
            prompt=_("The results of the biennium that Member States should know of."),
            words=300,
            writer="QAU",
        ),
        OutlineSection(
            "areas",
            _("Results by subprogramme"),
            ("areas_table", "accomplishments_table"),
            sections=(
                OutlineSection(
                    "",
                    blocks=("area_results", "area_accomplishments", "text"),
                    prompt=_(
                        "Statement of accomplishment: what was achieved against each expected "
                        "accomplishment, with its figure."
                    ),
                    words=200,
                    writer="branch",
                    asks=("explanations",),
                    each="focus_area",
                ),
            ),
        ),
        OutlineSection(
            "support", _("Lead and support functions"), ("support_table", "support_results")
        ),
        OutlineSection(
            "outputs", _("Outputs and implementation rates"), ("outputs", "implementation_rates")
        ),
        OutlineSection(
            "challenges",
            _("Challenges and lessons"),
            ("text",),
            prompt=_("Constraints met, and what will be done differently."),
            words=250,
            writer="QAU",
            asks=("explanations",),
        ),
        MISSING,
    ),
)

IMDIS = ReportKind(
    code="imdis",
    title=_("Extract for IMDIS"),
    heading=gettext_noop("Extract for IMDIS, %(period)s"),
    levels=(Result.Level.FOCUS_AREA, Result.Level.ACCOMPLISHMENT),
    periods=(Period.Kind.YEAR, Period.Kind.BIENNIUM),
    obligation="R4",
    paragraph="p.91, p.92",
    body=Body.SECRETARIAT,
    audience="secretariat",
    formats=EXTRACT,
    for_data=True,
    outline=(
        OutlineSection(
            "extract",
            _("Extract for IMDIS"),
            ("imdis_indicators", "imdis_accounts", "imdis_outputs"),
        ),
    ),
)
