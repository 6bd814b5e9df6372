"""What is recorded late about an earlier day: which issued reports it touches, and in what words."""

from collections.abc import Iterator
from datetime import date

import evaluation_rows as rows
import factories
import pytest
from evaluated_world import ASSEMBLED_AT, LATER_AT, World, approve_plan
from once import undone

from evaluations.services import follow_ups, recommendations, responses
from focus_areas.models import Period
from habitat_plan.kit.errors import RuleBroken
from reporting import services
from reporting.assembly import recompose
from reporting.assembly.changes import place_text, shown, why
from reporting.document import LANGUAGES, Text, from_json, to_json
from reporting.kinds import ANNUAL_PROGRESS, RECOMMENDATION_STATUS
from reporting.models import Report
from reporting.queries.corrections import Touched, touched, touched_report
from reporting.queries.freshness import outdated
from reporting.rendering import render
from reporting.rules.causes import Cause, explained
from reporting.rules.comparison import Difference
from reporting.rules.places import Place
from reporting.services import corrections

SYMBOL = "HSP/CPR/2018/1"
WHY = (
    "Recommendations of evaluation 9/2017 (1): what was answered or done in 2017 was recorded on "
    "2 May 2018 only."
)


@pytest.fixture(scope="class")
def issued_once(world_once) -> Iterator[Report]:
    with undone():
        yield issue(world_once)


def assembled(world: World, kind=RECOMMENDATION_STATUS) -> Report:
    found = services.assemble_now(
        kind=kind, period=Period.objects.get(code="2017"), confirm_gaps=True,
        by=world.officer, at=ASSEMBLED_AT,
    )  # fmt: skip
    return found.report


def issue(world: World, kind=RECOMMENDATION_STATUS) -> Report:
    report = services.clear(report=assembled(world, kind), by=world.editor, at=ASSEMBLED_AT)
    services.issue(
        report=report, symbol=SYMBOL, dated=date(2018, 2, 5), by=world.editor, at=ASSEMBLED_AT
    )
    return Report.objects.select_related("document", "period").get(pk=report.pk)


def verify(world: World, on: date) -> None:
    """The Unit records, in May 2018, that it verified the made-up recommendation on a day."""
    action = world.actions["9-2017-1"]
    action.refresh_from_db()
    follow_ups.verify(
        action=action, text="Seen.", on=on, seen_revision=action.revision, by=world.evaluator,
        at=LATER_AT,
    )  # fmt: skip


def told(found: Touched | None) -> dict[str, tuple[str, str]]:
    """Place → was and is, in English."""
    assert found is not None
    return {
        str(place_text(one.difference.place).in_language("en")): (
            shown(one.difference.was, found.base, "en"),
            shown(one.difference.now, found.today, "en"),
        )
        for one in found.changes
    }


