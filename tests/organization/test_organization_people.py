"""People, their roles, and what a role allows."""

from datetime import date, timedelta

import factories
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from habitat_plan.kit.errors import NotAllowed, RuleBroken
from indicators import permissions as figures
from organization.models import AuditEntry, Role, RoleAssignment, User
from organization.permissions import Holdings, holdings, holds, require
from organization.services import people

NOW = factories.NOW


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def fresh(user: User) -> User:
    """The person as the next request finds them."""
    return User.objects.get(pk=user.pk)


class TestRegister:
    def register(self, house, email="New@Example.org", **given):
        values = {"name": "New", "password": None, "language": "fr", "by": house.administrator}
        return people.register_person(email=email, at=NOW, **(values | given))

    def test_keeps_the_address_in_small_letters(self, house):
        made = self.register(house)
        assert (made.email, made.language, made.joined_at) == ("new@example.org", "fr", NOW)
        assert not made.has_usable_password()
        assert AuditEntry.objects.get().by == house.administrator

    def test_keeps_a_password_only_as_a_hash(self, house):
        made = self.register(house, password="correct horse")
        assert made.check_password("correct horse")
        assert "correct horse" not in str(User.objects.values().get(pk=made.pk))
        assert AuditEntry.objects.get().changes == {"language": [None, "fr"]}

    def test_refuses_an_address_that_is_known_in_other_letters(self, house):
        self.register(house)
        with pytest.raises(RuleBroken) as caught:
            self.register(house, "NEW@example.ORG")
        assert (caught.value.code, caught.value.field) == ("person_known", "email")
        assert caught.value.message == (
            "NEW@example.ORG already has an account. Give that person a role instead."
        )

    def test_refuses_anybody_but_an_administrator(self, house):
        with pytest.raises(NotAllowed):
            self.register(house, by=house.officer)
        assert not User.objects.filter(email="new@example.org").exists()

    def test_is_the_systems_own_while_an_installation_is_set_up(self, house):
        self.register(house, by=None)
        assert (AuditEntry.objects.get().by, AuditEntry.objects.get().by_name) == (None, "system")


class TestRoles:
    def grant(self, house, user, **given):
        values = {
            "role": Role.APPROVER,
            "office": house.region,
            "since": NOW.date(),
            "by": house.administrator,
        }
        return people.grant_role(user=user, at=NOW, **(values | given))

    def test_holds_from_the_next_request_on(self, house):
        self.grant(house, house.approver)
        assert holds(fresh(house.approver), Role.APPROVER, office=house.region)
        assert AuditEntry.objects.get().changes == {"role": ["", "approver in RO1"]}

    def test_given_twice_is_held_once(self, house):
        first = self.grant(house, house.approver)
        assert self.grant(house, house.approver) == first
        assert AuditEntry.objects.count() == 1

    def test_taken_back_ends_at_the_next_request(self, house):
        assignment = self.grant(house, house.approver)
        people.revoke_role(assignment=assignment, by=house.administrator, at=NOW)
        assert not holds(fresh(house.approver), Role.APPROVER, office=house.region)
        assert holds(fresh(house.approver), Role.APPROVER, office=house.branch)
        assert RoleAssignment.objects.get(pk=assignment.pk).until == NOW.date()

    def test_taken_back_and_given_again_keeps_both(self, house):
        assignment = self.grant(house, house.approver)
        people.revoke_role(assignment=assignment, by=house.administrator, at=NOW)
        again = self.grant(house, house.approver)
        assert again.pk != assignment.pk
        assert AuditEntry.objects.count() == 3

    def test_taken_back_twice_ends_once(self, house):
        assignment = self.grant(house, house.approver)
        people.revoke_role(assignment=assignment, by=house.administrator, at=NOW)
        people.revoke_role(
            assignment=assignment, by=house.administrator, at=NOW + timedelta(days=9)
        )
        assert RoleAssignment.objects.get(pk=assignment.pk).until == NOW.date()
        assert AuditEntry.objects.count() == 2

    def test_that_begins_later_may_be_taken_back_before(self, house):
        later = NOW.date() + timedelta(days=9)
        assignment = self.grant(house, house.approver, since=later)
        people.revoke_role(assignment=assignment, by=house.administrator, at=NOW)
        assert RoleAssignment.objects.get(pk=assignment.pk).until == later
        assert not holds(fresh(house.approver), Role.APPROVER, office=house.region)

    @pytest.mark.parametrize("who", ["contributor", "approver", "officer"])
    def test_are_given_and_taken_by_administrators_only(self, house, who):
        person = getattr(house, who)
        with pytest.raises(NotAllowed) as caught:
            self.grant(house, person, by=person)
        assert caught.value.message == (
            "This is for: administrator. Ask an administrator if you should hold that role."
        )
        with pytest.raises(NotAllowed):
            people.revoke_role(assignment=person.assignments.get(), by=person, at=NOW)
        assert not AuditEntry.objects.exists()


