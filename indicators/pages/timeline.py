"""The way of a submission in steps: what happened, when, by whom, why; and what comes next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Submission, SubmissionStep
from indicators.queries.entry import EntryPage

STATE = Submission.State


@dataclass(frozen=True)
class Step:
    """One step of the timeline; `look` is `now` for what is awaited and `todo` for what follows."""

    name: str
    at: date | None
    who: str
    look: str = ""
    why: str = ""


def timeline(page: EntryPage, steps: Sequence[SubmissionStep]) -> list[Step]:
    """Every step that was taken, in order, and those still to come."""
    return [*_opened(page), *_taken(steps), *_to_come(page.submission.state)]


def _opened(page: EntryPage) -> Iterator[Step]:
    if page.window is not None:
        day = timezone.localdate(page.window.opened_at)
        yield Step(_("Opened"), day, _("Quality assurance"))


def _taken(steps: Sequence[SubmissionStep]) -> Iterator[Step]:
    names = {
        "submit": _("Submitted"),
        "withdraw": _("Withdrawn"),
        "return": _("Returned"),
        "approve": _("Approved"),
        "verify": _("Verified"),
    }
    submitted = False
    for step in steps:
        name = names[step.action]
        if step.action == "submit":
            name = _("Submitted again") if submitted else name
            submitted = True
        yield Step(name, timezone.localdate(step.made_at), str(step.made_by), "", step.note)


def _to_come(state: str) -> Iterator[Step]:
    if state in {STATE.DRAFT, STATE.RETURNED}:
        yield Step(_("To be submitted"), None, _("the office"), "now")
    if state == STATE.SUBMITTED:
        yield Step(_("Decision of the approver"), None, _("waiting"), "now")
    elif state in {STATE.DRAFT, STATE.RETURNED}:
        yield Step(_("Approved"), None, "", "todo")
    if state != STATE.VERIFIED:
        look = "now" if state == STATE.APPROVED else "todo"
        yield Step(_("Verified"), None, _("Quality assurance"), look)
