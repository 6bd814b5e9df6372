"""The forms of the register of projects, and what is asked of its list."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evaluations.services.projects import ProjectFacts
from focus_areas.models import FocusArea
from habitat_plan.kit.wording import NATIVE_NAMES
from indicators.forms.plain import PlainForm, day_field
from organization.models import Country, Office


def _sum(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DecimalField:
    """A sum in dollars and cents; the service judges how large it may be."""
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        required=required,
        max_digits=20,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "dir": "ltr"}),
        error_messages={
            "required": _("Give the sum in United States dollars."),
            "invalid": _("Write a number, such as 3500000 or 3500000.50."),
            "max_decimal_places": _("Write dollars and cents: at most two digits after the point."),
        },
    )


class ProjectForm(PlainForm):
    """What the register says of a project; its title is written in one language at a time."""

    language = forms.ChoiceField(label=_("Language of the title"))
    title = forms.CharField(
        label=_("Title"),
        max_length=300,
        error_messages={"required": _("Write the title of the project.")},
    )
    office = forms.ModelChoiceField(
        Office.objects.none(),
        label=_("Office"),
        error_messages={
            "required": _("Choose the office that carries the project out."),
            "invalid_choice": _("Choose the office that carries the project out."),
        },
    )
    budget = _sum(_("Budget, United States dollars"))
    evaluation_budget = _sum(
        _("Set aside for evaluation, United States dollars"),
        _("Leave it empty if no line is known; 0 says that there is none."),
        required=False,
    )
    starts_on = day_field(_("Begins on"))
    ends_on = day_field(_("Is to end on"))
    closed_on = day_field(_("Closed on"), _("Leave it empty until it has closed."))
    focus_areas = forms.ModelMultipleChoiceField(
        FocusArea.objects.none(),
        label=_("Focus areas"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    countries = forms.ModelMultipleChoiceField(
        Country.objects.none(),
        label=_("Countries or areas"),
        required=False,
        help_text=_("Hold Control, or Command, to choose several."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=300,
        help_text=_("Where these facts stand."),
    )

    def __init__(self, *args: Any, titles: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        languages = [code for code, _name in settings.LANGUAGES]
        fields["language"].choices = [(code, NATIVE_NAMES[code]) for code in languages]
        fields["office"].queryset = Office.objects.exclude(kind=Office.Kind.MISSION)
        fields["closed_on"].required = False
        countries = Country.objects.all()
        fields["countries"].queryset = countries
        by_name = sorted(countries, key=lambda one: str(one.name))
        fields["countries"].choices = [(one.pk, str(one.name)) for one in by_name]
        fields["focus_areas"].queryset = FocusArea.objects.all()
        known = titles or {}
        fields["focus_areas"].label_from_instance = lambda one: (
            f"{one.code} {known[one.code]}" if one.code in known else one.code
        )

    def facts(self) -> ProjectFacts:
        """What was typed, for the service."""
        names = ProjectFacts.__dataclass_fields__
        return ProjectFacts(**{name: self.cleaned_data[name] for name in names})


class NewProjectForm(ProjectForm):
    """A project that the register does not hold yet."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("A short word of letters, digits and hyphens; it stands in the address."),
        error_messages={"required": _("Write a short code for the project.")},
    )
    field_order = ["code", "language", "title"]


class ChangedProjectForm(ProjectForm):
    """A change of what the register says, with its reason."""

    reason = forms.CharField(
        label=_("Reason of the change"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a sentence why this changes.")},
    )
    seen_revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
