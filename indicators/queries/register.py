"""Searching the register of authorities, so that each is entered once."""

from dataclasses import dataclass

from indicators.models import Achievement, Authority, Indicator
from organization.models import Office

AT_MOST = 20


@dataclass(frozen=True)
class Match:
    """An authority of the register that fits what was searched; `counted` if the office has it."""

    authority: Authority
    counted: bool


def matching_authorities(
    *, key: str, office: Office, indicator: Indicator
) -> tuple[list[Match], bool]:
    """Entries whose folded name holds the folded text, at most twenty; and whether there are more.

    Entries merged into another are left out. Two queries; none for an empty text.
    """
    if not key:
        return [], False
    found = list(
        Authority.objects.filter(match_key__contains=key, merged_into__isnull=True)
        .select_related("country")
        .order_by("name", "pk")[: AT_MOST + 1]
    )
    counted = set(
        Achievement.objects.filter(
            office=office, indicator=indicator, authority__in=found
        ).values_list("authority_id", flat=True)
    )
    matches = [Match(authority, authority.pk in counted) for authority in found[:AT_MOST]]
    return matches, len(found) > AT_MOST
