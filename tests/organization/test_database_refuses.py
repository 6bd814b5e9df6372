"""The database is the last guard: states that no service makes cannot be made by SQL either."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import factories
import illegal_evaluations
import illegal_states
import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from indicators.models import Figure, Submission

UNCHANGEABLE = {
    "organization_auditentry": (illegal_states.audited, "number", {"reason": "Forged"}),
    "indicators_correction": (illegal_states.correction, "id", {"reason": "Forged"}),
    "indicators_submissionstep": (illegal_states.step, "id", {"note": "Forged"}),
    "reporting_reportdocument": (illegal_states.document, "id", {"content": "Forged"}),
    "reporting_rendering": (illegal_states.rendering, "id", {"sha256": "1" * 64}),
    # Its rows once they are issued; before, a report may be assembled again.
    "reporting_report": (illegal_states.issued, "id", {"agenda_item": "9"}),
    "reporting_sectionversion": (illegal_states.version, "id", {"body": "Forged"}),
    **illegal_evaluations.UNCHANGEABLE,
}


def our_constraints() -> dict[str, models.BaseConstraint]:
    """Every named constraint of the models in this repository."""
    own = Path(settings.BASE_DIR)
    return {
        constraint.name: constraint
        for config in apps.get_app_configs()
        if Path(config.path).parent == own
        for model in config.get_models()
        for constraint in model._meta.constraints
    }


def columns_of(attempt: illegal_states.Attempt, constraint: models.UniqueConstraint) -> list[str]:
    meta = attempt.model._meta
    return [f"{meta.db_table}.{meta.get_field(name).column}" for name in constraint.fields]


def forgeries(insert: str, key: str, forged: dict[str, str]) -> list[str]:
    """Every way to write a row over one with the same key."""
    updates = ", ".join(f"{name} = excluded.{name}" for name in forged)
    found = [f"{insert} ON CONFLICT ({key}) DO UPDATE SET {updates}"]
    if connection.vendor == "sqlite":
        found += [insert.replace("INSERT", how, 1) for how in ("INSERT OR REPLACE", "REPLACE")]
    return found


@contextmanager
def triggers_recursive(value: str) -> Iterator[None]:
    """SQLite fires the delete trigger of a REPLACE only with this pragma; others have no such gap."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA recursive_triggers = {value}")
        assert cursor.execute("PRAGMA recursive_triggers").fetchone() == (int(value == "ON"),)
        yield
        cursor.execute("PRAGMA recursive_triggers = ON")


def test_every_named_constraint_has_an_illegal_state():
    assert set(our_constraints()) == set(illegal_states.CASES)
    assert len(illegal_states.CASES) >= 40


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(illegal_states.CASES))
def test_refuses(name):
    attempt = illegal_states.CASES[name]()
    before = attempt.model.objects.count()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        attempt.run()
    constraint = our_constraints()[name]
    if connection.vendor == "sqlite" and isinstance(constraint, models.UniqueConstraint):
        # SQLite names the columns of a unique constraint, not the constraint.
        expected = ", ".join(columns_of(attempt, constraint))
        guarded = f"rows of {attempt.model._meta.db_table} cannot be changed or removed"
        assert str(refusal.value) in {f"UNIQUE constraint failed: {expected}", guarded}
    else:
        assert name in str(refusal.value)
    assert attempt.model.objects.count() == before


