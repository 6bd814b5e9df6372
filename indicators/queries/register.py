"""Searching the register of authorities, so that each is entered once."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from indicators.models import Achievement, Authority, AuthorityName, Indicator
from indicators.rules.names import NameIndex, match_key, search_words
from organization.models import Country, Office

AT_MOST = 20


@dataclass(frozen=True)
class Match:
    """An authority of the register that fits what was searched; `counted` if the office has it."""

    authority: Authority
    counted: bool


def named_like(asked: str) -> QuerySet[Authority]:
    """Entries one of whose names holds every telling word of what was asked, in any order.

    Those whose name begins with it come first. One query; no entry for an empty text.
    """
    key, wanted = match_key(asked), search_words(asked)
    rows = Authority.objects.select_related("country", "merged_into__country")
    if not wanted:
        return rows.none()
    own, other = Q(), Q()
    for word in wanted:
        own &= Q(match_key__contains=word)
        other &= Q(match_key__contains=word)
    named_otherwise = AuthorityName.objects.filter(other).values("authority_id")
    rank = Case(
        When(match_key__startswith=key, then=Value(0)),
        When(match_key__contains=f" {key}", then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return rows.filter(own | Q(pk__in=named_otherwise)).order_by(rank, "name", "pk")


def matching_authorities(
    *, asked: str, office: Office, indicator: Indicator, country: str = ""
) -> tuple[list[Match], bool]:
    """Entries that fit what was asked, at most twenty, in a country (ISO3); and whether more do.

    An entry merged into another stands for that other. Two queries; none for an empty text.
    """
    rows = named_like(asked)
    if country:
        rows = rows.filter(country__iso3=country)
    found = list(rows[: AT_MOST + 1])
    if not found:
        return [], False
    stand = {one.pk: one for one in (row.merged_into or row for row in found[:AT_MOST])}
    counted = set(
        Achievement.objects.filter(office=office, indicator=indicator)
        .filter(Q(authority__in=stand) | Q(authority__merged_into__in=stand))
        .values_list("authority_id", "authority__merged_into_id")
    )
    held = {number for pair in counted for number in pair}
    matches = [Match(authority, authority.pk in held) for authority in stand.values()]
    return matches, len(found) > AT_MOST


def entries_with_names(
    countries: Collection[int] | None,
) -> tuple[QuerySet[Authority], list[tuple[int, str]]]:
    """All entries of some countries (None: of all), and their other names by the entry's number.

    Two queries.
    """
    entries = Authority.objects.select_related("country", "merged_into__country")
    names = AuthorityName.objects.all()
    if countries is not None:
        entries = entries.filter(country__in=countries)
        names = names.filter(authority__country__in=countries)
    return entries, list(names.values_list("authority_id", "match_key"))


def names_in(countries: Collection[int] | None) -> list[tuple[str, int]]:
    """Every folded name in these countries (None: in all) with the id of its entry. Two queries."""
    own, other = Authority.objects.all(), AuthorityName.objects.all()
    if countries is not None:
        own = own.filter(country__in=countries)
        other = other.filter(authority__country__in=countries)
    return [
        *own.order_by().values_list("match_key", "pk"),
        *other.order_by().values_list("match_key", "authority_id"),
    ]


def alike_authorities(*, key: str, country: Country) -> list[Authority]:
    """Entries of a country that go by a name like this one, merged ones as what they stand for.

    Three queries whatever the size of the register.
    """
    near = NameIndex(names_in([country.pk])).like(key)
    rows = Authority.objects.filter(pk__in=near).select_related("country", "merged_into__country")
    found = {one.pk: one for one in (row.merged_into or row for row in rows)}
    return sorted(found.values(), key=lambda one: (one.name, one.pk))
