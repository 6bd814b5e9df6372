"""Cross-site requests are refused and reading changes nothing (reliability check 10)."""

import pytest
from django.test import Client
from routes import ROUTES, read_out, sample_of
from site_of_demonstration import PEOPLE
from tables import fingerprint_of_tables

REFUSALS = {403, 404, 405}
UNSAFE = ("post", "put", "patch", "delete")


class TestUnsafeRequests:
    def test_without_a_token_are_refused(self, site: dict[str, object]) -> None:
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.force_login(site["qa"])  # type: ignore[arg-type]
        before = fingerprint_of_tables()
        answers = {
            (name, method): getattr(client, method)(sample_of(name, site)).status_code
            for name in ROUTES
            for method in UNSAFE
        }
        assert {key: status for key, status in answers.items() if status not in REFUSALS} == {}
        assert fingerprint_of_tables() == before

    @pytest.mark.parametrize("name", [n for n in sorted(ROUTES) if ROUTES[n].writes])
    def test_with_a_foreign_token_are_refused(self, site: dict[str, object], name: str) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(site["qa"])  # type: ignore[arg-type]
        client.cookies["csrf"] = "a" * 32
        response = client.post(sample_of(name, site), {"csrfmiddlewaretoken": "k" * 32 + "d" * 32})
        assert response.status_code == 403


class TestSafeRequests:
    @pytest.mark.parametrize("person", [None, *sorted(PEOPLE)])
    def test_change_no_row(self, site: dict[str, object], person: str | None) -> None:
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(site[person])  # type: ignore[arg-type]
        before = fingerprint_of_tables()
        for name in ROUTES:
            read_out(client.get(sample_of(name, site)))
            if person == "qa":
                read_out(client.head(sample_of(name, site)))
        after = fingerprint_of_tables()
        # Signing in stamps the person; nothing else may differ.
        changed = {table for table in before if before[table] != after[table]}
        assert changed == set()
