"""The audit trail: every write is in it, in the same transaction, and nobody can change it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

import factories
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from habitat_plan.kit.unchangeable import guard, unguard, unique_columns
from habitat_plan.kit.wording import Wording
from indicators.services import entry
from indicators.services.entry import Typed
from organization.models import AuditEntry
from organization.rules import FIRST, entry_hash, first_broken
from organization.services import audit

NOW = factories.NOW
TABLE = "organization_auditentry"


def write(*reasons: str) -> list[AuditEntry]:
    office = factories.office()
    for reason in reasons:
        audit.record(action="test", subject=office, by=None, at=NOW, reason=reason)
    return list(AuditEntry.objects.all())


@pytest.fixture
def unguarded(db):
    """The trail as it lies before somebody who took the triggers off."""
    with connection.cursor() as cursor:
        connection.check_constraints()
        for statement in unguard(TABLE, connection.vendor):
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        unique = unique_columns(connection, TABLE)
        for statement in guard(TABLE, "number", connection.vendor, unique):
            cursor.execute(statement)


def verified() -> tuple[str, str]:
    """What `manage.py verify_audit` says: its output, and the error with which it ends."""
    output = StringIO()
    try:
        call_command("verify_audit", stdout=output)
    except CommandError as error:
        return output.getvalue(), str(error)
    return output.getvalue(), ""


class TestChain:
    def test_numbers_from_one_and_chains_each_entry_to_the_one_before(self, db):
        first, second = write("One", "Two")
        assert (first.number, second.number) == (1, 2)
        assert (first.previous_hash, second.previous_hash) == ("0" * 64, first.hash)
        assert second.hash == entry_hash(first.hash, audit.content_of(second))

    def test_writes_several_entries_in_order(self, house):
        changes = [
            audit.Change("one", house.branch, {"value": (Decimal("1.50"), None)}),
            audit.Change("two", house.region, reason="Why"),
        ]
        audit.record_all(changes=changes, by=house.officer, at=NOW)
        assert list(AuditEntry.objects.values_list("number", "action", "by_name", "changes")) == [
            (1, "one", "Ed Officer", {"value": ["1.5", None]}),
            (2, "two", "Ed Officer", {}),
        ]

    def test_writes_nothing_for_no_changes(self, db):
        audit.record_all(changes=[], by=None, at=NOW)
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("value", "kept"),
        [
            (Decimal("0"), "0"),
            (Decimal("100"), "100"),
            (Decimal("99999999999.9999"), "99999999999.9999"),
            (datetime(2017, 1, 16, 9, 0, tzinfo=UTC), "2017-01-16T09:00:00+00:00"),
            (date(2017, 1, 16), "2017-01-16"),
            (Wording.of(en="Nairobi", fr="Nairobi"), {"en": "Nairobi", "fr": "Nairobi"}),
            (None, None),
            (True, True),
        ],
    )
    def test_keeps_values_as_plain_json(self, value, kept):
        assert audit.plain(value) == kept

    def test_survives_reading_back(self, house):
        figure = factories.figure(factories.indicator(), house.branch, value="7.5000")
        audit.record(
            action="test",
            subject=figure,
            by=house.officer,
            at=datetime(2017, 1, 16, 9, 0, 0, 123456, tzinfo=UTC),
            changes={"value": (None, Decimal("7.5000")), "day": (None, date(2017, 1, 1))},
            reason="“Ça” – 北京",
            office=house.branch,
        )
        assert audit.verify() is None

    def test_cuts_a_long_label_so_that_both_databases_keep_the_same(self, house):
        house.branch.name = factories.say("x" * 400)
        audit.record(action="test", subject=house.branch, by=None, at=NOW)
        assert len(AuditEntry.objects.get().subject_label) == 300
        assert audit.verify() is None


class TestFirstBroken:
    """By hand, without a database."""

    CONTENTS = ({"reason": "One"}, {"reason": "Two"}, {"reason": "Three"})

    def chain(self):
        found, previous = [], FIRST
        for number, content in enumerate(self.CONTENTS, start=1):
            own = entry_hash(previous, content)
            found.append((number, previous, own, content))
            previous = own
        return found

    def test_is_none_for_a_whole_chain_and_for_an_empty_one(self):
        assert first_broken(self.chain()) is None
        assert first_broken([]) is None

    @pytest.mark.parametrize("missing", [1, 2])
    def test_names_the_first_missing_entry(self, missing):
        chain = self.chain()
        del chain[missing - 1]
        assert first_broken(chain) == missing

    def test_names_an_altered_entry(self):
        chain = self.chain()
        chain[1] = (*chain[1][:3], {"reason": "Forged"})
        assert first_broken(chain) == 2

    def test_names_the_entry_after_one_that_was_forged_with_its_hash(self):
        chain = self.chain()
        forged = {"reason": "Forged"}
        chain[1] = (2, chain[1][1], entry_hash(chain[1][1], forged), forged)
        assert first_broken(chain) == 3


class TestTransaction:
    def test_rolls_back_with_the_change(self, house):
        measure = factories.indicator(offices=[house.branch])
        with pytest.raises(KeyError), transaction.atomic():
            entry.enter_figure(
                indicator=measure,
                office=house.branch,
                period=house.year,
                typed=Typed(value="7"),
                language="en",
                by=house.contributor,
                at=NOW,
            )
            assert (measure.figures.count(), AuditEntry.objects.count()) == (1, 1)
            raise KeyError
        assert (measure.figures.count(), AuditEntry.objects.count()) == (0, 0)

    @pytest.mark.django_db(transaction=True)
    def test_refuses_to_write_outside_a_transaction(self):
        office = factories.office()
        with pytest.raises(transaction.TransactionManagementError):
            audit.record(action="test", subject=office, by=None, at=NOW)
        assert not AuditEntry.objects.exists()

    @pytest.mark.django_db(transaction=True)
    def test_is_guarded_again_after_a_test_with_real_transactions(self):
        with transaction.atomic():
            (written,) = write("One")
        with pytest.raises(DatabaseError):
            AuditEntry.objects.update(reason="Forged")
        with pytest.raises(DatabaseError):
            written.delete()
        assert AuditEntry.objects.get().reason == "One"


@pytest.mark.django_db
class TestModelsCannotChangeIt:
    def test_by_saving(self):
        written, _second = write("One", "Two")
        written.reason = "Forged"
        with pytest.raises(DatabaseError), transaction.atomic():
            written.save()

    def test_by_update_and_bulk_update(self):
        (written,) = write("One")
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.update(reason="Forged")
        written.reason = "Forged"
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.bulk_update([written], ["reason"])
        assert AuditEntry.objects.get().reason == "One"

    def test_by_deleting(self):
        (written,) = write("One")
        for delete in (written.delete, AuditEntry.objects.all().delete):
            with pytest.raises(DatabaseError), transaction.atomic():
                delete()
        assert AuditEntry.objects.count() == 1

    def test_by_creating_over_it(self):
        (written,) = write("One")
        written.reason = "Forged"
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.bulk_create(
                [written],
                update_conflicts=True,
                unique_fields=["number"],
                update_fields=["reason"],
            )
        assert AuditEntry.objects.get().reason == "One"


class TestVerify:
    def test_says_that_the_trail_is_whole(self, db):
        write("One", "Two", "Three")
        assert verified() == ("The audit trail is whole.\n", "")

    def test_names_the_first_altered_entry(self, unguarded):
        write("One", "Two", "Three")
        AuditEntry.objects.filter(number__gte=2).update(reason="Forged")
        assert audit.verify() == 2
        assert verified() == (
            "",
            "Entry 2 of the audit trail was altered or is missing. "
            "Compare the database with the last backup before it.",
        )

    @pytest.mark.parametrize("missing", [1, 2])
    def test_names_the_first_missing_entry(self, unguarded, missing):
        write("One", "Two", "Three")
        AuditEntry.objects.filter(number=missing).delete()
        assert audit.verify() == missing

    @pytest.mark.parametrize(
        "forged",
        [
            {"at": datetime(2016, 1, 1, tzinfo=UTC)},
            {"by_name": "Somebody"},
            {"action": "approve"},
            {"subject_type": "organization.user"},
            {"subject_id": "999"},
            {"subject_label": "Other"},
            {"changes": {"value": [1, 2]}},
            {"reason": "Forged"},
            {"hash": "1" * 64},
            {"previous_hash": "1" * 64},
        ],
        ids=lambda forged: next(iter(forged)),
    )
    def test_notices_every_field(self, unguarded, forged):
        write("One", "Two")
        AuditEntry.objects.filter(number=2).update(**forged)
        assert audit.verify() == 2

    def test_notices_another_person_or_office(self, unguarded, house):
        write("One")
        for forged in ({"by": house.officer}, {"office": house.branch}):
            AuditEntry.objects.update(by=None, office=None)
            assert audit.verify() is None
            AuditEntry.objects.update(**forged)
            assert audit.verify() == 1
