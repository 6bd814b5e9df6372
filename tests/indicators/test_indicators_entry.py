"""Entering figures: what is refused, beside the entry that differs in one thing and is kept."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Figure, FigurePart, Indicator
from indicators.services import entry, evidence
from indicators.services.entry import Typed
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture
def number(house: factories.House) -> Indicator:
    return factories.indicator("FA1.1", offices=[house.branch])


def enter(house: factories.House, indicator: Indicator, **typed: Any) -> Figure | None:
    by, language = typed.pop("by", house.contributor), typed.pop("language", "en")
    return entry.enter_figure(
        indicator=indicator,
        office=typed.pop("office", house.branch),
        period=typed.pop("period", house.year),
        typed=Typed(**typed),
        language=language,
        by=by,
        at=NOW,
    )


def refused(house: factories.House, indicator: Indicator, **typed: Any) -> RuleBroken:
    before = (list(Figure.objects.values()), AuditEntry.objects.count())
    with pytest.raises(RuleBroken) as refusal:
        enter(house, indicator, **typed)
    assert (list(Figure.objects.values()), AuditEntry.objects.count()) == before
    return refusal.value


class TestNumber:
    def test_keeps_what_was_typed(self, house, number):
        enter(house, number, value="1,234.5", explanation=" Two new cities. ")
        kept = Figure.objects.get()
        assert (kept.value, kept.explanation) == (Decimal("1234.5"), "Two new cities.")
        assert (kept.version, kept.changed_by, kept.changed_at) == (1, house.contributor, NOW)

    def test_keeps_zero_as_a_value(self, house, number):
        enter(house, number, value="0")
        assert Figure.objects.get().value == 0
        assert AuditEntry.objects.get().changes == {"value": [None, "0"]}

    def test_keeps_no_figure_for_a_blank(self, house, number):
        assert enter(house, number, value="  ") is None
        assert not Figure.objects.exists()

    def test_changes_zero_to_blank_and_says_so(self, house, number):
        enter(house, number, value="0")
        enter(house, number, value="")
        assert Figure.objects.get().value is None
        assert AuditEntry.objects.last().changes == {"value": ["0", None]}

    def test_writes_nothing_when_nothing_changed(self, house, number):
        enter(house, number, value="7")
        enter(house, number, value="7.0")
        assert Figure.objects.get().version == 1
        assert AuditEntry.objects.count() == 1

    def test_records_from_and_to(self, house, number):
        enter(house, number, value="7")
        enter(house, number, value="8")
        entry_of_change = AuditEntry.objects.last()
        assert entry_of_change.changes == {"value": ["7", "8"]}
        assert (entry_of_change.by, entry_of_change.office) == (house.contributor, house.branch)

    @pytest.mark.parametrize(
        ("text", "code", "sentence"),
        [
            (
                "about twelve",
                "not_a_number",
                "“about twelve” is not a number. Write figures only, such as 12.5. "
                "Put words in the explanation.",
            ),
            (
                "1.234,5",
                "ambiguous",
                "“1.234,5” can be read in two ways. Write 1,234.5 or 12,345.",
            ),
            (
                ">95",
                "qualifier",
                "“>95” gives only a bound. Write the number itself, and the bound in the "
                "explanation.",
            ),
            ("40 %", "percent_sign", "Write the number without the per cent sign."),
            (
                "n/a",
                "not_applicable_word",
                "To say that the figure does not apply, mark “not applicable” and give the reason.",
            ),
            ("1.00001", "too_fine", "At most four decimals can be kept. Round the number."),
            (
                "100000000000",
                "too_long",
                "At most 15 digits can be kept. Write a shorter number.",
            ),
        ],
    )
    def test_refuses_text_with_a_sentence(self, house, number, text, code, sentence):
        with translation.override("en"):
            refusal = refused(house, number, value=text)
        assert (refusal.code, refusal.field) == (code, "value")
        assert refusal.message == sentence

    def test_leaves_the_figure_alone_when_text_is_typed_over_it(self, house, number):
        enter(house, number, value="7")
        assert refused(house, number, value="seven").code == "not_a_number"
        assert Figure.objects.get().value == 7

    def test_keeps_fifteen_digits(self, house, number):
        enter(house, number, value="99999999999.9999")
        assert Figure.objects.get().value == Decimal("99999999999.9999")

    def test_reads_the_marks_of_the_language(self, house, number):
        enter(house, number, value="1.234,5", language="es")
        assert Figure.objects.get().value == Decimal("1234.5")


class TestRatio:
    @pytest.fixture
    def ratio(self, house):
        return factories.indicator("FA2.1", kind="ratio", offices=[house.branch])

    def test_keeps_both_numbers_and_no_quotient(self, house, ratio):
        enter(house, ratio, numerator="0", denominator="10")
        kept = Figure.objects.get()
        assert (kept.numerator, kept.denominator, kept.value) == (0, 10, None)

    @pytest.mark.parametrize(
        ("typed", "empty"),
        [({"numerator": "0"}, "denominator"), ({"denominator": "10"}, "numerator")],
    )
    def test_refuses_one_number_alone(self, house, ratio, typed, empty):
        refusal = refused(house, ratio, **typed)
        assert (refusal.code, refusal.field) == ("both_parts_needed", empty)
        assert refusal.message == "Enter both numbers, so that the share is known."

    def test_refuses_a_number_below_zero(self, house, ratio):
        refusal = refused(house, ratio, numerator="-1", denominator="10")
        assert (refusal.code, refusal.field) == ("negative", "numerator")
        assert refusal.message == "−1 is below zero. A count cannot be negative; correct it."


class TestChoice:
    def test_keeps_an_answer_of_the_list(self, house):
        scale = factories.indicator(kind="scale", offices=[house.branch])
        factories.option(scale, "drafted", 1)
        enter(house, scale, choice="drafted")
        assert Figure.objects.get().choice == "drafted"

    def test_refuses_an_answer_outside_the_list(self, house):
        scale = factories.indicator(kind="scale", offices=[house.branch])
        factories.option(scale, "drafted", 1)
        refusal = refused(house, scale, choice="yes")
        assert (refusal.code, refusal.field) == ("unknown_choice", "choice")

    def test_keeps_yes_and_refuses_perhaps(self, house):
        question = factories.indicator(kind="yes_no", offices=[house.branch])
        enter(house, question, choice="yes")
        assert refused(house, question, choice="perhaps").code == "unknown_choice"
        assert Figure.objects.get().choice == "yes"


class TestNotApplicable:
    def test_keeps_the_reason_and_drops_the_value(self, house, number):
        enter(house, number, value="7")
        enter(house, number, value="7", not_applicable=True, reason="No work in the region.")
        kept = Figure.objects.get()
        assert (kept.value, kept.not_applicable) == (None, True)

    def test_refuses_without_a_reason(self, house, number):
        refusal = refused(house, number, not_applicable=True, reason=" ")
        assert (refusal.code, refusal.field) == ("reason_needed", "reason")
        assert refusal.message == "Say in a sentence why the figure does not apply."


class TestWhatIsNotTyped:
    def test_refuses_a_count(self, house):
        count = factories.indicator("FA3.1", kind="count", offices=[house.branch])
        refusal = refused(house, count, value="3")
        assert refusal.code == "counted"
        assert refusal.message == (
            "FA3.1 is counted from the register and never typed. Add the authority instead."
        )

    def test_refuses_a_statistic(self, house):
        statistic = factories.indicator("SR.a", kind="statistic", offices=[house.branch])
        refusal = refused(house, statistic, value="3")
        assert refusal.code == "from_custodian"
        assert refusal.message == (
            "SR.a comes from the custodian's series. There is nothing to enter."
        )

    def test_refuses_an_office_that_does_not_report(self, house, number):
        refusal = refused(house, number, value="3", office=house.region, by=house.regional)
        assert refusal.code == "not_assigned"
        assert refusal.message == (
            "Office RO1 does not report on FA1.1. Ask the Quality Assurance Unit."
        )
        factories.assign(number, house.region)
        assert enter(house, number, value="3", office=house.region, by=house.regional).value == 3


class TestWho:
    def test_refuses_a_contributor_of_another_office(self, house, number):
        refusal = refused(house, number, value="3", by=house.regional)
        assert isinstance(refusal, NotAllowed)
        assert refusal.message == (
            "This is for the following role in Office BR1: contributor. "
            "Ask an administrator if you should hold it."
        )

    def test_refuses_the_approver_of_the_office(self, house, number):
        assert refused(house, number, value="3", by=house.approver).code == "role_needed"

    def test_refuses_a_person_who_may_no_longer_sign_in(self, house, number):
        house.contributor.is_active = False
        assert refused(house, number, value="3").code == "role_needed"


class TestTwoAtOnce:
    def test_refuses_over_a_version_that_was_not_seen(self, house, number):
        enter(house, number, value="7", version=0)
        other = factories.person("Gil Contributor", contributor=house.branch)
        enter(house, number, value="8", version=1, by=other)
        refusal = refused(house, number, value="9", version=1)
        assert (refusal.code, refusal.field) == ("changed_elsewhere", "value")
        assert refusal.message == (
            "Gil Contributor changed this after you opened the page. Compare, then save again."
        )
        assert enter(house, number, value="9", version=2).value == 9

    def test_takes_the_same_form_twice(self, house, number):
        enter(house, number, value="7", version=0)
        enter(house, number, value="7", version=0)
        assert Figure.objects.get().version == 1

    def test_refuses_blank_over_a_figure_that_was_not_seen(self, house, number):
        enter(house, number, value="7", version=0)
        assert refused(house, number, value="", version=0).code == "changed_elsewhere"


class TestParts:
    @pytest.fixture
    def divided(self, house, number):
        number.axes.add(factories.axis("sex", "women", "men"))
        return number

    def test_keeps_parts_and_takes_blank_ones_out(self, house, divided):
        enter(house, divided, value="10", parts={"sex:women": "6", "sex:men": "0"})
        assert sorted(FigurePart.objects.values_list("category__code", "value")) == [
            ("men", Decimal(0)),
            ("women", Decimal(6)),
        ]
        enter(house, divided, value="10", parts={"sex:women": ""})
        assert FigurePart.objects.get().category.code == "men"
        assert AuditEntry.objects.last().changes == {"sex:women": ["6", None]}

    def test_refuses_a_part_below_zero(self, house, divided):
        refusal = refused(house, divided, value="10", parts={"sex:women": "-6"})
        assert (refusal.code, refusal.field) == ("negative", "part:sex:women")

    @pytest.mark.parametrize("key", ["sex:unknown", "age:young", "women", "age:women"])
    def test_refuses_a_part_that_the_indicator_does_not_have(self, house, divided, key):
        factories.axis("age", "young")
        refusal = refused(house, divided, value="10", parts={key: "6"})
        assert (refusal.code, refusal.field) == ("unknown_part", f"part:{key}")

    def test_keeps_no_figure_for_blank_parts(self, house, divided):
        assert enter(house, divided, value="", parts={"sex:women": " "}) is None
        assert not Figure.objects.exists()


class TestEvidence:
    def add(self, house, indicator, **given):
        values = {"title": "", "link": "", "note": "", **given}
        return evidence.add_evidence(
            indicator=indicator,
            office=house.branch,
            period=house.year,
            by=house.contributor,
            at=datetime(2017, 1, 16, tzinfo=UTC),
            **values,
        )

    def test_keeps_a_note_under_its_own_words(self, house, number):
        assert self.add(house, number, note="Gazette no. 4").title == "Gazette no. 4"

    def test_refuses_neither_link_nor_note(self, house, number):
        with pytest.raises(RuleBroken) as refusal:
            self.add(house, number, title="Gazette")
        assert (refusal.value.code, refusal.value.field) == ("evidence_empty", "note")
        assert refusal.value.message == "Give a file, a link or a note."

    @pytest.mark.parametrize("link", ["javascript:alert(1)", "not a link"])
    def test_refuses_a_link_that_is_no_address(self, house, number, link):
        with pytest.raises(RuleBroken) as refusal:
            self.add(house, number, link=link)
        assert (refusal.value.code, refusal.value.field) == ("not_an_address", "link")

    def test_names_evidence_by_a_very_long_address(self, house, number):
        link = "https://example.org/" + "a" * 180
        assert len(link) == 200
        assert self.add(house, number, link=link).link == link
