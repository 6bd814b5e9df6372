"""What ought to be evaluated and is not, in words: which rule, from which paragraph, who acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from evaluations.models import Evaluation
from evaluations.pages.coverage_words import MISSING, RULES, TAGS
from evaluations.permissions import Person, is_of_secretariat, may_evaluate, may_keep_projects
from evaluations.queries.coverage import BienniumShares, Coverage, coverage
from evaluations.rules import coverage as rules
from evaluations.rules.coverage import Covered, Gap, Rule
from evaluations.rules.evaluated import Found
from habitat_plan.kit import formats
from habitat_plan.kit.wording import Wording
from indicators import rating_words
from indicators.pages.number_words import begin, in_words
from indicators.pages.overview import Value, value_of
from indicators.queries import Standing, standings_in
from indicators.rules.kinds import Nothing
from indicators.rules.ratings import Status
from organization.models import Office
from organization.permissions import holdings

EVALUATED = "EV.1"
"""The indicator under which the share of closed projects evaluated is published."""
OF_PROJECTS = frozenset({Rule.EXTERNAL, Rule.BUDGET_LINE})
OF_BIENNIUMS = frozenset({Rule.BIENNIAL_PLAN, Rule.STRATEGIC, Rule.MOSTLY_EXTERNAL})


@dataclass(frozen=True)
class Line:
    """A subject that a rule asks an evaluation of, and how far that evaluation is."""

    code: str
    title: Wording
    tag: str
    state: str
    is_missing: bool
    evaluation: Evaluation | None
    year: int | None
    due_on: date | None = None
    note: str = ""
    illustrative: bool = False


@dataclass(frozen=True)
class GapLine:
    """A gap in words. `leads` names where it is closed: a project, a plan, an evaluation."""

    rule: str
    asked: str
    where: str
    subject: Wording
    code: str
    missing: str
    office: Office | None
    due_on: date | None
    is_past: bool
    leads: str
    leads_to: str
    evaluation: Evaluation | None
    illustrative: bool


@dataclass(frozen=True)
class ShareLine:
    """A biennium: what was published of closed projects, and what the register counts.

    `of_target` is the published share divided by its target. Where no baseline is known the
    rating says nothing; that the target is reached is told all the same (`rating`, `label`).
    """

    shares: BienniumShares
    target: str
    published: Value
    of_target: Decimal | None
    rating: Status
    label: str
    reason: str


def coverage_context(user: Person, asked: QueryDict, *, today: date) -> dict[str, Any]:
    """Everything the page of coverage shows. 404 for whoever may not know what is unpublished."""
    if not is_of_secretariat(user):
        raise Http404
    found = coverage(today)
    code = asked.get("office", "")
    chosen = found.offices.get(code)
    if code and chosen is None:
        raise Http404
    gaps = [one for one in found.gaps if chosen is None or concerns(one, chosen)]
    standings = standings_of_evaluated(found, today)
    return {
        "heading": heading(found, gaps, chosen),
        "day": today,
        "areas": [_area(found, one) for one in found.areas],
        "areas_heading": areas_heading(found.areas),
        "mandates": [_mandate(found, one) for one in found.mandates],
        "projects": projects(found),
        "gaps": [gap_line(found, one) for one in gaps],
        "chosen": chosen,
        "offices": offices(user, found),
        "limit": rules.limit_on(today, found.world.limits),
        "thresholds": found.gathered.thresholds,
        "shares": [_share(one, standings) for one in found.shares],
        "shares_heading": shares_heading(standings.values()),
        "sources": sorted({source for one in standings.values() for source in one.sources}),
        "external": found.external,
        "may_plan": may_evaluate(user),
        "may_keep_projects": may_keep_projects(user),
        "register_illustrative": any(one.illustrative for one in found.gathered.projects.values()),
        "illustrative": _is_illustrative(found),
    }


def concerns(gap: Gap, office: Office) -> bool:
    """True if the office should act, or the work is its own."""
    return office.code in {gap.office, gap.concerns}


def offices(user: Person, found: Coverage) -> list[Office]:
    """Offices to choose from: those that gaps name, and the person's own."""
    named = {code for gap in found.gaps for code in (gap.office, gap.concerns)}
    own = frozenset().union(*holdings(user).offices.values())
    return [one for one in found.offices.values() if one.code in named or one.pk in own]


