"""Reads of people, offices and places."""

from collections.abc import Mapping

from organization.models import AuditEntry, Country, Office, Region


def data_version() -> int:
    """The number of the last audit entry: it changes with every write, and only then."""
    last = AuditEntry.objects.order_by("-number").values_list("number", flat=True).first()
    return last or 0


def offices() -> Mapping[int, Office]:
    """All offices by id, in the order of the tree. One query."""
    return {office.pk: office for office in Office.objects.filter(retired_on__isnull=True)}


def region_members(scheme: str) -> dict[Region, frozenset[int]]:
    """Regions of a scheme with the ids of their countries. Two queries."""
    regions = Region.objects.filter(scheme=scheme).prefetch_related("countries")
    return {
        region: frozenset(country.pk for country in region.countries.all()) for region in regions
    }


def countries() -> Mapping[int, Country]:
    """All countries and areas by id."""
    return Country.objects.in_bulk()


def history(*subjects: tuple[str, str]) -> list[AuditEntry]:
    """The audit entries of some things, newest first; a subject is (model label, id)."""
    found: list[AuditEntry] = []
    for subject_type, subject_id in subjects:
        found += AuditEntry.objects.filter(
            subject_type=subject_type, subject_id=subject_id
        ).select_related("by")
    return sorted(found, key=lambda entry: -entry.number)
