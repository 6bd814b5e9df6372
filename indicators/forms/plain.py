"""What every form shares: sentences of broken rules at their fields, days as browsers send them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken


class PlainForm(forms.Form):
    """A form whose fields can carry the sentence of a broken rule."""

    def refuse(self, broken: RuleBroken) -> None:
        """Puts the sentence at its field, or above the form; what was typed stays."""
        field = broken.field if broken.field in self.fields else None
        for sentence in (broken.message, *broken.details):
            self.add_error(field, forms.ValidationError(str(sentence)))


class DateInput(forms.DateInput):
    """A day, picked or typed as year-month-day whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """A day in the form that browsers send."""
    return forms.DateField(
        label=label,
        widget=DateInput(),
        input_formats=["%Y-%m-%d"],
        help_text=help_text,
        error_messages={
            "required": _("Give the day."),
            "invalid": _("Write the day as year-month-day, such as 2017-06-30."),
        },
    )
