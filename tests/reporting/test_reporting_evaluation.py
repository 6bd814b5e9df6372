"""Evaluations and recommendations in reports, as of the last day of the period: all by hand."""

from datetime import date

import evaluation_rows as rows
import factories
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from evaluated_world import ASSEMBLED_AT, SECRET, approve_plan

from focus_areas.models import Period
from reporting.assembly import compose, take
from reporting.document import (
    Chart,
    Document,
    FigureRef,
    Heading,
    NoteRef,
    Paragraph,
    Run,
    Table,
    Text,
    blocks_of,
    from_json,
    to_json,
)
from reporting.kinds import ANNUAL_PROGRESS, BIENNIAL_EVALUATION, RECOMMENDATION_STATUS, ReportKind


def made(kind: ReportKind, period: str) -> Document:
    return compose(take(kind=kind, period=Period.objects.get(code=period), at=ASSEMBLED_AT))


def status() -> Document:
    return made(RECOMMENDATION_STATUS, "2017")


def english(document: Document) -> list[str]:
    """All paragraphs in English."""
    return [
        "".join(said(document, run) for run in block.runs["en"])
        for block in blocks_of(document)
        if isinstance(block, Paragraph)
    ]


def said(document: Document, run) -> str:
    if isinstance(run, Run):
        return run.text
    if isinstance(run, NoteRef):
        return ""
    return run.words or f"{document.figures[run.key].value:.0f}"


def cell(document: Document, found) -> str:
    if isinstance(found, FigureRef):
        figure = document.figures[found.key]
        return figure.nothing or f"{figure.value:.0f}"
    assert isinstance(found, Text)
    return str(found.in_language("en"))


def table(document: Document, key: str) -> Table:
    return next(b for b in blocks_of(document) if isinstance(b, Table) and b.key == key)


def lines(document: Document, key: str) -> list[list[str]]:
    return [[cell(document, one) for one in row.cells] for row in table(document, key).rows]


class TestEvaluations:
    def test_of_the_period_are_listed_with_who_made_them(self, world):
        assert lines(made(BIENNIAL_EVALUATION, "2016-2017"), "evaluations") == [
            ["3/2016", "Regional office", "regional or liaison office", "the Evaluation Unit",
             "2016", "no"],
            ["2/2017", "Mid-term", "mid-term evaluation of the plan", "external evaluators",
             "30 April 2017", "no"],
            ["9/2017", "Made up (illustrative)", "project", "not recorded",
             "1 September 2017", "no"],
        ]  # fmt: skip

    def test_share_of_external_ones_leaves_out_what_is_not_known(self, world):
        text = " ".join(english(made(BIENNIAL_EVALUATION, "2016-2017")))
        assert "Evaluation reports published in 2016–2017: three." in text
        assert "one of the two of which it is recorded, 50 per cent." in text

    def test_of_a_year_are_those_that_became_public_in_it(self, world):
        assert [row[0] for row in lines(made(ANNUAL_PROGRESS, "2017"), "evaluations")] == [
            "2/2017",
            "9/2017",
        ]
        assert [row[0] for row in lines(made(ANNUAL_PROGRESS, "2016"), "evaluations")] == ["3/2016"]

    def test_held_back_are_reported_for_the_period_in_which_everybody_may_read_them(self, world):
        assert [row[0] for row in lines(made(ANNUAL_PROGRESS, "2018"), "evaluations")] == [
            "1/2018",
            "5/2017",
            "2/2018",
        ]

    def test_that_rate_their_criteria_say_so(self, world):
        criterion, grade = rows.criterion(), rows.grade("good", 1)
        late = rows.evaluation("rated", conducted_by="mixed")
        factories.saved(
            late.ratings.model(
                evaluation=late, criterion=criterion, grade=grade, reason=factories.say("So.")
            )
        )
        late.state, late.report_number, late.report_year = "published", 8, 2017
        late.published_on, late.published_at = date(2017, 10, 1), ASSEMBLED_AT
        late.save()
        found = lines(made(ANNUAL_PROGRESS, "2017"), "evaluations")
        assert [row[-1] for row in found] == ["no", "no", "yes"]

    def test_cover_focus_areas(self, world):
        assert lines(made(BIENNIAL_EVALUATION, "2016-2017"), "evaluated-areas") == [
            ["FA1", "Urban land", "2", "2017 (2/2017); 2017 (9/2017) (illustrative)"],
            ["FA2", "Urban planning", "0", "none published"],
        ]

    def test_none_by_the_end_of_the_period_is_said_in_a_sentence(self, world):
        document = made(BIENNIAL_EVALUATION, "2014-2015")
        text = " ".join(english(document))
        assert "No evaluation report published by the end of 2015 is recorded" in text
        assert "No recommendations are recorded in this system" in text
        assert not [b for b in blocks_of(document) if isinstance(b, (Table, Chart))]
        assert document.figures["evaluations@2014-2015#known"].value == 0


