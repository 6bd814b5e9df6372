"""Files of renderings, named by their hash: written to a temporary name and then renamed."""

import hashlib
from pathlib import Path

from django.core.files.storage import default_storage

from habitat_plan.kit.storing import write_whole


def path_of(sha256: str, format: str) -> Path:
    """Where the file with this hash lies."""
    return Path(default_storage.path(f"renderings/{sha256[:2]}/{sha256}.{format}"))


def keep(content: bytes, format: str) -> str:
    """Stores a file and returns its SHA-256; storing it twice is the same as once.

    A file that was altered is replaced by the right one.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if read(sha256, format) is None:
        write_whole(path_of(sha256, format), content, mode=0o640)
    return sha256


def read(sha256: str, format: str) -> bytes | None:
    """The file with this hash; None if it is missing or was altered."""
    try:
        content = path_of(sha256, format).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
