"""The register of authorities and the achievements that counts are computed from."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Achievement, Authority, Indicator
from indicators.services.links import read_link
from indicators.services.submissions import require_assigned, require_open
from organization.models import Country, Office, Role, User
from organization.permissions import require
from organization.services import audit


def match_key(name: str) -> str:
    """A name as it is compared: without case, accents, punctuation and doubled spaces."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(
        character if character.isalnum() else " "
        for character in folded
        if not unicodedata.combining(character)
    )
    return re.sub(r"\s+", " ", letters).strip()


@dataclass(frozen=True)
class NewAchievement:
    """What an office adds: the authority (known, or to be registered), day, evidence."""

    achieved_on: date
    evidence: str
    link: str = ""
    authority: Authority | None = None
    name: str = ""
    type: str = ""
    country: Country | None = None


@transaction.atomic
def register_authority(
    *, name: str, type: str, country: Country, by: User, at: datetime, illustrative: bool = False
) -> Authority:
    """A new register entry.

    Raises RuleBroken `duplicate_authority` if the country has one of that type and name, and
    `name_needed`.
    """
    require(by, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    key = match_key(name)
    if not key:
        raise RuleBroken("name_needed", _("Write the name of the authority."), "name")
    authority, made = Authority.objects.get_or_create(
        country=country,
        type=type,
        match_key=key,
        defaults={
            "name": " ".join(name.split()),
            "illustrative": illustrative or country.illustrative,
        },
    )
    if not made:
        raise RuleBroken(
            "duplicate_authority",
            _(
                "%(name)s is already in the register. Choose it from the list instead of "
                "entering it again, so that it counts once."
            )
            % {"name": authority.name},
            "name",
        )
    audit.record(action="register authority", subject=authority, by=by, at=at)
    return authority


@transaction.atomic
def add_achievement(
    *,
    indicator: Indicator,
    office: Office,
    period: Period,
    new: NewAchievement,
    by: User,
    at: datetime,
) -> Achievement:
    """Records that an authority put in place what the indicator counts.

    Raises RuleBroken `locked`, `not_a_count`, `not_assigned`, `outside_period`,
    `duplicate_achievement`, `evidence_needed`, `not_an_address`, and those of `register_authority`.
    """
    require(by, Role.CONTRIBUTOR, office=office)
    require_open(office=office, period=period, at=at)
    _check_achievement(indicator, office, period, new)
    authority = _locked(new.authority) if new.authority else _registered(new, by, at)
    authority = authority.merged_into or authority
    twin = (
        Achievement.objects.filter(indicator=indicator, office=office)
        .filter(Q(authority=authority) | Q(authority__merged_into=authority))
        .first()
    )
    if twin is not None:
        raise RuleBroken(
            "duplicate_achievement",
            _(
                "Your office already counts %(name)s for %(code)s, in %(period)s. "
                "An authority counts once."
            )
            % {"name": authority, "code": indicator.code, "period": twin.period},
            "authority",
        )
    achievement = Achievement.objects.create(
        indicator=indicator,
        authority=authority,
        office=office,
        period=period,
        achieved_on=new.achieved_on,
        evidence=new.evidence.strip(),
        link=read_link(new.link),
        illustrative=authority.illustrative,
        added_at=at,
        added_by=by,
    )
    audit.record(
        action="add achievement",
        subject=achievement,
        by=by,
        at=at,
        changes={"achieved on": (None, new.achieved_on)},
        office=office,
    )
    return achievement


def _registered(new: NewAchievement, by: User, at: datetime) -> Authority:
    if new.country is None or not new.type:
        raise RuleBroken(
            "authority_needed",
            _("Choose an authority from the register, or give name, type and country."),
            "authority",
        )
    return register_authority(name=new.name, type=new.type, country=new.country, by=by, at=at)


def _check_achievement(
    indicator: Indicator, office: Office, period: Period, new: NewAchievement
) -> None:
    if indicator.kind != Indicator.Kind.COUNT:
        raise RuleBroken(
            "not_a_count",
            _("%(code)s is not counted from the register. Enter its figure instead.")
            % {"code": indicator.code},
        )
    require_assigned(indicator, office)
    if not new.evidence.strip() and not new.link.strip():
        raise RuleBroken(
            "evidence_needed",
            _("Say in a sentence what shows the achievement, or give a link to it."),
            "evidence",
        )
    if new.achieved_on > period.end or (
        period.kind != Period.Kind.BASELINE and new.achieved_on < period.start
    ):
        raise RuleBroken(
            "outside_period",
            _("The day lies outside %(period)s. Give a day of that year, or change the period.")
            % {"period": period},
            "achieved_on",
        )


@transaction.atomic
def remove_achievement(*, achievement: Achievement, by: User, at: datetime) -> None:
    """Takes back an achievement that was never submitted or was returned."""
    require(by, Role.CONTRIBUTOR, office=achievement.office)
    require_open(office=achievement.office, period=achievement.period, at=at)
    audit.record(
        action="remove achievement",
        subject=achievement,
        by=by,
        at=at,
        changes={"authority": (achievement.authority_id, None)},
        office=achievement.office,
    )
    achievement.delete()


def _locked(authority: Authority) -> Authority:
    """The entry as it is stored now, kept from other merges until this one is done."""
    rows = Authority.objects.select_for_update(of=("self",)).select_related("merged_into")
    return rows.get(pk=authority.pk)


@transaction.atomic
def merge(*, duplicate: Authority, into: Authority, by: User, at: datetime, reason: str) -> None:
    """Says that two register entries are one authority; counts follow at once.

    Raises RuleBroken `already_merged` and `cannot_merge`: an entry points at most one step on.
    """
    require(by, Role.QUALITY_ASSURANCE)
    duplicate, into = _locked(duplicate), _locked(into)
    if duplicate.merged_into is not None:
        raise RuleBroken(
            "already_merged",
            _("%(name)s is already merged into %(other)s. Undo that first.")
            % {"name": duplicate, "other": duplicate.merged_into},
        )
    into = into.merged_into or into
    if duplicate == into:
        raise RuleBroken(
            "cannot_merge",
            _("%(name)s cannot be merged into itself. Choose another entry.") % {"name": duplicate},
        )
    if duplicate.merged.exists():
        raise RuleBroken(
            "cannot_merge",
            _("%(name)s already stands for other entries. Merge into it instead.")
            % {"name": duplicate},
        )
    duplicate.merged_into = into
    duplicate.save(update_fields=["merged_into"])
    audit.record(
        action="merge authorities",
        subject=duplicate,
        by=by,
        at=at,
        changes={"merged into": (None, into)},
        reason=reason,
    )


@transaction.atomic
def undo_merge(*, authority: Authority, by: User, at: datetime, reason: str) -> None:
    """Takes a merge back: the two entries count apart again. Raises RuleBroken `not_merged`."""
    require(by, Role.QUALITY_ASSURANCE)
    authority = _locked(authority)
    before, authority.merged_into = authority.merged_into, None
    if before is None:
        raise RuleBroken(
            "not_merged", _("%(name)s is not merged into another entry.") % {"name": authority}
        )
    authority.save(update_fields=["merged_into"])
    audit.record(
        action="undo merge",
        subject=authority,
        by=by,
        at=at,
        changes={"merged into": (before, None)},
        reason=reason,
    )
