"""The register of authorities, what they achieved, and entries that are the same."""

from datetime import date
from typing import Any

import factories
import pytest
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators.models import Achievement, Authority
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


class TestRemove:
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
