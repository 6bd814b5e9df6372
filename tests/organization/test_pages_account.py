"""A person's own page: roles, language, mail, sessions elsewhere."""

import html
import re
from typing import Any

import factories
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from organization.models import AuditEntry, User

ACCOUNT = "/en/account/"
ELSEWHERE = "/en/account/sign-out-elsewhere/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response: Any) -> str:
    return html.unescape(response.content.decode())


class TestAccount:
    def test_shows_roles_and_choices(self, house):
        body = text(signed_in(house.contributor).get(ACCOUNT))
        assert "ana.contributor@example.org" in body
        assert '<th scope="row">contributor</th>' in body
        assert "Office BR1" in body
        assert '<option value="en" selected>' in body
        assert re.findall(r'value="(\w+)"[^>]* checked', body) == ["each"]

    def test_is_reached_from_the_menu_of_the_person(self, house):
        assert f'href="{ACCOUNT}"' in text(signed_in(house.contributor).get("/en/work/"))

    def test_keeps_what_is_chosen_and_goes_on_in_that_language(self, house):
        client = signed_in(house.contributor)
        response = client.post(ACCOUNT, {"language": "fr", "mail": "digest"})
        assert response.headers["Location"] == "/fr/account/"
        user = User.objects.get(pk=house.contributor.pk)
        assert (user.language, user.mail) == ("fr", "digest")
        assert set(AuditEntry.objects.values_list("action", "by")) == {
            ("choose language", user.pk),
            ("choose mail", user.pk),
        }

    @pytest.mark.parametrize("form", [{"language": "xx", "mail": "each"}, {"language": "fr"}, {}])
    def test_refuses_what_is_not_on_offer(self, house, form):
        response = signed_in(house.contributor).post(ACCOUNT, form)
        assert response.status_code == 422
        assert "field-error" in text(response)
        user = User.objects.get(pk=house.contributor.pk)
        assert (user.language, user.mail) == ("en", "each")

    def test_changes_nobody_and_nothing_else(self, house):
        form = {"language": "en", "mail": "none", "email": "x@example.org", "is_superuser": "1",
                "name": "X", "user": house.officer.pk}  # fmt: skip
        before = dict(User.objects.filter(pk=house.contributor.pk).values()[0])
        signed_in(house.contributor).post(ACCOUNT, form)
        after = dict(User.objects.filter(pk=house.contributor.pk).values()[0])
        changed = {name for name, value in after.items() if before[name] != value}
        assert changed <= {"mail", "last_login"}
        assert User.objects.get(pk=house.officer.pk).mail == "each"

    def test_is_for_people_who_are_signed_in(self, db):
        for address in (ACCOUNT, ELSEWHERE):
            assert Client().get(address).status_code == 302
            assert "sign-in" in Client().post(address).headers["Location"]

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, house, language):
        assert signed_in(house.contributor).get(f"/{language}/account/").status_code == 200

    def test_takes_the_same_queries_whatever_the_number_of_roles(
        self, house, django_assert_num_queries
    ):
        client = signed_in(house.contributor)
        for _number in range(12):
            factories.grant(house.contributor, "approver", factories.office())
        with django_assert_num_queries(4):
            client.get(ACCOUNT)


class TestElsewhere:
    def test_ends_the_other_sessions_of_the_person_only(self, house):
        here, there, other = (
            signed_in(house.contributor),
            signed_in(house.contributor),
            signed_in(house.approver),
        )
        response = here.post(ELSEWHERE, follow=True)
        assert "You are signed out in 1 other browser." in text(response)
        assert here.get(ACCOUNT).status_code == 200
        assert other.get(ACCOUNT).status_code == 200
        assert there.get(ACCOUNT).status_code == 302
        assert Session.objects.count() == 2
        assert AuditEntry.objects.get().action == "sign out elsewhere"

    def test_says_so_if_there_is_none(self, house):
        response = signed_in(house.contributor).post(ELSEWHERE, follow=True)
        assert "You were signed in nowhere else." in text(response)
        assert not AuditEntry.objects.exists()

    def test_does_nothing_when_only_read(self, house):
        here, there = signed_in(house.contributor), signed_in(house.contributor)
        assert here.get(ELSEWHERE).headers["Location"] == ACCOUNT
        assert there.get(ACCOUNT).status_code == 200
