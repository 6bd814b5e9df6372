"""Who is told of what is due, late, proposed or returned: each matter once, to the right people."""

from datetime import UTC, date, datetime, time

import evaluation_rows as rows
import factories
import pytest
from celery import current_app
from django.utils.translation import override
from factories import NOW, TODAY

from evaluations.models import Action, Recommendation
from evaluations.rules.reminding import reached
from evaluations.services import follow_ups, reminders
from evaluations.tasks import remind as task
from organization.models import Notice, Office, User

pytestmark = pytest.mark.django_db
DUE = date(2017, 6, 30)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(9, 0), tzinfo=UTC)


@pytest.fixture
def office() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def one(office: Office) -> Recommendation:
    evaluation = rows.evaluation("2-2016", state="published", report_number=2, report_year=2016)
    return rows.recommendation(evaluation, office=office)


@pytest.fixture
def action(one: Recommendation) -> Action:
    rows.answer(one)
    return rows.action(one, due_on=DUE)


def _told() -> list[tuple[str, str]]:
    found = Notice.objects.order_by("pk").values_list("recipient__name", "subject")
    return list(found)


class TestDays:
    @pytest.mark.parametrize(
        ("today", "step"),
        [
            (date(2017, 6, 15), None),
            (date(2017, 6, 16), -14),
            (date(2017, 6, 30), -14),
            (date(2017, 7, 1), 1),
            (date(2017, 7, 29), 1),
            (date(2017, 7, 30), 30),
            (date(2017, 9, 27), 30),
            (date(2017, 9, 28), 90),
            (date(2019, 1, 1), 90),
        ],
    )
    def test_the_reminder_reached_last(self, today: date, step: int | None) -> None:
        assert reached(DUE, today) == step


class TestActions:
    def test_the_owner_is_told_four_times_in_all(self, action: Action, office: Office) -> None:
        factories.person("Omar", contributor=office)
        days = [
            date(2017, 6, 16), date(2017, 6, 20), date(2017, 7, 1), date(2017, 7, 2),
            date(2017, 7, 30), date(2017, 9, 28), date(2017, 12, 1),
        ]  # fmt: skip
        assert [reminders.remind(at=_at(day)) for day in days] == [1, 0, 1, 0, 1, 1, 0]
        assert _told()[0] == (
            "Omar",
            "Due on 30 June 2017: action on recommendation 1, Evaluation Report 2/2016",
        )
        assert _told()[1] == ("Omar", "Late: action on recommendation 1, Evaluation Report 2/2016")
        notice = Notice.objects.order_by("pk")[1]
        assert "due on 30 June 2017, 1 day ago" in notice.text
        assert "Action 1" in notice.text
        assert notice.path == "/en/recommendations/2-2016-1/"

    def test_the_person_named_and_nobody_else_of_the_office(
        self, action: Action, office: Office
    ) -> None:
        named = factories.person("Nora", contributor=factories.office("ROAF"))
        factories.person("Omar", contributor=office)
        Action.objects.update(owner=named)
        reminders.remind(at=_at(DUE))
        assert [name for name, _subject in _told()] == ["Nora"]

    def test_contributors_and_approvers_where_nobody_is_named_or_left(
        self, action: Action, office: Office
    ) -> None:
        left = factories.person("Left", contributor=office)
        User.objects.filter(pk=left.pk).update(is_active=False)
        Action.objects.update(owner=left)
        both = factories.person("Both", contributor=office, approver=office)
        factories.person("Ada", approver=office)
        reminders.remind(at=_at(DUE))
        assert {name for name, _subject in _told()} == {both.name, "Ada"}
        assert Notice.objects.count() == 2

    @pytest.mark.parametrize(
        "phases",
        [["in_progress", "proposed"], ["overtaken"], ["in_progress", "proposed", "implemented"]],
    )
    def test_nobody_once_it_is_done_as_far_as_its_owner_goes(
        self, action: Action, office: Office, phases: list[str]
    ) -> None:
        factories.person("Omar", contributor=office)
        rows.follow_ups(action, phases)
        assert reminders.remind(at=_at(date(2017, 9, 28))) == 0

    def test_a_day_that_is_moved_begins_anew(self, action: Action, office: Office) -> None:
        factories.person("Omar", contributor=office)
        reminders.remind(at=_at(DUE))
        Action.objects.update(due_on=date(2017, 7, 5))
        assert reminders.remind(at=_at(DUE)) == 1

    def test_in_the_language_of_each(self, action: Action, office: Office) -> None:
        person = factories.person("Omar", contributor=office)
        User.objects.filter(pk=person.pk).update(language="fr")
        with override("ar"):
            reminders.remind(at=_at(DUE))
        assert Notice.objects.get().path == "/fr/recommendations/2-2016-1/"


