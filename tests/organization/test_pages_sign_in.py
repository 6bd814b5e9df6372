"""Signing in and out: what a stranger learns, where the person lands, what stays typed."""

import factories
import pytest
from django.test import Client

from organization.models import User

PASSWORD = "a long pass phrase"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("amina@example.org", PASSWORD, name="Amina Odera")


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str):
    form = {"username": email, "password": password, **more}
    return client.post("/en/sign-in/", form)


class TestSignIn:
    def test_leads_to_the_work_of_the_person(self, client, person):
        response = sign_in(client, "amina@example.org")
        assert (response.status_code, response["Location"]) == (302, "/en/work/")

    def test_takes_the_address_in_capital_letters_and_with_spaces(self, client, person):
        assert sign_in(client, " Amina@Example.org ").status_code == 302

    def test_leads_to_the_page_that_was_asked_for(self, client, person):
        asked = client.get("/en/periods/")
        assert asked["Location"] == "/en/sign-in/?next=/en/periods/"
        assert b'name="next" value="/en/periods/"' in client.get(asked["Location"]).content
        response = sign_in(client, "amina@example.org", next="/en/periods/")
        assert response["Location"] == "/en/periods/"

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
    )
    def test_never_leads_to_another_site(self, client, person, elsewhere):
        response = sign_in(client, "amina@example.org", next=elsewhere)
        assert response["Location"] == "/en/work/"

    def test_keeps_the_address_and_not_the_password(self, client, person):
        response = sign_in(client, "amina@example.org", "a wrong password")
        assert response.status_code == 200
        assert b'value="amina@example.org"' in response.content
        assert b"a wrong password" not in response.content
        assert "_auth_user_id" not in client.session

    def test_says_the_same_whether_the_address_is_known_or_not(self, client, person):
        person.is_active = False
        person.save()
        User.objects.create_user("known@example.org", PASSWORD, name="Known")
        tries = [("known@example.org", "wrong"), ("nobody@example.org", "wrong")]
        tries.append(("amina@example.org", PASSWORD))
        said = {
            tuple(sign_in(client, email, word).context["form"].non_field_errors())
            for email, word in tries
        }
        assert len(said) == 1
        assert "do not go together" in said.pop()[0]

    def test_locks_after_ten_tries_with_a_page_that_says_what_to_do(self, client, person, settings):
        settings.AXES_ENABLED = True
        answers = [sign_in(client, "amina@example.org", "wrong") for _ in range(10)]
        assert [answer.status_code for answer in answers[:9]] == [200] * 9
        locked = sign_in(client, "amina@example.org")
        assert locked.status_code == 429
        assert "wait a quarter of an hour" in locked.content.decode()

    @pytest.mark.parametrize("language", ["ar", "zh", "en", "fr", "ru", "es"])
    def test_answers_in_six_languages(self, client, db, language):
        response = client.get(f"/{language}/sign-in/")
        assert response.status_code == 200
        assert f'<html lang="{language}"' in response.content.decode()


class TestSignOut:
    def test_needs_a_post(self, client, person):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get("/en/sign-out/").status_code == 405
        assert "_auth_user_id" in client.session
        response = client.post("/en/sign-out/")
        assert (response.status_code, response["Location"]) == (302, "/en/")
        assert "_auth_user_id" not in client.session

    def test_refuses_a_form_from_another_site(self, person):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert strict.post("/en/sign-out/").status_code == 403
        assert "_auth_user_id" in strict.session


class TestWork:
    @pytest.fixture
    def house(self, db: None) -> factories.House:
        return factories.make_house()

    def body(self, client, user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        response = client.get("/en/work/")
        assert response.status_code == 200
        return response.content.decode()

    def test_shows_a_contributor_the_open_year_with_its_completeness(self, client, house):
        factories.indicator("AA1", offices=[house.branch])
        done = factories.indicator("AA2", offices=[house.branch])
        factories.figure(done, house.branch, value="3")
        body = self.body(client, house.contributor)
        assert "1 of 2 figures entered; due on 31 January 2017." in body
        assert "/en/offices/BR1/2016/" in body

    def test_shows_the_note_of_a_returned_submission(self, client, house):
        factories.indicator("AA1", offices=[house.branch])
        factories.submission(house.branch, state="returned")
        body = self.body(client, house.contributor)
        assert "Please explain the second figure." in body

    def test_shows_an_approver_what_waits(self, client, house):
        factories.submission(house.branch, state="submitted")
        assert "Office BR1, 2016, waits for approval" in self.body(client, house.approver)

    def test_shows_nothing_of_another_office(self, client, house):
        factories.indicator("AA1", offices=[house.branch])
        factories.submission(house.branch, state="submitted")
        body = self.body(client, house.regional)
        assert "BR1" not in body
        assert "Nothing waits for you." in body

    def test_counts_for_quality_assurance_what_is_late_and_what_to_verify(self, client, house):
        factories.indicator("AA1", offices=[house.branch, house.region])
        factories.submission(house.region, state="approved")
        body = self.body(client, house.officer)
        assert "One office is late with its figures" in body
        assert "One submission waits to be verified" in body

    def test_shows_at_most_seven_things(self, client, house):
        for _ in range(9):
            office = factories.office()
            factories.grant(house.approver, "approver", office)
            factories.submission(office, state="submitted")
        body = self.body(client, house.approver)
        assert body.count("waits for approval</a>") == 7
        assert '<a href="?all=1">2 more things</a>' in body
