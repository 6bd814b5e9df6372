"""Keeps the register of projects, as far as evaluations need it; `portfolio` will take it over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from evaluations.models import Project
from evaluations.services import facts, typed
from evaluations.services.wordings import with_text
from focus_areas.models import FocusArea
from habitat_plan.kit.errors import RuleBroken
from organization.models import Country, Office, Role, User
from organization.permissions import require
from organization.services import audit

MOST_BUDGET = Decimal(10) ** 12
"""What the column of the budget does not hold any more: fourteen digits with two decimals."""
NOT_CODES = frozenset({"new"})
"""Words that lead elsewhere in addresses."""


@dataclass(frozen=True)
class ProjectFacts:
    """What the register says of a project; the title in one language. Money in US dollars."""

    title: str
    office: Office
    budget: Decimal
    starts_on: date
    ends_on: date
    evaluation_budget: Decimal | None = None
    closed_on: date | None = None
    source: str = ""
    focus_areas: Iterable[FocusArea] = ()
    countries: Iterable[Country] = ()


@transaction.atomic
def add_project(
    *,
    code: str,
    language: str,
    given: ProjectFacts,
    by: User,
    at: datetime,
    illustrative: bool = False,
) -> Project:
    """Enters a project. The same form sent twice is one project.

    Raises NotAllowed, and RuleBroken `code_needed`, `code_taken`, `language_unknown`, and those of
    `_read`.
    """
    require(by, Role.EVALUATION_OFFICER, Role.QUALITY_ASSURANCE)
    project = Project(code=_code(code), illustrative=illustrative)
    values = _read(project, given, typed.language_of(language), at)
    areas, countries = list(given.focus_areas), list(given.countries)
    known = Project.objects.select_for_update().filter(code=project.code).first()
    if known is not None and _is_same(known, values, areas, countries):
        return known
    for name, value in values.items():
        setattr(project, name, value)
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError as error:
        raise RuleBroken(
            "code_taken",
            _("Another project of the register has this code. Look it up, or write another code."),
            "code",
        ) from error
    project.focus_areas.set(areas)
    project.countries.set(countries)
    changes = {name: (None, value) for name, value in values.items()}
    changes |= _sets((), (), areas, countries) | {"code": (None, project.code)}
    audit.record(
        action="add project", subject=project, by=by, at=at, changes=changes, office=project.office
    )
    return project


@transaction.atomic
def keep_project(
    *,
    project: Project,
    seen_revision: int,
    language: str,
    given: ProjectFacts,
    reason: str,
    by: User,
    at: datetime,
) -> Project:
    """Changes what the register says of a project, with a reason. Nothing changed is nothing done.

    Raises NotAllowed, and RuleBroken `changed_elsewhere`, `reason_needed`, `language_unknown`, and
    those of `_read`.
    """
    require(by, Role.EVALUATION_OFFICER, Role.QUALITY_ASSURANCE)
    project = (
        Project.objects.select_for_update(of=("self",)).select_related("office").get(pk=project.pk)
    )
    values = _read(project, given, typed.language_of(language), at)
    areas, countries = list(given.focus_areas), list(given.countries)
    changes: dict[str, tuple[Any, Any]] = {
        name: (getattr(project, name), value)
        for name, value in values.items()
        if getattr(project, name) != value
    }
    changes |= _sets(project.focus_areas.all(), project.countries.all(), areas, countries)
    if not changes:
        return project
    if seen_revision != project.revision:
        raise typed.changed_elsewhere()
    why = typed.written(reason, "reason", needed=_("Say in a sentence why this changes."))
    for name in changes.keys() & values.keys():
        setattr(project, name, values[name])
    project.revision += 1
    project.save()
    project.focus_areas.set(areas)
    project.countries.set(countries)
    audit.record(
        action="change project",
        subject=project,
        by=by,
        at=at,
        changes=changes,
        reason=why,
        office=project.office,
    )
    return project


def _code(given: str) -> str:
    """The word that stands in the address. Raises RuleBroken `code_needed`."""
    found = given.strip().lower()
    is_one = facts.CODE.fullmatch(found) and len(found) <= facts.LONGEST_CODE
    if not is_one or found in NOT_CODES:
        raise RuleBroken(
            "code_needed",
            _("Write a short word of letters a to z, digits and hyphens, such as slums-2016."),
            "code",
        )
    return found


def _read(project: Project, given: ProjectFacts, language: str, at: datetime) -> dict[str, Any]:
    """The facts as they are kept.

    Raises RuleBroken `title_needed`, `text_too_long`, `text_damaged`, `not_a_sum`, `line_too_high`,
    `ends_before_start`, `closed_before_start`, `closed_in_future`.
    """
    title = facts.line(
        given.title, field="title", longest=300, needed=_("Write the title of the project.")
    )
    now = project.title.texts.get(language) if project.title else None
    _require_days(given, at)
    budget = _money(given.budget, "budget", MOST_BUDGET)
    line = given.evaluation_budget
    if line is not None and _money(line, "evaluation_budget", facts.MOST_MONEY) > budget:
        raise RuleBroken(
            "line_too_high",
            _("The line for evaluation is more than the whole budget. Check both sums."),
            "evaluation_budget",
        )
    same_title = now is not None and now.text == title
    return {
        "title": project.title if same_title else with_text(project.title, language, title),
        "office": given.office,
        "budget": budget,
        "evaluation_budget": line,
        "starts_on": given.starts_on,
        "ends_on": given.ends_on,
        "closed_on": given.closed_on,
        "source": facts.line(given.source, field="source", longest=300),
    }


def _money(given: Decimal, field: str, most: Decimal) -> Decimal:
    if not given.is_finite() or not 0 <= given < most or given != round(given, 2):
        raise RuleBroken(
            "not_a_sum",
            _("Give dollars and cents, 0 or more and less than %(most)s.") % {"most": most},
            field,
        )
    return given


def _require_days(given: ProjectFacts, at: datetime) -> None:
    if given.ends_on < given.starts_on:
        raise RuleBroken(
            "ends_before_start", _("The project ends before it begins. Check both days."), "ends_on"
        )
    if given.closed_on is None:
        return
    if given.closed_on < given.starts_on:
        raise RuleBroken(
            "closed_before_start",
            _("The project closed before it began. Check both days."),
            "closed_on",
        )
    if given.closed_on > localdate(at):
        raise RuleBroken(
            "closed_in_future",
            _("This day lies in the future. Leave it empty until the project has closed."),
            "closed_on",
        )


def _is_same(
    known: Project, values: dict[str, Any], areas: list[FocusArea], countries: list[Country]
) -> bool:
    """True if one form was sent twice: nothing happened to the first yet."""
    return (
        known.revision == 0
        and all(getattr(known, name) == value for name, value in values.items())
        and not _sets(known.focus_areas.all(), known.countries.all(), areas, countries)
    )


def _sets(
    areas_before: Iterable[FocusArea],
    countries_before: Iterable[Country],
    areas: Iterable[FocusArea],
    countries: Iterable[Country],
) -> dict[str, tuple[Any, Any]]:
    """What changed in focus areas and countries, by code."""
    pairs = {
        "focus_areas": (
            sorted(one.code for one in areas_before),
            sorted(one.code for one in areas),
        ),
        "countries": (
            sorted(one.iso3 for one in countries_before),
            sorted(one.iso3 for one in countries),
        ),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
