"""The published site with the plan and the demonstration, read as a stranger reads it."""

import html
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone
from migrated_file import migrated  # noqa: F401  # a fixture

from indicators.services.demonstration import load_demonstration

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
NARROW_SPACES = ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}")


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The plan and the demonstration, loaded once a module and taken back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_plan", verbosity=0)
        load_demonstration(fixtures=FIXTURES, password="for tests only", at=timezone.now())
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    """Tests write rows behind the services' back, which pages that are kept would not see."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def source(loaded: None, db: None, client: Client) -> Callable[..., str]:
    """Reads a page's HTML, with all no-break spaces as plain ones."""

    def read(path: str, language: str = "en") -> str:
        cache.clear()
        response = client.get(f"/{language}/{path}")
        assert response.status_code == 200, path
        content: str = response.content.decode()
        for space in NARROW_SPACES:
            content = content.replace(space, " ")
        return content

    return read


@pytest.fixture
def words(source: Callable[..., str]) -> Callable[..., str]:
    """Reads what a page says: no tags, no charts, one space between any two words."""

    def read(path: str, language: str = "en") -> str:
        found = re.search(r"<main.*</main>", source(path, language), re.DOTALL)
        assert found
        drawn = re.sub(r"<svg.*?</svg>", " ", found.group(0), flags=re.DOTALL)
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", drawn)))

    return read


@pytest.fixture
def on_file(tmp_path: Path, transactional_db: None) -> Iterator[Callable[[], None]]:
    """Called when the rows are made: lets new connections find them in a file (SQLite only)."""
    settings = connections.databases["default"]
    in_memory = settings["NAME"]
    kept = connection.connection

    def copy() -> None:
        if connection.vendor != "sqlite":
            return
        path = tmp_path / "race.sqlite3"
        with sqlite3.connect(path) as target:
            connection.connection.backup(target)
        target.close()
        settings["NAME"] = str(path)
        connection.connection = None
        connection.connect()

    yield copy
    if connection.connection is not kept and connection.vendor == "sqlite":
        connection.connection.close()
        connection.connection = kept
    settings["NAME"] = in_memory
