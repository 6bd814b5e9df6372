"""Several people decide at the same moment, each on a connection of their own, on a real database.

On SQLite the threads work on a file: the database of the tests lies in memory, which Django's
threads would share without its locks.
"""

from itertools import pairwise

import factories
import pytest
from racing import at_once

from indicators.models import Figure, PeriodWindow, Submission
from indicators.services import authorities, entry, periods, submissions
from indicators.services.authorities import NewAchievement
from indicators.services.entry import Typed
from organization.models import AuditEntry, User
from organization.services import audit

NOW = factories.NOW
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.drill
def test_the_same_form_sent_twice_makes_one_figure(on_file, rounds, tell):
    house = factories.make_house()
    measure = factories.indicator("RA1", offices=[house.branch])
    on_file()

    def send(number, version):
        return entry.enter_figure(
            indicator=measure,
            office=house.branch,
            period=house.year,
            typed=Typed(value=str(number), version=version),
            language="en",
            by=User.objects.get(pk=house.contributor.pk),
            at=NOW,
        )

    times = rounds(20, 1000)
    for number in range(times):
        answers = at_once(*(lambda n=number: send(n, n) for _time in range(3)))
        assert answers == ["done", "done", "done"]
        kept = Figure.objects.get()
        assert (kept.value, kept.version) == (number, number + 1)
    assert AuditEntry.objects.count() == times
    assert audit.verify() is None
    tell(f"check 32: {times} forms sent three times at once, {times} figures written")


@pytest.mark.drill
def test_of_several_people_on_one_cell_one_is_kept_and_the_others_are_told(on_file, rounds, tell):
    house = factories.make_house()
    people = [factories.person(name, contributor=house.branch) for name in ("Gil", "Hal", "Ida")]
    measure = factories.indicator("RA1", offices=[house.branch])
    on_file()

    def send(number, person):
        return entry.enter_figure(
            indicator=measure,
            office=house.branch,
            period=house.year,
            typed=Typed(value=f"{number}.{person.pk}", version=number),
            language="en",
            by=User.objects.get(pk=person.pk),
            at=NOW,
        )

    times = rounds(20, 1000)
    for number in range(times):
        answers = at_once(*(lambda n=number, who=who: send(n, who) for who in people))
        assert answers == ["changed_elsewhere", "changed_elsewhere", "done"]
    accepted = list(AuditEntry.objects.order_by("number").values_list("changes", flat=True))
    assert len(accepted) == times == Figure.objects.get().version
    assert all(old["value"][1] == new["value"][0] for old, new in pairwise(accepted))
    assert audit.verify() is None
    tell(f"check 33: {times} times three people at once, {times} kept, {2 * times} told of it")


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


@pytest.mark.drill
def test_nothing_enters_after_a_close_at_the_same_moment(on_file, rounds, tell):
    house = factories.make_house()
    measure = factories.indicator("RC1", offices=[house.branch])
    on_file()

    def enter(number):
        return entry.enter_figure(
            indicator=measure,
            office=house.branch,
            period=house.year,
            typed=Typed(value=str(number)),
            language="en",
            by=house.contributor,
            at=NOW,
        )

    times, before_close = rounds(20, 1000), 0
    for number in range(1, times + 1):
        PeriodWindow.objects.update(closed_at=None, closed_by=None)
        start = AuditEntry.objects.count()
        answers = at_once(
            lambda: periods.close_period(period=house.year, by=house.officer, at=NOW),
            lambda n=number: enter(n),
        )
        history = list(
            AuditEntry.objects.filter(number__gt=start).values_list("action", flat=True)
        )
        entered = Figure.objects.filter(value=number).exists()
        assert (answers, history) == (
            (["done", "done"], ["enter figure", "close period"])
            if entered
            else (["done", "locked"], ["close period"])
        )
        before_close += entered
    assert audit.verify() is None
    tell(f"check 32: {times} entries at the moment of a close, {before_close} before, 0 after it")


@pytest.mark.drill
def test_nothing_is_submitted_after_a_close_at_the_same_moment(on_file, rounds, tell):
    house = factories.make_house()
    on_file()
    times, before_close = rounds(20, 1000), 0
    for _round in range(times):
        PeriodWindow.objects.update(closed_at=None, closed_by=None)
        Submission.objects.update(state="draft", submitted_at=None, submitted_by=None)
        start = AuditEntry.objects.count()
        answers = at_once(
            lambda: periods.close_period(period=house.year, by=house.officer, at=NOW),
            lambda: submissions.submit(
                office=house.branch, period=house.year, by=house.contributor, at=NOW
            ),
        )
        history = list(
            AuditEntry.objects.filter(number__gt=start).values_list("action", flat=True)
        )
        submitted = Submission.objects.filter(state="submitted").exists()
        assert (answers, history) == (
            (["done", "done"], ["submit submission", "close period"])
            if submitted
            else (["done", "locked"], ["close period"])
        )
        before_close += submitted
    assert audit.verify() is None
    tell(f"check 32: {times} submissions at the moment of a close, {before_close} before, 0 after")