class TestRecommendations:
    def test_what_was_said_and_what_was_done(self, world):
        # Given, closed, open, waiting for verification.
        assert lines(status(), "responses") == [
            ["Accepted", "4", "2", "1", "1"],
            ["Partly accepted", "1", "0", "1", "0"],
            ["Rejected, with reason", "1", "not_applicable", "not_applicable", "not_applicable"],
            ["No response yet", "1", "0", "1", "not_applicable"],
            ["All", "7", "2", "3", "1"],
        ]

    def test_rate_stands_in_a_sentence_as_a_figure(self, world):
        document = status()
        assert (
            "Evaluation reports published by the end of 2017: three; recommendations recorded "
            "from them: seven. From reports published in 2017: five. Implemented by the end of "
            "2017: one of the four accepted wholly or in part, an implementation rate of 25 per cent. "
            "Overtaken by events, and in neither number: one."
        ) in english(document)
        rate = document.figures["recommendations@2017#rate"]
        assert (rate.value, rate.per_cent) == (25, True)
        assert [(str(x.label.in_language("en")), x.value) for x in rate.lineage] == [
            ("Implemented", 1),
            ("Accepted wholly or in part", 5),
            ("Overtaken by events", 1),
        ]
        assert "÷" in str(rate.rule.in_language("en"))

    def test_ageing_stands_in_a_table_and_in_bars_of_the_same_figures(self, world):
        document = status()
        assert lines(document, "ageing") == [
            ["Not yet due", "1"],
            ["Late up to 90 days", "0"],
            ["91 to 180 days", "1"],
            ["181 to 365 days", "1"],
            ["More than a year", "0"],
            ["No day named", "1"],
            ["Open", "4"],
        ]
        chart = next(b for b in blocks_of(document) if isinstance(b, Chart))
        cells = [row.cells[1].key for row in table(document, "ageing").rows]
        assert [point.figure for point in chart.points] == cells[:-1]
        assert "91 to 180 days: 1; 181 to 365 days: 1" in str(chart.alternative.in_language("en"))

    def test_rates_by_office(self, world):
        # Given, accepted, implemented, overtaken, rate.
        assert lines(status(), "rates") == [
            ["Office QAU", "4", "4", "1", "1", "33"],
            ["Office ROAS", "3", "1", "0", "0", "0"],
        ]

    def test_rates_by_evaluation_of_the_period(self, world):
        assert lines(made(BIENNIAL_EVALUATION, "2016-2017"), "rates-of-evaluations") == [
            ["3/2016", "2", "2", "0", "1", "0"],
            ["2/2017", "4", "2", "1", "0", "50"],
            ["9/2017", "1", "1", "0", "0", "0"],
        ]

    def test_senior_management_sees_where_action_is_due(self, world):
        # Open, late, to verify, days late, first due; both have one that is late.
        assert lines(status(), "open-by-office") == [
            ["Office QAU", "2", "1", "1", "92", "30 September 2017"],
            ["Office ROAS", "2", "1", "0", "306", "28 February 2017"],
        ]

    def test_late_ones_are_named_with_their_owner_longest_late_first(self, world):
        assert lines(status(), "late-recommendations") == [
            ["3/2016, 1", "306", "Do thing 1", "Office ROAS", "28 February 2017"],
            ["2/2017, 2", "92", "Do thing 2", "Office QAU", "30 September 2017"],
        ]

    def test_the_committee_sees_the_open_ones_and_where_they_stand(self, world):
        assert lines(status(), "open-recommendations") == [
            ["3/2016, 1", "306", "Do thing 1", "Partly accepted", "In progress",
             "28 February 2017"],
            ["2/2017, 2", "92", "Do thing 2", "Accepted", "In progress", "30 September 2017"],
            ["9/2017, 1", "not_due", "Do thing 1 (illustrative)", "Accepted",
             "Owner says done; closure not verified", "30 June 2018"],
            ["2/2017, 4", "not_applicable", "Do thing 4", "No response yet",
             "Waiting for management’s response", "no day named"],
        ]  # fmt: skip

    def test_lists_name_so_many_and_count_the_rest(self, world):
        for _number in range(50):
            late = rows.recommendation(world.mid_term, office=world.roas)
            rows.answer(late, on=date(2017, 5, 10))
            rows.action(late, due_on=date(2017, 12, 30), planned_on=date(2017, 5, 10))
        document = status()
        assert len(lines(document, "late-recommendations")) == 25
        assert len(lines(document, "open-recommendations")) == 40
        text = english(document)
        assert (
            "Late at the end of 2017: 52. Table 5 names them, longest late first. Not named in it, "
            "being due later or on no day: 27."
        ) in text
        assert any(
            one.endswith("Not named in it, being due later or on no day: 14.") for one in text
        )

    def test_figures_name_what_they_were_counted_from(self, world):
        figure = status().figures["recommendations@2017#open"]
        assert [
            (str(line.label.in_language("en")), line.value, str(line.note.in_language("en")))
            for line in figure.lineage
        ] == [("3/2016", 1, "1"), ("2/2017", 2, "2, 4"), ("9/2017", 1, "1")]
        assert str(figure.rule.in_language("en")) == "Number of recommendations, by evaluation"

    def test_two_views_stand_under_their_own_headings(self, world):
        assert [
            str(block.text.in_language("en"))
            for block in status().blocks
            if isinstance(block, Heading)
        ] == [
            "Mandate and method",
            "Open, overdue and implemented",
            "For senior management: where action is due",
            "For the Committee: what is open",
        ]

    def test_tables_that_have_nothing_to_name_say_so(self, world):
        for code in ("2-2017-2", "3-2016-1"):
            rows.follow_ups(world.actions[code], ["proposed", "implemented"], day=date(2017, 12, 1))
        assert lines(status(), "late-recommendations") == [["none", "", "", "", ""]]


