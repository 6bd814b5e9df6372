"""The register: each authority once, with all the names it goes by."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Authority, AuthorityName
from indicators.queries.register import alike_authorities
from indicators.rules.names import match_key
from organization.models import Country, Role, User
from organization.permissions import require
from organization.services import audit

LONGEST = 200


def locked(*authorities: Authority) -> dict[int, Authority]:
    """The entries as they are stored now, kept from other merges until this one is done.

    Always taken in the same order, so that two people who merge them crosswise wait, not block.
    """
    rows = Authority.objects.select_for_update(of=("self",)).select_related("merged_into")
    found = rows.filter(pk__in=[one.pk for one in authorities]).order_by("pk")
    return {row.pk: row for row in found}


def reason_of(text: str) -> str:
    """The reason without spaces around it. Raises RuleBroken `reason_needed` if there is none."""
    if not text.strip():
        raise RuleBroken("reason_needed", _("Say in a sentence why."), "reason")
    return text.strip()


def read_name(text: str) -> tuple[str, str]:
    """A typed name with single spaces, and as it is compared.

    Raises RuleBroken `name_needed` and `name_too_long`.
    """
    name, key = " ".join(text.split()), match_key(text)
    if not key:
        raise RuleBroken("name_needed", _("Write the name of the authority."), "name")
    if len(name) > LONGEST or len(key) > LONGEST:
        raise RuleBroken("name_too_long", _("Write a name of at most 200 characters."), "name")
    return name, key


def require_type(type: str) -> None:
    """Raises RuleBroken `type_needed` unless it is one of the types of the register."""
    if type not in Authority.Type.values:
        raise RuleBroken("type_needed", _("Choose the type of authority."), "type")


def in_register(known: Authority) -> RuleBroken:
    """The refusal of a name that the register holds already."""
    return RuleBroken(
        "duplicate_authority",
        _(
            "%(name)s is already in the register. Choose it from the list instead of "
            "entering it again, so that it counts once."
        )
        % {"name": known.name},
        "name",
    )


def looks_like(near: Collection[Authority]) -> RuleBroken:
    """The refusal of a name until somebody says that it is none of those that look alike."""
    return RuleBroken(
        "near_duplicates",
        _("The register holds names like this one. Is it one of these? Choose it, or say not."),
        "name",
        tuple(f"{one.name}, {one.get_type_display()}, {one.country.name}" for one in near),
    )


@transaction.atomic
def register_authority(
    *,
    name: str,
    type: str,
    country: Country,
    by: User,
    at: datetime,
    not_these: Collection[int] = (),
    illustrative: bool = False,
) -> Authority:
    """A new register entry.

    `not_these` are the entries of which the person said that it is none of them. Raises RuleBroken
    `duplicate_authority` if the country has one of that type and name, `near_duplicates` (with
    their names) while one that looks like it is not among `not_these`, `name_needed`,
    `name_too_long` and `type_needed`.
    """
    require(by, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    shown, key = read_name(name)
    require_type(type)
    # Two people who register the same town at once: the second sees what the first wrote.
    country = Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    known = Authority.objects.filter(country=country, type=type, match_key=key).first()
    if known is not None:
        raise in_register(known)
    near = alike_authorities(key=key, country=country)
    if any(one.pk not in not_these for one in near):
        raise looks_like(near)
    authority = Authority.objects.create(
        name=shown,
        match_key=key,
        type=type,
        country=country,
        illustrative=illustrative or country.illustrative,
    )
    answered = {"not the same as": (None, [one.pk for one in near])} if near else {}
    changes = {"name": (None, authority.name), **answered}
    audit.record(action="register authority", subject=authority, by=by, at=at, changes=changes)
    return authority


@transaction.atomic
def add_name(
    *, authority: Authority, name: str, language: str, by: User, at: datetime
) -> AuthorityName:
    """Another name that the authority is found by: in another language or script, short, former.

    Raises RuleBroken `name_needed`, `name_too_long` and `name_known`.
    """
    require(by, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    shown, key = read_name(name)
    authority = locked(authority)[authority.pk]
    if key == authority.match_key or authority.names.filter(match_key=key).exists():
        raise RuleBroken(
            "name_known",
            _("%(name)s is already found by this name.") % {"name": authority},
            "name",
        )
    made = AuthorityName.objects.create(
        authority=authority, name=shown, match_key=key, language=language
    )
    audit.record(
        action="add name", subject=authority, by=by, at=at, changes={"other name": (None, shown)}
    )
    return made


@transaction.atomic
def remove_name(*, name: AuthorityName, by: User, at: datetime) -> None:
    """Takes a wrong name off an authority. The history of the authority keeps it."""
    require(by, Role.CONTRIBUTOR, Role.QUALITY_ASSURANCE)
    audit.record(
        action="remove name",
        subject=name.authority,
        by=by,
        at=at,
        changes={"other name": (name.name, None)},
    )
    name.delete()


@transaction.atomic
def correct_authority(
    *,
    authority: Authority,
    name: str,
    type: str,
    country: Country,
    by: User,
    at: datetime,
    reason: str,
) -> Authority:
    """Corrects what the register says of an authority. The name it had stays as another name.

    Raises RuleBroken `reason_needed`, `duplicate_authority`, `name_needed`, `name_too_long` and
    `type_needed`. What is the same is not written.
    """
    require(by, Role.QUALITY_ASSURANCE)
    why = reason_of(reason)
    shown, key = read_name(name)
    require_type(type)
    country = Country.objects.select_for_update(no_key=True).get(pk=country.pk)
    authority = locked(authority)[authority.pk]
    values = {"name": shown, "match_key": key, "type": type, "country_id": country.pk}
    changes = {
        field: (getattr(authority, field), value)
        for field, value in values.items()
        if field != "match_key" and getattr(authority, field) != value
    }
    if not changes:
        return authority
    known = Authority.objects.filter(country=country, type=type, match_key=key)
    if twin := known.exclude(pk=authority.pk).first():
        raise in_register(twin)
    if key != authority.match_key:
        AuthorityName.objects.get_or_create(
            authority=authority,
            match_key=authority.match_key,
            defaults={"name": authority.name},
        )
    for field, value in values.items():
        setattr(authority, field, value)
    authority.save(update_fields=["name", "match_key", "type", "country"])
    audit.record(
        action="correct authority", subject=authority, by=by, at=at, changes=changes, reason=why
    )
    return authority
