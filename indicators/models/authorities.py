"""The register of partner authorities and what each has put in place."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from focus_areas.models import Period
from indicators.models.definitions import Indicator
from organization.models import Country, Office

USER = settings.AUTH_USER_MODEL


class Authority(models.Model):
    """A local, other subnational or national authority: a partner that counts once.

    `match_key` is the name as it is compared (case, accents and spaces folded). A duplicate is
    merged by pointing at the entry that stays, and un-merged by taking the pointer back.
    """

    class Type(models.TextChoices):
        LOCAL = "local", _("local")
        SUBNATIONAL = "subnational", _("other subnational")
        NATIONAL = "national", _("national")

    name = models.CharField(max_length=200)
    match_key = models.CharField(max_length=200)
    type = models.CharField(max_length=12, choices=Type.choices)
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="authorities")
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    illustrative = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "authorities"
        constraints = [
            models.UniqueConstraint(
                fields=["country", "type", "match_key"], name="indicators_authority_once"
            ),
            models.CheckConstraint(
                condition=Q(type__in=["local", "subnational", "national"]),
                name="indicators_authority_type_known",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")), name="indicators_authority_not_into_itself"
            ),
            models.CheckConstraint(
                condition=~Q(match_key=""), name="indicators_authority_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AuthorityName(models.Model):
    """Another name of an authority: in another language or script, short, or former."""

    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=200)
    match_key = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "match_key"], name="indicators_authority_name_once"
            ),
            models.CheckConstraint(
                condition=~Q(match_key=""), name="indicators_authority_name_not_empty"
            ),
        ]
        indexes = [models.Index(fields=["match_key"], name="indicators_authority_other")]

    def __str__(self) -> str:
        return self.name


class Distinction(models.Model):
    """Two register entries that look alike and were found to be two authorities."""

    first = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(USER, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="indicators_distinction_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="indicators_distinction_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="indicators_distinction_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first} is not {self.second}"


class Achievement(models.Model):
    """This authority, with this office's work, put in place what the indicator counts.

    It belongs to the submission of its office and year, and counts once that is approved.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="achievements")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="achievements")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="achievements")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="achievements")
    achieved_on = models.DateField()
    evidence = models.TextField(blank=True)
    link = models.URLField(blank=True)
    illustrative = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(USER, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["achieved_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "authority", "office"], name="indicators_achievement_once"
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "period"], name="indicators_achievement_year"),
            models.Index(fields=["office", "period"], name="indicators_achievement_office"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator.code}: {self.authority} ({self.office.code})"
