"""What the tests of reports share: the plan and its demonstration, loaded once for each module."""

import copy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from corrected import issue_biennial
from django.conf import settings
from evaluated_world import World, make_world
from loaded_rows import load_or_copy
from once import undone
from pytest_django import DjangoDbBlocker

from focus_areas.models import Period
from organization.models import User
from reporting.models import Report

# The drills share the machinery of the drills of jobs.
sys.path.append(str(Path(__file__).resolve().parents[1] / "jobs"))

# The drill with Celery needs PostgreSQL and Redis; without them it is not part of the suite.
collect_ignore = ["test_reporting_drill_services.py"] if settings.EMBEDDED else []


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The plan and the demonstration, in a transaction around all tests of a module.

    Each test undoes its own changes to a savepoint; the module undoes the load.
    """
    with django_db_blocker.unblock(), undone():
        load_or_copy()
        yield


@pytest.fixture(scope="module")
def world_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The small world of evaluations, made once for all tests of a module."""
    with django_db_blocker.unblock(), undone():
        yield make_world()


@pytest.fixture
def world(world_once: World, db: None) -> World:
    """The small world of evaluations: its rows as they were made, for one test to change."""
    return copy.deepcopy(world_once)


@pytest.fixture(scope="class")
def issued_once(loaded: None) -> Iterator[Report]:
    """The biennial report, assembled and issued once for all tests of a class."""
    with undone():
        yield issue_biennial()


@pytest.fixture
def issued(issued_once: Report, db: None) -> Report:
    """The issued biennial report of the demonstration, read anew for each test."""
    return Report.objects.select_related("document", "period").get(pk=issued_once.pk)


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
