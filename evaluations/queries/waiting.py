"""What evaluations ask of one person: actions to report on, closures to verify, answers to give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from evaluations.models import Action, Recommendation
from evaluations.permissions import Person, may_evaluate, offices_of
from evaluations.rules.follow_up import Phase, Standing
from organization.models import Role, User
from organization.permissions import holdings

SOON = timedelta(days=30)
AT_MOST = 5


@dataclass(frozen=True)
class Asked:
    """`actions`: the person's own that are due within thirty days or late, with the days they are
    late, the latest first, five at most; `more` is how many there are besides. `to_verify` counts
    actions whose owners say that they are done, `to_answer` recommendations that management has
    not answered.
    """

    actions: Sequence[tuple[Action, int]] = ()
    more: int = 0
    to_verify: int = 0
    to_answer: int = 0

    @property
    def is_anything(self) -> bool:
        """True if something waits."""
        return bool(self.actions or self.to_verify or self.to_answer)


def asked_of(user: Person, *, on: date) -> Asked:
    """What waits for a person. Three queries at most, none for strangers and delegates."""
    if not isinstance(user, User):
        return Asked()
    actions = [(one, max(0, (on - one.due_on).days)) for one in _actions(user, on) if one.due_on]
    return Asked(
        actions=actions[:AT_MOST],
        more=max(0, len(actions) - AT_MOST),
        to_verify=_to_verify(user),
        to_answer=_to_answer(user),
    )


def _actions(user: User, on: date) -> list[Action]:
    offices = offices_of(user)
    if not holdings(user).roles - {Role.COMMITTEE}:
        return []
    rows = Action.objects.filter(
        Q(owner=user) | Q(office__in=offices),
        state__phase__in=[Phase.NOT_STARTED, Phase.IN_PROGRESS],
        due_on__lte=on + SOON,
    )
    rows = rows.select_related("recommendation__evaluation", "office").order_by("due_on", "pk")
    return list(rows)


def _to_verify(user: User) -> int:
    if not may_evaluate(user):
        return 0
    return Action.objects.filter(state__phase=Phase.PROPOSED).exclude(owner=user).count()


def _to_answer(user: User) -> int:
    """Recommendations of finished evaluations, put to an office of the person's (managers: all)."""
    if may_evaluate(user):
        return 0
    held = holdings(user)
    rows = Recommendation.objects.filter(
        stand__standing=Standing.AWAITING, evaluation__state__in=["reported", "published"]
    )
    if Role.MANAGER not in held.roles:
        offices = held.offices_as(Role.APPROVER)
        if not offices:
            return 0
        rows = rows.filter(office__in=offices)
    return rows.count()
