"""Files that people fill in and send back: read, shown, confirmed, carried out."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from organization.models import Office

USER = settings.AUTH_USER_MODEL


class Upload(models.Model):
    """A spreadsheet that somebody sent. Nothing of it is saved until that person confirms.

    `read` waits for confirmation; `confirmed` is being carried out; `done` is whole, or nothing of
    it is. `counts` holds how many rows are new, changed, unchanged and refused.
    """

    class Kind(models.TextChoices):
        FIGURES = "figures", _("figures")
        ACHIEVEMENTS = "achievements", _("achievements")
        AUTHORITIES = "authorities", _("authorities")
        BASELINES = "baselines", _("baselines")
        TARGETS = "targets", _("targets")

    class State(models.TextChoices):
        READING = "reading", _("being read")
        READ = "read", _("waits for confirmation")
        CONFIRMED = "confirmed", _("being saved")
        DONE = "done", _("saved")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    kind = models.CharField(max_length=12, choices=Kind.choices)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    period = models.ForeignKey(
        Period, on_delete=models.PROTECT, null=True, blank=True, related_name="uploads"
    )
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    counts = models.JSONField(default=dict, blank=True)
    sentence = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="uploads")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["figures", "achievements", "authorities", "baselines", "targets"]
                ),
                name="indicators_upload_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["reading", "read", "confirmed", "done", "refused", "discarded"]
                ),
                name="indicators_upload_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "done"]) | Q(confirmed_at__isnull=False),
                name="indicators_upload_confirmed_before_saved",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256=""), name="indicators_upload_has_a_file"
            ),
        ]
        indexes = [models.Index(fields=["office", "period"], name="indicators_upload_of_office")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.kind})"