@pytest.mark.django_db
class TestUnchangeableTables:
    @pytest.fixture(params=sorted(UNCHANGEABLE))
    def kept(self, request):
        """A stored row of an unchangeable table with what a forger would write."""
        make, key, forged = UNCHANGEABLE[request.param]
        return make(), key, forged

    def refuse(self, row, statement, *params):
        before = list(type(row).objects.values())
        with pytest.raises(DatabaseError) as refusal, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, params)
        assert "cannot be changed or removed" in str(refusal.value)
        assert list(type(row).objects.values()) == before

    def test_refuse_update(self, kept):
        row, key, forged = kept
        (column, value), *_rest = forged.items()
        table = row._meta.db_table
        self.refuse(row, f"UPDATE {table} SET {column} = %s WHERE {key} = %s", value, row.pk)

    def test_refuse_delete(self, kept):
        row, _key, _forged = kept
        self.refuse(row, f"DELETE FROM {row._meta.db_table}")

    @pytest.mark.parametrize("pragma", ["ON", "OFF"])
    def test_refuse_replacement_whatever_the_connection_says(self, kept, pragma):
        row, key, forged = kept
        attempt = illegal_states.again(row, **{key: row.pk}, **forged)
        with triggers_recursive(pragma):
            for statement in forgeries(attempt.sql, key, forged):
                self.refuse(row, statement, *attempt.params)

    @pytest.mark.parametrize("pragma", ["ON", "OFF"])
    @pytest.mark.parametrize(
        "table",
        [
            "indicators_submissionstep",
            "organization_auditentry",
            "reporting_reportdocument",
            "reporting_rendering",
            "reporting_report",
            "reporting_sectionversion",
            "evaluations_planversion",
            "evaluations_answer",
            "evaluations_followup",
            "evaluations_evaluation",
            "evaluations_finding",
            "evaluations_recommendation",
        ],
    )
    def test_refuse_a_new_row_that_pushes_an_old_one_out(self, table, pragma):
        make, key, forged = UNCHANGEABLE[table]
        row = make()
        attempt = illegal_states.again(row, **{key: row.pk + 1}, **forged)
        for statement in forgeries(attempt.sql, key, forged):
            with triggers_recursive(pragma), pytest.raises(DatabaseError), transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(statement, attempt.params)
        assert list(type(row).objects.values_list("pk", flat=True)) == [row.pk]

    def test_refuse_to_be_emptied(self, kept):
        row, _key, _forged = kept
        table = row._meta.db_table
        connection.check_constraints()
        emptying = {"sqlite": f"DELETE FROM {table}", "postgresql": f"TRUNCATE {table} CASCADE"}
        self.refuse(row, emptying[connection.vendor])

    def test_lists_every_unchangeable_table(self, unchangeable):
        assert set(UNCHANGEABLE) == set(unchangeable)


@pytest.mark.django_db
class TestBehindTheServices:
    """What an ORM call that skips the services would do."""

    def test_refuses_bulk_update_to_an_own_approval(self, house):
        waiting = factories.submission(house.branch, state="submitted")
        waiting.state, waiting.approved_at = "approved", factories.NOW
        waiting.approved_by = waiting.submitted_by
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.bulk_update([waiting], ["state", "approved_at", "approved_by"])
        assert Submission.objects.get().state == "submitted"
        waiting.approved_by = house.approver
        Submission.objects.bulk_update([waiting], ["state", "approved_at", "approved_by"])
        assert Submission.objects.get().state == "approved"

    def test_refuses_the_submitter_over_an_approval_by_the_same_person(self, house):
        approved = factories.submission(house.branch, state="approved")
        with pytest.raises(IntegrityError), transaction.atomic():
            Submission.objects.update(submitted_by=approved.approved_by)

    def test_refuses_bulk_create_of_a_second_figure(self, house):
        measure = factories.indicator()
        kept = factories.figure(measure, house.branch, value="7")
        kept.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            Figure.objects.bulk_create([kept])

    @pytest.mark.parametrize("name", ["branch", "contributor", "year"])
    def test_refuses_to_delete_what_a_submission_points_to(self, house, name):
        row = getattr(house, name)
        factories.submission(house.branch, state="draft")
        Submission.objects.update(
            submitted_by=house.contributor, submitted_at=factories.NOW, state="submitted"
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk)._raw_delete("default")
            connection.check_constraints()
        assert type(row)._base_manager.filter(pk=row.pk).exists()

    @pytest.mark.parametrize(
        ("table", "column"),
        [
            ("indicators_target", "version"),
            ("indicators_figure", "version"),
            ("focus_areas_focusarea", "number"),
        ],
    )
    def test_refuses_numbers_below_zero_where_they_count(self, house, table, column):
        factories.target(factories.indicator(), 2017, "1")
        factories.figure(factories.indicator(), house.branch, value="1")
        with pytest.raises(IntegrityError), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {column} = -1")
