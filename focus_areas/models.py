"""The Strategic Plan 2014-2019 as data: what it says, in which revision, in which paragraph."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.wording import WordingField
from organization.models import Office


class StrategicPlan(models.Model):
    """A six-year plan. Its words are `PlanText`s of its revisions."""

    class Digits(models.TextChoices):
        WESTERN = "western", _("Western digits")
        ARABIC_INDIC = "arabic_indic", _("Arabic-Indic digits")

    code = models.CharField(max_length=20, unique=True)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    baseline_year = models.PositiveSmallIntegerField()
    arabic_digits = models.CharField(max_length=12, choices=Digits.choices, default=Digits.WESTERN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(end_year__gte=F("start_year")), name="focus_areas_plan_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PlanRevision(models.Model):
    """An edition of the plan. A revision changes wording, indicators or targets; data stay."""

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="revisions")
    code = models.CharField(max_length=10)
    symbol = models.CharField(max_length=40)
    dated = models.DateField()
    title = WordingField()
    decision = models.TextField(blank=True)
    status = models.CharField(max_length=20, blank=True)
    note = WordingField(default=dict, blank=True)

    class Meta:
        ordering = ["dated"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="focus_areas_revision_once"),
        ]

    def __str__(self) -> str:
        return f"{self.symbol} ({self.code})"


class PlanText(models.Model):
    """One text of the plan in six languages, with its paragraph and source.

    A revision holds only the texts it changed or brought; the text valid in a revision is the
    newest at or before it (`focus_areas.queries.texts`).
    """

    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="texts")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=30)
    parent = models.CharField(max_length=60, blank=True)
    ordinal = models.PositiveSmallIntegerField(default=0)
    paragraph = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=300, blank=True)
    illustrative = models.BooleanField(default=False)
    wording = WordingField()

    class Meta:
        ordering = ["kind", "parent", "ordinal", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code"], name="focus_areas_text_once_in_revision"
            ),
            models.CheckConstraint(condition=~Q(code=""), name="focus_areas_text_code_given"),
            models.CheckConstraint(
                condition=~Q(paragraph="") | ~Q(source=""),
                name="focus_areas_text_carries_paragraph_or_source",
            ),
        ]
        indexes = [models.Index(fields=["parent", "kind"], name="focus_areas_text_parent")]

    def __str__(self) -> str:
        return f"{self.code} ({self.revision.code})"


class FocusArea(models.Model):
    """One of the seven fields of work; it equals a subprogramme and a branch (p.10 g, p.58)."""

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="focus_areas")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10, unique=True, validators=[RegexValidator(r"^FA\d+$")])
    branch = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="focus_areas")
    priority = models.BooleanField(default=False)
    paragraphs = models.CharField(max_length=30)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="focus_areas_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="focus_areas_number_positive"),
        ]

    def __str__(self) -> str:
        return self.code


class Result(models.Model):
    """A result that indicators measure, on one of four levels (p.53, p.91-93, p.118)."""

    class Level(models.TextChoices):
        PLAN = "plan", _("strategic result")
        FOCUS_AREA = "focus_area", _("focus-area result")
        ACCOMPLISHMENT = "accomplishment", _("expected accomplishment")
        SUPPORT = "support", _("lead and support function")

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="results")
    code = models.CharField(max_length=20, unique=True)
    level = models.CharField(max_length=15, choices=Level.choices)
    focus_area = models.ForeignKey(
        FocusArea, on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    biennium = models.ForeignKey(
        "Period", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ordinal = models.PositiveSmallIntegerField(default=0)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["plan", "support"], focus_area__isnull=True)
                | Q(level__in=["focus_area", "accomplishment"], focus_area__isnull=False),
                name="focus_areas_result_level_fits_focus_area",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def lies_in(self, first: int, last: int) -> bool:
        """True if it is measured in some of these years: accomplishments are of one biennium."""
        biennium = self.biennium
        return biennium is None or (biennium.start.year <= last and first <= biennium.end.year)


class Period(models.Model):
    """A stretch of the plan's calendar. Figures are entered for years only (design.md)."""

    class Kind(models.TextChoices):
        BASELINE = "baseline", _("baseline year")
        YEAR = "year", _("year")
        BIENNIUM = "biennium", _("biennium")
        MID_TERM = "mid_term", _("mid-term")
        FINAL = "final", _("final")

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="periods")
    code = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    start = models.DateField()
    end = models.DateField()
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="focus_areas_period_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["baseline", "year", "biennium", "mid_term", "final"]),
                name="focus_areas_period_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return self.code.replace("-", "\N{EN DASH}") if self.kind == "biennium" else self.code

    @property
    def is_year(self) -> bool:
        """True if offices enter figures for it."""
        return self.kind in {self.Kind.YEAR, self.Kind.BASELINE}

    @property
    def year(self) -> int:
        """The last year of the period."""
        return self.end.year


class Phase(models.Model):
    """A phase of implementation (p.59-62)."""

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="phases")
    code = models.CharField(max_length=10, unique=True)
    start_year = models.PositiveSmallIntegerField()
    end_year = models.PositiveSmallIntegerField()
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal"]

    def __str__(self) -> str:
        return self.code


class Milestone(models.Model):
    """What is to be in place by the end of a phase (p.59-62)."""

    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=10, unique=True)
    paragraph = models.CharField(max_length=20)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["phase__ordinal", "ordinal"]

    def __str__(self) -> str:
        return self.code


class ReportingObligation(models.Model):
    """A duty to report or evaluate that the plan lays down (p.86-103 and elsewhere)."""

    plan = models.ForeignKey(StrategicPlan, on_delete=models.PROTECT, related_name="obligations")
    code = models.CharField(max_length=10, unique=True)
    report_kind = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=20)
    frequency = models.CharField(max_length=20)
    paragraph = models.CharField(max_length=60)
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal"]

    def __str__(self) -> str:
        return self.code


class FundedPosts(models.Model):
    """Posts by fund in the organization chart (annex III: 70 + 75 + 66 = 211)."""

    revision = models.ForeignKey(PlanRevision, on_delete=models.PROTECT, related_name="posts")
    fund = models.CharField(max_length=10)
    name = WordingField()
    posts = models.PositiveSmallIntegerField()
    paragraph = models.CharField(max_length=20)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "funded posts"
        constraints = [
            models.UniqueConstraint(fields=["revision", "fund"], name="focus_areas_fund_once"),
        ]

    def __str__(self) -> str:
        return f"{self.fund}: {self.posts}"
