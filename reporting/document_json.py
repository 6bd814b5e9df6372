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


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    """The names of a dataclass's fields; none for any other type."""
    return tuple(item.name for item in fields(kind)) if is_dataclass(kind) else ()


@dataclass(frozen=True)
class Codec:
    """How a family of dataclasses is stored.

    `tags`: the classes that stand in a union, with the word that tells them apart there.
    `untagged`: the one class that stands in a union without a word.
    """

    tags: Mapping[type, str]
    untagged: type

    def write(self, value: Any) -> bytes:
        """Sorted keys, no spaces, UTF-8, decimals as strings."""
        text = json.dumps(
            self._encode(value),
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
            allow_nan=False,
        )
        return text.encode("utf-8")

    def read(self, data: bytes, kind: type[Stored], *, version: int) -> Stored:
        """The value stored in `data`, if it has this schema version.

        Raises `UnreadableDocument` if the bytes are damaged or of another version.
        """
        try:
            raw = json.loads(data)
            found = raw["schema_version"]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableDocument(f"These bytes are not a stored document: {error}") from error
        if found != version:
            raise UnreadableDocument(
                f"This document has schema version {found}; this program reads version "
                f"{version}. Use the release of the program that wrote it, or a later one."
            )
        try:
            stored: Stored = self._decode(kind, raw)
        except UnreadableDocument:
            raise
        except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation) as error:
            raise UnreadableDocument(f"The stored document is damaged: {error}") from error
        return stored

    def _encode(self, value: Any) -> Any:
        kind: Any = type(value)
        if kind in _AS_THEY_ARE:
            return value
        if names := _names(kind):
            raw = {name: self._encode(getattr(value, name)) for name in names}
            tag = self.tags.get(kind)
            return raw | {"type": tag} if tag else raw
        if isinstance(value, Mapping):
            return {key: self._encode(item) for key, item in value.items()}
        if isinstance(value, tuple):
            return [self._encode(item) for item in value]
        if isinstance(value, Decimal):
            return _plain_decimal(value)
        return value.isoformat() if isinstance(value, dt.date) else value

    def _decode(self, kind: Any, raw: Any) -> Any:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return self._decode_union(arguments, raw)
        if origin is tuple:
            return tuple(self._decode(arguments[0], item) for item in raw)
        if origin is Mapping:
            return {key: self._decode(arguments[1], item) for key, item in raw.items()}
        if origin is Literal:
            if raw not in arguments:
                raise UnreadableDocument(f"{raw!r} is not one of {', '.join(map(repr, arguments))}")
            return raw
        if is_dataclass(kind) and isinstance(kind, type):
            return self._decode_fields(kind, raw)
        return _plain(kind, raw)

    def _decode_union(self, options: tuple[Any, ...], raw: Any) -> Any:
        if raw is None and type(None) in options:
            return None
        if Decimal in options:
            return Decimal(raw)
        cls = self.untagged
        if "type" in raw:
            cls = {tag: tagged for tagged, tag in self.tags.items()}[raw["type"]]
        return self._decode(cls, {key: item for key, item in raw.items() if key != "type"})

    def _decode_fields(self, kind: type, raw: Any) -> Any:
        hints = get_type_hints(kind)
        if set(raw) - {"type"} != set(hints):
            odd = sorted((set(raw) - {"type"}) ^ set(hints))
            raise UnreadableDocument(f"{kind.__name__}: unexpected or missing {', '.join(odd)}")
        return kind(**{name: self._decode(hint, raw[name]) for name, hint in hints.items()})
