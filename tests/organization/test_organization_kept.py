"""Pages kept until somebody writes: the same state shows the same, a new state shows anew."""

from datetime import UTC, datetime
from typing import Any

import factories
import pytest
from django.core.cache import cache
from django.test import Client

from organization.kept import kept
from organization.services import audit

NOW = datetime(2018, 2, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def memory(settings: Any) -> None:
    """The memory that a real process has."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "kept"}}
    cache.clear()


class TestKept:
    def test_makes_a_thing_once_until_somebody_writes(self, db: None) -> None:
        made: list[int] = []

        def make() -> int:
            made.append(1)
            return len(made)

        assert [kept(("a",), make), kept(("a",), make)] == [1, 1]
        audit.record(action="try", subject=factories.office("UPDB"), by=None, at=NOW)
        assert kept(("a",), make) == 2

    def test_keeps_apart_what_depends_on_other_things(self, db: None) -> None:
        assert kept(("a",), lambda: "first") == "first"
        assert kept(("b",), lambda: "second") == "second"


class TestForThePublic:
    def test_shows_a_new_name_as_soon_as_its_change_is_written(self, db: None) -> None:
        client = Client()
        first = client.get("/en/about/figures/").content
        assert client.get("/en/about/figures/").content == first
        empty = client.get("/en/results/")
        assert empty.status_code == 200
        assert "Cookie" in empty.headers["Vary"]

    def test_never_hands_a_signed_in_page_to_a_stranger(self, house: factories.House) -> None:
        person = factories.person("Ana Kept", manager=factories.office("OED"))
        signed_in = Client()
        signed_in.force_login(person)
        assert str(person).encode() in signed_in.get("/en/results/").content
        assert str(person).encode() not in Client().get("/en/results/").content
        assert str(person).encode() in signed_in.get("/en/results/").content
