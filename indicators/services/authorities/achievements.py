"""What an office counts: an authority, an indicator, a day, and what shows it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from indicators.models import Achievement, Authority, Indicator
from indicators.services.authorities.register import locked, register_authority
from indicators.services.links import read_link
from indicators.services.submissions import require_assigned, require_open
from organization.models import Country, Office, Role, User
from organization.permissions import require
from organization.services import audit


@dataclass(frozen=True)
class NewAchievement:
    """What an office adds: the authority (known, or to be registered), day, evidence.

    `not_these` are the register entries of which the person said: it is none of these.
    """

    achieved_on: date
    evidence: str
    link: str = ""
    authority: Authority | None = None
    name: str = ""
    type: str = ""
    country: Country | None = None
    not_these: Collection[int] = ()


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
    require_count(indicator)
    require_assigned(indicator, office)
    values = read_achievement(
        period=period, achieved_on=new.achieved_on, evidence=new.evidence, link=new.link
    )
    authority = (
        locked(new.authority)[new.authority.pk] if new.authority else _registered(new, by, at)
    )
    authority = authority.merged_into or authority
    refuse_twice(indicator, office, authority)
    achievement = Achievement.objects.create(
        indicator=indicator,
        authority=authority,
        office=office,
        period=period,
        illustrative=authority.illustrative,
        added_at=at,
        added_by=by,
        **values,
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
    return register_authority(
        name=new.name,
        type=new.type,
        country=new.country,
        not_these=new.not_these,
        by=by,
        at=at,
    )


def refuse_twice(indicator: Indicator, office: Office, authority: Authority) -> None:
    """An authority counts once for an office, in whatever year and by whatever entry.

    Raises RuleBroken `duplicate_achievement`.
    """
    same = Q(authority=authority) | Q(authority__merged_into=authority)
    twin = Achievement.objects.filter(same, indicator=indicator, office=office).first()
    if twin is not None:
        raise counted_already(authority, twin)


def counted_already(authority: Authority, twin: Achievement) -> RuleBroken:
    """The refusal of an authority that the office counts already, in whatever year."""
    return RuleBroken(
        "duplicate_achievement",
        _(
            "Your office already counts %(name)s for %(code)s, in %(period)s. "
            "An authority counts once."
        )
        % {"name": authority, "code": twin.indicator.code, "period": twin.period},
        "authority",
    )


def require_count(indicator: Indicator) -> None:
    """Raises RuleBroken `not_a_count` unless the indicator is counted from the register."""
    if indicator.kind != Indicator.Kind.COUNT:
        raise RuleBroken(
            "not_a_count",
            _("%(code)s is not counted from the register. Enter its figure instead.")
            % {"code": indicator.code},
        )


def read_achievement(
    *, period: Period, achieved_on: date, evidence: str, link: str
) -> dict[str, date | str]:
    """What an achievement of this year says, fit to be stored.

    Raises RuleBroken `evidence_needed`, `outside_period` and `not_an_address`.
    """
    if not evidence.strip() and not link.strip():
        raise RuleBroken(
            "evidence_needed",
            _("Say in a sentence what shows the achievement, or give a link to it."),
            "evidence",
        )
    if achieved_on > period.end or (
        period.kind != Period.Kind.BASELINE and achieved_on < period.start
    ):
        raise RuleBroken(
            "outside_period",
            _("The day lies outside %(period)s. Give a day of that year, or change the period.")
            % {"period": period},
            "achieved_on",
        )
    return {"achieved_on": achieved_on, "evidence": evidence.strip(), "link": read_link(link)}


def differences(
    stored: Achievement, values: Mapping[str, date | str]
) -> dict[str, tuple[date | str, date | str]]:
    """What of an achievement would change: from what, to what."""
    return {
        name.replace("_", " "): (getattr(stored, name), value)
        for name, value in values.items()
        if getattr(stored, name) != value
    }


@transaction.atomic
def change_achievement(
    *,
    achievement: Achievement,
    achieved_on: date,
    evidence: str,
    link: str,
    by: User,
    at: datetime,
) -> Achievement:
    """Corrects the day, the evidence or the link while the year is open.

    Raises RuleBroken `locked`, `evidence_needed`, `outside_period` and `not_an_address`. What is
    the same is not written.
    """
    require(by, Role.CONTRIBUTOR, office=achievement.office)
    require_open(office=achievement.office, period=achievement.period, at=at)
    values = read_achievement(
        period=achievement.period, achieved_on=achieved_on, evidence=evidence, link=link
    )
    stored = Achievement.objects.select_for_update(of=("self",)).get(pk=achievement.pk)
    changes = differences(stored, values)
    if not changes:
        return stored
    for name, value in values.items():
        setattr(stored, name, value)
    stored.save(update_fields=list(values))
    audit.record(
        action="change achievement",
        subject=stored,
        by=by,
        at=at,
        changes=changes,
        office=achievement.office,
    )
    return stored


@transaction.atomic
def remove_achievement(*, achievement: Achievement, by: User, at: datetime) -> None:
    """Takes back an achievement that was never submitted or was returned.

    Raises RuleBroken `locked`, and `has_evidence` if files or notes belong to it.
    """
    require(by, Role.CONTRIBUTOR, office=achievement.office)
    require_open(office=achievement.office, period=achievement.period, at=at)
    if achievement.pieces.exists():
        raise RuleBroken(
            "has_evidence",
            _("Evidence is kept with %(name)s. It stays counted; correct it instead.")
            % {"name": achievement.authority},
        )
    audit.record(
        action="remove achievement",
        subject=achievement,
        by=by,
        at=at,
        changes={
            "authority": (achievement.authority, None),
            "achieved on": (achievement.achieved_on, None),
            "evidence": (achievement.evidence, None),
        },
        office=achievement.office,
    )
    achievement.delete()
