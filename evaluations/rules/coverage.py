"""What ought to be evaluated and is not (p.95-101). Each gap names rule, paragraph and who acts.

The rules are the plan's. Everything is asked of one day, so that a report of a past year can be
made again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from evaluations.rules.evaluation_states import COMPLETED, EvaluationState

EVALUATION_UNIT = "EVU"
HALF = Fraction(1, 2)


class Rule(StrEnum):
    """What is asked; the value is used in addresses, exports and translations."""

    FOCUS_AREA = "focus_area"
    """Every focus area at least once in the life of the plan (p.100)."""
    EXTERNAL = "external"
    """Every project above the threshold gets an external evaluation at its end (p.100)."""
    BUDGET_LINE = "budget_line"
    """... and sets money aside for it (p.100)."""
    MANDATE = "mandate"
    """Mandated evaluations come first (p.96); the mid-term 2016 and the final 2019 (p.61, p.62)."""
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


class Found(StrEnum):
    """How far the evaluation is that a rule asks for."""

    DONE = "done"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    LATE = "late"
    """There is one, but not by the day it is asked for."""
    NONE = "none"


@dataclass(frozen=True)
class Evaluated:
    """An evaluation, as far as coverage asks: `starts_on` to `ends_on` as planned."""

    code: str
    kind: str
    state: EvaluationState
    conducted_by: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    completed_on: date | None = None
    published_on: date | None = None
    plan: str = ""
    mandate: str = ""
    focus_areas: frozenset[str] = frozenset()
    projects: frozenset[str] = frozenset()

    @property
    def is_external(self) -> bool:
        """True if external evaluators make it, alone or with the Unit."""
        return self.conducted_by in {"external", "mixed"}

    def found(self, until: date | None = None) -> Found:
        """How far it is; `until` is the day by which it is asked for."""
        if self.state == EvaluationState.CANCELLED:
            return Found.NONE
        if self.state in COMPLETED:
            is_late = until is not None and (self.completed_on or date.min) > until
            return Found.LATE if is_late else Found.DONE
        if until is not None and (self.ends_on or date.max) > until:
            return Found.LATE
        started = {EvaluationState.PREPARED, EvaluationState.UNDER_WAY}
        return Found.UNDER_WAY if self.state in started else Found.PLANNED


BEST_FIRST = (Found.DONE, Found.UNDER_WAY, Found.PLANNED, Found.LATE, Found.NONE)


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
    of the office that should act. `evaluation` is the one that comes too late, if there is one.
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


@dataclass(frozen=True)
class World:
    """All that coverage is computed from, on one day. Bienniums: code → first and last day."""

    day: date
    plan_ends_on: date
    focus_areas: Mapping[str, str] = field(default_factory=dict)
    """Code of a focus area → code of its branch."""
    evaluations: Sequence[Evaluated] = ()
    projects: Sequence[Sized] = ()
    limits: Sequence[Limit] = ()
    mandates: Sequence[Asked] = ()
    bienniums: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    """Bienniums whose evaluation plan is approved."""


def limit_on(day: date, limits: Iterable[Limit]) -> Decimal | None:
    """The threshold in force on a day; None before the first."""
    in_force = [one for one in limits if one.since <= day]
    return max(in_force, key=lambda one: one.since).amount if in_force else None


def _best(found: Iterable[tuple[Evaluated, Found]], subject: str) -> Covered:
    ranked = sorted(found, key=lambda one: BEST_FIRST.index(one[1]))
    if not ranked or ranked[0][1] == Found.NONE:
        return Covered(subject, Found.NONE)
    return Covered(subject, ranked[0][1], ranked[0][0])


def of_focus_areas(world: World) -> list[Covered]:
    """How far each focus area is evaluated in the plan's life (p.100)."""
    return [
        _best(
            (
                (one, one.found(world.plan_ends_on))
                for one in world.evaluations
                if code in one.focus_areas
            ),
            code,
        )
        for code in world.focus_areas
    ]


def of_mandates(world: World) -> list[Covered]:
    """How far each mandated evaluation is; one that is not done by its day is late."""
    covered = []
    for mandate in world.mandates:
        found = _best(
            (
                (one, one.found(mandate.due_on))
                for one in world.evaluations
                if one.mandate == mandate.code
            ),
            mandate.code,
        )
        is_over = mandate.due_on is not None and mandate.due_on < world.day
        if is_over and found.found in {Found.PLANNED, Found.UNDER_WAY}:
            found = Covered(found.subject, Found.LATE, found.evaluation)
        covered.append(found)
    return covered


