"""What is typed of the parts of an evaluation: scope, team, criteria, findings and files."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.forms.fields import OneOf, Pairs, SeenForm, SomeOf, WrittenForm, area, line
from evaluations.models import EvaluationFile, Project, TeamMember
from evaluations.queries.choices import Choices, projects_by_code
from evaluations.services.evaluation_files import TAKEN
from evaluations.services.evaluation_parts import MOST_MEMBERS, Member
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm

MORE_ROWS = 3
"""Empty rows at the end of the team."""
ENDINGS = ",".join(ending for kind in TAKEN for ending in kind.endings)


class ScopeForm(SeenForm):
    """What an evaluation looks at."""

    plan = forms.BooleanField(label=_("The strategic plan as a whole"), required=False)
    focus_areas = SomeOf(label=_("Focus areas"), widget=forms.CheckboxSelectMultiple)
    regions = SomeOf(label=_("Regions"), widget=forms.SelectMultiple(attrs={"size": 6}))
    countries = SomeOf(
        label=_("Countries and areas"), widget=forms.SelectMultiple(attrs={"size": 8})
    )
    offices = SomeOf(label=_("Offices"), widget=forms.SelectMultiple(attrs={"size": 8}))
    projects = forms.CharField(
        label=_("Projects"),
        required=False,
        help_text=_("Their codes, with spaces between them."),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    strategies = forms.CharField(
        label=_("Strategies and themes"),
        required=False,
        help_text=_("One in each line."),
        widget=area(2),
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Mapping[str, Pairs] = {
            "focus_areas": [(one.area.code, one) for one in choices.focus_areas],
            "regions": [(one.code, one) for one in choices.regions],
            "countries": [(one.iso3, one) for one in choices.countries],
            "offices": [(one.code, one) for one in choices.offices],
        }
        for name, rows in offered.items():
            field: Any = self.fields[name]
            field.offer(rows)

    def clean_projects(self) -> list[Project]:
        """The projects of the codes; those that there are none of are named."""
        codes = dict.fromkeys(self.cleaned_data["projects"].replace(",", " ").lower().split())
        found = projects_by_code(codes)
        if missing := [code for code in codes if code not in found]:
            sentence = _now("The register has no project with these codes: %(codes)s.")
            raise forms.ValidationError(sentence % {"codes": ", ".join(missing)[:200]})
        return [found[code] for code in codes]

    def clean_strategies(self) -> list[str]:
        """The lines."""
        return [line for line in self.cleaned_data["strategies"].splitlines() if line.strip()]

    def looked_at(self) -> dict[str, Any]:
        """What was chosen, for the service."""
        given = {
            name: value for name, value in self.cleaned_data.items() if name != "seen_revision"
        }
        return given | {"focus_areas": [one.area for one in given["focus_areas"]]}


class TeamForm(SeenForm):
    """Who makes and steers an evaluation: a row for each, and empty rows for more."""

    def __init__(self, data: Any = None, *, team: Iterable[Member], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        known = list(team)
        self.rows = min(max(len(known) + MORE_ROWS, _sent_rows(data)), MOST_MEMBERS + MORE_ROWS)
        for number in range(self.rows):
            one = known[number] if number < len(known) else Member("", "member")
            self._add(number, one)

    def _add(self, number: int, one: Member) -> None:
        self.fields[f"name_{number}"] = forms.CharField(
            label=pgettext_lazy("person", "Name"), required=False, initial=one.name, widget=line()
        )
        self.fields[f"capacity_{number}"] = forms.ChoiceField(
            label=_("Capacity"),
            required=False,
            initial=one.capacity,
            choices=TeamMember.Capacity.choices,
        )
        self.fields[f"external_{number}"] = forms.BooleanField(
            label=_("External"), required=False, initial=one.is_external
        )

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each row."""
        return [
            (self[f"name_{row}"], self[f"capacity_{row}"], self[f"external_{row}"])
            for row in range(self.rows)
        ]

    def members(self) -> list[Member]:
        """What was typed, for the service."""
        given = self.cleaned_data
        return [
            Member(given[f"name_{row}"], given[f"capacity_{row}"], given[f"external_{row}"])
            for row in range(self.rows)
        ]


def _sent_rows(data: Any) -> int:
    return sum(1 for name in data or () if name.startswith("name_"))


class CriteriaForm(SeenForm):
    """By which criteria an evaluation judges."""

    criteria = SomeOf(label=_("Criteria"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["criteria"]
        field.offer((one.code, one) for one in choices.criteria)


class RatingForm(WrittenForm, SeenForm):
    """How one criterion is rated, and why."""

    grade = OneOf(label=_("Rating"), required=False)
    reason = forms.CharField(
        label=_("Reason"), required=False, widget=area(2), help_text=_("Needed with a rating.")
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grade: Any = self.fields["grade"]
        grade.offer(((one.code, one) for one in choices.grades), _("Not rated"))


class FindingForm(WrittenForm, SeenForm):
    """A finding with its number; a new one may leave the number to the system."""

    number = forms.IntegerField(
        label=_("Number"),
        required=False,
        widget=forms.NumberInput(attrs={"min": "1", "max": "999"}),
    )
    criterion = OneOf(label=_("Criterion"), required=False)
    text = forms.CharField(
        label=_("Finding"),
        widget=area(3),
        error_messages={"required": _("Write what was found.")},
    )

    def __init__(
        self, *args: Any, choices: Choices, needs_text: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = needs_text
        criterion: Any = self.fields["criterion"]
        criterion.offer(((one.code, one) for one in choices.criteria), _("None"))


class FileForm(PlainForm):
    """A file of an evaluation in one language."""

    kind = forms.ChoiceField(label=_("What it is"), choices=EvaluationFile.Kind.choices)
    language = forms.ChoiceField(
        label=_("Language"), choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES]
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # said by the rule on files, in its own words
        help_text=_(
            "PDF, DOCX, ODT, XLSX or ODS, up to 10 MB. It takes the place of an earlier file of "
            "the same kind and language."
        ),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        error_messages={
            "required": _("Choose a file."),
            "max_length": _("The name of this file is too long. Shorten it."),
        },
    )