class TestTheDay:
    def test_whatever_happens_later_changes_nothing(self, world):
        kinds = ((RECOMMENDATION_STATUS, "2017"), (BIENNIAL_EVALUATION, "2016-2017"),
                 (ANNUAL_PROGRESS, "2017"))  # fmt: skip
        before = [to_json(made(*one)) for one in kinds]
        rows.answer(world.recommended["2-2017-4"], "rejected", on=date(2018, 1, 1))
        rows.answer(
            world.recommended["2-2017-2"], "rejected", on=date(2018, 1, 1), changed_why="New."
        )
        rows.follow_ups(world.actions["9-2017-1"], ["implemented"], day=date(2018, 1, 1))
        rows.action(world.recommended["2-2017-4"], planned_on=date(2018, 1, 1))
        later = rows.evaluation(
            "3-2018", state="published", report_number=3, report_year=2018,
            published_on=date(2018, 1, 1),
        )  # fmt: skip
        rows.recommendation(later, office=world.qau)
        approve_plan(approved_on=date(2018, 1, 1))
        assert [to_json(made(*one)) for one in kinds] == before

    def test_the_last_day_of_the_period_counts(self, world):
        rows.follow_ups(world.actions["9-2017-1"], ["implemented"], day=date(2017, 12, 31))
        assert status().figures["recommendations@2017#implemented"].value == 2

    def test_nothing_that_was_not_public_reaches_a_document(self, world):
        for kind, period in ((RECOMMENDATION_STATUS, "2017"), (ANNUAL_PROGRESS, "2017"),
                             (BIENNIAL_EVALUATION, "2016-2017")):  # fmt: skip
            content = to_json(made(kind, period)).decode()
            assert "Mid-term" in content or "Do thing 1" in content
            assert SECRET not in content

    def test_moment_is_that_of_the_last_record_and_not_of_the_reading(self, world):
        assert status().as_of == "2017-01-16T09:00:00+00:00"


class TestIllustrative:
    def test_counts_are_if_anything_they_were_counted_among_is(self, world):
        document = made(BIENNIAL_EVALUATION, "2016-2017")
        assert document.figures["recommendations@2016-2017#rate"].illustrative
        assert document.figures["evaluations@2016-2017#published"].illustrative
        assert not document.figures["evaluations@2016-2017#external-share"].illustrative
        assert not document.figures["recommendations@2016-2017/ROAS#rates-given"].illustrative
        assert document.figures["recommendations@2016-2017/QAU#rates-given"].illustrative
        assert document.masthead.illustrative

    def test_tables_are_marked_and_so_is_the_row_among_real_ones(self, world):
        document = status()
        assert table(document, "open-recommendations").illustrative
        assert not table(document, "late-recommendations").illustrative

    def test_rows_are_not_marked_one_by_one_where_all_are_illustrative(self, world):
        rows.evaluation(
            state="published", report_number=1, report_year=2014, published_on=date(2014, 5, 1),
            illustrative=True,
        )  # fmt: skip
        document = made(ANNUAL_PROGRESS, "2014")
        assert table(document, "evaluations").illustrative
        assert "(illustrative)" not in str(lines(document, "evaluations"))

    def test_a_document_of_real_ones_alone_carries_no_notice(self, world):
        assert not made(ANNUAL_PROGRESS, "2016").masthead.illustrative


