"""One recommendation as its page shows it: the heading that says where it stands, and its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from evaluations import permissions
from evaluations.models import FollowUp, FollowUpEvidence
from evaluations.pages.action_steps import STEPS, offered
from evaluations.permissions import Person
from evaluations.queries.follow_ups import History
from evaluations.queries.recommendations import Acted, Recommended
from evaluations.rules.ageing import days_late
from evaluations.rules.follow_up import Phase, Standing
from evaluations.services.reminder_words import report_name
from evaluations.standing_words import DECISIONS
from habitat_plan.kit import formats
from habitat_plan.kit.uploads import BY_MEDIA_TYPE

TAGS: Mapping[str, str] = {
    Phase.NOT_STARTED: "coming",
    Phase.IN_PROGRESS: "open",
    Phase.PROPOSED: "submitted",
    Phase.IMPLEMENTED: "verified",
    Phase.OVERTAKEN: "closed",
}
"""Phase → the look of its tag."""
NEXT: Mapping[str, str | Promise] = {
    Standing.AWAITING: gettext_lazy("Next: management accepts or rejects it."),
    Standing.UNPLANNED: gettext_lazy("Next: management plans what is done, by whom and by when."),
    Standing.NOT_STARTED: gettext_lazy("Next: its owner begins, and reports that."),
    Standing.IN_PROGRESS: gettext_lazy(
        "Next: its owner reports, and proposes that it is closed once it is done."
    ),
    Standing.TO_VERIFY: gettext_lazy(
        "Next: the Evaluation Unit verifies it or returns it. Until then it is not closed."
    ),
}


def _day(value: date) -> str:
    return formats.day(value, get_language() or "en")


def heading(one: Recommended) -> str:
    """Where it stands, in a sentence."""
    late = one.days_late or 0
    if one.standing in {Standing.NOT_STARTED, Standing.IN_PROGRESS} and late > 0:
        return _late(one.standing, late)
    if one.standing in {Standing.NOT_STARTED, Standing.IN_PROGRESS}:
        return _in_time(one)
    if one.standing == Standing.IMPLEMENTED and one.closed_on:
        return _("Implemented, and verified on %(day)s") % {"day": _day(one.closed_on)}
    return str(
        {
            Standing.AWAITING: _("Management has not answered this recommendation yet"),
            Standing.REJECTED: _("Management rejected this recommendation"),
            Standing.UNPLANNED: _("Accepted, but nothing is planned yet"),
            Standing.TO_VERIFY: _("Done, as its owner says; nobody has verified it yet"),
            Standing.OVERTAKEN: _("Closed without being carried out: events overtook it"),
        }[one.standing]
    )


def _late(standing: str, late: int) -> str:
    if standing == Standing.NOT_STARTED:
        sentence = ngettext(
            "Work has not begun and is %(days)s day late",
            "Work has not begun and is %(days)s days late",
            late,
        )
    else:
        sentence = ngettext(
            "Work is under way and %(days)s day late",
            "Work is under way and %(days)s days late",
            late,
        )
    return sentence % {"days": formats.figure(late, 0, get_language() or "en")}


def _in_time(one: Recommended) -> str:
    has_begun = one.standing == Standing.IN_PROGRESS
    if one.due_on is None:
        return _("Work is under way") if has_begun else _("Accepted; work has not begun")
    sentence = (
        _("Work is under way, due on %(day)s")
        if has_begun
        else _("Accepted; work is due on %(day)s and has not begun")
    )
    return sentence % {"day": _day(one.due_on)}


def age(due_on: date | None, on: date, *, is_open: bool) -> str:
    """How late something open is, or how long it has; empty for what is closed."""
    late = days_late(due_on, on)
    if not is_open:
        return ""
    if late is None:
        return _("No day named")
    if late == 0:
        return _("due today")
    sentence = (
        ngettext("%(days)s day late", "%(days)s days late", late)
        if late > 0
        else ngettext("%(days)s day left", "%(days)s days left", -late)
    )
    return sentence % {"days": formats.figure(abs(late), 0, get_language() or "en")}


@dataclass(frozen=True)
class Step:
    """A step that the person may take with an action, and where its form is."""

    name: str | Promise
    address: str
    is_main: bool = False


@dataclass(frozen=True)
class ShownAction:
    """An action as the page shows it."""

    acted: Acted
    tag: str
    age: str
    is_late: bool
    steps: Sequence[Step]


@dataclass(frozen=True)
class ShownPiece:
    """A piece of evidence with the word for its kind and its address."""

    row: FollowUpEvidence
    kind: str
    address: str


@dataclass(frozen=True)
class ShownFollowUp:
    """What was reported of an action, with its evidence."""

    acted: Acted
    row: FollowUp
    tag: str
    pieces: Sequence[ShownPiece]


def recommendation_context(found: History, user: Person) -> dict[str, Any]:
    """Everything that the page of one recommendation shows."""
    one, row = found.one, found.one.recommendation
    may_answer = permissions.may_answer(user, row.office)
    return {
        "history": found,
        "one": one,
        "recommendation": row,
        "heading": heading(one),
        "report": report_name(row.evaluation),
        "next_step": NEXT.get(one.standing, ""),
        "decision": DECISIONS[one.decision],
        "age": age(one.due_on, one.day, is_open=one.is_open),
        "actions": [_action(acted, one, user) for acted in one.actions],
        "follow_ups": [_follow_up(acted, step, found) for acted, step in found.follow_ups],
        "links": found.links,
        "may_link": permissions.may_evaluate(user),
        "may_answer": may_answer,
        "may_plan": may_answer and one.decision in {"accepted", "partly"},
        "may_change": permissions.may_evaluate(user) and row.state == "draft",
        "illustrative": row.illustrative or row.evaluation.illustrative,
    }


def _action(acted: Acted, one: Recommended, user: Person) -> ShownAction:
    late = days_late(acted.due_on, one.day) or 0
    return ShownAction(
        acted=acted,
        tag=TAGS[acted.phase],
        age=age(acted.due_on, one.day, is_open=acted.is_open),
        is_late=acted.is_open and late > 0,
        steps=[
            Step(
                STEPS[slug].name,
                reverse(
                    "recommendation-action",
                    args=[one.recommendation.code, acted.action.number, slug],
                ),
                STEPS[slug].is_main,
            )
            for slug in offered(acted, one, user)
        ],
    )


def _follow_up(acted: Acted, step: FollowUp, found: History) -> ShownFollowUp:
    code = found.one.recommendation.code
    pieces = [_piece(piece, code) for piece in found.evidence.get(step.pk, ())]
    return ShownFollowUp(acted, step, TAGS[step.after.phase], pieces)


def _piece(row: FollowUpEvidence, code: str) -> ShownPiece:
    if row.link:
        return ShownPiece(row, _("Link"), row.link)
    address = reverse("recommendation-evidence", args=[code, row.pk])
    return ShownPiece(row, BY_MEDIA_TYPE[row.media_type].label, address)
