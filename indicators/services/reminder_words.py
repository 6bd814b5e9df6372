"""What people read when they are told of something. Words only: nothing is decided here.

Each function writes in the language that is active, which is that of the person told.
"""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from indicators.models import Remark, Submission
from indicators.queries.calendar import Duty
from indicators.queries.readiness import Item, Lack
from organization.models import Office, User
from organization.services.notices import Words

LACKS: Mapping[Lack, str | Promise] = {
    Lack.MISSING: gettext_lazy("Not entered"),
    Lack.OPEN: gettext_lazy("Not submitted"),
    Lack.RETURNED: gettext_lazy("Returned"),
    Lack.WAITING: gettext_lazy("Waits for approval"),
    Lack.UNEXPLAINED: gettext_lazy("Behind target, not explained"),
    Lack.UNPROVED: gettext_lazy("No evidence"),
    Lack.ASKED: gettext_lazy("Question open"),
}


def _language() -> str:
    return get_language() or "en"


def _to_do(office: Office, period: object) -> str:
    """The cells of the year that are still to be seen to."""
    address = reverse("office-period", args=[office.code, getattr(period, "code", period)])
    return f"{address}?show=todo"


def _how_far(duty: Duty) -> str:
    return _("%(entered)s of %(due)s figures are entered.") % {
        "entered": duty.progress.entered,
        "due": duty.progress.due,
    }


def owed(duty: Duty, days_left: int) -> Words:
    """Figures that are due soon, or late."""
    names = {
        "office": duty.progress.office.name,
        "period": duty.period,
        "day": formats.day(duty.due_on, _language()),
    }
    if days_left >= 0:
        subject = _("Due on %(day)s: figures for %(period)s, %(office)s")
        text = _("The figures of %(office)s for %(period)s are due on %(day)s.")
    else:
        subject = _("Late: figures for %(period)s, %(office)s")
        text = _("The figures of %(office)s for %(period)s were due on %(day)s.")
    what = _("Enter what is missing, then submit.")
    path = _to_do(duty.progress.office, duty.period)
    return Words(subject % names, f"{text % names} {_how_far(duty)}\n{what}", path)


def waiting(submission: Submission, days: int) -> Words:
    """A submission that waits for the approver."""
    names = {"office": submission.office.name, "period": submission.period}
    text = ngettext(
        "The figures of %(office)s for %(period)s have waited for %(days)s day.",
        "The figures of %(office)s for %(period)s have waited for %(days)s days.",
        days,
    )
    return Words(
        _("Waiting for your decision: %(office)s, %(period)s") % names,
        text % (names | {"days": days}) + "\n" + _("Approve them, or return them with a note."),
        reverse("submission", args=[submission.pk]),
    )


def returned(submission: Submission, notes: Sequence[Remark], by: User) -> Words:
    """A submission that came back, with the note and the notes on single figures."""
    names = {"office": submission.office.name, "period": submission.period, "who": by}
    text = _("%(who)s returned the figures of %(office)s for %(period)s with this note:")
    lines = [text % names, "", submission.return_note]
    # Without a note for the whole, the notes on single figures stand in for it.
    single = [f"{note.indicator.code}: {note.text}" for note in notes]
    further = [line for line in single if line not in submission.return_note]
    if further:
        lines += ["", _("On single figures:"), *further]
    return Words(
        _("Returned: figures for %(period)s, %(office)s") % names,
        "\n".join(lines),
        _to_do(submission.office, submission.period),
    )


def asked(remark: Remark) -> Words:
    """A question on a figure."""
    names = {
        "who": remark.made_by,
        "code": remark.indicator.code,
        "office": remark.office.name,
        "period": remark.period,
    }
    text = _("%(who)s asks about %(code)s of %(office)s for %(period)s:") % names
    codes = [remark.office.code, remark.period.code, remark.indicator.code]
    return Words(
        _("Question about %(code)s, %(office)s, %(period)s") % names,
        f"{text}\n\n{remark.text}\n\n" + _("Answer, or change the figure."),
        reverse("figure-queries", args=codes),
    )


def prompted(duty: Duty, by: User) -> Words:
    """Somebody of quality assurance asks for figures that are not submitted."""
    names = {
        "who": by,
        "office": duty.progress.office.name,
        "period": duty.period,
        "day": formats.day(duty.due_on, _language()),
    }
    text = _("%(who)s asks for the figures of %(office)s for %(period)s. They are due on %(day)s.")
    return Words(
        _("Please submit: figures for %(period)s, %(office)s") % names,
        f"{text % names} {_how_far(duty)}\n" + _("Enter what is missing, then submit."),
        _to_do(duty.progress.office, duty.period),
    )


def needed(report: str | Promise, items: Sequence[Item], by: User) -> Words:
    """Somebody of quality assurance asks for what a report lacks, by what it lacks."""
    office = items[0].office
    text = _("%(who)s asks %(office)s for what the following report still lacks: %(report)s.")
    lines = [text % {"who": by, "office": office.name, "report": report}, ""]
    for lack, word in LACKS.items():
        codes = [f"{one.indicator.code} ({one.year})" for one in items if lack in one.lacks]
        if codes:
            lines.append(f"{word}: {', '.join(codes)}")
    return Words(
        _("Needed for a report: figures of %(office)s") % {"office": office.name},
        "\n".join(lines),
        _to_do(office, max(one.year for one in items)),
    )
