"""Forms of achievements and of the register of authorities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm, day_field
from indicators.models import Authority
from indicators.services.authorities import NewAchievement
from organization.models import Country


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
