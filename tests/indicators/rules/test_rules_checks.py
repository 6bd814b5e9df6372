"""Questions and errors at entry."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest

from indicators.rules.aggregation import Entry
from indicators.rules.checks import (
    Check,
    Severity,
    check_entry,
    is_closed_by,
    needs_sentence,
)
from indicators.rules.kinds import EntryMeaning, Kind
from indicators.rules.ratings import Status


def number(value: int, year: int = 2017) -> Entry:
    return Entry("ROAS", year, number=Decimal(value))


def ratio(numerator: int, denominator: int, year: int = 2017) -> Entry:
    return Entry("ROAS", year, numerator=Decimal(numerator), denominator=Decimal(denominator))


def codes(
    entry: Entry,
    kind: Kind = Kind.NUMBER,
    *,
    meaning: EntryMeaning = EntryMeaning.TO_DATE,
    previous: Sequence[Entry] = (),
    target: int | None = None,
    parts: Mapping[str, Mapping[str, Decimal]] | None = None,
    evidence_count: int = 1,
) -> list[str]:
    found = check_entry(
        entry,
        kind=kind,
        meaning=meaning,
        previous=previous,
        target=None if target is None else Decimal(target),
        parts=parts,
        evidence_count=evidence_count,
    )
    return [check.code for check in found]


class TestErrors:
    def test_names_both_parts_if_the_numerator_is_above_the_denominator(self) -> None:
        (found,) = check_entry(
            ratio(14, 11), kind=Kind.RATIO, meaning=EntryMeaning.THIS_PERIOD, evidence_count=1
        )
        assert (found.code, found.severity) == ("numerator_above_denominator", Severity.ERROR)
        assert found.params == {"numerator": Decimal(14), "denominator": Decimal(11)}

    def test_accepts_a_numerator_as_great_as_its_denominator(self) -> None:
        assert codes(ratio(11, 11), Kind.RATIO) == []

    @pytest.mark.parametrize("kind", [Kind.COUNT, Kind.NUMBER])
    def test_refuses_a_negative_number_of_things(self, kind: Kind) -> None:
        assert codes(number(-1), kind) == ["negative"]

    def test_accepts_a_negative_statistic(self) -> None:
        assert codes(number(-1), Kind.STATISTIC) == []

    def test_asks_for_a_reason_why_it_is_not_applicable(self) -> None:
        assert codes(Entry("ROAS", 2017, not_applicable=True)) == ["no_reason"]
        assert codes(Entry("ROAS", 2017, not_applicable=True, reason="No programme")) == []

    def test_come_before_questions(self) -> None:
        found = codes(number(-1), previous=[number(4, 2016)])
        assert found == ["negative", "below_last_total"]


class TestQuestions:
    def test_are_asked_if_the_running_total_fell(self) -> None:
        (found,) = check_entry(
            number(30),
            kind=Kind.NUMBER,
            meaning=EntryMeaning.TO_DATE,
            previous=[number(34, 2016), number(21, 2015)],
            evidence_count=1,
        )
        assert (found.code, found.severity) == ("below_last_total", Severity.QUESTION)
        assert found.params == {"number": Decimal(30), "last": Decimal(34), "year": 2016}

    def test_are_not_asked_if_the_figure_of_a_single_period_fell(self) -> None:
        assert (
            codes(number(30), meaning=EntryMeaning.THIS_PERIOD, previous=[number(34, 2016)]) == []
        )

    def test_leave_later_years_alone(self) -> None:
        assert codes(number(30), previous=[number(34, 2018)]) == []

    def test_are_asked_above_twice_the_target_only(self) -> None:
        assert codes(number(80), target=40) == []
        assert codes(number(81), target=40) == ["above_twice_target"]

    def test_compare_a_ratio_with_its_target_in_per_cent(self) -> None:
        assert codes(ratio(9, 10), Kind.RATIO, target=40) == ["above_twice_target"]
        assert codes(ratio(8, 10), Kind.RATIO, target=40) == []

    def test_are_asked_for_each_axis_apart_if_parts_are_above_the_total(self) -> None:
        parts = {
            "sex": {"women": Decimal(20), "men": Decimal(11)},
            "age": {"15-24": Decimal(10)},
        }
        assert codes(number(30), parts=parts) == ["parts_above_total"]
        assert codes(number(31), parts=parts) == []

    def test_are_asked_if_the_same_value_comes_three_times(self) -> None:
        assert codes(number(5), previous=[number(5, 2015), number(5, 2016)]) == ["same_three_times"]
        assert codes(number(5), previous=[number(4, 2015), number(5, 2016)]) == []
        assert codes(number(5), previous=[number(5, 2016)]) == []

    def test_are_not_asked_if_equal_shares_come_from_different_parts(self) -> None:
        earlier = [ratio(1, 2, 2015), ratio(2, 4, 2016)]
        assert codes(ratio(3, 6), Kind.RATIO, previous=earlier) == []

    def test_are_asked_without_evidence_unless_there_is_nothing_to_prove(self) -> None:
        assert codes(number(5), evidence_count=0) == ["no_evidence"]
        assert codes(number(0), evidence_count=0) == []
        assert codes(Entry("ROAS", 2017), evidence_count=0) == []
        yes, no = (Entry("ROAS", 2017, choice=choice) for choice in ("yes", "no"))
        assert codes(yes, Kind.YES_NO, evidence_count=0) == ["no_evidence"]
        assert codes(no, Kind.YES_NO, evidence_count=0) == []

    @pytest.mark.parametrize(
        ("status", "unexplained", "expected"),
        [
            (Status.OFF_TRACK, ("cause",), ["off_track_unexplained"]),
            (Status.NO_PROGRESS, ("measures",), ["off_track_unexplained"]),
            (Status.OFF_TRACK, (), []),
            (Status.ON_TRACK, ("cause",), []),
            (Status.NOT_RATED, ("cause",), []),
        ],
    )
    def test_are_asked_if_the_office_is_behind_and_says_not_all(
        self, status: Status, unexplained: tuple[str, ...], expected: list[str]
    ) -> None:
        found = check_entry(
            number(5),
            kind=Kind.NUMBER,
            meaning=EntryMeaning.TO_DATE,
            evidence_count=1,
            status=status,
            unexplained=unexplained,
        )
        assert [check.code for check in found] == expected


class TestAnswers:
    @pytest.mark.parametrize(
        ("answer", "closes"),
        [("", False), ("In print.", False), ("ok ok", False), ("It is in print.", True),
         ("証拠は後日提出します", True), ("后补", False)],
    )  # fmt: skip
    def test_close_a_question_by_a_sentence_of_three_words(self, answer: str, closes: bool) -> None:
        question = Check("no_evidence", Severity.QUESTION)
        assert is_closed_by(question, answer) is closes
        assert needs_sentence(question, answer) is (not closes and answer != "")

    def test_close_no_error_and_no_missing_explanation(self) -> None:
        sentence = "This is how we counted it."
        assert not is_closed_by(Check("no_reason", Severity.ERROR), sentence)
        assert not is_closed_by(Check("off_track_unexplained", Severity.QUESTION), sentence)
