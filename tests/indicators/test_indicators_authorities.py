"""The register of authorities, what they achieved, and entries that are the same."""

import random
from datetime import date
from typing import Any

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import (
    Achievement,
    Authority,
    AuthorityName,
    Distinction,
    Evidence,
    PeriodWindow,
)
from indicators.queries import standings
from indicators.queries.authorities import possible_duplicates, suggestions
from indicators.queries.register import matching_authorities
from indicators.rules.names import match_key
from indicators.services import authorities
from indicators.services.authorities import NewAchievement
from organization.models import AuditEntry

NOW = factories.NOW


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def count(house):
    return factories.indicator("FA1.1", kind="count", offices=[house.branch])


def add(house: factories.House, indicator: Any, **given: Any) -> Achievement:
    by, office = given.pop("by", house.contributor), given.pop("office", house.branch)
    period = given.pop("period", house.year)
    values = {"achieved_on": date(2016, 6, 30), "evidence": "Gazette no. 4", **given}
    return authorities.add_achievement(
        indicator=indicator,
        office=office,
        period=period,
        new=NewAchievement(**values),
        by=by,
        at=NOW,
    )


def refusal(action: Any, *arguments: Any, **given: Any) -> RuleBroken:
    def state():
        rows = Authority.objects.values_list("id", "merged_into")
        return sorted(rows), Achievement.objects.count(), AuditEntry.objects.count()

    before = state()
    with pytest.raises(RuleBroken) as caught:
        action(*arguments, **given)
    assert state() == before
    return caught.value


class TestMatchKey:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("  São   Paulo ", "sao paulo"),
            ("SAO PAULO", "sao paulo"),
            ("St. John’s", "st john s"),
            ("Straße", "strasse"),
            ("القاهرة", "القاهره"),
            ("القـاهرة", "القاهره"),
            ("दिल्ली", "दिलली"),
            ("١٢ مايو", "12 مايو"),
            ("soft\u00adly", "softly"),
            ("北京市", "北京市"),
            ("--", ""),
        ],
    )
    def test_folds_case_accents_and_marks(self, name, key):
        assert match_key(name) == key


class TestRegister:
    def register(self, house, name, **given):
        values = {"type": "local", "country": factories.country(), "by": house.contributor, **given}
        return authorities.register_authority(name=name, at=NOW, **values)

    def test_keeps_the_name_as_written_with_single_spaces(self, house):
        made = self.register(house, "  Nová   Ves ")
        assert (made.name, made.match_key) == ("Nová Ves", "nova ves")
        assert AuditEntry.objects.get().action == "register authority"

    def test_is_illustrative_in_an_invented_country(self, house):
        assert self.register(house, "Nova Ves").illustrative

    def test_refuses_the_same_name_written_otherwise(self, house):
        self.register(house, "Nová Ves")
        broken = refusal(self.register, house, "NOVA-VES")
        assert (broken.code, broken.field) == ("duplicate_authority", "name")
        assert broken.message == (
            "Nová Ves is already in the register. Choose it from the list instead of entering "
            "it again, so that it counts once."
        )

    def test_takes_the_same_name_for_another_type_or_country(self, house):
        town = self.register(house, "Nová Ves")
        self.register(house, "Nová Ves", type="subnational", not_these=[town.pk])
        self.register(house, "Nová Ves", country=factories.country("XAB"))
        assert Authority.objects.count() == 3

    def test_refuses_a_name_of_marks_only(self, house):
        broken = refusal(self.register, house, " -- ")
        assert (broken.code, broken.message) == (
            "name_needed",
            "Write the name of the authority.",
        )

    def test_refuses_a_manager(self, house):
        manager = factories.person("Max Manager", manager=house.branch)
        assert isinstance(refusal(self.register, house, "Nova Ves", by=manager), NotAllowed)


