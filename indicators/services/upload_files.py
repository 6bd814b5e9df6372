"""The files of uploads and what was found in them, in a folder that is never served.

A file is named by the number of its upload and its hash; what was found lies beside it. Both go
when the upload is over.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from habitat_plan.kit.storing import write_whole
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
    write_whole(_path(upload, "file"), content, mode=0o640)


def content_of(upload: Upload) -> bytes | None:
    """The file as it was sent; None if it is gone or was altered."""
    try:
        content = _path(upload, "file").read_bytes()
    except FileNotFoundError:
        return None
    return content if hash_of(content) == upload.sha256 else None


def keep_findings(upload: Upload, found: Mapping[str, Any]) -> None:
    """Stores what was found in the file, beside it."""
    content = json.dumps(found, ensure_ascii=False).encode()
    write_whole(_path(upload, "json"), content, mode=0o640)


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
