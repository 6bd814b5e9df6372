"""Recommendations, what management answers, what is done about them, and who verifies it (p.99).

Nothing here is overwritten: a response is a row, so is each follow-up. Where a recommendation
stands is never stored; it follows from them (`rules.follow_up`).
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.evaluations import Evaluation
from evaluations.models.projects import Project
from evaluations.models.standing import Standing, standing_known
from focus_areas.models import PlanRevision, PlanText
from habitat_plan.kit.wording import WordingField
from indicators.models import Indicator, Target
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class Recommendation(models.Model):
    """What an evaluation recommends, numbered as in its report; `office` is whom it is put to."""

    class Priority(models.TextChoices):
        HIGH = "high", _("high")
        MEDIUM = "medium", _("medium")
        LOW = "low", _("low")

    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, related_name="recommendations"
    )
    number = models.PositiveSmallIntegerField()
    text = WordingField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="recommendations")
    priority = models.CharField(max_length=6, choices=Priority.choices, blank=True)
    illustrative = models.BooleanField(default=False)
    searched = models.TextField(blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=Standing.choices, default=Standing.DRAFT)

    class Meta:
        ordering = ["evaluation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "number"], name="evaluations_recommendation_number_once"
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="evaluations_recommendation_number_positive"
            ),
            models.CheckConstraint(
                condition=Q(priority__in=["", "high", "medium", "low"]),
                name="evaluations_recommendation_priority_known",
            ),
            standing_known("evaluations_recommendation_state_known"),
        ]
        indexes = [
            models.Index(fields=["office"], name="evaluations_put_to_office"),
            # What boards count by, so that a database reads none of the texts to count.
            models.Index(
                fields=["evaluation", "office", "illustrative"], name="evaluations_counted_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.code}-{self.number}"

    @property
    def code(self) -> str:
        """Its place in addresses: `2-2017-4`."""
        return f"{self.evaluation.code}-{self.number}"


class Stand(models.Model):
    """Where a recommendation stands today, kept so that lists of thousands are counted at once.

    It follows from answers, actions and follow-ups (`rules.follow_up`) and says nothing new: it is
    written in the transaction that changes one of them (`services.stands`), can be dropped and made
    again at any time, and is proved equal by `manage.py verify_recommendations` and a property
    test. `decision` is empty until management answers; `due_on` is the first day on which an open
    action is due; `closed_on` the day of the last closure, or of the rejection.
    """

    recommendation = models.OneToOneField(
        Recommendation, on_delete=models.PROTECT, primary_key=True, related_name="stand"
    )
    decision = models.CharField(max_length=8, blank=True)
    standing = models.CharField(max_length=12)
    due_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["standing", "due_on"], name="evaluations_stand_late"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    standing__in=[
                        "awaiting",
                        "rejected",
                        "unplanned",
                        "not_started",
                        "in_progress",
                        "to_verify",
                        "implemented",
                        "overtaken",
                    ]
                ),
                name="evaluations_stand_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation_id}: {self.standing}"


class ManagementResponse(models.Model):
    """Management's answer to an evaluation as a whole: the first of its two parts.

    A new version is a new row; the last counts. `differences` are differences of opinion.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="responses")
    version = models.PositiveSmallIntegerField()
    text = WordingField()
    differences = WordingField(default=dict, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["evaluation", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["evaluation", "version"], name="evaluations_response_version_once"
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(reason=""), name="evaluations_response_changed_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation.code}, {self.version}"


class Answer(models.Model):
    """Management's answer to one recommendation: the second part of its response.

    A new version is a new row with the reason of the change; the last counts.
    """

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        PARTLY = "partly", _("partly accepted")
        REJECTED = "rejected", _("rejected")

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="answers"
    )
    version = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=8, choices=Decision.choices)
    text = WordingField(default=dict, blank=True)
    reason = WordingField(default=dict, blank=True)
    """Why it is rejected, or accepted only in part."""
    has_reason = models.BooleanField(default=False)
    changed_why = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["recommendation", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "version"], name="evaluations_answer_version_once"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["accepted", "partly", "rejected"]),
                name="evaluations_answer_decision_known",
            ),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | Q(has_reason=True),
                name="evaluations_answer_rejected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(changed_why=""), name="evaluations_answer_changed_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.decision}"


class Link(models.Model):
    """What a recommendation touches, or led to: exactly one thing named.

    `revision` is a revision of the plan that it led to; `paragraph` is quoted as in `p.100`.
    """

    class Kind(models.TextChoices):
        INDICATOR = "indicator", _("indicator")
        TARGET = "target", _("target")
        RISK = "risk", _("risk")
        PROJECT = "project", _("project")
        PARAGRAPH = "paragraph", _("paragraph of the plan")
        REVISION = "revision", _("revision of the plan")

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="links"
    )
    kind = models.CharField(max_length=9, choices=Kind.choices)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    target = models.ForeignKey(
        Target, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    risk = models.ForeignKey(
        PlanText, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="recommendations"
    )
    revision = models.ForeignKey(
        PlanRevision,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
    )
    paragraph = models.CharField(
        max_length=20, blank=True, validators=[RegexValidator(r"^p\.\d{1,3}( [a-z])?$")]
    )
    note = WordingField(default=dict, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["recommendation", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind="indicator",
                    indicator__isnull=False,
                    target=None,
                    risk=None,
                    project=None,
                    revision=None,
                    paragraph="",
                )
                | Q(
                    kind="target",
                    indicator=None,
                    target__isnull=False,
                    risk=None,
                    project=None,
                    revision=None,
                    paragraph="",
                )
                | Q(
                    kind="risk",
                    indicator=None,
                    target=None,
                    risk__isnull=False,
                    project=None,
                    revision=None,
                    paragraph="",
                )
                | Q(
                    kind="project",
                    indicator=None,
                    target=None,
                    risk=None,
                    project__isnull=False,
                    revision=None,
                    paragraph="",
                )
                | Q(
                    kind="revision",
                    indicator=None,
                    target=None,
                    risk=None,
                    project=None,
                    revision__isnull=False,
                    paragraph="",
                )
                | Q(
                    kind="paragraph",
                    indicator=None,
                    target=None,
                    risk=None,
                    project=None,
                    revision=None,
                )
                & ~Q(paragraph=""),
                name="evaluations_link_names_one_thing",
            ),
        ]

    def __str__(self) -> str:
        named = self.indicator or self.target or self.risk or self.project or self.revision
        return f"{self.recommendation}: {named or self.paragraph}"
