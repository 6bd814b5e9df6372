"""Biennial evaluation plans as they were approved (p.96). The evaluations are rows of their own."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from focus_areas.models import Period

USER = settings.AUTH_USER_MODEL


class PlanVersion(models.Model):
    """The evaluation plan of a biennium as one decision approved it. Appended, never changed.

    `content` lists its evaluations as they were planned then (`rules.plans.Planned`); `sha256` is
    that of its canonical JSON. A plan that is still drawn up has no version.
    """

    biennium = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="plan_versions")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=200)
    approved_on = models.DateField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    reason = models.TextField(blank=True)
    illustrative = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["biennium", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["biennium", "number"], name="evaluations_plan_version_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="evaluations_plan_changed_why"
            ),
            models.CheckConstraint(
                condition=~Q(decision=""), name="evaluations_plan_names_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.biennium}, {self.number}"