def areas_heading(areas: Sequence[Covered]) -> str:
    """How many focus areas have no evaluation in time, in one sentence."""
    if not areas:
        return _("What is not covered by evaluations")
    none = sum(one.found == Found.NONE for one in areas)
    late = sum(one.found == Found.LATE for one in areas)
    if none:
        return begin(
            ngettext(
                "%(number)s focus area has no evaluation planned",
                "%(number)s focus areas have no evaluation planned",
                none,
            )
            % {"number": in_words(none)}
        )
    if late:
        return begin(
            ngettext(
                "The evaluation of %(number)s focus area comes too late",
                "The evaluations of %(number)s focus areas come too late",
                late,
            )
            % {"number": in_words(late)}
        )
    if all(one.found in {Found.DONE, Found.DONE_LATE} for one in areas):
        return _("Every focus area is evaluated")
    return _("Every focus area is evaluated, or its evaluation is planned")


def heading(found: Coverage, gaps: Sequence[Gap], chosen: Office | None) -> str:
    """The answer: what is missing most; for one office, how much waits for it."""
    number = len(gaps)
    if chosen is not None:
        if not number:
            return _("%(office)s has nothing to put right") % {"office": chosen.name}
        return begin(
            ngettext(
                "%(number)s thing waits for %(office)s",
                "%(number)s things wait for %(office)s",
                number,
            )
            % {"number": in_words(number), "office": chosen.name}
        )
    first = areas_heading(found.areas)
    none = sum(one.found == Found.NONE for one in found.areas)
    late = sum(one.found == Found.LATE for one in found.areas)
    others = number - (none or late)
    if not others:
        return first
    second = ngettext(
        "%(number)s other thing is missing", "%(number)s other things are missing", others
    ) % {"number": in_words(others)}
    return _("%(first)s; %(second)s") % {"first": first, "second": second}


def _line(found: Coverage, one: Covered, title: Wording, **more: Any) -> Line:
    tag, words = TAGS[one.found]
    return Line(
        code=one.subject,
        title=title,
        tag=tag,
        state=str(words),
        is_missing=one.is_missing,
        evaluation=found.gathered.evaluations.get(one.evaluation.code) if one.evaluation else None,
        year=one.evaluation.year if one.evaluation else None,
        **more,
    )


def _area(found: Coverage, one: Covered) -> Line:
    return _line(found, one, found.titles.get(one.subject, Wording.of(en=one.subject)))


def _mandate(found: Coverage, one: Covered) -> Line:
    row = found.gathered.mandates[one.subject]
    note = f"{row.reference}, {row.paragraph}" if row.paragraph else row.reference
    return _line(found, one, row.name, due_on=row.due_on, note=note, illustrative=row.illustrative)


@dataclass(frozen=True)
class ProjectLine:
    """A project above the threshold: its sums, the threshold, and its external evaluation."""

    line: Line
    budget: Decimal
    limit: Decimal
    set_aside: Decimal | None
    office: Office


def projects(found: Coverage) -> list[ProjectLine]:
    """The projects above the threshold; those with something missing first."""
    above = rules.above_threshold(found.world)
    lines = []
    for (sized, limit), covered in zip(above, found.projects, strict=True):
        row = found.gathered.projects[sized.code]
        line = _line(
            found,
            covered,
            row.title,
            due_on=sized.completed_on,
            illustrative=row.illustrative,
        )
        lines.append(ProjectLine(line, sized.budget, limit, sized.evaluation_budget, row.office))
    return sorted(lines, key=lambda one: (not one.line.is_missing, one.line.code))


def gap_line(found: Coverage, gap: Gap) -> GapLine:
    """A gap in words."""
    subject, illustrative = _subject(found, gap)
    nothing, too_late = MISSING[gap.rule]
    leads, leads_to = _leads(gap)
    return GapLine(
        rule=gap.rule.value,
        asked=str(RULES[gap.rule]),
        where=gap.where,
        subject=subject,
        code=gap.subject,
        missing=_with_amount(gap, str(too_late if gap.found == Found.LATE else nothing)),
        office=found.offices.get(gap.office),
        due_on=gap.due_on,
        is_past=gap.due_on is not None and gap.due_on < found.world.day,
        leads=leads,
        leads_to=leads_to,
        evaluation=found.gathered.evaluations.get(gap.evaluation),
        illustrative=illustrative,
    )


