"""What an office says for one indicator and one year, its parts, evidence and corrections."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from focus_areas.models import Period
from indicators.models.definitions import DIGITS, PLACES, Category, Indicator
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class Figure(models.Model):
    """One office's entry for one indicator and one year.

    A ratio stores numerator and denominator, never the quotient. "Not applicable" is an entry
    with a reason; an indicator without an entry is "not reported" or "not due". Zero is data.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="figures")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="figures")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="figures")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    numerator = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    denominator = models.DecimalField(
        max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True
    )
    choice = models.CharField(max_length=30, blank=True)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    explanation = models.TextField(blank=True)
    source = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["indicator__ordinal", "indicator__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "office", "period"], name="indicators_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | ~Q(reason=""),
                name="indicators_not_applicable_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(not_applicable=False)
                | Q(
                    value__isnull=True,
                    numerator__isnull=True,
                    denominator__isnull=True,
                    choice="",
                ),
                name="indicators_not_applicable_has_no_value",
            ),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True, denominator__isnull=True)
                | Q(numerator__isnull=False, denominator__isnull=False, value__isnull=True),
                name="indicators_ratio_has_both_parts",
            ),
            models.CheckConstraint(
                condition=(Q(numerator__isnull=True) | Q(numerator__gte=0))
                & (Q(denominator__isnull=True) | Q(denominator__gte=0)),
                name="indicators_ratio_parts_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["period", "office"], name="indicators_figure_of_office"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code} {self.office.code} {self.period}"


class FigurePart(models.Model):
    """A part of a figure on one axis. Parts may be fewer than the total, never more."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="parts")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure", "category"], name="indicators_part_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="indicators_part_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.figure}: {self.category} {self.value}"


class CheckAnswer(models.Model):
    """The sentence with which an office answers a check that stays open on a figure."""

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="answers")
    check_code = models.CharField(max_length=40)
    sentence = models.TextField()
    answered_at = models.DateTimeField()
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "check_code"], name="indicators_check_answered_once"
            ),
            models.CheckConstraint(
                condition=~Q(sentence=""), name="indicators_check_answer_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.check_code}: {self.sentence}"


class Evidence(models.Model):
    """A link or note that shows where an office's entry comes from."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="evidence")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="evidence")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    link = models.URLField(blank=True)
    note = models.TextField(blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(note=""), name="indicators_evidence_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Correction(models.Model):
    """A change of a figure after approval. The earlier value is kept for ever."""

    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="corrections")
    before = models.JSONField()
    after = models.JSONField()
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["corrected_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="indicators_correction_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(before=F("after")), name="indicators_correction_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure}: {self.reason}"
