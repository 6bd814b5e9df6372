"""Who is told of what is due, late, proposed, returned or not answered; each matter once.

What is told is a row for each person (`organization.services.notices`), sent by mail afterwards.
Words are in `reminder_words`, times and keys in `rules.reminding`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils.timezone import localdate

from evaluations.models import Action, FollowUp
from evaluations.queries import due
from evaluations.rules import reminding as rules
from evaluations.services import reminder_words
from organization import queries as people
from organization.models import Role, User
from organization.services import notices
from organization.services.notices import Matter


@dataclass(frozen=True)
class Staff:
    """Who holds which role now, by office; read once for all matters."""

    contributors: Mapping[int, list[User]]
    approvers: Mapping[int, list[User]]
    officers: list[User]
    managers: list[User]

    def owners(self, action: Action, *, but: User | None = None) -> list[User]:
        """Whom to tell of an action: its owner, else those who work in its office.

        `but` is whoever did it: they know.
        """
        if action.owner is not None and action.owner.is_active:
            found = [action.owner]
        else:
            found = self._workers(action.office_id)
        return [one for one in found if but is None or one.pk != but.pk]

    def verifiers(self, follow_up: FollowUp) -> list[User]:
        """The evaluation officers who neither own the action nor proposed it."""
        action = follow_up.action
        barred = {one.pk for one in self._workers(action.office_id)}
        concerned = (action.owner_id, follow_up.by_id)
        return [one for one in self.officers if one.pk not in (*barred, *concerned)]

    def _workers(self, office: int) -> list[User]:
        return _each_once([*self.contributors.get(office, []), *self.approvers.get(office, [])])


def _each_once(found: Iterable[User]) -> list[User]:
    return list({one.pk: one for one in found}.values())


def staff(*, at: datetime) -> Staff:
    """Everybody who is told of anything. Four queries."""
    held = {
        role: people.people_with(role, at=at)
        for role in (
            Role.CONTRIBUTOR, Role.APPROVER, Role.EVALUATION_OFFICER, Role.MANAGER
        )
    }  # fmt: skip
    all_with = {
        role: _each_once(one for found in by_office.values() for one in found)
        for role, by_office in held.items()
    }
    return Staff(
        contributors=held[Role.CONTRIBUTOR],
        approvers=held[Role.APPROVER],
        officers=all_with[Role.EVALUATION_OFFICER],
        managers=all_with[Role.MANAGER],
    )


@transaction.atomic
def remind(*, at: datetime) -> int:
    """Makes the reminders that are due now; how many. Called each hour; nothing is told twice."""
    who = staff(at=at)
    matters = [*_of_actions(who, at), *_of_proposals(who), *_of_answers(who, at)]
    return notices.tell(matters=matters, by=None, at=at)


def _of_actions(who: Staff, at: datetime) -> Iterator[Matter]:
    today = localdate(at)
    for action in due.actions_due(by=today + timedelta(days=rules.BEFORE_DUE)):
        step = rules.reached(action.due_on, today) if action.due_on else None
        if action.due_on is not None and step is not None:
            yield Matter(
                key=rules.action_key(action=action.pk, due_on=action.due_on, step=step),
                office=action.office,
                people=who.owners(action),
                write=partial(reminder_words.due, action, (today - action.due_on).days),
            )


def _of_proposals(who: Staff) -> Iterator[Matter]:
    for follow_up in due.proposals():
        yield _proposal(follow_up, who)


def _proposal(follow_up: FollowUp, who: Staff) -> Matter:
    return Matter(
        key=rules.proposal_key(follow_up=follow_up.pk),
        office=follow_up.action.office,
        people=who.verifiers(follow_up),
        write=partial(reminder_words.proposed, follow_up),
    )


def _of_answers(who: Staff, at: datetime) -> Iterator[Matter]:
    today = localdate(at)
    by = today + timedelta(days=rules.BEFORE_DUE)
    officers = {one.pk for one in who.officers}
    managers = [one for one in who.managers if one.pk not in officers]
    for found in due.unanswered(by=by):
        step = rules.reached(found.due_on, today)
        if step is None:
            continue
        approvers = who.approvers.get(found.office.pk, [])
        yield Matter(
            key=rules.answer_key(
                evaluation=found.evaluation.code,
                office=found.office.code,
                due_on=found.due_on,
                step=step,
            ),
            office=found.office,
            people=[one for one in approvers if one.pk not in officers] or managers,
            write=partial(reminder_words.unanswered, found, (today - found.due_on).days),
        )
    yield from _of_responses(managers, at)


def _of_responses(managers: list[User], at: datetime) -> Iterator[Matter]:
    """Overall responses that are due. Each manager is told, in the name of the manager's office."""
    today = localdate(at)
    offices = {one.pk: one for one in people.offices().values()}
    held = people.people_with(Role.MANAGER, at=at)
    for evaluation in due.without_response(by=today + timedelta(days=rules.BEFORE_DUE)):
        due_on = evaluation.response_due_on
        step = rules.reached(due_on, today) if due_on else None
        if due_on is None or step is None:
            continue
        for office, found in held.items():
            yield Matter(
                key=rules.response_key(evaluation=evaluation.code, due_on=due_on, step=step),
                office=offices[office],
                people=[one for one in found if one in managers],
                write=partial(reminder_words.no_response, evaluation, (today - due_on).days),
            )


@transaction.atomic
def told_of_proposal(*, follow_up: FollowUp, by: User, at: datetime) -> int:
    """Tells the evaluation officers who may verify it that a closure is proposed."""
    return notices.tell(matters=[_proposal(follow_up, staff(at=at))], by=by, at=at)


@transaction.atomic
def told_of_return(*, follow_up: FollowUp, by: User, at: datetime) -> int:
    """Tells the owner that an action came back, or is open again, and why."""
    matter = Matter(
        key=rules.return_key(follow_up=follow_up.pk),
        office=follow_up.action.office,
        people=staff(at=at).owners(follow_up.action, but=by),
        write=partial(reminder_words.returned, follow_up),
    )
    return notices.tell(matters=[matter], by=by, at=at)
