"""The steps that people take with an action: which are offered to whom, their forms, their words.

What is offered is for show; the services ask again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluations import permissions
from evaluations.forms import recommendations as forms
from evaluations.models import Action, FollowUp
from evaluations.permissions import Person
from evaluations.queries.recommendations import Acted, Recommended
from evaluations.rules.follow_up import CLOSED, OPEN, Decision, Phase
from evaluations.services import follow_up_evidence, follow_ups
from evaluations.services.follow_up_evidence import Piece
from habitat_plan.kit.errors import RuleBroken
from habitat_plan.kit.refusals import refusal
from habitat_plan.kit.uploads import SIZE_LIMIT
from indicators.forms.plain import PlainForm
from organization.models import User

Act = Callable[[Action, dict[str, Any], User, datetime], object]
Words = str | Promise


@dataclass(frozen=True)
class ActionStep:
    """A step: its button, the heading of its form, what is said once it is taken, and who may.

    `phases` are those of an action that it starts from.
    """

    name: Words
    title: Words
    done: Words
    form: Callable[..., PlainForm]
    phases: frozenset[Phase]
    require: Callable[[User, Action], None]
    act: Act
    is_main: bool = False


def _given(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in (*names, "on")} | {"seen_revision": given["seen"]}


def pieces(action: Action, given: dict[str, Any], by: User) -> list[Piece]:
    """The evidence of a form, files stored. Raises RuleBroken for what is not taken."""
    found = []
    if file := given["file"]:
        if file.size > SIZE_LIMIT:
            raise refusal("file_too_large")
        found.append(
            follow_up_evidence.file_piece(
                action=action, title=given["title"], name=file.name, content=file.read(), by=by
            )
        )
    if given["link"].strip():
        title = "" if found else given["title"]
        found.append(follow_up_evidence.link_piece(title=title, link=given["link"]))
    return found


def _report(action: Action, given: dict[str, Any], by: User, at: datetime) -> object:
    said = _given(given, "state", "text", "reason")
    evidence = pieces(action, given, by)
    return follow_ups.report(action=action, by=by, at=at, evidence=evidence, **said)


def _propose(action: Action, given: dict[str, Any], by: User, at: datetime) -> object:
    evidence = pieces(action, given, by)
    said = _given(given, "text")
    return follow_ups.propose(action=action, by=by, at=at, evidence=evidence, **said)


def _add_evidence(action: Action, given: dict[str, Any], by: User, at: datetime) -> object:
    """To the last entry of the action."""
    last = action.follow_ups.order_by("number").last()
    if last is None:
        raise RuleBroken(
            "nothing_reported", _("Report on the action first; evidence belongs to an entry.")
        )
    found = pieces(action, given, by)
    if not found:
        raise RuleBroken("evidence_empty", _("Give a file or a link."), "link")
    return follow_up_evidence.add(follow_up=last, pieces=found, by=by, at=at)


STEPS: Mapping[str, ActionStep] = {
    "report": ActionStep(
        _("Report"),
        _("Report on the action"),
        _("Reported."),
        forms.ReportForm,
        OPEN,
        follow_up_evidence.require_owner,
        _report,
    ),
    "propose": ActionStep(
        _("Propose closure"),
        _("Propose that the action is closed"),
        _("Proposed. Evaluation officers are told; one of them verifies it or returns it."),
        forms.ProposeForm,
        frozenset({Phase.IN_PROGRESS}),
        follow_up_evidence.require_owner,
        _propose,
        is_main=True,
    ),
    "evidence": ActionStep(
        _("Add evidence"),
        _("Add evidence to the last entry"),
        _("Evidence added."),
        forms.EvidenceForm,
        OPEN,
        follow_up_evidence.require_owner,
        _add_evidence,
    ),
    "verify": ActionStep(
        _("Verify"),
        _("Verify that the action is done"),
        _("Verified. The action is closed."),
        forms.VerifyForm,
        frozenset({Phase.PROPOSED}),
        follow_ups.require_unit,
        lambda action, given, by, at: follow_ups.verify(
            action=action, by=by, at=at, **_given(given, "text")
        ),
        is_main=True,
    ),
    "return": ActionStep(
        _("Return"),
        _("Return the action to its owner"),
        _("Returned. Its owner is told."),
        forms.ReasonForm,
        frozenset({Phase.PROPOSED}),
        follow_ups.require_unit,
        lambda action, given, by, at: follow_ups.send_back(
            action=action, by=by, at=at, **_given(given, "reason")
        ),
    ),
    "overtake": ActionStep(
        _("Overtaken by events"),
        _("Close the action as overtaken by events"),
        _("The action is closed as overtaken by events."),
        forms.ReasonForm,
        OPEN,
        follow_ups.require_unit,
        lambda action, given, by, at: follow_ups.overtake(
            action=action, by=by, at=at, **_given(given, "reason")
        ),
    ),
    "reopen": ActionStep(
        _("Open again"),
        _("Open the action again"),
        _("The action is open again. Its owner is told."),
        forms.ReasonForm,
        CLOSED,
        follow_ups.require_unit,
        lambda action, given, by, at: follow_ups.reopen(
            action=action, by=by, at=at, **_given(given, "reason")
        ),
    ),
    "due": ActionStep(
        _("Move the due day"),
        _("Move the day by which the action is due"),
        _("The due day is moved. The day first agreed stays known."),
        forms.DueForm,
        OPEN,
        follow_ups.require_management,
        lambda action, given, by, at: follow_ups.move_due(
            action=action, by=by, at=at, **_given(given, "due_on", "reason")
        ),
    ),
}


def offered(acted: Acted, one: Recommended, user: Person) -> Sequence[str]:
    """The steps that a person may take with an action as it stands; no further query."""
    if not isinstance(user, User):
        return ()
    action = acted.action
    proposed = [step for step in acted.follow_ups if step.kind == FollowUp.Kind.PROPOSED]
    proposed_by = proposed[-1].by_id if proposed else None
    offices = (action.office, one.recommendation.office)
    may: dict[Callable[[User, Action], None], bool] = {
        follow_up_evidence.require_owner: permissions.owns(user, action),
        follow_ups.require_unit: permissions.verifies(user, action, proposed_by=proposed_by),
        follow_ups.require_management: any(
            permissions.may_answer(user, office) for office in offices
        ),
    }
    return [
        slug
        for slug, step in STEPS.items()
        if may[step.require]
        and acted.phase in step.phases
        and not (slug == "evidence" and not acted.follow_ups)
        and not (slug == "reopen" and one.decision == Decision.REJECTED)
    ]
