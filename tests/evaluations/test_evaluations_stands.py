"""What is kept of where recommendations stand is what follows from their history."""

from datetime import date

import evaluation_rows as rows
import factories
import pytest

from evaluations.models import Recommendation, Stand
from evaluations.queries.recommendations import one_recommended, recommended
from evaluations.services import stands

pytestmark = pytest.mark.django_db


def test_a_recommendation_on_three_days() -> None:
    one = rows.recommendation(rows.evaluation("2-2016", state="published"), office=factories.office())
    rows.answer(one, "partly", on=date(2016, 5, 1), reason="Half of it.")
    action = rows.action(one, due_on=date(2016, 9, 30), planned_on=date(2016, 5, 1))
    rows.follow_ups(action, ["in_progress", "proposed", "implemented"], day=date(2016, 11, 2))
    code = "2-2016-1"
    found = {
        day: one_recommended(code, Recommendation.objects.all(), on=day)
        for day in (date(2016, 4, 30), date(2016, 10, 10), date(2016, 11, 2))
    }
    assert [one.standing for one in found.values()] == ["awaiting", "not_started", "implemented"]
    assert [one.days_late for one in found.values()] == [None, 10, None]
    assert Stand.objects.get().closed_on == date(2016, 11, 2)
    assert stands.differing() == []


def test_a_kept_row_that_is_wrong_is_named() -> None:
    one = rows.recommendation(rows.evaluation(), office=factories.office())
    Stand.objects.update(standing="implemented")
    assert stands.differing() == [one.code]
    assert stands.refresh_all() == 1
    assert stands.differing() == []


def test_ten_recommendations_cost_the_queries_of_one(django_assert_num_queries) -> None:
    office = factories.office()
    for _number in range(10):
        one = rows.recommendation(rows.evaluation(), office=office)
        rows.answer(one)
        rows.follow_ups(rows.action(one), ["in_progress"])
    with django_assert_num_queries(5):
        assert len(recommended(Recommendation.objects.all(), on=date(2020, 1, 1))) == 10
