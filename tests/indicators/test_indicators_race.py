"""Several people decide at the same moment, each on a connection of their own, on a real database.

On SQLite the threads work on a file: the database of the tests lies in memory, which Django's
threads would share without its locks.
"""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import factories
import pytest
from django.db import connection, connections

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Figure, PeriodWindow, Submission
from indicators.services import authorities, entry, periods, submissions
from indicators.services.authorities import NewAchievement
from indicators.services.entry import Typed
from organization.models import AuditEntry, User
from organization.services import audit

ROUNDS = 20
NOW = factories.NOW
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def on_file(tmp_path: Path, transactional_db: None) -> Iterator[Callable[[], None]]:
    """Called when the rows are made: lets new connections find them in a file (SQLite only)."""
    settings = connections.databases["default"]
    in_memory = settings["NAME"]
    kept = connection.connection

    def copy() -> None:
        if connection.vendor != "sqlite":
            return
        path = tmp_path / "race.sqlite3"
        with sqlite3.connect(path) as target:
            connection.connection.backup(target)
        target.close()
        settings["NAME"] = str(path)
        connection.connection = None
        connection.connect()

    yield copy
    if connection.connection is not kept and connection.vendor == "sqlite":
        connection.connection.close()
        connection.connection = kept
    settings["NAME"] = in_memory


def at_once(*actions: Callable[[], Any]) -> list[str]:
    """Runs the actions in threads that start together; what each answered, as a code."""
    barrier, answers = Barrier(len(actions)), [""] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait()
            action()
            answers[place] = "done"
        except RuleBroken as refusal:
            answers[place] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_two_approvers_approve_once(on_file):
    house = factories.make_house()
    waiting = [
        factories.submission(house.branch, year, state="submitted")
        for year in ("2014", "2015", "2016")
    ]
    on_file()
    for round_number in range(ROUNDS):
        row = waiting[round_number % len(waiting)]
        Submission.objects.filter(pk=row.pk).update(
            state="submitted", approved_by=None, approved_at=None
        )
        entries = AuditEntry.objects.count()
        answers = at_once(
            *(
                lambda who=who, row=row: submissions.approve(
                    submission=row, by=User.objects.get(pk=who), at=NOW
                )
                for who in (house.approver.pk, house.second_approver.pk, house.approver.pk)
            )
        )
        assert answers == ["done", "wrong_state", "wrong_state"]
        assert AuditEntry.objects.count() == entries + 1
        assert Submission.objects.get(pk=row.pk).state == "approved"
    assert audit.verify() is None


def test_approving_returning_and_withdrawing_leave_one_decision(on_file):
    house = factories.make_house()
    row = factories.submission(house.branch, state="submitted")
    factories.grant(row.submitted_by, "contributor", house.branch)
    stamps = {"submitted_by": row.submitted_by, "submitted_at": NOW}
    on_file()
    for _round in range(ROUNDS):
        Submission.objects.update(
            state="submitted", approved_by=None, approved_at=None, return_note="", **stamps
        )
        answers = at_once(
            lambda: submissions.approve(submission=row, by=house.approver, at=NOW),
            lambda: submissions.return_to_office(
                submission=row, by=house.second_approver, at=NOW, note="Explain."
            ),
            lambda: submissions.withdraw(submission=row, by=row.submitted_by, at=NOW),
        )
        assert answers == ["done", "wrong_state", "wrong_state"]
    assert AuditEntry.objects.count() == ROUNDS
    assert audit.verify() is None


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
