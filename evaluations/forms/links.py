"""What is typed when a recommendation is linked to what it touches, or a link is taken back."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluations.models import Link
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm


class LinkForm(PlainForm):
    """What a recommendation touches, or the revision of the plan that it led to."""

    kind = forms.ChoiceField(
        label=_("What it touches or led to"),
        choices=[(code, capfirst(word)) for code, word in Link.Kind.choices],
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_(
            "An indicator: FA2.1. A target: FA2.1@2017. A risk: K1. A project: its code. "
            "A paragraph of the plan: p.100. A revision of the plan: 2017."
        ),
        error_messages={"required": _("Write the code.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        help_text=_("What changed because of the recommendation, in a sentence."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language of the note"),
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES],
    )


class UnlinkForm(PlainForm):
    """Which link is taken back, and why."""

    link = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
