"""The board counts exactly, for each reader what they may see, today as from the history."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

import evaluation_rows as rows
import factories
import pytest
from board_rows import DAY, Shown, accepted
from django.contrib.auth.models import AnonymousUser

from evaluations.models import Recommendation
from evaluations.queries.board import board
from evaluations.queries.board_asked import BY, STATES, Asked, Board
from evaluations.queries.board_choices import choices
from evaluations.queries.board_past import past_board
from evaluations.rules.ageing import Line, Rate
from evaluations.rules.tallies import open_by_band, rate, responses
from evaluations.rules.texts import words_of
from evaluations.services import stands
from habitat_plan.kit.wording import Wording

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()
ALL = Asked(state="all")


def numbers(found: Board) -> list[int]:
    return [one.recommendation.number for one in found.rows]


class TestCounts:
    def test_how_old_the_open_ones_are(self, shown):
        found = board(PUBLIC, Asked(), today=DAY)
        assert open_by_band(found.counts) == {
            "not_due": 1, "to_90": 2, "to_180": 1, "to_365": 1, "over_365": 1, "no_date": 2,
        }  # fmt: skip

    def test_what_was_said_and_done(self, shown):
        found = responses(board(PUBLIC, Asked(), today=DAY).counts)
        assert found == {
            "accepted": Line(given=8, closed=2, open=5, to_verify=1),
            "partly": Line(given=1, closed=0, open=1, to_verify=0),
            "rejected": Line(given=1, closed=0, open=0, to_verify=0),
            "awaiting": Line(given=1, closed=0, open=1, to_verify=0),
            "all": Line(given=11, closed=2, open=7, to_verify=1),
        }

    def test_one_of_eight_is_implemented_since_one_was_overtaken(self, shown):
        found = rate(board(PUBLIC, Asked(), today=DAY).counts)
        assert found == Rate(implemented=1, accepted=9, overtaken=1)
        assert found.share == Fraction(1, 8)

    def test_rates_by_office(self, shown):
        found = {group.key: group for group in board(PUBLIC, Asked(), today=DAY).groups}
        odd, even = found[shown.odd.pk], found[shown.even.pk]
        assert (odd.given, odd.rate, odd.open, odd.late) == (6, Rate(1, 5, 0), 5, 2)
        assert (even.given, even.rate, even.open, even.late) == (5, Rate(0, 4, 1), 3, 3)
        assert (odd.over_a_year, odd.awaiting, odd.to_verify) == (1, 1, 0)
        assert (even.over_a_year, even.awaiting, even.to_verify) == (0, 0, 1)
        assert (odd.first_due_on, even.first_due_on) == (date(2015, 12, 31), date(2016, 1, 17))

    @pytest.mark.parametrize("by", ["year", "evaluation"])
    def test_rates_by_year_and_evaluation(self, shown, by):
        (group,) = board(PUBLIC, Asked(by=by), today=DAY).groups
        assert group.key == (2016 if by == "year" else shown.evaluation.pk)
        assert (group.given, group.rate, group.late) == (11, Rate(1, 9, 1), 5)

    def test_the_longest_late_come_first_and_those_without_a_day_last(self, shown):
        assert numbers(board(PUBLIC, Asked(), today=DAY)) == [1, 10, 9, 8, 2, 3, 7, 11]

    @pytest.mark.parametrize(
        ("state", "expected"),
        [
            ("late", [1, 10, 9, 8, 2]),
            ("over_year", [1]),
            ("to_verify", [8]),
            ("awaiting", [7]),
            ("unplanned", [11]),
            ("not_started", [10, 9, 2]),
            ("in_progress", [1, 3]),
            ("closed", [6, 5, 4]),
            ("implemented", [5]),
            ("overtaken", [6]),
            ("rejected", [4]),
            ("all", [1, 10, 9, 8, 2, 3, 7, 11, 6, 5, 4]),
        ],
    )
    def test_the_list_is_narrowed_to_a_state(self, shown, state, expected):
        found = board(PUBLIC, Asked(state=state), today=DAY)
        assert numbers(found) == expected
        assert found.listed == len(expected)
        assert sum(found.counts.values()) == 11

    def test_the_longest_late_of_each_office(self, shown):
        found = board(PUBLIC, Asked(), today=DAY, longest=True).longest
        assert {key: one.recommendation.number for key, one in found.items()} == {
            shown.odd.pk: 1,
            shown.even.pk: 10,
        }


class TestNarrowed:
    def test_by_office_year_and_evaluation_together(self, shown):
        other = rows.evaluation("1-2015", state="published", report_number=1, report_year=2015)
        accepted(other, shown.odd, 1, date(2016, 1, 1))
        for asked, expected in (
            (Asked(office="ODD"), [1, 1, 9, 3, 7, 11]),
            (Asked(office="ODD", year=2016), [1, 9, 3, 7, 11]),
            (Asked(office="ODD", year=2015), [1]),
            (Asked(office="ODD", evaluation="2-2016", state="late"), [1, 9]),
            (Asked(office="EVEN", evaluation="1-2015"), []),
            (Asked(office="ODD", evaluation="1-2015", year=2016), []),
            (Asked(evaluation="nothing"), []),
        ):
            assert numbers(board(PUBLIC, asked, today=DAY)) == expected, asked

    def test_pages_of_twenty_five(self, shown):
        with rows.at_once():
            for number in range(12, 42):
                accepted(shown.evaluation, shown.odd, number, date(2017, 1, 1))
        first, second = (board(PUBLIC, Asked(page=page), today=DAY) for page in (1, 2))
        assert (first.listed, first.pages) == (38, 2)
        assert (len(first.rows), len(second.rows)) == (25, 13)
        assert not {*numbers(first)} & {*numbers(second)}
        beyond = board(PUBLIC, Asked(page=99), today=DAY)
        assert (beyond.page, numbers(beyond)) == (2, numbers(second))


class TestRights:
    @pytest.fixture(autouse=True)
    def unpublished(self, shown):
        """One recommendation each of an evaluation under embargo, reported, and under way."""
        until = DAY + timedelta(days=1)
        for code, state, extra in (
            ("held", "published", {"embargo_until": until, "report_number": None}),
            ("reported", "reported", {}),
            ("underway", "under_way", {}),
        ):
            of = rows.evaluation(code, state=state, **extra)
            rows.recommendation(of, office=shown.odd, number=1, text=f"Secret of {code}")

    @staticmethod
    def codes(user, today=DAY):
        found = board(user, replace(ALL, by="evaluation"), today=today)
        assert sum(found.counts.values()) == sum(group.given for group in found.groups)
        return {one.recommendation.evaluation.code for one in found.rows}

    @pytest.mark.parametrize("who", ["public", "delegate"])
    def test_strangers_and_delegations_see_what_is_published(self, shown, who):
        user = PUBLIC if who == "public" else shown.delegate
        assert self.codes(user) == {"2-2016"}

    @pytest.mark.parametrize("who", ["officer", "manager", "contributor"])
    def test_the_secretariat_sees_what_is_reported(self, shown, who):
        assert self.codes(getattr(shown, who)) == {"2-2016", "held", "reported"}

    def test_an_embargo_ends_on_its_day(self, shown):
        on = DAY + timedelta(days=1)
        assert self.codes(PUBLIC, on) == {"2-2016", "held"}
        assert self.codes(PUBLIC, on + timedelta(days=1)) == {"2-2016", "held"}

    @pytest.mark.parametrize("asked", [Asked(words=("secret",), state="all"), Asked(office="ODD")])
    def test_no_filter_leads_to_more(self, shown, asked):
        for found in (
            board(PUBLIC, asked, today=DAY),
            past_board(PUBLIC, replace(asked, on=DAY), DAY, today=DAY),
        ):
            assert all(one.recommendation.evaluation.code == "2-2016" for one in found.rows)

    def test_what_can_be_chosen_names_nothing_hidden(self, shown):
        other = factories.office("HIDDEN")
        rows.recommendation(rows.evaluation("x", state="reported"), office=other, number=1)
        found = choices(PUBLIC, Asked(evaluation="reported"), today=DAY)
        assert [one.code for one in found.evaluations] == ["2-2016"]
        assert {one.code for one in found.offices.values()} == {"ODD", "EVEN"}
        assert found.years == [2016]
        seen = choices(shown.officer, Asked(), today=DAY)
        assert {one.code for one in seen.evaluations} == {"2-2016", "held", "reported", "x"}


class TestPastDays:
    def test_before_a_closure_it_was_open(self, shown):
        before = board(PUBLIC, Asked(on=date(2017, 1, 9)), today=DAY)
        assert before.day == date(2017, 1, 9)
        assert rate(before.counts).implemented == 0
        assert numbers(
            board(PUBLIC, Asked(on=date(2017, 1, 10), state="implemented"), today=DAY)
        ) == [5]

    def test_before_the_report_there_was_nothing(self, shown):
        assert board(PUBLIC, replace(ALL, on=date(2014, 11, 30)), today=DAY).listed == 0
        assert board(PUBLIC, replace(ALL, on=date(2014, 12, 1)), today=DAY).listed == 11

    def test_where_only_the_year_is_known_it_counts_from_its_first_day(self, shown):
        of = rows.evaluation(
            "6-2015", state="published", report_number=6, report_year=2015, published_on=None,
            completed_on=None,
        )  # fmt: skip
        rows.recommendation(of, office=shown.odd, number=1)
        asked = Asked(evaluation="6-2015", state="all")
        assert board(PUBLIC, replace(asked, on=date(2014, 12, 31)), today=DAY).listed == 0
        assert board(PUBLIC, replace(asked, on=date(2015, 1, 1)), today=DAY).listed == 1


@rows.at_once()
def scattered(shown: Shown, seed: int) -> None:
    """Forty recommendations in three evaluations with whatever may have happened to them."""
    random = Random(seed)  # noqa: S311 - the same each time
    some = [
        rows.evaluation(
            f"r-{number}", state="published", report_number=50 + number, report_year=2013 + number,
            published_on=date(2013 + number, 5, 1), illustrative=number == 2,
        )
        for number in range(3)
    ]  # fmt: skip
    for _number in range(40):
        office = random.choice((shown.odd, shown.even))
        one = rows.recommendation(random.choice(some), office=office)
        decision = random.choice(("", "accepted", "accepted", "partly", "rejected"))
        if not decision:
            continue
        day = date(2016, 1, 1) + timedelta(days=random.randrange(200))
        rows.answer(one, decision, on=day, reason="Since." if decision != "accepted" else "")
        for _action in range(0 if decision == "rejected" else random.randrange(3)):
            late = random.choice((None, -30, -1, 0, 1, 90, 91, 180, 181, 365, 366, 500))
            due = None if late is None else DAY - timedelta(days=late)
            action = rows.action(one, due_on=due, planned_on=day)
            phases = ["in_progress", "proposed", "implemented"][: random.randrange(4)]
            if random.random() < 0.2:
                phases = ["overtaken"]
            rows.follow_ups(action, phases, day=day + timedelta(days=random.randrange(150)))


class TestTodayIsWhatFollowsFromTheHistory:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_in_every_number_and_row(self, shown, seed):
        scattered(shown, seed)
        for state in STATES:
            for by in BY:
                asked = Asked(state=state, by=by)
                kept = board(PUBLIC, asked, today=DAY, longest=True)
                told = past_board(PUBLIC, asked, DAY, today=DAY, longest=True)
                assert dict(kept.counts) == dict(told.counts)
                assert kept.spread == told.spread
                order = {"key": lambda group: group.key or 0}
                assert sorted(kept.groups, **order) == sorted(told.groups, **order)
                assert [o.recommendation.pk for o in kept.rows] == [
                    o.recommendation.pk for o in told.rows
                ]
                assert (kept.listed, kept.page, kept.pages) == (told.listed, told.page, told.pages)
                assert {key: one.recommendation.pk for key, one in kept.longest.items()} == {
                    key: one.recommendation.pk for key, one in told.longest.items()
                }


class TestSearch:
    TEXTS = (
        ("ar", "ينبغي تحسين الأراضي وإدارةُ السجلات", "الاراضي"),
        ("ar", "ينبغي تحسين الأراضي وإدارةُ السجلات", "اداره السجلات"),
        ("zh", "人居署应当改进贫民窟改造", "贫民窟"),
        ("ru", "Следует вести учёт жилья", "УЧЕТ"),
        ("fr", "Améliorer la gestion à l’échelle des cités", "echelle ameliorer"),
        ("es", "Mejorar la evaluación del saneamiento", "EVALUACION"),
        ("en", "Spend 100% of it_all \\ here", "100%"),
        ("en", "Spend 100% of it_all \\ here", "it_all"),
        ("en", "Spend 100% of it_all \\ here", "\\"),
    )

    @pytest.mark.parametrize(("language", "text", "asked"), TEXTS)
    def test_finds_a_text_in_its_language(self, shown, language, text, asked):
        words = Wording.of(**({"en": "Something"} | {language: text}))
        row = Recommendation(
            evaluation=shown.evaluation, number=12, text=words, office=shown.odd,
            searched=rows.said(words), made_at=factories.NOW, state="published",
        )  # fmt: skip
        stands.refresh([factories.saved(row)])
        found = board(PUBLIC, Asked(words=words_of(asked), state="all"), today=DAY)
        assert numbers(found) == [12]

    @pytest.mark.parametrize(
        "asked", [("%",), ("_",), ("do_thing",), ("d%g",), ("thing", "absent")]
    )
    def test_signs_stand_for_themselves_and_all_words_must_be_there(self, shown, asked):
        assert board(PUBLIC, Asked(words=asked, state="all"), today=DAY).listed == 0

    def test_within_what_else_is_asked(self, shown):
        found = board(PUBLIC, Asked(words=("thing",), office="EVEN", state="late"), today=DAY)
        assert numbers(found) == [10, 8, 2]
        assert found.counts == {}

    def test_the_number_of_a_report_finds_its_recommendations(self, shown):
        assert board(PUBLIC, Asked(words=("2/2016",), state="all"), today=DAY).listed == 11
        assert board(PUBLIC, Asked(words=("3/2016",), state="all"), today=DAY).listed == 0

    def test_on_a_past_day_finds_the_same(self, shown):
        asked = Asked(words=("thing", "1"), state="open", on=date(2017, 1, 15))
        assert numbers(board(PUBLIC, asked, today=DAY)) == [1, 10, 11]
