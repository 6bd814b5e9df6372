"""Parts of an evaluation: what it looks at, who makes it, what it finds, its files and steps."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.evaluations import STATES, Criterion, CriterionGrade, Evaluation
from evaluations.models.projects import Project
from evaluations.models.standing import Standing, standing_known
from focus_areas.models import FocusArea
from habitat_plan.kit.wording import WordingField
from organization.models import Country, Office, Region

USER = settings.AUTH_USER_MODEL


class Scope(models.Model):
    """What an evaluation looks at: one row a thing, with exactly one of the things named.

    With none of the keys it is the plan as a whole (`kind` plan) or a strategy, named in `words`.
    """

    class Kind(models.TextChoices):
        PLAN = "plan", _("the strategic plan")
        FOCUS_AREA = "focus_area", _("focus area")
        PROJECT = "project", _("project")
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        OFFICE = "office", _("office")
        STRATEGY = "strategy", _("strategy or theme")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scopes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    focus_area = models.ForeignKey(
        FocusArea, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluated_in"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluated_in"
    )
    country = models.ForeignKey(
        Country, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluated_in"
    )
    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluated_in"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluated_in"
    )
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="plan",
                    focus_area=None,
                    project=None,
                    country=None,
                    region=None,
                    office=None,
                )
                | Q(
                    kind="strategy",
                    focus_area=None,
                    project=None,
                    country=None,
                    region=None,
                    office=None,
                )
                & ~Q(words="")
                | Q(
                    kind="focus_area",
                    focus_area__isnull=False,
                    project=None,
                    country=None,
                    region=None,
                    office=None,
                )
                | Q(
                    kind="project",
                    focus_area=None,
                    project__isnull=False,
                    country=None,
                    region=None,
                    office=None,
                )
                | Q(
                    kind="country",
                    focus_area=None,
                    project=None,
                    country__isnull=False,
                    region=None,
                    office=None,
                )
                | Q(
                    kind="region",
                    focus_area=None,
                    project=None,
                    country=None,
                    region__isnull=False,
                    office=None,
                )
                | Q(
                    kind="office",
                    focus_area=None,
                    project=None,
                    country=None,
                    region=None,
                    office__isnull=False,
                ),
                name="evaluations_scope_names_one_thing",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "focus_area"],
                condition=Q(focus_area__isnull=False),
                name="evaluations_scope_focus_area_once",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "project"],
                condition=Q(project__isnull=False),
                name="evaluations_scope_project_once",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "country"],
                condition=Q(country__isnull=False),
                name="evaluations_scope_country_once",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "region"],
                condition=Q(region__isnull=False),
                name="evaluations_scope_region_once",
            ),
            models.UniqueConstraint(
                fields=["evaluation", "office"],
                condition=Q(office__isnull=False),
                name="evaluations_scope_office_once",
            ),
            standing_known("evaluations_scope_state_known"),
        ]

    def __str__(self) -> str:
        named = self.focus_area or self.project or self.country or self.region or self.office
        return str(named or self.words or self.get_kind_display())


class TeamMember(models.Model):
    """Somebody who makes or steers an evaluation, and in which capacity (UNEG standard 4.5)."""

    class Capacity(models.TextChoices):
        LEADER = "leader", _("team leader")
        MEMBER = "member", _("team member")
        MANAGER = "manager", _("evaluation manager")
        REFERENCE = "reference", _("reference group")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="team")
    name = models.CharField(max_length=150)
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    is_external = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["capacity", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="evaluations_member_named"),
            models.CheckConstraint(
                condition=Q(capacity__in=["leader", "member", "manager", "reference"]),
                name="evaluations_member_capacity_known",
            ),
            standing_known("evaluations_member_state_known"),
        ]

    def __str__(self) -> str:
        return self.name


class CriterionRating(models.Model):
    """How an evaluation rates one criterion, and why. A criterion without one is not rated."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="ratings")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="ratings")
    grade = models.ForeignKey(CriterionGrade, on_delete=models.PROTECT, related_name="ratings")
    reason = WordingField()
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["criterion__ordinal"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "criterion"], name="evaluations_criterion_rated_once"
            ),
            standing_known("evaluations_rating_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.grade}"


class Finding(models.Model):
    """What an evaluation found, numbered as in its report."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")
    number = models.PositiveSmallIntegerField()
    text = WordingField()
    criterion = models.ForeignKey(
        Criterion, on_delete=models.PROTECT, null=True, blank=True, related_name="findings"
    )
    illustrative = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "number"], name="evaluations_finding_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="evaluations_finding_number_positive"
            ),
            standing_known("evaluations_finding_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.code}, {self.number}"


class EvaluationFile(models.Model):
    """A file of an evaluation in one language: its report, a summary, the terms of reference."""

    class Kind(models.TextChoices):
        REPORT = "report", _("report")
        SUMMARY = "summary", _("summary")
        TERMS = "terms", _("terms of reference")
        ANNEX = "annex", _("annex")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "kind", "language"], name="evaluations_file_once"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256=""), name="evaluations_file_has_content"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["report", "summary", "terms", "annex"]),
                name="evaluations_file_kind_known",
            ),
            standing_known("evaluations_file_state_known"),
        ]

    def __str__(self) -> str:
        return self.name


class EvaluationStep(models.Model):
    """One step of an evaluation from state to state. Appended, never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="steps")
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    on = models.DateField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_state__in=STATES),
                name="evaluations_step_state_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.code}: {self.from_state} to {self.to_state}"


class Amendment(models.Model):
    """A note that puts something right in a published evaluation. Appended, never changed."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    text = WordingField()
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "number"], name="evaluations_amendment_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.code}, {self.number}"
