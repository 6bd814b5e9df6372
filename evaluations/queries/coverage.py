"""What coverage is computed from, as it was on a day; and coverage with the rows it is about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.timezone import localdate

from evaluations.models import (
    Evaluation,
    EvaluationStep,
    Mandate,
    PlanVersion,
    Project,
    Scope,
    Threshold,
)
from evaluations.rules import coverage as rules
from evaluations.rules.coverage import Asked, Covered, Gap, Limit, Share, Sized, World
from evaluations.rules.evaluated import Evaluated
from evaluations.rules.evaluation_states import EvaluationState
from evaluations.rules.history import Life, Taken, state_on
from focus_areas.models import FocusArea, Period, StrategicPlan
from focus_areas.queries import texts
from habitat_plan.kit.wording import Wording
from organization.models import Office


@dataclass(frozen=True)
class Gathered:
    """The rows behind a world. `evaluations` are those that were there on the day, by code."""

    world: World
    evaluations: Mapping[str, Evaluation]
    projects: Mapping[str, Project]
    mandates: Mapping[str, Mandate]
    focus_areas: Mapping[str, FocusArea]
    bienniums: Mapping[str, Period]
    thresholds: Sequence[Threshold]

    @cached_property
    def covered(self) -> Mapping[str, Covered]:
        """How far the external evaluation of each project above the threshold is, by code."""
        return {one.subject: one for one in rules.of_projects(self.world)}

    @cached_property
    def gaps(self) -> Sequence[Gap]:
        """Everything that is asked for and is not there."""
        return rules.gaps(self.world)

    def gaps_of(self, project: str) -> list[Gap]:
        """What is missing of a project."""
        asked = {rules.Rule.EXTERNAL, rules.Rule.BUDGET_LINE}
        return [one for one in self.gaps if one.rule in asked and one.subject == project]


@dataclass(frozen=True)
class BienniumShares:
    """Shares of one biennium: evaluations by external evaluators, and closed projects evaluated."""

    biennium: Period
    external: Share
    closed_evaluated: Share
    is_approved: bool


@dataclass(frozen=True)
class Coverage:
    """What is covered on a day and what is not, with the rows and names it is about.

    `areas`, `mandates` and `projects` say for each subject how far its evaluation is; `gaps` what
    somebody has to do. `titles` are those of focus areas, `offices` all offices, by code.
    """

    gathered: Gathered
    areas: Sequence[Covered]
    mandates: Sequence[Covered]
    projects: Sequence[Covered]
    gaps: Sequence[Gap]
    shares: Sequence[BienniumShares]
    external: Share
    titles: Mapping[str, Wording]
    offices: Mapping[str, Office]

    @property
    def world(self) -> World:
        """What it is computed from."""
        return self.gathered.world


def world(on: date) -> World:
    """All that coverage is computed from, as it was at the end of a day. Ten queries."""
    return gathered(on).world


def gathered(on: date) -> Gathered:
    """The world with its rows. Ten queries, however many rows."""
    # Before the plan is loaded nothing is asked, and pages still answer.
    plan = StrategicPlan.objects.first()
    areas = list(FocusArea.objects.select_related("branch"))
    known = there(on)
    areas_of, projects_of = _scopes()
    projects = list(Project.objects.select_related("office").order_by("code"))
    mandates = list(Mandate.objects.all())
    thresholds = list(Threshold.objects.all())
    bienniums = list(Period.objects.filter(kind=Period.Kind.BIENNIUM))
    approved = PlanVersion.objects.filter(approved_on__lte=on).values_list(
        "biennium__code", flat=True
    )
    made = World(
        day=on,
        plan_starts_on=date(plan.start_year, 1, 1) if plan else date.min,
        plan_ends_on=date(plan.end_year, 12, 31) if plan else date.max,
        focus_areas={one.code: one.branch.code for one in areas},
        evaluations=[
            _evaluated(row, state, areas_of[row.pk], projects_of[row.pk]) for row, state in known
        ],
        projects=[sized(one, on) for one in projects],
        limits=[Limit(one.since, one.amount) for one in thresholds],
        mandates=[Asked(one.code, one.due_on, one.paragraph) for one in mandates],
        bienniums={one.code: (one.start, one.end) for one in bienniums},
        approved=frozenset(approved),
    )
    return Gathered(
        world=made,
        evaluations={row.code: row for row, _state in known},
        projects={one.code: one for one in projects},
        mandates={one.code: one for one in mandates},
        focus_areas={one.code: one for one in areas},
        bienniums={one.code: one for one in bienniums},
        thresholds=thresholds,
    )


def coverage(on: date) -> Coverage:
    """What is covered on a day and what is not. Twelve queries."""
    found = gathered(on)
    made = found.world
    titles = texts(codes=[f"{code}.title" for code in made.focus_areas])
    return Coverage(
        gathered=found,
        areas=rules.of_focus_areas(made),
        mandates=rules.of_mandates(made),
        projects=rules.of_projects(made),
        gaps=found.gaps,
        shares=[_shares(made, one) for one in found.bienniums.values() if one.start <= on],
        external=rules.external_share(made.in_life()),
        titles={code.removesuffix(".title"): text.wording for code, text in titles.items()},
        offices={one.code: one for one in Office.objects.all()},
    )


def _shares(made: World, biennium: Period) -> BienniumShares:
    within = [one for one in made.evaluations if one.plan == biennium.code]
    return BienniumShares(
        biennium=biennium,
        external=rules.external_share(within),
        closed_evaluated=rules.closed_projects_evaluated(
            made.projects, made.evaluations, biennium.start, biennium.end
        ),
        is_approved=biennium.code in made.approved,
    )


def sized(project: Project, on: date) -> Sized:
    """A project as coverage asks of it; one that closed after the day had not closed yet."""
    closed_on = project.closed_on
    return Sized(
        code=project.code,
        office=project.office.code,
        budget=project.budget,
        evaluation_budget=project.evaluation_budget,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        closed_on=closed_on if closed_on and closed_on <= on else None,
    )


def steps_of(evaluations: Sequence[int] | None = None) -> defaultdict[int, list[Taken]]:
    """The steps that evaluations took (all, if none are named), as they were recorded. One query.

    Key of an evaluation → its steps.
    """
    found: defaultdict[int, list[Taken]] = defaultdict(list)
    rows = EvaluationStep.objects.order_by("id")
    if evaluations is not None:
        rows = rows.filter(evaluation__in=evaluations)
    for key, on, before, after in rows.values_list("evaluation", "on", "from_state", "to_state"):
        found[key].append(Taken(on, before, after))
    return found


def there(on: date) -> list[tuple[Evaluation, EvaluationState]]:
    """The evaluations that were there on a day, each with its state on that day. Two queries."""
    steps = steps_of()
    found = []
    for row in Evaluation.objects.select_related("plan", "mandate").order_by("code"):
        state = state_on(on, life_of(row, steps[row.pk]))
        if state is not None:
            found.append((row, state))
    return found


def life_of(row: Evaluation, steps: Sequence[Taken]) -> Life:
    """What is known of an evaluation's way."""
    return Life(
        state=EvaluationState(row.state),
        made_on=localdate(row.made_at),
        steps=steps,
        starts_on=row.starts_on,
        in_plan_from=row.plan.start if row.plan else None,
        completed_on=row.completed_on,
        published_on=row.published_on,
        report_year=row.report_year,
    )


