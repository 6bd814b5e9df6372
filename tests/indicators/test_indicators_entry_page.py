"""What an office finds on its entry page, who waits for whom, and how far each office is."""

from datetime import date
from decimal import Decimal

import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from indicators import queries
from indicators.models import Submission
from indicators.rules.kinds import Nothing
from organization.models import AuditEntry

TODAY = factories.TODAY


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def page(house, period="2016"):
    return queries.entry_page(
        office=house.branch, period=factories.period(period), today=TODAY
    )


class TestEntryPage:
    def test_makes_nothing(self, house):
        factories.indicator(offices=[house.branch])
        assert page(house).submission.pk is None
        assert not Submission.objects.exists()
        assert not AuditEntry.objects.exists()

    def test_shows_the_kinds_of_nothing_apart_from_zero(self, house):
        zero, blank, excused, later = (
            factories.indicator(f"NO{n}", offices=[house.branch], frequency=frequency, ordinal=n)
            for n, frequency in enumerate(("annual", "annual", "annual", "biennial"))
        )
        factories.figure(zero, house.branch, value="0")
        factories.figure(blank, house.branch, explanation="Later.")
        factories.figure(excused, house.branch, not_applicable=True, reason="No coast.")
        rows = {row.indicator: row for row in page(house).rows}
        assert [rows[one].nothing for one in (zero, blank, excused, later)] == [
            None,
            Nothing.NOT_REPORTED,
            Nothing.NOT_APPLICABLE,
            Nothing.NOT_DUE,
        ]
        assert [rows[one].is_open for one in (zero, blank, excused, later)] == [
            False,
            True,
            False,
            False,
        ]
        assert rows[later].next_due == 2017
        assert (page(house).done, len(page(house).due_rows)) == (2, 3)

    def test_shows_the_year_before_and_the_targets_of_the_office(self, house):
        measure = factories.indicator(offices=[house.branch])
        factories.figure(measure, house.branch, "2015", "5")
        factories.target(measure, 2016, "90")
        factories.target(measure, 2016, "9", office=house.branch)
        factories.target(measure, 2016, "8", office=house.branch, version=2, reason="Cut.")
        (row,) = page(house).rows
        assert (row.previous.number, row.target, row.figure) == (5, Decimal(8), None)

    def test_shows_assignments_of_the_year_only(self, house):
        for code, years in {
            "AS1": {"since_year": 2017},
            "AS2": {"until_year": 2015},
            "AS3": {"since_year": 2016, "until_year": 2016},
        }.items():
            factories.assign(factories.indicator(code), house.branch, **years)
        assert [row.indicator.code for row in page(house).rows] == ["AS3"]

    def test_counts_each_authority_once_to_date(self, house):
        count = factories.indicator(kind="count", offices=[house.branch, house.region])
        factories.achievement(count, factories.authority(), house.branch, "2015")
        factories.achievement(count, factories.authority(), house.branch, "2016")
        factories.achievement(count, factories.authority(), house.region, "2016")
        (row,) = page(house).rows
        assert (row.count_before, row.count_to_date, len(row.achievements)) == (1, 2, 1)
        assert row.nothing is None

    def test_words_each_check_and_closes_it_by_an_answer(self, house):
        measure = factories.indicator(offices=[house.branch])
        figure = factories.figure(measure, house.branch, value="7")
        (check,) = page(house).rows[0].checks
        assert (check.is_open, check.sentence) == (
            True,
            "No evidence is given. Add a link or note, or say why there is none.",
        )
        figure.answers.create(
            check_code="no_evidence",
            sentence="It is in print.",
            answered_at=factories.NOW,
            answered_by=house.contributor,
        )
        (check,) = page(house).rows[0].checks
        assert (check.is_open, check.answer) == (False, "It is in print.")

    def test_never_adds_parts_of_two_axes(self, house):
        measure = factories.indicator(offices=[house.branch])
        factories.evidence(measure, house.branch)
        figure = factories.figure(measure, house.branch, value="10")
        for axis, category, value in (("sex", "women", 6), ("age", "young", 7)):
            made = factories.axis(axis, category)
            figure.parts.create(category=made.categories.get(), value=value)
        # 6 women and 7 young are two views of the same 10, not 13 of 10.
        assert page(house).rows[0].checks == ()
        figure.parts.filter(category__code="young").update(value=11)
        (check,) = page(house).rows[0].checks
        assert check.check.code == "parts_above_total"
        assert check.sentence.startswith("The parts add up to 11, more than the 10")

    def test_says_why_it_is_locked(self, house):
        assert page(house).lock is None
        assert page(house, "2018").lock.code == "not_opened"
        factories.submission(house.branch, state="approved")
        assert page(house).lock.code == "approved"


