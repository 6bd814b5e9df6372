"""What is typed of an evaluation: one form for each part of its page, each sent to its address."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.models import Evaluation, EvaluationFile, Project, TeamMember
from evaluations.queries.choices import Choices, projects_by_code
from evaluations.services.evaluation_files import TAKEN
from evaluations.services.evaluation_parts import MOST_MEMBERS, Member
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm, day_field

MORE_ROWS = 3
"""Empty rows at the end of the team."""
ENDINGS = ",".join(ending for kind in TAKEN for ending in kind.endings)
Pairs = Iterable[tuple[str, object]]


class OneOf(forms.TypedChoiceField):
    """One row of a list, chosen by its code; None if none is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)

    def offer(self, rows: Pairs, empty: str | Promise) -> None:
        """Says what can be chosen."""
        known = dict(rows)
        self.choices = [("", empty), *((code, str(row)) for code, row in known.items())]
        self.coerce = known.__getitem__


class SomeOf(forms.TypedMultipleChoiceField):
    """Several rows of a list, chosen by their codes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_value=[], required=False, **kwargs)

    def offer(self, rows: Pairs) -> None:
        """Says what can be chosen."""
        known = dict(rows)
        self.choices = [(code, str(row)) for code, row in known.items()]
        self.coerce = known.__getitem__


def _day(label: str | Promise, help_text: str | Promise = "") -> forms.DateField:
    field = day_field(label, help_text)
    field.required = False
    return field


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _line() -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto"})


class WrittenForm(PlainForm):
    """A form whose texts are in one language."""

    language = forms.ChoiceField(
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES], widget=forms.HiddenInput
    )


class SeenForm(PlainForm):
    """A form that says which state of the evaluation it was made from; nothing is none."""

    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_seen_revision(self) -> int:
        """The revision; one that there never was if none was sent."""
        given = self.cleaned_data["seen_revision"]
        return -1 if given is None else int(given)


class PlanForm(WrittenForm):
    """What is known when an evaluation is planned."""

    title = forms.CharField(
        label=_("Title"),
        widget=_line(),
        error_messages={"required": _("Write the title of the evaluation.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("", _("Choose")), *Evaluation.Kind.choices],
        error_messages={"required": _("Choose what kind of evaluation it is.")},
    )
    plan = OneOf(label=_("In the evaluation plan of"), required=False)
    mandate = OneOf(
        label=_("Mandate"),
        required=False,
        help_text=_("The decision or agreement that asks for it, if one does."),
    )
    conducted_by = forms.ChoiceField(
        label=_("Made by"),
        required=False,
        choices=[("", _("Not known yet")), *Evaluation.Conduct.choices],
    )
    budget = forms.DecimalField(
        label=_("Budget in United States dollars"),
        required=False,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
        error_messages={"invalid": _("Write a number, such as 80000.")},
    )
    starts_on = _day(_("First day"))
    ends_on = _day(_("Last day"))
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        widget=_area(4),
        help_text=_("What is to be learned, and who uses it."),
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        plan: Any = self.fields["plan"]
        mandate: Any = self.fields["mandate"]
        plan.offer([(one.code, one) for one in choices.bienniums], _("None"))
        mandate.offer([(one.code, one) for one in choices.mandates], _("None"))


class NewForm(PlanForm):
    """An evaluation that is taken into the plan."""

    code = forms.CharField(
        label=_("Word in its address"),
        help_text=_(
            "Letters a to z, digits and hyphens, such as land-governance-2018. The number of the "
            "report takes its place on publication."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "none"}),
        error_messages={"required": _("Write a word for its address.")},
    )
    field_order = ["code"]


class FactsForm(PlanForm, SeenForm):
    """All facts and texts of an evaluation; texts in one language."""

    terms = forms.CharField(label=_("Terms of reference"), required=False, widget=_area(6))
    summary = forms.CharField(label=_("Summary"), required=False, widget=_area(6))
    response_due_on = _day(
        _("Management’s response is due on"),
        _(
            "If nothing is given, 60 days after publication: a planning assumption, since the plan "
            "names no time."
        ),
    )
    symbol = forms.CharField(
        label=_("Symbol"), required=False, widget=forms.TextInput(attrs={"dir": "ltr"})
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        widget=_line(),
        help_text=_("Where the facts of a report come from that was published elsewhere."),
    )
    link = forms.CharField(
        label=_("Link to the report"),
        required=False,
        widget=forms.URLInput(attrs={"dir": "ltr"}),
    )

    def __init__(self, *args: Any, needs_title: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A title is needed in one language; which one is the service's to judge.
        self.fields["title"].required = needs_title


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
        widget=_area(2),
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
            label=pgettext_lazy("person", "Name"), required=False, initial=one.name, widget=_line()
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
        label=_("Reason"), required=False, widget=_area(2), help_text=_("Needed with a rating.")
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
        widget=_area(3),
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


class StepForm(SeenForm):
    """One step of an evaluation: where to, on which day, and why."""

    to = forms.ChoiceField(
        label=_("Next state"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the next state.")},
    )
    on = day_field(_("Day"))
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=_area(2),
        help_text=_("Needed for a step back, and for giving an evaluation up."),
    )

    def __init__(self, *args: Any, steps: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = list(steps)


class PublishForm(SeenForm):
    """The number under which a report is published, and the day."""

    report_number = forms.IntegerField(
        label=_("Number of the report"),
        required=False,
        help_text=_("Empty only for an older report whose number is not known."),
    )
    report_year = forms.IntegerField(
        label=_("Year of the report"),
        error_messages={"required": _("Give the year of the report.")},
    )
    on = day_field(_("Published on"))
    embargo_until = _day(_("Held back until"), _("The public sees it from this day on."))
    sure = forms.BooleanField(
        label=_("I have checked every part: nothing can be changed once it is published."),
        error_messages={"required": _("Check every part first, then say so here.")},
    )

    def numbered(self) -> dict[str, Any]:
        """What was typed, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}


class AmendForm(PlainForm):
    """A note that puts something right in a published evaluation."""

    language = forms.ChoiceField(
        label=_("Language in which you write"),
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES],
    )
    text = forms.CharField(
        label=_("What is put right"),
        widget=_area(3),
        error_messages={"required": _("Say what is put right, and how it reads now.")},
        help_text=_("Where it stands, what it said, and how it reads now."),
    )
    on = day_field(_("Day"))
