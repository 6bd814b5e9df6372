"""The corrigendum of an issued report: paragraph, was, is, why. Drafted by the system alone."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from reporting.kinds.declaring import OutlineSection, ReportKind
from reporting.models.calendar import Body

CORRIGENDUM = ReportKind(
    code="corrigendum",
    title=_("Corrigendum"),
    heading=gettext_noop("Corrigendum to %(symbol)s"),
    levels=(),
    periods=(),
    obligation="",
    paragraph="",
    body=Body.GOVERNING_COUNCIL,
    corrects=True,
    outline=(OutlineSection("changes", _("Corrections"), ("corrections",)),),
)