class TestNearDuplicates:
    def register(self, house, name, **given):
        values = {"type": "local", "country": factories.country(), "by": house.contributor, **given}
        return authorities.register_authority(name=name, at=NOW, **values)

    def test_are_offered_by_name_type_and_country_until_answered(self, house):
        town = factories.authority("nova ves")
        broken = refusal(self.register, house, "City of Nova Ves")
        assert (broken.code, broken.details) == ("near_duplicates", ("nova ves, local, Land XAA",))
        made = self.register(house, "City of Nova Ves", not_these=[town.pk])
        assert made.pk != town.pk
        changes = AuditEntry.objects.get().changes
        assert changes == {
            "name": [None, "City of Nova Ves"], "not the same as": [None, [town.pk]]
        }  # fmt: skip

    def test_are_asked_about_again_if_one_came_in_between(self, house):
        town = factories.authority("nova ves")
        factories.authority("nova ves town")
        broken = refusal(self.register, house, "Nova Ves City", not_these=[town.pk])
        assert broken.code == "near_duplicates"

    def test_are_found_by_another_name_and_under_the_entry_that_stays(self, house):
        town, same = factories.authority("dawn"), factories.authority("aube")
        factories.saved(AuthorityName(authority=same, name="Рассвет", match_key="рассвет"))
        Authority.objects.filter(pk=same.pk).update(merged_into=town)
        broken = refusal(self.register, house, "Город Рассвет")
        assert broken.details == ("dawn, local, Land XAA",)

    def test_are_not_looked_for_in_other_countries(self, house):
        factories.authority("nova ves", iso3="XAB")
        assert self.register(house, "City of Nova Ves").pk


class TestNames:
    def add(self, house, town, name, **given):
        values = {"language": "", "by": house.contributor, "at": NOW, **given}
        return authorities.add_name(authority=town, name=name, **values)

    def test_are_added_in_any_script_and_found(self, house, count):
        town = factories.authority("cairo")
        self.add(house, town, "القاهرة", language="ar")
        assert [one.authority for one in suggestions(asked="بلدية القاهره")] == [town]
        found, _more = matching_authorities(asked="القاهرة", office=house.branch, indicator=count)
        assert [one.authority for one in found] == [town]

    @pytest.mark.parametrize(
        ("name", "code"), [("CAIRO", "name_known"), ("--", "name_needed"), ("x" * 201, "name_too_long")]
    )
    def test_are_refused_if_known_empty_or_too_long(self, house, name, code):
        assert refusal(self.add, house, factories.authority("cairo"), name).code == code

    def test_are_taken_off_and_stay_in_the_history(self, house):
        town = factories.authority("cairo")
        made = self.add(house, town, "Kairo")
        authorities.remove_name(name=made, by=house.officer, at=NOW)
        assert not town.names.exists()
        assert AuditEntry.objects.last().changes == {"other name": ["Kairo", None]}

    def test_are_refused_of_somebody_who_does_not_enter(self, house):
        broken = refusal(self.add, house, factories.authority(), "Kairo", by=house.approver)
        assert isinstance(broken, NotAllowed)


class TestCorrect:
    def correct(self, house, town, **given):
        values = {"name": "Alba Alta", "type": "local", "country": factories.country(),
                  "reason": "Misread.", "by": house.officer, "at": NOW, **given}  # fmt: skip
        return authorities.correct_authority(authority=town, **values)

    def test_changes_the_entry_and_keeps_the_earlier_name(self, house):
        made = self.correct(house, factories.authority("alba"))
        assert (made.name, [one.name for one in made.names.all()]) == ("Alba Alta", ["alba"])
        entry = AuditEntry.objects.get()
        assert (entry.changes, entry.reason) == ({"name": ["alba", "Alba Alta"]}, "Misread.")

    def test_refuses_the_name_of_another_and_an_empty_reason(self, house):
        town, _other = factories.authority("alba"), factories.authority("bela")
        assert refusal(self.correct, house, town, name="Bela").code == "duplicate_authority"
        assert refusal(self.correct, house, town, reason=" ").code == "reason_needed"
        assert isinstance(refusal(self.correct, house, town, by=house.contributor), NotAllowed)

    def test_writes_nothing_if_nothing_differs(self, house):
        self.correct(house, factories.authority("alba"), name="alba")
        assert not AuditEntry.objects.exists()


