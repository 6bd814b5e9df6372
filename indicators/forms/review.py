"""Forms of decisions on submissions."""

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm


class ReturnForm(PlainForm):
    """What the office is asked to change."""

    note = forms.CharField(
        label=_("Note to the office"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the submission."),
    )
