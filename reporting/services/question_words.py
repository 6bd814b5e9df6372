"""What people read when a delegation asks or is answered. Words only: nothing is decided here.

Each function writes in the language that is active, which is that of the person told.
"""

from django.urls import reverse
from django.utils.translation import gettext as _

from organization.services.notices import Words
from reporting.kinds import KINDS
from reporting.models import Question


def where(question: Question) -> str:
    """The report and paragraph that a question is about."""
    report = question.report
    names = {
        "report": KINDS[report.kind].title if report.kind in KINDS else report.kind,
        "period": report.period,
        "symbol": report.symbol,
        "number": question.paragraph,
    }
    if question.paragraph:
        return _("%(report)s, %(period)s (%(symbol)s), paragraph %(number)s") % names
    return _("%(report)s, %(period)s (%(symbol)s)") % names


def asked(question: Question) -> Words:
    """A new question, for those who answer."""
    names = {"who": question.office.name, "where": where(question)}
    return Words(
        _("Question of a delegation: %(where)s") % names,
        _("%(who)s asks about %(where)s:") % names
        + f"\n\n{question.text}\n\n"
        + _("The answer goes to all delegations, with the question."),
        reverse("question", args=[question.pk]),
    )


def answered(question: Question, *, is_new: bool) -> Words:
    """An answer, for whoever asked."""
    names = {"where": where(question)}
    subject = _("Your question is answered: %(where)s")
    if not is_new:
        subject = _("The answer to your question was amended: %(where)s")
    return Words(
        subject % names,
        _("You asked:")
        + f"\n\n{question.text}\n\n"
        + _("The answer:")
        + f"\n\n{question.answer}\n\n"
        + _("All delegations can read the question and the answer now."),
        reverse("question", args=[question.pk]),
    )
