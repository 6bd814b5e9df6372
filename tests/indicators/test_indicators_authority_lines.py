"""Authorities and achievements from files: the same rules as on the pages, whole or nothing."""

from datetime import date
from typing import Any

import factories
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Achievement, Authority, AuthorityName, Submission, Upload
from indicators.services import authorities
from indicators.services.authorities import AchievementLine, AuthorityLine
from organization.models import AuditEntry, User

NOW = factories.NOW


@pytest.fixture
def count(house):
    return factories.indicator("FA1.1", kind="count", offices=[house.branch])


@pytest.fixture
def upload(house):
    return factories.saved(
        Upload(
            kind="achievements", office=house.branch, period=house.year, file_name="2016.xlsx",
            sha256="0" * 64, size=1, language="en", state="read", made_at=NOW,
            made_by=house.contributor,
        )
    )  # fmt: skip


def stored() -> tuple[Any, ...]:
    return (
        list(Authority.objects.order_by("pk").values()),
        list(AuthorityName.objects.order_by("pk").values()),
        list(Achievement.objects.order_by("pk").values()),
        Submission.objects.count(),
        AuditEntry.objects.count(),
    )


def states(outcomes) -> list[str]:
    return [one.state if one.refusal is None else one.refusal.code for one in outcomes]


class TestAuthorities:
    def both(self, by, *lines, **given) -> list[str]:
        """The states that entering gives, once comparing gave the same and wrote nothing."""
        before = stored()
        compared = states(authorities.compare_authorities(lines=lines, by=by, at=NOW))
        assert stored() == before
        entered = states(authorities.enter_authorities(lines=lines, by=by, at=NOW, **given))
        assert entered == compared
        return entered

    def test_registers_with_all_names_and_finds_them_the_second_time(self, house):
        factories.country()
        line = AuthorityLine("  Nová   Ves ", "local", "XAA", ("Нова Вес", "Neudorf"))
        assert self.both(house.contributor, line) == ["new"]
        made = Authority.objects.get()
        assert (made.name, made.match_key, made.illustrative) == ("Nová Ves", "nova ves", True)
        assert sorted(made.names.values_list("name", flat=True)) == ["Neudorf", "Нова Вес"]
        assert self.both(house.contributor, line) == ["unchanged"]
        assert self.both(house.contributor, AuthorityLine("NEUDORF", "", "XAA")) == ["unchanged"]

    @pytest.mark.parametrize(
        ("type", "code"),
        [("local", "local"), ("National", "national"), ("другой субнациональный", "subnational"),
         ("دون وطنية أخرى", "subnational"), ("", ""), ("city", "")],
    )
    def test_reads_a_type_or_says_to_choose_one(self, house, type, code):
        factories.country()
        expected = ["new"] if code else ["type_needed"]
        assert self.both(house.contributor, AuthorityLine("Alba", type, "XAA")) == expected
        assert list(Authority.objects.values_list("type", flat=True)) == [code][: bool(code)]

    @pytest.mark.parametrize(
        ("text", "state"),
        [("XAA", "new"), ("xaa", "new"), ("Land XAA", "new"), ("LAND-xaa", "new"),
         ("Atlantis", "unknown_country"), ("", "country_needed")],
    )  # fmt: skip
    def test_reads_a_country_by_code_and_name(self, house, text, state):
        factories.country()
        factories.country("XAB")
        assert self.both(house.contributor, AuthorityLine("Alba", "local", text)) == [state]

    def test_asks_about_a_name_that_looks_alike_and_takes_new_for_an_answer(self, house):
        factories.authority("Nova Ves")
        near = AuthorityLine("City of Nova Ves", "local", "XAA")
        assert self.both(house.contributor, near) == ["near_duplicates"]
        sure = AuthorityLine("City of Nova Ves", "local", "XAA", key="new")
        assert self.both(house.contributor, sure) == ["new"]
        assert self.both(house.contributor, sure) == ["unchanged"]
        assert Authority.objects.count() == 2

    def test_sees_what_an_earlier_line_registers(self, house):
        factories.country()
        lines = [
            AuthorityLine("Nova Ves", "local", "XAA"),
            AuthorityLine("NOVA VES", "local", "XAA"),
            AuthorityLine("Nova Ves City", "local", "XAA"),
        ]
        assert self.both(house.contributor, *lines) == ["new", "named_twice", "near_duplicates"]
        assert Authority.objects.count() == 1

    def test_adds_names_and_takes_none_away(self, house):
        town = factories.authority("Alba")
        factories.saved(AuthorityName(authority=town, name="Dawn", match_key="dawn"))
        line = AuthorityLine("Alba", "local", "XAA", ("Aube",))
        assert self.both(house.contributor, line) == ["changed"]
        assert sorted(town.names.values_list("name", flat=True)) == ["Aube", "Dawn"]
        assert AuditEntry.objects.get().changes == {"other names": [None, ["Aube"]]}

    def test_corrects_by_number_if_quality_assurance_asks(self, house):
        town = factories.authority("Alba")
        line = AuthorityLine("Albania Town", "subnational", "XAA", key=str(town.pk))
        assert self.both(house.contributor, line) == ["role_needed"]
        assert self.both(house.officer, line, reason="Misread.") == ["changed"]
        town.refresh_from_db()
        assert (town.name, town.match_key, town.type) == ("Albania Town", "albania town", "subnational")
        assert [one.name for one in town.names.all()] == ["Alba"]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.reason) == ("correct authority", "Misread.")
        assert self.both(house.officer, line, reason="Again.") == ["unchanged"]

    def test_refuses_a_number_that_is_not_in_the_register(self, house):
        factories.country()
        for key in ("999999", "Alba", "²"):
            line = AuthorityLine("Alba", "local", "XAA", key=key)
            assert self.both(house.officer, line) == ["unknown_entry"]

    def test_refuses_a_correction_to_the_name_of_another(self, house):
        town, other = factories.authority("Alba"), factories.authority("Bela")
        line = AuthorityLine("Bela", "local", "XAA", key=str(town.pk))
        assert self.both(house.officer, line) == ["duplicate_authority"]
        assert other.name == "Bela"

    def test_a_refused_line_leaves_no_entry_behind(self, house):
        factories.country()
        lines = [
            AuthorityLine("Alba", "local", "XAA", ("x" * 201,)),
            AuthorityLine("Alba", "local", "XAA"),
        ]
        assert self.both(house.contributor, *lines) == ["name_too_long", "new"]

    def test_an_upload_is_saved_whole_with_one_entry_or_not_at_all(self, house, upload):
        factories.country()
        good = [AuthorityLine(name, "local", "XAA") for name in ("Alba", "Bela")]
        before = stored()
        with pytest.raises(RuleBroken) as caught:
            authorities.enter_authorities(
                lines=[*good, AuthorityLine("", "local", "XAA")],
                by=house.contributor, at=NOW, upload=upload,
            )  # fmt: skip
        assert (caught.value.code, caught.value.details) == (
            "lines_refused", ("Write the name of the authority.",),
        )  # fmt: skip
        assert stored() == before
        assert self.both(house.contributor, *good, upload=upload) == ["new", "new"]
        entry = AuditEntry.objects.get()
        alba = Authority.objects.get(name="Alba")
        assert (entry.action, entry.subject_type) == ("import authorities", "indicators.upload")
        assert entry.changes[str(alba.pk)] == [
            None, {"name": "Alba", "type": "local", "country": "XAA"},
        ]  # fmt: skip

    def test_refuses_somebody_who_does_not_enter(self, house):
        factories.country()
        line = AuthorityLine("Alba", "local", "XAA")
        assert self.both(house.approver, line) == ["role_needed"]


