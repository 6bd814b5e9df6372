"""What offices write in a report: sections, texts, versions, bound figures, comments."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.models import Office
from reporting.models.reports import Report

USER = settings.AUTH_USER_MODEL
DIGITS, PLACES = 20, 6


class Section(models.Model):
    """A section of a report that an office writes. Prompt and word limit stand in the outline.

    `code` is the section's code in the outline, after its focus area if it has one
    (`highlights`, `FA2.challenges`). `original` is the language it is written in. A draft is its
    writer's until it is shared with the office, then the office's until it is sent for clearance;
    the report editor accepts it or returns it with a note.
    """

    class State(models.TextChoices):
        """Where the text stands."""

        DRAFT = "draft", _("being written")
        SHARED = "shared", _("shared with the office")
        SENT = "sent", _("sent for clearance")
        RETURNED = "returned", _("returned")
        CLEARED = "cleared", _("cleared")

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="sections")
    code = models.CharField(max_length=60)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="sections")
    writer = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")
    original = models.CharField(max_length=2, choices=settings.LANGUAGES, default="en")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "code"], name="reporting_section_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "shared", "sent", "returned", "cleared"]),
                name="reporting_section_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(note=""),
                name="reporting_section_returned_with_a_note",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report.slug}: {self.code}"


class SectionText(models.Model):
    """A section's words in one language, as they stand now.

    `body` is plain structured text (`reporting.rules.markup`), never HTML. `revision` counts each
    save, so that two writers cannot overwrite each other unseen. `translates` is the revision of
    the original that a translation was made from (empty for the original itself): a translation
    of an earlier revision is out of date.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="texts")
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    translates = models.PositiveIntegerField(null=True, blank=True)
    words = models.PositiveIntegerField(default=0)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["section", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "language"], name="reporting_text_once_in_a_language"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} ({self.language})"


class SectionVersion(models.Model):
    """An earlier state of a text, kept when the next sitting began. The database refuses changes.

    Saves of one person within a sitting make one version, not one for each pause in typing.
    """

    text = models.ForeignKey(SectionText, on_delete=models.PROTECT, related_name="versions")
    revision = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["text", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["text", "revision"], name="reporting_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.text}: {self.revision}"


class BoundFigure(models.Model):
    """A figure bound into a section, with the value its writer saw.

    While the approved figure equals what was seen, the sentence is fresh; when it changes, the
    sentence is stale until a writer has looked at it. Without a value, `nothing` says which kind
    of nothing was seen.
    """

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="bound")
    reference = models.CharField(max_length=80)
    value = models.DecimalField(max_digits=DIGITS, decimal_places=PLACES, null=True, blank=True)
    nothing = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["section", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "reference"], name="reporting_bound_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, nothing="")
                | Q(value__isnull=True) & ~Q(nothing=""),
                name="reporting_bound_figure_value_or_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.reference}"


class SectionComment(models.Model):
    """A remark of a colleague on a section, with the words it is about. Settled, never removed."""

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="comments")
    quote = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["section", "made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="reporting_comment_says_something"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False),
                name="reporting_comment_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section}: {self.text[:40]}"
