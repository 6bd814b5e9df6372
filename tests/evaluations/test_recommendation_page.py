"""The page of one recommendation: what it says, to whom, and in as many queries for any history."""

from datetime import date, timedelta

import evaluation_rows as rows
import factories
import pytest
from django.test import Client
from django.utils import timezone
from factories import NOW, TODAY

from evaluations.models import Evaluation, FollowUp, FollowUpEvidence, Recommendation
from evaluations.pages.recommendation import age, heading
from evaluations.queries.follow_ups import history
from evaluations.queries.recommendations import recommended
from organization.models import Office, User

pytestmark = pytest.mark.django_db
PAGE = "/en/recommendations/2-2016-1/"


@pytest.fixture
def office() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def one(office: Office) -> Recommendation:
    evaluation = rows.evaluation("2-2016", state="published", report_number=2, report_year=2016)
    return rows.recommendation(evaluation, office=office, text="Hold one register")


def _history(one: Recommendation, owner: User) -> None:
    """Answered, planned and reported, with evidence, a day moved, and names."""
    rows.answer(one, by=owner)
    action = rows.action(one, owner=owner)
    rows.follow_ups(action, ["in_progress"], by=owner)
    entry = action.follow_ups.get()
    FollowUp.objects.create(
        action=action, number=2, kind="progress", before=entry.after, after=entry.after,
        text="Secret progress.", reason="", on=TODAY, at=NOW, by=owner,
    )  # fmt: skip
    FollowUpEvidence.objects.create(
        follow_up=entry, title="Secret minutes", link="https://example.org/minutes",
        added_at=NOW, added_by=owner,
    )  # fmt: skip


def _heading(one: Recommendation, on: date) -> str:
    (found,) = recommended(Recommendation.objects.filter(pk=one.pk), on=on)
    return heading(found)


class TestHeading:
    def test_before_an_answer_and_after_a_rejection(self, one: Recommendation) -> None:
        assert _heading(one, TODAY) == "Management has not answered this recommendation yet"
        rows.answer(one, "rejected")
        assert _heading(one, TODAY) == "Management rejected this recommendation"

    def test_from_the_plan_to_the_end(self, one: Recommendation) -> None:
        rows.answer(one)
        assert _heading(one, TODAY) == "Accepted, but nothing is planned yet"
        action = rows.action(one, due_on=date(2017, 6, 30))
        assert _heading(one, TODAY) == "Accepted; work is due on 30 June 2017 and has not begun"
        assert _heading(one, date(2017, 7, 1)) == "Work has not begun and is 1 day late"
        rows.follow_ups(action, ["in_progress"])
        assert _heading(one, date(2017, 6, 30)) == "Work is under way, due on 30 June 2017"
        assert _heading(one, date(2017, 11, 2)) == "Work is under way and 125 days late"
        rows.follow_ups(action, ["proposed"])
        assert _heading(one, TODAY) == "Done, as its owner says; nobody has verified it yet"
        rows.follow_ups(action, ["implemented"])
        assert _heading(one, TODAY) == "Implemented, and verified on 16 January 2017"

    def test_what_events_overtook(self, one: Recommendation) -> None:
        rows.answer(one)
        rows.follow_ups(rows.action(one), ["overtaken"])
        assert _heading(one, TODAY) == "Closed without being carried out: events overtook it"

    @pytest.mark.parametrize(
        ("due_on", "words"),
        [
            (TODAY - timedelta(days=398), "398 days late"),
            (TODAY - timedelta(days=1), "1 day late"),
            (TODAY, "due today"),
            (TODAY + timedelta(days=1), "1 day left"),
            (None, "No day named"),
        ],
    )
    def test_its_age(self, due_on: date | None, words: str) -> None:
        assert age(due_on, TODAY, is_open=True) == words
        assert age(due_on, TODAY, is_open=False) == ""


