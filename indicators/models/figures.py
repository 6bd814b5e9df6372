"""What an office says for one indicator and one year, its parts, evidence and corrections."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from indicators.models.authorities import Achievement
from indicators.models.definitions import DIGITS, PLACES, Category, Indicator
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class Figure(models.Model):
    """One office's entry for one indicator and one year.

    A ratio stores numerator and denominator, never the quotient. "Not applicable" is an entry
    with a reason; an indicator without an entry is "not reported" or "not due". Zero is data.
    An office that is behind its target says why: `cause` from a list, `explanation` (what
    happened) and `measures` (what is done about it). A count of authorities holds only these.
    """

    class Cause(models.TextChoices):
        FUNDING = "funding", _("funding came late or fell short")
        STAFF = "staff", _("posts were vacant or staff changed")
        PARTNER = "partner", _("a partner or government decided late")
        SECURITY = "security", _("conflict, disaster or lack of access")
        PROCUREMENT = "procurement", _("procurement or recruitment took longer")
        DESIGN = "design", _("the work was planned differently or changed")
        DATA = "data", _("data are missing or the method changed")
        OTHER = "other", _("another cause")

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
    cause = models.CharField(max_length=12, choices=Cause.choices, blank=True)
    explanation = models.TextField(blank=True)
    measures = models.TextField(blank=True)
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
            models.CheckConstraint(
                condition=Q(
                    cause__in=[
                        "",
                        "funding",
                        "staff",
                        "partner",
                        "security",
                        "procurement",
                        "design",
                        "data",
                        "other",
                    ]
                ),
                name="indicators_figure_cause_known",
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
    """A file, link or note that shows where an office's entry comes from.

    It belongs to the figure (indicator, office, year), or to one achievement of it. A file is kept
    under its hash, never under the name it came with; `scanned` says whether a virus scanner
    looked at it. Once submitted, evidence is retired, not removed.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="evidence")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="evidence")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="evidence")
    achievement = models.ForeignKey(
        Achievement, on_delete=models.PROTECT, null=True, blank=True, related_name="pieces"
    )
    title = models.CharField(max_length=200)
    link = models.URLField(blank=True)
    note = models.TextField(blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    scanned = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    retired_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["added_at", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") | ~Q(note="") | ~Q(sha256=""),
                name="indicators_evidence_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(sha256="", size=0)
                | (~Q(sha256="") & ~Q(file_name="") & ~Q(media_type="") & Q(size__gt=0)),
                name="indicators_evidence_file_complete",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="indicators_evidence_retired_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Remark(models.Model):
    """A word on one figure of an office and year, and the answers to it.

    A `query` is asked by quality assurance and stays open until it is settled; a `return` note is
    written by the approver who sends a submission back; an `answer` belongs to one of the two.
    """

    class Kind(models.TextChoices):
        QUERY = "query", _("query")
        RETURN = "return", _("returned")
        ANSWER = "answer", _("answer")

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="remarks")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="remarks")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    answers_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="indicators_remark_not_empty"),
            models.CheckConstraint(
                condition=Q(kind="answer", answers_to__isnull=False)
                | Q(kind__in=["query", "return"], answers_to__isnull=True),
                name="indicators_remark_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(kind="answer")),
                name="indicators_remark_settled_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["office", "period"], name="indicators_remark_of_office"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:80]}"


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
