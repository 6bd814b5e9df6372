"""The hash chain of the audit trail. Pure: no database."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FIRST = "0" * 64


def entry_hash(previous: str, content: Mapping[str, Any]) -> str:
    """SHA-256 over the hash of the entry before and the canonical JSON of this one."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def first_broken(entries: Iterable[tuple[int, str, str, Mapping[str, Any]]]) -> int | None:
    """The number of the first entry that is missing, altered or out of place; None if all is well.

    `entries` are (number, previous_hash, hash, content) in order of number.
    """
    expected_number, expected_previous = 1, FIRST
    for number, previous, own, content in entries:
        if number != expected_number:
            return expected_number
        if previous != expected_previous or own != entry_hash(previous, content):
            return number
        expected_number, expected_previous = number + 1, own
    return None