class TestWhoSeesWhat:
    def test_the_public_sees_answer_and_actions_and_no_names_or_reports(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _history(one, factories.person("Omar Named", contributor=office))
        page = client.get(PAGE)
        text = page.content.decode()
        assert page.status_code == 200
        for told in ("Hold one register", "We agree.", "Action 1", "30 June 2017", "in progress"):
            assert told in text
        for kept in ("Omar Named", "Secret progress", "Secret minutes", "/actions/", "/answer/"):
            assert kept not in text

    def test_a_delegation_sees_what_the_public_sees(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _history(one, factories.person("Omar Named", contributor=office))
        client.force_login(factories.person("D", committee=factories.office("XX", kind="mission")))
        text = client.get(PAGE).content.decode()
        assert "We agree." in text
        assert "Secret progress" not in text
        assert "Omar Named" not in text

    def test_the_secretariat_reads_the_reports_and_evidence(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        _history(one, factories.person("Omar Named", contributor=office))
        client.force_login(factories.person("R", report_editor=factories.office("ERS")))
        text = client.get(PAGE).content.decode()
        for told in ("Omar Named", "Secret progress.", "Secret minutes"):
            assert told in text

    def test_what_a_session_saw_is_not_kept_for_strangers(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        owner = factories.person("Omar Named", contributor=office)
        _history(one, owner)
        inside = Client()
        inside.force_login(owner)
        assert "Omar Named" in inside.get(PAGE).content.decode()
        assert "Omar Named" not in client.get(PAGE).content.decode()

    @pytest.mark.parametrize("path", ["", "answer/", "actions/new/", "actions/1/verify/"])
    def test_what_is_not_published_is_not_there_for_delegations(
        self, client: Client, office: Office, path: str
    ) -> None:
        rows.recommendation(rows.evaluation("draft", state="reported"), office=office)
        held = rows.evaluation(
            "held", state="published", embargo_until=timezone.localdate() + timedelta(days=1)
        )
        rows.recommendation(held, office=office)
        client.force_login(factories.person("D", committee=factories.office("XX", kind="mission")))
        for code in ("draft-1", "held-1", "nothing-1"):
            assert client.get(f"/en/recommendations/{code}/{path}").status_code == 404

    def test_nor_for_the_public(self, client: Client, office: Office) -> None:
        rows.recommendation(rows.evaluation("draft", state="reported"), office=office)
        assert client.get("/en/recommendations/draft-1/").status_code == 404
        assert client.get("/en/recommendations/draft-1/answer/").status_code == 302

    @pytest.mark.parametrize(
        "code", ["2-2016-0", "2-2016-2", "2-2016-99999", "2-2016", "-", "1", "2-2016-٢"]
    )
    def test_an_address_of_nothing_is_not_found(
        self, client: Client, one: Recommendation, code: str
    ) -> None:
        assert client.get(f"/en/recommendations/{code}/").status_code == 404

    def test_illustrative_ones_say_so(self, client: Client, office: Office) -> None:
        real = rows.evaluation("2-2016", state="published")
        rows.recommendation(real, office=office, illustrative=True)
        text = client.get(PAGE).content.decode()
        assert text.count("Illustrative") >= 2

    def test_real_ones_do_not(self, client: Client, one: Recommendation) -> None:
        assert "Illustrative" not in client.get(PAGE).content.decode()

    def test_earlier_answers_are_for_the_secretariat(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        rows.answer(one, "rejected", reason="No money at all.")
        rows.answer(one, "accepted", changed_why="A donor came.")
        assert "No money at all." not in client.get(PAGE).content.decode()
        client.force_login(factories.person("R", report_editor=office))
        text = client.get(PAGE).content.decode()
        assert "No money at all." in text
        assert "A donor came." in text


class TestSteps:
    def _links(self, client: Client, user: User) -> set[str]:
        client.force_login(user)
        text = client.get(PAGE).content.decode()
        steps = ("report", "propose", "evidence", "verify", "return", "overtake", "reopen", "due")
        return {step for step in steps if f"{PAGE}actions/1/{step}/" in text}

    @pytest.mark.parametrize(
        ("role", "phases", "steps"),
        [
            ("contributor", [], {"report"}),
            ("contributor", ["in_progress"], {"report", "propose", "evidence"}),
            ("contributor", ["in_progress", "proposed"], {"report", "evidence"}),
            ("contributor", ["overtaken"], set()),
            ("evaluation_officer", [], {"overtake"}),
            ("evaluation_officer", ["in_progress", "proposed"], {"verify", "return", "overtake"}),
            ("evaluation_officer", ["overtaken"], {"reopen"}),
            ("manager", ["in_progress"], {"due"}),
            ("approver", ["in_progress"], {"report", "propose", "evidence", "due"}),
            ("report_editor", ["in_progress"], set()),
        ],
    )
    def test_each_is_offered_what_the_services_let_them_do(
        self,
        client: Client,
        one: Recommendation,
        role: str,
        phases: list[str],
        steps: set[str],
    ) -> None:
        rows.answer(one)
        rows.follow_ups(rows.action(one), phases)
        user = factories.person("Somebody", **{role: one.office})
        assert self._links(client, user) == steps
        for step in ("report", "propose", "evidence", "verify", "return", "overtake", "due"):
            status = client.get(f"{PAGE}actions/1/{step}/").status_code
            assert status == 200 if step in steps else status in {200, 403}

    def test_an_officer_who_owns_the_action_is_offered_no_verification(
        self, client: Client, one: Recommendation, office: Office
    ) -> None:
        rows.answer(one)
        officer = factories.person("Eva", evaluation_officer=factories.office("EVU"))
        rows.follow_ups(rows.action(one, owner=officer), ["in_progress", "proposed"])
        assert self._links(client, officer) == {"report", "evidence"}
        assert client.get(f"{PAGE}actions/1/verify/").status_code == 403
        today = timezone.localdate().isoformat()
        sent = {"seen": "0", "on": today, "text": "Fine."}
        assert client.post(f"{PAGE}actions/1/verify/", sent).status_code == 403
        assert Recommendation.objects.get().stand.standing == "to_verify"


@pytest.mark.parametrize("role", ["", "contributor", "evaluation_officer"])
def test_as_many_queries_for_a_long_history_as_for_a_short_one(
    one: Recommendation, office: Office, django_assert_num_queries, client: Client, role: str
) -> None:
    owner = factories.person("Omar", contributor=office)
    user = factories.person("Reader", **{role: office}) if role else None
    if user:
        client.force_login(user)
    _history(one, owner)
    with django_assert_num_queries(11 if user else 7) as few:
        client.get(PAGE)
    for _number in range(6):
        action = rows.action(one, owner=owner)
        rows.follow_ups(action, ["in_progress", "proposed", "implemented"], by=owner)
        FollowUpEvidence.objects.create(
            follow_up=action.follow_ups.all()[0], title="Minutes", link="https://example.org",
            added_at=NOW, added_by=owner,
        )  # fmt: skip
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(PAGE + "?again")


def test_the_history_of_an_evaluation_that_is_hidden_is_none(one: Recommendation) -> None:
    officer = factories.person("Eva", evaluation_officer=factories.office("EVU"))
    assert history("2-2016-1", officer, on=TODAY) is not None
    assert Evaluation.objects.count() == 1
    assert history("2-2016-9", officer, on=TODAY) is None
