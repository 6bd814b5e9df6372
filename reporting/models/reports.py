"""Reports, their frozen documents and the files made from them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from reporting.models.calendar import Session

USER = settings.AUTH_USER_MODEL


class Report(models.Model):
    """One statutory report for one period (p.86-103), on its way from assembly to issue.

    `session` is the meeting it goes to and `agenda_item` its item there, as printed at its head.
    A corrigendum is a report as well: `corrects` is the issued report whose paragraphs it mends,
    `ordinal` its number among that report's corrigenda (0 for a report proper). Once it is
    issued, the database refuses any change of the row.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        ASSEMBLED = "assembled", _("assembled")
        CLEARED = "cleared", _("cleared")
        ISSUED = "issued", _("issued")

    kind = models.CharField(max_length=40)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reports")
    slug = models.SlugField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    document = models.ForeignKey(
        "ReportDocument", on_delete=models.PROTECT, null=True, related_name="+"
    )
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    symbol = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issued_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    agenda_item = models.CharField(max_length=20, blank=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrigenda"
    )
    ordinal = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-period__end", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=Q(corrects__isnull=True),
                name="reporting_report_once",
            ),
            models.UniqueConstraint(
                fields=["corrects", "ordinal"],
                condition=Q(corrects__isnull=False),
                name="reporting_corrigendum_once",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, ordinal=0)
                | Q(corrects__isnull=False, ordinal__gte=1),
                name="reporting_corrigendum_has_a_number",
            ),
            models.UniqueConstraint(
                fields=["symbol"], condition=~Q(symbol=""), name="reporting_symbol_once"
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(document__isnull=False),
                name="reporting_assembled_has_a_document",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cleared", "issued"])
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                name="reporting_cleared_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="issued", issued_on__isnull=False, issued_by__isnull=False
                )
                & ~Q(symbol="")
                | ~Q(state="issued") & Q(issued_on__isnull=True, issued_by__isnull=True, symbol=""),
                name="reporting_issued_has_symbol_and_date",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class ReportDocument(models.Model):
    """A frozen document: canonical JSON and its SHA-256. The database refuses any change."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="documents")
    number = models.PositiveSmallIntegerField()
    schema_version = models.PositiveSmallIntegerField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64)
    gaps = models.JSONField(default=list)
    gaps_confirmed_by = models.ForeignKey(
        USER, on_delete=models.PROTECT, null=True, related_name="+"
    )
    assembled_at = models.DateTimeField()
    assembled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="reporting_document_once"),
            models.CheckConstraint(
                condition=Q(gaps=[]) | Q(gaps_confirmed_by__isnull=False),
                name="reporting_gaps_confirmed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.slug} no. {self.number}"


class Rendering(models.Model):
    """One file made from a frozen document. The same document always makes the same bytes."""

    document = models.ForeignKey(
        ReportDocument, on_delete=models.PROTECT, related_name="renderings"
    )
    language = models.CharField(max_length=2)
    format = models.CharField(max_length=4)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    rendered_at = models.DateTimeField()

    class Meta:
        ordering = ["document", "language", "format"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "language", "format"], name="reporting_rendering_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.language} {self.format}"
