"""Lists of recommendations that somebody sent as a file: read, shown, confirmed, saved."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

USER = settings.AUTH_USER_MODEL


class RecommendationList(models.Model):
    """A spreadsheet of recommendations. Nothing of it is saved until its sender confirms.

    `lines` holds what was read of each row and what it would do; `counts` how many rows are new,
    unchanged and refused.
    """

    class State(models.TextChoices):
        READ = "read", _("waits for confirmation")
        DONE = "done", _("saved")
        REFUSED = "refused", _("refused")
        DISCARDED = "discarded", _("discarded")

    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    state = models.CharField(max_length=9, choices=State.choices)
    lines = models.JSONField(default=list, blank=True)
    counts = models.JSONField(default=dict, blank=True)
    sentence = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="recommendation_lists")
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["read", "done", "refused", "discarded"]),
                name="evaluations_list_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False),
                name="evaluations_list_done_some_time",
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0) & ~Q(sha256=""), name="evaluations_list_has_a_file"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
