"""What is measured and against what: indicators, baselines, targets, rating scales."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import PlanRevision, Result
from habitat_plan.kit.wording import WordingField
from indicators.rules.kinds import EntryMeaning, Kind, PeriodRule, PlaceRule, combination_error
from organization.models import Office

COMBINATION_ERRORS = {
    "to_date_never_summed": _("Figures to date hold the earlier years already; never add them."),
    "count_is_to_date": _("A count of authorities is the number reached to date."),
    "period_rule_of_kind": _("This kind of indicator cannot be combined across years that way."),
    "place_rule_of_kind": _("This kind of indicator cannot be combined across offices that way."),
}

# Fifteen digits is what SQLite keeps exactly; four of them after the point.
DIGITS, PLACES = 15, 4


class Axis(models.Model):
    """A way to break a figure down (p.46). Axes are alternatives: never added across."""

    code = models.CharField(max_length=30, unique=True)
    label = WordingField()
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["ordinal", "code"]
        verbose_name_plural = "axes"

    def __str__(self) -> str:
        return str(self.label)


class Category(models.Model):
    """One part of an axis: women on the axis of sex."""

    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=30)
    label = WordingField()
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["axis__ordinal", "ordinal"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(fields=["axis", "code"], name="indicators_category_once"),
        ]

    def __str__(self) -> str:
        return str(self.label)


class Indicator(models.Model):
    """A measure of a result, defined once for the whole plan (p.90) and assigned to offices.

    Explicit about kind, what an entry means, the rule across periods, the rule across offices
    and places, and the direction. The statement in the plan's words is the `PlanText` with the
    same code.
    """

    class Kind(models.TextChoices):
        COUNT = "count", _("count of authorities")
        NUMBER = "number", _("number")
        RATIO = "ratio", _("ratio")
        STATISTIC = "statistic", _("statistic")
        YES_NO = "yes_no", _("yes or no")
        SCALE = "scale", _("scale")
        MILESTONE = "milestone", _("milestone")

    class EntryMeaning(models.TextChoices):
        THIS_PERIOD = "this_period", _("for this period only")
        TO_DATE = "to_date", _("to date")

    class PeriodRule(models.TextChoices):
        SUM = "sum", _("sum of the years")
        LATEST = "latest", _("latest year")
        MAXIMUM = "maximum", _("highest year")
        RATIO_OF_SUMS = "ratio_of_sums", _("ratio of sums")
        NONE = "none", _("not combined across years")

    class PlaceRule(models.TextChoices):
        SUM = "sum", _("sum of the offices")
        RATIO_OF_SUMS = "ratio_of_sums", _("ratio of sums")
        WEIGHTED_MEAN = "weighted_mean", _("weighted mean")
        DISTINCT_COUNT = "distinct_count", _("each authority counted once")
        NONE = "none", _("not combined across offices")

    class Direction(models.TextChoices):
        UP = "up", _("higher is better")
        DOWN = "down", _("lower is better")
        MAINTAIN = "maintain", _("to be maintained")

    class Frequency(models.TextChoices):
        ANNUAL = "annual", _("every year")
        BIENNIAL = "biennial", _("every two years")
        TWICE = "twice", _("at mid-term and at the end")

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="indicators")
    code = models.CharField(
        max_length=20, unique=True, validators=[RegexValidator(r"^[A-Z]{2}[A-Z0-9.a-e-]*$")]
    )
    ordinal = models.PositiveSmallIntegerField(default=0)
    title = WordingField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    entry_meaning = models.CharField(max_length=12, choices=EntryMeaning.choices)
    period_rule = models.CharField(max_length=15, choices=PeriodRule.choices)
    place_rule = models.CharField(max_length=15, choices=PlaceRule.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices)
    frequency = models.CharField(max_length=10, choices=Frequency.choices)
    unit = WordingField()
    decimals = models.PositiveSmallIntegerField(default=0)
    is_per_cent = models.BooleanField(default=False)
    numerator_label = WordingField(default=dict, blank=True)
    denominator_label = WordingField(default=dict, blank=True)
    definition = WordingField(default=dict, blank=True)
    method = WordingField(default=dict, blank=True)
    source = WordingField(default=dict, blank=True)
    verification = WordingField(default=dict, blank=True)
    limits = WordingField(default=dict, blank=True)
    responsible_office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sdg_links = models.CharField(max_length=100, blank=True)
    new_urban_agenda = models.CharField(max_length=100, blank=True)
    no_baseline_reason = models.TextField(blank=True)
    axes = models.ManyToManyField(Axis, blank=True, related_name="indicators")
    illustrative = models.BooleanField(default=False)
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(entry_meaning="to_date", period_rule__in=["sum", "ratio_of_sums"]),
                name="indicators_cumulative_is_never_summed",
            ),
            models.CheckConstraint(
                condition=~Q(kind="count")
                | Q(place_rule="distinct_count", entry_meaning="to_date"),
                name="indicators_count_is_of_distinct_authorities",
            ),
            models.CheckConstraint(
                condition=~Q(kind="ratio") | Q(place_rule__in=["ratio_of_sums", "none"]),
                name="indicators_ratio_total_is_ratio_of_sums",
            ),
            models.CheckConstraint(
                condition=~Q(kind="statistic") | Q(place_rule="weighted_mean"),
                name="indicators_statistic_is_weighted",
            ),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="indicators_decimals_few"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "count",
                        "number",
                        "ratio",
                        "statistic",
                        "yes_no",
                        "scale",
                        "milestone",
                    ]
                ),
                name="indicators_kind_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Refuses a combination of kind and rules that makes no sense (`rules.kinds`)."""
        error = combination_error(
            Kind(self.kind),
            EntryMeaning(self.entry_meaning),
            PeriodRule(self.period_rule),
            PlaceRule(self.place_rule),
        )
        if error is not None:
            raise ValidationError(COMBINATION_ERRORS[error], code=error)


