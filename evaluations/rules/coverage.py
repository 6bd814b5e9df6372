"""What ought to be evaluated and is not (p.95-101). Each gap names rule, paragraph and who acts.

The rules are the plan's. Everything is asked of one day, so that a report of a past year can be
made again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluations.rules.evaluated import BEST_FIRST, MISSING, Evaluated, Found
from evaluations.rules.evaluation_states import EvaluationState

EVALUATION_UNIT = "EVU"
HALF = Fraction(1, 2)


class Rule(StrEnum):
    """What is asked; the value is used in addresses, exports and translations."""

    MANDATE = "mandate"
    """Mandated evaluations come first (p.96); the mid-term 2016 and the final 2019 (p.61, p.62)."""
    FOCUS_AREA = "focus_area"
    """Every focus area at least once in the life of the plan (p.100)."""
    EXTERNAL = "external"
    """Every project above the threshold gets an external evaluation at its end (p.100)."""
    BUDGET_LINE = "budget_line"
    """... and sets money aside for it (p.100)."""
    BIENNIAL_PLAN = "biennial_plan"
    """Each biennium has an approved evaluation plan (p.96)."""
    STRATEGIC = "strategic"
    """A plan holds strategic and impact evaluations too (p.96)."""
    MOSTLY_EXTERNAL = "mostly_external"
    """Most evaluations are made by external evaluators (p.98)."""
    PUBLISHED = "published"
    """All reports are published (p.101)."""


PARAGRAPHS: Mapping[Rule, str] = {
    Rule.FOCUS_AREA: "p.100",
    Rule.EXTERNAL: "p.100",
    Rule.BUDGET_LINE: "p.100",
    Rule.MANDATE: "p.96",
    Rule.BIENNIAL_PLAN: "p.96",
    Rule.STRATEGIC: "p.96",
    Rule.MOSTLY_EXTERNAL: "p.98",
    Rule.PUBLISHED: "p.101",
}
PUBLISH_WITHIN = 90
"""Days after which a report that is there and not published is named. An assumption of ours."""


@dataclass(frozen=True)
class Sized:
    """A project, as far as coverage asks. Money in United States dollars."""

    code: str
    office: str
    budget: Decimal
    evaluation_budget: Decimal | None
    starts_on: date
    ends_on: date
    closed_on: date | None = None

    @property
    def completed_on(self) -> date:
        """The day on which it closed, or is to end."""
        return self.closed_on or self.ends_on


@dataclass(frozen=True)
class Limit:
    """A threshold and the day since which it is in force."""

    since: date
    amount: Decimal


@dataclass(frozen=True)
class Asked:
    """A mandate: what asks for an evaluation, and by when."""

    code: str
    due_on: date | None
    paragraph: str = ""


@dataclass(frozen=True)
class Gap:
    """Something that is asked for and is not there.

    `subject` is the code of the focus area, project, mandate, evaluation or biennium; `office` that
    of the office that should act, `concerns` that of another whose work it is about. `evaluation`
    is the one that comes too late, if there is one. `amount` is the threshold that is passed.
    """

    rule: Rule
    subject: str
    office: str
    found: Found = Found.NONE
    evaluation: str = ""
    paragraph: str = ""
    amount: Decimal | None = None
    share: Fraction | None = None
    due_on: date | None = None
    concerns: str = ""

    @property
    def where(self) -> str:
        """The paragraph of the plan that asks for it."""
        return self.paragraph or PARAGRAPHS[self.rule]


@dataclass(frozen=True)
class Covered:
    """How far the evaluation is that is asked for of a subject; the best if there are more."""

    subject: str
    found: Found
    evaluation: Evaluated | None = None

    @property
    def is_missing(self) -> bool:
        """True if somebody has to act."""
        return self.found in MISSING


@dataclass(frozen=True)
class World:
    """All that coverage is computed from, on one day. Bienniums: code → first and last day."""

    day: date
    plan_ends_on: date
    plan_starts_on: date = date.min
    focus_areas: Mapping[str, str] = field(default_factory=dict)
    """Code of a focus area → code of its branch."""
    evaluations: Sequence[Evaluated] = ()
    projects: Sequence[Sized] = ()
    limits: Sequence[Limit] = ()
    mandates: Sequence[Asked] = ()
    bienniums: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    """Bienniums whose evaluation plan is approved."""

    def in_life(self) -> list[Evaluated]:
        """The evaluations of the plan's life: not those made before it began."""
        return [
            one
            for one in self.evaluations
            if not (one.is_made and (one.year or date.max.year) < self.plan_starts_on.year)
        ]


def limit_on(day: date, limits: Iterable[Limit]) -> Decimal | None:
    """The threshold in force on a day; None before the first."""
    in_force = [one for one in limits if one.since <= day]
    return max(in_force, key=lambda one: one.since).amount if in_force else None


def _best(evaluations: Iterable[Evaluated], subject: str, until: date | None, day: date) -> Covered:
    """The best of the evaluations that cover a subject; of equals the first given."""
    found = [(one.found(until, day), one) for one in evaluations]
    known = [pair for pair in found if pair[0] != Found.NONE]
    if not known:
        return Covered(subject, Found.NONE)
    how, one = min(known, key=lambda pair: BEST_FIRST.index(pair[0]))
    return Covered(subject, how, one)


def of_focus_areas(world: World) -> list[Covered]:
    """How far each focus area is evaluated in the plan's life (p.100)."""
    in_life = world.in_life()
    return [
        _best(
            (one for one in in_life if code in one.focus_areas),
            code,
            world.plan_ends_on,
            world.day,
        )
        for code in world.focus_areas
    ]


