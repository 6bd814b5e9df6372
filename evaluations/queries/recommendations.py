"""Recommendations with what management answered and what is done, as they stand on a day."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evaluations.models import Action, Answer, FollowUp, FollowUpState, Recommendation
from evaluations.rules import ageing
from evaluations.rules.follow_up import (
    CLOSED,
    ENDED,
    ActionState,
    Happened,
    Phase,
    Standing,
    action_on,
    due_of,
    standing_of,
)
from evaluations.rules.tallies import Alike, alike


@dataclass(frozen=True)
class Acted:
    """An action as it stood on a day, with what was reported of it until then."""

    action: Action
    phase: Phase
    state: FollowUpState
    due_on: date | None
    follow_ups: tuple[FollowUp, ...] = ()

    @property
    def is_open(self) -> bool:
        """True until its closure is verified."""
        return self.phase not in CLOSED


@dataclass(frozen=True)
class Recommended:
    """A recommendation as it stood on a day. `answer` is the one in force; None: none yet."""

    recommendation: Recommendation
    day: date
    answer: Answer | None
    actions: tuple[Acted, ...]
    standing: Standing

    @property
    def decision(self) -> str:
        """Management's decision; empty while it is awaited."""
        return self.answer.decision if self.answer else ""

    @property
    def due_on(self) -> date | None:
        """The first day on which an open action is due."""
        return due_of(ActionState(one.phase, one.due_on) for one in self.actions)

    @property
    def is_open(self) -> bool:
        """True while something is left to do."""
        return self.standing not in ENDED

    @property
    def days_late(self) -> int | None:
        """Days since it was due; 0 or less while it is not; None if no day was named."""
        return ageing.days_late(self.due_on, self.day)

    @property
    def closed_on(self) -> date | None:
        """The day of the last closure, or of the rejection; None while it is open."""
        if self.is_open:
            return None
        days = [step.on for one in self.actions for step in one.follow_ups]
        return max(days, default=self.answer.on if self.answer else None)

    def counted(self) -> Alike:
        """What counts of it."""
        return alike(self.standing, self.decision, self.due_on, self.day)


def recommended(rows: QuerySet[Recommendation], *, on: date) -> list[Recommended]:
    """These recommendations as they stood at the end of a day. Five queries, however many rows."""
    found = list(rows.select_related("evaluation", "office"))
    keys = [row.pk for row in found]
    answers: dict[int, Answer] = {}
    for answer in Answer.objects.filter(recommendation__in=keys, on__lte=on).order_by("version"):
        answers[answer.recommendation_id] = answer
    actions = _actions(keys, on)
    return [
        Recommended(
            recommendation=row,
            day=on,
            answer=answers.get(row.pk),
            actions=(acted := tuple(actions[row.pk])),
            standing=_standing(answers.get(row.pk), acted),
        )
        for row in found
    ]


def _standing(answer: Answer | None, actions: Sequence[Acted]) -> Standing:
    states = [ActionState(one.phase, one.due_on) for one in actions]
    return standing_of(answer.decision if answer else None, states)


def _actions(recommendations: Sequence[int], on: date) -> defaultdict[int, list[Acted]]:
    """The actions of recommendations as they stood on a day, by recommendation."""
    actions = list(
        Action.objects.filter(recommendation__in=recommendations, planned_on__lte=on)
        .select_related("office", "owner", "state")
        .order_by("recommendation", "number")
    )
    follow_ups: defaultdict[int, list[FollowUp]] = defaultdict(list)
    rows = FollowUp.objects.filter(action__recommendation__in=recommendations, on__lte=on)
    for row in rows.select_related("before", "after", "by").order_by("action", "number"):
        follow_ups[row.action_id].append(row)
    first = {one.phase: one for one in FollowUpState.objects.filter(is_main=True)}
    found: defaultdict[int, list[Acted]] = defaultdict(list)
    for action in actions:
        steps = follow_ups[action.pk]
        state = action_on(
            on,
            planned_on=action.planned_on,
            due_on=action.agreed_due_on,
            follow_ups=[happened(step) for step in steps],
        )
        if state is not None:
            shown = steps[-1].after if steps else first[Phase.NOT_STARTED]
            found[action.recommendation_id].append(
                Acted(action, state.phase, shown, state.due_on, tuple(steps))
            )
    return found


def happened(step: FollowUp) -> Happened:
    """What a follow-up changed, as the rules read it."""
    return Happened(step.on, Phase(step.after.phase), step.due_before, step.due_after)


def one_recommended(code: str, rows: QuerySet[Recommendation], *, on: date) -> Recommended | None:
    """The recommendation that an address names (`2-2017-4`), if it is among the rows."""
    evaluation, _dash, number = code.rpartition("-")
    if not (number.isascii() and number.isdecimal() and len(number) <= 4):  # noqa: PLR2004
        return None
    found = recommended(rows.filter(evaluation__code=evaluation, number=int(number)), on=on)
    return found[0] if found else None
