"""A count of authorities after approval: authorities come and go by corrections with a reason."""

from datetime import date

import factories
import pytest

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Achievement, Correction, Evidence, Figure
from indicators.queries.standing import standings
from indicators.services import corrections
from indicators.services.authorities import NewAchievement
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture
def count(house):
    return factories.indicator(
        "FA2.1", kind="count", offices=[house.branch], result=factories.result()
    )


@pytest.fixture
def counted(house, count):
    factories.submission(house.branch, state="approved")
    factories.achievement(count, factories.authority("Alba"), house.branch)
    return factories.achievement(count, factories.authority("Bela"), house.branch)


def total(house, count):
    (found,) = standings(codes=[count.code], period=house.year, today=factories.TODAY)
    return found.actual.number


def take(house, counted, **given):
    values = {"reason": "It was adopted in 2017.", "by": house.officer, **given}
    return corrections.take_from_count(achievement=counted, at=NOW, **values)


def add(house, count, **given):
    values = {"reason": "Left out.", "by": house.officer, "new": new(), **given}
    return corrections.add_to_count(
        indicator=count, office=house.branch, period=house.year, at=NOW, **values
    )


def new(**given):
    values = {
        "achieved_on": date(2016, 5, 1),
        "evidence": "Gazette",
        "authority": given.get("authority") or factories.authority(),
    }
    return NewAchievement(**{**values, **given})


def refused(action, *given, **more) -> RuleBroken:
    before = (Achievement.objects.count(), Figure.objects.count(), AuditEntry.objects.count())
    with pytest.raises(RuleBroken) as caught:
        action(*given, **more)
    assert before == (
        Achievement.objects.count(),
        Figure.objects.count(),
        AuditEntry.objects.count(),
    )
    return caught.value


class TestTake:
    def test_counts_one_less_and_keeps_what_was_said_of_it(self, house, count, counted):
        assert total(house, count) == 2
        correction = take(house, counted)
        assert total(house, count) == 1
        assert correction.before == {
            "count": 2,
            "authority": counted.authority_id,
            "name": "Bela",
            "achieved_on": "2016-06-30",
            "evidence": "Gazette",
            "link": "",
        }
        assert correction.after == {"count": 1}
        audited = AuditEntry.objects.get(action="correct count")
        assert audited.changes == {"count": [2, 1], "authority": [counted.authority_id, None]}
        assert audited.reason == "It was adopted in 2017."

    def test_hangs_on_a_row_that_reports_nothing(self, house, count, counted):
        take(house, counted)
        figure = Figure.objects.get()
        assert (figure.value, figure.choice, figure.not_applicable) == (None, "", False)

    def test_leaves_its_evidence_with_the_figure(self, house, count, counted):
        piece = factories.evidence(count, house.branch)
        Evidence.objects.filter(pk=piece.pk).update(achievement=counted)
        take(house, counted)
        piece.refresh_from_db()
        assert piece.achievement is None

    def test_is_told_once_to_two_officers(self, house, count, counted):
        stale = Achievement.objects.get(pk=counted.pk)
        take(house, counted)
        assert refused(take, house, stale).code == "gone"


class TestAdd:
    def test_counts_one_more(self, house, count, counted):
        town = factories.authority("Cora")
        correction = add(house, count, new=new(authority=town))
        assert total(house, count) == 3
        assert correction.before == {"count": 2}
        assert (correction.after["count"], correction.after["name"]) == (3, "Cora")

    def test_counts_what_it_was_merged_into(self, house, count, counted):
        town, twin = factories.authority("Cora"), factories.authority("Cora Town")
        twin.merged_into = town
        twin.save()
        assert add(house, count, new=new(authority=twin)).after["authority"] == town.pk

    def test_counts_nobody_twice(self, house, count, counted):
        broken = refused(add, house, count, new=new(authority=counted.authority))
        assert broken.code == "duplicate_achievement"

    def test_asks_for_what_shows_it_and_a_day_of_the_year(self, house, count, counted):
        town = factories.authority()
        assert (
            refused(add, house, count, new=new(authority=town, evidence=" ")).code
            == "evidence_needed"
        )
        late = new(authority=town, achieved_on=date(2017, 1, 1))
        assert refused(add, house, count, new=late).code == "outside_period"

    def test_takes_authorities_of_the_register_only(self, house, count, counted):
        nobody = NewAchievement(date(2016, 5, 1), "Gazette", name="Cora")
        assert refused(add, house, count, new=nobody).code == "authority_needed"

    def test_is_for_counts(self, house, counted):
        number = factories.indicator("FA1.1", offices=[house.branch])
        assert refused(add, house, number).code == "not_a_count"


class TestBoth:
    @pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
    def test_are_refused_before_approval(self, house, count, state):
        factories.submission(house.branch, state=state)
        here = factories.achievement(count, factories.authority(), house.branch)
        town = new()
        assert refused(take, house, here).code == "not_approved_yet"
        assert refused(add, house, count, new=town).code == "not_approved_yet"

    def test_need_a_reason(self, house, count, counted):
        town = new()
        assert refused(take, house, counted, reason=" ").code == "reason_needed"
        assert refused(add, house, count, reason="", new=town).code == "reason_needed"

    @pytest.mark.parametrize("who", ["contributor", "approver", "administrator", "regional"])
    def test_are_for_quality_assurance(self, house, count, counted, who):
        person, town = getattr(house, who), new()
        assert isinstance(refused(take, house, counted, by=person), NotAllowed)
        assert isinstance(refused(add, house, count, by=person, new=town), NotAllowed)


class TestMissing:
    """A figure that an approved submission left out."""

    def enter(self, house, number, value="6", **given):
        values = {"reason": "Left out.", "by": house.officer, **given}
        return corrections.correct_missing(
            indicator=number,
            office=house.branch,
            period=house.year,
            typed=Typed(value=value),
            language="en",
            at=NOW,
            **values,
        )

    def test_is_entered_with_a_reason(self, house):
        number = factories.indicator("FA1.1", offices=[house.branch])
        factories.submission(house.branch, state="approved")
        correction = self.enter(house, number)
        assert (correction.before["value"], correction.after["value"]) == (None, "6")
        assert Figure.objects.get().value == 6

    def test_leaves_no_row_behind_when_refused(self, house):
        number = factories.indicator("FA1.1", offices=[house.branch])
        factories.submission(house.branch, state="approved")
        assert refused(self.enter, house, number, "").code == "nothing_changed"
        assert refused(self.enter, house, number, reason=" ").code == "reason_needed"
        assert not Correction.objects.exists()
