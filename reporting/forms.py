"""What people type about a report: a confirmation, a symbol, a date and an agenda item."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reporting.models import Report


class AssembleForm(forms.Form):
    """The officer's word that figures not approved are printed as not reported."""

    confirm_gaps = forms.BooleanField(
        label=_("I confirm that these are printed as not reported"), required=False
    )


class ClearForm(forms.Form):
    """The editor's word that the report goes out although texts are not all finished."""

    confirm_open = forms.BooleanField(
        label=_("I confirm that the report goes out without these texts"), required=False
    )


class IssueForm(forms.Form):
    """Symbol, date and agenda item of a report to be issued. What was typed stays if refused."""

    symbol = forms.CharField(
        label=_("Symbol"),
        max_length=Report._meta.get_field("symbol").max_length,
        help_text=_("As given by the secretariat of the Governing Council: HSP/GC/26/6."),
    )
    dated = forms.DateField(
        label=_("Date of issue"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    agenda_item = forms.CharField(
        label=_("Item of the provisional agenda"),
        required=False,
        max_length=Report._meta.get_field("agenda_item").max_length,
        help_text=_("Its number, such as 8 or 5 (a). It is printed at the head with the session."),
    )
