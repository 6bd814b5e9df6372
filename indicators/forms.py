"""Forms of the pages: what is typed and chosen. What is allowed is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.errors import RuleBroken
from indicators.models import Authority
from indicators.services.authorities import NewAchievement
from organization.models import Country, Office


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


class EvidenceForm(PlainForm):
    """A link or note that shows where an entry comes from."""

    title = forms.CharField(label=_("Title"), max_length=200, required=False)
    link = forms.CharField(label=_("Link"), max_length=200, required=False)
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class AchievementForm(PlainForm):
    """What every achievement says: the day and what shows it."""

    achieved_on = day_field(_("Day on which it was in place"))
    evidence = forms.CharField(
        label=_("What shows it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("A decree, council decision or publication, in a sentence."),
    )
    link = forms.URLField(
        label=_("Link"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write a whole web address, such as https://example.org.")},
    )

    def achievement(self) -> NewAchievement:
        """What was typed, for the service."""
        return NewAchievement(**self.cleaned_data)


class KnownAuthorityForm(AchievementForm):
    """An achievement of an authority chosen from the register."""

    authority = forms.ModelChoiceField(
        Authority.objects.filter(merged_into__isnull=True),
        error_messages={
            "required": _("Choose an authority from the list."),
            "invalid_choice": _("Choose an authority from the list."),
        },
    )


class NewAuthorityForm(AchievementForm):
    """An achievement of an authority that the register does not hold yet."""

    name = forms.CharField(
        label=_("Name of the authority"),
        max_length=200,
        error_messages={"required": _("Write the name of the authority.")},
    )
    type = forms.ChoiceField(
        label=_("Type"),
        error_messages={"required": _("Choose the type of authority.")},
    )
    country = forms.ModelChoiceField(
        Country.objects.none(),
        label=_("Country or area"),
        error_messages={"required": _("Choose the country or area.")},
    )
    field_order = ["name", "type", "country", "achieved_on", "evidence", "link"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", ""), *Authority.Type.choices]  # type: ignore[attr-defined]
        self.fields["country"].queryset = Country.objects.all()  # type: ignore[attr-defined]


class OpenPeriodForm(PlainForm):
    """Until when the offices have time."""

    due_on = day_field(_("Due on"), _("Entry stays possible after this day, and counts as late."))


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


class ReturnForm(PlainForm):
    """What the office is asked to change."""

    note = forms.CharField(
        label=_("Note to the office"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed when you return the submission."),
    )
