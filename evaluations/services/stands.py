"""Keeps `Stand` equal to what follows from answers, actions and follow-ups."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from evaluations.models import Recommendation, Stand
from evaluations.queries.recommendations import Recommended, recommended

LAST_DAY = date.max


def stand_of(one: Recommended) -> Stand:
    """The row that a recommendation is to have."""
    return Stand(
        recommendation=one.recommendation,
        decision=one.decision,
        standing=one.standing,
        due_on=one.due_on if one.is_open else None,
        closed_on=one.closed_on,
    )


def refresh(recommendations: Iterable[Recommendation]) -> None:
    """Writes where these recommendations stand. Call it in the transaction that changes them."""
    keys = [one.pk for one in recommendations]
    _write(Recommendation.objects.filter(pk__in=keys))


def refresh_all() -> int:
    """Writes all of them anew; how many."""
    return _write(Recommendation.objects.all())


def _write(rows: QuerySet[Recommendation]) -> int:
    stands = [stand_of(one) for one in recommended(rows, on=LAST_DAY)]
    Stand.objects.bulk_create(
        stands,
        update_conflicts=True,
        unique_fields=["recommendation"],
        update_fields=["decision", "standing", "due_on", "closed_on"],
        batch_size=500,
    )
    return len(stands)


def differing() -> list[str]:
    """Codes of recommendations whose kept row is not what follows from their history."""
    kept = {row.pk: row for row in Stand.objects.all()}
    found = []
    for one in recommended(Recommendation.objects.all(), on=LAST_DAY):
        is_, ought = kept.get(one.recommendation.pk), stand_of(one)
        names = ("decision", "standing", "due_on", "closed_on")
        if is_ is None or any(getattr(is_, name) != getattr(ought, name) for name in names):
            found.append(one.recommendation.code)
    return found
