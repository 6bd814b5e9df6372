"""Lessons and good practices, found again by focus area, country, tag and word (p.103)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.evaluations import Evaluation
from focus_areas.models import FocusArea
from habitat_plan.kit.wording import WordingField
from organization.models import Country


class Tag(models.Model):
    """A word under which lessons are kept together."""

    code = models.SlugField(max_length=40, unique=True)
    name = WordingField()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return str(self.name)


class Lesson(models.Model):
    """What others can learn, from which context, and what shows that it is so (UNEG: a lesson).

    A draft is for the secretariat; published, it is for everybody. `retired_on`: it is not offered
    any more; whatever refers to it still finds it.
    """

    class Kind(models.TextChoices):
        LESSON = "lesson", _("lesson")
        PRACTICE = "practice", _("good practice")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    title = WordingField()
    context = WordingField()
    text = WordingField()
    evidence = WordingField()
    evaluation = models.ForeignKey(
        Evaluation, on_delete=models.PROTECT, null=True, blank=True, related_name="lessons"
    )
    focus_areas = models.ManyToManyField(FocusArea, blank=True, related_name="lessons")
    countries = models.ManyToManyField(Country, blank=True, related_name="lessons")
    tags = models.ManyToManyField(Tag, blank=True, related_name="lessons")
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    illustrative = models.BooleanField(default=False)
    searched = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["lesson", "practice"]), name="evaluations_lesson_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "published", "retired"]),
                name="evaluations_lesson_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="evaluations_lesson_published_some_time",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
