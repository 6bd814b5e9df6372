"""Files of renderings, named by their hash: written to a temporary name and then renamed."""

import hashlib
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.storage import default_storage


def path_of(sha256: str, format: str) -> Path:
    """Where the file with this hash lies."""
    return Path(default_storage.path(f"renderings/{sha256[:2]}/{sha256}.{format}"))


def keep(content: bytes, format: str) -> str:
    """Stores a file and returns its SHA-256; storing it twice is the same as once."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256, format)
    if target.exists():
        return sha256
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o640)
    Path(file.name).replace(target)
    return sha256


def read(sha256: str, format: str) -> bytes | None:
    """The file with this hash; None if it is missing or was altered."""
    path = path_of(sha256, format)
    if not path.exists():
        return None
    content = path.read_bytes()
    return content if hashlib.sha256(content).hexdigest() == sha256 else None
