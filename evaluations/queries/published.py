"""What the API gives to everybody: filters over published evaluations and their recommendations."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from evaluations.models import Answer, FollowUp, Recommendation
from evaluations.permissions import Person, seen_by
from evaluations.rules.evaluation_states import COMPLETED


@dataclass(frozen=True)
class Filter:
    """What is asked of recommendations; empty means any. `updated` keeps what changed since."""

    evaluation: str = ""
    office: str = ""
    standing: str = ""
    updated: date | None = None


def recommendations(user: Person, asked: Filter, *, on: date) -> QuerySet[Recommendation]:
    """The recommendations that the person may see and asks for, in the order they were made."""
    rows = Recommendation.objects.filter(
        seen_by(user, on=on, prefix="evaluation__"), evaluation__state__in=COMPLETED
    )
    if asked.evaluation:
        rows = rows.filter(evaluation__code=asked.evaluation)
    if asked.office:
        rows = rows.filter(office__code=asked.office)
    if asked.standing:
        rows = rows.filter(stand__standing=asked.standing)
    if asked.updated:
        rows = rows.filter(_changed_since(asked.updated))
    return rows.order_by("pk")


def _changed_since(day: date) -> Q:
    """Made, answered, planned or followed up since the beginning of a day."""
    since = timezone.make_aware(datetime.combine(day, time.min))
    answered = Answer.objects.filter(recommendation=OuterRef("pk"), at__gte=since)
    followed = FollowUp.objects.filter(action__recommendation=OuterRef("pk"), at__gte=since)
    planned = Q(actions__made_at__gte=since)
    keys = Recommendation.objects.filter(planned).values("pk")
    return Q(made_at__gte=since) | Q(Exists(answered)) | Q(Exists(followed)) | Q(pk__in=keys)
