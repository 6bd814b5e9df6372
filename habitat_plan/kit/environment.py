"""Typed readers of environment variables that fail with a sentence saying what to write."""

import os
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, *, default: bool, environ: Mapping[str, str] = os.environ) -> bool:
    """A yes/no setting; empty counts as not set."""
    raw = environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in {"1", "true", "yes", "on"}:
        return True
    if raw in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={raw!r} is neither yes nor no. Write {name}=1 or {name}=0.")


def words(name: str, *, default: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in environ.get(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Django's database settings from a `postgres://user:password@host:port/name` address.

    `?option=value` pairs become driver options (`?sslmode=require`).
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name. "
            "Leave it unset to use SQLite."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
