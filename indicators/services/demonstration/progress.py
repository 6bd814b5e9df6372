"""Invented baselines and targets, and how far each office is with its years."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from focus_areas.models import PlanRevision
from indicators.models import (
    Assignment,
    Baseline,
    Indicator,
    PeriodWindow,
    Submission,
    SubmissionStep,
    Target,
)
from indicators.rules import workflow
from indicators.services.demonstration.world import (
    COUNTS,
    FIRST_TARGETS,
    SOURCE,
    STATES_2017,
    YEARS,
    World,
)
from indicators.services.submissions import STAMPS
from organization.models import Office


def targets() -> Iterator[Baseline | Target]:
    """Invented baselines and targets of counts, and of the lead and support functions."""
    indicators = {i.code: i for i in Indicator.objects.all()}
    revision = PlanRevision.objects.get(code="2017")
    for code, (counts, targets) in COUNTS.items():
        indicator = indicators[code]
        yield Baseline(
            indicator=indicator, value=counts[0], year=2013, source=SOURCE, illustrative=True
        )
        for year, value in zip((2015, 2017, 2019), targets, strict=True):
            if not value:
                continue
            first = FIRST_TARGETS.get(code) if year == targets_end(targets) else None
            yield _target(indicator, year, Decimal(first or value), version=1)
            if first:
                revised = _target(indicator, year, Decimal(value), version=2)
                revised.reason = "Fewer countries asked for support than was foreseen"
                revised.decision = "Demonstration decision, invented"
                revised.revision = revision
                revised.decided_on = date(2017, 2, 20)
                yield revised
    support = (("LS1.1", 6, 20), ("LS2.1", 0, 15), ("LS3.1", 40, 60), ("LS4.1", 5, 20))
    for code, start, end in support:
        yield Baseline(
            indicator=indicators[code], value=start, year=2013, source=SOURCE, illustrative=True
        )
        yield _target(indicators[code], 2019, Decimal(end), version=1)


def targets_end(targets: Sequence[int]) -> int:
    """The year of the last target."""
    return 2019 if targets[-1] else 2017


def _target(indicator: Indicator, year: int, value: Decimal, *, version: int) -> Target:
    return Target(
        indicator=indicator,
        year=year,
        version=version,
        value=value,
        decided_on=date(2013, 12, 31),
        source=SOURCE,
        illustrative=True,
    )


def office_targets() -> Iterator[Target]:
    """Invented targets of single offices for 2017, so that the entry page shows them."""
    wanted = Assignment.objects.filter(
        indicator__code__in=["EA2.b.1", "EA3.a.1", "EA4.a.1", "EA6.a.1", "EA6.b.1", "EA7.a.1"]
    ).select_related("indicator", "office")
    for assignment in wanted.order_by("indicator__ordinal", "office__ordinal"):
        target = _target(assignment.indicator, 2017, Decimal(80), version=1)
        if assignment.indicator.kind != Indicator.Kind.RATIO:
            target.value = Decimal(10 if "to_date" in assignment.indicator.entry_meaning else 60)
        target.office = assignment.office
        yield target


def submissions(world: World) -> Iterator[Submission]:
    """Every office's submission for each year: approved, but for three offices in 2017."""
    reporting = Office.objects.filter(indicators__isnull=False).distinct().order_by("ordinal")
    for office in reporting:
        enter = world.people[f"{office.code.lower()}.enter"]
        approve = world.people[f"{office.code.lower()}.approve"]
        for year in YEARS:
            state = STATES_2017.get(office.code) if year == YEARS[-1] else None
            submission = Submission(
                office=office,
                period=world.periods[year],
                state=state or Submission.State.APPROVED,
            )
            if submission.state == Submission.State.DRAFT:
                yield submission
                continue
            submission.submitted_at = world.at - timedelta(days=9)
            submission.submitted_by = enter
            if submission.state == Submission.State.RETURNED:
                submission.returned_at = world.at - timedelta(days=2)
                submission.returned_by = approve
                submission.return_note = (
                    "Twelve achievements for FA6.1 have no decree or council decision behind them. "
                    "Add the evidence or take them back."
                )
            elif submission.state == Submission.State.APPROVED:
                submission.approved_at = world.at - timedelta(days=4)
                submission.approved_by = approve
            yield submission


def steps(made: Sequence[Submission]) -> Iterator[SubmissionStep]:
    """The steps that led to the state of each submission; what was handed in is not kept."""
    for submission in made:
        taken = workflow.TAKEN[workflow.State(submission.state)]
        for number, action in enumerate(taken, start=1):
            stamp = STAMPS[action]
            yield SubmissionStep(
                submission=submission,
                number=number,
                action=action.value,
                note=submission.return_note if action is workflow.Action.RETURN else "",
                made_at=getattr(submission, f"{stamp}_at"),
                made_by=getattr(submission, f"{stamp}_by"),
            )


def windows(world: World) -> Iterator[PeriodWindow]:
    """Years to 2016 are closed; 2017 is open, due in two weeks."""
    officer = world.people["qa"]
    for year in YEARS:
        closed = year < YEARS[-1]
        yield PeriodWindow(
            period=world.periods[year],
            opened_at=world.at - timedelta(days=30),
            opened_by=officer,
            due_on=(world.at + timedelta(days=14)).date(),
            closed_at=world.at - timedelta(days=1) if closed else None,
            closed_by=officer if closed else None,
        )
