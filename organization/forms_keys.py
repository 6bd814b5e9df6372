"""The form of an access key."""

from django import forms
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken


class AccessKeyForm(forms.Form):
    """What the key is for, and until when it works."""

    name = forms.CharField(label=_("What it is for"), max_length=100)
    expires_on = forms.DateField(
        label=_("Last day"),
        help_text=_("Within a year; write the day as year-month-day, such as 2017-06-30."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
    )

    def refuse(self, broken: RuleBroken) -> None:
        """Puts the sentence at its field; what was typed stays."""
        self.add_error(broken.field, forms.ValidationError(str(broken.message)))