class TestTouched:
    def test_nothing_while_nothing_is_recorded_about_the_period(self, world, issued):
        assert to_json(recompose(issued, at=LATER_AT)) == issued.document.content.encode()
        verify(world, on=date(2018, 1, 10))
        assert touched() == []
        assert to_json(recompose(issued, at=LATER_AT)) == issued.document.content.encode()

    def test_a_verification_dated_within_the_period_changes_every_place_that_counts_it(
        self, world, issued
    ):
        verify(world, on=date(2017, 12, 15))
        places = told(touched_report(issued))
        assert places["Paragraph 2"] == (
            "Implemented by the end of 2017: one of the four accepted wholly or in part, an "
            "implementation rate of 25 per cent.",
            "Implemented by the end of 2017: two of the four accepted wholly or in part, an "
            "implementation rate of 50 per cent.",
        )
        assert places["Table 1, Accepted, Waiting for verification"] == ("1", "0")
        assert places["Table 1, Accepted, Closed"] == ("2", "3")
        assert places["Table 2, Not yet due, Open"] == ("1", "0")
        assert places["Figure 1, Not yet due"] == ("1", "0")
        assert places["Table 3, Office QAU, Rate"] == (
            "33\N{NO-BREAK SPACE}%",
            "67\N{NO-BREAK SPACE}%",
        )
        assert places["Table 4, Office QAU, Waiting for verification"] == ("1", "0")
        gone = places["Table 6, 9/2017, 1"]
        assert gone[0].startswith("Evaluation and number: 9/2017, 1; Days late: ")
        assert "Recommendation: Do thing 1 (illustrative); Response: Accepted" in gone[0]
        assert gone[1] == ""

    def test_says_why_and_never_by_whom(self, world, issued):
        verify(world, on=date(2017, 12, 15))
        found = touched_report(issued)
        assert {str(why(one.causes).in_language("en")) for one in found.changes} == {WHY}
        assert world.evaluator.name not in str(found.corrigendum)
        assert "Seen." not in str(found.corrigendum)

    def test_a_state_in_words_is_told_too(self, world, issued):
        owner = factories.person("Odile", contributor=world.qau)
        action = world.actions["2-2017-2"]
        action.refresh_from_db()
        follow_ups.propose(
            action=action, text="It is done.", on=date(2017, 12, 20),
            seen_revision=action.revision, by=owner, at=LATER_AT,
        )  # fmt: skip
        assert told(touched_report(issued))["Table 6, 2/2017, 2, State"] == (
            "In progress",
            "Owner says done; closure not verified",
        )

    def test_an_answer_recorded_late_is_named_with_its_recommendation(self, world, issued):
        responses.answer(
            recommendation=world.recommended["2-2017-4"], decision="accepted", text="Yes.",
            reason="", language="en", on=date(2017, 7, 1), changed_why="", seen_version=0,
            by=world.evaluator, at=LATER_AT, as_recorded=True,
        )  # fmt: skip
        found = touched_report(issued)
        assert told(found)["Table 1, No response yet, Given"] == ("1", "0")
        assert {str(why(one.causes).in_language("en")) for one in found.changes} == {
            "Recommendations of evaluation 2/2017 (4): what was answered or done in 2017 was "
            "recorded on 2 May 2018 only."
        }

    def test_a_recommendation_recorded_late_stands_among_the_added_ones(self, world, issued):
        recommendations.recommend(
            evaluation=world.mid_term, number=None, text="Keep one register", language="en",
            office=world.roas, by=world.evaluator, at=LATER_AT,
        )  # fmt: skip
        found = touched_report(issued)
        added = next(
            now
            for place, (_was, now) in told(found).items()
            if place.startswith("Table 6, 2/2017, 5")
        )
        assert "Recommendation: Keep one register; Response: No response yet" in added
        reasons = {str(why(one.causes).in_language("en")) for one in found.changes}
        assert reasons == {
            "Recommendations of evaluation 2/2017 (5) were recorded on 2 May 2018 only."
        }


class TestTouchedOfAYear:
    def test_an_evaluation_recorded_late_is_named_as_the_cause(self, world):
        issued = issue(world, ANNUAL_PROGRESS)
        rows.evaluation(
            state="published", report_number=4, report_year=2017, title=factories.say("Late one"),
            published_on=date(2017, 3, 1), published_at=LATER_AT, conducted_by="unit",
        )  # fmt: skip
        found = touched_report(issued)
        reasons = {str(why(one.causes).in_language("en")) for one in found.changes}
        assert reasons == {
            "Evaluation 4/2017, published by the end of 2017, was recorded on 2 May 2018 only."
        }
        places = told(found)
        added = next(name for name in places if name.startswith("Table") and "4/2017" in name)
        assert "Evaluation: Late one" in places[added][1]

    def test_one_held_back_until_after_the_period_is_no_cause(self, world):
        issued = issue(world, ANNUAL_PROGRESS)
        rows.evaluation(
            state="published", report_number=4, report_year=2017, published_on=date(2017, 3, 1),
            embargo_until=date(2018, 1, 1), published_at=LATER_AT,
        )  # fmt: skip
        assert touched_report(issued) is None

    def test_a_lesson_or_a_plan_of_later_is_no_correction(self, world):
        rows.lesson("Known then", evaluation=world.mid_term)
        issued = issue(world, ANNUAL_PROGRESS)
        later = rows.lesson("Known later", evaluation=world.mid_term)
        later.published_at = LATER_AT
        later.save()
        approve_plan(approved_on=date(2017, 12, 1), at=LATER_AT)
        assert to_json(recompose(issued, at=LATER_AT)) == issued.document.content.encode()