def _with_amount(gap: Gap, sentence: str) -> str:
    if gap.amount is None:
        return sentence
    amount = formats.figure(gap.amount, 0, get_language() or "en")
    threshold = _("Threshold: %(amount)s United States dollars.") % {"amount": amount}
    return f"{sentence} {threshold}"


def _subject(found: Coverage, gap: Gap) -> tuple[Wording, bool]:
    """What a gap is about, by name, and whether that is demonstration."""
    rows = found.gathered
    if gap.rule == Rule.MANDATE:
        mandate = rows.mandates[gap.subject]
        return mandate.name, mandate.illustrative
    if gap.rule in OF_PROJECTS:
        project = rows.projects[gap.subject]
        return project.title, project.illustrative
    if gap.rule == Rule.PUBLISHED:
        evaluation = rows.evaluations[gap.subject]
        return evaluation.title, evaluation.illustrative
    if gap.rule in OF_BIENNIUMS:
        plan = _("Evaluation plan %(period)s") % {"period": rows.bienniums[gap.subject]}
        return Wording.of(**{get_language() or "en": plan}), False
    return found.titles.get(gap.subject, Wording.of(en=gap.subject)), False


def _leads(gap: Gap) -> tuple[str, str]:
    if gap.rule in OF_PROJECTS:
        return "project", gap.subject
    if gap.rule in OF_BIENNIUMS:
        return "plan", gap.subject
    if gap.rule == Rule.PUBLISHED or gap.evaluation:
        return "evaluation", gap.evaluation or gap.subject
    return "plan", ""


def standings_of_evaluated(found: Coverage, today: date) -> dict[str, Standing]:
    """Where the published share of closed projects evaluated stands, by biennium."""
    periods = list(found.gathered.bienniums.values())
    if not periods:
        return {}
    known = standings_in(codes=[EVALUATED], periods=periods, today=today)
    return {code: rows[0] for code, rows in known.items() if rows}


def _share(one: BienniumShares, standings: Mapping[str, Standing]) -> ShareLine:
    standing = standings.get(one.biennium.code)
    if standing is None:
        nothing = Value("", Nothing.NOT_REPORTED.value)
        return ShareLine(one, "", nothing, None, Status.NOT_RATED, "", "")
    target, number, rating = _target(standing), standing.actual.number, standing.rating
    decimals, language = standing.indicator.decimals, get_language() or "en"
    status, label, reason = rating.status, "", rating_words.reason(rating)
    if rating.reason == "no_baseline" and target and number is not None and number >= target:
        status, label = Status.ACHIEVED, _("Reached")
    return ShareLine(
        shares=one,
        target="" if target is None else formats.per_cent(target, decimals, language),
        published=value_of(standing.indicator, standing.actual),
        of_target=number / target if target and number is not None else None,
        rating=status,
        label=label,
        reason=reason,
    )


def _target(standing: Standing) -> Decimal | None:
    """The target for the last year of the biennium; None if there is none."""
    year = standing.period.year
    return next((one.value for one in standing.targets if one.year == year), None)


def shares_heading(standings: Iterable[Standing]) -> str:
    """Whether as many closed projects were evaluated as planned, in the last biennium reported."""
    reported = [
        (one.actual.number, target)
        for one in standings
        if one.actual.number is not None and (target := _target(one)) is not None
    ]
    if not reported:
        return _("How many of the closed projects were evaluated")
    number, target = reported[-1]
    if number > target:
        return _("More projects were evaluated than planned")
    if number == target:
        return _("As many projects were evaluated as planned")
    return _("Fewer projects were evaluated than planned")


def _is_illustrative(found: Coverage) -> bool:
    rows = found.gathered
    known: Iterable[Any] = (
        *rows.evaluations.values(),
        *rows.projects.values(),
        *rows.mandates.values(),
    )
    return any(one.illustrative for one in known)
