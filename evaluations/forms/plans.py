"""The form in which the approval of an evaluation plan is recorded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indicators.forms.plain import PlainForm, day_field


class ApprovalForm(PlainForm):
    """Which decision approved the plan, and when; from the second version on, why it changed."""

    decision = forms.CharField(
        label=_("Decision"),
        max_length=200,
        help_text=_("The body and its decision, or the memorandum, by which the plan is approved."),
        error_messages={
            "required": _("Name the decision that approved the plan, and its body."),
            "max_length": _("Shorten this to 200 characters."),
        },
    )
    on = day_field(_("Approved on"))
    reason = forms.CharField(
        label=_("Why the approved plan changed"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a sentence why the approved plan changed.")},
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        """The values under the names that the service knows them by."""
        given = super().clean() or {}
        if "on" in given:
            given["approved_on"] = given.pop("on")
        return {"reason": ""} | given
