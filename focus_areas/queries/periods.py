"""The plan's calendar."""

from focus_areas.models import Period


def period(code: str) -> Period | None:
    """A period by its code, as people say it (2017, 2016-2017, mid-term)."""
    return Period.objects.filter(code=code).first()


def years() -> list[Period]:
    """The years for which figures are entered, with the baseline year."""
    return list(Period.objects.filter(kind__in=[Period.Kind.BASELINE, Period.Kind.YEAR]))
