"""What forms of an evaluation share: rows chosen by code, texts, the state that was seen."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise

from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm, day_field

Pairs = Iterable[tuple[str, object]]


class OneOf(forms.TypedChoiceField):
    """One row of a list, chosen by its code; None if none is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def offer(self, rows: Pairs, empty: str | Promise) -> None:
        """Says what can be chosen."""
        known = dict(rows)
        self.choices = [("", empty), *((code, str(row)) for code, row in known.items())]
        self.coerce = known.__getitem__


class SomeOf(forms.TypedMultipleChoiceField):
    """Several rows of a list, chosen by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=[], required=False, **kwargs)

    def offer(self, rows: Pairs) -> None:
        """Says what can be chosen."""
        known = dict(rows)
        self.choices = [(code, str(row)) for code, row in known.items()]
        self.coerce = known.__getitem__


def day(label: str | Promise, help_text: str | Promise = "") -> forms.DateField:
    """A day that may be left out."""
    field = day_field(label, help_text)
    field.required = False
    return field


def area(rows: int) -> forms.Textarea:
    """So many lines of text in a language of either direction."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def line() -> forms.TextInput:
    """One line of it."""
    return forms.TextInput(attrs={"dir": "auto"})


class WrittenForm(PlainForm):
    """A form whose texts are in one language."""

    language = forms.ChoiceField(
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES], widget=forms.HiddenInput
    )


class SeenForm(PlainForm):
    """A form that says which state of the evaluation it was made from; nothing is none."""

    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_seen_revision(self) -> int:
        """The revision; one that there never was if none was sent."""
        given = self.cleaned_data["seen_revision"]
        return -1 if given is None else int(given)