class TestLessons:
    def test_stand_by_focus_area_each_with_its_evaluation(self, world):
        areas = {
            one.code: one for one in world.mid_term.scopes.first().focus_area.plan.focus_areas.all()
        }
        practice = rows.lesson("Share data", evaluation=world.of_office, illustrative=True)
        practice.focus_areas.add(areas["FA2"])
        first = rows.lesson("Ask early", evaluation=world.mid_term)
        first.focus_areas.add(areas["FA1"])
        rows.lesson("Everywhere", evaluation=world.mid_term)
        text = english(made(BIENNIAL_EVALUATION, "2016-2017"))
        start = text.index("Lessons and good practices of 2016–2017 that are published: three.")
        assert text[start + 1 : start + 4] == [
            "Lesson, Urban land: “Ask early”. What evaluation 2/2017 teaches: What was learned.",
            "Lesson, Urban planning: “Share data”. What evaluation 3/2016 teaches: What was "
            "learned. (Illustrative.)",
            "Lesson, all focus areas: “Everywhere”. What evaluation 2/2017 teaches: What was learned.",
        ]

    def test_without_an_evaluation_count_from_their_publication(self, world):
        rows.lesson("On its own")
        assert "On its own" in str(english(made(ANNUAL_PROGRESS, "2017")))
        assert "On its own" not in str(english(made(ANNUAL_PROGRESS, "2016")))

    def test_that_were_retired_are_not_printed(self, world):
        lesson = rows.lesson("Old wisdom", evaluation=world.mid_term)
        assert "Old wisdom" in str(english(made(ANNUAL_PROGRESS, "2017")))
        lesson.state = "retired"
        lesson.save()
        assert "Old wisdom" not in str(english(made(ANNUAL_PROGRESS, "2017")))


class TestPlan:
    def test_of_the_next_biennium_is_listed_as_approved(self, world):
        approve_plan(approved_on=date(2017, 12, 1))
        document = made(BIENNIAL_EVALUATION, "2016-2017")
        assert lines(document, "evaluation-plan") == [
            ["Final evaluation of the plan", "Final evaluation", "final evaluation of the plan",
             "external evaluators", "1 January 2019", "31 December 2019", "not_reported"],
            ["Housing", "no mandate", "subprogramme", "the Evaluation Unit", "1 March 2018", "",
             "not_reported"],
        ]  # fmt: skip
        assert any(
            text.startswith(
                "The evaluation plan for 2018–2019 was approved on 1 December 2017 (Decision 1). "
                "Evaluations that it lists: two; asked for by a mandate, and first: one; by "
                "external evaluators, alone or with the Evaluation Unit: one."
            )
            for text in english(document)
        )

    def test_is_the_last_version_that_was_approved_by_then(self, world):
        approve_plan(approved_on=date(2017, 6, 1))
        approve_plan(approved_on=date(2017, 12, 31), number=2)
        approve_plan(approved_on=date(2018, 1, 1), number=3)
        assert "(Decision 2). This is version 2 of it." in str(
            english(made(BIENNIAL_EVALUATION, "2016-2017"))
        )

    def test_has_no_heading_while_none_is_approved(self, world):
        titles = [
            str(block.text.in_language("en"))
            for block in made(BIENNIAL_EVALUATION, "2016-2017").blocks
            if isinstance(block, Heading)
        ]
        assert "Evaluation plan of the next biennium" not in titles


class TestReading:
    @pytest.mark.parametrize(
        ("kind", "period"),
        [(RECOMMENDATION_STATUS, "2017"), (BIENNIAL_EVALUATION, "2016-2017"),
         (ANNUAL_PROGRESS, "2017")],
    )  # fmt: skip
    def test_takes_as_many_queries_for_more_rows(self, world, kind, period):
        def asked() -> int:
            with CaptureQueriesContext(connection) as queries:
                made(kind, period)
            return len(queries)

        rows.lesson(evaluation=world.mid_term)
        before = asked()
        for number in range(10):
            more = rows.evaluation(
                state="published", report_number=100 + number, report_year=2017,
                published_on=date(2017, 3, 1),
            )  # fmt: skip
            rows.lesson(evaluation=more)
            one = rows.recommendation(more, office=world.qau)
            rows.answer(one, on=date(2017, 5, 1))
            rows.follow_ups(rows.action(one), ["in_progress"], day=date(2017, 6, 1))
        assert asked() == before <= 40

    def test_a_document_reads_back(self, world):
        approve_plan(approved_on=date(2017, 12, 1))
        for kind, period in ((RECOMMENDATION_STATUS, "2017"), (BIENNIAL_EVALUATION, "2016-2017")):
            document = made(kind, period)
            assert from_json(to_json(document)) == document
