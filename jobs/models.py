"""The one table of background work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jobs import rules


class Job(models.Model):
    """A piece of work asked for once, done by a worker, and followed by the person who asked.

    The row is the record; the broker only rings. `key` says what the work of this kind is
    about, so that asking twice makes one job. `step` is the code of the step now going on (its
    words belong to the kind, see `jobs.registry`); `steps_done` of `steps_total` is the progress.
    """

    class State(models.TextChoices):
        """Where the job stands."""

        QUEUED = rules.QUEUED, _("Waiting to start")
        RUNNING = rules.RUNNING, _("Under way")
        DONE = rules.DONE, _("Done")
        FAILED = rules.FAILED, _("Could not be done")
        CANCELLED = rules.CANCELLED, _("Cancelled")
        PARKED = rules.PARKED, _("Set aside after several tries")

    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=200)
    payload = models.JSONField(_("payload"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked for by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="jobs",
    )
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    queued_at = models.DateTimeField(_("waiting since"))
    # Empty while no ring has reached the broker: pages then say that the line is down.
    rung_at = models.DateTimeField(_("bell last rung"), null=True, blank=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=60, blank=True)
    steps_done = models.PositiveIntegerField(_("steps done"), default=0)
    steps_total = models.PositiveIntegerField(_("steps in all"), default=0)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    lease_owner = models.CharField(_("worker"), max_length=120, blank=True)
    lease_until = models.DateTimeField(_("lease ends"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    error_code = models.CharField(_("error code"), max_length=60, blank=True)
    error_message = models.TextField(_("what went wrong"), blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)

    objects: ClassVar[models.Manager["Job"]] = models.Manager()

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="job_kind_key_unique"),
            models.CheckConstraint(condition=Q(state__in=rules.STATES), name="job_state_known"),
            models.CheckConstraint(
                condition=Q(steps_done__lte=F("steps_total")), name="job_steps_within_total"
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=rules.MAX_ATTEMPTS), name="job_attempts_within_cap"
            ),
            models.CheckConstraint(
                condition=(Q(state=rules.RUNNING, lease_until__isnull=False) & ~Q(lease_owner=""))
                | (~Q(state=rules.RUNNING) & Q(lease_until__isnull=True, lease_owner="")),
                name="job_lease_while_running",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(rules.OPEN), finished_at__isnull=True)
                | (~Q(state__in=sorted(rules.OPEN)) & Q(finished_at__isnull=False)),
                name="job_finished_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(rules.FAILED, rules.PARKED)) | ~Q(error_code=""),
                name="job_failure_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="job_state_queued_at")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def reference(self) -> str:
        """What a person tells support: the job and its try."""
        return rules.reference(job_id=self.pk, attempts=self.attempts)