class TestBefore:
    def test_a_report_issued_before_evaluations_were_recorded_stays_as_it_is(self, world, issued):
        """Its document holds nothing of them, so it is read without them."""
        content = issued.document.content.replace("evaluations@2017#known", "evaluations@2017#k")
        issued.document.content = content
        text = str(recompose(issued, at=LATER_AT).blocks)
        assert "Recommendations are not yet recorded in this system" in text
        assert "Do thing" not in text


class TestCorrigendum:
    def test_is_drafted_issued_and_printed_in_every_language(self, world, issued):
        verify(world, on=date(2017, 12, 15))
        draft = corrections.draft_corrigendum(report=issued, by=world.editor, at=LATER_AT)
        document = from_json(draft.document.content.encode())
        text = str(document.blocks)
        assert "They follow from what was corrected, approved or recorded after" in text
        assert document.figures["was:recommendations@2017#rate"].value == 25
        assert document.figures["recommendations@2017#rate"].value == 50
        for language in LANGUAGES:
            page = render(document, language, "html").decode()
            assert "9/2017" in page
        cleared = services.clear(report=draft, by=world.editor, at=LATER_AT)
        services.issue(
            report=cleared, symbol=f"{SYMBOL}/Corr.1", dated=date(2018, 5, 3), by=world.editor,
            at=LATER_AT,
        )  # fmt: skip
        assert touched_report(issued) is None

    def test_there_is_none_where_nothing_differs(self, world, issued):
        with pytest.raises(RuleBroken, check=lambda broken: broken.code == "nothing_differs"):
            corrections.draft_corrigendum(report=issued, by=world.editor, at=LATER_AT)


class TestExplained:
    """Differences of what is counted of evaluations belong to what was recorded of them alone."""

    def explained(self, *, codes: set[str], causes: list[Cause]) -> int:
        one = Difference(
            Place("table", 1), Text.of(en="In progress"), Text.of(en="Done"), (), frozenset(codes)
        )
        return len(explained([one], causes))

    @pytest.mark.parametrize(
        ("codes", "cause", "count"),
        [
            ({"recommendation-2-2017-1"}, {"recommendations", "recommendation-2-2017-1"}, 1),
            ({"recommendation-2-2017-2"}, {"recommendations", "recommendation-2-2017-1"}, 0),
            ({"recommendations"}, {"FA2.1"}, 0),
            ({"FA2.1"}, {"recommendations"}, 0),
            (set(), {"recommendations"}, 0),
        ],
    )
    def test_by_what_they_are_of(self, codes, cause, count):
        told_of = [Cause("followed", LATER_AT, frozenset(cause), 2017)]
        assert self.explained(codes=codes, causes=told_of) == count

    def test_what_is_added_for_another_reason_is_left_out(self):
        added = Difference(Place("table", 1), None, Text.of(en="New"), (), frozenset({"lessons"}))
        causes = [Cause("correction", LATER_AT, frozenset({"FA2.1"}), 2017)]
        assert explained([added], causes) == ()


class TestInWork:
    def test_a_document_is_outdated_in_words_if_something_is_recorded(self, world):
        report = assembled(world)
        assert outdated(report, at=LATER_AT) == ()
        verify(world, on=date(2017, 12, 15))
        found = outdated(report, at=LATER_AT)
        assert "Implementation rate: was 25, is 50" in found
        assert "Open recommendations (QAU): was 2, is 1" in found
