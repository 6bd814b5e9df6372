"""Frozen dataclasses as canonical JSON and back: the same value always gives the same bytes."""

import datetime as dt
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Stored = TypeVar("Stored")


class UnreadableDocument(ValueError):
    """Stored bytes are no document of a schema version that this program knows."""


def _plain_decimal(value: Decimal) -> str:
    """Exact and unique: no exponent, no trailing zeros, no negative zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _plain(kind: Any, raw: Any) -> Any:
    if kind is dt.date:
        return dt.date.fromisoformat(raw)
    if not isinstance(raw, kind):
        raise UnreadableDocument(f"{raw!r} is not of type {kind.__name__}")
    return raw


# Most of a document's values: asked first, since a document has tens of thousands of them.
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def since(version: int) -> dict[str, int]:
    """Metadata of a field that a later schema version brought: `field(metadata=since(2))`.

    Documents of earlier versions are read and written without it, so that their bytes stay.
    """
    return {"since": version}


@functools.cache
def _names(kind: type, version: int) -> tuple[str, ...]:
    """The names of a dataclass's fields in a schema version; none for any other type."""
    if not is_dataclass(kind):
        return ()
    return tuple(item.name for item in fields(kind) if item.metadata.get("since", 1) <= version)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


@dataclass(frozen=True)
class Codec:
    """How a family of dataclasses is stored.

    `tags`: the classes that stand in a union, with the word that tells them apart there.
    `untagged`: the one class that stands in a union without a word.
    """

    tags: Mapping[type, str]
    untagged: type

    def write(self, value: Any) -> bytes:
        """Sorted keys, no spaces, UTF-8, decimals as strings, in the value's own schema version."""
        text = json.dumps(
            self._encode(value, value.schema_version),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )
        return text.encode("utf-8")

    def read(self, data: bytes, kind: type[Stored], *, version: int) -> Stored:
        """The value stored in `data`, if it has this schema version or an earlier one.

        Raises `UnreadableDocument` if the bytes are damaged or of a later version.
        """
        try:
            raw = json.loads(data)
            found = raw["schema_version"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableDocument(f"These bytes are not a stored document: {error}") from error
        if found not in range(1, version + 1):
            raise UnreadableDocument(
                f"This document has schema version {found}; this program reads versions up to "
                f"{version}. Use the release of the program that wrote it, or a later one."
            )
        try:
            stored: Stored = self._decode(kind, raw, found)
        except UnreadableDocument:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise UnreadableDocument(f"The stored document is damaged: {error}") from error
        return stored

    def _encode(self, value: Any, version: int) -> Any:
        kind: Any = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if names := _names(kind, version):
            raw = {name: self._encode(getattr(value, name), version) for name in names}
            tag = self.tags.get(kind)
            return raw | {"type": tag} if tag else raw
        if isinstance(value, Mapping):
            return {key: self._encode(item, version) for key, item in value.items()}
        if isinstance(value, tuple):
            return [self._encode(item, version) for item in value]
        if isinstance(value, Decimal):
            return _plain_decimal(value)
        return value.isoformat() if isinstance(value, dt.date) else value

    def _decode(self, kind: Any, raw: Any, version: int) -> Any:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return self._decode_union(arguments, raw, version)
        if origin is tuple:
            return tuple(self._decode(arguments[0], item, version) for item in raw)
        if origin is Mapping:
            return {key: self._decode(arguments[1], item, version) for key, item in raw.items()}
        if origin is Literal:
            if raw not in arguments:
                raise UnreadableDocument(f"{raw!r} is not one of {', '.join(map(repr, arguments))}")
            return raw
        if is_dataclass(kind) and isinstance(kind, type):
            return self._decode_fields(kind, raw, version)
        return _plain(kind, raw)

    def _decode_union(self, options: tuple[Any, ...], raw: Any, version: int) -> Any:
        if raw is None and type(None) in options:
            return None
        if Decimal in options:
            return Decimal(raw)
        if int in options:
            return _plain(int, raw)
        cls = self.untagged
        if "type" in raw:
            cls = {tag: tagged for tagged, tag in self.tags.items()}[raw["type"]]
        plain = {key: item for key, item in raw.items() if key != "type"}
        return self._decode(cls, plain, version)

    def _decode_fields(self, kind: type, raw: Any, version: int) -> Any:
        names, hints = _names(kind, version), _hints(kind)
        if set(raw) - {"type"} != set(names):
            odd = sorted((set(raw) - {"type"}) ^ set(names))
            raise UnreadableDocument(f"{kind.__name__}: unexpected or missing {', '.join(odd)}")
        return kind(**{name: self._decode(hints[name], raw[name], version) for name in names})
