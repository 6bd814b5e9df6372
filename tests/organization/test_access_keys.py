"""Keys for people's own programs: shown once, ended by date, by hand and with the person."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from organization.models import AccessKey, AuditEntry
from organization.services.access_keys import digest_of, make_key, revoke_key


def key_of(person, **given):
    given = {"name": "Laptop", "expires_on": timezone.localdate() + timedelta(days=30), **given}
    return make_key(by=person, at=timezone.now(), **given)


@pytest.mark.django_db
class TestMakeKey:
    def test_keeps_only_the_digest_and_who_made_it(self, house):
        _key, text = key_of(house.contributor)
        assert text.startswith("habitat_")
        assert len(text) >= 40
        stored = AccessKey.objects.values().get()
        assert text not in str(stored)
        assert stored["digest"] == digest_of(text)
        entry = AuditEntry.objects.get(action="make access key")
        assert (entry.by, text in str(entry.changes)) == (house.contributor, False)

    @pytest.mark.parametrize("days", [-1, 367])
    def test_refuses_a_last_day_in_the_past_or_after_a_year(self, house, days):
        with pytest.raises(RuleBroken) as refusal:
            key_of(house.contributor, expires_on=timezone.localdate() + timedelta(days=days))
        assert refusal.value.code == "expiry_out_of_range"

    def test_refuses_a_key_without_a_name(self, house):
        with pytest.raises(RuleBroken) as refusal:
            key_of(house.contributor, name="  ")
        assert refusal.value.code == "name_needed"


@pytest.mark.django_db
class TestRevokeKey:
    def test_is_for_the_owner_alone(self, house):
        key, _text = key_of(house.contributor)
        with pytest.raises(NotAllowed):
            revoke_key(key=key, by=house.administrator, at=timezone.now())
        assert AccessKey.objects.get().revoked_at is None

    def test_twice_changes_nothing_more(self, house):
        key, _text = key_of(house.contributor)
        for _try in range(2):
            revoke_key(key=key, by=house.contributor, at=timezone.now())
        assert AuditEntry.objects.filter(action="revoke access key").count() == 1


@pytest.mark.django_db
class TestUseOfKeys:
    @pytest.fixture
    def ask(self, client, house):
        address = f"/api/v1/offices/{house.branch.code}/2016/"
        return lambda text: client.get(address, headers={"Authorization": f"Bearer {text}"})

    def test_reads_as_the_person_and_opens_no_session(self, ask, house, client):
        _key, text = key_of(house.contributor)
        response = ask(text)
        assert response.status_code == 200
        assert not response.cookies
        assert not client.cookies

    def test_ends_by_date(self, ask, house):
        _key, text = key_of(house.contributor)
        AccessKey.objects.update(expires_on=date(2016, 1, 1))
        assert ask(text).status_code == 401

    def test_ends_when_it_is_revoked(self, ask, house):
        key, text = key_of(house.contributor)
        revoke_key(key=key, by=house.contributor, at=timezone.now())
        response = ask(text)
        assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")

    def test_ends_with_the_person(self, ask, house):
        _key, text = key_of(house.contributor)
        house.contributor.is_active = False
        house.contributor.save()
        assert ask(text).status_code == 401

    def test_follows_the_roles_of_the_moment(self, ask, house):
        _key, text = key_of(house.contributor)
        house.contributor.assignments.update(until=date(2016, 1, 1))
        assert ask(text).status_code == 404

    @pytest.mark.parametrize("text", ["", "habitat_", "x" * 5000, "é"])
    def test_refuses_what_is_no_key(self, ask, house, text):
        assert ask(text).status_code == 401


@pytest.mark.django_db
class TestKeysPage:
    def test_shows_a_new_key_once(self, client, house):
        client.force_login(house.contributor)
        last = timezone.localdate() + timedelta(days=10)
        made = client.post("/en/account/keys/", {"name": "Laptop", "expires_on": last.isoformat()})
        assert b"habitat_" in made.content
        assert b"habitat_" not in client.get("/en/account/keys/").content

    def test_refuses_in_words_and_keeps_what_was_typed(self, client, house):
        client.force_login(house.contributor)
        made = client.post("/en/account/keys/", {"name": "Laptop", "expires_on": "2010-01-01"})
        assert made.status_code == 422
        assert b"within a year" in made.content
        assert b"Laptop" in made.content

    def test_revokes_only_own_keys(self, client, house):
        key, _text = key_of(house.administrator)
        client.force_login(house.contributor)
        assert client.post("/en/account/keys/", {"revoke": str(key.pk)}).status_code == 404
        assert client.post("/en/account/keys/", {"revoke": "x" * 50}).status_code == 404
        assert AccessKey.objects.get().revoked_at is None
