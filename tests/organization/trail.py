"""What the check of the audit trail is made of: finding services, watching one write, proving it."""

import inspect
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType
from typing import Any

import factories
import pytest
from django.apps import apps
from django.db import OperationalError, connection

from organization.models import AuditEntry, Notice

NOW = factories.NOW
AUDIT, NOTICE = AuditEntry._meta.db_table, Notice._meta.db_table
APPS = ("organization", "focus_areas", "indicators", "evaluations", "reporting", "jobs")
INSERTING = r"INSERT(?:\s+OR\s+IGNORE)?\s+INTO"
WRITING = re.compile(rf'^\s*({INSERTING}|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
STORING = re.compile(
    r"\.(create|get_or_create|update_or_create|bulk_create|bulk_update|save|delete)\(|upsert\("
)
OF_ALL = {"indicators.authority", "organization.notice"}
"""The register and the mail are of no one office."""
AFRESH = {"start again"}
"""The work on a file begins anew; the file stands as it stood."""
SEVERAL = {"reporting.services.corrections.draft_all"}
"""What the clock does for many, each in a transaction of its own with its own entry."""
# Functions that are told the time and are not walked, and why.
NOT_WALKED = {
    "organization.services.notices.send": "how a message fared is kept in its own row",
    "evaluations.services.follow_up_evidence.attach": "part of a step, which is walked with evidence",
    "evaluations.services.imports.preview": "only shows what would be",
    "evaluations.services.load.load_published": "part of the load, which leaves the entry",
    "evaluations.services.reminders.staff": "only reads who is to be told",
    "evaluations.services.tags.named": "part of a lesson, which is walked with new tags",
    "evaluations.services.typed.happened_on": "a guard",
    "indicators.services.submissions.require_open": "a guard that writes an empty draft at most",
    "reporting.services.issuing.refuse_open_texts": "a guard",
    "reporting.services.issuing.refuse_outdated": "a guard",
    "reporting.services.reports.record_step": "leaves the entry itself",
    "reporting.services.translation.receive": "keeps a file until it is confirmed, and no row",
    "reporting.services.work.request_files": "asks for jobs: the row of a job is its own record",
}
# Functions that store and are not told the time, and why.
PARTS = {
    "organization.services.upsert.upsert": "stores the rows of every load, which leaves the entry",
    "evaluations.services.at_work.touch": "counts the changes of an evaluation, each with its entry",
    "indicators.services.demonstration.world.register": "made by the services that are walked",
    "indicators.services.entry.writing.begin_submissions": "an empty draft, by what is entered in it",
    "indicators.services.submissions.of_office": "an empty draft",
}

Step = tuple[Callable[..., Any], Callable[[], dict[str, Any]]]


def name_of(service: Callable[..., Any]) -> str:
    return f"{service.__module__}.{service.__name__}"


def functions_of(module: ModuleType) -> list[Callable[..., Any]]:
    """The functions that a module offers and defines itself."""
    return [
        function
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    ]


def services_of(module: ModuleType) -> set[str]:
    """The writing services of a module: they are told the time."""
    return {
        name_of(function)
        for function in functions_of(module)
        if "at" in inspect.signature(function).parameters
        # What only shows what would be.
        and not function.__name__.startswith("compare")
    } - set(NOT_WALKED)


def untold(module: ModuleType) -> set[str]:
    """Functions of a module that store something and are not told the time.

    Not those that load a part: the load as a whole is walked.
    """
    return {
        name_of(function)
        for function in functions_of(module)
        if "at" not in inspect.signature(function).parameters
        and not function.__name__.startswith("load_")
        and STORING.search(inspect.getsource(function))
    } - set(PARTS)


@dataclass
class Recorder:
    """The writing statements of one step, each with the outermost savepoint it was made in."""

    writes: list[tuple[str, str]] = field(default_factory=list)
    savepoints: list[str] = field(default_factory=list)
    fail_audit: bool = False

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split()
        if words[0] == "SAVEPOINT":
            self.savepoints.append(words[1])
        elif words[0] == "RELEASE" and words[-1] in self.savepoints:
            del self.savepoints[self.savepoints.index(words[-1]) :]
        if found := WRITING.match(sql):
            outermost = self.savepoints[0] if self.savepoints else ""
            self.writes.append((found[2], outermost))
            if self.fail_audit and found[2] == AUDIT:
                raise OperationalError("disk full")
        return execute(sql, params, many, context)

    @property
    def transactions(self) -> dict[str, set[str]]:
        """Outermost savepoint → the tables written in it."""
        found = defaultdict(set)
        for table, savepoint in self.writes:
            found[savepoint].add(table)
        return found


@contextmanager
def recording(**given: Any) -> Iterator[Recorder]:
    recorder = Recorder(**given)
    with connection.execute_wrapper(recorder):
        yield recorder


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything stored in the tables of this repository, as it is stored.

    Asked of the database itself: each write is held against it twice.
    """
    found = {}
    with connection.cursor() as cursor:
        for table, key in _tables():
            cursor.execute(f"SELECT * FROM {table} ORDER BY {key}")
            found[table] = cursor.fetchall()
    return found


@cache
def _tables() -> list[tuple[str, str]]:
    """Our tables, each with its primary key."""
    models = [
        model._meta
        for name in APPS
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    return [(meta.db_table, meta.pk.column) for meta in models]


def prove(service: Callable[..., Any], given: Callable[[], dict[str, Any]]) -> set[str]:
    """The service writes nothing if its audit entry cannot be written, else both at once.

    The entries say who, when, what was and is, for which office, and why if a reason was given.
    The tables that were written.
    """
    values = {"at": NOW} | given()
    before = rows()
    with recording(fail_audit=True), pytest.raises(OperationalError):
        service(**values)
    assert rows() == before, "the change stayed though its audit entry could not be written"
    entries = AuditEntry.objects.count()
    values = {"at": NOW} | given()
    with recording() as seen:
        service(**values)
    for savepoint, tables in seen.transactions.items():
        assert savepoint, "not in a transaction"
        assert AUDIT in tables and len(tables) > 1, tables
    assert len(seen.transactions) == 1 or name_of(service) in SEVERAL, "not one transaction"
    written = AuditEntry.objects.filter(number__gt=entries)
    judge(written, values)
    tables = {table for table, _savepoint in seen.writes}
    if tables - {AUDIT, NOTICE}:
        assert {one.action for one in written} - {"tell people"}, "said who was told, not of what"
    return tables


def judge(written: Any, values: dict[str, Any]) -> None:
    """The entries of one step say who, when, what, for which office, and why."""
    by = values.get("by") or values.get("user")
    assert written
    assert {(one.by, one.at) for one in written} == {(by, values["at"])}
    assert all(one.by_name and one.action for one in written)
    assert not {one.subject_id for one in written} & {"", "None"}, "not said of what"
    assert [one.action for one in written if not pair_of(one)] == [], "not said what was and is"
    if values.get("office"):
        offices = {one.office for one in written if one.subject_type not in OF_ALL}
        assert offices == {values["office"]}
    returned = values.keys() & {"submission", "section"}
    given = values.get("changed_why") or values.get("reason")
    if why := given or (returned and values.get("note")):
        assert why in {one.reason for one in written}, "not said why"
    if values.get("as_recorded"):
        assert all(one.action.endswith("(as recorded)") for one in written)


def pair_of(entry: AuditEntry) -> bool:
    """True if each change says from what to what."""
    pairs = entry.changes.values()
    return entry.action in AFRESH or (bool(pairs) and all(len(pair) == 2 for pair in pairs))
