"""What all tests share: clearing tables that cannot be cleared, and a small organization."""

import gc
import os
from collections.abc import Callable, Iterator

import factories
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase
from django.utils import translation

from habitat_plan.kit.catalogues import compile_all
from habitat_plan.kit.unchangeable import (
    Unchangeable,
    guard,
    unguard,
    unique_columns,
)


def pytest_configure(config: pytest.Config) -> None:
    """Compiles the catalogues once, before the processes that share the tests start."""
    worker = getattr(config, "workerinput", {}).get("workerid", "")
    if not worker:
        compile_all()
    elif address := os.environ.get("REDIS_URL"):
        # Each process of the tests has a broker of its own, or one would hear another's bell.
        front, _, number = address.rpartition("/")
        own = f"{front}/{(int(number or 0) + int(worker.removeprefix('gw'))) % 16}"
        os.environ["REDIS_URL"] = settings.REDIS_URL = settings.CELERY_BROKER_URL = own
        current_app.conf.broker_url = own


ASKS_A_DATABASE = {"db", "transactional_db", "django_db_setup"}
WALK = "test_security_matrix"
"""The module that opens every address of the site, with every method and for every actor."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Lets the collector pass over what stays until the end, thousands of tests, at each turn."""
    gc.collect()
    gc.freeze()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--other-database=below` or `all`: what a second database can answer differently."""
    parser.addoption("--other-database", choices=("below", "all"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--other-database`, leaves the tests that ask a database, or need services.

    `below` is what stands below the doors: rules that the database keeps, services, queries, jobs,
    reports. Pages and interfaces ask the same services and queries, so of them one walk over all
    addresses is enough; with `all`, each of their tests is run as well.
    """
    if not (asked := config.getoption("--other-database")):
        return
    kept, left = [], []
    for item in items:
        (kept if _may_differ(item, asked == "all") else left).append(item)
    config.hook.pytest_deselected(items=left)
    items[:] = kept


def _may_differ(item: pytest.Item, with_doors: bool) -> bool:
    """True if another database could make the test fail."""
    if item.get_closest_marker("services"):
        return True
    asks = ASKS_A_DATABASE & set(getattr(item, "fixturenames", ()))
    if not (asks or item.get_closest_marker("django_db")):
        return False
    module = item.path.stem
    door = "page" in module or "_api" in module or item.path.parent.name == "security"
    return with_doors or not door or module == WALK


def unchangeable_tables() -> dict[str, Unchangeable]:
    """Table → the operation of ours that makes it unchangeable."""
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations.values()
    return {
        operation.table: operation
        for migration in migrations
        for operation in migration.operations
        if isinstance(operation, Unchangeable)
    }


@pytest.fixture(scope="session", autouse=True)
def clearing_between_tests() -> Iterator[None]:
    """Lets tests with real transactions clear the database afterwards.

    Django empties every table after such a test, and our guards refuse it for the tables whose
    rows cannot be removed. So they come off for the clearing alone, and go on again.
    """
    clear = TransactionTestCase._fixture_teardown
    tables = unchangeable_tables()

    def clear_unguarded(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            for table in tables:
                for statement in unguard(table, connection.vendor):
                    cursor.execute(statement)
        clear(case)
        with connection.cursor() as cursor:
            for table, made in tables.items():
                unique = unique_columns(connection, table)
                for statement in guard(table, made.key, connection.vendor, unique, made.final):
                    cursor.execute(statement)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", clear_unguarded)
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def english() -> None:
    """Every test begins in English: a request leaves its language behind in the process."""
    translation.activate("en")


@pytest.fixture
def house(db: None) -> factories.House:
    """A branch and a regional office with their people, and the year 2016 open for entry."""
    return factories.make_house()


@pytest.fixture
def unchangeable() -> dict[str, str]:
    """Table → key column of the tables whose rows can only be added."""
    return {table: made.key for table, made in unchangeable_tables().items()}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints what the drills and reliability checks counted, each on a line."""
    # A test reports three times (set up, called, taken down), each time with all it told.
    told = {
        text
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, text in getattr(report, "user_properties", ())
        if name == "told"
    }
    if told:
        terminalreporter.section("reliability checks")
        for text in sorted(told):
            terminalreporter.write_line(text)


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """`tell("check 33: seed 7, 500 interleavings, 0 lost")` prints a line at the end of the run."""
    return lambda text: record_property("told", text)


@pytest.fixture
def rounds() -> Callable[[int, int], int]:
    """`rounds(500, 10_000)`: the first in CI, the second in `make drills`."""
    long = os.environ.get("DRILLS") == "long"
    return lambda quick, thorough: thorough if long else quick
