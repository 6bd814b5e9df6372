"""When reports are due: sessions of the bodies they go to, and the steps counted back from them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from habitat_plan.kit.wording import WordingField


class Body(models.TextChoices):
    """To whom reports go (p.91-94, p.99-101)."""

    GOVERNING_COUNCIL = "governing_council", _("Governing Council")
    COMMITTEE = "committee", _("Committee of Permanent Representatives")
    GENERAL_ASSEMBLY = "general_assembly", _("General Assembly")
    SECRETARIAT = "secretariat", _("Secretariat of the United Nations")


class Session(models.Model):
    """A meeting to which reports are submitted. All due dates are counted back from its first day.

    `organ` names who meets where another body took the place of the one that the plan names.
    `is_assumed`: the day is a planning assumption of ours and not a date that was published; pages
    say so. `source` says where a published date was found.
    """

    code = models.CharField(max_length=20, unique=True)
    body = models.CharField(max_length=20, choices=Body.choices)
    name = WordingField()
    place = WordingField(default=dict, blank=True)
    organ = WordingField(default=dict, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_assumed = models.BooleanField(default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["starts_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="reporting_session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(body__in=Body.values), name="reporting_session_body_known"
            ),
            models.CheckConstraint(
                condition=Q(is_assumed=True) | ~Q(source=""),
                name="reporting_session_date_has_a_source",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class LeadTime(models.Model):
    """How many days before a body's session a step of a report's work must be over."""

    class Step(models.TextChoices):
        """The steps, in order."""

        DATA = "data", _("figures approved")
        DRAFT = "draft", _("text written")
        CLEARANCE = "clearance", _("cleared")
        SUBMISSION = "submission", _("submitted for translation")
        TRANSLATION = "translation", _("translated")
        ISSUE = "issue", _("issued in six languages")

    body = models.CharField(max_length=20, choices=Body.choices)
    step = models.CharField(max_length=12, choices=Step.choices)
    days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["body", "-days"]
        constraints = [
            models.UniqueConstraint(fields=["body", "step"], name="reporting_lead_time_once"),
            models.CheckConstraint(
                condition=Q(step__in=["data", "draft", "clearance", "submission", "translation",
                                      "issue"]),
                name="reporting_lead_time_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.step} {self.days}"


class Slot(models.Model):
    """The session to which the report of a kind and period goes: its place in the calendar."""

    kind = models.CharField(max_length=40)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="slots")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="slots")

    class Meta:
        ordering = ["session__starts_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "period"], name="reporting_slot_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}: {self.session.code}"