class TestProposalsAndReturns:
    def test_a_proposal_goes_to_officers_who_may_verify_it(
        self, action: Action, office: Office
    ) -> None:
        unit = factories.office("EVU")
        owner = factories.person("Omar", contributor=office)
        factories.person("Eva", evaluation_officer=unit)
        factories.person("Barred", evaluation_officer=unit, approver=office)
        rows.follow_ups(action, ["in_progress"])
        follow_ups.propose(action=action, text="Done.", on=TODAY, seen_revision=0, by=owner, at=NOW)
        assert _told() == [
            ("Eva", "To be verified: action on recommendation 1, Evaluation Report 2/2016")
        ]
        assert reminders.remind(at=NOW) == 0

    def test_whoever_becomes_evaluation_officer_later_is_told_once(
        self, action: Action, office: Office
    ) -> None:
        owner = factories.person("Omar", contributor=office)
        rows.follow_ups(action, ["in_progress", "proposed"], by=owner)
        assert reminders.remind(at=NOW) == 0
        factories.person("Eva", evaluation_officer=factories.office("EVU"))
        assert [reminders.remind(at=NOW), reminders.remind(at=NOW)] == [1, 0]

    @pytest.mark.parametrize("name", ["send_back", "reopen"])
    def test_what_comes_back_goes_to_its_owner_with_the_reason(
        self, action: Action, office: Office, name: str
    ) -> None:
        factories.person("Omar", contributor=office)
        officer = factories.person("Eva", evaluation_officer=factories.office("EVU"))
        phases = ["in_progress", "proposed"] + (["implemented"] if name == "reopen" else [])
        rows.follow_ups(action, phases)
        Notice.objects.all().delete()
        for _time in range(2):
            getattr(follow_ups, name)(
                action=action, reason="No register.", on=TODAY, seen_revision=0, by=officer, at=NOW
            )
        notice = Notice.objects.get()
        assert notice.recipient.name == "Omar"
        assert "No register." in notice.text


class TestAnswers:
    @pytest.fixture(autouse=True)
    def _due(self, one: Recommendation) -> None:
        """A draft, so that its row can be changed: the report is there and not published."""
        draft = rows.evaluation(
            "draft", state="reported", response_due_on=DUE, title=factories.say("Draft of a study")
        )
        rows.recommendation(draft, office=one.office)
        rows.recommendation(draft, office=one.office)

    def test_approvers_are_told_once_for_all_of_an_office(self, office: Office) -> None:
        factories.person("Ada", approver=office)
        assert [reminders.remind(at=_at(DUE)) for _time in range(2)] == [1, 0]
        assert _told() == [
            ("Ada", "Due on 30 June 2017: answers to the recommendations of Draft of a study")
        ]
        notice = Notice.objects.get()
        assert "Their numbers: 1, 2." in notice.text
        assert notice.path == "/en/recommendations/draft-1/"

    def test_managers_where_no_approver_is_and_of_the_overall_response(self) -> None:
        unit = factories.office("OED")
        factories.person("Maria", manager=unit)
        evaluator = factories.person("Eva", manager=unit, evaluation_officer=unit)
        reminders.remind(at=_at(date(2017, 7, 1)))
        assert [subject for name, subject in _told() if name == "Maria"] == [
            "Late: answers to the recommendations of Draft of a study",
            "Late: management’s response to Draft of a study",
        ]
        assert not Notice.objects.filter(recipient=evaluator).exists()

    def test_nobody_once_all_is_answered(self, office: Office) -> None:
        factories.person("Ada", approver=office)
        for row in Recommendation.objects.all():
            rows.answer(row)
        assert reminders.remind(at=_at(DUE)) == 0

    def test_a_published_one_without_a_day_reminds_nobody(self, office: Office) -> None:
        factories.person("Ada", approver=office)
        reminders.remind(at=_at(DUE))
        assert Notice.objects.count() == 1


class TestTheClock:
    def test_the_task_stands_in_the_schedule_of_both_ways_of_running(self) -> None:
        scheduled = {
            one["task"]: one["schedule"] for one in current_app.conf.beat_schedule.values()
        }
        assert scheduled[task.name] == 3600.0

    def test_the_task_reminds(self, action: Action, office: Office) -> None:
        factories.person("Omar", contributor=office)
        task()
        assert Notice.objects.count() == 1

    def test_as_many_queries_for_ten_actions_as_for_two(
        self, one: Recommendation, office: Office, django_assert_max_num_queries
    ) -> None:
        factories.person("Omar", contributor=office)
        rows.answer(one)
        for _number in range(2):
            rows.action(one, due_on=DUE)
        with django_assert_max_num_queries(20) as few:
            reminders.remind(at=_at(DUE))
        for _number in range(10):
            rows.action(one, due_on=DUE)
        with django_assert_max_num_queries(20) as many:
            assert reminders.remind(at=_at(DUE)) == 10
        assert len(many.captured_queries) == len(few.captured_queries)
