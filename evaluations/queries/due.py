"""What waits for somebody: actions that are due, closures to be verified, answers not given."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet

from evaluations.models import Action, Answer, Evaluation, FollowUp, Recommendation
from evaluations.rules.follow_up import Phase
from organization.models import Office

WITH_NAMES = ("recommendation__evaluation", "recommendation__office", "office", "owner", "state")


def actions_due(*, by: date) -> QuerySet[Action]:
    """Actions due by a day whose owners have not said that they are done."""
    rows = Action.objects.filter(
        state__phase__in=[Phase.NOT_STARTED, Phase.IN_PROGRESS], due_on__lte=by
    )
    return rows.select_related(*WITH_NAMES).order_by("pk")


def proposals() -> QuerySet[FollowUp]:
    """The entries that propose a closure and wait for the Evaluation Unit.

    A due day may have been moved since: what counts is the last proposal of an action whose
    closure is proposed still.
    """
    later = FollowUp.objects.filter(
        action=OuterRef("action"), kind=FollowUp.Kind.PROPOSED, number__gt=OuterRef("number")
    )
    rows = FollowUp.objects.filter(
        ~Exists(later), kind=FollowUp.Kind.PROPOSED, action__state__phase=Phase.PROPOSED
    )
    named = [f"action__{name}" for name in WITH_NAMES]
    return rows.select_related("by", *named).order_by("pk")


@dataclass(frozen=True)
class Unanswered:
    """Recommendations of an evaluation to one office that management has not answered."""

    evaluation: Evaluation
    office: Office
    due_on: date
    numbers: tuple[int, ...]


def unanswered(*, by: date) -> list[Unanswered]:
    """Answers due by a day and not given, by evaluation and office. One query."""
    rows = (
        Recommendation.objects.filter(
            ~Exists(Answer.objects.filter(recommendation=OuterRef("pk"))),
            evaluation__response_due_on__lte=by,
            evaluation__state__in=[Evaluation.State.REPORTED, Evaluation.State.PUBLISHED],
        )
        .select_related("evaluation", "office")
        .order_by("evaluation", "office", "number")
    )
    found: dict[tuple[int, int], Unanswered] = {}
    for row in rows:
        key, due_on = (row.evaluation_id, row.office_id), row.evaluation.response_due_on
        if due_on is not None:
            known = found[key].numbers if key in found else ()
            found[key] = Unanswered(row.evaluation, row.office, due_on, (*known, row.number))
    return list(found.values())


def without_response(*, by: date) -> QuerySet[Evaluation]:
    """Evaluations whose overall response was due by a day and is not given."""
    rows = Evaluation.objects.filter(
        responses=None,
        response_due_on__lte=by,
        state__in=[Evaluation.State.REPORTED, Evaluation.State.PUBLISHED],
    )
    return rows.order_by(F("response_due_on"), "pk")
