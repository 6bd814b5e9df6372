"""The queue and one submission as an approver reads it: what differs, what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from habitat_plan.kit import formats
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.forms.review import ReturnForm
from indicators.models import Indicator, Submission
from indicators.pages.entry_form import description, entry_text, measured, number_text, share_text
from indicators.pages.number_words import begin, in_words
from indicators.permissions import may_approve
from indicators.queries.entry import EntryPage, EntryRow, entry_page
from indicators.queries.progress import Waiting, approval_queue
from indicators.queries.waiting import verification_queue
from indicators.services import submissions
from organization.models import Role, User
from organization.permissions import holds


@dataclass(frozen=True)
class Difference:
    """One row of a submission beside the last value before it."""

    row: EntryRow
    description: str
    before: str
    now: str
    change: str
    share: str

    @property
    def differs(self) -> bool:
        """True if the value changed, or if something about it was found."""
        return self.before != self.now or bool(self.row.checks)


@dataclass(frozen=True)
class Step:
    """One step of the timeline."""

    name: str
    at: date | None
    who: str
    look: str = ""
    why: str = ""


def _before(row: EntryRow) -> Decimal | None:
    if row.indicator.kind == Indicator.Kind.COUNT:
        return Decimal(row.count_before)
    previous = row.previous
    if previous is None:
        return None
    if previous.numerator is not None and previous.denominator:
        return previous.numerator * 100 / previous.denominator
    return previous.number


def _change(row: EntryRow, before_text: str) -> str:
    before, now = _before(row), measured(row)
    if now is not None and not before_text:
        return _("new")
    if before is None or now is None:
        return ""
    language = get_language() or "en"
    if row.indicator.kind == Indicator.Kind.RATIO:
        points = formats.figure(now - before, 0, language, signed=True)
        return _("%(number)s points") % {"number": points}
    return formats.figure(now - before, row.indicator.decimals, language, signed=True)


def difference(row: EntryRow) -> Difference:
    """A row in words."""
    is_count = row.indicator.kind == Indicator.Kind.COUNT
    before = number_text(row.count_before) if is_count else entry_text(row.indicator, row.previous)
    now = number_text(row.count_to_date) if is_count else entry_text(row.indicator, row.figure)
    return Difference(
        row, description(row.indicator), before, now, _change(row, before), share_text(row)
    )


def timeline(page: EntryPage) -> list[Step]:
    """Opened, returned, submitted, approved, verified: each with day and person."""
    submission = page.submission
    reached = submission.state
    steps = []
    if page.window is not None:
        opened = page.window
        steps.append(Step(_("Opened"), opened.opened_at.date(), _("Quality assurance")))
    if submission.submitted_at:
        who = str(submission.submitted_by)
        steps.append(Step(_("Submitted"), _day(submission.submitted_at), who))
    if reached == Submission.State.RETURNED:
        who, why = str(submission.returned_by), submission.return_note
        steps.append(Step(_("Returned"), _day(submission.returned_at), who, "now", why))
    if submission.approved_at:
        who = str(submission.approved_by)
        steps.append(Step(_("Approved"), _day(submission.approved_at), who))
    elif reached == Submission.State.SUBMITTED:
        steps.append(Step(_("Decision of the approver"), None, _("waiting"), "now"))
    else:
        steps.append(Step(_("Approved"), None, "", "todo"))
    done = submission.verified_at is not None
    look = "" if done else "now" if reached == Submission.State.APPROVED else "todo"
    who = str(submission.verified_by) if done else _("Quality assurance")
    steps.append(Step(_("Verified"), _day(submission.verified_at), who, look))
    return steps


def _day(at: datetime | None) -> date | None:
    return timezone.localdate(at) if at else None


def refused_decision(user: User, submission: Submission) -> str:
    """Why this person cannot decide on a submission of theirs; empty if they can."""
    if submission.submitted_by_id == user.pk:
        return _("You submitted this yourself. Another approver of the office decides on it.")
    return ""


def submission_context(
    user: User,
    submission: Submission,
    *,
    today: date,
    form: ReturnForm | None = None,
    refused: str | Promise = "",
) -> dict[str, Any]:
    """Everything the template of one submission shows."""
    page = entry_page(office=submission.office, period=submission.period, today=today)
    rows = [difference(row) for row in page.rows if row.is_due]
    checks = [check for row in page.rows for check in row.checks]
    waits = submission.state == Submission.State.SUBMITTED
    own = refused_decision(user, submission)
    to_verify = submission.state == Submission.State.APPROVED
    verifier = holds(user, Role.QUALITY_ASSURANCE)
    return {
        "page": page,
        "submission": submission,
        "steps": timeline(page),
        "differing": [row for row in rows if row.differs],
        "same": [row for row in rows if not row.differs],
        "figures": sum(1 for row in rows if row.now),
        "changed": sum(1 for row in rows if row.now and row.before != row.now),
        "answered": sum(1 for check in checks if not check.is_open),
        "unanswered": sum(1 for check in checks if check.is_open),
        "may_decide": waits and may_approve(user, submission.office) and not own,
        "own": own if waits and may_approve(user, submission.office) else "",
        "may_verify": to_verify
        and verifier
        and user.pk not in {submission.submitted_by_id, submission.approved_by_id},
        "form": form or ReturnForm(),
        "refused": refused,
        "illustrative": any(
            row.indicator.illustrative or (row.figure is not None and row.figure.illustrative)
            for row in page.rows
        ),
    }


def queue_heading(waiting: Sequence[Waiting], to_verify: Sequence[Waiting]) -> str:
    """The answer first: how many wait, and how long the oldest."""
    if waiting:
        oldest = max(one.days for one in waiting)
        first = ngettext(
            "%(number)s submission waits for you",
            "%(number)s submissions wait for you",
            len(waiting),
        ) % {"number": in_words(len(waiting))}
        second = ngettext("the oldest for %(days)s day", "the oldest for %(days)s days", oldest) % {
            "days": in_words(oldest)
        }
        return begin(_("%(first)s; %(second)s") % {"first": first, "second": second})
    if to_verify:
        return begin(
            ngettext(
                "%(number)s submission waits to be verified",
                "%(number)s submissions wait to be verified",
                len(to_verify),
            )
            % {"number": in_words(len(to_verify))}
        )
    return _("Nothing waits for your decision")


def queue_context(user: User, *, today: date) -> dict[str, Any]:
    """Everything the template of the queue shows."""
    waiting = approval_queue(user, today=today)
    to_verify = verification_queue(user, today=today)
    clean = [one for one in waiting if not one.own and not one.answered]
    return {
        "heading": queue_heading(waiting, to_verify),
        "waiting": waiting,
        "to_verify": to_verify,
        "clean": clean,
        "clean_words": ngettext(
            "Approve the one with nothing flagged",
            "Approve the %(number)s with nothing flagged",
            len(clean),
        )
        % {"number": in_words(len(clean))},
    }


def approve_several(form: QueryDict, *, by: User, at: datetime) -> tuple[str, list[str]]:
    """Approves each of the submissions named; what was approved, and why others were not."""
    numbers = [int(text) for text in form.getlist("submission") if text.isdecimal()][:100]
    approved, refusals = 0, []
    for submission in Submission.objects.filter(pk__in=numbers).select_related("office"):
        try:
            submissions.approve(submission=submission, by=by, at=at)
            approved += 1
        except RuleBroken as broken:
            refusals.append(f"{submission.office.name}: {broken.message}")
    if not approved:
        return "", refusals or [_("Nothing was chosen.")]
    done = ngettext(
        "%(number)s submission is approved.", "%(number)s submissions are approved.", approved
    ) % {"number": in_words(approved)}
    return begin(done), refusals


def decide(
    form: QueryDict, submission: Submission, *, by: User, at: datetime
) -> tuple[str, RuleBroken | None]:
    """Takes the step that a button asked for; the sentence that confirms it, or the refusal."""
    steps = {
        "approve": (submissions.approve, _("Approved. Its figures enter totals and reports.")),
        "verify": (submissions.verify, _("Verified.")),
    }
    asked = form.get("do", "")
    try:
        if asked == "return":
            note = form.get("note", "")
            submissions.return_to_office(submission=submission, by=by, at=at, note=note)
            return _("Returned to the office with your note."), None
        if asked not in steps:
            return "", RuleBroken("unknown_step", _("Choose what to do with the submission."))
        step, sentence = steps[asked]
        step(submission=submission, by=by, at=at)
    except NotAllowed:
        raise
    except RuleBroken as broken:
        return "", broken
    return sentence, None
