"""Projects, as far as evaluations need them. `portfolio` will take this register over."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from focus_areas.models import FocusArea
from habitat_plan.kit.wording import WordingField
from organization.models import Country, Office


class Project(models.Model):
    """A project of the secretariat: its size, its time, and what it set aside for evaluation.

    `budget` and `evaluation_budget` are in United States dollars. An `evaluation_budget` of None
    means that no line is known, which is not the same as a line of 0. `closed_on` is the day on
    which it closed; `ends_on` the day on which it is to end.
    """

    code = models.SlugField(max_length=40, unique=True)
    title = WordingField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="projects")
    focus_areas = models.ManyToManyField(FocusArea, blank=True, related_name="projects")
    countries = models.ManyToManyField(Country, blank=True, related_name="projects")
    budget = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    evaluation_budget = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gte=0), name="evaluations_project_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(evaluation_budget__isnull=True) | Q(evaluation_budget__gte=0),
                name="evaluations_project_line_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="evaluations_project_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("starts_on")),
                name="evaluations_project_closes_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Threshold(models.Model):
    """From which budget on a project gets an external evaluation, since which day (p.100).

    Dated, since the policy changed after the plan. `is_assumed`: the day is an assumption of ours.
    """

    since = models.DateField(unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    paragraph = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300)
    is_assumed = models.BooleanField(default=False)

    class Meta:
        ordering = ["since"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="evaluations_threshold_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} since {self.since}"
