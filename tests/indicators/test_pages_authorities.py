"""The register of authorities and an office's achievements, as a person meets them."""

import html
import re
from typing import Any

import factories
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import (
    Achievement,
    Authority,
    AuthorityName,
    Distinction,
    PeriodWindow,
)
from organization.models import AuditEntry, User

BACKEND = "django.contrib.auth.backends.ModelBackend"
REGISTER = "/en/authorities/"
LIST = "/en/offices/BR1/2016/AB1/achievements/"
DAY = {"achieved_on": "2016-06-30", "evidence": "Gazette 12"}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def text(response) -> str:
    return html.unescape(response.content.decode())


def words(response) -> str:
    """What the page says: no tags, one space between any two words."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text(response)))


@pytest.fixture
def count(house):
    return factories.indicator("AB1", kind="count", offices=[house.branch, house.region])


@pytest.fixture
def contributor(house) -> Client:
    return signed_in(house.contributor)


@pytest.fixture
def officer(house) -> Client:
    return signed_in(house.officer)


def other_name(town: Authority, name: str, language: str = "") -> AuthorityName:
    return factories.saved(
        AuthorityName(authority=town, name=name, match_key=name.lower(), language=language)
    )


class TestWhoMayRead:
    @pytest.mark.parametrize(
        ("role", "status"),
        [("contributor", 200), ("approver", 200), ("quality_assurance", 200), ("report_editor", 200),
         ("evaluation_officer", 200), ("manager", 200), ("administrator", 200), ("committee", 403)],
    )  # fmt: skip
    def test_staff_do_and_the_committee_does_not(self, house, role, status):
        town = factories.authority("Alba")
        client = signed_in(factories.person(**{role: house.branch}))
        assert client.get(REGISTER).status_code == status
        assert client.get(f"{REGISTER}{town.pk}/").status_code == status

    def test_strangers_are_asked_to_sign_in(self, house):
        town = factories.authority("Alba")
        for path in (REGISTER, f"{REGISTER}{town.pk}/", f"{REGISTER}suggest/?q=a"):
            response = Client().get(path)
            assert (response.status_code, "/sign-in/" in response["Location"]) == (302, True)

    def test_only_those_who_enter_get_suggestions(self, house):
        assert signed_in(house.approver).get(f"{REGISTER}suggest/?q=a").status_code == 403
        assert signed_in(house.contributor).get(f"{REGISTER}suggest/?q=a").status_code == 200

    @pytest.mark.parametrize("number", ["999999", "9" * 40])
    def test_an_entry_that_is_not_there_is_not_found(self, contributor, number):
        assert contributor.get(f"{REGISTER}{number}/").status_code == 404


class TestRegister:
    def test_lists_by_name_in_any_script_country_and_type(self, contributor):
        town = factories.authority("cairo")
        other_name(town, "القاهره", "ar")
        factories.authority("bela", type="national", iso3="XAB")
        body = text(contributor.get(REGISTER))
        assert "Two authorities in the register" in body
        assert '<bdi lang="ar">القاهره</bdi>' in body
        for query in ("q=القاهرة", "q=CAIRO", "country=XAA", "type=local"):
            body = text(contributor.get(f"{REGISTER}?{query}"))
            assert ("One authority in the register" in body, "bela" in body) == (True, False)
        assert "No authority in the register fits" in text(contributor.get(f"{REGISTER}?q=zzz"))

    def test_turns_pages_and_keeps_the_search(self, contributor):
        for number in range(51):
            factories.authority(f"town {number:02d}")
        body = text(contributor.get(f"{REGISTER}?q=town"))
        assert "Page 1 of 2" in body and "?q=town&page=2" in body
        assert "town 50" in text(contributor.get(f"{REGISTER}?q=town&page=2"))
        assert contributor.get(f"{REGISTER}?page=x").status_code == 200

    def test_pairs_that_look_alike_wait_for_the_officer(self, officer, contributor):
        for name in ("alba", "alba town", "bela"):
            factories.authority(name)
        assert "?show=duplicates" in text(officer.get(REGISTER))
        assert "?show=duplicates" not in text(contributor.get(REGISTER))
        body = text(officer.get(f"{REGISTER}?show=duplicates"))
        assert "One pair of entries may be the same" in body
        assert ("alba town" in body, "bela" in body) == (True, False)


class TestAuthority:
    def test_shows_approved_achievements_and_drafts_of_own_offices_only(
        self, house, count, contributor, officer
    ):
        town = factories.authority("alba")
        other = factories.indicator("AB2", kind="count", offices=[house.region])
        factories.achievement(count, town, house.branch)
        factories.achievement(count, town, house.region, "2015")
        factories.submission(house.region, "2015")
        factories.achievement(other, town, house.region)
        page = f"{REGISTER}{town.pk}/"
        own = words(contributor.get(page))
        assert "Counted by 2 offices: once for each, and once for the agency." in own
        assert ("AB1" in own, "AB2" in own) == (True, False)
        assert "AB2" in words(officer.get(page))
        foreign = words(signed_in(factories.person(contributor=factories.office())).get(page))
        assert ("RO1" in foreign, "BR1" in foreign) == (True, False)

    def test_other_names_are_added_and_taken_off(self, contributor):
        town = factories.authority("cairo")
        page = f"{REGISTER}{town.pk}/"
        form = {"do": "add-name", "name": "القاهرة", "language": "ar"}
        assert contributor.post(page, form).status_code == 302
        assert 'also called <bdi lang="ar">القاهرة</bdi>' in text(contributor.get(page))
        again = contributor.post(page, form)
        assert (again.status_code, "already found by this name" in text(again)) == (422, True)
        name = town.names.get()
        assert contributor.post(page, {"do": "remove-name", "name": name.pk}).status_code == 302
        assert not town.names.exists()
        assert "Other name taken off" in text(contributor.get(page))

    def test_is_merged_and_unmerged_with_a_reason(self, officer):
        town, same = factories.authority("alba"), factories.authority("alba town")
        page = f"{REGISTER}{town.pk}/"
        form = {"do": "merge-here", "other": same.pk}
        refused = officer.post(page, form | {"reason": " "})
        assert (refused.status_code, "Say in a sentence why." in text(refused)) == (422, True)
        assert officer.post(page, form | {"reason": "One council."}).status_code == 302
        assert Authority.objects.get(pk=same.pk).merged_into == town
        assert "Merged into this entry" in text(officer.get(page))
        merged = f"{REGISTER}{same.pk}/"
        body = text(officer.get(merged))
        assert "This entry is merged." in body and "One council." in body
        assert officer.post(merged, {"do": "undo", "reason": ""}).status_code == 422
        assert officer.post(merged, {"do": "undo", "reason": "Two councils."}).status_code == 302
        assert Authority.objects.get(pk=same.pk).merged_into is None

    def test_is_kept_apart_and_not_asked_about_again(self, officer):
        town, other = factories.authority("alba"), factories.authority("alba town")
        page = f"{REGISTER}{town.pk}/"
        assert 'value="merge"' in text(officer.get(page))
        form = {"do": "apart", "other": other.pk, "reason": "Two valleys."}
        assert officer.post(page, form).status_code == 302
        body = text(officer.get(page))
        assert ('value="merge"' in body, "Two valleys." in body) == (False, True)
        assert Distinction.objects.count() == 1

    def test_is_compared_with_an_entry_that_does_not_look_alike(self, officer):
        town, other = factories.authority("cairo"), factories.authority("misr")
        page = f"{REGISTER}{town.pk}/"
        assert f'id="pair-{other.pk}"' not in text(officer.get(page))
        assert f'id="pair-{other.pk}"' in text(officer.get(f"{page}?with=misr"))

    def test_is_corrected_by_the_officer(self, officer):
        town = factories.authority("alba")
        form = {"do": "correct", "name": "Alba Alta", "type": "national",
                "country": town.country_id}  # fmt: skip
        page = f"{REGISTER}{town.pk}/"
        assert officer.post(page, form).status_code == 422
        assert officer.post(page, form | {"reason": "Misread."}).status_code == 302
        body = words(officer.get(page))
        assert "National, Land XAA" in body and "Misread." in body

    @pytest.mark.parametrize("do", ["merge", "merge-here", "apart", "undo", "correct"])
    def test_a_contributor_decides_nothing(self, contributor, do):
        town, same = factories.authority("alba"), factories.authority("alba town")
        form = {"do": do, "other": same.pk, "reason": "Mine.", "name": "x", "type": "local",
                "country": town.country_id}  # fmt: skip
        assert contributor.post(f"{REGISTER}{town.pk}/", form).status_code == 403
        assert f'value="{do}"' not in text(contributor.get(f"{REGISTER}{town.pk}/"))
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize("form", [{}, {"do": "x"}, {"do": "remove-name", "name": "x"}])
    def test_an_unknown_wish_is_not_found(self, officer, form):
        town = factories.authority("alba")
        assert officer.post(f"{REGISTER}{town.pk}/", form).status_code == 404
        assert officer.post(f"{REGISTER}{town.pk}/", {"do": "merge", "other": "x"}).status_code == 404


class TestSuggest:
    def ask(self, client, **query) -> list[dict[str, Any]]:
        return client.get(f"{REGISTER}suggest/", query).json()["items"]

    def test_answers_with_name_type_country_and_the_name_that_fits(self, contributor):
        town = factories.authority("dawn")
        other_name(town, "рассвет")
        assert self.ask(contributor, q="РАСС") == [
            {"id": town.pk, "name": "dawn", "about": "local, Land XAA", "found_by": "рассвет"}
        ]
        assert self.ask(contributor, q="dawn", country="XAB") == []
        assert self.ask(contributor) == []


class TestAdding:
    def new(self, client, **given):
        country = factories.country()
        form = {"register": "1", "name": "City of Alba", "type": "local", "country": country.pk}
        return client.post(LIST, form | DAY | given)

    def test_a_name_that_looks_alike_is_asked_about_and_answered_with_none(self, count, contributor):
        town = factories.authority("alba")
        asked = self.new(contributor)
        body = text(asked)
        assert (asked.status_code, "Is it one of these?" in body) == (422, True)
        assert f'name="seen" value="{town.pk}"' in body and "Gazette 12" in body
        again = self.new(contributor, seen=town.pk)
        assert "Choose one of them, or say that it is none." in text(again)
        assert not Achievement.objects.exists()
        assert self.new(contributor, seen=town.pk, same="none").status_code == 302
        assert Achievement.objects.get().authority.name == "City of Alba"

    def test_or_with_one_of_them(self, count, contributor):
        town = factories.authority("alba")
        assert self.new(contributor, seen=town.pk, same=town.pk).status_code == 302
        assert Achievement.objects.get().authority == town
        assert Authority.objects.count() == 1

    @pytest.mark.parametrize("same", ["x", "²", "-1", "9" * 30])
    def test_an_answer_that_was_not_offered_is_none(self, count, contributor, same):
        factories.authority("alba")
        assert self.new(contributor, same=same).status_code == 422
        assert not Achievement.objects.exists()

    def test_the_very_same_name_is_offered_to_the_second_office(self, count, house, contributor):
        town = factories.authority("city of alba")
        factories.achievement(count, town, house.region)
        refused = self.new(contributor)
        assert "is already in the register" in text(refused)
        assert f'name="same" value="{town.pk}"' in text(refused)
        assert 'name="same" value="none"' not in text(refused)

    def test_says_who_else_counts_it_once_that_is_approved(self, count, house, contributor):
        town = factories.authority("alba")
        factories.achievement(count, town, house.region, "2015")
        form = {"known": "1", "authority": town.pk, **DAY}
        answer = contributor.post(LIST, form, follow=True)
        assert "RO1" not in words(answer)
        Achievement.objects.filter(office=house.branch).delete()
        factories.submission(house.region, "2015")
        answer = contributor.post(LIST, form, follow=True)
        assert "Also counted by RO1: it counts once for the agency." in words(answer)
        assert "also counted by RO1" in words(contributor.get(LIST))

    def test_a_chosen_authority_stays_chosen_when_the_day_is_wrong(self, count, contributor):
        town = factories.authority("alba")
        form = {"known": "1", "authority": town.pk, "evidence": "x", "achieved_on": "2015-01-01"}
        refused = contributor.post(LIST, form)
        assert refused.status_code == 422
        assert f'value="{town.pk}" checked' in text(refused)


class TestChanging:
    @pytest.fixture
    def one(self, house, count):
        return factories.achievement(count, factories.authority("alba"), house.branch)

    def test_saves_day_evidence_and_link(self, one, contributor):
        page = f"{LIST}{one.pk}/"
        assert 'value="2016-06-30"' in text(contributor.get(page))
        form = {"achieved_on": "2016-07-01", "evidence": "Decree 4", "link": "https://example.org/4"}
        assert contributor.post(page, form).status_code == 302
        one.refresh_from_db()
        assert (str(one.achieved_on), one.evidence) == ("2016-07-01", "Decree 4")
        refused = contributor.post(page, form | {"achieved_on": "2017-07-01"})
        assert (refused.status_code, "The day lies outside 2016." in text(refused)) == (422, True)

    def test_is_refused_once_the_year_is_closed(self, one, house, contributor):
        PeriodWindow.objects.update(closed_at=factories.NOW, closed_by=house.officer)
        page = f"{LIST}{one.pk}/"
        assert "These figures cannot be changed now." in text(contributor.get(page))
        assert contributor.post(page, DAY).status_code == 422
        one.refresh_from_db()
        assert one.evidence == "Gazette"

    def test_is_for_contributors_of_the_office(self, one, house):
        page = f"{LIST}{one.pk}/"
        assert signed_in(house.regional).get(page).status_code == 404
        assert signed_in(house.approver).post(page, DAY).status_code == 403
        assert signed_in(house.contributor).get(f"{LIST}999999/").status_code == 404


class TestQueries:
    """Counted with 20 entries in the register, then with 2,000."""

    @pytest.fixture
    def measured(self, house, count):
        def fill(first: int, last: int) -> None:
            land = factories.country()
            rows = Authority.objects.bulk_create(
                Authority(name=f"Town {n}", match_key=f"town {n}", type="local", country=land)
                for n in range(first, last)
            )
            AuthorityName.objects.bulk_create(
                AuthorityName(authority=one, name=f"Ville {one.name}", match_key=f"v {one.match_key}")
                for one in rows
            )
            for town in rows[:: (last - first) // 20]:
                factories.achievement(count, town, house.branch)

        def measure(client: Client, path: str) -> tuple[int, int]:
            found = []
            for first, last in ((0, 20), (20, 2000)):
                fill(first, last)
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(path).status_code == 200
                found.append(len(captured))
            return found[0], found[1]

        return measure

    @pytest.mark.parametrize(
        ("path", "most"),
        [(REGISTER, 7), (f"{REGISTER}?q=town", 7), (f"{REGISTER}suggest/?q=town", 5),
         (f"{LIST}?q=town", 34)],
    )  # fmt: skip
    def test_do_not_grow_with_the_register(self, measured, contributor, path, most):
        few, many = measured(contributor, path)
        assert few == many <= most

    def test_of_one_entry_and_of_the_duplicates_do_not_grow(self, measured, officer):
        town = factories.authority("town zero")
        few, many = measured(officer, f"{REGISTER}{town.pk}/?with=town")
        assert few == many <= 18

    def test_of_the_duplicates_do_not_grow(self, measured, officer):
        few, many = measured(officer, f"{REGISTER}?show=duplicates")
        assert few == many <= 14