class TestAchievements:
    def line(self, house, count, authority="Alba", **given) -> AchievementLine:
        values = {"office": house.branch, "period": house.year, "achieved_on": "2016-06-30",
                  "evidence": "Gazette no. 4", **given}  # fmt: skip
        return AchievementLine(indicator=count, authority=authority, **values)

    def both(self, house, *lines, **given) -> list[str]:
        """The states that entering gives, once comparing gave the same and wrote nothing."""
        by = given.pop("by", house.contributor)
        before = stored()
        compared = authorities.compare_achievements(lines=lines, by=by, at=NOW)
        assert stored() == before
        entered = authorities.enter_achievements(lines=lines, by=by, at=NOW, **given)
        assert states(entered) == states(compared)
        assert [one.changes for one in entered] == [one.changes for one in compared]
        return states(entered)

    def test_counts_a_known_authority_by_any_of_its_names_once(self, house, count):
        town = factories.authority("Alba")
        factories.saved(AuthorityName(authority=town, name="Рассвет", match_key="рассвет"))
        assert self.both(house, self.line(house, count, "РАССВЕТ")) == ["new"]
        made = Achievement.objects.get()
        assert (made.authority, made.achieved_on, made.added_by) == (
            town, date(2016, 6, 30), house.contributor,
        )  # fmt: skip
        audited = AuditEntry.objects.get()
        assert (audited.action, audited.office) == ("add achievement", house.branch)
        assert self.both(house, self.line(house, count, "Alba")) == ["unchanged"]

    def test_changes_day_and_evidence_and_says_from_what(self, house, count):
        town = factories.authority("Alba")
        factories.achievement(count, town, house.branch)
        line = self.line(house, count, achieved_on="2016-7-1", evidence="Decree 12")
        assert self.both(house, line) == ["changed"]
        assert AuditEntry.objects.get().changes == {
            "achieved on": ["2016-06-30", "2016-07-01"], "evidence": ["Gazette", "Decree 12"],
        }  # fmt: skip

    def test_registers_an_authority_that_nothing_looks_like(self, house, count):
        factories.country()
        line = self.line(house, count, "Bela", country="Land XAA", type="local")
        assert self.both(house, line) == ["new"]
        assert Achievement.objects.get().authority.name == "Bela"
        assert [one.action for one in AuditEntry.objects.all()] == [
            "register authority", "add achievement",
        ]  # fmt: skip

    def test_one_new_authority_of_two_lines_is_registered_once(self, house, count):
        factories.country()
        other = factories.indicator("FA2.1", kind="count", offices=[house.branch])
        lines = [self.line(house, one, "Bela", country="XAA", type="local") for one in (count, other)]
        assert self.both(house, *lines) == ["new", "new"]
        assert Authority.objects.count() == 1

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"achieved_on": ""}, "day_needed"),
            ({"achieved_on": "30/06/2016"}, "not_a_day"),
            ({"achieved_on": "2016-02-30"}, "not_a_day"),
            ({"achieved_on": "2017-01-01"}, "outside_period"),
            ({"evidence": " "}, "evidence_needed"),
            ({"link": "javascript:alert(1)"}, "not_an_address"),
            ({"country": "Atlantis"}, "unknown_country"),
            ({"type": "city"}, "type_needed"),
            ({"authority": ""}, "name_needed"),
            ({"authority": "Bela"}, "country_needed"),
            ({"authority": "Bela", "country": "XAA"}, "type_needed"),
            ({"authority": "Alba Town", "country": "XAA", "type": "local"}, "near_duplicates"),
            ({"authority": "Alba", "country": "XAA", "type": "national"}, "near_duplicates"),
        ],
    )
    def test_refuses_what_the_page_refuses(self, house, count, given, code):
        factories.authority("Alba")
        assert self.both(house, self.line(house, count, **given)) == [code]
        assert not Achievement.objects.exists()

    def test_asks_which_of_two_of_the_same_name(self, house, count):
        factories.authority("Alba")
        factories.authority("Alba", iso3="XAB")
        assert self.both(house, self.line(house, count)) == ["which_authority"]
        assert self.both(house, self.line(house, count, country="XAB")) == ["new"]

    def test_a_merged_entry_stands_for_the_one_that_stays(self, house, count):
        town, same = factories.authority("Alba"), factories.authority("Alba Town", iso3="XAB")
        Authority.objects.filter(pk=same.pk).update(merged_into=town)
        lines = [self.line(house, count, "Alba Town", country="XAB"), self.line(house, count, "Alba")]
        assert self.both(house, *lines) == ["new", "named_twice"]
        assert Achievement.objects.get().authority == town

    def test_an_authority_counts_once_whatever_the_year(self, house, count):
        town = factories.authority("Alba")
        factories.achievement(count, town, house.branch, "2015")
        assert self.both(house, self.line(house, count)) == ["duplicate_achievement"]

    def test_refuses_other_offices_locked_years_and_other_indicators(self, house, count):
        factories.authority("Alba")
        factories.window("2015", closed_by=house.officer)
        number = factories.indicator("FA3.1", offices=[house.branch])
        foreign = factories.indicator("FA4.1", kind="count")
        lines = [
            self.line(house, count, office=house.region),
            self.line(house, count, period=factories.period("2015"), achieved_on="2015-06-30"),
            self.line(house, number),
            self.line(house, foreign),
        ]
        assert self.both(house, *lines) == ["role_needed", "locked", "not_a_count", "not_assigned"]

    def test_an_upload_leaves_one_entry_for_the_office_and_year(self, house, count, upload):
        other = factories.indicator("FA2.1", kind="count", offices=[house.branch])
        town = factories.authority("Alba")
        factories.authority("Bela")
        factories.achievement(count, town, house.branch)
        lines = [
            self.line(house, count, evidence="Decree 12"),
            self.line(house, other, "Bela"),
        ]
        assert self.both(house, *lines, upload=upload) == ["changed", "new"]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.office, entry.subject_type) == (
            "import achievements", house.branch, "indicators.upload",
        )  # fmt: skip
        assert entry.changes == {
            "FA1.1": [
                [{"authority": "Alba", "evidence": "Gazette"}],
                [{"authority": "Alba", "evidence": "Decree 12"}],
            ],
            "FA2.1": [
                [],
                [{"authority": "Bela", "achieved on": "2016-06-30", "evidence": "Gazette no. 4"}],
            ],
        }
        before = stored()
        assert self.both(house, *lines, upload=upload) == ["unchanged", "unchanged"]
        assert stored() == before

    def test_an_upload_with_a_refused_line_saves_nothing(self, house, count, upload):
        factories.authority("Alba")
        before = stored()
        with pytest.raises(RuleBroken) as caught:
            authorities.enter_achievements(
                lines=[self.line(house, count), self.line(house, count, "Bela")],
                by=house.contributor, at=NOW, upload=upload,
            )  # fmt: skip
        assert caught.value.code == "lines_refused"
        assert stored() == before

    def test_the_queries_do_not_grow_with_the_lines(self, house, count):
        for number in range(75):
            factories.authority(f"Town {number}")
        factories.submission(house.branch, state="draft")

        def queries(first: int, last: int) -> int:
            lines = [self.line(house, count, f"Town {n}") for n in range(first, last)]
            by = User.objects.get(pk=house.contributor.pk)
            with CaptureQueriesContext(connection) as captured:
                outcomes = authorities.enter_achievements(lines=lines, by=by, at=NOW)
            assert states(outcomes) == ["new"] * (last - first)
            return len(captured)

        assert queries(0, 5) == queries(5, 75) <= 16  # rows are written by the hundred