def _scopes() -> tuple[defaultdict[int, set[str]], defaultdict[int, set[str]]]:
    """Codes of the focus areas, and of the projects, that evaluations look at."""
    areas: defaultdict[int, set[str]] = defaultdict(set)
    projects: defaultdict[int, set[str]] = defaultdict(set)
    rows = Scope.objects.filter(kind__in=[Scope.Kind.FOCUS_AREA, Scope.Kind.PROJECT])
    for key, area, project in rows.values_list("evaluation", "focus_area__code", "project__code"):
        if area:
            areas[key].add(area)
        if project:
            projects[key].add(project)
    return areas, projects


def _evaluated(
    row: Evaluation, state: EvaluationState, areas: set[str], projects: set[str]
) -> Evaluated:
    """An evaluation as coverage asks of it. One without days of its own ends with its biennium.

    Without a biennium it ends on the day on which it really did, if it did.
    """
    return Evaluated(
        code=row.code,
        kind=row.kind,
        state=state,
        conducted_by=row.conducted_by,
        starts_on=row.starts_on,
        ends_on=row.ends_on or (row.plan.end if row.plan else row.completed_on),
        completed_on=row.completed_on,
        published_on=row.published_on,
        report_year=row.report_year,
        plan=row.plan.code if row.plan else "",
        mandate=row.mandate.code if row.mandate else "",
        focus_areas=frozenset(areas),
        projects=frozenset(projects),
    )
