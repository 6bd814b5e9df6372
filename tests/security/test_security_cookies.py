"""Cookies over an encrypted line (reliability check 9)."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
AT_MOST = 300
"""Seconds that another process may take on a slow machine."""


class TestCookiesOverHttps:
    def test_are_bound_to_the_host_secure_and_closed_to_scripts(
        self, tmp_path: Path, migrated: Callable[[Path], None]
    ) -> None:
        migrated(tmp_path)
        code = """
import django; django.setup()
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
            check=True, timeout=AT_MOST,
        ).stdout
        lines = out.splitlines()
        assert any(line.startswith("HSTS max-age=63072000") for line in lines)
        assert "PLAIN 301" in lines
        for name in ("__Host-csrf", "__Host-session"):
            cookie = next(line for line in lines if line.startswith(f"{name}="))
            assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
            assert "SameSite=Lax" in cookie
            assert "Domain" not in cookie