class TestApprovalQueue:
    def test_lists_the_offices_of_the_approver_oldest_first(self, house):
        measure = factories.indicator(offices=[house.branch])
        figure = factories.figure(measure, house.branch, value="7")
        figure.answers.create(
            check_code="no_evidence",
            sentence="It is in print.",
            answered_at=factories.NOW,
            answered_by=house.contributor,
        )
        factories.submission(house.branch, "2016", state="submitted")
        factories.submission(house.branch, "2015", state="approved")
        factories.submission(house.region, "2016", state="submitted")
        (waiting,) = queries.approval_queue(house.approver, today=TODAY)
        assert (waiting.submission.office, waiting.submission.period.code) == (
            house.branch,
            "2016",
        )
        assert (waiting.days, waiting.figures, waiting.answered, waiting.own) == (10, 1, 1, False)

    def test_marks_what_the_approver_submitted(self, house):
        row = factories.submission(house.branch, state="submitted")
        Submission.objects.filter(pk=row.pk).update(submitted_by=house.approver)
        assert [one.own for one in queries.approval_queue(house.approver, today=TODAY)] == [True]

    def test_is_empty_for_everybody_else(self, house):
        factories.submission(house.branch, state="submitted")
        for person in (AnonymousUser(), house.contributor, house.officer):
            assert queries.approval_queue(person, today=TODAY) == []


class TestProgress:
    def test_counts_what_is_typed_and_due(self, house):
        first = factories.indicator("PR1", offices=[house.branch, house.region])
        factories.indicator("PR2", kind="count", offices=[house.branch])
        factories.indicator("PR3", offices=[house.branch], frequency="biennial")
        second = factories.indicator("PR4", offices=[house.branch])
        factories.figure(first, house.branch, value="0")
        factories.figure(second, house.branch, explanation="Later.")
        factories.submission(house.region, state="submitted")
        found = {
            row.office.code: (row.state, row.entered, row.due, row.days_late)
            for row in queries.submission_progress(
                period=house.year, today=date(2017, 2, 3), user=house.officer
            )
        }
        # Zero is entered, an explanation alone is not; three days after 31 January.
        assert found == {"BR1": ("draft", 1, 2, 3), "RO1": ("submitted", 0, 1, 0)}

    def test_shows_offices_only_to_those_who_may_read_them(self, house):
        factories.indicator("PR1", offices=[house.branch, house.region])

        def offices(person):
            rows = queries.submission_progress(period=house.year, today=TODAY, user=person)
            return [row.office.code for row in rows]

        assert offices(house.contributor) == ["BR1"]
        assert offices(house.officer) == ["BR1", "RO1"]
        assert offices(AnonymousUser()) == []

    def test_counts_a_figure_only_where_it_is_due(self, house):
        due = factories.indicator("PR1", offices=[house.branch])
        early = factories.indicator("PR2", offices=[house.branch], frequency="biennial")
        factories.figure(early, house.branch, value="7")
        (row,) = queries.submission_progress(
            period=house.year, today=TODAY, user=house.officer
        )
        assert (due.code, row.entered, row.due) == ("PR1", 0, 1)

    def test_leaves_out_assignments_of_other_years(self, house):
        factories.assign(factories.indicator("PR1"), house.branch, since_year=2018)
        factories.indicator("PR2", offices=[house.branch])
        (row,) = queries.submission_progress(
            period=house.year, today=TODAY, user=house.officer
        )
        assert row.due == 1
