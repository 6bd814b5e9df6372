"""Cross-site requests are refused and reading changes nothing (reliability check 10)."""

from django.test import Client
from routes import ROUTES, read_out, sample_of, views
from tables import fingerprint_of_tables

REFUSALS = {403, 404, 405}
# Views for programs: without a session they change nothing, and with one they ask for the token.
OF_PROGRAMS = "api:"
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

    def test_with_a_foreign_token_are_refused(self, site: dict[str, object]) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(site["qa"])  # type: ignore[arg-type]
        client.cookies["csrf"] = "a" * 32
        forms = [name for name, route in ROUTES.items() if route.writes]
        token = {"csrfmiddlewaretoken": "k" * 32 + "d" * 32}
        answers = {name: client.post(sample_of(name, site), token).status_code for name in forms}
        assert {name: status for name, status in answers.items() if status != 403} == {}
        assert len(answers) > 50


    def test_are_let_through_by_no_view_of_a_page(self) -> None:
        # What a role refuses as well is refused for either reason: so the views are asked too.
        exempt = {
            name for name, view in views().items()
            if getattr(view, "csrf_exempt", False) and not name.startswith(OF_PROGRAMS)
        }  # fmt: skip
        assert exempt == set()


class TestSafeRequests:
    """That GET changes no row, whoever asks, is looked at in `test_security_matrix.py`."""

    def test_for_headers_alone_change_no_row(self, site: dict[str, object]) -> None:
        client = Client(raise_request_exception=False)
        client.force_login(site["qa"])  # type: ignore[arg-type]
        before = fingerprint_of_tables()
        for name in ROUTES:
            read_out(client.head(sample_of(name, site)))
        after = fingerprint_of_tables()
        assert {table for table in before if before[table] != after[table]} == set()