def above_threshold(world: World) -> list[tuple[Sized, Decimal]]:
    """Projects above the threshold in force on the day they are to end, with that threshold."""
    found = []
    for project in world.projects:
        limit = limit_on(project.closed_on or project.ends_on, world.limits)
        if limit is not None and project.budget > limit:
            found.append((project, limit))
    return found


def of_projects(world: World) -> list[Covered]:
    """How far the external evaluation is of each project above the threshold (p.100)."""
    return [
        _best(
            (
                (one, one.found())
                for one in world.evaluations
                if project.code in one.projects and one.is_external
            ),
            project.code,
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


def external_share(evaluations: Iterable[Evaluated]) -> Share:
    """Evaluations by external evaluators, of those of which it is known and that go on (p.98)."""
    known = [
        one for one in evaluations if one.conducted_by and one.state != EvaluationState.CANCELLED
    ]
    return Share(sum(one.is_external for one in known), len(known))


def closed_projects_evaluated(
    projects: Iterable[Sized], evaluations: Sequence[Evaluated], first: date, last: date
) -> Share:
    """Projects that closed within the days and whose evaluation was made by the last of them."""
    closed = [one for one in projects if one.closed_on and first <= one.closed_on <= last]
    evaluated = {
        code
        for one in evaluations
        if one.state in COMPLETED and one.completed_on is not None and one.completed_on <= last
        for code in one.projects
    }
    return Share(sum(one.code in evaluated for one in closed), len(closed))


STRATEGIC_KINDS = frozenset({"mid_term", "final", "strategy", "impact", "corporate"})


def _of_bienniums(world: World) -> Iterable[Gap]:
    for code, (first, _last) in world.bienniums.items():
        if first > world.day:
            continue
        within = [
            one
            for one in world.evaluations
            if one.plan == code and one.state != EvaluationState.CANCELLED
        ]
        if code not in world.approved:
            yield Gap(Rule.BIENNIAL_PLAN, code, EVALUATION_UNIT)
        if not within:
            continue
        if not any(one.kind in STRATEGIC_KINDS for one in within):
            yield Gap(Rule.STRATEGIC, code, EVALUATION_UNIT)
        share = external_share(within).share
        if share is not None and share < HALF:
            yield Gap(Rule.MOSTLY_EXTERNAL, code, EVALUATION_UNIT, share=share)


def gaps(world: World) -> list[Gap]:
    """Everything that is asked for and is not there: mandates first (p.96)."""
    found: list[Gap] = []
    mandates = {one.code: one for one in world.mandates}
    for covered in of_mandates(world):
        if covered.found in {Found.NONE, Found.LATE}:
            mandate = mandates[covered.subject]
            found.append(
                Gap(
                    Rule.MANDATE,
                    covered.subject,
                    EVALUATION_UNIT,
                    covered.found,
                    covered.evaluation.code if covered.evaluation else "",
                    mandate.paragraph,
                    due_on=mandate.due_on,
                )
            )
    for covered in of_focus_areas(world):
        if covered.found in {Found.NONE, Found.LATE}:
            found.append(
                Gap(
                    Rule.FOCUS_AREA,
                    covered.subject,
                    world.focus_areas[covered.subject],
                    covered.found,
                    covered.evaluation.code if covered.evaluation else "",
                )
            )
    covers = {one.subject: one for one in of_projects(world)}
    for project, limit in above_threshold(world):
        if covers[project.code].found == Found.NONE:
            found.append(Gap(Rule.EXTERNAL, project.code, project.office, amount=limit))
        if not project.evaluation_budget:
            found.append(Gap(Rule.BUDGET_LINE, project.code, project.office, amount=limit))
    found += _of_bienniums(world)
    found += [
        Gap(Rule.PUBLISHED, one.code, EVALUATION_UNIT, due_on=one.completed_on)
        for one in world.evaluations
        if one.state == EvaluationState.REPORTED
        and one.completed_on is not None
        and (world.day - one.completed_on).days > PUBLISH_WITHIN
    ]
    return found
