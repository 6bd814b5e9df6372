"""An office that is behind its target says why; what only explains is never read as a figure."""

import csv
from decimal import Decimal
from io import StringIO

import factories
import pytest

from habitat_plan.kit.errors import RuleBroken
from indicators import queries
from indicators.exports import results_file
from indicators.models import Figure, RatingScale, Remark
from indicators.queries.explanations import explanations
from indicators.queries.history import office_history
from indicators.queries.results import ResultsList
from indicators.services import entry, submissions
from indicators.services.entry import Typed
from organization.models import User

NOW, TODAY = factories.NOW, factories.TODAY
SAID = {
    "cause": "funding",
    "explanation": "The donor paid in October.",
    "measures": "Work starts again in March.",
}


def enter(house, indicator, **typed):
    return entry.enter_figure(
        indicator=indicator,
        office=house.branch,
        period=house.year,
        typed=Typed(**typed),
        language="en",
        by=house.contributor,
        at=NOW,
    )


def row(house):
    (only,) = queries.entry_page(office=house.branch, period=house.year, today=TODAY).rows
    return only


@pytest.fixture
def behind(house):
    """A number that stands at 5 of 10, with evidence."""
    measure = factories.indicator("EX1", offices=[house.branch])
    factories.target(measure, 2016, "10", office=house.branch)
    factories.evidence(measure, house.branch)
    enter(house, measure, value="5")
    return measure


@pytest.fixture
def count(house):
    """A count that stands at 0 of 10."""
    measure = factories.indicator("EX2", kind="count", offices=[house.branch])
    factories.target(measure, 2016, "10", office=house.branch)
    return measure


class TestWhoIsBehind:
    def test_is_asked_until_cause_and_both_sentences_are_there(self, house, behind):
        found = row(house)
        assert (found.status, found.needs_explanation, found.is_open) == ("off_track", True, True)
        assert found.checks[0].sentence == (
            "This is behind the target of the year. Choose a cause, and say in a sentence each "
            "what happened and what is done about it."
        )
        for name, text in SAID.items():
            assert row(house).is_open
            enter(house, behind, **{name: text})
        assert (row(house).checks, row(house).is_open) == ((), False)
        assert row(house).needs_explanation

    def test_is_not_let_off_by_an_answer(self, house, behind):
        enter(house, behind, answers={"off_track_unexplained": "This is how it went."})
        assert row(house).is_open
        with pytest.raises(RuleBroken) as refusal:
            submissions.submit(
                office=house.branch, period=house.year, by=house.contributor, at=NOW
            )
        assert refusal.value.code == "not_ready"
        enter(house, behind, **SAID)
        submissions.submit(office=house.branch, period=house.year, by=house.contributor, at=NOW)

    def test_is_judged_by_the_thresholds_of_the_installation(self, house, behind):
        RatingScale.objects.create(
            code="default", on_track_from="0.5", no_progress_below="0.2", offices_needed="0.5"
        )
        assert (row(house).status, row(house).checks) == ("on_track", ())

    def test_is_not_asked_in_a_year_that_is_not_due(self, house, behind):
        type(behind).objects.update(frequency="biennial")
        assert (row(house).status, row(house).is_open) == ("not_rated", False)

    def test_names_no_cause_that_is_not_in_the_list(self, house, behind):
        with pytest.raises(RuleBroken) as refusal:
            enter(house, behind, cause="weather")
        assert (refusal.value.code, refusal.value.field) == ("unknown_cause", "cause")

    def test_may_be_a_count_of_authorities(self, house, count):
        assert (row(house).status, row(house).is_open) == ("no_progress", True)
        enter(house, count, **SAID)
        assert (row(house).checks, row(house).is_open) == ((), False)
        kept = Figure.objects.get()
        assert (kept.value, kept.cause, kept.measures) == (
            None, "funding", "Work starts again in March.",
        )  # fmt: skip

    def test_still_types_no_number_for_a_count(self, house, count):
        with pytest.raises(RuleBroken) as refusal:
            enter(house, count, value="3", **SAID)
        assert refusal.value.code == "counted"
        assert not Figure.objects.exists()


