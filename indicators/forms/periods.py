"""Forms of the calendar of years."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm, day_field
from organization.models import Office


class OpenPeriodForm(PlainForm):
    """Until when the offices have time."""

    due_on = day_field(_("Due on"), _("Entry stays possible after this day, and counts as late."))


class DueDateForm(PlainForm):
    """Another due date of a year that is open."""

    due_on = day_field(_("Due on"), _("The reminders begin anew for the new date."))


class ExceptionForm(PlainForm):
    """Which office may still enter figures of a closed year, why, and until when."""

    office = forms.ModelChoiceField(
        Office.objects.none(),
        label=_("Office"),
        error_messages={"required": _("Choose the office.")},
    )
    reason = forms.CharField(
        label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}), required=False
    )
    until = day_field(_("Last day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reporting = Office.objects.filter(indicators__isnull=False).distinct()
        self.fields["office"].queryset = reporting  # type: ignore[attr-defined]
        self.fields["office"].label_from_instance = lambda office: str(office.name)  # type: ignore[attr-defined]
