"""What reports read of evaluations: as of a day, for every reader, in a fixed number of queries."""

from datetime import UTC, date, datetime

import evaluation_rows as rows
import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluations.models import Evaluation, FollowUp, Recommendation
from evaluations.permissions import may_see
from evaluations.queries.recorded import RecordedLater, recorded_since
from evaluations.queries.reported import public_by, public_since, reported
from evaluations.rules.tallies import open_by_band, responses, tally
from evaluations.services import lessons

NOON = datetime(2018, 3, 1, 12, 0, tzinfo=UTC)
LAST = date(2017, 12, 31)


@pytest.fixture
def year(db):
    return factories.period("2017")


def published(number: int, **fields) -> Evaluation:
    given = {"report_number": number, "report_year": 2017, "published_on": date(2017, 5, 1)}
    return rows.evaluation(f"{number}-2017", state="published", **(given | fields))


def codes(found) -> list[str]:
    return [one.evaluation.code for one in found]


class TestPublic:
    @pytest.mark.parametrize(
        ("fields", "since"),
        [
            ({}, date(2017, 5, 1)),
            ({"published_on": date(2017, 12, 31)}, date(2017, 12, 31)),
            ({"embargo_until": date(2017, 7, 1)}, date(2017, 7, 1)),
            ({"embargo_until": date(2017, 2, 1)}, date(2017, 5, 1)),
            ({"published_on": None}, date(2017, 12, 31)),
            ({"published_on": None, "embargo_until": date(2018, 2, 1)}, date(2018, 2, 1)),
        ],
    )
    def test_since_the_day_on_which_both_publication_and_embargo_allow_it(
        self, year, fields, since
    ):
        one = published(1, **fields)
        assert public_since(one) == since
        assert Evaluation.objects.filter(public_by(since)).exists()
        assert not Evaluation.objects.filter(public_by(date.fromordinal(since.toordinal() - 1)))

    @pytest.mark.parametrize("state", ["planned", "prepared", "under_way", "reported", "cancelled"])
    def test_never_in_any_other_state(self, year, state):
        rows.evaluation(state=state, published_on=date(2017, 1, 1), report_year=2017)
        assert reported(year).evaluations == ()

    def test_never_what_a_reader_without_any_role_may_not_see(self, year):
        held = published(1, embargo_until=date(2018, 1, 1))
        free = published(2, embargo_until=LAST)
        assert codes(reported(year).evaluations) == ["2-2017"]
        assert [may_see(AnonymousUser(), one, on=LAST) for one in (held, free)] == [False, True]

    def test_in_the_order_of_publication_whatever_the_database_sorts(self, year):
        published(3, published_on=date(2017, 2, 1))
        published(1, published_on=None)
        published(2)
        rows.evaluation(
            "none", state="published", report_number=None, report_year=2017,
            published_on=date(2017, 5, 1),
        )  # fmt: skip
        assert codes(reported(year).evaluations) == ["3-2017", "none", "2-2017", "1-2017"]


class TestReported:
    def test_reads_recommendations_of_public_evaluations_alone(self, year):
        office = factories.office()
        seen = rows.recommendation(published(1), office=office)
        rows.recommendation(rows.evaluation(state="reported"), office=office)
        rows.recommendation(published(2, embargo_until=date(2018, 6, 1)), office=office)
        found = reported(year).recommendations
        assert [one.recommendation for one in found] == [seen]

    def test_moment_is_that_of_the_last_record_that_counts(self, year):
        one = rows.recommendation(published(1), office=factories.office())
        action = rows.action(one)
        assert reported(year).changed_at == factories.NOW
        for day, at in ((LAST, NOON), (date(2018, 1, 1), NOON.replace(month=4))):
            FollowUp.objects.create(
                action=action, number=action.follow_ups.count() + 1, kind="progress",
                before=action.state, after=action.state, on=day, at=at,
            )  # fmt: skip
        assert reported(year).changed_at == NOON

    def test_takes_eleven_queries_for_none_and_for_many(self, year, django_assert_num_queries):
        office, area = factories.office(), factories.focus_area()
        one = published(1)
        rows.scope(one, focus_area=area)
        rows.lesson(evaluation=one).focus_areas.add(area)
        rows.action(rows.recommendation(one, office=office))
        with django_assert_num_queries(11):
            reported(year)
        for number in range(2, 12):
            more = published(number)
            rows.scope(more, focus_area=area)
            rows.lesson(evaluation=more).focus_areas.add(area)
            rows.follow_ups(rows.action(rows.recommendation(more, office=office)), ["in_progress"])
        with django_assert_num_queries(11):
            reported(year)

    def test_a_lesson_of_what_is_not_public_is_not_read(self, year):
        rows.lesson("Held", evaluation=published(1, embargo_until=date(2018, 6, 1)))
        rows.lesson("Draft", evaluation=published(2), state="draft")
        seen = rows.lesson("Seen", evaluation=published(3))
        assert [one.lesson for one in reported(year).lessons] == [seen]

    def test_a_lesson_retired_later_was_in_force_before(self, year):
        lesson = rows.lesson(evaluation=published(1))
        officer = factories.person("Vera", evaluation_officer=factories.office("EVU"))
        lessons.retire(
            lesson=lesson, reason="Wrong.", seen_revision=lesson.revision, by=officer, at=NOON
        )
        assert reported(year).lessons == ()
        assert len(reported(year, known_by=NOON.replace(hour=11)).lessons) == 1
        assert reported(year, known_by=NOON).lessons == ()
        assert reported(year, known_by=factories.NOW.replace(year=2016)).lessons == ()


