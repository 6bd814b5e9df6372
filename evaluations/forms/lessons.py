"""What is typed of a lesson, when it is retired, and when lessons are looked for."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluations.models import Evaluation, Lesson
from evaluations.services.lessons import TEXTS, Written
from evaluations.services.tags import MOST
from focus_areas.models import FocusArea
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm
from organization.models import Country

BETWEEN_TAGS = re.compile(r"[,;،，、；]")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


class LessonForm(PlainForm):
    """A lesson in one language, and where it belongs."""

    language = forms.ChoiceField(
        label=_("Language in which you write"),
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES],
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(code, capfirst(word)) for code, word in Lesson.Kind.choices]
    )
    title = forms.CharField(
        label=_("Title"),
        help_text=_("What others can learn, in one sentence."),
        error_messages={"required": _("Write the title: what others can learn, in one sentence.")},
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    context = forms.CharField(
        label=_("Context"),
        help_text=_("Where and when it was learned."),
        error_messages={"required": _("Write the context: where and when it was learned.")},
        widget=_area(4),
    )
    text = forms.CharField(
        label=_("Lesson or good practice"),
        help_text=_("What to do, or not to do, and why. At most 4,000 characters."),
        error_messages={"required": _("Write the lesson or the practice itself.")},
        widget=_area(6),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        help_text=_("What shows it: a finding, a figure, a report."),
        error_messages={"required": _("Write what shows it: a finding, a figure, a report.")},
        widget=_area(3),
    )
    evaluation = forms.ModelChoiceField(
        Evaluation.objects.all(),
        label=_("Evaluation"),
        required=False,
        to_field_name="code",
        empty_label=_("None"),
        help_text=_("Whoever may not see the evaluation does not see the lesson."),
        error_messages={"invalid_choice": _("Choose an evaluation from the list.")},
    )
    focus_areas = forms.ModelMultipleChoiceField(
        FocusArea.objects.all(),
        label=_("Focus areas"),
        required=False,
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose focus areas from the list.")},
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.all(),
        label=_("Countries and areas"),
        required=False,
        to_field_name="iso3",
        widget=forms.SelectMultiple(attrs={"size": 8}),
        error_messages={"invalid_choice": _("Choose countries from the list.")},
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        help_text=_("Words under which it is found, with commas between them."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(self, *args: Any, areas: Mapping[str, object], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["focus_areas"]
        chosen.choices = [(code, f"{code} {title}") for code, title in areas.items()]
        lands: Any = self.fields["countries"]
        found = [(one.iso3, str(one.name)) for one in Country.objects.all()]
        lands.choices = sorted(found, key=lambda pair: pair[1])

    def written(self) -> Written:
        """What was typed, for the service."""
        given = self.cleaned_data
        tags = [word for word in BETWEEN_TAGS.split(given["tags"]) if word.strip()]
        return Written(
            kind=given["kind"],
            language=given["language"],
            evaluation=given["evaluation"],
            focus_areas=tuple(given["focus_areas"]),
            countries=tuple(given["countries"]),
            # One more than there may be, so that the service says so.
            tags=tuple(tags[: MOST + 1]),
            **{name: given[name] for name in TEXTS},
        )


class ChangeForm(LessonForm):
    """A lesson as it is to be in one language; `revision` is the one the form was made from."""

    language = forms.ChoiceField(
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES], widget=forms.HiddenInput
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        help_text=_("A published lesson is changed with a reason; it stays in the audit trail."),
        error_messages={"required": _("Give the reason, in a sentence.")},
        widget=_area(2),
    )

    def __init__(self, *args: Any, is_published: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = is_published


class MoveForm(PlainForm):
    """Publishing or retiring a lesson."""

    do = forms.ChoiceField(choices=[("publish", ""), ("retire", "")])
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), required=False, widget=_area(2))
