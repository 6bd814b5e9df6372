"""The form of evidence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm


class EvidenceForm(PlainForm):
    """A link or note that shows where an entry comes from."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    link = forms.CharField(label=_("Link"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
