"""What people type about a report: a confirmation, a symbol and a date."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Report


class AssembleForm(forms.Form):
    """The officer's word that figures not approved are printed as not reported."""

    confirm_gaps = forms.BooleanField(
        label=_("I confirm that these are printed as not reported"), required=False
    )


class IssueForm(forms.Form):
    """Symbol and date under which a report is issued. What was typed stays after a refusal."""

    symbol = forms.CharField(
        label=_("Symbol"),
        max_length=Report._meta.get_field("symbol").max_length,
        help_text=_("As given by the secretariat of the Governing Council: HSP/GC/26/6."),
    )
    dated = forms.DateField(
        label=_("Date of issue"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
