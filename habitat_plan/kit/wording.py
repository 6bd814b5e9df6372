"""A text in the six languages of the United Nations, each with its status and source.

Stored as one JSON value: `{"en": {"text": "...", "status": "official", "source": "E4"}, ...}`.
`official` is wording found in a United Nations text; `working` is a translation of ours.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
# Each language in its own script, as the United Nations write them.
NATIVE_NAMES = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
}
OFFICIAL, WORKING = "official", "working"


@dataclass(frozen=True)
class LocalText:
    """One language's wording: what a page or a document prints."""

    text: str
    language: str
    status: str
    source: str = ""

    @property
    def is_working(self) -> bool:
        """True if this is our translation and not official wording."""
        return self.status == WORKING

    def __str__(self) -> str:
        return self.text


class Wording:
    """A text in up to six languages. Falls back to English, and says so by its `language`.

    Read from the database it is put together only when somebody asks for its words: a page reads
    many rows and shows few of their texts.
    """

    __slots__ = ("_stored", "_texts")

    def __init__(self, texts: Mapping[str, LocalText]) -> None:
        self._stored: str = ""
        self._texts: Mapping[str, LocalText] | None = dict(texts)

    @classmethod
    def stored(cls, raw: str) -> "Wording":
        """From the JSON that the database holds, not looked at yet."""
        wording = cls({})
        wording._stored, wording._texts = raw, None
        return wording

    @property
    def texts(self) -> Mapping[str, LocalText]:
        """Language → wording."""
        if self._texts is None:
            self._texts = Wording.parse(json.loads(self._stored)).texts
        return self._texts

    @classmethod
    def parse(cls, raw: Mapping[str, Any]) -> "Wording":
        """From the stored form; a plain string counts as a working text.

        Raises ValueError naming what is wrong with the stored form.
        """
        texts = {}
        for language, value in raw.items():
            if language not in LANGUAGES:
                raise ValueError(f"{language!r} is not one of {', '.join(LANGUAGES)}")
            given = {"text": value} if isinstance(value, str) else value
            if not isinstance(given, Mapping) or not isinstance(given.get("text"), str):
                raise ValueError(f"the text for {language!r} is missing")
            status = given.get("status", WORKING)
            if status not in {OFFICIAL, WORKING}:
                raise ValueError(f"status {status!r} is neither official nor working")
            texts[language] = LocalText(given["text"], language, status, given.get("source", ""))
        return cls(texts)

    @classmethod
    def of(cls, **texts: str) -> "Wording":
        """Working wordings by language: `Wording.of(en="Nairobi", fr="Nairobi")`."""
        return cls.parse(texts)

    def to_json(self) -> dict[str, dict[str, str]]:
        """The stored form."""
        return {
            language: {"text": local.text, "status": local.status}
            | ({"source": local.source} if local.source else {})
            for language, local in self.texts.items()
        }

    def local(self, language: str | None = None) -> LocalText:
        """The wording in a language (the active one by default), else English, else any."""
        language = language or get_language() or "en"
        for candidate in (language, "en", *self.texts):
            if candidate in self.texts:
                return self.texts[candidate]
        return LocalText("", language, WORKING)

    def __str__(self) -> str:
        return self.local().text

    def __bool__(self) -> bool:
        return any(local.text for local in self.texts.values())

    def __iter__(self) -> Iterator[LocalText]:
        return iter(self.texts.values())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Wording) and self.texts == other.texts

    def __hash__(self) -> int:
        return hash(tuple(sorted((local.language, local.text) for local in self)))

    def __repr__(self) -> str:
        return f"Wording({self.local('en').text!r})"


class WordingField(models.JSONField):
    """A model field that holds a `Wording`."""

    description = "A text in six languages"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The stored JSON as a Wording."""
        return None if value is None else Wording.stored(value)

    def to_python(self, value: Any) -> Any:
        """A Wording from a fixture or form value."""
        if isinstance(value, Wording) or value is None:
            return value
        try:
            return Wording.parse(value)
        except (ValueError, AttributeError) as error:
            raise ValidationError(str(error)) from error

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """The JSON to store."""
        if isinstance(value, Wording):
            value = value.to_json()
        return super().get_db_prep_value(value, connection, prepared)

    def validate(self, value: Any, model_instance: Any) -> None:
        """Checks the stored form."""
        super().validate(value.to_json() if isinstance(value, Wording) else value, model_instance)

    def value_to_string(self, obj: models.Model) -> Any:
        """For serializers."""
        value = self.value_from_object(obj)
        return value.to_json() if isinstance(value, Wording) else value
