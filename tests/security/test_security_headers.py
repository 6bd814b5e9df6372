"""Headers and cookies on every route and status (reliability check 9)."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from routes import ROUTES, known_routes, read_out, sample_of
from site_of_demonstration import PEOPLE

ROOT = Path(__file__).resolve().parents[2]
NO_STORE_FREE = {"healthz", "readyz"}


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy as directive → sources."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {part[0]: set(part[1:]) for part in parts}


def check_headers(response: object) -> None:
    """What every answer carries, whatever its status."""
    headers = response.headers  # type: ignore[attr-defined]
    policy = directives(headers["Content-Security-Policy"])
    assert not any("unsafe" in source for sources in policy.values() for source in sources)
    assert policy["default-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'none'"}
    assert policy["base-uri"] == {"'none'"}
    assert policy["form-action"] <= {"'self'", "'none'"}
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]


class TestEveryRoute:
    def test_has_a_row_in_the_table(self) -> None:
        assert known_routes() == set(ROUTES)

    @pytest.mark.parametrize("name", sorted(ROUTES))
    @pytest.mark.parametrize("person", [None, "manager", "qa", "roap.enter", "committee"])
    def test_carries_the_headers(self, site: dict[str, object], name: str, person: str | None) -> None:
        client = Client(raise_request_exception=False)
        if person:
            client.force_login(site[person])  # type: ignore[arg-type]
        response = read_out(client.get(sample_of(name, site)))
        assert response.status_code in ROUTES[name].statuses, response.status_code
        check_headers(response)
        if person and name not in NO_STORE_FREE:
            assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize("person", sorted(PEOPLE))
    def test_of_the_site_is_never_broken(self, site: dict[str, object], person: str) -> None:
        client = Client()
        client.force_login(site[person])  # type: ignore[arg-type]
        for name in ROUTES:
            assert read_out(client.get(sample_of(name, site))).status_code < 500, name


class TestEveryStatus:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/en/", 200),
            ("/", 302),
            ("/en/no/such/page/", 404),
            ("/en/results/XX9.9/", 404),
            ("/en/overview/", 302),
            ("/api/v1/indicators/?nonsense=1", 400),
        ],
    )
    def test_carries_the_headers(self, site: dict[str, object], path: str, status: int) -> None:
        response = Client().get(path)
        assert response.status_code == status
        check_headers(response)

    def test_of_a_wrong_method_carries_them(self, site: dict[str, object]) -> None:
        client = Client()
        client.force_login(site["qa"])  # type: ignore[arg-type]
        response = client.delete("/en/sign-out/")
        assert response.status_code == 405
        check_headers(response)


class TestCookiesOverHttps:
    def test_are_bound_to_the_host_secure_and_closed_to_scripts(self, tmp_path: Path) -> None:
        code = """
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.conf import settings; settings.ALLOWED_HOSTS = ["testserver"]
from django.test import Client
from organization.models import User
user = User.objects.create_user("person@example.org", "a long enough pass phrase", name="Person")
client = Client(enforce_csrf_checks=False)
page = client.get("/en/sign-in/", secure=True)
print("HSTS", page.headers["Strict-Transport-Security"])
for cookie in page.cookies.values(): print(cookie.OutputString())
done = client.post("/en/sign-in/", {"username": "person@example.org", "password": "a long enough pass phrase"}, secure=True)
for cookie in done.cookies.values(): print(cookie.OutputString())
print("PLAIN", client.get("/en/").status_code)
"""
        environ = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "REDIS_URL"}}
        environ |= {
            "HABITAT_DATA_DIR": str(tmp_path),
            "HABITAT_HTTPS": "1",
            "DJANGO_SETTINGS_MODULE": "habitat_plan.settings",
            "DEBUG": "1",
        }
        out = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True,
            check=True,
        ).stdout
        lines = out.splitlines()
        assert any(line.startswith("HSTS max-age=63072000") for line in lines)
        assert "PLAIN 301" in lines
        for name in ("__Host-csrf", "__Host-session"):
            cookie = next(line for line in lines if line.startswith(f"{name}="))
            assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
            assert "SameSite=Lax" in cookie
            assert "Domain" not in cookie