class IndicatorOption(models.Model):
    """One answer of an indicator of kind scale or milestone, in rising order of rank."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="options")
    code = models.CharField(max_length=30)
    label = WordingField()
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["rank"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="indicators_option_once"),
            models.UniqueConstraint(
                fields=["indicator", "rank"], name="indicators_option_rank_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


class Assignment(models.Model):
    """This office reports on this indicator."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="assignments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="indicators")
    since_year = models.PositiveSmallIntegerField(default=2014)
    until_year = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "office"], name="indicators_assignment_once"
            ),
            models.CheckConstraint(
                condition=Q(until_year__isnull=True) | Q(until_year__gte=models.F("since_year")),
                name="indicators_assignment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} reports {self.indicator.code}"


class Baseline(models.Model):
    """The value, year and source from which measuring starts (p.59 c, p.90)."""

    indicator = models.OneToOneField(Indicator, on_delete=models.PROTECT, related_name="baseline")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    year = models.PositiveSmallIntegerField()
    source = models.TextField()
    illustrative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=""), name="indicators_baseline_has_a_source"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.value} ({self.year})"


class Target(models.Model):
    """What is to be reached by the end of a year. Revised by a new version, never overwritten."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=1)
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)
    reason = models.TextField(blank=True)
    decision = models.CharField(max_length=200, blank=True)
    decided_on = models.DateField()
    revision = models.ForeignKey(
        PlanRevision, on_delete=models.PROTECT, null=True, blank=True, related_name="targets"
    )
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["year", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "version"],
                condition=Q(office__isnull=True),
                name="indicators_target_version_once",
            ),
            models.UniqueConstraint(
                fields=["indicator", "office", "year", "version"],
                condition=Q(office__isnull=False),
                name="indicators_office_target_version_once",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""),
                name="indicators_revised_target_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="indicators_target_version_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.year} v{self.version}: {self.value}"


class RatingScale(models.Model):
    """The grades of progress and where they begin. Data, since no official scale was found."""

    code = models.CharField(max_length=20, unique=True)
    on_track_from = models.DecimalField(max_digits=5, decimal_places=4)
    no_progress_below = models.DecimalField(max_digits=5, decimal_places=4)
    offices_needed = models.DecimalField(max_digits=5, decimal_places=4)
    note = WordingField(default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(on_track_from__gt=models.F("no_progress_below")),
                name="indicators_scale_thresholds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RatingGrade(models.Model):
    """The word for one grade of a scale."""

    scale = models.ForeignKey(RatingScale, on_delete=models.PROTECT, related_name="grades")
    code = models.CharField(max_length=15)
    word = WordingField()
    ordinal = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["scale", "code"], name="indicators_grade_once"),
        ]

    def __str__(self) -> str:
        return str(self.word)
