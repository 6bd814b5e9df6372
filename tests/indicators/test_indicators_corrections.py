"""After approval a figure changes only by a correction, which keeps the earlier value for ever."""

from decimal import Decimal
from typing import Any

import factories
import pytest
from django.db import DatabaseError, transaction

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Correction, Figure
from indicators.services import corrections
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture
def figure(house):
    number = factories.indicator("FA1.1", offices=[house.branch])
    return factories.figure(number, house.branch, value="7")


@pytest.fixture
def approved(house, figure):
    factories.submission(house.branch, state="approved")
    return figure


def correct(house: factories.House, figure: Figure, **given: Any) -> Correction:
    values = {"reason": "Counted twice.", "typed": Typed(value="6"), "by": house.officer, **given}
    return corrections.correct_figure(figure=figure, language="en", at=NOW, **values)


def refusal(house: factories.House, figure: Figure, **given: Any) -> RuleBroken:
    before = (list(Figure.objects.values()), AuditEntry.objects.count())
    with pytest.raises(RuleBroken) as caught:
        correct(house, figure, **given)
    assert (list(Figure.objects.values()), AuditEntry.objects.count()) == before
    assert not Correction.objects.exists()
    return caught.value


class TestCorrect:
    def test_changes_the_figure_and_keeps_the_earlier_value(self, house, approved):
        correction = correct(house, approved)
        assert Figure.objects.get().value == 6
        assert (correction.before["value"], correction.after["value"]) == ("7", "6")
        assert (correction.reason, correction.corrected_by, correction.corrected_at) == (
            "Counted twice.",
            house.officer,
            NOW,
        )

    def test_is_in_the_audit_trail_with_its_reason(self, house, approved):
        correct(house, approved)
        audited = AuditEntry.objects.get()
        assert (audited.action, audited.changes, audited.reason) == (
            "correct figure",
            {"value": ["7", "6"]},
            "Counted twice.",
        )

    def test_starts_from_the_stored_value_and_not_from_the_page(self, house, approved):
        stale = Figure.objects.get()
        correct(house, approved, typed=Typed(value="6"))
        second = correct(house, stale, typed=Typed(value="5"))
        assert (second.before["value"], second.after["value"]) == ("6", "5")
        assert Figure.objects.get().version == 3

    def test_corrects_to_zero(self, house, approved):
        assert correct(house, approved, typed=Typed(value="0")).after["value"] == "0"
        assert Figure.objects.get().value == 0

    def test_corrects_what_was_verified(self, house, figure):
        factories.submission(house.branch, state="verified")
        assert correct(house, figure).after["value"] == "6"

    def test_is_kept_by_the_database_for_ever(self, house, approved):
        correction = correct(house, approved)
        with pytest.raises(DatabaseError), transaction.atomic():
            Correction.objects.update(reason="None")
        with pytest.raises(DatabaseError), transaction.atomic():
            correction.delete()
        assert Correction.objects.get().reason == "Counted twice."

    def test_keeps_the_figure_from_being_deleted(self, house, approved):
        correct(house, approved)
        with pytest.raises(DatabaseError), transaction.atomic():
            approved.delete()
        assert Figure.objects.get().value == 6


class TestRefusals:
    def test_without_a_reason(self, house, approved):
        broken = refusal(house, approved, reason=" ")
        assert (broken.code, broken.field) == ("reason_needed", "reason")
        assert broken.message == "Say why the figure is corrected."

    @pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
    def test_before_approval(self, house, figure, state):
        factories.submission(house.branch, state=state)
        broken = refusal(house, figure)
        assert broken.code == "not_approved_yet"
        assert broken.message == (
            "This figure is not approved yet. The office changes it on its own page."
        )

    def test_of_a_figure_that_was_never_submitted(self, house, figure):
        assert refusal(house, figure).code == "not_approved_yet"

    def test_that_change_nothing(self, house, approved):
        broken = refusal(house, approved, typed=Typed(value="7.0"))
        assert (broken.code, broken.field) == ("nothing_changed", "value")
        assert broken.message == "The new value equals the old one."

    @pytest.mark.parametrize("who", ["contributor", "approver", "administrator"])
    def test_by_anybody_but_quality_assurance(self, house, approved, who):
        assert isinstance(refusal(house, approved, by=getattr(house, who)), NotAllowed)

    def test_of_text_in_a_number(self, house, approved):
        assert refusal(house, approved, typed=Typed(value="six")).code == "not_a_number"

    def test_over_a_version_that_was_not_seen(self, house, approved):
        Figure.objects.update(version=2, value=Decimal(8))
        broken = refusal(house, approved, typed=Typed(value="6", version=1))
        assert (broken.code, broken.field) == ("changed_elsewhere", "value")
