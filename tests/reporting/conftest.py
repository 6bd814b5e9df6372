"""What the tests of reports share: the plan and its demonstration, loaded once for each module."""

import copy
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from corrected import issue_biennial
from django.conf import settings as django_settings
from django.test import override_settings
from evaluated_world import World, make_world
from loaded_rows import load_or_copy
from once import undone
from pytest_django import DjangoDbBlocker
from report_shelf import Shelf, keep_files_in, make_shelf, stored_in

from focus_areas.models import Period
from organization.models import User
from reporting.models import Report

# The drills share the machinery of the drills of jobs.
sys.path.append(str(Path(__file__).resolve().parents[1] / "jobs"))

# The drill with Celery needs PostgreSQL and Redis; without them it is not part of the suite.
collect_ignore = ["test_reporting_drill_services.py"] if django_settings.EMBEDDED else []


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
def shelf_once(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Shelf, Path]]:
    """Three reports for pages and the folder of their file, made once for all tests of a class."""
    folder = tmp_path_factory.mktemp("shelf")
    with django_db_blocker.unblock(), undone():
        with override_settings(STORAGES=stored_in(folder)):
            made = make_shelf()
        yield made, folder


@pytest.fixture
def shelf(
    shelf_once: tuple[Shelf, Path], db: None, settings: pytest.FixtureRequest, tmp_path: Path
) -> Shelf:
    """Three reports and their file, for one test to change."""
    made, folder = shelf_once
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    keep_files_in(tmp_path, settings)
    return copy.deepcopy(made)


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
    keep_files_in(tmp_path, settings)
    return tmp_path