STEPS = st.lists(
    st.tuples(st.sampled_from(["in_progress", "proposed", "implemented", "overtaken"]),
              st.dates(date(2017, 1, 16), date(2018, 12, 31))),
    max_size=5,
)  # fmt: skip


class TestAnyHistory:
    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(histories=st.lists(STEPS, min_size=1, max_size=3))
    def test_of_the_year_is_the_same_without_all_that_came_after_it(self, year, histories):
        evaluation = published(next(factories.numbers) + 100)
        office = factories.office()
        for steps in histories:
            one = rows.recommendation(evaluation, office=office)
            rows.answer(one, on=date(2017, 1, 20))
            action = rows.action(one, due_on=date(2017, 6, 30), planned_on=date(2017, 1, 20))
            for phase, day in sorted(steps, key=lambda step: step[1]):
                rows.follow_ups(action, [phase], day=day)
        mine = [
            one.counted()
            for one in reported(year).recommendations
            if one.recommendation.evaluation == evaluation
        ]
        expected = [
            ([phase for phase, day in sorted(steps, key=lambda step: step[1]) if day <= LAST]
             or ["not_started"])[-1].replace("proposed", "to_verify")
            for steps in histories
        ]  # fmt: skip
        assert [str(one.standing) for one in mine] == expected
        counts = tally(mine)
        lines = responses(counts)
        assert sum(open_by_band(counts).values()) == (
            lines["all"].open + lines["all"].to_verify
        )
        for line in lines.values():
            assert line.given == line.closed + line.open + line.to_verify


class TestRecordedLater:
    def test_tells_what_was_recorded_after_a_moment_by_evaluation_and_day(self, year):
        office = factories.office()
        old = published(1)
        first = rows.recommendation(old, office=office)
        second = rows.recommendation(old, office=office)
        assert recorded_since(factories.NOW) == []
        new = published(2, published_at=NOON)
        for one in (first, second):
            action = rows.action(one)
            FollowUp.objects.create(
                action=action, number=1, kind="progress", before=action.state, after=action.state,
                on=date(2017, 6, 1), at=NOON,
            )  # fmt: skip
        assert recorded_since(factories.NOW) == [
            RecordedLater("published", new, 2017, NOON),
            RecordedLater("followed", old, 2017, NOON, (1, 2)),
        ]

    def test_counts_from_the_year_in_which_the_evaluation_was_public(self, year):
        held = published(1, embargo_until=date(2018, 2, 1))
        rows.answer(rows.recommendation(held, office=factories.office()), on=date(2017, 6, 1))
        found = recorded_since(factories.NOW.replace(year=2016))
        assert {one.what: one.year for one in found} == {
            "published": 2018,
            "recommended": 2018,
            "followed": 2018,
        }

    def test_is_silent_about_what_is_not_published(self, year):
        draft = rows.evaluation(state="reported")
        rows.answer(rows.recommendation(draft, office=factories.office()))
        assert Recommendation.objects.count() == 1
        assert recorded_since(factories.NOW.replace(year=2016)) == []

    def test_takes_five_queries(self, year, django_assert_num_queries):
        for number in range(1, 6):
            one = rows.recommendation(published(number), office=factories.office())
            rows.answer(one)
            rows.follow_ups(rows.action(one), ["in_progress"])
        with django_assert_num_queries(5):
            recorded_since(factories.NOW.replace(year=2016))
