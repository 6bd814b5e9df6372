"""What every answer carries, whatever its address and status (reliability check 9)."""

from typing import Any

NO_STORE_FREE = frozenset({"healthz", "readyz"})
"""Routes that say the same to everybody: nothing of a person is in their answers."""


def directives(policy: str) -> dict[str, set[str]]:
    """A content security policy as directive → sources."""
    parts = (part.split() for part in policy.split(";") if part.strip())
    return {part[0]: set(part[1:]) for part in parts}


def check_headers(response: Any) -> None:
    """The headers that keep scripts, frames, guesses and strangers out."""
    headers = response.headers
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


def check_not_kept(response: Any) -> None:
    """The answer to somebody who is signed in is kept in no cache."""
    assert "no-store" in response.headers["Cache-Control"]