class TestHoldings:
    def test_are_empty_for_visitors_and_for_people_who_left(self, house):
        house.approver.is_active = False
        assert holdings(AnonymousUser()) == Holdings()
        assert holdings(house.approver) == Holdings()

    def test_name_the_offices_of_each_role(self, house):
        factories.grant(house.approver, "approver", house.region)
        factories.grant(house.approver, "manager", house.region)
        held = holdings(fresh(house.approver))
        assert held.roles == {"approver", "manager"}
        assert held.offices_as("approver") == {house.branch.pk, house.region.pk}
        assert held.offices_as("manager", "contributor") == {house.region.pk}

    def test_leave_out_roles_that_ended(self, house):
        RoleAssignment.objects.update(until=date(2016, 1, 1))
        assert holdings(fresh(house.approver)) == Holdings()

    def test_are_read_once(self, house, django_assert_num_queries):
        person = fresh(house.approver)
        with django_assert_num_queries(1):
            assert holds(person, "approver")
            assert not holds(person, "manager")

    def test_require_names_the_office(self, house):
        require(house.approver, Role.APPROVER, office=house.branch)
        with pytest.raises(NotAllowed) as caught:
            require(house.approver, Role.APPROVER, Role.CONTRIBUTOR, office=house.region)
        assert caught.value.message == (
            "This is for the following role in Office RO1: approver, contributor. "
            "Ask an administrator if you should hold it."
        )

    def test_of_a_superuser_are_none(self, db):
        chief = User.objects.create_superuser("chief@example.org", "secret", name="Chief")
        assert not holds(chief, *Role.values)


class TestFiguresPermissions:
    READERS = (
        "quality_assurance",
        "report_editor",
        "evaluation_officer",
        "manager",
        "administrator",
    )

    @pytest.mark.parametrize("role", Role.values)
    def test_read_by_role(self, house, role):
        person = factories.person(**{role: house.branch})
        everything = role in self.READERS
        own = everything or role in {"contributor", "approver"}
        assert figures.may_read_office(person, house.branch) == own
        assert figures.may_read_office(person, house.region) == everything
        assert figures.may_enter(person, house.branch) == (role == "contributor")
        assert figures.may_enter(person, house.region) is False
        assert figures.may_approve(person, house.branch) == (role == "approver")
        assert figures.may_approve(person, house.region) is False
        expected = None if everything else ({house.branch.pk} if own else set())
        assert figures.readable_offices(person) == expected

    def test_read_by_nobody_without_an_account(self, house):
        visitor = AnonymousUser()
        assert not figures.may_read_office(visitor, house.branch)
        assert figures.readable_offices(visitor) == set()


class TestLanguage:
    def test_is_kept_and_recorded(self, house):
        people.choose_language(user=house.contributor, language="ar", at=NOW)
        assert fresh(house.contributor).language == "ar"
        assert AuditEntry.objects.get().changes == {"language": ["en", "ar"]}

    def test_that_is_chosen_already_writes_nothing(self, house):
        people.choose_language(user=house.contributor, language="en", at=NOW)
        assert not AuditEntry.objects.exists()

    def test_outside_the_six_is_refused(self, house):
        with pytest.raises(RuleBroken) as caught:
            people.choose_language(user=house.contributor, language="xx", at=NOW)
        assert (caught.value.code, caught.value.field) == ("unknown_language", "language")
        assert fresh(house.contributor).language == "en"
