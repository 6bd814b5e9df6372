"""The queue and one submission as an approver reads it: what differs, what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from focus_areas.models import Period
from indicators.forms.review import ReturnForm
from indicators.models import Submission
from indicators.pages.number_words import begin, in_words
from indicators.pages.review_rows import (
    Around,
    Difference,
    authorities_in,
    changed_since,
    difference,
)
from indicators.pages.timeline import timeline
from indicators.permissions import may_approve, may_enter
from indicators.queries.changes import approved_before, authority_names, content_of, steps_of
from indicators.queries.entry import EntryPage, entry_page
from indicators.queries.progress import Waiting, approval_queue
from indicators.queries.remarks import threads_of
from indicators.queries.waiting import verification_queue
from indicators.rules import workflow
from organization.models import Office, Role, User
from organization.permissions import holds


@dataclass(frozen=True)
class Powers:
    """What this person may do with a submission; `own` says why they cannot decide on theirs."""

    decide: bool
    verify: bool
    ask: bool
    own: str

    @property
    def notes(self) -> bool:
        """True if there is a field for a word on each figure."""
        return self.decide or self.ask


def powers(user: User, submission: Submission) -> Powers:
    """What the page offers; the services ask again."""
    waits = submission.state == Submission.State.SUBMITTED and may_approve(user, submission.office)
    mine = waits and submission.submitted_by_id == user.pk
    officer = holds(user, Role.QUALITY_ASSURANCE)
    took_part = user.pk in {submission.submitted_by_id, submission.approved_by_id}
    return Powers(
        decide=waits and not mine,
        verify=officer and submission.state == Submission.State.APPROVED and not took_part,
        ask=officer and submission.state != Submission.State.DRAFT,
        own=_("You submitted this yourself. Another approver of the office decides on it.")
        if mine
        else "",
    )


@dataclass(frozen=True)
class Place:
    """Where a submission stands in the reader's queue."""

    queue: tuple[Waiting, ...]
    before: Submission | None = None
    after: Submission | None = None


def place_in_queue(user: User, submission: Submission, *, today: date) -> Place:
    """The reader's queue, and what stands before and after this submission in it."""
    queue = approval_queue(user, today=today) or verification_queue(user, today=today)
    order = [one.submission for one in queue]
    if submission not in order:
        return Place(tuple(queue), None, order[0] if order else None)
    at = order.index(submission)
    return Place(
        tuple(queue), order[at - 1] if at else None, order[at + 1] if order[at + 1 :] else None
    )


def _rows(
    page: EntryPage, around: Around, *, today: date
) -> tuple[list[Difference], list[Difference]]:
    """The rows that are due, or that something is said about: those that differ, and the others."""
    rows = [difference(row, around) for row in page.rows]
    shown = [one for one in rows if one.row.is_due or one.since or one.said]
    return [one for one in shown if one.differs], [one for one in shown if not one.differs]


def submission_context(
    user: User,
    office: Office,
    period: Period,
    *,
    today: date,
    form: ReturnForm | None = None,
    notes: Mapping[str, str] | None = None,
    refused: str | Promise = "",
) -> dict[str, Any]:
    """Everything the template of one submission shows; of a draft, what the approver will see."""
    page = entry_page(office=office, period=period, today=today)
    submission = page.submission
    steps = steps_of(submission)
    editable = workflow.is_editable(workflow.State(submission.state))
    since = changed_since(steps, content_of(office=office, period=period) if editable else None)
    around = Around(
        earlier=approved_before(office=office, period=period),
        since=since,
        threads=threads_of(office=office, period=period),
        names=authority_names(authorities_in(since)),
        notes=notes or {},
    )
    differing, same = _rows(page, around, today=today)
    checks = [check for row in page.rows for check in row.checks]
    threads = [thread for found in around.threads.values() for thread in found if thread.is_open]
    return {
        "page": page,
        "submission": submission,
        "steps": timeline(page, steps),
        "last": steps[-1].number if steps else 0,
        "differing": differing,
        "same": same,
        "changed_since": [row for row in differing if row.since],
        "figures": sum(1 for row in (*differing, *same) if row.now),
        "changed": sum(1 for row in differing if row.now and row.before != row.now),
        "answered": sum(1 for check in checks if not check.is_open),
        "unanswered": sum(1 for check in checks if check.is_open),
        "open_queries": sum(1 for thread in threads if thread.is_query),
        "powers": powers(user, submission),
        "place": place_in_queue(user, submission, today=today),
        "own_office": may_enter(user, office),
        "preview": editable and submission.pk is None,
        "editable": editable,
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
    clean = [one for one in waiting if not one.own and not one.flags]
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