def of_mandates(world: World) -> list[Covered]:
    """How far each mandated evaluation is; one that is not made by its day is late."""
    return [
        _best(
            (one for one in world.evaluations if one.mandate == mandate.code),
            mandate.code,
            mandate.due_on,
            world.day,
        )
        for mandate in world.mandates
    ]


def limit_passed(project: Sized, limits: Iterable[Limit]) -> Decimal | None:
    """The threshold that a project is above: the one in force when it closes; None if it is not.

    A project of exactly the threshold is not above it.
    """
    limit = limit_on(project.completed_on, limits)
    return limit if limit is not None and project.budget > limit else None


def above_threshold(world: World) -> list[tuple[Sized, Decimal]]:
    """Projects above the threshold, with that threshold. One that begins later is not asked yet."""
    return [
        (project, limit)
        for project in world.projects
        if project.starts_on <= world.day
        and (limit := limit_passed(project, world.limits)) is not None
    ]


def of_projects(world: World) -> list[Covered]:
    """How far the external evaluation is of each project above the threshold (p.100)."""
    return [
        _best(
            (one for one in world.evaluations if project.code in one.projects and one.is_external),
            project.code,
            None,
            world.day,
        )
        for project, _limit in above_threshold(world)
    ]


@dataclass(frozen=True)
class Share:
    """Some out of others."""

    some: int
    of: int

    @property
    def share(self) -> Fraction | None:
        """Between 0 and 1; None of nothing."""
        return Fraction(self.some, self.of) if self.of else None

    @property
    def number(self) -> Decimal | None:
        """The same for pages, which round it once."""
        return Decimal(self.some) / self.of if self.of else None


def external_share(evaluations: Iterable[Evaluated]) -> Share:
    """Evaluations by external evaluators, of those of which it is known and that go on (p.98)."""
    known = [one for one in evaluations if one.conducted_by and one.goes_on]
    return Share(sum(one.is_external for one in known), len(known))


def closed_projects_evaluated(
    projects: Iterable[Sized], evaluations: Sequence[Evaluated], first: date, last: date
) -> Share:
    """Projects that closed within the days and whose evaluation was made by the last of them."""
    closed = [one for one in projects if one.closed_on and first <= one.closed_on <= last]
    evaluated = {code for one in evaluations if one.was_made_by(last) for code in one.projects}
    return Share(sum(one.code in evaluated for one in closed), len(closed))


STRATEGIC_KINDS = frozenset({"mid_term", "final", "strategy", "impact", "corporate"})
"""Kinds that count as strategic or impact evaluations. An assumption of ours: p.96 names none."""


def _of_mandates(world: World) -> Iterable[Gap]:
    for mandate, covered in zip(world.mandates, of_mandates(world), strict=True):
        if covered.is_missing:
            yield Gap(
                Rule.MANDATE,
                mandate.code,
                EVALUATION_UNIT,
                covered.found,
                covered.evaluation.code if covered.evaluation else "",
                mandate.paragraph,
                due_on=mandate.due_on,
            )


def _of_focus_areas(world: World) -> Iterable[Gap]:
    for covered in of_focus_areas(world):
        if covered.is_missing:
            yield Gap(
                Rule.FOCUS_AREA,
                covered.subject,
                EVALUATION_UNIT,
                covered.found,
                covered.evaluation.code if covered.evaluation else "",
                due_on=world.plan_ends_on,
                concerns=world.focus_areas[covered.subject],
            )


def _of_projects(world: World) -> Iterable[Gap]:
    for (project, limit), covered in zip(above_threshold(world), of_projects(world), strict=True):
        missing = [
            (Rule.EXTERNAL, covered.is_missing),
            (Rule.BUDGET_LINE, not project.evaluation_budget and covered.found != Found.DONE),
        ]
        for rule in (rule for rule, is_missing in missing if is_missing):
            yield Gap(
                rule,
                project.code,
                project.office,
                amount=limit,
                due_on=project.completed_on,
                concerns=EVALUATION_UNIT,
            )


def _of_bienniums(world: World) -> Iterable[Gap]:
    for code, (first, last) in world.bienniums.items():
        if first > world.day:
            continue
        within = [one for one in world.evaluations if one.plan == code and one.goes_on]
        is_approved = code in world.approved
        if not is_approved:
            yield Gap(Rule.BIENNIAL_PLAN, code, EVALUATION_UNIT, due_on=first)
        if not (within or is_approved):
            continue
        if not any(one.kind in STRATEGIC_KINDS for one in within):
            yield Gap(Rule.STRATEGIC, code, EVALUATION_UNIT, due_on=last)
        share = external_share(within).share
        if share is not None and share <= HALF:
            yield Gap(Rule.MOSTLY_EXTERNAL, code, EVALUATION_UNIT, share=share, due_on=last)


def _of_reports(world: World) -> Iterable[Gap]:
    for one in world.evaluations:
        if one.state != EvaluationState.REPORTED or one.completed_on is None:
            continue
        due_on = one.completed_on + timedelta(days=PUBLISH_WITHIN)
        if due_on < world.day:
            yield Gap(Rule.PUBLISHED, one.code, EVALUATION_UNIT, due_on=due_on)


def gaps(world: World) -> list[Gap]:
    """Everything that is asked for and is not there: mandates first (p.96)."""
    return [
        *_of_mandates(world),
        *_of_focus_areas(world),
        *_of_projects(world),
        *_of_bienniums(world),
        *_of_reports(world),
    ]
