"""What the plan asks to be evaluated: each rule on its boundary, by hand and for any evaluations."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluations.rules import coverage as rules
from evaluations.rules.coverage import Asked, Gap, Limit, Rule, Share, Sized, World
from evaluations.rules.evaluated import Evaluated, Found
from evaluations.rules.evaluation_states import COMPLETED, EvaluationState
from evaluations.rules.history import Life, Taken, state_on

S = EvaluationState
STARTS, ENDS = date(2014, 1, 1), date(2019, 12, 31)
DAY = date(2017, 1, 16)
THREE_MILLION = Decimal("3000000")
LIMITS = (Limit(date(2014, 1, 1), THREE_MILLION), Limit(date(2018, 7, 1), Decimal("1000000")))


def world(*evaluations: Evaluated, day: date = DAY, **more: object) -> World:
    """The life of the plan on a day, with two focus areas unless others are given."""
    known = {"focus_areas": {"FA1": "ULLGB", "FA2": "UPDB"}} | more
    return World(day, ENDS, STARTS, evaluations=evaluations, **known)


def evaluation(code: str = "e", state: S = S.PLANNED, **fields: object) -> Evaluated:
    """An evaluation of FA1 that ends in 2018."""
    known = {"ends_on": date(2018, 6, 30), "focus_areas": frozenset({"FA1"})} | fields
    return Evaluated(code, "subprogramme", state, **known)


def project(budget: str = "3000000.01", **fields: object) -> Sized:
    """A project that runs from 2015 to the end of 2016, without a line for evaluation."""
    known = {"starts_on": date(2015, 1, 1), "ends_on": date(2016, 12, 31)} | fields
    return Sized("p-1", "ROAF", Decimal(budget), known.pop("line", None), **known)


def of(rule: Rule, gaps: list[Gap]) -> list[str]:
    """What a rule misses."""
    return [gap.subject for gap in gaps if gap.rule == rule]


class TestFocusAreas:
    def test_one_planned_within_the_life_of_the_plan_covers_its_area(self) -> None:
        gaps = rules.gaps(world(evaluation()))
        assert of(Rule.FOCUS_AREA, gaps) == ["FA2"]
        assert (gaps[0].office, gaps[0].concerns, gaps[0].where) == ("EVU", "UPDB", "p.100")

    def test_one_that_is_cancelled_counts_for_nothing(self) -> None:
        gaps = rules.gaps(world(evaluation(state=S.CANCELLED)))
        assert of(Rule.FOCUS_AREA, gaps) == ["FA1", "FA2"]
        assert gaps[0].found == Found.NONE

    @pytest.mark.parametrize(
        ("ends_on", "found"), [(ENDS, Found.PLANNED), (ENDS + timedelta(1), Found.LATE)]
    )
    def test_the_last_day_of_the_plan_is_in_time(self, ends_on: date, found: Found) -> None:
        assert rules.of_focus_areas(world(evaluation(ends_on=ends_on)))[0].found == found

    def test_one_without_a_day_is_not_known_to_be_in_time(self) -> None:
        assert rules.of_focus_areas(world(evaluation(ends_on=None)))[0].found == Found.LATE

    def test_one_made_before_the_plan_began_covers_nothing(self) -> None:
        earlier = evaluation(state=S.PUBLISHED, ends_on=None, report_year=2013)
        first = evaluation(state=S.PUBLISHED, ends_on=None, report_year=2014)
        assert rules.of_focus_areas(world(earlier))[0].found == Found.NONE
        assert rules.of_focus_areas(world(first))[0].found == Found.DONE

    def test_what_is_made_counts_before_what_is_only_planned(self) -> None:
        made = evaluation("a", S.PUBLISHED, completed_on=date(2016, 5, 1))
        covered = rules.of_focus_areas(world(evaluation("b"), made))[0]
        assert (covered.found, covered.evaluation.year) == (Found.DONE, 2016)

    def test_after_the_plan_nothing_planned_is_in_time_any_more(self) -> None:
        after = world(evaluation(), day=ENDS + timedelta(1))
        assert rules.of_focus_areas(after)[0].found == Found.LATE


class TestMandates:
    MID_TERM = Asked("mid-term", date(2016, 12, 31), "p.61 a, p.100")

    def on(self, day: date, **fields: object) -> list[Gap]:
        one = evaluation("m", mandate="mid-term", **fields)
        return rules.gaps(world(one, day=day, focus_areas={}, mandates=[self.MID_TERM]))

    def test_one_planned_to_the_very_day_is_no_gap_until_the_day_is_over(self) -> None:
        due = self.MID_TERM.due_on
        assert self.on(due, ends_on=due) == []
        (gap,) = self.on(due + timedelta(1), ends_on=due)
        assert (gap.rule, gap.found, gap.evaluation) == (Rule.MANDATE, Found.LATE, "m")
        assert (gap.where, gap.due_on) == ("p.61 a, p.100", due)

    def test_one_planned_a_day_too_late_is_a_gap_at_once(self) -> None:
        assert of(Rule.MANDATE, self.on(DAY, ends_on=date(2017, 1, 1))) == ["mid-term"]

    def test_one_made_late_is_told_but_asks_nobody_to_act(self) -> None:
        made = {"state": S.PUBLISHED, "completed_on": date(2017, 4, 30)}
        assert self.on(date(2018, 1, 1), **made) == []
        one = evaluation("m", mandate="mid-term", **made)
        covered = rules.of_mandates(world(one, mandates=[self.MID_TERM]))
        assert [found.found for found in covered] == [Found.DONE_LATE]

    def test_nothing_planned_is_a_gap_long_before_the_day(self) -> None:
        gaps = rules.gaps(world(day=date(2014, 2, 1), mandates=[self.MID_TERM]))
        assert (gaps[0].rule, gaps[0].found) == (Rule.MANDATE, Found.NONE)

    def test_a_mandate_that_names_no_day_is_never_late(self) -> None:
        one = evaluation(mandate="agreement", ends_on=None)
        asked = world(one, mandates=[Asked("agreement", None)], focus_areas={})
        assert rules.gaps(asked) == []


class TestThreshold:
    @pytest.mark.parametrize(("budget", "is_above"), [("3000000", False), ("3000000.01", True)])
    def test_only_more_than_the_threshold_is_above_it(self, budget: str, is_above: bool) -> None:
        assert bool(rules.above_threshold(world(projects=[project(budget)], limits=LIMITS))) == (
            is_above
        )

    @pytest.mark.parametrize(
        ("ends_on", "limit"),
        [
            (date(2018, 6, 30), Decimal("3000000")),
            (date(2018, 7, 1), Decimal("1000000")),
            (date(2013, 12, 31), None),
        ],
    )
    def test_a_threshold_holds_from_its_very_day(
        self, ends_on: date, limit: Decimal | None
    ) -> None:
        one = project("3500000", starts_on=date(2013, 1, 1), ends_on=ends_on)
        assert rules.limit_passed(one, LIMITS) == limit

    def test_the_day_on_which_it_really_closed_counts(self) -> None:
        one = project("2000000", ends_on=date(2018, 6, 30), closed_on=date(2018, 8, 1))
        assert rules.limit_passed(one, LIMITS) == Decimal("1000000")

    def test_a_project_above_it_needs_an_external_evaluation_and_a_line(self) -> None:
        gaps = rules.gaps(world(projects=[project()], limits=LIMITS, focus_areas={}))
        assert [gap.rule for gap in gaps] == [Rule.EXTERNAL, Rule.BUDGET_LINE]
        assert {(gap.office, gap.concerns, gap.amount) for gap in gaps} == {
            ("ROAF", "EVU", THREE_MILLION)
        }

    @pytest.mark.parametrize(
        ("conducted_by", "missing"),
        [("external", []), ("mixed", []), ("unit", ["p-1"]), ("", ["p-1"])],
    )
    def test_the_unit_alone_is_not_external(self, conducted_by: str, missing: list[str]) -> None:
        one = evaluation(conducted_by=conducted_by, projects=frozenset({"p-1"}))
        gaps = rules.gaps(world(one, projects=[project(line=Decimal(1))], limits=LIMITS))
        assert of(Rule.EXTERNAL, gaps) == missing

    def test_a_line_of_nothing_is_no_line(self) -> None:
        gaps = rules.gaps(world(projects=[project(line=Decimal(0))], limits=LIMITS))
        assert of(Rule.BUDGET_LINE, gaps) == ["p-1"]

    def test_once_it_is_evaluated_no_line_is_asked_for(self) -> None:
        made = evaluation(
            state=S.REPORTED,
            completed_on=DAY,
            conducted_by="external",
            projects=frozenset({"p-1"}),
        )
        gaps = rules.gaps(world(made, projects=[project()], limits=LIMITS))
        assert of(Rule.BUDGET_LINE, gaps) == of(Rule.EXTERNAL, gaps) == []

    def test_a_project_that_begins_later_is_not_asked_yet(self) -> None:
        later = project(starts_on=DAY + timedelta(1), ends_on=ENDS)
        assert rules.gaps(world(projects=[later], limits=LIMITS, focus_areas={})) == []


class TestBienniums:
    BIENNIUM = {"2016-2017": (date(2016, 1, 1), date(2017, 12, 31))}

    def gaps(self, *evaluations: Evaluated, approved: bool = True) -> list[Rule]:
        approved_ones = frozenset({"2016-2017"} if approved else ())
        made = world(*evaluations, bienniums=self.BIENNIUM, approved=approved_ones, focus_areas={})
        return [gap.rule for gap in rules.gaps(made)]

    def one(self, conducted_by: str, kind: str = "strategy") -> Evaluated:
        return Evaluated("e", kind, S.PLANNED, conducted_by, plan="2016-2017")

    def test_half_is_not_most(self) -> None:
        half = [self.one("external"), self.one("unit")]
        assert self.gaps(*half) == [Rule.MOSTLY_EXTERNAL]
        assert self.gaps(*half, self.one("mixed")) == []

    def test_a_plan_without_strategic_evaluations_is_named(self) -> None:
        assert self.gaps(self.one("external", "project")) == [Rule.STRATEGIC]

    def test_a_plan_that_is_not_approved_is_named_from_the_first_day_on(self) -> None:
        assert self.gaps(self.one("external"), approved=False) == [Rule.BIENNIAL_PLAN]
        before = world(day=date(2015, 12, 31), bienniums=self.BIENNIUM, focus_areas={})
        assert rules.gaps(before) == []


def test_a_report_may_wait_ninety_days_for_its_publication() -> None:
    kept = evaluation(state=S.REPORTED, completed_on=DAY, focus_areas=frozenset())
    on_time = world(kept, day=DAY + timedelta(90), focus_areas={})
    assert rules.gaps(on_time) == []
    (gap,) = rules.gaps(world(kept, day=DAY + timedelta(91), focus_areas={}))
    assert (gap.rule, gap.subject, gap.where) == (Rule.PUBLISHED, "e", "p.101")


def test_two_of_three_known_are_external() -> None:
    known = [
        evaluation(conducted_by="external"),
        evaluation(conducted_by="mixed"),
        evaluation(conducted_by="unit"),
        evaluation(conducted_by=""),
        evaluation(conducted_by="unit", state=S.CANCELLED),
    ]
    assert rules.external_share(known) == Share(2, 3)
    assert rules.external_share(known).share == Fraction(2, 3)
    assert rules.external_share([]).share is None


def test_of_three_projects_closed_in_the_biennium_two_were_evaluated_in_time() -> None:
    first, last = date(2016, 1, 1), date(2017, 12, 31)
    days = {"a": first, "b": last, "c": date(2016, 6, 1), "d": last + timedelta(1), "e": None}
    closed = [
        Sized(code, "ROAF", Decimal(1), None, date(2014, 1, 1), last, day)
        for code, day in days.items()
    ]
    made = [
        evaluation("x", S.PUBLISHED, completed_on=date(2015, 5, 1), projects=frozenset("a")),
        evaluation("y", S.REPORTED, completed_on=last, projects=frozenset("b")),
        evaluation("z", S.REPORTED, completed_on=last + timedelta(1), projects=frozenset("c")),
        evaluation("w", S.UNDER_WAY, projects=frozenset("c")),
    ]
    assert rules.closed_projects_evaluated(closed, made, first, last) == Share(2, 3)


days = st.dates(date(2013, 1, 1), date(2021, 12, 31))
evaluations = st.builds(
    Evaluated,
    code=st.sampled_from("abcdef"),
    kind=st.sampled_from(["subprogramme", "mid_term", "project"]),
    state=st.sampled_from(list(S)),
    conducted_by=st.sampled_from(["", "external", "unit", "mixed"]),
    ends_on=st.none() | days,
    completed_on=st.none() | days,
    report_year=st.none() | st.integers(2012, 2020),
    mandate=st.sampled_from(["", "m"]),
    focus_areas=st.frozensets(st.sampled_from(["FA1", "FA2"])),
    projects=st.frozensets(st.just("p-1")),
)


@given(st.lists(evaluations, max_size=4), evaluations, days)
def test_one_more_evaluation_never_adds_a_gap_of_what_is_to_be_covered(
    known: list[Evaluated], more: Evaluated, day: date
) -> None:
    asked = {
        "projects": [project()],
        "limits": LIMITS,
        "mandates": [Asked("m", date(2016, 12, 31))],
        "day": day,
    }
    before, after = (
        {
            (gap.rule, gap.subject)
            for gap in rules.gaps(world(*rows, **asked))
            if gap.rule in {Rule.FOCUS_AREA, Rule.MANDATE, Rule.EXTERNAL, Rule.BUDGET_LINE}
        }
        for rows in (known, [*known, more])
    )
    assert after <= before


@given(st.lists(evaluations, max_size=4), days)
def test_cancelled_evaluations_change_nothing(known: list[Evaluated], day: date) -> None:
    left = [one for one in known if one.state != S.CANCELLED]
    assert rules.gaps(world(*known, day=day)) == rules.gaps(world(*left, day=day))


class TestStateOnADay:
    MADE = date(2016, 1, 10)

    def test_follows_the_steps(self) -> None:
        steps = [
            Taken(date(2016, 3, 1), "planned", "prepared"),
            Taken(date(2016, 4, 1), "prepared", "under_way"),
            Taken(date(2016, 9, 1), "under_way", "cancelled"),
        ]
        life = Life(S.CANCELLED, self.MADE, steps)
        found = {
            day: state_on(day, life)
            for day in (date(2016, 1, 9), self.MADE, date(2016, 3, 1), date(2016, 8, 31), DAY)
        }
        assert list(found.values()) == [None, S.PLANNED, S.PREPARED, S.UNDER_WAY, S.CANCELLED]

    def test_of_a_report_entered_later_the_days_of_the_report_count(self) -> None:
        life = Life(
            S.PUBLISHED,
            date(2026, 11, 26),
            completed_on=date(2017, 4, 30),
            report_year=2017,
            in_plan_from=date(2016, 1, 1),
        )
        found = [
            state_on(day, life)
            for day in (
                date(2015, 12, 31),
                date(2016, 1, 1),
                date(2017, 4, 29),
                date(2017, 4, 30),
                date(2017, 12, 31),
            )
        ]
        assert found == [None, S.PLANNED, S.PLANNED, S.REPORTED, S.PUBLISHED]

    def test_one_that_began_is_under_way_until_its_report_is_there(self) -> None:
        life = Life(
            S.REPORTED, date(2026, 1, 1), starts_on=date(2016, 2, 1), completed_on=date(2016, 8, 1)
        )
        assert state_on(date(2016, 7, 31), life) == S.UNDER_WAY
        assert state_on(date(2016, 1, 31), life) is None

    @given(st.sampled_from(list(S)), days, days)
    def test_without_steps_it_is_in_its_state_from_the_day_it_was_entered(
        self, state: S, made_on: date, day: date
    ) -> None:
        found = state_on(day, Life(state, made_on))
        assert found == (state if made_on <= day else None)
        assert found is None or (found in COMPLETED) == (state in COMPLETED)
