"""What evaluations ask of a person stands on "My work", and only on that of the right person."""

from datetime import date, timedelta

import evaluation_rows as rows
import factories
import pytest
from django.contrib.auth.models import AnonymousUser

from evaluations.queries.waiting import asked_of

pytestmark = pytest.mark.django_db
DAY = date(2017, 6, 1)


def test_the_office_is_asked_of_actions_due_within_thirty_days_and_of_late_ones(house) -> None:
    one = rows.recommendation(rows.evaluation(state="published"), office=house.branch)
    late = rows.action(one, due_on=DAY - timedelta(days=3))
    soon = rows.action(one, due_on=DAY + timedelta(days=30))
    rows.action(one, due_on=DAY + timedelta(days=31))
    rows.action(one, due_on=DAY, office=factories.office())
    done = rows.action(one, due_on=DAY)
    rows.follow_ups(done, ["in_progress", "proposed"])
    assert asked_of(house.contributor, on=DAY).actions == [(late, 3), (soon, 0)]
    assert not asked_of(factories.person(contributor=factories.office()), on=DAY).is_anything


def test_five_actions_are_named_and_the_others_counted(house) -> None:
    one = rows.recommendation(rows.evaluation(state="published"), office=house.branch)
    for number in range(7):
        rows.action(one, due_on=DAY - timedelta(days=number))
    asked = asked_of(house.contributor, on=DAY)
    assert [late for _action, late in asked.actions] == [6, 5, 4, 3, 2]
    assert asked.more == 2


def test_the_unit_is_asked_to_verify_what_others_own(house) -> None:
    unit = factories.office("EVU", kind="unit")
    officer = factories.person(evaluation_officer=unit)
    one = rows.recommendation(rows.evaluation(state="published"), office=house.branch)
    rows.follow_ups(rows.action(one), ["in_progress", "proposed"])
    rows.follow_ups(rows.action(one, owner=officer), ["in_progress", "proposed"])
    assert asked_of(officer, on=DAY).to_verify == 1
    assert asked_of(house.contributor, on=DAY).to_verify == 0


def test_management_is_asked_for_answers_of_its_office_and_managers_for_all(house) -> None:
    manager = factories.person(manager=factories.office())
    for state in ("published", "reported", "under_way"):
        rows.recommendation(rows.evaluation(state=state), office=house.branch)
    rows.recommendation(rows.evaluation(state="published"), office=factories.office())
    assert asked_of(house.approver, on=DAY).to_answer == 2
    assert asked_of(manager, on=DAY).to_answer == 3
    assert asked_of(house.contributor, on=DAY).to_answer == 0


@pytest.mark.parametrize("role", ["", "committee"])
def test_nothing_is_asked_of_strangers_and_delegates(role: str, house) -> None:
    user = factories.person(**{role: factories.office()}) if role else AnonymousUser()
    rows.action(rows.recommendation(rows.evaluation(), office=house.branch), due_on=DAY)
    assert not asked_of(user, on=DAY).is_anything
