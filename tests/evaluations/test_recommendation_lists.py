"""Lists of recommendations: what each row would do, and what is saved when somebody confirms."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import evaluation_rows as rows
import factories
import pytest
from django.utils import translation
from table_files import workbook

from evaluations.models import (
    Action,
    Amendment,
    Answer,
    Evaluation,
    FollowUp,
    Recommendation,
    RecommendationList,
    Stand,
)
from evaluations.permissions import offices_of
from evaluations.services import follow_ups, imports, recommendations, responses, stands
from evaluations.services.list_columns import SHEET
from evaluations.services.list_judging import Judged, judge
from evaluations.services.list_reading import read_list
from evaluations.services.recorded import record
from evaluations.services.told import Told, ToldAction, ToldStep
from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AuditEntry, Office, User

pytestmark = pytest.mark.django_db
AT = datetime(2018, 2, 2, 9, 0, tzinfo=UTC)
HEADINGS = (
    "Evaluation", "Number", "Recommendation", "Office", "Priority", "Response", "Reason",
    "Answered on", "Action", "Office of the action", "Due on", "State", "Closed on",
)  # fmt: skip
PLAIN = ("2/2017", "1", "Keep a register.", "QAU")
WHOLE = (
    "2/2017", "4", "Keep a register.", "QAU", "high", "accepted", "", "2017-06-01",
    "Write one definition.", "", "2017-09-30", "implemented", "2017-10-02",
)  # fmt: skip


@pytest.fixture
def officer() -> User:
    return factories.person("Eva", evaluation_officer=factories.office("EVU", kind="unit"))


@pytest.fixture
def quality() -> Office:
    return factories.office("QAU", kind="unit")


@pytest.fixture
def midterm() -> Evaluation:
    rows.states()
    return rows.evaluation(
        "2-2017",
        state="published",
        report_number=2,
        report_year=2017,
        published_on=date(2017, 5, 2),
        completed_on=date(2017, 4, 30),
    )


def text_file(*given: Sequence[str], headings: Sequence[str] = HEADINGS) -> bytes:
    """A list as delimited text."""
    lines = ["\t".join(line) for line in (headings, *given)]
    return "\n".join(lines).encode()


def sent(content: bytes, by: User, language: str = "en", **given: Any) -> RecommendationList:
    fields = {"file_name": "list.csv", "at": AT} | given
    return imports.receive(content=content, language=language, by=by, **fields)


def judged(content: bytes, by: User, language: str = "en") -> list[Judged]:
    lines = read_list(content, name="list.csv", language=language).lines
    return list(judge(lines, language=language, by=by, on=AT.date()).rows)


def refusal(given: Sequence[str], by: User) -> tuple[str, str]:
    """The column of a row that is refused, and what to do."""
    (one,) = judged(text_file(given), by)
    assert one.state == "refused", one
    return one.column, one.sentence


def confirmed(found: RecommendationList, by: User, **given: Any) -> RecommendationList:
    seen = imports.preview(found=found, by=by, at=AT).fingerprint
    fields = {"seen": seen, "only_right": False, "at": AT} | given
    return imports.confirm(found=found, by=by, **fields)


class TestSaving:
    def test_a_whole_row_becomes_recommendation_answer_action_and_its_closure(
        self, midterm, officer, quality
    ):
        found = confirmed(sent(text_file(WHOLE), officer), officer)
        assert found.state == "done"
        assert found.counts["new"] == 1
        one = Recommendation.objects.get()
        assert (one.code, one.priority, one.state, one.illustrative) == (
            "2-2017-4", "high", "published", False,
        )  # fmt: skip
        answer, action = Answer.objects.get(), Action.objects.get()
        assert (answer.decision, answer.on) == ("accepted", date(2017, 6, 1))
        assert (action.due_on, action.planned_on, action.state.phase, action.revision) == (
            date(2017, 9, 30), date(2017, 6, 1), "implemented", 3,
        )  # fmt: skip
        steps = FollowUp.objects.values_list("kind", "on", "by__name")
        assert list(steps) == [
            ("progress", date(2017, 10, 2), None),
            ("proposed", date(2017, 10, 2), None),
            ("verified", date(2017, 10, 2), "Eva"),
        ]
        stand = Stand.objects.get()
        assert (stand.standing, stand.closed_on) == ("implemented", date(2017, 10, 2))
        assert stands.differing() == []

    def test_several_rows_are_several_actions_of_one_recommendation(
        self, midterm, officer, quality
    ):
        second = ("2/2017", "4", "", "", "", "", "", "", "Publish it.", "", "2018-12-31", "", "")
        confirmed(sent(text_file(WHOLE, second), officer), officer)
        assert Recommendation.objects.count() == 1
        assert [one.state.phase for one in Action.objects.order_by("number")] == [
            "implemented", "not_started",
        ]  # fmt: skip
        assert Stand.objects.get().standing == "in_progress"

    def test_a_list_says_so_in_the_trail_and_in_the_published_evaluation(
        self, midterm, officer, quality
    ):
        confirmed(sent(text_file(WHOLE, PLAIN), officer), officer)
        actions = AuditEntry.objects.order_by("number").values_list("action", flat=True)
        assert list(actions) == [
            "upload list of recommendations",
            "add recommendation (as recorded)",
            "add recommendation (as recorded)",
            "answer recommendation (as recorded)",
            "plan action (as recorded)",
            "follow up (as recorded)",
            "amend evaluation",
            "save list of recommendations",
        ]
        assert "2 recommendations were added" in str(Amendment.objects.get().text)

    def test_the_same_rows_later_change_nothing(self, midterm, officer, quality):
        confirmed(sent(text_file(WHOLE, PLAIN), officer), officer)
        again = sent(text_file(PLAIN, WHOLE), officer)
        assert {key: again.counts[key] for key in ("new", "unchanged", "refused")} == {
            "new": 0, "unchanged": 2, "refused": 0,
        }  # fmt: skip
        with pytest.raises(RuleBroken, match="nothing to save"):
            confirmed(again, officer)

    def test_a_later_list_adds_the_answer_to_a_recommendation_that_is_there(
        self, midterm, officer, quality
    ):
        confirmed(sent(text_file(PLAIN), officer), officer)
        rejected = (*PLAIN, "", "rejected", "It costs too much.")
        confirmed(sent(text_file(rejected), officer), officer)
        assert Recommendation.objects.count() == 1
        assert str(Answer.objects.get().reason) == "It costs too much."
        assert Stand.objects.get().standing == "rejected"
        assert Amendment.objects.count() == 1

    def test_an_answer_without_a_day_is_of_the_day_of_the_report(self, midterm, officer, quality):
        confirmed(sent(text_file((*PLAIN, "", "accepted")), officer), officer)
        assert Answer.objects.get().on == date(2017, 5, 2)

    def test_refused_rows_are_left_out_only_if_the_person_says_so(self, midterm, officer, quality):
        found = sent(text_file(PLAIN, ("9/2099", "1", "Do it.", "QAU")), officer)
        with pytest.raises(RuleBroken) as caught:
            confirmed(found, officer)
        assert caught.value.code == "rows_refused"
        assert not Recommendation.objects.exists()
        done = confirmed(found, officer, only_right=True)
        assert Recommendation.objects.count() == 1
        assert [line["state"] for line in done.lines] == ["new", "refused"]

    def test_what_changed_after_the_preview_is_shown_before_anything_is_saved(
        self, midterm, officer, quality
    ):
        found = sent(text_file(PLAIN, WHOLE), officer)
        seen = imports.preview(found=found, by=officer, at=AT).fingerprint
        rows.recommendation(midterm, office=quality, number=4, text="Something else")
        with pytest.raises(RuleBroken) as caught:
            imports.confirm(found=found, seen=seen, only_right=False, by=officer, at=AT)
        assert caught.value.code == "changed_elsewhere"
        assert Recommendation.objects.count() == 1

    def test_a_file_is_saved_once(self, midterm, officer, quality):
        content = text_file(PLAIN)
        found = confirmed(sent(content, officer), officer)
        with pytest.raises(RuleBroken) as caught:
            confirmed(found, officer)
        assert caught.value.code == "list_over"
        with pytest.raises(RuleBroken) as caught:
            sent(content, officer, file_name="again.csv")
        assert caught.value.code == "file_known"
        assert Recommendation.objects.count() == 1

    def test_a_file_that_waits_is_not_read_twice(self, midterm, officer, quality):
        first = sent(text_file(PLAIN), officer)
        assert sent(text_file(PLAIN), officer) == first

    def test_a_list_that_was_put_away_is_gone_and_may_come_again(self, midterm, officer, quality):
        found = imports.discard(found=sent(text_file(PLAIN), officer), by=officer, at=AT)
        assert (found.state, found.lines) == ("discarded", [])
        with pytest.raises(RuleBroken, match="put away"):
            imports.confirm(found=found, seen="", only_right=False, by=officer, at=AT)
        with pytest.raises(RuleBroken, match="put away"):
            imports.discard(found=found, by=officer, at=AT)
        assert confirmed(sent(text_file(PLAIN), officer), officer).state == "done"

    def test_only_an_evaluation_officer_brings_in_a_list(self, midterm, officer, quality):
        found = sent(text_file(PLAIN), officer)
        other = factories.person("Max", manager=quality)
        for act in (
            lambda: sent(text_file(PLAIN), other),
            lambda: confirmed(found, other),
            lambda: imports.discard(found=found, by=other, at=AT),
            lambda: record(told=(), by=other, at=AT),
        ):
            with pytest.raises(NotAllowed):
                act()


class TestJudging:
    @pytest.mark.parametrize(
        ("given", "column", "says"),
        [
            (("", "1", "Do it.", "QAU"), "evaluation", "no evaluation"),
            (("3/2016", "1", "Do it.", "QAU"), "evaluation", "“3/2016” is no evaluation"),
            (("2/2017", "0", "Do it.", "QAU"), "number", "1 to 9999"),
            (("2/2017", "four", "Do it.", "QAU"), "number", "1 to 9999"),
            (("2/2017", "1", "", "QAU"), "text", "Write the recommendation"),
            (("2/2017", "1", "x" * 10_001, "QAU"), "text", "10001 characters"),
            (("2/2017", "1", "Do it.", ""), "office", "Name the office"),
            (("2/2017", "1", "Do it.", "XYZ"), "office", "“XYZ” is no office"),
            ((*PLAIN, "urgent"), "priority", "high, medium, low"),
            ((*PLAIN, "", "perhaps"), "response", "accepted, partly, rejected"),
            ((*PLAIN, "", "rejected"), "reason", "Say why"),
            ((*PLAIN, "", "partly"), "reason", "Say why"),
            ((*PLAIN, "", "", "", "2017-06-01"), "response", "Give the response"),
            ((*PLAIN, "", "accepted", "", "2018-02-03"), "answered_on", "future"),
            ((*PLAIN, "", "accepted", "", "2017-04-01"), "answered_on", "lies before"),
            ((*PLAIN, "", "accepted", "", "1 June 2017"), "answered_on", "year-month-day"),
            ((*PLAIN, "", "accepted", "", "2017-02-30"), "answered_on", "year-month-day"),
            ((*PLAIN, "", "", "", "", "Act."), "response", "Actions are planned"),
            ((*PLAIN, "", "rejected", "No.", "", "Act."), "response", "Actions are planned"),
            ((*PLAIN, "", "accepted", "", "", "", "", "2018-01-01"), "action", "what is to be"),
            ((*WHOLE[:11], "done somehow", ""), "state", "is no state"),
            ((*WHOLE[:11], "implemented", ""), "closed_on", "the day on which it was closed"),
            ((*WHOLE[:11], "in progress", "2017-10-02"), "state", "A day of closing"),
            ((*WHOLE[:11], "implemented", "2017-05-31"), "closed_on", "lies before"),
            ((*WHOLE[:11], "overtaken", "2017-10-02"), "reason", "which events"),
        ],
    )
    def test_a_wrong_cell_is_named_with_what_to_do(
        self, midterm, officer, quality, given, column, says
    ):
        found, sentence = refusal(given, officer)
        assert found == column
        assert says in sentence

    def test_an_evaluation_that_is_not_under_way_has_no_recommendations(self, officer, quality):
        rows.states()
        rows.evaluation("land-2018", state="planned")
        assert refusal(("land-2018", "1", "Do it.", "QAU"), officer)[0] == "evaluation"

    @pytest.mark.parametrize("name", ["2/2017", " 02 / 2017 ", "Evaluation Report 2/2017", "2-2017",
                                      "2017-02-01"])  # fmt: skip
    def test_an_evaluation_is_found_by_number_code_and_what_a_spreadsheet_makes_of_it(
        self, midterm, officer, quality, name
    ):
        (one,) = judged(text_file((name, *PLAIN[1:])), officer)
        assert one.state == "new"

    def test_a_row_that_contradicts_a_row_above_is_refused(self, midterm, officer, quality):
        other = ("2/2017", "1", "Burn the register.", "QAU")
        first, second = judged(text_file(PLAIN, other), officer)
        assert (first.state, second.state, second.column) == ("new", "refused", "text")

    def test_a_row_that_contradicts_what_is_stored_is_refused(self, midterm, officer, quality):
        one = rows.recommendation(midterm, office=quality, number=4, text="Keep a register.")
        rows.answer(one, "rejected")
        assert refusal(WHOLE[:6], officer)[0] == "priority"
        assert refusal((*WHOLE[:4], "", "accepted"), officer)[0] == "response"
        assert refusal((*WHOLE[:3], "EVU"), officer)[0] == "office"
        assert refusal((*WHOLE[:4], "", "rejected", "Too late."), officer)[0] == "reason"

    def test_an_action_that_is_there_in_another_state_is_reported_on_its_page(
        self, midterm, officer, quality
    ):
        confirmed(sent(text_file((*WHOLE[:11], "in progress", "")), officer), officer)
        column, sentence = refusal(WHOLE, officer)
        assert column == "state"
        assert "in progress" in sentence

    def test_the_same_action_twice_in_a_file_is_refused(self, midterm, officer, quality):
        states = [one.state for one in judged(text_file(WHOLE, WHOLE), officer)]
        assert states == ["new", "refused"]

    def test_nobody_records_that_an_action_of_their_own_office_is_closed(
        self, midterm, officer, quality
    ):
        factories.grant(officer, "contributor", quality)
        assert refusal(WHOLE, User.objects.get(pk=officer.pk))[0] == "state"

    def test_headings_and_words_of_other_languages_are_read(self, midterm, officer, quality):
        with translation.override("fr"):
            headings = [str(column.title) for column in SHEET.columns]
        given = (*WHOLE[:5], "Accepted", *WHOLE[6:])
        (one,) = judged(text_file(given, headings=headings), officer)
        assert one.state == "new"

    def test_the_cost_does_not_grow_with_the_rows(
        self, midterm, officer, quality, django_assert_num_queries
    ):
        def file(count: int) -> bytes:
            return text_file(*(("2/2017", str(n), f"Do {n}.", "QAU") for n in range(1, count + 1)))

        offices_of(officer)
        for count in (1, 300):
            lines = read_list(file(count), name="", language="en").lines
            with django_assert_num_queries(6):
                judge(lines, language="en", by=officer, on=AT.date())


class TestFiles:
    def test_a_workbook_is_read_with_its_dates_and_numbers(self, midterm, officer, quality):
        given = [*WHOLE]
        given[1], given[7], given[10] = 4, date(2017, 6, 1), date(2017, 9, 30)
        found = sent(workbook([HEADINGS, given]), officer, file_name="list.xlsx")
        assert found.counts["new"] == 1
        assert found.lines[0]["texts"]["due_on"] == "2017-09-30"

    def test_a_formula_is_refused_by_its_cell_and_never_run(self, midterm, officer, quality):
        content = workbook([HEADINGS, ["2/2017", 1, '=HYPERLINK("http://x.org")', "QAU"]])
        found = sent(content, officer, file_name="list.xlsx")
        assert found.counts["refused"] == 1
        (one,) = imports.preview(found=found, by=officer, at=AT).rows
        assert one.column == "text"

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"\xff\xfe\x00", "."),
            (b"%PDF-1.7 no table", "."),
            (b"PK\x03\x04broken", "."),
            (b"a\tb\n1\t2\n", "No row of headings"),
            (text_file(), "stands nothing"),
            (text_file(PLAIN, headings=HEADINGS[:3]), "lack"),
            (text_file(*[PLAIN] * 5_001), "more than 5000 rows"),
        ],
        ids=["damaged", "pdf", "zip", "no-headings", "no-rows", "column", "rows"],
    )
    def test_a_file_that_cannot_be_read_is_refused_in_words(
        self, midterm, officer, quality, content, says
    ):
        found = sent(content, officer)
        assert found.state == "refused"
        assert says in found.sentence
        with pytest.raises(RuleBroken):
            imports.confirm(found=found, seen="", only_right=True, by=officer, at=AT)

    def test_an_empty_file_and_an_unknown_language_are_refused(self, officer):
        with pytest.raises(RuleBroken) as caught:
            sent(b"", officer)
        assert caught.value.code == "empty_file"
        with pytest.raises(RuleBroken) as caught:
            sent(text_file(PLAIN), officer, language="de")
        assert caught.value.code == "language_unknown"

    def test_a_file_name_keeps_what_people_see_of_it(self, midterm, officer, quality):
        found = sent(text_file(PLAIN), officer, file_name="a\x00\u202eb" + "c" * 300)
        assert len(found.file_name) == 200
        assert found.file_name.isprintable()


class TestRecording:
    def test_what_is_recorded_is_what_the_services_would_have_made(self, midterm, officer, quality):
        """One recommendation by its own services, one from a list: the rows are the same."""
        head = factories.person("Hal", approver=quality)
        made = recommendations.recommend(
            evaluation=midterm, number=1, text="Keep a register.", language="en", office=quality,
            priority="high", by=officer, at=AT,
        )  # fmt: skip
        responses.answer(
            recommendation=made, decision="accepted", text="", reason="", language="en",
            on=date(2017, 6, 1), changed_why="", seen_version=0, by=head, at=AT,
        )  # fmt: skip
        action = responses.plan_action(
            recommendation=made, text="Write one definition.", language="en", office=quality,
            owner=None, due_on=date(2017, 9, 30), on=date(2017, 6, 1), by=head, at=AT,
        )  # fmt: skip
        day = {"on": date(2017, 10, 2), "at": AT}
        text = "Recorded from a list."
        state = rows.states()["in_progress"]
        for seen, act in enumerate(
            (
                lambda seen: follow_ups.report(
                    action=action, state=state, text=text, reason="", seen_revision=seen, by=head,
                    **day,
                ),
                lambda seen: follow_ups.propose(
                    action=action, text=text, seen_revision=seen, by=head, **day
                ),
                lambda seen: follow_ups.verify(
                    action=action, text=text, seen_revision=seen, by=officer, **day
                ),
            )
        ):  # fmt: skip
            act(seen)
        confirmed(sent(text_file(("2/2017", "2", *WHOLE[2:])), officer), officer)
        first, second = (_content(number) for number in (1, 2))
        assert first == second

    def test_no_state_is_skipped_and_no_day_runs_backwards(self, midterm, officer, quality):
        states = rows.states()
        kind = FollowUp.Kind

        def told(*steps: ToldStep) -> list[Told]:
            words = factories.say("Do it.")
            act = ToldAction(words, quality, date(2017, 6, 1), steps=steps)
            return [Told(midterm, 1, words, quality, actions=(act,))]

        for code, steps in (
            (
                "step_not_allowed",
                [ToldStep(kind.VERIFIED, states["implemented"], date(2017, 7, 1))],
            ),
            ("step_not_allowed", [ToldStep(kind.OVERTAKEN, states["overtaken"], date(2017, 7, 1))]),
            ("day_too_early", [ToldStep(kind.PROGRESS, states["in_progress"], date(2017, 5, 1))]),
            ("day_in_future", [ToldStep(kind.PROGRESS, states["in_progress"], date(2018, 2, 3))]),
        ):
            with pytest.raises(RuleBroken) as caught:
                record(told=told(*steps), by=officer, at=AT)
            assert caught.value.code == code
        assert not Recommendation.objects.exists()

    def test_sixty_cost_the_statements_of_three(
        self, midterm, officer, quality, django_assert_num_queries
    ):
        def told(first: int, count: int) -> list[Told]:
            return [
                Told(midterm, number, factories.say(f"Do {number}."), quality)
                for number in range(first, first + count)
            ]

        record(told=told(1, 1), by=officer, at=AT)
        with django_assert_num_queries(15):
            record(told=told(10, 3), by=officer, at=AT)
        with django_assert_num_queries(15):
            record(told=told(100, 60), by=officer, at=AT)


def _content(number: int) -> list[Any]:
    """What is stored of a recommendation, without keys, numbers and who."""
    one = Recommendation.objects.get(number=number)
    action = one.actions.get()
    stand = one.stand
    return [
        (one.text, one.office_id, one.priority, one.state, one.illustrative, one.searched),
        list(one.answers.values_list("version", "decision", "reason", "has_reason", "on")),
        (action.text, action.office_id, action.due_on, action.agreed_due_on, action.planned_on),
        (action.state_id, action.revision, action.number),
        list(
            action.follow_ups.order_by("number").values_list(
                "number", "kind", "before", "after", "due_before", "due_after", "text", "on"
            )
        ),
        (stand.decision, stand.standing, stand.due_on, stand.closed_on),
    ]
