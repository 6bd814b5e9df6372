"""What belongs to an evaluation: its scope, its team, how criteria are rated.

Findings have a module of their own; they are offered here too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from evaluations.models import (
    Criterion,
    CriterionGrade,
    CriterionRating,
    Evaluation,
    Project,
    Scope,
    TeamMember,
)
from evaluations.services import facts, typed
from evaluations.services.at_work import at_work, require_seen, touch
from evaluations.services.findings import add_finding, change_finding, remove_finding
from evaluations.services.wordings import with_text
from focus_areas.models import FocusArea
from habitat_plan.kit.errors import RuleBroken
from organization.models import Country, Office, Region, Role, User
from organization.permissions import require
from organization.services import audit

__all__ = [
    "Member",
    "add_finding",
    "change_finding",
    "choose_criteria",
    "rate",
    "remove_finding",
    "set_scope",
    "set_team",
]
LONGEST_STRATEGY = 200
LONGEST_NAME = 150
MOST_MEMBERS = 50


@dataclass(frozen=True)
class Looked:
    """One thing that an evaluation looks at: a row of `Scope` before it is kept."""

    kind: str
    thing: models.Model | None = None
    words: str = ""

    @property
    def key(self) -> tuple[str, Any]:
        """What makes it the same thing as another."""
        return self.kind, self.thing.pk if self.thing else self.words

    def __str__(self) -> str:
        return f"{self.kind}: {self.thing or self.words}".rstrip(": ")


def _looked(scope: Scope) -> Looked:
    thing = None if scope.kind in {"plan", "strategy"} else getattr(scope, scope.kind)
    return Looked(scope.kind, thing, scope.words if scope.kind == "strategy" else "")


@transaction.atomic
def set_scope(
    *,
    evaluation: Evaluation,
    seen_revision: int,
    by: User,
    at: datetime,
    plan: bool = False,
    focus_areas: Iterable[FocusArea] = (),
    projects: Iterable[Project] = (),
    countries: Iterable[Country] = (),
    regions: Iterable[Region] = (),
    offices: Iterable[Office] = (),
    strategies: Iterable[str] = (),
) -> Evaluation:
    """Says what an evaluation looks at, all of it; what is not named is taken out.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `changed_elsewhere`,
    `text_too_long`, `text_damaged`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = at_work(evaluation)
    things = {
        "focus_area": focus_areas, "project": projects, "country": countries,
        "region": regions, "office": offices,
    }  # fmt: skip
    wanted = [Looked(kind, one) for kind, found in things.items() for one in found]
    wanted += [Looked("strategy", words=words) for words in _strategies(strategies)]
    named = {one.key: one for one in [*wanted, *([Looked("plan")] if plan else [])]}
    rows = evaluation.scopes.select_related(*things)
    known = {_looked(row).key: row for row in rows}
    gone = [row.pk for key, row in known.items() if key not in named]
    new = [one for key, one in named.items() if key not in known]
    if not gone and not new:
        return evaluation
    require_seen(evaluation, seen_revision)
    before = sorted(str(_looked(row)) for row in known.values())
    evaluation.scopes.filter(pk__in=gone).delete()
    Scope.objects.bulk_create(_row(evaluation, one) for one in new)
    changes = {"scope": (before, sorted(str(one) for one in named.values()))}
    return _changed(evaluation, "change scope", changes, by=by, at=at)


def _strategies(given: Iterable[str]) -> list[str]:
    lines = (facts.line(one, field="strategies", longest=LONGEST_STRATEGY) for one in given)
    return [one for one in lines if one]


def _row(evaluation: Evaluation, one: Looked) -> Scope:
    named = {one.kind: one.thing} if one.thing else {}
    return Scope(evaluation=evaluation, kind=one.kind, words=one.words, **named)


def _changed(
    evaluation: Evaluation,
    action: str,
    changes: dict[str, tuple[Any, Any]],
    *,
    by: User,
    at: datetime,
    reason: str = "",
) -> Evaluation:
    touch(evaluation)
    audit.record(action=action, subject=evaluation, by=by, at=at, changes=changes, reason=reason)
    return evaluation


@dataclass(frozen=True, order=True)
class Member:
    """Somebody of the team, as typed."""

    name: str
    capacity: str
    is_external: bool = True


