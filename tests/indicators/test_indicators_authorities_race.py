"""Several people write to the register at the same moment, each on a connection of their own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import factories
import pytest
from racing import at_once

from indicators.models import Achievement, Authority, AuthorityName
from indicators.services import authorities
from indicators.services.authorities import NewAchievement
from organization.models import AuditEntry, User
from organization.services import audit

NOW = factories.NOW
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.drill]


@pytest.fixture
def scene(on_file: Callable[[], None]) -> dict[str, Any]:
    """The house with a count, two people of one office, and a pair of towns for each round."""
    house = factories.make_house()
    colleague = factories.person("Gus Contributor", contributor=house.branch)
    return {
        "house": house,
        "count": factories.indicator("RA1", kind="count", offices=[house.branch, house.region]),
        "people": (house.contributor.pk, colleague.pk),
        "land": factories.country(),
        "ready": on_file,
    }


def add(scene: dict[str, Any], who: int, **given: Any) -> Achievement:
    house = scene["house"]
    return authorities.add_achievement(
        indicator=scene["count"],
        office=house.branch,
        period=house.year,
        new=NewAchievement(date(2016, 6, 30), "Gazette", **given),
        by=User.objects.get(pk=who),
        at=NOW,
    )


def test_one_office_that_registers_a_town_twice_makes_one_entry(scene, rounds, tell):
    scene["ready"]()
    tried = rounds(5, 100)
    for number in range(tried):
        new = {"name": f"Alba {number}", "type": "local", "country": scene["land"]}
        answers = at_once(*(lambda w=who, n=new: add(scene, w, **n) for who in scene["people"]))
        assert answers == ["done", "duplicate_authority"]
    assert Authority.objects.count() == Achievement.objects.count() == tried
    assert audit.verify() is None
    tell(f"check 32: a new authority by two people at once, {tried} rounds, 1 entry in each")


def test_one_office_that_counts_a_town_twice_counts_it_once(scene, rounds):
    towns = [factories.authority(f"town {n}") for n in range(rounds(5, 100))]
    scene["ready"]()
    for town in towns:
        answers = at_once(
            *(lambda w=who, t=town: add(scene, w, authority=t) for who in scene["people"])
        )
        assert answers == ["done", "duplicate_achievement"]
    assert Achievement.objects.count() == len(towns)


def test_names_that_look_alike_are_asked_about_even_at_the_same_moment(scene, rounds):
    scene["ready"]()
    for number in range(rounds(5, 100)):
        names = (f"Alba {number} Town", f"City of Alba {number}")
        answers = at_once(
            *(
                lambda w=who, n=name: authorities.register_authority(
                    name=n, type="local", country=scene["land"], by=User.objects.get(pk=w), at=NOW
                )
                for who, name in zip(scene["people"], names, strict=True)
            )
        )
        assert answers == ["done", "near_duplicates"]


def test_merging_two_entries_crosswise_leaves_one_merge(scene, rounds):
    pairs = [
        (factories.authority(f"one {n}"), factories.authority(f"two {n}"))
        for n in range(rounds(5, 100))
    ]
    scene["ready"]()
    officer = scene["house"].officer
    for one, two in pairs:
        answers = at_once(
            *(
                lambda d=duplicate, i=into: authorities.merge(
                    duplicate=d, into=i, by=officer, at=NOW, reason="One council."
                )
                for duplicate, into in ((one, two), (two, one))
            )
        )
        assert answers == ["cannot_merge", "done"]
        rows = Authority.objects.filter(pk__in=[one.pk, two.pk])
        assert rows.filter(merged_into=None).count() == 1
    assert AuditEntry.objects.count() == len(pairs)


def test_a_name_added_twice_is_one_name(scene, rounds):
    towns = [factories.authority(f"town {n}") for n in range(rounds(5, 100))]
    scene["ready"]()
    for town in towns:
        answers = at_once(
            *(
                lambda w=who, t=town: authorities.add_name(
                    authority=t, name="Рассвет", language="ru", by=User.objects.get(pk=w), at=NOW
                )
                for who in scene["people"]
            )
        )
        assert answers == ["done", "name_known"]
    assert AuthorityName.objects.count() == len(towns)


def test_a_town_merged_while_it_is_counted_counts_once(scene, rounds):
    pairs = [
        (factories.authority(f"one {n}"), factories.authority(f"two {n}"))
        for n in range(rounds(5, 100))
    ]
    scene["ready"]()
    house = scene["house"]
    for stays, goes in pairs:
        answers = at_once(
            lambda g=goes: add(scene, scene["people"][0], authority=g),
            lambda s=stays, g=goes: authorities.merge(
                duplicate=g, into=s, by=house.officer, at=NOW, reason="One council."
            ),
        )
        assert answers == ["done", "done"]
        made = Achievement.objects.get(authority__in=[stays, goes])
        assert (made.authority.merged_into or made.authority) == stays
    assert audit.verify() is None
