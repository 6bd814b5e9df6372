"""Forms of corrections after approval."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.authorities import KnownAuthorityForm
from indicators.forms.plain import PlainForm
from indicators.models import Achievement, Indicator
from indicators.services.entry import Typed


def why_field() -> forms.CharField:
    """The reason of a correction."""
    return forms.CharField(
        label=_("Why it is corrected"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason is published with the earlier and the new value."),
        error_messages={"required": _("Say why the figure is corrected.")},
    )


class CorrectionForm(PlainForm):
    """The new value of a figure that was approved, and the reason.

    `inputs` are the fields of the indicator's kind: their name, label and stored text.
    """

    not_applicable = forms.BooleanField(label=_("Not applicable"), required=False)
    excuse = forms.CharField(
        label=_("Why it does not apply"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = why_field()

    def __init__(
        self,
        *args: Any,
        inputs: dict[str, tuple[str, str]],
        options: tuple[tuple[str, str], ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, text) in inputs.items():
            self.fields[name] = (
                forms.ChoiceField(
                    label=label,
                    choices=[("", _("Choose")), *options],
                    required=False,
                    initial=text,
                )
                if name == "choice"
                else forms.CharField(label=label, required=False, initial=text)
            )
        self.order_fields([*inputs, "not_applicable", "excuse", "version", "reason"])
        self.asked = tuple(inputs)

    def typed(self) -> Typed:
        """What was typed, for the service; only what the indicator's kind asks for."""
        data = self.cleaned_data
        version = data["version"]
        return Typed(
            **{name: data[name] for name in self.asked},
            not_applicable=data["not_applicable"],
            reason=data["excuse"],
            version=int(version) if version.isdecimal() and len(version) < 10 else None,  # noqa: PLR2004
        )


class AddToCountForm(KnownAuthorityForm):
    """An authority of the register that was left out of an approved count."""

    reason = why_field()


class AuthorityField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """A choice among achievements, each called by its authority."""

    def label_from_instance(self, obj: Any) -> str:
        """The authority's name."""
        return str(obj.authority)


class TakeFromCountForm(PlainForm):
    """An authority that an approved count holds wrongly."""

    achievement = AuthorityField(
        Achievement.objects.none(),
        label=_("Authority"),
        empty_label=_("Choose"),
        error_messages={
            "required": _("Choose an authority from the list."),
            "invalid_choice": _("Choose an authority from the list."),
        },
    )
    reason = why_field()

    def __init__(
        self, *args: Any, office: Any, period: Any, indicator: Indicator, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["achievement"]
        if isinstance(field, AuthorityField):
            field.queryset = Achievement.objects.filter(
                office=office, period=period, indicator=indicator
            ).select_related("authority")
