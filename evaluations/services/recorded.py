"""What was recommended, answered and done elsewhere, recorded as it was told there.

Lists and the demonstration bring many recommendations at once, each with what became of it. They
are written together, so that thousands take seconds, and come out as if each step had been taken by
its own service (a test compares the two); the audit trail says that they were recorded. Who
reported or proposed something elsewhere is not known here, so those entries name nobody.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from evaluations import permissions
from evaluations.models import (
    Action,
    Amendment,
    Answer,
    Evaluation,
    FollowUp,
    FollowUpState,
    Recommendation,
    Standing,
)
from evaluations.rules.follow_up import Phase
from evaluations.services import stands
from evaluations.services.recommendations import require_findings
from evaluations.services.told import Told, ToldAction, ToldAnswer, ToldStep, require_order
from evaluations.services.wordings import searched
from habitat_plan.kit.errors import NotAllowed
from habitat_plan.kit.wording import Wording
from organization.models import User
from organization.services import audit
from organization.services.audit import Change

AT_ONCE = 500


@transaction.atomic
def record(*, told: Sequence[Told], by: User, at: datetime) -> list[Recommendation]:
    """Records recommendations with answers, actions and follow-ups, all of them or none.

    What is added to a published evaluation is named in one note of amendment for each evaluation.
    As many statements for sixty as for one. Raises NotAllowed, and RuleBroken `no_findings_yet`,
    `own_action`, `step_not_allowed`, `day_in_future`, `day_too_early`.
    """
    if not permissions.may_import(by):
        raise NotAllowed(
            "role_needed",
            _("What management answered elsewhere is recorded by an evaluation officer."),
        )
    lock(told)
    for one in told:
        require_findings(one.evaluation)
        require_order(one, by=by, today=localdate(at))
    changes: list[Change] = []
    rows = _recommendations(told, at, changes)
    answered = [(row, one.answer) for row, one in zip(rows, told, strict=True) if one.answer]
    _answers(answered, by, at, changes)
    planned = [(row, act) for row, one in zip(rows, told, strict=True) for act in one.actions]
    _actions(planned, at, changes)
    _notes(told, by, at, changes)
    for some in batched(rows):
        stands.refresh(some)
    audit.record_all(changes=changes, by=by, at=at)
    return rows


def batched(rows: Iterable[Recommendation]) -> Iterable[list[Recommendation]]:
    """The rows, so many at a time that a database takes their keys in one question."""
    left = iter(rows)
    while some := list(islice(left, AT_ONCE)):
        yield some


def lock(told: Sequence[Told]) -> None:
    """Keeps others from adding to these evaluations and recommendations, always in one order."""
    evaluations = {one.evaluation.pk for one in told}
    known = sorted({one.known.pk for one in told if one.known})
    list(Evaluation.objects.select_for_update().filter(pk__in=evaluations).order_by("pk"))
    for start in range(0, len(known), AT_ONCE):
        keys = known[start : start + AT_ONCE]
        list(Recommendation.objects.select_for_update().filter(pk__in=keys).order_by("pk"))


def _recommendations(
    told: Sequence[Told], at: datetime, changes: list[Change]
) -> list[Recommendation]:
    """The rows in the order of `told`; those that are new are made."""
    rows = [
        one.known
        or Recommendation(
            evaluation=one.evaluation,
            number=one.number,
            text=one.text,
            office=one.office,
            priority=one.priority,
            illustrative=one.illustrative,
            searched=searched(one.text),
            made_at=at,
            state=Standing.PUBLISHED if one.evaluation.is_published else Standing.DRAFT,
        )
        for one in told
    ]
    new = [row for row, one in zip(rows, told, strict=True) if one.known is None]
    Recommendation.objects.bulk_create(new, batch_size=AT_ONCE)
    changes += [
        Change(
            "add recommendation (as recorded)",
            row,
            {
                "number": (None, row.number),
                "text": (None, row.text),
                "office": (None, row.office.code),
                "priority": (None, row.priority),
                "illustrative": (None, row.illustrative),
            },
            office=row.office,
        )
        for row in new
    ]
    return rows


def _answers(
    answered: Sequence[tuple[Recommendation, ToldAnswer]],
    by: User,
    at: datetime,
    changes: list[Change],
) -> None:
    made = Answer.objects.bulk_create(
        [
            Answer(
                recommendation=row,
                version=1,
                decision=told.decision,
                text=told.text,
                reason=told.reason,
                has_reason=bool(told.reason),
                on=told.on,
                at=at,
                by=by,
            )
            for row, told in answered
        ],
        batch_size=AT_ONCE,
    )
    changes += [
        Change(
            "answer recommendation (as recorded)",
            one,
            {
                "decision": (None, one.decision),
                "text": (None, one.text),
                "reason": (None, one.reason),
                "on": (None, one.on),
            },
            office=one.recommendation.office,
        )
        for one in made
    ]


def _actions(
    planned: Sequence[tuple[Recommendation, ToldAction]], at: datetime, changes: list[Change]
) -> None:
    first = FollowUpState.objects.get(phase=Phase.NOT_STARTED, is_main=True)
    numbers = _last_numbers([row for row, _act in planned])
    made: list[Action] = []
    for row, act in planned:
        numbers[row.pk] = numbers.get(row.pk, 0) + 1
        made.append(
            Action(
                recommendation=row,
                number=numbers[row.pk],
                text=act.text,
                office=act.office,
                owner=act.owner,
                planned_on=act.planned_on,
                agreed_due_on=act.due_on,
                due_on=act.due_on,
                state=act.steps[-1].state if act.steps else first,
                revision=len(act.steps),
                made_at=at,
            )
        )
    Action.objects.bulk_create(made, batch_size=AT_ONCE)
    for one, (_row, act) in zip(made, planned, strict=True):
        changes.append(_planned(one))
        if act.steps:
            changes.append(_followed(one, act.steps, first))
    entries = [
        entry
        for one, (_row, act) in zip(made, planned, strict=True)
        for entry in _follow_ups(one, act.steps, first, at)
    ]
    FollowUp.objects.bulk_create(entries, batch_size=AT_ONCE)


def _last_numbers(rows: Sequence[Recommendation]) -> dict[int, int]:
    """Key of a recommendation → the number of its last action, for those that have one."""
    found: dict[int, int] = {}
    for some in batched(rows):
        last = Action.objects.filter(recommendation__in=some).values_list("recommendation")
        found |= dict(last.annotate(last=Max("number")))
    return found


def _follow_ups(
    action: Action, steps: Sequence[ToldStep], first: FollowUpState, at: datetime
) -> list[FollowUp]:
    before = first
    entries = []
    for number, entry in enumerate(steps, 1):
        entries.append(
            FollowUp(
                action=action,
                number=number,
                kind=entry.kind,
                before=before,
                after=entry.state,
                due_before=action.due_on,
                due_after=action.due_on,
                text=entry.text,
                reason=entry.reason,
                on=entry.on,
                at=at,
                by=entry.by,
            )
        )
        before = entry.state
    return entries


def _planned(action: Action) -> Change:
    return Change(
        "plan action (as recorded)",
        action,
        {
            "text": (None, action.text),
            "owner": (None, action.owner_id),
            "due on": (None, action.due_on),
            "planned on": (None, action.planned_on),
        },
        office=action.office,
    )


def _followed(action: Action, steps: Sequence[ToldStep], first: FollowUpState) -> Change:
    return Change(
        "follow up (as recorded)",
        action,
        {
            "state": (first.code, steps[-1].state.code),
            "on": (None, steps[-1].on),
            "entries": (0, len(steps)),
        },
        reason=steps[-1].reason,
        office=action.office,
    )


def _notes(told: Sequence[Told], by: User, at: datetime, changes: list[Change]) -> None:
    """One note in each published evaluation that got recommendations."""
    added: dict[Evaluation, list[Told]] = {}
    for one in told:
        if one.known is None and one.evaluation.is_published:
            added.setdefault(one.evaluation, []).append(one)
    last = dict(
        Amendment.objects.filter(evaluation__in=added)
        .values_list("evaluation")
        .annotate(last=Max("number"))
    )
    notes = Amendment.objects.bulk_create(
        Amendment(
            evaluation=evaluation,
            number=last.get(evaluation.pk, 0) + 1,
            text=_added(some),
            on=localdate(at),
            at=at,
            by=by,
        )
        for evaluation, some in added.items()
    )
    changes += [Change("amend evaluation", note, {"text": (None, note.text)}) for note in notes]


def _added(some: Sequence[Told]) -> Wording:
    """How many recommendations were added, and whether they are made up, in each language."""
    is_made_up = all(one.illustrative for one in some) and not some[0].evaluation.illustrative
    texts = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts[language] = _made_up(len(some)) if is_made_up else _from_a_list(len(some))
    return Wording.of(**texts)


def _from_a_list(count: int) -> str:
    return ngettext(
        "%(count)s recommendation was added from a list.",
        "%(count)s recommendations were added from a list.",
        count,
    ) % {"count": count}


def _made_up(count: int) -> str:
    return ngettext(
        "%(count)s recommendation was made up for demonstration. It does not stand in the report.",
        "%(count)s recommendations were made up for demonstration. They do not stand in the "
        "report.",
        count,
    ) % {"count": count}