@transaction.atomic
def set_team(
    *,
    evaluation: Evaluation,
    members: Sequence[Member],
    seen_revision: int,
    by: User,
    at: datetime,
) -> Evaluation:
    """Says who makes and steers an evaluation, all of them. Members without a name are left out.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `changed_elsewhere`,
    `capacity_unknown`, `too_many`, `text_too_long`, `text_damaged`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = at_work(evaluation)
    wanted = sorted({one for one in map(_member, members) if one.name})
    if len(wanted) > MOST_MEMBERS:
        raise RuleBroken(
            "too_many", _("A team has at most %(most)d members.") % {"most": MOST_MEMBERS}
        )
    known = sorted(Member(row.name, row.capacity, row.is_external) for row in evaluation.team.all())
    if wanted == known:
        return evaluation
    require_seen(evaluation, seen_revision)
    evaluation.team.all().delete()
    TeamMember.objects.bulk_create(
        TeamMember(
            evaluation=evaluation,
            name=one.name,
            capacity=one.capacity,
            is_external=one.is_external,
        )
        for one in wanted
    )
    changes = {"team": ([_named(one) for one in known], [_named(one) for one in wanted])}
    return _changed(evaluation, "change team", changes, by=by, at=at)


def _member(given: Member) -> Member:
    name = facts.line(given.name, field="name", longest=LONGEST_NAME)
    if name and given.capacity not in TeamMember.Capacity.values:
        raise RuleBroken(
            "capacity_unknown", _("Choose what each member of the team does."), "capacity"
        )
    return Member(name, given.capacity, given.is_external)


def _named(one: Member) -> str:
    return f"{one.name}, {one.capacity}" + (", external" if one.is_external else "")


@transaction.atomic
def choose_criteria(
    *,
    evaluation: Evaluation,
    criteria: Iterable[Criterion],
    seen_revision: int,
    by: User,
    at: datetime,
) -> Evaluation:
    """Says by which criteria an evaluation judges; they are in its terms of reference.

    Raises NotAllowed, and RuleBroken `published`, `cancelled`, `changed_elsewhere`,
    `criterion_rated`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation = at_work(evaluation)
    wanted = {one.pk: one for one in criteria}
    known = {one.pk: one for one in evaluation.criteria.all()}
    if wanted.keys() == known.keys():
        return evaluation
    rated = evaluation.ratings.exclude(criterion__in=wanted).select_related("criterion").first()
    if rated is not None:
        raise RuleBroken(
            "criterion_rated",
            _("“%(criterion)s” is rated. Take the rating away before you leave the criterion out.")
            % {"criterion": rated.criterion.name},
            "criteria",
        )
    require_seen(evaluation, seen_revision)
    evaluation.criteria.set(wanted)
    codes = [sorted(one.code for one in rows.values()) for rows in (known, wanted)]
    changes = {"criteria": (codes[0], codes[1])}
    return _changed(evaluation, "choose criteria", changes, by=by, at=at)


@transaction.atomic
def rate(
    *,
    evaluation: Evaluation,
    criterion: Criterion,
    grade: CriterionGrade | None,
    reason: str,
    language: str,
    seen_revision: int,
    by: User,
    at: datetime,
) -> CriterionRating | None:
    """Rates a criterion with a reason, in one language; `grade` None takes the rating away.

    A criterion that is rated is one that the evaluation judges by. Raises NotAllowed, and
    RuleBroken `published`, `cancelled`, `changed_elsewhere`, `reason_needed`, those of
    `typed.written`.
    """
    require(by, Role.EVALUATION_OFFICER)
    evaluation, language = at_work(evaluation), typed.language_of(language)
    said = typed.written(reason, "reason")
    known = evaluation.ratings.filter(criterion=criterion).select_related("grade").first()
    if grade is None:
        _unrate(evaluation, known, seen_revision, by=by, at=at)
        return None
    wording = with_text(known.reason if known else None, language, said)
    if not wording:
        raise RuleBroken("reason_needed", _("Say why the criterion is rated so."), "reason")
    if known is not None and (known.grade_id, known.reason) == (grade.pk, wording):
        return known
    require_seen(evaluation, seen_revision)
    changes = {
        "criterion": (criterion.code if known else None, criterion.code),
        "grade": (known.grade.code if known else None, grade.code),
        "reason": (known.reason if known else None, wording),
    }
    rating = known or CriterionRating(evaluation=evaluation, criterion=criterion)
    rating.grade, rating.reason = grade, wording
    rating.save()
    evaluation.criteria.add(criterion)
    _changed(evaluation, "rate criterion", changes, by=by, at=at, reason=said)
    return rating


def _unrate(
    evaluation: Evaluation,
    known: CriterionRating | None,
    seen_revision: int,
    *,
    by: User,
    at: datetime,
) -> None:
    if known is None:
        return
    require_seen(evaluation, seen_revision)
    changes = {
        "criterion": (known.criterion.code, None),
        "grade": (known.grade.code, None),
        "reason": (known.reason, None),
    }
    known.delete()
    _changed(evaluation, "take rating away", changes, by=by, at=at)
