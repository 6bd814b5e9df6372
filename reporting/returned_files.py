"""Translations that were sent and wait for somebody's word, in a folder that is never served.

A file is named by report, person and hash, so that nobody confirms what another one sent.
"""

import hashlib
import re
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage

from habitat_plan.kit.storing import write_whole

KEPT_FOR = timedelta(days=30)
_KEY = re.compile(r"[0-9a-f]{64}")


def _folder() -> Path:
    return Path(default_storage.path("translations"))


def _path(key: str, report: int, person: int) -> Path:
    """Where a file lies. Raises ValueError for what is no key: it comes from an address."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no SHA-256")
    return _folder() / f"{report}-{person}-{key}.file"


def keep(content: bytes, *, report: int, person: int) -> str:
    """Stores a file and returns its key, which is its SHA-256. Raises OSError."""
    key = hashlib.sha256(content).hexdigest()
    write_whole(_path(key, report, person), content, mode=0o640)
    return key


def read(key: str, *, report: int, person: int) -> bytes | None:
    """The file as it was sent; None if it is gone, was altered, or is somebody else's."""
    try:
        content = _path(key, report, person).read_bytes()
    except (FileNotFoundError, ValueError):
        return None
    return content if hashlib.sha256(content).hexdigest() == key else None


def remove(key: str, *, report: int, person: int) -> None:
    """Takes a file away; it is no fault if it is gone, or if there never was one."""
    if _KEY.fullmatch(key):
        _path(key, report, person).unlink(missing_ok=True)


def remove_old(at: datetime) -> int:
    """Takes away what nobody confirmed within thirty days; how many files that were."""
    until = (at - KEPT_FOR).timestamp()
    old = [path for path in _folder().glob("*.file") if path.stat().st_mtime < until]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
