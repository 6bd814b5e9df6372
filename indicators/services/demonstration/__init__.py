"""Demonstration data: people, counts and figures that are plainly invented and say so.

Real figures that the plan's sources publish (markers, evaluated share) are entered with their
source. Everything else carries `illustrative=True`; authorities are invented and lie in invented
countries. Written in bulk, in one transaction, with audit entries; loading again changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from focus_areas.models import Period
from indicators.models import (
    Achievement,
    Baseline,
    Evidence,
    Figure,
    Indicator,
    PeriodWindow,
    Submission,
    SubmissionStep,
    Target,
)
from indicators.services.demonstration.figures import achievements as achievements_of
from indicators.services.demonstration.figures import evidence, figures, published
from indicators.services.demonstration.progress import (
    office_targets,
    steps,
    submissions,
    targets,
    windows,
)
from indicators.services.demonstration.world import (
    COUNTS,
    DOMAIN,
    SOURCE,
    YEARS,
    World,
    make_people,
    register,
)
from organization.models import Country, Office
from organization.services import audit

__all__ = ["DOMAIN", "load_demonstration"]


@transaction.atomic
def load_demonstration(*, fixtures: Path, password: str, at: datetime) -> bool:
    """Loads the demonstration once; False if it is there already."""
    people = make_people(password=password, at=at)
    if PeriodWindow.objects.exists():
        return False
    countries = list(Country.objects.filter(illustrative=True).order_by("iso3"))
    world = World(
        offices={office.code: office for office in Office.objects.all()},
        periods={p.year: p for p in Period.objects.filter(kind__in=["year", "baseline"])},
        register=register(countries),
        people=people,
        at=at,
    )
    real = list(published(fixtures, world))
    rows = [*targets(), *office_targets(), *real]
    Baseline.objects.bulk_create([row for row in rows if isinstance(row, Baseline)])
    Target.objects.bulk_create([row for row in rows if isinstance(row, Target)])
    PeriodWindow.objects.bulk_create(windows(world))
    made = Submission.objects.bulk_create(submissions(world))
    SubmissionStep.objects.bulk_create(steps(made))
    entered = Figure.objects.bulk_create(
        [*figures(world), *(row for row in real if isinstance(row, Figure))]
    )
    Evidence.objects.bulk_create(evidence(entered, world))
    achieved = Achievement.objects.bulk_create(
        achievement
        for indicator in Indicator.objects.filter(code__in=COUNTS).select_related(
            "responsible_office"
        )
        if indicator.responsible_office
        for achievement in achievements_of(
            indicator, indicator.responsible_office.code, COUNTS[indicator.code][0], world
        )
    )
    _record(entered, made, len(achieved), world)
    return True


def _record(
    figures: Sequence[Figure], submissions: Sequence[Submission], achievements: int, world: World
) -> None:
    """One audit entry a figure and submission, and one for the register."""
    changes = [
        audit.Change(
            "enter figure",
            figure,
            {
                name: (None, getattr(figure, name))
                for name in ("value", "numerator", "denominator", "choice")
                if getattr(figure, name) not in (None, "")
            },
            reason=figure.source,
            office=figure.office,
        )
        for figure in figures
    ]
    changes += [
        audit.Change(
            "load submission", one, {"state": (None, one.state)}, reason=SOURCE, office=one.office
        )
        for one in submissions
    ]
    changes.append(
        audit.Change(
            "load demonstration",
            world.periods[YEARS[-1]],
            {"achievements": (0, achievements), "authorities": (0, len(world.register))},
            reason=SOURCE,
        )
    )
    audit.record_all(changes=changes, by=None, at=world.at)
