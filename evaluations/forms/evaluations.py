"""What is typed of an evaluation itself: its facts, its steps, its publication and amendments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.forms.fields import OneOf, Pairs, SeenForm, WrittenForm, area, day, line
from evaluations.models import Evaluation
from evaluations.queries.choices import Choices
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm, day_field


class PlanForm(WrittenForm):
    """What is known when an evaluation is planned."""

    title = forms.CharField(
        label=_("Title"),
        widget=line(),
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
    starts_on = day(_("First day"))
    ends_on = day(_("Last day"))
    purpose = forms.CharField(
        label=_("Purpose"),
        required=False,
        widget=area(4),
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

    terms = forms.CharField(label=_("Terms of reference"), required=False, widget=area(6))
    summary = forms.CharField(label=_("Summary"), required=False, widget=area(6))
    response_due_on = day(
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
        widget=line(),
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
        widget=area(2),
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
    embargo_until = day(_("Held back until"), _("The public sees it from this day on."))
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
        widget=area(3),
        error_messages={"required": _("Say what is put right, and how it reads now.")},
        help_text=_("Where it stands, what it said, and how it reads now."),
    )
    on = day_field(_("Day"))
