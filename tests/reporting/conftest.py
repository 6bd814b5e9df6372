"""What the tests of reports share: the plan and its demonstration, loaded once for each module."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from demonstration_data import AT, load
from django.conf import settings
from django.db import transaction
from pytest_django import DjangoDbBlocker

from focus_areas.models import Period
from organization.models import User

# The drills share the machinery of the drills of jobs.
sys.path.append(str(Path(__file__).resolve().parents[1] / "jobs"))

# The drill with Celery needs PostgreSQL and Redis; without them it is not part of the suite.
collect_ignore = ["test_reporting_drill_services.py"] if settings.EMBEDDED else []


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plan and the demonstration, in a transaction around all tests of a module.

    Each test undoes its own changes to a savepoint; the module undoes the load.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        load(AT)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demonstration(loaded: None, db: None) -> None:
    """The loaded demonstration, for one test to read and change."""


@pytest.fixture
def biennium(demonstration: None) -> Period:
    return Period.objects.get(code="2016-2017")


@pytest.fixture
def officer(demonstration: None) -> User:
    return User.objects.get(email="qa@demo.example.org")


@pytest.fixture
def editor(demonstration: None) -> User:
    return User.objects.get(email="editor@demo.example.org")


@pytest.fixture
def shelf_folder(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    """A folder of its own for the files of reports."""
    backend = "django.core.files.storage.FileSystemStorage"
    default = {"BACKEND": backend, "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": default}
    return tmp_path
