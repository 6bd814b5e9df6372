"""What offices do about recommendations, how far they are, and what shows it (p.99)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.recommendations import Recommendation
from evaluations.rules.follow_up import Phase
from habitat_plan.kit.wording import WordingField
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class FollowUpState(models.Model):
    """A state of an action as people see it. Data; its phase is what the rules know."""

    class Phase(models.TextChoices):
        NOT_STARTED = Phase.NOT_STARTED.value, _("not started")
        IN_PROGRESS = Phase.IN_PROGRESS.value, _("in progress")
        PROPOSED = Phase.PROPOSED.value, _("done, as its owner says")
        IMPLEMENTED = Phase.IMPLEMENTED.value, _("implemented")
        OVERTAKEN = Phase.OVERTAKEN.value, _("overtaken by events")

    code = models.SlugField(max_length=30, unique=True)
    phase = models.CharField(max_length=12, choices=Phase.choices)
    name = WordingField()
    ordinal = models.PositiveSmallIntegerField(default=0)
    is_main = models.BooleanField(default=False)
    """The state that a step into the phase takes if none is chosen."""
    retired_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["ordinal", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["phase"], condition=Q(is_main=True), name="evaluations_state_main_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    phase__in=["not_started", "in_progress", "proposed", "implemented", "overtaken"]
                ),
                name="evaluations_state_phase_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class Action(models.Model):
    """What an office does about a recommendation, by when, and who owns it.

    `agreed_due_on` is the day first agreed and never changes; `due_on` the one that holds now.
    `state` is that of its last follow-up, kept here so that lists are read without their history.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=models.PROTECT, related_name="actions"
    )
    number = models.PositiveSmallIntegerField()
    text = WordingField()
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="actions")
    owner = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    planned_on = models.DateField()
    agreed_due_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    state = models.ForeignKey(FollowUpState, on_delete=models.PROTECT, related_name="actions")
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["recommendation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["recommendation", "number"], name="evaluations_action_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "due_on"], name="evaluations_action_of_office"),
        ]

    def __str__(self) -> str:
        return f"{self.recommendation}, {self.number}"


class FollowUp(models.Model):
    """What was reported, proposed, verified, returned or moved of an action. Never changed.

    `on` is the day on which it happened, `at` the moment when it was recorded.
    """

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("progress")
        PROPOSED = "proposed", _("closure proposed")
        VERIFIED = "verified", _("closure verified")
        RETURNED = "returned", _("returned")
        OVERTAKEN = "overtaken", _("overtaken by events")
        REOPENED = "reopened", _("opened again")
        MOVED = "moved", _("due date moved")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    before = models.ForeignKey(FollowUpState, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(FollowUpState, on_delete=models.PROTECT, related_name="+")
    due_before = models.DateField(null=True, blank=True)
    due_after = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "number"], name="evaluations_follow_up_number_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "progress",
                        "proposed",
                        "verified",
                        "returned",
                        "overtaken",
                        "reopened",
                        "moved",
                    ]
                ),
                name="evaluations_follow_up_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "overtaken", "reopened", "moved"])
                | ~Q(reason=""),
                name="evaluations_follow_up_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action}: {self.kind}"


class FollowUpEvidence(models.Model):
    """What shows that a follow-up is true: a file, or a link. Never changed."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    link = models.URLField(max_length=500, blank=True)
    name = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["follow_up", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(link="") & Q(sha256="") | Q(link="") & ~Q(sha256="") & Q(size__gt=0),
                name="evaluations_evidence_file_or_link",
            ),
        ]

    def __str__(self) -> str:
        return self.title
