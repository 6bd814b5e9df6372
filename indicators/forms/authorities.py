"""Forms of achievements and of the register of authorities."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from habitat_plan.kit.wording import NATIVE_NAMES
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
        Authority.objects.all(),
        error_messages={
            "required": _("Choose an authority from the list."),
            "invalid_choice": _("Choose an authority from the list."),
        },
    )


class EntryForm(PlainForm):
    """What the register says of an authority."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", ""), *Authority.Type.choices]  # type: ignore[attr-defined]
        self.fields["country"].queryset = Country.objects.all()  # type: ignore[attr-defined]


class NewAuthorityForm(EntryForm, AchievementForm):
    """An achievement of an authority that the register does not hold yet."""

    field_order = ["name", "type", "country", "achieved_on", "evidence", "link"]


def reason_field() -> forms.CharField:
    """Why, in a sentence; the service refuses an empty one."""
    return forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectionForm(EntryForm):
    """A correction of what the register says of an authority."""

    reason = reason_field()
    field_order = ["name", "type", "country", "reason"]


class ReasonForm(PlainForm):
    """Why two entries are one, or are not."""

    reason = reason_field()


class OtherNameForm(PlainForm):
    """Another name that an authority goes by."""

    name = forms.CharField(
        label=_("Other name"),
        max_length=200,
        help_text=_("In another language or script, short, or former."),
        error_messages={"required": _("Write the name of the authority.")},
    )
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = [code for code, _name in settings.LANGUAGES]
        choices = [("", ""), *((code, NATIVE_NAMES[code]) for code in codes)]
        self.fields["language"].choices = choices  # type: ignore[attr-defined]
