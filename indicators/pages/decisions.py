"""What the buttons of the queue and of a submission ask for, handed to the services."""

from collections.abc import Callable
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Indicator, Submission
from indicators.pages.number_words import begin, in_words
from indicators.permissions import readable_offices
from indicators.services import remarks, submissions
from organization.models import User

AT_MOST = 100
NOTE = "note-"
LONGEST_NUMBER = 9


def number_in(text: str) -> int | None:
    """A number that a form carries; None if it is none, or too long to be one."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else None


def row_notes(form: QueryDict) -> dict[str, str]:
    """The words typed on single figures, by indicator code."""
    return {
        name.removeprefix(NOTE): text.strip()
        for name, text in form.items()
        if name.startswith(NOTE) and isinstance(text, str) and text.strip()
    }


def approve_several(form: QueryDict, *, by: User, at: datetime) -> tuple[str, list[str]]:
    """Approves each of the submissions named; what was approved, and why others were not.

    Each is named by its number and the number of the last step that the queue showed: `12:3`.
    """
    asked: dict[int, int | None] = {}
    for text in form.getlist("submission")[:AT_MOST]:
        number, _between, seen = text.partition(":")
        key = number_in(number)
        if key is not None:
            asked[key] = number_in(seen)
    approved, refusals = 0, []
    found = Submission.objects.filter(pk__in=asked).select_related("office", "period")
    readable = readable_offices(by)
    if readable is not None:
        found = found.filter(office__in=readable)
    for submission in found.order_by("submitted_at", "pk"):
        try:
            submissions.approve(submission=submission, by=by, at=at, seen=asked[submission.pk])
            approved += 1
        except RuleBroken as broken:
            refusals.append(f"{submission.office.name}, {submission.period}: {broken.message}")
    if not approved:
        return "", refusals or [_("Nothing was chosen.")]
    done = ngettext(
        "%(number)s submission is approved.", "%(number)s submissions are approved.", approved
    ) % {"number": in_words(approved)}
    return begin(done), refusals


Decision = Callable[[QueryDict, Submission, User, datetime], str]


def _return(form: QueryDict, submission: Submission, by: User, at: datetime) -> str:
    submissions.return_to_office(
        submission=submission,
        by=by,
        at=at,
        note=form.get("note", ""),
        row_notes=row_notes(form),
        seen=number_in(form.get("seen", "")),
    )
    return _("Returned to the office with your note.")


def _refuse_unsent(form: QueryDict) -> None:
    """What was typed on single figures would be lost with this step."""
    if codes := row_notes(form):
        raise RuleBroken(
            "notes_not_sent",
            _("You wrote a note on %(codes)s. Send it, or take it out first.")
            % {"codes": ", ".join(codes)},
        )


def _approve(form: QueryDict, submission: Submission, by: User, at: datetime) -> str:
    _refuse_unsent(form)
    submissions.approve(
        submission=submission,
        by=by,
        at=at,
        note=form.get("note", ""),
        seen=number_in(form.get("seen", "")),
    )
    return _("Approved. Its figures enter totals and reports.")


def _verify(form: QueryDict, submission: Submission, by: User, at: datetime) -> str:
    _refuse_unsent(form)
    submissions.verify(submission=submission, by=by, at=at, seen=number_in(form.get("seen", "")))
    return _("Verified.")


def _ask(form: QueryDict, submission: Submission, by: User, at: datetime) -> str:
    notes = row_notes(form)
    if not notes:
        raise RuleBroken("text_needed", _("Write what you ask."))
    measures = Indicator.objects.filter(
        code__in=notes, assignments__office=submission.office_id
    ).in_bulk(field_name="code")
    for code, text in notes.items():
        if code in measures:
            remarks.ask(
                indicator=measures[code],
                office=submission.office,
                period=submission.period,
                text=text,
                by=by,
                at=at,
            )
    return _("Your question is sent to the office.")


DECISIONS: dict[str, Decision] = {
    "return": _return,
    "approve": _approve,
    "verify": _verify,
    "ask": _ask,
}


def decide(
    form: QueryDict, submission: Submission, *, by: User, at: datetime
) -> tuple[str, RuleBroken | None]:
    """Takes the step that a button asked for; the sentence that confirms it, or the refusal."""
    decision = DECISIONS.get(form.get("do", ""))
    if decision is None:
        return "", RuleBroken("unknown_step", _("Choose what to do with the submission."))
    try:
        return decision(form, submission, by, at), None
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", broken
