"""Reads on uploads, and the lists that can be downloaded, changed and uploaded again."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from focus_areas.models import Period
from indicators.models import Achievement, Authority, Baseline, Figure, Indicator, Target, Upload
from indicators.permissions import may_upload, readable_offices
from organization.models import Office, User


def visible_upload(number: int, user: User) -> Upload | None:
    """The upload, if this person made it or could have made it for that office; else None."""
    upload = Upload.objects.filter(pk=number).select_related("office", "period", "made_by").first()
    if upload is None or not may_upload(user, upload.kind, upload.office):
        return None
    return upload if upload.office_id or upload.made_by_id == user.pk else None


def earlier_uploads(user: User, office: Office | None, period: Period | None) -> list[Upload]:
    """The last ten files of this person, or of this office and year."""
    whose = Q(office=office, period=period) if office else Q(made_by=user, office=None)
    return list(Upload.objects.filter(whose).select_related("made_by", "office", "period")[:10])


def register() -> QuerySet[Authority]:
    """The authorities that count, with their other names."""
    return (
        Authority.objects.filter(merged_into__isnull=True)
        .select_related("country")
        .prefetch_related("names")
        .order_by("country__iso3", "type", "name")
    )


def achievements_for(
    user: User | AnonymousUser, office: Office | None = None, period: Period | None = None
) -> QuerySet[Achievement]:
    """The achievements that a person may read, of an office and year if they are named."""
    rows = Achievement.objects.select_related(
        "indicator", "authority__country", "office", "period"
    ).order_by("office__code", "period__ordinal", "indicator__code", "achieved_on", "pk")
    readable = readable_offices(user)
    if readable is not None:
        rows = rows.filter(office__in=readable)
    if office is not None:
        rows = rows.filter(office=office)
    return rows.filter(period=period) if period is not None else rows


def figures_for(user: User | AnonymousUser) -> QuerySet[Figure]:
    """The figures that a person may read, approved or not, office by office."""
    rows = Figure.objects.select_related("indicator", "office", "period").order_by(
        "office__code", "period__ordinal", "indicator__code"
    )
    readable = readable_offices(user)
    return rows if readable is None else rows.filter(office__in=readable)


def baselines() -> Iterable[tuple[Indicator, Baseline | None]]:
    """Every indicator with its baseline, or None where it is missing."""
    rows = Indicator.objects.filter(retired_on__isnull=True).select_related("baseline")
    return [(one, getattr(one, "baseline", None)) for one in rows.order_by("ordinal", "code")]


def current_targets() -> list[Target]:
    """The version in force of each target, by indicator, office and year."""
    rows = Target.objects.select_related("indicator", "office").order_by("version")
    latest = {(one.indicator_id, one.office_id, one.year): one for one in rows}
    return sorted(
        latest.values(),
        key=lambda one: (one.indicator.code, one.office.code if one.office else "", one.year),
    )