class TestWhatOnlyExplains:
    """Rows that hold a cause and sentences and no value, in an approved submission."""

    @pytest.fixture(params=["number", "ratio", "count", "yes_no"])
    def explained(self, request, house):
        measure = factories.indicator(
            "EX3", kind=request.param, offices=[house.branch, house.region]
        )
        factories.figure(measure, house.branch, source="A source", **SAID)
        factories.submission(house.branch, state="submitted")
        return measure

    def approve(self, house):
        house.branch.submissions.update(
            state="approved", approved_at=NOW, approved_by=house.approver
        )

    def test_is_in_no_total_and_no_export(self, house, explained):
        self.approve(house)
        (found,) = queries.standings(codes=["EX3"], period=house.year, today=TODAY)
        assert (found.actual.number, found.figures, found.sources) == (None, (), ())
        listed = ResultsList(house.year, (house.year,), (found,), {})
        content, _type = results_file(listed, "csv")
        (line,) = csv.DictReader(StringIO(str(content)))
        assert (line["actual"], line["status"], line["source"]) == ("", "NOT_REPORTED", "")

    def test_is_no_figure_of_a_queue_or_of_progress(self, house, explained):
        (waiting,) = queries.approval_queue(
            User.objects.get(pk=house.approver.pk), today=TODAY
        )
        assert (waiting.figures, waiting.explained) == (0, 1)
        progress = {
            one.office.code: one.entered
            for one in queries.submission_progress(
                period=house.year, today=TODAY, user=house.officer
            )
        }
        assert progress == {"BR1": 0, "RO1": 0}

    def test_is_no_value_on_the_entry_page(self, house, explained):
        found = row(house)
        if explained.kind == "count":
            assert (found.count_to_date, found.nothing) == (0, None)
        else:
            assert found.nothing == "not_reported"
            assert found.is_open

    def test_is_no_value_of_the_year_before(self, house, explained):
        Figure.objects.update(period=factories.period("2015"))
        assert row(house).previous is None

    def test_has_no_value_in_the_history(self, house, explained):
        found = office_history(office=house.branch, indicator=explained, until=2016)
        assert [(year.figure.value, year.figure.numerator) for year in found if year.figure] == (
            [] if explained.kind == "count" else [(None, None)]
        )

    def test_is_read_as_an_explanation_once_approved(self, house, explained):
        assert explanations(period=house.year) == []
        self.approve(house)
        (found,) = explanations(period=house.year)
        assert (found.indicator, found.office, found.year) == (explained, house.branch, 2016)
        assert (found.cause, found.explanation, found.measures) == (
            "funding came late or fell short",
            "The donor paid in October.",
            "Work starts again in March.",
        )
        assert explanations(period=factories.period("2014-2015")) == []
        assert len(explanations(period=factories.period("2016-2017"))) == 1
        assert explanations(period=house.year, levels=["support"]) == []
        assert len(explanations(period=house.year, levels=["focus_area"])) == 1


def test_an_answer_of_two_words_says_that_it_is_too_short(house):
    measure = factories.indicator("EX4", offices=[house.branch])
    enter(house, measure, value="5", answers={"no_evidence": "In print."})
    (check,) = row(house).checks
    assert (check.is_open, check.sentence) == (
        True,
        "No evidence is given. Add a link or note, or say why there is none. "
        "The answer needs at least three words.",
    )
    enter(house, measure, answers={"no_evidence": "It is in print."})
    assert not row(house).checks[0].is_open
    assert Figure.objects.get().value == Decimal(5)


def test_open_remarks_stand_beside_the_figure_with_their_answers(house):
    measure = factories.indicator("EX5", offices=[house.branch])
    shared = {"indicator": measure, "office": house.branch, "period": house.year, "made_at": NOW}
    query = Remark.objects.create(kind="query", text="Why?", made_by=house.officer, **shared)
    Remark.objects.create(
        kind="answer", text="So.", made_by=house.contributor, answers_to=query, **shared
    )
    Remark.objects.create(
        kind="return", text="Old.", made_by=house.approver, settled_at=NOW,
        settled_by=house.approver, **shared,
    )  # fmt: skip
    (thread,) = row(house).remarks
    assert (thread.remark.text, [answer.text for answer in thread.answers]) == ("Why?", ["So."])
