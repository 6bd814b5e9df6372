"""One recommendation with its history, as one person sees it on a day."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from evaluations.models import (
    Action,
    Answer,
    Evaluation,
    FollowUp,
    FollowUpEvidence,
    FollowUpState,
    Recommendation,
)
from evaluations.permissions import Person, is_of_secretariat, may_see, seen_by
from evaluations.queries.links import Linked, links_of, seen_recommendation
from evaluations.queries.recommendations import Acted, Recommended, one_recommended
from evaluations.rules.follow_up import Phase
from organization.models import Office, Role, RoleAssignment, User


def seen_recommendations(user: Person, *, on: date) -> QuerySet[Recommendation]:
    """The recommendations that the person may see on a day."""
    return Recommendation.objects.filter(seen_by(user, on=on, prefix="evaluation__"))


@dataclass(frozen=True)
class History:
    """A recommendation, what it touches, and what only the secretariat reads of it.

    `earlier` are answers that were changed, the latest first; `evidence` is by follow-up. Both are
    empty for everybody else.
    """

    one: Recommended
    links: Sequence[Linked]
    earlier: Sequence[Answer]
    evidence: Mapping[int, Sequence[FollowUpEvidence]]
    is_of_secretariat: bool

    @property
    def follow_ups(self) -> list[tuple[Acted, FollowUp]]:
        """What was reported of all actions, the latest first; nothing for the public."""
        if not self.is_of_secretariat:
            return []
        found = [(acted, step) for acted in self.one.actions for step in acted.follow_ups]
        return sorted(found, key=lambda pair: (pair[1].on, pair[1].at, pair[1].pk), reverse=True)


def history(code: str, user: Person, *, on: date) -> History | None:
    """The recommendation of an address, if the person may see it. Eight queries at most."""
    one = one_recommended(code, seen_recommendations(user, on=on), on=on)
    if one is None:
        return None
    inside = is_of_secretariat(user)
    row = one.recommendation
    return History(
        one=one,
        links=links_of(row, user=user, on=on),
        earlier=_earlier(one) if inside else (),
        evidence=_evidence(row) if inside else {},
        is_of_secretariat=inside,
    )


def _earlier(one: Recommended) -> list[Answer]:
    if one.answer is None or one.answer.version == 1:
        return []
    rows = Answer.objects.filter(recommendation=one.recommendation, version__lt=one.answer.version)
    return list(rows.select_related("by").order_by("-version"))


def _evidence(row: Recommendation) -> Mapping[int, list[FollowUpEvidence]]:
    found: defaultdict[int, list[FollowUpEvidence]] = defaultdict(list)
    pieces = FollowUpEvidence.objects.filter(follow_up__action__recommendation=row)
    for piece in pieces.select_related("added_by").order_by("pk"):
        found[piece.follow_up_id].append(piece)
    return found


def one_seen(code: str, user: Person, *, on: date) -> Recommendation | None:
    """The recommendation of an address, if the person may see it. One query."""
    return seen_recommendation(code, user=user, on=on)


def reads_follow_ups(user: Person) -> bool:
    """True for those to whom an action has more than its text, office, due day and state."""
    return is_of_secretariat(user)


def action_of(row: Recommendation, number: int) -> Action | None:
    """An action of the recommendation by its number."""
    named = ("office", "owner", "state", "recommendation__office", "recommendation__evaluation")
    return row.actions.select_related(*named).filter(number=number).first()


def evidence_of(code: str, number: int, user: Person, *, on: date) -> FollowUpEvidence | None:
    """One file of evidence, if it belongs to the recommendation; for the secretariat."""
    if not is_of_secretariat(user):
        return None
    row = one_seen(code, user, on=on)
    if row is None:
        return None
    rows = FollowUpEvidence.objects.exclude(sha256="")
    return rows.filter(follow_up__action__recommendation=row, pk=number).first()


def seen_evaluation(code: str, user: Person, *, on: date) -> Evaluation | None:
    """The evaluation of an address, if the person may see it."""
    found = Evaluation.objects.filter(code=code).first()
    return found if found is not None and may_see(user, found, on=on) else None


def reportable_states(*, on: date) -> QuerySet[FollowUpState]:
    """The states that an owner may report: not started or in progress, and not retired."""
    rows = FollowUpState.objects.filter(phase__in=[Phase.NOT_STARTED, Phase.IN_PROGRESS])
    return rows.exclude(retired_on__lte=on)


def possible_owners(*, on: date) -> QuerySet[User]:
    """Whoever may own an action: people who hold a role in the secretariat, by name."""
    held = RoleAssignment.objects.filter(since__lte=on, until__isnull=True)
    held = held.exclude(role=Role.COMMITTEE)
    rows = User.objects.filter(is_active=True, pk__in=held.values("user"))
    return rows.order_by("name", "pk")


def possible_offices() -> QuerySet[Office]:
    """The offices to which a recommendation or an action can be put."""
    rows = Office.objects.filter(retired_on__isnull=True)
    return rows.exclude(kind=Office.Kind.MISSION)