class TestAdd:
    def test_of_a_registered_authority(self, house, count):
        town = factories.authority("Alba")
        made = add(house, count, authority=town)
        assert (made.authority, made.office, made.period) == (town, house.branch, house.year)
        audited = AuditEntry.objects.get()
        assert (audited.action, audited.office) == ("add achievement", house.branch)

    def test_registers_a_new_authority_at_once(self, house, count):
        made = add(house, count, name="Alba", type="local", country=factories.country())
        assert made.authority.name == "Alba"

    def test_refuses_neither_authority_nor_name(self, house, count):
        broken = refusal(add, house, count)
        assert (broken.code, broken.field) == ("authority_needed", "authority")

    def test_refuses_a_second_time(self, house, count):
        town = factories.authority("Alba")
        add(house, count, authority=town)
        broken = refusal(add, house, count, authority=town)
        assert (broken.code, broken.field) == ("duplicate_achievement", "authority")
        assert broken.message == (
            "Your office already counts Alba for FA1.1, in 2016. An authority counts once."
        )

    def test_refuses_a_second_time_under_a_merged_name(self, house, count):
        town, same = factories.authority("Alba"), factories.authority("Alba Town")
        add(house, count, authority=same)
        authorities.merge(duplicate=same, into=town, by=house.officer, at=NOW, reason="Same.")
        assert refusal(add, house, count, authority=town).code == "duplicate_achievement"

    def test_files_an_achievement_under_the_entry_that_stays(self, house, count):
        town, same = factories.authority("Alba"), factories.authority("Alba Town")
        authorities.merge(duplicate=same, into=town, by=house.officer, at=NOW, reason="Same.")
        assert add(house, count, authority=same).authority == town

    def test_refuses_without_evidence(self, house, count):
        broken = refusal(add, house, count, authority=factories.authority(), evidence=" ")
        assert (broken.code, broken.field) == ("evidence_needed", "evidence")
        assert broken.message == (
            "Say in a sentence what shows the achievement, or give a link to it."
        )

    def test_takes_a_link_as_evidence_and_refuses_a_script(self, house, count):
        town = factories.authority()
        broken = refusal(add, house, count, authority=town, link="javascript:alert(1)")
        assert (broken.code, broken.field) == ("not_an_address", "link")
        made = add(house, count, authority=town, evidence="", link=" https://example.org/4 ")
        assert made.link == "https://example.org/4"

    @pytest.mark.parametrize("day", [date(2015, 12, 31), date(2017, 1, 1)])
    def test_refuses_a_day_outside_the_year(self, house, count, day):
        broken = refusal(add, house, count, authority=factories.authority(), achieved_on=day)
        assert (broken.code, broken.field) == ("outside_period", "achieved_on")
        assert broken.message == (
            "The day lies outside 2016. Give a day of that year, or change the period."
        )

    @pytest.mark.parametrize("day", [date(2016, 1, 1), date(2016, 12, 31)])
    def test_takes_the_first_and_the_last_day(self, house, count, day):
        assert add(house, count, authority=factories.authority(), achieved_on=day).pk

    def test_takes_any_earlier_day_for_the_baseline(self, house, count):
        factories.window("2013", by=house.officer)
        made = add(
            house,
            count,
            authority=factories.authority(),
            achieved_on=date(2009, 5, 1),
            period=factories.period("2013"),
        )
        assert made.period.code == "2013"

    def test_refuses_an_indicator_that_is_no_count(self, house):
        number = factories.indicator("FA2.1", offices=[house.branch])
        assert refusal(add, house, number, authority=factories.authority()).message == (
            "FA2.1 is not counted from the register. Enter its figure instead."
        )

    def test_refuses_an_office_that_does_not_report(self, house, count):
        broken = refusal(
            add,
            house,
            count,
            authority=factories.authority(),
            office=house.region,
            by=house.regional,
        )
        assert broken.code == "not_assigned"

    def test_refuses_after_submission(self, house, count):
        factories.submission(house.branch, state="submitted")
        broken = refusal(add, house, count, authority=factories.authority())
        assert broken.code == "locked"


class TestChange:
    def change(self, house, made, **given):
        values = {"achieved_on": made.achieved_on, "evidence": made.evidence, "link": made.link,
                  "by": house.contributor, "at": NOW, **given}  # fmt: skip
        return authorities.change_achievement(achievement=made, **values)

    def test_keeps_what_was_and_what_is(self, house, count):
        made = add(house, count, authority=factories.authority())
        self.change(house, made, achieved_on=date(2016, 7, 1), link=" https://example.org/4 ")
        assert AuditEntry.objects.last().changes == {
            "achieved on": ["2016-06-30", "2016-07-01"], "link": ["", "https://example.org/4"],
        }  # fmt: skip
        made.refresh_from_db()
        assert (made.achieved_on, made.link) == (date(2016, 7, 1), "https://example.org/4")

    def test_writes_nothing_if_nothing_differs(self, house, count):
        made = add(house, count, authority=factories.authority())
        self.change(house, made)
        assert AuditEntry.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "code"),
        [({"achieved_on": date(2017, 1, 1)}, "outside_period"), ({"evidence": ""}, "evidence_needed"),
         ({"link": "ftp://x"}, "not_an_address")],
    )  # fmt: skip
    def test_refuses_what_adding_refuses(self, house, count, given, code):
        made = add(house, count, authority=factories.authority())
        assert refusal(self.change, house, made, **given).code == code

    def test_refuses_another_office_and_a_locked_year(self, house, count):
        made = add(house, count, authority=factories.authority())
        broken = refusal(self.change, house, made, evidence="Decree", by=house.regional)
        assert isinstance(broken, NotAllowed)
        PeriodWindow.objects.update(closed_at=NOW, closed_by=house.officer)
        assert refusal(self.change, house, made, evidence="Decree").code == "locked"


