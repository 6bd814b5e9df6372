"""Opening and closing of years, and one office's data on their way to approval."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class PeriodWindow(models.Model):
    """When a year was opened for entry, is due, and was closed (quality assurance unit, p.89)."""

    period = models.OneToOneField(Period, on_delete=models.PROTECT, related_name="window")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="indicators_window_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: due {self.due_on}"


class PeriodException(models.Model):
    """Lets one office enter figures after the close: named, with reason and last day."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="exceptions")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="exceptions")
    reason = models.TextField()
    until = models.DateField()
    granted_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="indicators_exception_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office.code} {self.period} until {self.until}"


class Submission(models.Model):
    """One office's data for one year. Only approved or verified ones enter a total."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        SUBMITTED = "submitted", _("submitted")
        RETURNED = "returned", _("returned")
        APPROVED = "approved", _("approved")
        VERIFIED = "verified", _("verified")

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="submissions")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="submissions")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    return_note = models.TextField(blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "period"], name="indicators_submission_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "approved", "verified"]),
                name="indicators_submission_state_known",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("submitted_by")),
                name="indicators_never_approved_by_submitter",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | (~Q(verified_by=F("submitted_by")) & ~Q(verified_by=F("approved_by"))),
                name="indicators_verified_by_a_third_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "returned"])
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="indicators_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "verified"])
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="indicators_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="verified")
                | Q(verified_at__isnull=False, verified_by__isnull=False),
                name="indicators_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_note=""),
                name="indicators_returned_with_a_note",
            ),
        ]
        indexes = [models.Index(fields=["period", "state"], name="indicators_submission_state")]

    def __str__(self) -> str:
        return f"{self.office.code} {self.period}: {self.state}"


class SubmissionStep(models.Model):
    """One step a submission took: who, when, with which note. Kept for ever.

    A step that hands figures in keeps them as they were (`content`, by indicator code), so that
    the next one can be read as differences from it.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=10)
    note = models.TextField(blank=True)
    content = models.JSONField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "number"], name="indicators_submission_step_once"
            ),
            models.CheckConstraint(
                condition=Q(action__in=["submit", "withdraw", "return", "approve", "verify"]),
                name="indicators_submission_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.number}: {self.action}"
