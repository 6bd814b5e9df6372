"""What is typed of recommendations, management's answers and follow-ups. The services judge it."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from evaluations.models import Answer, FollowUpState, Recommendation
from evaluations.queries.follow_ups import possible_offices, possible_owners, reportable_states
from habitat_plan.kit.uploads import KINDS
from habitat_plan.kit.wording import LANGUAGES, NATIVE_NAMES
from indicators.forms.plain import PlainForm, day_field
from organization.models import Office, User

ENDINGS = ",".join(ending for kind in KINDS.values() for ending in kind.endings)
AGAIN = _("Load the page again and send the form from there.")
HAPPENED = _("The day on which it happened. Today, or a day before.")


def _text(label: Any, *, needed: Any = "", rows: int = 4, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(needed),
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
        error_messages={"required": needed} if needed else {},
    )


def _language() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Language in which you write"),
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES],
    )


class OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic to mypy only
    """An office by its code, shown by its name."""

    def __init__(self, label: Any) -> None:
        super().__init__(
            Office.objects.none(),
            label=label,
            to_field_name="code",
            error_messages={
                "required": _("Choose the office."),
                "invalid_choice": _("Choose an office from the list."),
            },
        )

    def label_from_instance(self, obj: Any) -> str:
        """Its name in the reader's language."""
        return str(obj.name)


class SentForm(PlainForm):
    """A form that says from what it was made: `seen` is the revision or version shown."""

    seen = forms.IntegerField(
        widget=forms.HiddenInput,
        min_value=0,
        max_value=2**31 - 1,
        error_messages={
            "required": AGAIN, "invalid": AGAIN, "min_value": AGAIN, "max_value": AGAIN
        },
    )  # fmt: skip


class RecommendationForm(PlainForm):
    """A recommendation in one language, its number, and the office to which it is put."""

    number = forms.IntegerField(
        label=_("Number"),
        required=False,
        min_value=1,
        max_value=9999,
        help_text=_("As in the report. Leave it empty for the next one."),
    )
    text = _text(_("Recommendation"), needed=_("Write the recommendation."), rows=6)
    language = _language()
    office = OfficeChoice(_("Office that answers it"))
    priority = forms.ChoiceField(label=_("Priority"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["priority"]
        field.choices = [("", _("None")), *Recommendation.Priority.choices]
        offices: Any = self.fields["office"]
        offices.queryset = possible_offices()


class RewordForm(RecommendationForm):
    """The same of one that is there and not published; `seen` is its text when this was made."""

    number = None  # type: ignore[assignment]  # Django's way to leave a field out
    language = forms.ChoiceField(
        choices=[(code, NATIVE_NAMES[code]) for code in LANGUAGES], widget=forms.HiddenInput
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class AnswerForm(SentForm):
    """Management's answer to one recommendation."""

    decision = forms.ChoiceField(
        label=_("Management’s answer"),
        error_messages={
            "required": _("Choose whether it is accepted, partly accepted or rejected."),
            "invalid_choice": _("Choose whether it is accepted, partly accepted or rejected."),
        },
    )
    reason = _text(
        _("Reason"),
        help_text=_("Needed if it is rejected, or accepted only in part: which part, and why."),
    )
    text = _text(_("What management says about it"))
    changed_why = _text(
        _("Why the answer changes"), needed=_("Say in a sentence why the answer changes."), rows=2
    )
    language = _language()
    on = day_field(_("Day of the answer"), HAPPENED)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["decision"]
        field.choices = [("", _("Choose")), *Answer.Decision.choices]
        if is_first:
            del self.fields["changed_why"]


class ResponseForm(SentForm):
    """Management's overall response to an evaluation."""

    text = _text(_("Management’s response"), needed=_("Write management’s response."), rows=10)
    differences = _text(
        _("Differences of opinion"),
        help_text=_("Where management sees something otherwise than the evaluation does."),
    )
    reason = _text(
        _("Why the answer changes"), needed=_("Say in a sentence why the answer changes."), rows=2
    )
    language = _language()
    on = day_field(_("Day of the response"), HAPPENED)

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["reason"]


class ActionForm(PlainForm):
    """What an office will do about a recommendation, by when, and who owns it."""

    text = _text(_("What will be done"), needed=_("Write what will be done."))
    language = _language()
    office = OfficeChoice(_("Office that does it"))
    owner = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Owner"),
        required=False,
        empty_label=_("All who work in the office"),
        help_text=_("Reports on the action, as do all contributors and approvers of the office."),
        error_messages={"invalid_choice": _("Choose a person from the list, or nobody.")},
    )
    due_on = day_field(_("Due"), _("The day by which it is done."))
    on = day_field(_("Planned on"), HAPPENED)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners: Any = self.fields["owner"]
        owners.queryset = possible_owners(on=today)
        offices: Any = self.fields["office"]
        offices.queryset = possible_offices()


class StepForm(SentForm):
    """What every step of an action asks for: the day on which it happened."""

    on = day_field(_("Day"), HAPPENED)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today


class EvidenceForm(PlainForm):
    """A file or a link that shows that an entry is true."""

    title = forms.CharField(label=_("Title of the evidence"), max_length=200, required=False)
    link = forms.CharField(label=_("Link to evidence"), max_length=200, required=False)
    file = forms.FileField(
        label=_("File as evidence"),
        required=False,
        allow_empty_file=True,  # said by the rule on files, in its own words
        help_text=_("Up to 10 MB: PDF, JPEG, PNG, TXT, CSV, DOCX, XLSX, PPTX, ODT or ODS."),
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
    )

    def __init__(self, *args: Any, today: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ReportForm(StepForm, EvidenceForm):
    """How far an action is, with evidence."""

    state = forms.ModelChoiceField(
        FollowUpState.objects.none(),
        label=_("State"),
        to_field_name="code",
        empty_label=None,
        error_messages={
            "required": _("Choose the state."),
            "invalid_choice": _("Choose a state from the list."),
        },
    )
    text = _text(_("What was done"), needed=_("Write what was done."))
    reason = _text(_("Reason"), rows=2, help_text=_("Needed if it goes back to an earlier state."))
    field_order = ("state", "text", "reason", "on", "link", "file", "title")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["state"]
        field.queryset = reportable_states(on=self.today)


class ProposeForm(StepForm, EvidenceForm):
    """That an action is done, with evidence."""

    text = _text(_("What was done"), needed=_("Write what was done, so that it can be verified."))
    field_order = ("text", "on", "link", "file", "title")


class VerifyForm(StepForm):
    """That the Evaluation Unit saw that it is done."""

    text = _text(_("What was looked at"))
    field_order = ("text", "on")


class ReasonForm(StepForm):
    """Why an action is returned, opened again or overtaken by events."""

    reason = _text(_("Reason"), needed=_("Give the reason in a sentence."))
    field_order = ("reason", "on")


class DueForm(StepForm):
    """The new day by which an action is due, and why."""

    due_on = day_field(_("New due day"))
    reason = _text(_("Reason"), needed=_("Say why the day is moved."), rows=2)
    field_order = ("due_on", "reason", "on")
