"""What the tests of jobs share."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from drill_site import Site, embedded_site
from migrated_file import migrated  # noqa: F401  # a fixture
from pytest_django import DjangoDbBlocker

from jobs import registry, services
from jobs.models import Job
from organization.models import User

# The drills with Celery need PostgreSQL and Redis; without them they are not part of the suite.
DRILLS_OF_SERVICES = ["test_jobs_drill_services.py", "test_jobs_scenarios_services.py"]
collect_ignore = DRILLS_OF_SERVICES if settings.EMBEDDED else []

NOON = datetime(2015, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedded(
    migrated: Callable[[Path], None],  # noqa: F811
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Site]:
    """An installation of its own, with SQLite and no broker, for the drills of a module."""
    folder = tmp_path_factory.mktemp("embedded")
    migrated(folder)
    with embedded_site(folder) as made:
        made.open()
        yield made


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def kinds() -> Iterator[dict[str, registry.Kind]]:
    """The register, put back as it was."""
    before = dict(registry.KINDS)
    yield registry.KINDS
    registry.KINDS.clear()
    registry.KINDS.update(before)


@pytest.fixture
def asker(db: None) -> User:
    return User.objects.create_user("ama@example.org", name="Ama")


@pytest.fixture
def stranger(db: None) -> User:
    return User.objects.create_user("bo@example.org", name="Bo")


@pytest.fixture
def job(asker: User) -> Job:
    """A rehearsal of three steps that take no time, waiting since noon."""
    return services.enqueue(
        kind="rehearsal",
        key="drill",
        payload={"steps": 3, "seconds": 0},
        by=asker,
        at=NOON,
    )


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Rows that other threads and processes see. Only jobs may be written.

    Not pytest's `transaction=True`: that empties every table, and PostgreSQL rightly refuses to
    empty those that cannot be changed.
    """
    with django_db_blocker.unblock():
        try:
            yield
        finally:
            Job.objects.all().delete()
            connection.close()
