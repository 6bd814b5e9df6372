"""Questions of delegations on paragraphs of issued reports, and the secretariat's answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from organization.models import Office
from reporting.models.reports import Report

USER = settings.AUTH_USER_MODEL


class Question(models.Model):
    """A delegation's question on one paragraph of an issued report (p.103).

    `office` is the mission that asks. Until it is answered, the delegation and the secretariat see
    it; then all delegations see question and answer. `paragraph` 0 is the report as a whole.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="questions")
    paragraph = models.PositiveIntegerField(default=0)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "paragraph", "asked_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reporting_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | ~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False),
                name="reporting_question_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.slug}, {self.paragraph}: {self.text[:40]}"
