"""What people read when they are told of something. Words only: nothing is decided here.

Each function writes in the language that is active, which is that of the person told.
"""

from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations.models import Action, Evaluation, FollowUp, Recommendation
from evaluations.queries.due import Unanswered
from habitat_plan.kit import formats
from organization.services.notices import Words


def _day(value: date) -> str:
    return formats.day(value, get_language() or "en")


def report_name(evaluation: Evaluation) -> str:
    """How an evaluation is called in a sentence: by its number, or its title without one."""
    if evaluation.number:
        return _("Evaluation Report %(number)s") % {"number": evaluation.number}
    return str(evaluation.title)


def _names(recommendation: Recommendation) -> dict[str, object]:
    evaluation = recommendation.evaluation
    return {"number": recommendation.number, "report": report_name(evaluation)}


def _page(recommendation: Recommendation) -> str:
    return reverse("recommendation", args=[recommendation.code])


def due(action: Action, days_late: int) -> Words:
    """An action that is due soon, or late."""
    names = _names(action.recommendation) | {
        "days": days_late,
        "day": _day(action.due_on) if action.due_on else "",
    }
    if days_late > 0:
        subject = _("Late: action on recommendation %(number)s, %(report)s") % names
        text = ngettext(
            "This action was due on %(day)s, %(days)s day ago:",
            "This action was due on %(day)s, %(days)s days ago:",
            days_late,
        )
    else:
        subject = _("Due on %(day)s: action on recommendation %(number)s, %(report)s") % names
        text = _("This action is due on %(day)s:")
    what = _("Report what was done. If it is done, propose that it is closed.")
    return Words(
        subject, f"{text % names}\n\n{action.text}\n\n{what}", _page(action.recommendation)
    )


def proposed(follow_up: FollowUp) -> Words:
    """A closure that waits for the Evaluation Unit."""
    action = follow_up.action
    names = _names(action.recommendation) | {"who": follow_up.by, "office": action.office.name}
    subject = _("To be verified: action on recommendation %(number)s, %(report)s") % names
    text = _("%(who)s, %(office)s, says that this action is done:") % names
    what = _("Verify that, or return it with what is missing.")
    lines = [text, "", str(action.text), "", follow_up.text, "", what]
    return Words(subject, "\n".join(lines), _page(action.recommendation))


def returned(follow_up: FollowUp) -> Words:
    """An action that came back from the Evaluation Unit, or was opened again."""
    action = follow_up.action
    names = _names(action.recommendation) | {"who": follow_up.by}
    if follow_up.kind == FollowUp.Kind.REOPENED:
        subject = _("Open again: action on recommendation %(number)s, %(report)s") % names
        text = _("%(who)s opened this action again:") % names
    else:
        subject = _("Returned: action on recommendation %(number)s, %(report)s") % names
        text = _("%(who)s did not verify that this action is done:") % names
    lines = [text, "", str(action.text), "", _("The reason:"), follow_up.reason]
    return Words(subject, "\n".join(lines), _page(action.recommendation))


def unanswered(found: Unanswered, days_late: int) -> Words:
    """Recommendations that an office has not answered."""
    count = len(found.numbers)
    names = {
        "report": report_name(found.evaluation),
        "office": found.office.name,
        "day": _day(found.due_on),
        "count": count,
        "numbers": ", ".join(str(number) for number in found.numbers),
    }
    if days_late > 0:
        subject = _("Late: answers to the recommendations of %(report)s") % names
    else:
        subject = _("Due on %(day)s: answers to the recommendations of %(report)s") % names
    text = ngettext(
        "%(count)s recommendation to %(office)s waits for management’s answer, due on %(day)s. "
        "Its number: %(numbers)s.",
        "%(count)s recommendations to %(office)s wait for management’s answer, due on %(day)s. "
        "Their numbers: %(numbers)s.",
        count,
    )
    what = _("Accept each of them, in part or as a whole, or reject it with the reason.")
    path = reverse("recommendation", args=[f"{found.evaluation.code}-{found.numbers[0]}"])
    return Words(subject, f"{text % names}\n{what}", path)


def no_response(evaluation: Evaluation, days_late: int) -> Words:
    """An evaluation that waits for management's overall response."""
    names = {
        "report": report_name(evaluation),
        "day": _day(evaluation.response_due_on) if evaluation.response_due_on else "",
    }
    if days_late > 0:
        subject = _("Late: management’s response to %(report)s") % names
        text = _("Management’s overall response to %(report)s was due on %(day)s.")
    else:
        subject = _("Due on %(day)s: management’s response to %(report)s") % names
        text = _("Management’s overall response to %(report)s is due on %(day)s.")
    what = _("Write it, with differences of opinion if there are any.")
    return Words(
        subject, f"{text % names}\n{what}", reverse("evaluation-response", args=[evaluation.code])
    )
