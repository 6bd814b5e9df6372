"""Reads of people, offices and places."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate, make_aware

from organization.models import (
    AuditEntry,
    Country,
    Notice,
    Office,
    Region,
    RoleAssignment,
    User,
)

MOST_TRIES = 5
# A message under way is taken for some seconds; one taken longer ago got stuck.
UNDER_WAY = timedelta(minutes=10)


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


def people_with(role: str, *, at: datetime) -> Mapping[int, list[User]]:
    """Who holds a role now and may sign in, by office. One query."""
    found: dict[int, list[User]] = {}
    rows = RoleAssignment.objects.filter(
        role=role, since__lte=localdate(at), until__isnull=True, user__is_active=True
    )
    for row in rows.select_related("user").order_by("office_id", "user_id"):
        found.setdefault(row.office_id, []).append(row.user)
    return found


def roles_of(user: User) -> list[RoleAssignment]:
    """The roles that the person holds or will hold, with their offices. One query."""
    rows = RoleAssignment.objects.filter(user=user, until__isnull=True)
    return list(rows.select_related("office").order_by("office__ordinal", "role"))


def notices_to_send(*, at: datetime) -> QuerySet[Notice]:
    """The notices that nobody has taken, oldest first; what was refused waits for its time."""
    return (
        Notice.objects.filter(
            Q(try_after__isnull=True) | Q(try_after__lte=at),
            taken_at__isnull=True,
            tries__lt=MOST_TRIES,
            recipient__is_active=True,
        )
        .select_related("recipient")
        .order_by("made_at", "pk")
    )


def stuck_notices(*, at: datetime) -> QuerySet[Notice]:
    """Notices that were taken and never sent, or given up after five tries: for a person."""
    taken = Q(taken_at__lt=at - UNDER_WAY, sent_at__isnull=True)
    given_up = Q(taken_at__isnull=True, tries__gte=MOST_TRIES)
    return Notice.objects.filter(taken | given_up).select_related("recipient")


def had_message_on(person: User, day: date) -> bool:
    """True if a message to the person was taken on this day of the site's clock. One query."""
    begin = make_aware(datetime.combine(day, time.min))
    return Notice.objects.filter(
        recipient=person, taken_at__gte=begin, taken_at__lt=begin + timedelta(days=1)
    ).exists()


def _beginning(beginnings: Collection[str]) -> Q:
    wanted = Q(pk__in=())
    for beginning in beginnings:
        wanted |= Q(key__startswith=beginning)
    return wanted


def notices_about(beginnings: Collection[str]) -> list[Notice]:
    """The notices whose keys begin with one of these, newest first. One query."""
    rows = Notice.objects.filter(_beginning(beginnings)).select_related("recipient")
    return list(rows.order_by("-made_at", "key", "recipient__name"))


def notices_counted(matters: Mapping[str, Collection[str]]) -> Mapping[str, int]:
    """How many notices each matter has, by the beginnings of its keys. One query."""
    counts = {
        f"matter_{number}": Count("pk", filter=_beginning(beginnings))
        for number, beginnings in enumerate(matters.values())
    }
    return dict(zip(matters, Notice.objects.aggregate(**counts).values(), strict=True))
