"""Frozen dataclasses as canonical JSON and back: the same value always gives the same bytes."""

import datetime as dt
import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

Stored = TypeVar("Stored")
Reader = Callable[[Any], Any]


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


def _one_of(choices: tuple[Any, ...], raw: Any) -> Any:
    if raw not in choices:
        raise UnreadableDocument(f"{raw!r} is not one of {', '.join(map(repr, choices))}")
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


@dataclass(frozen=True)
class Codec:
    """How a family of dataclasses is stored.

    `tags`: the classes that stand in a union, with the word that tells them apart there.
    `untagged`: the one class that stands in a union without a word.
    """

    tags: Mapping[type, str]
    untagged: type
    _readers: dict[tuple[Any, int], Reader] = field(default_factory=dict, init=False, repr=False)
    _fields: dict[tuple[type, int], dict[str, Reader]] = field(
        default_factory=dict, init=False, repr=False
    )

    @functools.cached_property
    def _tagged(self) -> dict[str, type]:
        return {tag: kind for kind, tag in self.tags.items()}

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
            stored: Stored = self._reader(kind, found)(raw)
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
            if tag := self.tags.get(kind):
                raw["type"] = tag
            return raw
        if isinstance(value, tuple):
            return [self._encode(item, version) for item in value]
        if isinstance(value, Decimal):
            return _plain_decimal(value)
        if isinstance(value, Mapping):
            return {key: self._encode(item, version) for key, item in value.items()}
        return value.isoformat() if isinstance(value, dt.date) else value

    def _reader(self, kind: Any, version: int) -> Reader:
        """What reads a value of a type, made once: a document has tens of thousands of values."""
        known = self._readers.get((kind, version))
        if known is None:
            known = self._readers[kind, version] = self._made(kind, version)
        return known

    def _made(self, kind: Any, version: int) -> Reader:
        origin, arguments = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            return self._of_union(arguments, version)
        if origin is tuple:
            item = self._reader(arguments[0], version)
            return lambda raw: tuple(map(item, raw))
        if origin is Mapping:
            item = self._reader(arguments[1], version)
            return lambda raw: {key: item(value) for key, value in raw.items()}
        if origin is Literal:
            return functools.partial(_one_of, arguments)
        if is_dataclass(kind) and isinstance(kind, type):
            return functools.partial(self._read_fields, kind, version)
        return functools.partial(_plain, kind)

    def _of_union(self, options: tuple[Any, ...], version: int) -> Reader:
        may_be_nothing = type(None) in options
        if Decimal in options:
            item: Reader = Decimal
        elif int in options:
            item = functools.partial(_plain, int)
        else:
            item = functools.partial(self._read_tagged, version)
        return lambda raw: None if raw is None and may_be_nothing else item(raw)

    def _read_tagged(self, version: int, raw: Any) -> Any:
        kind = self._tagged[raw["type"]] if "type" in raw else self.untagged
        return self._reader(kind, version)(raw)

    def _read_fields(self, kind: type, version: int, raw: Any) -> Any:
        readers = self._fields.get((kind, version))
        if readers is None:
            hints = get_type_hints(kind)
            readers = {name: self._reader(hints[name], version) for name in _names(kind, version)}
            self._fields[kind, version] = readers
        if (found := set(raw) - {"type"}) != readers.keys():
            odd = sorted(found ^ readers.keys())
            raise UnreadableDocument(f"{kind.__name__}: unexpected or missing {', '.join(odd)}")
        return kind(**{name: read(raw[name]) for name, read in readers.items()})