class TestRemove:
    def test_refuses_while_evidence_belongs_to_it(self, house, count):
        made = add(house, count, authority=factories.authority())
        piece = factories.evidence(count, house.branch)
        Evidence.objects.filter(pk=piece.pk).update(achievement=made)
        broken = refusal(
            authorities.remove_achievement, achievement=made, by=house.contributor, at=NOW
        )
        assert broken.code == "has_evidence"

    def test_takes_back_a_draft_and_keeps_a_record(self, house, count):
        made = add(house, count, authority=factories.authority())
        authorities.remove_achievement(achievement=made, by=house.contributor, at=NOW)
        assert not Achievement.objects.exists()
        assert AuditEntry.objects.last().action == "remove achievement"

    def test_refuses_what_was_submitted(self, house, count):
        made = add(house, count, authority=factories.authority())
        house.branch.submissions.all().delete()
        factories.submission(house.branch, state="approved")
        broken = refusal(
            authorities.remove_achievement, achievement=made, by=house.contributor, at=NOW
        )
        assert broken.code == "locked"


class TestMerge:
    @pytest.fixture
    def towns(self):
        return [factories.authority(name) for name in ("Alba", "Alba Town", "Alba City")]

    def merge(self, house, duplicate, into, **given):
        values = {"by": house.officer, "reason": "Same town.", "at": NOW, **given}
        return authorities.merge(duplicate=duplicate, into=into, **values)

    def test_points_at_the_entry_that_stays_and_is_undone(self, house, towns):
        alba, same, _city = towns
        self.merge(house, same, alba)
        assert Authority.objects.get(pk=same.pk).merged_into == alba
        authorities.undo_merge(authority=same, by=house.officer, at=NOW, reason="Two towns.")
        assert Authority.objects.get(pk=same.pk).merged_into is None
        assert [entry.reason for entry in AuditEntry.objects.all()] == ["Same town.", "Two towns."]

    def test_into_a_merged_entry_goes_to_the_one_that_stays(self, house, towns):
        alba, same, city = towns
        self.merge(house, same, alba)
        self.merge(house, city, same)
        assert Authority.objects.get(pk=city.pk).merged_into == alba

    @pytest.mark.parametrize(
        ("duplicate", "into", "code", "sentence"),
        [
            (2, 2, "cannot_merge", "Alba City cannot be merged into itself. Choose another entry."),
            (0, 1, "cannot_merge", "Alba cannot be merged into itself. Choose another entry."),
            (
                0,
                2,
                "cannot_merge",
                "Alba already stands for other entries. Merge into it instead.",
            ),
            (1, 2, "already_merged", "Alba Town is already merged into Alba. Undo that first."),
        ],
    )
    def test_refuses_itself_a_chain_and_a_second_merge(
        self, house, towns, duplicate, into, code, sentence
    ):
        self.merge(house, towns[1], towns[0])
        broken = refusal(self.merge, house, towns[duplicate], towns[into])
        assert (broken.code, broken.message) == (code, sentence)

    def test_sees_a_merge_made_after_the_page_was_loaded(self, house, towns):
        stale = Authority.objects.get(pk=towns[0].pk)
        self.merge(house, towns[0], towns[1])
        self.merge(house, towns[2], stale)
        assert Authority.objects.get(pk=towns[2].pk).merged_into == towns[1]

    def test_refuses_to_undo_what_was_not_merged(self, house, towns):
        broken = refusal(
            authorities.undo_merge, authority=towns[0], by=house.officer, at=NOW, reason="Two."
        )
        assert broken.code == "not_merged"

    def test_refuses_a_contributor(self, house, towns):
        broken = refusal(self.merge, house, towns[1], towns[0], by=house.contributor)
        assert isinstance(broken, NotAllowed)

    @pytest.mark.parametrize("reason", ["", "  \n"])
    def test_refuses_an_empty_reason(self, house, towns, reason):
        alba, same, _city = towns
        assert refusal(self.merge, house, same, alba, reason=reason).code == "reason_needed"
        self.merge(house, same, alba)
        given = {"authority": same, "by": house.officer, "at": NOW, "reason": reason}
        assert refusal(authorities.undo_merge, **given).code == "reason_needed"

    def test_and_undoing_leave_every_count_as_it_was(self, house, count):
        factories.assign(count, house.region)
        towns = [factories.authority() for _number in range(8)]
        chance = random.Random(7)  # noqa: S311  # repeatable, not secret
        for office in (house.branch, house.region):
            factories.submission(office)
            for town in chance.sample(towns, 5):
                factories.achievement(count, town, office)

        def counted():
            (one,) = standings(codes=["FA1.1"], period=house.year, today=factories.TODAY)
            return one.counted.total.number, dict(one.counted.by_office), one.counted.by_type

        before = counted()
        for _round in range(5):
            merged = []
            for duplicate, into in zip(chance.sample(towns, 4), chance.sample(towns, 4), strict=True):
                try:
                    self.merge(house, duplicate, into)
                    merged.append(duplicate)
                except RuleBroken:
                    continue
            assert merged
            chance.shuffle(merged)
            for one in merged:
                authorities.undo_merge(authority=one, by=house.officer, at=NOW, reason="Two.")
            assert counted() == before


