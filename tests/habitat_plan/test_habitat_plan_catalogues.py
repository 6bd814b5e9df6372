"""The catalogues are whole: nothing untranslated, nothing guessed, every placeholder kept."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parents[2] / "locale"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
TAG = re.compile(r"</?\w+")


def messages(language: str) -> list[Message]:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def placeholders(text: str) -> set[str]:
    return {found.group(0) for found in PLACEHOLDER.finditer(text)}


def pairs(message: Message) -> list[tuple[str, str, set[str]]]:
    """Translation, English to compare with, and what the translation may leave out."""
    if isinstance(message.id, str):
        return [(str(message.string), message.id, set())]
    singular, plural = message.id
    number = placeholders(plural) - placeholders(singular)
    return [(form, plural, number | {"%(count)s"}) for form in message.string]


@pytest.mark.parametrize("language", ["ar", "zh", "fr", "ru", "es"])
class TestCatalogue:
    def test_leaves_nothing_untranslated_or_guessed(self, language: str) -> None:
        open_messages = [
            str(message.id)
            for message in messages(language)
            if message.fuzzy or not all(translation for translation, _en, _free in pairs(message))
        ]
        assert open_messages == []

    def test_keeps_every_placeholder(self, language: str) -> None:
        wrong = [
            (english, translation)
            for message in messages(language)
            for translation, english, free in pairs(message)
            if placeholders(english) - free - placeholders(translation)
            or placeholders(translation) - placeholders(english)
        ]
        assert wrong == []

    def test_keeps_every_tag(self, language: str) -> None:
        wrong = [
            english
            for message in messages(language)
            for translation, english, _free in pairs(message)
            if sorted(TAG.findall(translation)) != sorted(TAG.findall(english))
        ]
        assert wrong == []
