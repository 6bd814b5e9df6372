"""One evaluation with all that belongs to it, and all evaluations as the Unit keeps them."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from evaluations.models import (
    Amendment,
    Criterion,
    CriterionRating,
    Evaluation,
    EvaluationFile,
    EvaluationStep,
    Finding,
    ManagementResponse,
    Recommendation,
    Scope,
    TeamMember,
)
from evaluations.permissions import Person, is_of_secretariat, seen_by
from evaluations.queries.recommendations import Recommended, recommended
from organization.models import AuditEntry

PUBLISHED = "publish evaluation"
"""The action under which a publication stands in the audit trail."""


@dataclass(frozen=True)
class Rated:
    """A criterion that an evaluation asks about; `rating` is None while it is not rated."""

    criterion: Criterion
    rating: CriterionRating | None


@dataclass(frozen=True)
class EvaluationPage:
    """An evaluation as one person sees it on a day.

    `steps` are for the secretariat and empty for everybody else. `response` is management's last
    answer to the evaluation as a whole; None: none yet.
    """

    evaluation: Evaluation
    day: date
    scopes: tuple[Scope, ...] = ()
    team: tuple[TeamMember, ...] = ()
    ratings: tuple[Rated, ...] = ()
    findings: tuple[Finding, ...] = ()
    files: tuple[EvaluationFile, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    steps: tuple[EvaluationStep, ...] = ()
    response: ManagementResponse | None = None
    recommendations: list[Recommended] = field(default_factory=list)

    @property
    def reports(self) -> tuple[EvaluationFile, ...]:
        """The files of the report itself, one a language."""
        return tuple(one for one in self.files if one.kind == EvaluationFile.Kind.REPORT)

    @property
    def is_held_back(self) -> bool:
        """True while an embargo keeps a published evaluation from the public."""
        until = self.evaluation.embargo_until
        return self.evaluation.is_published and until is not None and until > self.day


def seen_evaluations(user: Person, *, on: date) -> QuerySet[Evaluation]:
    """The evaluations that the person may see on a day."""
    rows = Evaluation.objects.select_related("plan", "mandate")
    return rows.filter(seen_by(user, on=on))


def evaluation_page(code: str, user: Person, on: date) -> EvaluationPage | None:
    """The evaluation with all its parts, if the person may see it. As many queries for any size."""
    evaluation = seen_evaluations(user, on=on).filter(code=code).first()
    if evaluation is None:
        return None
    responses = ManagementResponse.objects.filter(evaluation=evaluation, on__lte=on)
    recommendations = Recommendation.objects.filter(evaluation=evaluation).order_by("number")
    return EvaluationPage(
        evaluation=evaluation,
        day=on,
        scopes=tuple(scopes_of(evaluation)),
        team=tuple(evaluation.team.all()),
        ratings=tuple(rated(evaluation)),
        findings=tuple(evaluation.findings.select_related("criterion").order_by("number")),
        files=tuple(evaluation.files.all()),
        amendments=tuple(evaluation.amendments.order_by("number")),
        steps=tuple(evaluation.steps.select_related("by")) if is_of_secretariat(user) else (),
        response=responses.order_by("version").last(),
        recommendations=recommended(recommendations, on=on),
    )


def called_now(code: str) -> str:
    """The code of an evaluation that was called so until it was published; empty if none was."""
    entries = AuditEntry.objects.filter(
        subject_type=Evaluation._meta.label_lower, action=PUBLISHED, changes__code__0=code
    )
    subject = entries.values_list("subject_id", flat=True).last()
    if subject is None:
        return ""
    return Evaluation.objects.values_list("code", flat=True).get(pk=subject)


def scopes_of(evaluation: Evaluation) -> QuerySet[Scope]:
    """What an evaluation looks at, with the names of the things."""
    named = ("focus_area", "project", "country", "region", "office")
    return evaluation.scopes.select_related(*named).order_by("kind", "id")


def rated(evaluation: Evaluation) -> list[Rated]:
    """The criteria chosen for an evaluation, and those rated besides, in their order."""
    ratings = {
        one.criterion_id: one for one in evaluation.ratings.select_related("criterion", "grade")
    }
    chosen = {one.pk: one for one in evaluation.criteria.all()}
    chosen |= {key: one.criterion for key, one in ratings.items()}
    in_order = sorted(chosen.values(), key=lambda one: (one.ordinal, one.code))
    return [Rated(one, ratings.get(one.pk)) for one in in_order]


def file_of(code: str, number: int, user: Person, *, on: date) -> EvaluationFile | None:
    """One file of an evaluation that the person may see."""
    rows = EvaluationFile.objects.filter(seen_by(user, on=on, prefix="evaluation__"))
    return rows.select_related("evaluation").filter(evaluation__code=code, pk=number).first()


def next_number(year: int) -> int:
    """The next free number of an evaluation report of a year."""
    rows = Evaluation.objects.filter(report_year=year, report_number__isnull=False)
    last = rows.order_by("report_number").values_list("report_number", flat=True).last()
    return (last or 0) + 1