class TestDistinguish:
    def apart(self, house, one, other, **given):
        values = {"by": house.officer, "reason": "Two valleys.", "at": NOW, **given}
        return authorities.distinguish(one=one, other=other, **values)

    def test_is_kept_in_the_history_of_both_and_asked_no_more(self, house):
        towns = [factories.authority("alba"), factories.authority("alba town")]
        pairs, count = possible_duplicates()
        assert ([(one.first, one.second) for one in pairs], count) == ([tuple(towns)], 1)
        self.apart(house, towns[1], towns[0])
        assert possible_duplicates() == ([], 0)
        assert Distinction.objects.get().first == towns[0]
        assert [entry.subject_id for entry in AuditEntry.objects.all()] == [
            str(one.pk) for one in towns
        ]
        self.apart(house, towns[0], towns[1], reason="Again.")
        assert AuditEntry.objects.count() == 2

    def test_refuses_itself_a_merged_pair_and_an_empty_reason(self, house):
        alba, same = factories.authority("alba"), factories.authority("alba town")
        assert refusal(self.apart, house, alba, alba).code == "same_entry"
        assert refusal(self.apart, house, alba, same, reason=" ").code == "reason_needed"
        assert isinstance(refusal(self.apart, house, alba, same, by=house.contributor), NotAllowed)
        authorities.merge(duplicate=same, into=alba, by=house.officer, at=NOW, reason="Same.")
        assert refusal(self.apart, house, alba, same).code == "already_merged"


@pytest.mark.django_db
class TestSuggestions:
    def test_come_with_the_beginning_of_the_name_first_and_at_most_ten(self):
        for number in range(12):
            factories.authority(f"east alba {number}")
        first = factories.authority("alba")
        found = suggestions(asked="Alba")
        assert (len(found), found[0].authority) == (10, first)

    def test_show_the_name_that_fits_and_what_a_merged_entry_counts_as(self):
        town, same = factories.authority("dawn"), factories.authority("aube")
        factories.saved(AuthorityName(authority=town, name="Рассвет", match_key="рассвет"))
        Authority.objects.filter(pk=same.pk).update(merged_into=town)
        assert [(s.authority, s.found_by) for s in suggestions(asked="расс")] == [(town, "Рассвет")]
        assert [(s.authority, s.found_by) for s in suggestions(asked="aub")] == [(town, "aube")]

    def test_take_words_in_any_order_within_a_country(self):
        town = factories.authority("nova ves", iso3="XAA")
        factories.authority("nova ves", iso3="XAB")
        assert [one.authority for one in suggestions(asked="ves nova", country="XAA")] == [town]
        assert suggestions(asked=" ") == []
