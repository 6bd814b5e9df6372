"""What is typed when a delegation asks and when an answer is written. The services judge it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from organization.models import Office
from reporting.services.questions import WHOLE

LAST_PARAGRAPH = 9999


class QuestionForm(forms.Form):
    """A question, the paragraph it is about, and the mission that asks if there are several."""

    paragraph = forms.IntegerField(
        label=_("Paragraph"),
        required=False,
        min_value=WHOLE,
        max_value=LAST_PARAGRAPH,
        help_text=_("Its number in the report. Leave it empty to ask about the report as a whole."),
        error_messages={
            "invalid": _("Write the number of a paragraph, for instance 34, or leave it empty."),
            "min_value": _("Write the number of a paragraph, for instance 34, or leave it empty."),
            "max_value": _("This report has no such paragraph. Choose one in the report."),
        },
    )
    text = forms.CharField(
        label=_("Your question"),
        error_messages={"required": _("Write your question.")},
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        help_text=_("At most 2,000 characters. The secretariat and your delegation read it."),
    )

    def __init__(self, *args: Any, missions: Sequence[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(missions) > 1:
            names = [(mission.pk, str(mission.name)) for mission in missions]
            self.fields["office"] = forms.TypedChoiceField(
                label=_("In the name of"), choices=names, coerce=int
            )
            self.order_fields(["paragraph", "office", "text"])

    def clean_paragraph(self) -> int:
        """The number; `WHOLE` if none was written."""
        return self.cleaned_data["paragraph"] or WHOLE


class AnswerForm(forms.Form):
    """An answer. `seen` tells which answer the form was made from, so that none is written over."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Answer"),
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        help_text=_("At most 2,000 characters. All delegations read it, with the question."),
    )
