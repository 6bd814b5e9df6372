"""Whether what belongs to an evaluation can still be changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DRAFT, PUBLISHED = "draft", "published"
"""States of what belongs to an evaluation: once published, the database refuses any change."""


class Standing(models.TextChoices):
    """Whether a part of an evaluation can still be changed."""

    DRAFT = DRAFT, _("draft")
    PUBLISHED = PUBLISHED, _("published")


def standing_known(name: str) -> models.CheckConstraint:
    """The constraint that a part is either draft or published."""
    return models.CheckConstraint(condition=Q(state__in=[DRAFT, PUBLISHED]), name=name)
