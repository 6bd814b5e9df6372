"""Several people decide at the same moment, each on a connection of their own, on a real database.

On SQLite the threads work on a file: the database of the tests lies in memory, which Django's
threads would share without its locks.
"""

import factories
import pytest
from racing import at_once

from indicators.models import Figure, PeriodWindow
from indicators.services import authorities, entry, periods
from indicators.services.authorities import NewAchievement
from indicators.services.entry import Typed
from organization.models import AuditEntry, User
from organization.services import audit

ROUNDS = 20
NOW = factories.NOW
pytestmark = pytest.mark.django_db(transaction=True)


def test_the_same_form_sent_twice_makes_one_figure(on_file):
    house = factories.make_house()
    measures = [factories.indicator(f"RA{n}", offices=[house.branch]) for n in range(5)]
    on_file()

    def send(measure, who):
        return entry.enter_figure(
            indicator=measure,
            office=house.branch,
            period=house.year,
            typed=Typed(value="7", version=0),
            language="en",
            by=User.objects.get(pk=who),
            at=NOW,
        )

    for measure in measures:
        answers = at_once(
            *(lambda m=measure: send(m, house.contributor.pk) for _time in range(3))
        )
        assert answers == ["done", "done", "done"]
        assert Figure.objects.get(indicator=measure).version == 1
    assert AuditEntry.objects.count() == len(measures)
    assert audit.verify() is None


def test_two_offices_that_register_one_town_make_one_entry(on_file):
    house = factories.make_house()
    count = factories.indicator("RA1", kind="count", offices=[house.branch, house.region])
    land = factories.country()
    on_file()

    def add(office, who, name):
        return authorities.add_achievement(
            indicator=count,
            office=office,
            period=house.year,
            new=NewAchievement(
                NOW.date().replace(year=2016), "Gazette", name=name, type="local", country=land
            ),
            by=User.objects.get(pk=who),
            at=NOW,
        )

    for number in range(5):
        answers = at_once(
            lambda name=f"Alba {number}": add(house.branch, house.contributor.pk, name),
            lambda name=f"ALBA {number}": add(house.region, house.regional.pk, name),
        )
        assert answers == ["done", "duplicate_authority"]
    assert audit.verify() is None


def test_nothing_enters_after_a_close_at_the_same_moment(on_file):
    house = factories.make_house()
    measures = [factories.indicator(f"RC{n}", offices=[house.branch]) for n in range(ROUNDS)]
    on_file()
    for measure in measures:
        PeriodWindow.objects.update(closed_at=None, closed_by=None)
        start = AuditEntry.objects.count()
        answers = at_once(
            lambda: periods.close_period(period=house.year, by=house.officer, at=NOW),
            lambda m=measure: entry.enter_figure(
                indicator=m,
                office=house.branch,
                period=house.year,
                typed=Typed(value="7"),
                language="en",
                by=house.contributor,
                at=NOW,
            ),
        )
        history = list(
            AuditEntry.objects.filter(number__gt=start).values_list("action", flat=True)
        )
        entered = Figure.objects.filter(indicator=measure).exists()
        assert (answers, history) == (
            (["done", "done"], ["enter figure", "close period"])
            if entered
            else (["done", "locked"], ["close period"])
        )
    assert audit.verify() is None
