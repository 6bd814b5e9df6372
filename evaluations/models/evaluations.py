"""Evaluations: what is asked of them, what they found, and the report that says so (p.95-103)."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.rules.evaluation_states import EvaluationState
from focus_areas.models import Period
from habitat_plan.kit.wording import WordingField

STATES = [state.value for state in EvaluationState]


class Criterion(models.Model):
    """A criterion by which an evaluation judges (OECD-DAC 2019; UNEG Norms and Standards 2016)."""

    code = models.SlugField(max_length=30, unique=True)
    name = WordingField()
    question = WordingField()
    source = models.CharField(max_length=200)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal", "code"]
        verbose_name_plural = "criteria"

    def __str__(self) -> str:
        return str(self.name)


class CriterionGrade(models.Model):
    """A grade of the scale on which criteria are rated. Data, since no official scale was found."""

    code = models.SlugField(max_length=30, unique=True)
    name = WordingField()
    meaning = WordingField(default=dict, blank=True)
    ordinal = models.PositiveSmallIntegerField()
    is_assumed = models.BooleanField(default=True)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["ordinal"], name="evaluations_grade_place_once"),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Mandate(models.Model):
    """A decision or agreement that asks for an evaluation; these come first (p.96).

    `due_on` is the day by which it asks for the evaluation; empty if it names none.
    """

    class Body(models.TextChoices):
        PLAN = "plan", _("the strategic plan itself")
        GENERAL_ASSEMBLY = "general_assembly", _("General Assembly")
        GOVERNING_COUNCIL = "governing_council", _("Governing Council")
        OTHER_BODY = "other_body", _("other intergovernmental body")
        AGREEMENT = "agreement", _("agreement with a partner")

    code = models.SlugField(max_length=40, unique=True)
    name = WordingField()
    body = models.CharField(max_length=20, choices=Body.choices)
    reference = models.CharField(max_length=200)
    paragraph = models.CharField(max_length=60, blank=True)
    due_on = models.DateField(null=True, blank=True)
    illustrative = models.BooleanField(default=False)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    body__in=[
                        "plan",
                        "general_assembly",
                        "governing_council",
                        "other_body",
                        "agreement",
                    ]
                ),
                name="evaluations_mandate_body_known",
            ),
            models.CheckConstraint(
                condition=~Q(reference=""), name="evaluations_mandate_says_where"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Evaluation(models.Model):
    """One evaluation, from its place in a biennial plan to its published report (p.96-101).

    `code` is in its address: `2-2017` for Evaluation Report 2/2017, a word of its own before that.
    `plan` is the biennium whose evaluation plan it stands in. `budget` is in United States dollars.
    `conducted_by` is empty where the published facts do not say. Once published the row cannot be
    changed; what must be put right is an `Amendment`.
    """

    class Kind(models.TextChoices):
        MID_TERM = "mid_term", _("mid-term evaluation of the plan")
        FINAL = "final", _("final evaluation of the plan")
        SUBPROGRAMME = "subprogramme", _("subprogramme")
        PROGRAMME = "programme", _("programme")
        PROJECT = "project", _("project")
        COUNTRY = "country", _("country programme")
        OFFICE = "office", _("regional or liaison office")
        STRATEGY = "strategy", _("strategy or theme")
        AGREEMENT = "agreement", _("cooperation agreement")
        IMPACT = "impact", _("impact evaluation")
        CORPORATE = "corporate", _("corporate")
        EVALUABILITY = "evaluability", _("evaluability assessment")

    class Conduct(models.TextChoices):
        EXTERNAL = "external", _("external evaluators")
        UNIT = "unit", _("the Evaluation Unit")
        MIXED = "mixed", _("external evaluators and the Unit together")

    class State(models.TextChoices):
        PLANNED = EvaluationState.PLANNED.value, _("planned")
        PREPARED = EvaluationState.PREPARED.value, _("prepared")
        UNDER_WAY = EvaluationState.UNDER_WAY.value, _("under way")
        REPORTED = EvaluationState.REPORTED.value, _("reported, not published")
        PUBLISHED = EvaluationState.PUBLISHED.value, _("published")
        CANCELLED = EvaluationState.CANCELLED.value, _("cancelled")

    code = models.SlugField(max_length=40, unique=True)
    title = WordingField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    plan = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, null=True, blank=True, related_name="evaluations"
    )
    conducted_by = models.CharField(max_length=8, choices=Conduct.choices, blank=True)
    purpose = WordingField(default=dict, blank=True)
    terms = WordingField(default=dict, blank=True)
    summary = WordingField(default=dict, blank=True)
    criteria = models.ManyToManyField(Criterion, blank=True, related_name="evaluations")
    budget = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    completed_on = models.DateField(null=True, blank=True)
    response_due_on = models.DateField(null=True, blank=True)
    report_number = models.PositiveSmallIntegerField(null=True, blank=True)
    report_year = models.PositiveSmallIntegerField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    embargo_until = models.DateField(null=True, blank=True)
    symbol = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    link = models.URLField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    searched = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-report_year", "-report_number", "starts_on", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["report_year", "report_number"],
                condition=Q(report_number__isnull=False),
                name="evaluations_report_number_once",
            ),
            models.CheckConstraint(
                condition=Q(report_number__isnull=True) | Q(report_year__isnull=False),
                name="evaluations_report_number_with_year",
            ),
            models.CheckConstraint(
                condition=Q(state__in=STATES),
                name="evaluations_evaluation_state_known",
            ),
            models.CheckConstraint(
                condition=Q(conducted_by__in=["", "external", "unit", "mixed"]),
                name="evaluations_evaluation_conduct_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "mid_term",
                        "final",
                        "subprogramme",
                        "programme",
                        "project",
                        "country",
                        "office",
                        "strategy",
                        "agreement",
                        "impact",
                        "corporate",
                        "evaluability",
                    ]
                ),
                name="evaluations_evaluation_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(state=EvaluationState.PUBLISHED.value) | Q(published_at__isnull=False),
                name="evaluations_evaluation_published_some_time",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="evaluations_evaluation_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gte=0),
                name="evaluations_evaluation_budget_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "published_on"], name="evaluations_published"),
            models.Index(fields=["plan", "state"], name="evaluations_in_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.number or self.code} {self.title}"

    @property
    def number(self) -> str:
        """Number of the report as it is quoted, `2/2017`; empty if it has none."""
        if self.report_number is None:
            return ""
        return f"{self.report_number}/{self.report_year}"

    @property
    def is_published(self) -> bool:
        """True once it cannot be changed any more (an embargo may still hold it back)."""
        return self.state == EvaluationState.PUBLISHED
