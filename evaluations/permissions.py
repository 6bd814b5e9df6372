"""Who may see, plan, answer, act and verify (p.98-101; domain 3 and 8).

A published evaluation is for everybody once its embargo is over, with its recommendations, what
management answered and where each stands. What offices report on their actions, and whatever is not
published, is for the secretariat. The Evaluation Unit never answers for management, and whoever
owns an action never verifies it.
"""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from evaluations.models import Action, Evaluation, FollowUp
from organization.models import Office, Role, User
from organization.permissions import holdings, holds

Person = User | AnonymousUser
SECRETARIAT = tuple(role for role in Role if role != Role.COMMITTEE)
WORKS_IN_OFFICE = (Role.CONTRIBUTOR, Role.APPROVER)


def is_of_secretariat(user: Person) -> bool:
    """True for those who read what is not published: every role but that of a delegation."""
    return holds(user, *SECRETARIAT)


def may_evaluate(user: Person) -> bool:
    """True for the evaluation officer, who keeps plan, evaluations, recommendations and lessons."""
    return holds(user, Role.EVALUATION_OFFICER)


def may_approve_plan(user: Person) -> bool:
    """True for those who record that the evaluation plan was approved: the evaluation officer."""
    return may_evaluate(user)


def may_answer(user: Person, office: Office) -> bool:
    """True for management: the office's approver, or a manager. Never the Evaluation Unit.

    An evaluation officer who is also a manager does not answer either.
    """
    if may_evaluate(user):
        return False
    return holds(user, Role.MANAGER) or holds(user, Role.APPROVER, office=office)


def may_answer_as_a_whole(user: Person) -> bool:
    """True for those who give management's overall response to an evaluation: managers."""
    return holds(user, Role.MANAGER) and not may_evaluate(user)


def owns(user: Person, action: Action) -> bool:
    """True for whoever owns the action: the person named, and all who work in its office."""
    if not isinstance(user, User):
        return False
    return action.owner_id == user.pk or action.office_id in offices_of(user)


def offices_of(user: Person) -> frozenset[int]:
    """Ids of the offices for whose actions the person reports."""
    return holdings(user).offices_as(*WORKS_IN_OFFICE)


def may_verify(user: Person, action: Action) -> bool:
    """True for an evaluation officer who neither owns the action nor proposed that it is closed."""
    last = action.follow_ups.filter(kind=FollowUp.Kind.PROPOSED).order_by("number").last()
    return verifies(user, action, proposed_by=last.by_id if last else None)


def verifies(user: Person, action: Action, *, proposed_by: int | None) -> bool:
    """The same for who has read who proposed last: `proposed_by` is that person's id, if any."""
    return may_evaluate(user) and not owns(user, action) and proposed_by != user.pk


def may_import(user: Person) -> bool:
    """True for those who bring in lists of recommendations."""
    return may_evaluate(user)


def may_keep_projects(user: Person) -> bool:
    """True for those who keep the register of projects, until `portfolio` does."""
    return holds(user, Role.EVALUATION_OFFICER, Role.QUALITY_ASSURANCE)


def may_see(user: Person, evaluation: Evaluation, *, on: date) -> bool:
    """True if the person may see the evaluation on this day."""
    if is_of_secretariat(user):
        return True
    held_back = evaluation.embargo_until is not None and evaluation.embargo_until > on
    return evaluation.is_published and not held_back


def seen_by(user: Person, *, on: date, prefix: str = "") -> Q:
    """The evaluations that the person may see, as a condition: the same as `may_see`.

    `prefix` leads from another table to the evaluation: `"evaluation__"`. For the secretariat it is
    the empty condition, which says nothing: join it with `&` only, never with `|`.
    """
    if is_of_secretariat(user):
        return Q()
    free = Q(**{f"{prefix}embargo_until__isnull": True}) | Q(**{f"{prefix}embargo_until__lte": on})
    return Q(**{f"{prefix}state": Evaluation.State.PUBLISHED}) & free
