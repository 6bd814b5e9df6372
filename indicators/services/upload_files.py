"""The files of uploads and what was found in them, in a folder that is never served.

A file is named by the number of its upload and its hash; what was found lies beside it. Both go
when the upload is over.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.files.storage import default_storage

from indicators.models import Upload


def hash_of(content: bytes) -> str:
    """The SHA-256 that a file is known by."""
    return hashlib.sha256(content).hexdigest()


def folder() -> Path:
    """Where the files of uploads lie."""
    return Path(default_storage.path("uploads"))


def _path(upload: Upload, ending: str) -> Path:
    return folder() / f"{upload.pk}-{upload.sha256}.{ending}"


def keep(upload: Upload, content: bytes) -> None:
    """Stores the file of an upload. Raises OSError if the disk refuses it."""
    _write(_path(upload, "file"), content)


def content_of(upload: Upload) -> bytes | None:
    """The file as it was sent; None if it is gone or was altered."""
    try:
        content = _path(upload, "file").read_bytes()
    except FileNotFoundError:
        return None
    return content if hash_of(content) == upload.sha256 else None


def keep_findings(upload: Upload, found: Mapping[str, Any]) -> None:
    """Stores what was found in the file, beside it."""
    _write(_path(upload, "json"), json.dumps(found, ensure_ascii=False).encode())


def findings_of(upload: Upload) -> dict[str, Any]:
    """What was found in the file; nothing if it is gone."""
    try:
        found: dict[str, Any] = json.loads(_path(upload, "json").read_bytes())
    except FileNotFoundError:
        return {}
    return found


def remove(upload: Upload) -> None:
    """Takes the file and its findings away; it is no fault if they are gone."""
    for ending in ("file", "json"):
        _path(upload, ending).unlink(missing_ok=True)


def _write(target: Path, content: bytes) -> None:
    """Under a temporary name and then renamed: all of it is there, or nothing."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            temporary.chmod(0o640)
            temporary.replace(target)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
