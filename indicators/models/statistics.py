"""Country series from their custodians, from which statistics are computed."""

from django.db import models
from django.db.models import Q

from habitat_plan.kit.wording import WordingField
from indicators.models.definitions import Indicator
from organization.models import Country, Region


class Series(models.Model):
    """A country series as its custodian published it, with release, source and licence."""

    code = models.CharField(max_length=30, unique=True)
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, null=True, blank=True, related_name="series"
    )
    weight = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="weighs"
    )
    title = WordingField()
    unit = models.CharField(max_length=40)
    custodian = models.CharField(max_length=200)
    release = models.CharField(max_length=60)
    licence = models.CharField(max_length=200)
    source = models.TextField()
    note = WordingField(default=dict, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(licence=""),
                name="indicators_series_has_source_and_licence",
            ),
            models.CheckConstraint(
                condition=Q(indicator__isnull=True) | Q(weight__isnull=False),
                name="indicators_series_of_an_indicator_is_weighted",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Observation(models.Model):
    """One country's value for one year. A qualifier marks a value known only as a bound (>95)."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="observations")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="observations")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=15, decimal_places=5)
    qualifier = models.CharField(max_length=1, blank=True)
    nature = models.CharField(max_length=10, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "country", "year"], name="indicators_observation_once"
            ),
            models.CheckConstraint(
                condition=Q(qualifier__in=["", "<", ">"]),
                name="indicators_observation_qualifier_known",
            ),
        ]
        indexes = [models.Index(fields=["series", "year"], name="indicators_observation_year")]

    def __str__(self) -> str:
        return f"{self.series.code} {self.country.iso3} {self.year}"


class PublishedAggregate(models.Model):
    """The custodian's own figure for a group of countries: shown beside ours, never as ours."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="published")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=15, decimal_places=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["series", "region", "year"], name="indicators_published_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series.code} {self.region.code} {self.year}"
